package scheduler

import (
	"errors"
	"testing"
	"time"

	"briefbot/briefings"
)

// reschedule moves m1 a moment from now, as an organizer does.
func (o *office) reschedule(starts string) {
	o.t.Helper()
	o.clock = o.clock.Add(time.Second)
	m := o.facts.held["m1"]
	if err := m.Reschedule(o.at(starts), time.Time{}, briefings.Why{By: "an"}, o.clock); err != nil {
		o.t.Fatal(err)
	}
	o.facts.version["m1"]++
}

func (o *office) answers() map[briefings.MemberID]briefings.Choice {
	out := map[briefings.MemberID]briefings.Choice{}
	for _, s := range o.facts.seats["m1"] {
		out[s.Member] = s.Standing()
	}
	return out
}

func TestAMovedMeetingAsksThoseAgainWhoSaidYes(t *testing.T) {
	o := newOffice(t, "2026-12-01T09:00")
	m := o.summon("2026-12-01T09:00", "2026-12-07T17:00", "2026-12-08T14:00")
	o.tick("2026-12-01T09:00")
	o.accept("an")
	o.change("binh", func(m *briefings.Meeting, i *briefings.Invitation) error {
		return i.Decline(m, briefings.WorkTrip, "", o.clock)
	})
	o.delegate("chi", "giang")
	o.outbox.told = nil
	o.reschedule("2026-12-08T15:00")
	for range 3 { // again and again, by planners that remember nothing
		o.tick("2026-12-01T09:01")
		o.restart()
	}
	o.wantTold("changed/m1/2 to 1 3 5 4", "corrected/m1/2 to 1 2 3 4", "deputy_asked/m1/chi/1 to 5")
	got := o.answers()
	if got["an"] != briefings.NoAnswer || got["binh"] != briefings.Declined || got["chi"] != briefings.Delegated || got["dung"] != briefings.NoAnswer {
		t.Errorf("answers %v", got)
	}
	if !m.Deadline.Equal(o.at("2026-12-07T18:00")) {
		t.Errorf("the deadline stays at %s", m.Deadline)
	}
	if seat := o.facts.seat("m1", "an"); len(seat.History) != 1 || seat.History[0].Choice != briefings.Accepted {
		t.Errorf("the answer is forgotten: %+v", seat)
	}

	o.accept("an") // to the new time: that one stands
	o.restart()
	o.tick("2026-12-01T09:02")
	o.wantTold()
	if got := o.answers()["an"]; got != briefings.Accepted {
		t.Errorf("a new yes is %q", got)
	}
}

func TestAMovedVenueConcernsOnlyThoseWhoGoThere(t *testing.T) {
	o := newOffice(t, "2026-12-01T09:00")
	m := o.summon("2026-12-01T09:00", "", "2026-12-08T14:00")
	m.Venues[1].Units = []briefings.UnitID{"B"}
	m.Audience = append(m.Audience, briefings.Term{Kind: briefings.TermOnly, Name: "B"})
	o.tick("2026-12-01T09:00")
	o.accept("an")
	o.accept("giang")
	o.outbox.told = nil
	o.clock = o.clock.Add(time.Minute)
	if err := m.MoveVenue("v2", briefings.Place{Name: briefings.Text{Vi: "Nhà văn hóa"}}, briefings.Why{}, o.clock); err != nil {
		t.Fatal(err)
	}
	o.tick("2026-12-01T09:02")
	o.wantTold("changed/m1/2 to 5", "corrected/m1/2 to 5")
	if got := o.answers(); got["an"] != briefings.Accepted || got["giang"] != briefings.NoAnswer {
		t.Errorf("answers %v", got)
	}
}

