package scheduler

import (
	"testing"

	"briefbot/briefings"
)

func TestWhomAUnitNamesIsSeatedAndCalledAlone(t *testing.T) {
	o := newOffice(t, "2026-12-01T09:00")
	m := o.summon("2026-12-01T09:00", "2026-12-07T12:00", "2026-12-08T14:00")
	m.Quotas = []briefings.Quota{{Unit: "B", Seats: 2}}
	o.tick("2026-12-01T09:00")
	o.outbox.told = nil
	if err := m.Nominate("B", []briefings.MemberID{"giang"}, nil, "org", o.at("2026-12-01T10:00")); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		o.tick("2026-12-01T10:00")
		o.restart()
	}
	if o.facts.seat("m1", "giang") == nil {
		t.Fatal("whom the unit named has no seat")
	}
	o.wantTold("invitation/m1/giang/1 to 5")
}

func TestWhomAUnitNamedIsCalledOnceByAPlannerThatForgot(t *testing.T) {
	o := newOffice(t, "2026-12-01T09:00")
	m := o.summon("2026-12-01T09:00", "2026-12-07T12:00", "2026-12-08T14:00")
	m.Audience, m.Quotas = nil, []briefings.Quota{{Unit: "B", Seats: 2}}
	o.tick("2026-12-01T09:00")
	if err := m.Nominate("B", []briefings.MemberID{"giang"}, nil, "org", o.at("2026-12-01T10:00")); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		o.tick("2026-12-01T10:00")
		o.tick("2026-12-01T10:01")
		o.restart()
	}
	o.wantTold("invitation/m1/giang/1 to 5")
}

func TestAUnitThatGetsAnOfficerLaterIsAskedToNamePeople(t *testing.T) {
	o := newOffice(t, "2026-12-01T09:00")
	m := o.summon("2026-12-01T09:00", "2026-12-07T12:00", "2026-12-08T14:00")
	m.Quotas = []briefings.Quota{{Unit: "B", Seats: 2}}
	o.tick("2026-12-01T09:00")
	o.outbox.told = nil
	for i := range o.facts.roster.Members {
		if who := &o.facts.roster.Members[i]; who.ID == "giang" {
			who.Roles = []briefings.Grant{{Role: briefings.RoleOrganizer, Scope: "B"}}
		}
	}
	o.tick("2026-12-02T09:00")
	o.tick("2026-12-02T09:01")
	o.wantTold("nominate/m1/B/1 to 5")
}

func TestThoseAnsweredForAreToldOnceAnAct(t *testing.T) {
	o := newOffice(t, "2026-12-01T09:00")
	o.summon("2026-12-01T09:00", "2026-12-07T12:00", "2026-12-08T14:00")
	o.tick("2026-12-01T09:00")
	o.outbox.told = nil
	for _, who := range []briefings.MemberID{"an", "binh"} {
		o.change(who, func(m *briefings.Meeting, i *briefings.Invitation) error {
			return i.InStead(m, "org", true, false, o.clock)
		})
	}
	for range 2 {
		o.tick("2026-12-01T09:30")
		o.restart()
	}
	if len(o.outbox.told) != 1 {
		t.Fatalf("told %q", o.outbox.told)
	}
	o.accept("an") // the same answer, and the person's own word now
	if by := o.facts.seat("m1", "an").Answer.By; by != "" {
		t.Errorf("the answer is still said to be %q's", by)
	}
}
