package scheduler

import (
	"testing"

	"briefbot/briefings"
)

// held is a meeting that took place: an and chi's deputy giang were there, binh was excused, dung stayed away without a word.
func (o *office) hold() *briefings.Meeting {
	o.t.Helper()
	m := o.summon("2026-11-20T09:00", "2026-12-07T12:00", "2026-12-08T14:00")
	o.tick("2026-11-20T09:00")
	o.delegate("chi", "giang")
	o.change("binh", func(m *briefings.Meeting, i *briefings.Invitation) error {
		return i.Decline(m, briefings.WorkTrip, "", o.clock)
	})
	o.set("2026-12-08T14:10")
	for _, v := range m.Venues {
		if err := m.OpenDoor(v.ID, "an", "123456", "secret", o.clock); err != nil {
			o.t.Fatal(err)
		}
	}
	o.change("an", func(m *briefings.Meeting, i *briefings.Invitation) error {
		return i.Present(m, briefings.CheckIn{Venue: "v2", At: o.clock, Method: briefings.ByCode})
	})
	o.change("chi", func(m *briefings.Meeting, i *briefings.Invitation) error {
		return i.Present(m, briefings.CheckIn{Venue: "v2", At: o.clock, Method: briefings.ByCode, Deputy: true})
	})
	o.close("2026-12-08T16:40")
	o.outbox.told = nil
	return m
}

func (o *office) close(at string) {
	o.t.Helper()
	o.set(at)
	m := o.facts.held["m1"]
	for _, v := range m.Venues {
		if v.Closing == nil {
			if err := m.CloseVenue(v.ID, briefings.Closing{Headcount: 2, At: o.clock}); err != nil {
				o.t.Fatal(err)
			}
		}
	}
	o.facts.version["m1"]++
}

func TestThoseWhoCameAreAskedOnceHowItWas(t *testing.T) {
	o := newOffice(t, "2026-11-20T09:00")
	m := o.hold()
	for range 2 {
		o.tick("2026-12-08T16:40")
		o.restart()
	}
	o.wantTold("feedback/m1 to 1 5")
	if err := m.Reopen("v1", "an", "sót", o.at("2026-12-08T17:00")); err != nil {
		t.Fatal(err)
	}
	o.tick("2026-12-08T17:00")
	o.close("2026-12-08T17:10")
	o.tick("2026-12-08T17:10")
	o.wantTold()
}

func TestTheOutcomeReachesThoseWhoCameAndTheExcused(t *testing.T) {
	o := newOffice(t, "2026-11-20T09:00")
	m := o.hold()
	o.tick("2026-12-08T16:40")
	o.outbox.told = nil
	conclude := func(words, at string) {
		t.Helper()
		if err := m.Conclude(briefings.Outcome{Text: words, By: "an", At: o.at(at)}); err != nil {
			t.Fatal(err)
		}
	}
	conclude("Kết luận", "2026-12-08T21:30")
	o.tick("2026-12-08T21:30") // at night it waits
	o.wantTold()
	for range 2 {
		o.tick("2026-12-09T07:00")
		o.restart()
	}
	o.wantTold("outcome/m1/1 to 1 5", "missed/m1/1 to 2")
	conclude("Kết luận, bản sửa", "2026-12-09T08:00") // put right
	o.tick("2026-12-09T08:00")
	o.wantTold("outcome/m1/2 to 1 5", "missed/m1/2 to 2")
}
