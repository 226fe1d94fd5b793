package scheduler

import (
	"testing"

	"briefbot/briefings"
)

func TestRemindersGoToThoseTheyConcernThen(t *testing.T) {
	o := newOffice(t, "2026-12-01T09:00")
	o.summon("2026-12-01T09:00", "2026-12-07T12:00", "2026-12-08T14:00")
	o.tick("2026-12-01T09:00")
	o.accept("an")
	o.delegate("binh", "giang")
	o.change("chi", func(m *briefings.Meeting, i *briefings.Invitation) error {
		return i.Decline(m, briefings.WorkTrip, "", o.clock)
	})
	o.tick("2026-12-06T11:59")
	o.outbox.told = nil
	o.tick("2026-12-06T12:00")
	o.wantTold("remind_silent/m1/2026-12-06T12:00 to 5 4") // whom binh asked, and dung
	o.accept("dung")
	o.tick("2026-12-07T13:59")
	o.wantTold()
	o.tick("2026-12-08T11:59")
	o.wantTold("remind_coming/m1/2026-12-07T14:00 to 1 5 4")
	for range 3 {
		o.tick("2026-12-08T12:00")
		o.restart()
	}
	o.wantTold("remind_coming/m1/2026-12-08T12:00 to 1 5 4")
}

func TestWhatWasToRemindInTheNightRemindsOnceInTheMorning(t *testing.T) {
	o := newOffice(t, "2026-12-01T09:00")
	m := o.summon("2026-12-01T09:00", "2026-12-07T23:00", "2026-12-08T14:00")
	o.tick("2026-12-01T09:00")
	o.outbox.told = nil
	for _, at := range []string{"2026-12-06T21:10", "2026-12-06T23:20"} { // the ladder's own is due at 23:00
		if err := m.Chase("an", o.at(at)); err != nil {
			t.Fatal(err)
		}
		o.tick(at)
	}
	for range 3 {
		o.tick("2026-12-07T06:00")
		o.restart()
	}
	o.wantTold("remind_silent/m1/2026-12-06T23:00 to 1 2 3 4")
}

func TestTheLadderStopsOnAnswersAndArrivals(t *testing.T) {
	o := newOffice(t, "2026-11-20T09:00")
	m := o.summon("2026-11-20T09:00", "2026-12-07T12:00", "2026-12-08T14:00")
	o.tick("2026-11-20T09:00")
	o.accept("an")
	o.outbox.told = nil
	o.tick("2026-11-30T12:00") // seven days before the deadline
	o.wantTold("remind_silent/m1/2026-11-30T12:00 to 2 3 4")
	o.accept("binh")
	o.tick("2026-12-06T12:00") // one day before it
	o.wantTold("remind_silent/m1/2026-12-06T12:00 to 3 4")
	o.accept("chi")
	o.tick("2026-12-07T14:00") // a day before the start
	o.wantTold("remind_coming/m1/2026-12-07T14:00 to 1 2 3")
	o.tick("2026-12-08T12:00") // two hours before it
	o.wantTold("remind_coming/m1/2026-12-08T12:00 to 1 2 3")
	if err := m.OpenDoor("v2", "giang", "123456", "c2VjcmV0", o.at("2026-12-08T13:00")); err != nil {
		t.Fatal(err)
	}
	for _, s := range o.facts.seats["m1"] { // everybody sits in the hall whose door is open, but for chi
		venue := briefings.VenueID("v2")
		if s.Member == "chi" {
			venue = "v1"
		}
		o.facts.seat("m1", s.Member).Venue = venue
	}
	o.change("an", func(m *briefings.Meeting, i *briefings.Invitation) error {
		return i.Present(m, briefings.CheckIn{Venue: "v2", At: o.clock, Method: briefings.ByCode})
	})
	o.tick("2026-12-08T14:04")
	o.wantTold()
	for range 2 {
		o.tick("2026-12-08T14:05") // the doors are open, and they are not seen
		o.restart()
	}
	o.wantTold("not_seen/m1/2026-12-08T14:00 to 2")
	o.tick("2026-12-08T15:00")
	o.wantTold()
}

func TestAChaseReachesTheSilentOnce(t *testing.T) {
	o := newOffice(t, "2026-12-01T09:00")
	m := o.summon("2026-12-01T09:00", "2026-12-07T12:00", "2026-12-08T14:00")
	o.tick("2026-12-01T09:00")
	o.accept("an")
	o.outbox.told = nil
	if err := m.Chase("org", o.at("2026-12-03T10:00")); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		o.tick("2026-12-03T10:00")
		o.restart()
	}
	o.wantTold("remind_silent/m1/2026-12-03T10:00 to 2 3 4")

	// In the quiet hours it waits for the morning.
	if err := m.Chase("org", o.at("2026-12-04T22:00")); err != nil {
		t.Fatal(err)
	}
	o.tick("2026-12-04T22:00")
	o.wantTold()
	o.tick("2026-12-05T06:00")
	o.wantTold("remind_silent/m1/2026-12-04T22:00 to 2 3 4")
}

func TestARefusedDeputyLeavesASilentSeat(t *testing.T) {
	o := newOffice(t, "2026-12-01T09:00")
	o.summon("2026-12-01T09:00", "2026-12-07T12:00", "2026-12-08T14:00")
	o.tick("2026-12-01T09:00")
	for _, who := range []briefings.MemberID{"an", "chi", "dung"} {
		o.accept(who)
	}
	o.delegate("binh", "giang")
	o.reply("binh", "giang", false)
	o.tick("2026-12-02T12:00")
	o.outbox.told = nil
	o.tick("2026-12-06T12:00")
	o.wantTold("remind_silent/m1/2026-12-06T12:00 to 2")
}

