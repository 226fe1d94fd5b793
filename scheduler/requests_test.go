package scheduler

import (
	"strings"
	"testing"

	"briefbot/briefings"
)

func TestWhatIsDecidedAfterTheStartIsToldOnce(t *testing.T) {
	o := newOffice(t, "2026-12-01T09:00")
	m := o.summon("2026-12-01T09:00", "2026-12-07T12:00", "2026-12-08T14:00")
	m.Leave = briefings.LeaveByOrganizer
	o.tick("2026-12-01T09:00")
	o.change("chi", func(m *briefings.Meeting, i *briefings.Invitation) error {
		return i.Decline(m, briefings.WorkTrip, "", o.clock)
	})
	o.tick("2026-12-01T09:10")
	o.tick("2026-12-08T14:10")
	o.outbox.told = nil
	o.change("chi", func(m *briefings.Meeting, i *briefings.Invitation) error {
		return i.Decide(m, "org", 1, true, o.at("2026-12-08T15:00"))
	})
	for range 3 {
		o.tick("2026-12-08T15:00") // long after the last reminder
		o.restart()
	}
	m.Status = briefings.MeetingClosed
	o.tick("2026-12-08T17:00")
	told := 0
	for _, one := range o.outbox.told {
		if one == "decision/m1/chi/1 to 3" {
			told++
		}
	}
	if told != 1 {
		t.Errorf("told %q", o.outbox.told)
	}
}

func TestWhatIsDecidedInTheLastMinuteIsTold(t *testing.T) {
	o := newOffice(t, "2026-12-01T09:00")
	m := o.summon("2026-12-01T09:00", "2026-12-07T12:00", "2026-12-08T14:00")
	m.Leave = briefings.LeaveByOrganizer
	o.tick("2026-12-01T09:00")
	o.change("chi", func(m *briefings.Meeting, i *briefings.Invitation) error {
		return i.Decline(m, briefings.WorkTrip, "", o.clock)
	})
	o.tick("2026-12-08T13:59")
	o.change("chi", func(m *briefings.Meeting, i *briefings.Invitation) error {
		return i.Decide(m, "org", 1, true, o.at("2026-12-08T13:59"))
	})
	o.outbox.told = nil
	for range 3 {
		o.tick("2026-12-08T14:01") // the service was away for a moment
		o.restart()
	}
	o.wantTold("decision/m1/chi/1 to 3")
}

func TestARequestThatWaitsIsPutOnceMoreToWhoeverDecidesThen(t *testing.T) {
	o := newOffice(t, "2026-12-01T09:00")
	m := o.summon("2026-12-01T09:00", "2026-12-07T12:00", "2026-12-08T14:00")
	m.Leave = briefings.LeaveByOrganizer
	o.tick("2026-12-01T09:00")
	o.change("chi", func(m *briefings.Meeting, i *briefings.Invitation) error {
		return i.Decline(m, briefings.WorkTrip, "", o.clock)
	})
	told := func() (list []string) {
		for _, one := range o.outbox.told {
			if strings.HasPrefix(one, "request/") {
				list = append(list, one)
			}
		}
		o.outbox.told = nil
		return list
	}
	o.tick("2026-12-01T09:10")
	if list := told(); len(list) != 1 || !strings.HasSuffix(list[0], " to 1") {
		t.Fatalf("asked are %q", list)
	}
	for i := range o.facts.roster.Members { // the author leaves, and somebody else organizes
		switch who := &o.facts.roster.Members[i]; who.ID {
		case "an":
			who.Status = briefings.Left
		case "binh":
			who.Roles = []briefings.Grant{{Role: briefings.RoleOrganizer, Scope: ""}}
		}
	}
	o.tick("2026-12-07T13:59")
	if list := told(); len(list) != 0 {
		t.Errorf("asked again are %q", list)
	}
	for range 3 {
		o.tick("2026-12-07T14:00")
		o.restart()
	}
	if list := told(); len(list) != 1 || !strings.HasSuffix(list[0], " to 2") {
		t.Errorf("the day before asked are %q", list)
	}
}
