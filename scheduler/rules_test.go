package scheduler

import (
	"testing"
	"time"

	"briefbot/briefings"
)

var daily = briefings.Cadence{Every: briefings.EveryDay, Hour: 7}

func (o *office) wantWhy(id briefings.BriefingID, occasion briefings.Occasion, state briefings.EditionState, why briefings.Cause) {
	o.t.Helper()
	if e := o.facts.published[id].Edition(occasion); e == nil || e.State != state || e.Why != why {
		o.t.Errorf("%s is %+v, want %s %s", occasion, e, state, why)
	}
}

func TestWhatIsCaughtUp(t *testing.T) {
	tests := []struct {
		name  string
		rules briefings.Rules
		back  string
		told  []string
	}{
		{"the latest", briefings.Rules{}, "2026-11-19T09:00", []string{"19"}},
		{"the latest, in a wide window", briefings.Rules{Window: 30 * 24 * time.Hour}, "2026-11-19T19:00", []string{"19"}},
		{"all in the window", briefings.Rules{CatchUp: briefings.CatchUpAll, Window: 27 * time.Hour}, "2026-11-19T09:00", []string{"18", "19"}},
		{"not more than so many", briefings.Rules{CatchUp: briefings.CatchUpAll, Window: 30 * 24 * time.Hour, Most: 2}, "2026-11-20T09:00", []string{"19", "20"}},
		{"nothing", briefings.Rules{CatchUp: briefings.CatchUpSkip}, "2026-11-19T09:00", nil},
		{"nothing but what is on time", briefings.Rules{CatchUp: briefings.CatchUpSkip}, "2026-11-19T07:10", []string{"19"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := newOffice(t, "2026-11-16T10:00")
			o.publish("b1", daily).Rules = tt.rules
			if err := tt.rules.Check(); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				o.tick(tt.back)
				o.restart()
			}
			var want []string
			for _, day := range tt.told {
				want = append(want, "briefing/b1/2026-11-"+day+"T07:00 to 1 2 3 5")
			}
			o.wantTold(want...)
			for _, e := range o.facts.published["b1"].Editions {
				if e.State == briefings.EditionDue || e.State == briefings.EditionMissed && e.Why == "" {
					t.Errorf("edition %+v", e)
				}
			}
			if n := len(o.facts.published["b1"].Editions); n < 3 {
				t.Errorf("%d slots are accounted for", n)
			}
		})
	}
}

func TestAnEditionMeetsTheOneBefore(t *testing.T) {
	const first, second, third = "briefing/b1/2026-11-17T07:00", "briefing/b1/2026-11-18T07:00", "briefing/b1/2026-11-18T12:00"
	start := func(t *testing.T, overlap briefings.Overlap) *office {
		o := newOffice(t, "2026-11-16T10:00")
		o.publish("b1", briefings.Cadence{Every: briefings.ByLine, Line: "0 7,12 * * *"}).Rules.Overlap = overlap
		o.tick("2026-11-17T07:00")
		o.outbox.sending[first] = true
		if err := o.facts.published["b1"].Skip("2026-11-17T12:00"); err != nil {
			t.Fatal(err)
		}
		o.tick("2026-11-18T07:00")
		return o
	}
	t.Run("and waits until it is over", func(t *testing.T) {
		o := start(t, "")
		o.wantTold(first + " to 1 2 3 5")
		o.wantWhy("b1", "2026-11-18T07:00", briefings.EditionDue, "")
		o.outbox.sending[first] = false
		o.tick("2026-11-18T09:00")
		o.wantTold(second + " to 1 2 3 5")
		if !o.outbox.mailings[second].Late || o.outbox.mailings[first].Late {
			t.Error("only the one that waited is late")
		}
	})
	t.Run("and only the newest waits", func(t *testing.T) {
		o := start(t, briefings.OverlapWait)
		o.tick("2026-11-18T12:00")
		o.wantWhy("b1", "2026-11-18T07:00", briefings.EditionMissed, briefings.WhyNewer)
		o.outbox.sending[first] = false
		o.outbox.told = nil
		o.tick("2026-11-18T12:10")
		o.wantTold(third + " to 1 2 3 5")
	})
	t.Run("and does not wait for ever", func(t *testing.T) {
		o := start(t, briefings.OverlapWait)
		o.tick("2026-11-18T12:00")
		o.tick("2026-11-18T18:01")
		o.wantWhy("b1", "2026-11-18T12:00", briefings.EditionMissed, briefings.WhyDown)
	})
	t.Run("and is left out", func(t *testing.T) {
		o := start(t, briefings.OverlapSkip)
		o.wantWhy("b1", "2026-11-18T07:00", briefings.EditionSkipped, briefings.WhyOverlap)
		o.outbox.sending[first] = false
		o.tick("2026-11-18T07:01")
		o.wantTold(first + " to 1 2 3 5")
	})
	t.Run("and goes out beside it", func(t *testing.T) {
		o := start(t, briefings.OverlapAllow)
		o.wantTold(first+" to 1 2 3 5", second+" to 1 2 3 5")
	})
	t.Run("and has it cancelled", func(t *testing.T) {
		o := start(t, briefings.OverlapCancel)
		o.wantTold(first+" to 1 2 3 5", second+" to 1 2 3 5")
		if len(o.outbox.cancelled) != 1 || o.outbox.cancelled[0] != first {
			t.Errorf("cancelled %v", o.outbox.cancelled)
		}
	})
}

