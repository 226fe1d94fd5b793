package delivery

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"time"

	"briefbot/briefings"
	"briefbot/briefings/failpoint"
)

// result is one settled task on its way to the ledger.
type result struct {
	batch *batch
	told  told
	sent  bool // handed out by take, so it counts as in flight
	empty bool // nothing to tell: only the lease is to be given up
	known bool // the ledger has a final mark already: nothing to tell, but the recipient is settled
}

// settle makes the result of a recipient who is not written to.
func (b *batch) settle(idx int, f fact) result {
	return result{batch: b, told: told{idx: idx, fact: f}}
}

// intention is one request waiting to be announced.
type intention struct {
	task   task
	answer leave
}

// deliver sends one notice and returns when its outcome is recorded, so that never more than Workers people are between a
// request and its record.
func (e *Engine) deliver(t task) {
	w := t.batch.work
	if e.expired(w.mailing) {
		e.settle(t, result{told: told{fact: newFact(Expired, 0)}})
		return
	}
	if w.policy == briefings.NeverTwice {
		in := &intention{task: t}
		<-e.intents.add(in)
		failpoint.Hit("announced")
		switch in.answer {
		case leaveSettled:
			e.settle(t, result{known: true})
			return
		case leaveRefused:
			e.putBack(t)
			return
		}
	}
	if !e.queue.holds(t, time.Now()) {
		e.putBack(t)
		return
	}
	failpoint.Hit("request")
	receipt, err := e.Sender.Send(briefings.While(e.cut, t.batch.going), briefings.Notice{Mailing: w.mailing, To: t.to})
	failpoint.Hit("answered")
	switch v, _ := judge(err); v {
	case verdictMissed, verdictUnsent: // nothing is known that the ledger does not say already
		if v == verdictUnsent && t.batch.going.Err() == nil {
			e.weather(v, t.attempts)
		}
		e.putBack(t)
	default:
		e.settle(t, e.outcome(t, receipt, err))
	}
}

// putBack returns a task that was not sent, and gives its claim up when that is wanted and the task was the last in flight.
func (e *Engine) putBack(t task) {
	e.queue.putBack(t)
	e.handBack(e.cut, e.queue.settled(t.batch))
}

// settle waits until the result is recorded.
func (e *Engine) settle(t task, r result) {
	r.batch, r.sent, r.told.idx, r.told.no, r.told.from = t.batch, true, t.idx, t.to.No, t.held()
	<-e.records.add(r)
}

// outcome turns the end of an attempt into what the ledger is told.
func (e *Engine) outcome(t task, receipt briefings.Receipt, err error) result {
	w := t.batch.work
	v, after := judge(err)
	if v == verdictAgain && e.cut.Err() != nil {
		v = verdictAmbiguous // cut short by the stop, nobody knows where
	}
	e.weather(v, t.attempts)
	attempts := t.attempts + 1
	switch v {
	case verdictSent:
		return result{told: told{fact: newFact(Sent, 0), receipt: receipt.Message}}
	case verdictMoot:
		if e.estranged() { // what makes it moot may be what the new server has forgotten
			return retry(t.attempts, e.Quarantine)
		}
		return result{told: told{fact: newFact(Skipped, e.reason(e.cut, w, why(err, "withdrawn")))}}
	case verdictContent:
		return e.refused(t, err)
	case verdictNever:
		return e.never(t, err)
	case verdictMistaken:
		word := why(err, "mistake")
		e.Log.Error("a notice cannot be sent, and the program is at fault", "notice", w.key, "member", t.to.ID, "err", err)
		return result{told: told{fact: newFact(Failed, e.reason(e.cut, w, word))}}
	case verdictLater:
		// Spread by a tenth, so that not everybody comes back in the same moment.
		after += time.Duration(rand.Float64() * float64(after) / 10)
		if after > backoffCap {
			e.Log.Warn("a recipient must wait long", "notice", w.key, "member", t.to.ID, "after", after, "err", err)
		}
		return retry(t.attempts, after)
	case verdictHalted:
		return e.halt(t, err)
	case verdictAmbiguous:
		if w.policy == briefings.NeverTwice {
			e.Log.Warn("nobody knows whether a notice arrived", "notice", w.key, "member", t.to.ID, "err", err)
			return result{told: told{fact: newFact(Unknown, 0)}}
		}
	}
	if attempts >= e.Attempts {
		e.Log.Warn("a recipient is given up", "notice", w.key, "member", t.to.ID, "attempt", attempts, "err", err)
		return result{told: told{fact: newFact(Failed, e.reason(e.cut, w, why(err, "attempts")))}}
	}
	after = backoff(e.Backoff, attempts)
	e.Log.Debug("a notice is tried again", "notice", w.key, "member", t.to.ID, "attempt", attempts, "after", after, "err", err)
	return retry(attempts, after)
}

// storm is how many failures in a row, of requests that are no second attempts, mean that nobody can be reached at all. Then it
// is the channel that must be waited for: going on would use up everybody's attempts.
const storm = 10

// weather counts the failures in a row that say nothing about the recipient. Second attempts do not count: a few people who fail
// for reasons of their own are no storm.
func (e *Engine) weather(v verdict, attempts int) {
	switch v {
	case verdictUnsent:
		e.troubles.Add(1)
	case verdictAgain, verdictAmbiguous:
		if attempts == 0 {
			e.troubles.Add(1)
		}
	default:
		e.troubles.Store(0)
	}
}

