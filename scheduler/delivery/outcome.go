package delivery

import (
	"errors"
	"math/rand/v2"
	"time"
)

// Behaviours by which an error of the Sender is judged. A channel implements those that fit; nothing here names a channel.
type (
	moot       interface{ Moot() bool }                // the subject is withdrawn: nobody needs to be told
	content    interface{ Content() bool }             // the text itself is refused
	permanent  interface{ Permanent() bool }           // this recipient can never be reached
	reasoned   interface{ Why() string }               // in one word, why
	retryAfter interface{ RetryAfter() time.Duration } // later; only when greater than zero
	missed     interface{ Missed() bool }              // its slot was over before it could leave: it wants another
	unsent     interface{ Unsent() bool }              // the request provably never left
	ambiguous  interface{ Ambiguous() bool }           // it was written, and no answer came
	mistaken   interface{ Mistaken() bool }            // our own fault: no use in trying again, and nobody else is to blame
	halted     interface{ Halted() bool }              // the channel serves nobody until a person has mended it
)

// verdict is what an attempt came to.
type verdict uint8

const (
	verdictSent verdict = iota
	verdictMoot
	verdictContent
	verdictNever
	verdictMistaken
	verdictLater
	verdictMissed
	verdictUnsent
	verdictHalted
	verdictAmbiguous
	verdictAgain
)

// judge reads an error by its behaviour.
func judge(err error) (v verdict, after time.Duration) {
	if err == nil {
		return verdictSent, 0
	}
	if e := moot(nil); errors.As(err, &e) && e.Moot() {
		return verdictMoot, 0
	}
	if e := content(nil); errors.As(err, &e) && e.Content() {
		return verdictContent, 0
	}
	if e := permanent(nil); errors.As(err, &e) && e.Permanent() {
		return verdictNever, 0
	}
	if e := mistaken(nil); errors.As(err, &e) && e.Mistaken() {
		return verdictMistaken, 0
	}
	if e := retryAfter(nil); errors.As(err, &e) && e.RetryAfter() > 0 {
		return verdictLater, e.RetryAfter()
	}
	if e := halted(nil); errors.As(err, &e) && e.Halted() {
		return verdictHalted, 0
	}
	if e := missed(nil); errors.As(err, &e) && e.Missed() {
		return verdictMissed, 0
	}
	if e := unsent(nil); errors.As(err, &e) && e.Unsent() {
		return verdictUnsent, 0
	}
	if e := ambiguous(nil); errors.As(err, &e) && e.Ambiguous() {
		return verdictAmbiguous, 0
	}
	return verdictAgain, 0
}

// why returns the error's own word for itself, else the given one.
func why(err error, otherwise string) string {
	if e := reasoned(nil); errors.As(err, &e) && e.Why() != "" {
		return e.Why()
	}
	return otherwise
}

// backoffCap bounds the wait before the next attempt.
const backoffCap = 5 * time.Minute

// backoff doubles from base with every attempt made, up to the cap, and spreads by a quarter to both sides, so that those who
// failed together do not come back together.
func backoff(base time.Duration, attempts int) time.Duration {
	d := backoffCap
	if shift := max(attempts-1, 0); shift < 20 && base<<shift < backoffCap {
		d = base << shift
	}
	return time.Duration(float64(d) * (0.75 + rand.Float64()/2))
}
