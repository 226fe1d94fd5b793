package main_test

import (
	"flag"
	"testing"
	"time"

	"briefbot/bot/sandbox"
	"briefbot/briefings/redistest"
)

var (
	paceFor  = flag.Duration("pace.for", 0, "how long three processes send against an exact limit of the sandbox; 0: a few seconds, with room for a busy machine")
	paceRate = flag.Int("pace.rate", 0, "BROADCAST_RATE meanwhile, and the sandbox's limit; 0: 100")
)

// Three processes share one pace: the sandbox, which keeps an exact log of the last second, refuses nothing. Three that kept a pace each
// would bring it three times what it takes. The long run holds them to the very rate they are told and says how much of it is used:
//
//	go test ./cmd/briefbot -run ThreeProcesses -v -pace.for 60s -pace.rate 30
func TestThreeProcessesShareOnePace(t *testing.T) {
	shorten(t)
	rate, span, limit := 100, 3*time.Second, 120 // a fifth of room: a test machine may stand still for a fifth of a second
	if *paceRate > 0 {
		rate = *paceRate
	}
	if *paceFor > 0 {
		span, limit = *paceFor, rate
	}
	w := newRing(t, openRedis(t, redistest.Settings{}), int(float64(rate)*span.Seconds()), rate, 3)
	w.stage.SetLimits(sandbox.Limits{PerSecond: limit, RetryAfter: 1})
	key := w.announce()
	began := w.flows()
	status := w.done(key)
	w.mu.Lock()
	took := w.came[len(w.came)-1].Sub(began)
	w.mu.Unlock()
	report := w.stage.Report()
	t.Logf("RESULT %d messages of three processes in %s: %.2f %% of %d a second, %d in the fullest, %d refused", status.Counts.Sent,
		took.Round(time.Millisecond), 100*float64(status.Counts.Sent-1)/took.Seconds()/float64(rate), rate, report.MaxPerSecond, report.TooMany)
	if report.TooMany > 0 {
		t.Errorf("%d messages were too many for %d a second", report.TooMany, limit)
	}
	if messages, missed, extra := w.told(); missed > 0 || extra > 0 {
		t.Errorf("%d messages, %d people without one, %d too many", messages, missed, extra)
	}
	w.refusals(0)
}