func TestWhoeverIsThereIsNotReminded(t *testing.T) {
	o := newOffice(t, "2026-12-08T08:00")
	m := o.summon("2026-12-08T08:00", "", "2026-12-08T14:00")
	o.tick("2026-12-08T08:00")
	o.accept("an")
	o.accept("binh")
	if err := m.OpenDoor("v2", "giang", "123456", "token", o.at("2026-12-08T12:00")); err != nil {
		t.Fatal(err)
	}
	o.change("an", func(m *briefings.Meeting, i *briefings.Invitation) error {
		return i.Present(m, briefings.CheckIn{Venue: "v2", At: o.clock, Method: briefings.ByCode})
	})
	o.outbox.told = nil
	o.restart()
	o.tick("2026-12-08T12:00")
	if told := o.outbox.told; len(told) == 0 || told[len(told)-1] != "remind_coming/m1/2026-12-08T12:00 to 2" {
		t.Errorf("told %q", told)
	}
}

func TestRemindersKeepQuietHoursAndLateNotices(t *testing.T) {
	tests := []struct {
		name                      string
		announce, deadline, start string
		silent, coming            string // when due; empty: left out
	}{
		{"in time", "2026-12-01T09:00", "2026-12-07T12:00", "2026-12-08T14:00", "2026-12-06T12:00", "2026-12-08T12:00"},
		{"an early start", "2026-12-01T09:00", "2026-12-07T12:00", "2026-12-08T06:30", "2026-12-06T12:00", "2026-12-07T20:00"},
		{"two hours before is just not quiet", "2026-12-01T09:00", "2026-12-07T12:00", "2026-12-08T08:00", "2026-12-06T12:00", "2026-12-08T06:00"},
		{"a deadline at night", "2026-12-01T09:00", "2026-12-07T23:30", "2026-12-08T14:00", "2026-12-07T06:00", "2026-12-08T12:00"},
		{"announced a few hours before the deadline", "2026-12-07T09:00", "2026-12-07T12:00", "2026-12-08T14:00", "", "2026-12-08T12:00"},
		{"announced on the day before", "2026-12-06T20:00", "2026-12-07T12:00", "2026-12-08T14:00", "2026-12-07T06:00", "2026-12-08T12:00"},
		{"announced at noon for tomorrow noon", "2026-12-06T14:00", "2026-12-07T12:00", "2026-12-08T14:00", "2026-12-07T06:00", "2026-12-08T12:00"},
		{"announced in the morning for the evening", "2026-12-08T07:00", "", "2026-12-08T19:00", "2026-12-08T13:00", "2026-12-08T17:00"},
		{"announced in the evening for early morning", "2026-12-07T20:30", "", "2026-12-08T07:00", "2026-12-08T06:00", "2026-12-08T06:00"},
		{"announced in the evening for dawn", "2026-12-07T20:30", "", "2026-12-08T06:10", "2026-12-08T06:00", ""},
		{"announced an hour before", "2026-12-08T13:00", "", "2026-12-08T14:00", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := newOffice(t, tt.announce)
			m := o.summon(tt.announce, tt.deadline, tt.start)
			o.tick(tt.announce)
			got := map[briefings.Kind]string{}
			for _, r := range reminders(m, night, o.zone) {
				got[r.mailing.Kind] = string(briefings.OccasionAt(r.mailing.Due))
				if want := m.AnswersUntil(); r.mailing.Kind == briefings.KindRemindSilent && !r.mailing.Expires.Equal(want) {
					t.Errorf("expires %v, want %v", r.mailing.Expires, want)
				}
			}
			if got[briefings.KindRemindSilent] != tt.silent || got[briefings.KindRemindComing] != tt.coming {
				t.Errorf("silent %q, want %q; coming %q, want %q", got[briefings.KindRemindSilent], tt.silent, got[briefings.KindRemindComing], tt.coming)
			}
		})
	}
}

func TestAReminderIsOfUseUntilItsMoment(t *testing.T) {
	o := newOffice(t, "2026-12-01T09:00")
	o.summon("2026-12-01T09:00", "2026-12-07T12:00", "2026-12-08T14:00")
	o.tick("2026-12-01T09:00")
	o.accept("an")
	o.outbox.told = nil
	o.restart()
	o.tick("2026-12-07T12:00") // down until the deadline
	o.wantTold()
	o.tick("2026-12-08T14:00") // and then until the start
	o.wantTold()

	o.restart()
	o.tick("2026-12-08T13:59")
	o.wantTold("remind_coming/m1/2026-12-08T12:00 to 1")
}

func TestAMovedMeetingIsRemindedOfAnew(t *testing.T) {
	o := newOffice(t, "2026-12-01T09:00")
	o.summon("2026-12-01T09:00", "", "2026-12-08T14:00")
	o.tick("2026-12-01T09:00")
	o.accept("an")
	o.tick("2026-12-08T12:00")
	o.outbox.told = nil
	o.reschedule("2026-12-15T14:00")
	o.tick("2026-12-08T12:01")
	o.wantTold("changed/m1/2 to 1 2 3 4", "corrected/m1/2 to 1 2 3 4")
	o.accept("an")
	o.tick("2026-12-15T12:30")
	o.wantTold("remind_silent/m1/2026-12-14T14:00 to 2 3 4", "remind_coming/m1/2026-12-15T12:00 to 1")
}
