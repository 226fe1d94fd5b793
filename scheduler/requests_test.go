package scheduler

import (
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
