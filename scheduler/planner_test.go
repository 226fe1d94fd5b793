package scheduler

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"briefbot/briefings"
)

func TestRunTicksEverySecondAndAtANudge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, "2026-11-23T07:29")
		start := o.clock
		began := time.Now()
		o.planner.now = func() time.Time { return start.Add(time.Since(began)) }
		o.publish("b1", briefings.Cadence{Every: briefings.Once, At: start.Add(500 * time.Millisecond)})
		o.publish("b2", briefings.Cadence{Every: briefings.Once, At: start.Add(700 * time.Millisecond)})
		told := func(want ...string) { // between two ticks
			synctest.Wait()
			o.planner.mu.Lock()
			defer o.planner.mu.Unlock()
			o.wantTold(want...)
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- o.planner.Run(ctx) }()
		told()

		time.Sleep(600 * time.Millisecond)
		told()
		o.planner.Nudge()
		o.planner.Nudge() // never blocks
		told("briefing/b1/2026-11-23T07:29 to 1 2 3 5")

		time.Sleep(500 * time.Millisecond)
		told("briefing/b2/2026-11-23T07:29 to 1 2 3 5")

		stop()
		if err := <-ended; err != nil {
			t.Errorf("run: %v", err)
		}
	})
}

func TestATickGoesOnWhereTheOtherHalfFails(t *testing.T) {
	o := newOffice(t, "2026-12-01T09:00")
	o.summon("2026-12-01T09:00", "", "2026-12-08T14:00")
	o.facts.fail = func(call string) error {
		if call == "active briefings" {
			return errDown
		}
		return nil
	}
	if err := o.planner.Tick(t.Context()); !errors.Is(err, errDown) {
		t.Errorf("tick: %v", err)
	}
	o.wantTold("invitation/m1/1 to 1 2 3 4")
}

func TestAPanicInAMeetingIsAnError(t *testing.T) {
	o := newOffice(t, "2026-12-01T09:00")
	o.summon("2026-12-01T09:00", "", "2026-12-08T14:00")
	o.facts.fail = func(call string) error {
		if call == "changes" {
			panic("no store")
		}
		return nil
	}
	if err := o.planner.Tick(t.Context()); err == nil {
		t.Error("no error")
	}
	o.facts.fail = nil
	o.tick("2026-12-01T09:01")
	o.wantTold("invitation/m1/1 to 1 2 3 4")
}

func TestAnAudienceNamesEverybodyOnce(t *testing.T) {
	var got []briefings.MemberNo
	for no := range once([]briefings.MemberNo{3, 1, 3, 2, 1}) {
		got = append(got, no)
		if no == 2 {
			break
		}
	}
	if len(got) != 3 || got[0] != 3 || got[1] != 1 || got[2] != 2 {
		t.Errorf("got %v", got)
	}
}

func TestPlannerPutsAgainWhatTheStoreForgot(t *testing.T) {
	o := newOffice(t, "2026-12-01T09:00")
	epoch := uint64(1)
	o.planner.epoch = func() uint64 { return epoch }
	o.summon("2026-12-01T09:00", "", "2026-12-08T14:00")
	o.tick("2026-12-01T09:00")
	o.wantTold("invitation/m1/1 to 1 2 3 4")
	clear(o.outbox.mailings)
	o.tick("2026-12-01T09:00")
	o.wantTold() // it remembers that it has put it
	epoch++
	o.tick("2026-12-01T09:00")
	o.wantTold("invitation/m1/1 to 1 2 3 4")
}