// haltFor is how long nothing is sent after the channel said that it serves nobody, as with a token that was revoked. Then a few
// requests probe whether somebody has mended it.
const haltFor = 30 // times the first backoff

// halt stops the engine for a while. The recipient is not at fault and keeps all attempts.
func (e *Engine) halt(t task, err error) result {
	wait := haltFor * e.Backoff
	until := time.Now().Add(wait)
	if before := e.closed.Swap(until.UnixNano()); before < time.Now().UnixNano() {
		e.Log.Error("nothing can be sent until somebody mends the channel", "notice", t.batch.work.key, "replica", e.Replica, "after", wait, "err", err)
	}
	return retry(t.attempts, 0) // it is the engine that waits: one started with the right token sends at once
}

// shelter returns how long to wait before the next request: nothing in fair weather, else longer with every failure, up to five
// times the first backoff; and to the end of a halt.
func (e *Engine) shelter() time.Duration {
	if closed := time.Until(time.Unix(0, e.closed.Load())); closed > 0 {
		return closed
	}
	over := int(e.troubles.Load()) - storm
	if over < 0 {
		return 0
	}
	return min(backoff(e.Backoff/4, over+1), 5*e.Backoff)
}

func retry(attempts int, after time.Duration) result {
	return result{told: told{fact: newFact(Retry, uint8(attempts)), delay: after}}
}

// never settles a recipient whose address does not work.
func (e *Engine) never(t task, err error) result {
	w, word := t.batch.work, why(err, "unreachable")
	e.Log.Info("a member cannot be reached", "notice", w.key, "member", t.to.ID, "err", err)
	if e.Unreachable != nil {
		bound, cancel := context.WithTimeout(context.WithoutCancel(e.cut), redisPatience)
		defer cancel()
		if err := e.Unreachable.Unreachable(bound, t.to.ID, word); err != nil {
			e.Log.Warn("an unreachable member was not noted", "member", t.to.ID, "err", err)
		}
	}
	if n := e.queue.stranger(w); n == strangers {
		e.stopStrange(w)
	}
	return result{told: told{fact: newFact(Failed, e.reason(e.cut, w, word))}}
}

// strangers is how many may be unreachable in a row, before anybody was told, until the mailing is paused: then it is rather the
// token or the roll that is the wrong one, and going on would give everybody up.
const strangers = 20

// stopStrange pauses a mailing of which nobody could be reached. Resuming it tries as many again.
func (e *Engine) stopStrange(w *work) {
	bound, cancel := context.WithTimeout(context.WithoutCancel(e.cut), redisPatience)
	defer cancel()
	status, err := e.Outbox.Mailing(bound, w.key)
	if err == nil && status.Counts.Sent > 0 {
		e.queue.prove(w)
		return
	}
	e.Log.Error("a mailing is paused because nobody can be reached", "notice", w.key, "kind", w.mailing.Kind, "replica", e.Replica)
	if err := e.Outbox.move(bound, w.key, Paused, WhyStrangers); err != nil && !errors.Is(err, ErrMove) {
		e.Log.Error("a mailing was not paused", "notice", w.key, "err", err)
		return
	}
	e.apply(bound, w, Paused)
}

// refused settles a recipient whose text was refused. As long as nobody was told, the text is at fault for everybody and the
// mailing stops.
func (e *Engine) refused(t task, err error) result {
	w, word := t.batch.work, why(err, "content")
	bound, cancel := context.WithTimeout(context.WithoutCancel(e.cut), redisPatience)
	defer cancel()
	if !e.queue.provenWork(w) {
		// Another replica, or this one before a restart, may have told somebody.
		status, reading := e.Outbox.Mailing(bound, w.key)
		if reading == nil && status.Counts.Sent > 0 {
			e.queue.prove(w)
		} else {
			e.Log.Error("a mailing is aborted because its text is refused", "notice", w.key, "kind", w.mailing.Kind, "err", err)
			if err := e.Outbox.abort(bound, w.key, word); err != nil {
				e.Log.Error("a mailing was not aborted", "notice", w.key, "err", err)
			}
			e.apply(bound, w, Aborted)
		}
	}
	return result{told: told{fact: newFact(Failed, e.reason(e.cut, w, word))}}
}

// announce writes the intents of a batch, one exchange a mailing.
func (e *Engine) announce(ctx context.Context, list []*intention) {
	by := map[*work][]*intention{}
	for _, in := range list {
		by[in.task.batch.work] = append(by[in.task.batch.work], in)
	}
	for w, list := range by {
		asked := make([]told, len(list))
		for i, in := range list {
			asked[i] = told{idx: in.task.idx, from: in.task.held(), fact: newFact(Intent, uint8(in.task.attempts))}
		}
		bound, cancel := context.WithTimeout(context.WithoutCancel(ctx), redisPatience)
		state, answers, err := e.Outbox.intend(bound, w.key, asked)
		refused := slices.Contains(answers, leaveRefused) && state == Running
		forgotten := err == nil && refused && e.forgotten(bound) // a new server knows no lease: they are put back by guard
		cancel()
		if err != nil {
			e.Log.Warn("requests were not announced", "notice", w.key, "replica", e.Replica, "err", err)
			continue // refused: nothing is written that is not announced
		}
		for i, in := range list {
			in.answer = answers[i]
			if state == Running && answers[i] == leaveRefused && !forgotten {
				e.queue.lose(in.task.batch)
			}
		}
		if state != Running {
			e.apply(ctx, w, state)
		}
	}
}
