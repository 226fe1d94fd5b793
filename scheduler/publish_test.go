package scheduler

import (
	"errors"
	"testing"
	"time"

	"briefbot/briefings"
)

var mondays = briefings.Cadence{Every: briefings.Weekly, Weekday: time.Monday, Hour: 7, Minute: 30}

func (o *office) wantEditions(id briefings.BriefingID, want ...string) {
	o.t.Helper()
	var got []string
	for _, e := range o.facts.published[id].Editions {
		got = append(got, string(e.Occasion)+" "+string(e.State))
	}
	if len(got) != len(want) {
		o.t.Fatalf("editions %q, want %q", got, want)
	}
	for i := range got {
		if got[i] != want[i] {
			o.t.Errorf("edition %d is %q, want %q", i, got[i], want[i])
		}
	}
}

func TestAnEditionGoesOnceToTheFollowers(t *testing.T) {
	o := newOffice(t, "2026-11-20T10:00")
	o.publish("b1", mondays)
	o.tick("2026-11-23T07:29")
	o.wantTold()
	o.tick("2026-11-23T07:30")
	o.wantTold("briefing/b1/2026-11-23T07:30 to 1 2 3 5")
	o.tick("2026-11-23T07:30")
	o.restart()
	o.tick("2026-11-23T07:31")
	o.wantTold()
	o.wantEditions("b1", "2026-11-23T07:30 put")
	m := o.outbox.mailings["briefing/b1/2026-11-23T07:30"]
	if !m.Due.Equal(o.at("2026-11-23T07:30")) || !m.Expires.Equal(o.at("2026-11-23T19:30")) || m.By != "an" {
		t.Errorf("mailing %+v", m)
	}
	if b := o.facts.published["b1"]; b.Status != briefings.BriefingActive || b.Editions[0].Mailing != m.Key() {
		t.Errorf("briefing %+v", b)
	}
}

func TestAnAudienceGoesBeforeTheTopic(t *testing.T) {
	o := newOffice(t, "2026-11-23T07:00")
	o.publish("b1", mondays).Audience = briefings.Audience{{Kind: briefings.TermOnly, Name: "A"}}
	o.tick("2026-11-23T07:30")
	o.wantTold("briefing/b1/2026-11-23T07:30 to 1 2 3 4")
}

func TestSendNowGoesAtOnceAndEndsTheBriefing(t *testing.T) {
	o := newOffice(t, "2026-11-23T09:12")
	o.publish("b1", briefings.Cadence{Every: briefings.Once, At: o.clock})
	o.tick("2026-11-23T09:12")
	o.wantTold("briefing/b1/2026-11-23T09:12 to 1 2 3 5")
	if s := o.facts.published["b1"].Status; s != briefings.BriefingFinished {
		t.Errorf("status %s", s)
	}
}

func TestACrashAtAnyStepHeals(t *testing.T) {
	for step := 1; ; step++ {
		o := newOffice(t, "2026-11-23T07:00")
		o.publish("b1", mondays)
		o.set("2026-11-23T07:30")
		calls := 0
		o.facts.fail = func(string) error {
			if calls++; calls == step {
				return errDown
			}
			return nil
		}
		o.outbox.fail = func(briefings.Mailing) error { return o.facts.fail("put") }
		if err := o.planner.Tick(t.Context()); err == nil {
			if step < 5 {
				t.Fatalf("a tick takes %d calls", step)
			}
			return
		} else if !errors.Is(err, errDown) {
			t.Fatalf("tick: %v", err)
		}
		o.facts.fail, o.outbox.fail = nil, nil
		o.restart()
		o.tick("2026-11-23T07:32")
		o.wantTold("briefing/b1/2026-11-23T07:30 to 1 2 3 5")
		o.wantEditions("b1", "2026-11-23T07:30 put")
	}
}

func TestASlotOverWhichTheServiceWasDown(t *testing.T) {
	tests := []struct {
		name, slot, back string
		told             bool
	}{
		{"is sent within the grace", "2026-11-23T07:30", "2026-11-23T13:30", true},
		{"is missed beyond it", "2026-11-23T07:30", "2026-11-23T13:31", false},
		{"waits for the morning when the grace ends at night", "2026-11-23T19:00", "2026-11-24T06:30", true},
		{"but not for ever", "2026-11-23T19:00", "2026-11-24T07:01", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := newOffice(t, "2026-11-22T10:00")
			slot := o.at(tt.slot)
			o.publish("b1", briefings.Cadence{Every: briefings.Weekly, Weekday: time.Monday, Hour: slot.Hour(), Minute: slot.Minute()})
			for range 2 {
				o.restart()
				o.tick(tt.back)
			}
			if tt.told {
				o.wantTold("briefing/b1/" + tt.slot + " to 1 2 3 5")
				o.wantEditions("b1", tt.slot+" put")
			} else {
				o.wantTold()
				o.wantEditions("b1", tt.slot+" missed")
			}
		})
	}
}

func TestOfSeveralSlotsOnlyTheNewestIsSent(t *testing.T) {
	o := newOffice(t, "2026-11-16T10:00")
	o.publish("b1", briefings.Cadence{Every: briefings.EveryDay, Hour: 7})
	o.tick("2026-11-19T09:00")
	o.wantTold("briefing/b1/2026-11-19T07:00 to 1 2 3 5")
	o.wantEditions("b1", "2026-11-17T07:00 missed", "2026-11-18T07:00 missed", "2026-11-19T07:00 put")
}