func TestAPostponedMeetingIsToldOnceAndRemindsNobody(t *testing.T) {
	o := newOffice(t, "2026-12-01T09:00")
	m := o.summon("2026-12-01T09:00", "", "2026-12-08T14:00")
	o.tick("2026-12-01T09:00")
	o.accept("an")
	o.outbox.told = nil
	if err := m.Postpone(briefings.Why{Reason: "bão"}, o.clock.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	o.tick("2026-12-01T09:01")
	o.tick("2026-12-08T12:30")
	o.wantTold("changed/m1/2 to 1 2 3 4", "corrected/m1/2 to 1 2 3 4")
	if got := o.answers()["an"]; got != briefings.Accepted {
		t.Errorf("the answer is asked for without a time: %q", got)
	}
	o.reschedule("2026-12-15T14:00")
	o.tick("2026-12-08T12:31")
	o.wantTold("changed/m1/3 to 1 2 3 4", "corrected/m1/3 to 1 2 3 4")
	if got := o.answers()["an"]; got != briefings.NoAnswer {
		t.Errorf("the answer to the old time is %q", got)
	}
}

func TestOfTwoNewTimesOnlyTheLastIsTold(t *testing.T) {
	o := newOffice(t, "2026-12-01T09:00")
	o.summon("2026-12-01T09:00", "", "2026-12-08T14:00")
	o.tick("2026-12-01T09:00")
	o.outbox.told = nil
	o.reschedule("2026-12-08T15:00")
	o.reschedule("2026-12-08T16:00")
	o.tick("2026-12-01T09:02")
	o.wantTold("changed/m1/3 to 1 2 3 4", "corrected/m1/3 to 1 2 3 4")
}

func TestACrashWhileAnswersAreTakenBackHeals(t *testing.T) {
	o := newOffice(t, "2026-12-01T09:00")
	o.summon("2026-12-01T09:00", "", "2026-12-08T14:00")
	o.tick("2026-12-01T09:00")
	o.accept("an")
	o.accept("binh")
	o.reschedule("2026-12-08T15:00")
	left := 1
	o.facts.fail = func(call string) error {
		if call == "update invitation" {
			if left--; left < 0 {
				return errDown
			}
		}
		return nil
	}
	o.set("2026-12-01T09:01")
	if err := o.planner.Tick(t.Context()); !errors.Is(err, errDown) {
		t.Fatalf("tick: %v", err)
	}
	o.facts.fail = nil
	o.restart()
	o.tick("2026-12-01T09:02")
	if got := o.answers(); got["an"] != briefings.NoAnswer || got["binh"] != briefings.NoAnswer {
		t.Errorf("answers %v", got)
	}
	o.wantTold("invitation/m1/1 to 1 2 3 4", "changed/m1/2 to 1 2 3 4", "corrected/m1/2 to 1 2 3 4")
}

func TestAChangeBeforeTheNoticeIsNoNews(t *testing.T) {
	o := newOffice(t, "2026-12-01T08:00")
	o.summon("2026-12-01T09:00", "", "2026-12-08T14:00")
	o.reschedule("2026-12-08T15:00")
	o.tick("2026-12-01T09:00")
	o.wantTold("invitation/m1/1 to 1 2 3 4")
}

func TestACardIsDrawnOnceForTwoChanges(t *testing.T) {
	o := newOffice(t, "2026-12-01T09:00")
	m := o.summon("2026-12-01T09:00", "", "2026-12-08T14:00")
	m.Venues[1].Units = []briefings.UnitID{"B"}
	m.Audience = append(m.Audience, briefings.Term{Kind: briefings.TermOnly, Name: "B"})
	o.tick("2026-12-01T09:00")
	o.outbox.told = nil
	o.reschedule("2026-12-08T15:00")
	if err := m.MoveVenue("v2", briefings.Place{Name: briefings.Text{Vi: "Nhà văn hóa"}}, briefings.Why{}, o.clock); err != nil {
		t.Fatal(err)
	}
	o.tick("2026-12-01T09:02")
	o.wantTold("changed/m1/2 to 1 2 3 4 5", "changed/m1/3 to 5", "corrected/m1/2 to 1 2 3 4", "corrected/m1/3 to 5")
}

func TestAMeetingThatIsMovedToAnotherDayForgetsWhoWasThere(t *testing.T) {
	o := newOffice(t, "2026-12-01T09:00")
	m := o.summon("2026-12-01T09:00", "", "2026-12-08T14:00")
	o.tick("2026-12-01T09:00")
	o.accept("an")
	o.set("2026-12-08T13:00")
	if err := m.OpenDoor("v2", "giang", "123456", "c2VjcmV0", o.clock); err != nil {
		t.Fatal(err)
	}
	for _, who := range []briefings.MemberID{"an", "binh"} { // one of them had never answered
		o.change(who, func(m *briefings.Meeting, i *briefings.Invitation) error {
			return i.Present(m, briefings.CheckIn{At: o.clock, Venue: "v2", Method: briefings.ByPIN})
		})
	}
	o.set("2026-12-08T13:50")
	o.reschedule("2026-12-10T14:00")
	for range 2 {
		o.tick("2026-12-08T13:51")
		o.restart()
	}
	for _, who := range []briefings.MemberID{"an", "binh"} {
		if seat := o.facts.seat("m1", who); seat.CheckIn != nil || seat.Standing() != briefings.NoAnswer {
			t.Errorf("%s is %+v", who, seat)
		}
	}
}
