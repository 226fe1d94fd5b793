package scheduler

import (
	"testing"

	"briefbot/briefings"
)

func TestAnUrgentNoticeWakesPeopleOnlyWithTheOrganizersWord(t *testing.T) {
	for _, said := range []bool{false, true} {
		o := newOffice(t, "2026-12-01T22:00")
		m := o.summon("2026-12-01T22:00", "", "2026-12-08T14:00")
		m.Urgency, m.AtOnce = briefings.Urgent, said
		o.tick("2026-12-01T22:00")
		if _, told := o.outbox.mailings["invitation/m1/1"]; told != said {
			t.Errorf("with the word %t it was told at night: %t", said, told)
		}
		o.tick("2026-12-02T06:00")
		if n := o.outbox.mailings["invitation/m1/1"]; n.Class() != briefings.ClassUrgent {
			t.Errorf("mailing %+v", n)
		}
	}
}

func TestAnUrgentBriefingWakesPeopleOnlyWithTheOrganizersWord(t *testing.T) {
	for _, said := range []bool{false, true} {
		o := newOffice(t, "2026-12-01T22:00")
		b := o.publish("b1", briefings.Cadence{Every: briefings.Once, At: o.clock})
		b.Urgency, b.AtOnce = briefings.Immediate, said
		o.tick("2026-12-01T22:00")
		n, told := o.outbox.mailings["briefing/b1/2026-12-01T22:00"]
		if told != said || said && n.Class() != briefings.ClassUrgent {
			t.Errorf("with the word %t it was told at night: %t, %+v", said, told, n)
		}
		if o.tick("2026-12-02T06:00"); o.outbox.mailings["briefing/b1/2026-12-01T22:00"].Kind == "" {
			t.Error("it was not told in the morning")
		}
	}
}

func TestAMeetingOfTheMorningIsCalledOffAtNight(t *testing.T) {
	o := newOffice(t, "2026-12-01T09:00")
	m := o.summon("2026-12-01T09:00", "", "2026-12-02T06:30")
	o.tick("2026-12-01T09:00")
	o.set("2026-12-01T22:00")
	if err := m.Cancel(briefings.Why{}, o.clock); err != nil {
		t.Fatal(err)
	}
	o.tick("2026-12-01T22:00")
	if n := o.outbox.mailings["cancelled/m1"]; n.Class() != briefings.ClassUrgent {
		t.Errorf("mailing %+v", n)
	}
}