func TestAnySlotToComeIsSkippedAndTakenBack(t *testing.T) {
	o := newOffice(t, "2026-11-16T10:00")
	b := o.publish("b1", daily)
	for _, day := range []briefings.Occasion{"2026-11-18T07:00", "2026-11-17T07:00", "2026-11-19T07:00", "2026-11-17T07:00"} {
		if err := b.Skip(day); err != nil {
			t.Fatal(err)
		}
	}
	for _, day := range []string{"17", "18", "19", "20"} {
		o.tick("2026-11-" + day + "T07:00")
	}
	o.wantTold("briefing/b1/2026-11-17T07:00 to 1 2 3 5", "briefing/b1/2026-11-20T07:00 to 1 2 3 5")
	o.wantWhy("b1", "2026-11-18T07:00", briefings.EditionSkipped, briefings.WhyAsked)
	if n := len(o.facts.published["b1"].Skips); n != 0 {
		t.Errorf("%d skips are kept though they passed", n)
	}
	if err := o.facts.published["b1"].Skip("2026-11-20T07:00"); briefings.AsRefusal(err) == nil {
		t.Errorf("a slot that was sent is skipped: %v", err)
	}
}

func TestAnEditionIsSentNowBesideTheCadence(t *testing.T) {
	o := newOffice(t, "2026-11-23T06:59")
	o.publish("b1", daily)
	now := func() {
		t.Helper()
		if _, err := o.facts.UpdateBriefing(t.Context(), "b1", func(b *briefings.Briefing) error { return b.RunNow(o.clock) }); err != nil {
			t.Fatal(err)
		}
	}
	now()
	now() // twice within a minute
	o.tick("2026-11-23T06:59")
	o.tick("2026-11-23T07:00")
	o.wantTold("briefing/b1/2026-11-23T06:59 to 1 2 3 5", "briefing/b1/2026-11-23T07:00 to 1 2 3 5")
	now() // in the minute of a slot
	o.tick("2026-11-23T07:00")
	o.wantTold()

	b := o.facts.published["b1"]
	if err := b.Pause("nghỉ"); err != nil {
		t.Fatal(err)
	}
	o.set("2026-11-23T23:00")
	now() // while it is paused, at night
	o.tick("2026-11-23T23:00")
	o.wantTold()
	o.tick("2026-11-24T06:00")
	o.wantTold("briefing/b1/2026-11-23T23:00 to 1 2 3 5")
	o.tick("2026-11-24T07:00")
	o.wantTold()
	if b := o.facts.published["b1"]; b.Watched() || b.Status != briefings.BriefingPaused {
		t.Errorf("briefing %+v", b)
	}
}

func TestAPauseLeavesOutWhatWaits(t *testing.T) {
	o := newOffice(t, "2026-11-22T10:00")
	o.publish("b1", briefings.Cadence{Every: briefings.EveryDay, Hour: 4})
	o.tick("2026-11-23T04:00")
	if err := o.facts.published["b1"].Pause("nghỉ"); err != nil {
		t.Fatal(err)
	}
	o.tick("2026-11-23T06:00")
	o.wantTold()
	o.wantWhy("b1", "2026-11-23T04:00", briefings.EditionSkipped, briefings.WhyPaused)
}

func TestOfTwoThatWaitedThroughTheNightTheNewestIsSent(t *testing.T) {
	o := newOffice(t, "2026-11-22T10:00")
	o.publish("b1", briefings.Cadence{Every: briefings.ByLine, Line: "0 22,5 * * *"})
	for _, at := range []string{"2026-11-22T22:00", "2026-11-23T05:00", "2026-11-23T06:00"} {
		o.tick(at)
	}
	o.wantTold("briefing/b1/2026-11-23T05:00 to 1 2 3 5")
	o.wantWhy("b1", "2026-11-22T22:00", briefings.EditionMissed, briefings.WhyNewer)
}

func TestAHolidayThatIsDeclaredLateDoublesNothing(t *testing.T) {
	o := newOffice(t, "2026-11-04T10:00")
	o.publish("b1", briefings.Cadence{Every: briefings.Monthly, Day: 5, Hour: 7, Shift: briefings.ToNext})
	o.tick("2026-11-05T07:00")
	o.wantTold("briefing/b1/2026-11-05T07:00 to 1 2 3 5")
	o.facts.calendar = briefings.NewCalendar([]briefings.Holiday{{Day: "2026-11-05"}, {Day: "2027-01-05"}})
	for _, at := range []string{"2026-11-06T07:00", "2026-12-05T07:00", "2026-12-07T07:00", "2027-01-05T07:00", "2027-01-06T07:00"} {
		o.tick(at)
	}
	// 5 December 2026 is a Saturday; the slots keep the names of the days they were meant for.
	o.wantTold("briefing/b1/2026-12-05T07:00 to 1 2 3 5", "briefing/b1/2027-01-05T07:00 to 1 2 3 5")
	o.wantEditions("b1", "2026-11-05T07:00 put", "2026-12-05T07:00 put", "2027-01-05T07:00 put")
}

func TestOnlyALateEditionSaysSo(t *testing.T) {
	for back, late := range map[string]bool{"2026-11-23T07:30": false, "2026-11-23T07:45": false, "2026-11-23T07:46": true} {
		o := newOffice(t, "2026-11-20T10:00")
		o.publish("b1", mondays)
		o.tick(back)
		if got := o.outbox.mailings["briefing/b1/2026-11-23T07:30"].Late; got != late {
			t.Errorf("put at %s: late %v", back, got)
		}
		if e := o.facts.published["b1"].Edition("2026-11-23T07:30"); e.Late != late || !e.Put.Equal(o.clock) {
			t.Errorf("put at %s: edition %+v", back, e)
		}
	}
}
