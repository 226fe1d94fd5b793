package scheduler

import (
	"testing"
	"time"

	"briefbot/briefings"
)

func TestAVenuesStaffIsAskedTwiceBeforeTheStart(t *testing.T) {
	o := newOffice(t, "2026-11-20T09:00")
	m := o.summon("2026-11-20T09:00", "2026-12-07T12:00", "2026-12-08T06:30") // the first round is in the quiet hours
	m.Venues[0].Officers, m.Venues[0].Technicians = []briefings.MemberID{"binh"}, []briefings.MemberID{"chi", "binh"}
	o.tick("2026-11-20T09:00")
	o.outbox.told = nil
	for range 2 {
		o.tick("2026-12-08T05:30")
		o.restart()
	}
	o.wantTold("ready/m1/v1/2026-12-08T05:30 to 2 3")
	o.tick("2026-12-08T06:20")
	o.wantTold("ready/m1/v1/2026-12-08T06:20 to 2 3")
	o.restart()
	o.tick("2026-12-08T06:30")
	o.wantTold()
}

func TestTheOrganizerHearsOfARedVenueOnce(t *testing.T) {
	o := newOffice(t, "2026-11-20T09:00")
	m := o.summon("2026-11-20T09:00", "2026-12-07T12:00", "2026-12-08T14:00")
	o.tick("2026-11-20T09:00")
	o.tick("2026-12-08T13:10")
	o.outbox.told = nil
	report := func(by briefings.MemberID, good bool, at time.Time) {
		t.Helper()
		if err := m.Report("v2", by, []briefings.Part{briefings.SoundPart}, good, at); err != nil {
			t.Fatal(err)
		}
	}
	report("binh", false, o.at("2026-12-08T13:10"))
	o.tick("2026-12-08T13:10") // it may still be pressed about
	o.wantTold()
	for range 2 {
		o.tick("2026-12-08T13:11")
		o.restart()
	}
	o.wantTold("red/m1/v2/2026-12-08T13:10 to 1")
	report("binh", true, o.at("2026-12-08T13:12"))
	o.tick("2026-12-08T13:14")
	o.wantTold()
	report("an", false, o.at("2026-12-08T13:15")) // the organizer knows
	o.tick("2026-12-08T13:17")
	o.wantTold()
}

func TestALinkGoesToThoseWhoComeAndToNobodyElse(t *testing.T) {
	o := newOffice(t, "2026-11-20T09:00")
	m := o.summon("2026-11-20T09:00", "2026-12-07T12:00", "2026-12-08T14:00")
	m.Venues[1].Link = "https://meet.example.vn/a"
	o.tick("2026-11-20T09:00")
	o.change("an", func(m *briefings.Meeting, i *briefings.Invitation) error { return i.AcceptOnline(m, o.clock) })
	o.accept("binh") // comes to the room
	o.delegate("chi", "giang")
	o.reply("chi", "giang", true)
	o.change("dung", func(m *briefings.Meeting, i *briefings.Invitation) error {
		return i.Decline(m, briefings.WorkTrip, "", o.clock)
	})
	o.tick("2026-12-08T12:59")
	o.outbox.told = nil
	o.tick("2026-12-08T13:00")
	o.wantTold("link/m1/2026-12-08T13:00 to 1")
}

func TestWhoWaitedHearsOfAPlaceAndNobodyElse(t *testing.T) {
	o := newOffice(t, "2026-11-20T09:00")
	m := o.summon("2026-11-20T09:00", "2026-12-07T12:00", "2026-12-08T14:00")
	m.Venues[1].Capacity = 1
	o.tick("2026-11-20T09:00")
	for _, who := range []briefings.MemberID{"an", "binh", "chi"} {
		o.clock = o.clock.Add(time.Minute)
		o.accept(who)
	}
	for _, who := range []briefings.MemberID{"binh", "chi"} {
		o.change(who, func(_ *briefings.Meeting, i *briefings.Invitation) error { return i.ToldToWait(1, o.clock) })
	}
	o.outbox.told = nil
	o.tick("2026-11-20T10:00")
	o.wantTold()
	o.change("an", func(m *briefings.Meeting, i *briefings.Invitation) error {
		return i.Decline(m, briefings.WorkTrip, "", o.clock)
	})
	for range 2 {
		o.tick("2026-11-20T10:01")
		o.restart()
	}
	o.wantTold("place/m1/binh/1 to 2")
}
