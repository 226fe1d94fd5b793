package main_test

import (
	"flag"
	"fmt"
	"iter"
	"slices"
	"testing"
	"time"

	"briefbot/briefings"
	"briefbot/briefings/redistest"
)

var (
	control       = flag.Int("control", 0, "how many times each command is measured while three replicas send; 0: leave it out")
	controlPeople = flag.Int("control.people", 100_000, "how many people the sending meanwhile goes to")
	controlRate   = flag.Int("control.rate", 30, "BROADCAST_RATE meanwhile")
)

// TestControlReachesEveryReplica measures how soon a command of another process stops a sending of three replicas, how many more
// messages go out, and how soon an urgent message overtakes it:
//
//	go test ./cmd/briefbot -run ControlReaches -v -control 15 [-control.people 100000] [-control.rate 30]
func TestControlReachesEveryReplica(t *testing.T) {
	if *control == 0 {
		t.Skip("a measurement; -control N makes it")
	}
	on := openRedis(t, redistest.Settings{})
	if on.server == nil {
		t.Skip("measured on a real server")
	}
	w := newRing(t, on, *controlPeople, *controlRate, 3)
	w.standBy("b2")
	key := w.announce() // its requests are not announced one by one, which alone would stop them
	w.flows()
	var paused, typed, resumed, overtook figures
	more := 0
	for round := range *control {
		w.moment(500 * time.Millisecond)
		asked := time.Now()
		if err := w.outbox.Pause(t.Context(), key); err != nil {
			t.Fatal(err)
		}
		last, n := w.ceases(asked)
		paused, more = append(paused, last), max(more, n)

		asked = time.Now()
		if err := w.outbox.Resume(t.Context(), key); err != nil {
			t.Fatal(err)
		}
		resumed = append(resumed, w.flows().Sub(asked))

		w.moment(500 * time.Millisecond)
		asked = time.Now()
		run(t, w.env, "outbox", string(key), "--pause")
		last, _ = w.ceases(asked)
		typed = append(typed, last)
		if err := w.outbox.Resume(t.Context(), key); err != nil {
			t.Fatal(err)
		}
		w.flows()

		w.moment(500 * time.Millisecond)
		overtook = append(overtook, w.overtake("b2", round))
	}
	asked := time.Now()
	if err := w.outbox.Cancel(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	cancelled, _ := w.ceases(asked)
	w.refusals(0)
	t.Logf("RESULT %d people at %d a second over 3 replicas, %d rounds: from a pause to the last message %s, at most %d more; by the command line %s; "+
		"from a resume to the first message %s; an urgent message after %s; cancelled after %s", *controlPeople, *controlRate, *control,
		spread(paused), more, spread(typed), spread(resumed), spread(overtook), cancelled.Round(time.Millisecond))
}

// figures are durations that were measured.
type figures = []time.Duration

// standBy keeps a briefing that mailings may name; it is not due by itself for a long time.
func (w *town) standBy(id briefings.BriefingID) {
	w.Helper()
	now := time.Now().In(w.zone)
	b := briefings.Briefing{
		ID: id, Title: briefings.Text{Vi: "Tin khẩn"}, Body: briefings.Text{Vi: "Nội dung."}, Label: briefings.Public,
		Audience: briefings.Audience{{Kind: briefings.TermUnit, Name: string(ward)}}, Author: "M0", Created: now, Status: briefings.BriefingDraft,
	}
	if err := b.Activate(briefings.Cadence{Every: briefings.Once, At: now.AddDate(0, 1, 0)}, now); err != nil {
		w.Fatal(err)
	}
	if err := w.store.AddBriefing(w.Context(), &b); err != nil {
		w.Fatal(err)
	}
}

// overtake puts an urgent mailing to the organizer and returns how soon it arrived.
func (w *town) overtake(id briefings.BriefingID, round int) time.Duration {
	w.Helper()
	roster, err := w.store.Roster(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	boss, _ := roster.Member("M0")
	before := w.stage.Tally()[w.boss]
	m := briefings.Mailing{
		Kind: briefings.KindBriefing, Subject: string(id), Occasion: briefings.Occasion(fmt.Sprint("round", round)), Due: time.Now(), Urgent: true,
	}
	asked := time.Now()
	if _, err := w.outbox.Put(w.Context(), m, one(boss.No)); err != nil {
		w.Fatal(err)
	}
	await(w.T, "the urgent message", func() bool { return w.stage.Tally()[w.boss] > before })
	return time.Since(asked)
}

func one(no briefings.MemberNo) iter.Seq[briefings.MemberNo] {
	return slices.Values([]briefings.MemberNo{no})
}

// flows waits for the next message and returns when it came.
func (w *town) flows() (at time.Time) {
	w.Helper()
	began := time.Now()
	await(w.T, "a message", func() bool {
		took, ok := w.firstAfter(began)
		at = began.Add(took)
		return ok
	})
	return at
}

// ceases waits until nothing comes any more and returns how long after a moment the last message came, and how many came after it.
func (w *town) ceases(since time.Time) (last time.Duration, n int) {
	w.Helper()
	const still = time.Second
	await(w.T, "the sending to cease", func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		quiet := w.came[len(w.came)-1]
		if quiet.Before(since) {
			quiet = since
		}
		return time.Since(quiet) > still
	})
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, at := range slices.Backward(w.came) {
		if !at.After(since) {
			break
		}
		last = max(last, at.Sub(since))
		n++
	}
	return last, n
}