func TestOnceIsSentWithinADayAndThenMissed(t *testing.T) {
	for back, state := range map[string]string{"2026-11-24T09:00": "put", "2026-11-24T09:01": "missed"} {
		o := newOffice(t, "2026-11-20T10:00")
		o.publish("b1", briefings.Cadence{Every: briefings.Once, At: o.at("2026-11-23T09:00")})
		o.tick(back)
		o.wantEditions("b1", "2026-11-23T09:00 "+state)
		if s := o.facts.published["b1"].Status; s != briefings.BriefingFinished {
			t.Errorf("status %s", s)
		}
	}
}

func TestTheNextSlotIsSkippedOnRequest(t *testing.T) {
	o := newOffice(t, "2026-11-20T10:00")
	o.publish("b1", mondays).SkipNext = true
	o.tick("2026-11-23T07:30")
	o.wantTold()
	o.tick("2026-11-30T07:30")
	o.wantTold("briefing/b1/2026-11-30T07:30 to 1 2 3 5")
	o.wantEditions("b1", "2026-11-23T07:30 skipped", "2026-11-30T07:30 put")
}

func TestABriefingInQuietHoursWaitsForTheirEnd(t *testing.T) {
	o := newOffice(t, "2026-11-22T10:00")
	o.publish("b1", briefings.Cadence{Every: briefings.EveryDay, Hour: 4, Minute: 30})
	o.tick("2026-11-23T04:30")
	o.tick("2026-11-23T05:59")
	o.wantTold()
	o.wantEditions("b1", "2026-11-23T04:30 due")
	o.tick("2026-11-23T06:00")
	o.wantTold("briefing/b1/2026-11-23T04:30 to 1 2 3 5")
	if m := o.outbox.mailings["briefing/b1/2026-11-23T04:30"]; !m.Due.Equal(o.at("2026-11-23T06:00")) {
		t.Errorf("due %v", m.Due)
	}
}

func TestAPausedOrRecalledBriefingDoesNotCome(t *testing.T) {
	o := newOffice(t, "2026-11-20T10:00")
	if err := o.publish("b1", mondays).Pause("nghỉ"); err != nil {
		t.Fatal(err)
	}
	o.tick("2026-11-23T07:30")
	if err := o.facts.published["b1"].Resume(o.clock.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	o.tick("2026-11-23T09:00")
	o.wantTold()
	o.wantEditions("b1")
}

func TestARecallThatCameInBetweenStands(t *testing.T) {
	o := newOffice(t, "2026-11-23T09:00")
	o.publish("b1", briefings.Cadence{Every: briefings.Once, At: o.clock})
	o.outbox.fail = func(briefings.Mailing) error {
		o.facts.published["b1"].Status = briefings.BriefingRecalled
		return nil
	}
	o.tick("2026-11-23T09:00")
	if s := o.facts.published["b1"].Status; s != briefings.BriefingRecalled {
		t.Errorf("status %s", s)
	}
	o.wantEditions("b1", "2026-11-23T09:00 put")
}

func TestTroubleWithOneBriefingDoesNotStopTheOthers(t *testing.T) {
	o := newOffice(t, "2026-11-23T07:00")
	for _, id := range []briefings.BriefingID{"b1", "b2", "b3"} {
		o.publish(id, mondays)
	}
	o.outbox.fail = func(m briefings.Mailing) error {
		switch m.Subject {
		case "b1":
			return errDown
		case "b2":
			panic("no outbox")
		}
		return nil
	}
	o.set("2026-11-23T07:30")
	if err := o.planner.Tick(t.Context()); !errors.Is(err, errDown) {
		t.Errorf("tick: %v", err)
	}
	o.wantTold("briefing/b3/2026-11-23T07:30 to 1 2 3 5")
	o.outbox.fail = nil
	o.tick("2026-11-23T07:31")
	if n := len(o.outbox.told); n != 2 {
		t.Errorf("%d told after the trouble", n)
	}
}

func TestHalfAYearOfTicksSendsEachSlotOnce(t *testing.T) {
	o := newOffice(t, "2026-12-31T12:00")
	o.publish("weekly", mondays)
	o.publish("workdays", briefings.Cadence{Every: briefings.EveryWorkday, Hour: 7})
	end := o.at("2027-07-01T00:00")
	weekly, workdays := 0, 0
	for d := o.clock; d.Before(end); d = d.AddDate(0, 0, 1) {
		if d.Weekday() == time.Monday {
			weekly++
		}
		if holidays.Working(d) && d.After(o.clock) {
			workdays++
		}
	}
	for step := 0; o.clock.Before(end); step++ {
		o.clock = o.clock.Add(11 * time.Minute)
		if step%500 == 0 {
			o.restart()
		}
		if step%37 < 2 {
			o.facts.fail = func(call string) error {
				if call == "update briefing" || call == "calendar" && step%2 == 0 {
					return errDown
				}
				return nil
			}
		} else {
			o.facts.fail = nil
		}
		_ = o.planner.Tick(t.Context()) // some are made to fail
	}
	got := map[string]int{}
	for _, m := range o.outbox.mailings {
		got[m.Subject]++
	}
	if got["weekly"] != weekly || got["workdays"] != workdays {
		t.Errorf("told %v, want weekly %d and workdays %d", got, weekly, workdays)
	}
	for _, b := range o.facts.published {
		for _, e := range b.Editions {
			if e.State != briefings.EditionPut {
				t.Errorf("%s: edition %+v", b.ID, e)
			}
		}
	}
}
