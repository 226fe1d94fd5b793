package briefings_test

import (
	"testing"
	"time"

	"briefbot/briefings"
)

func TestAChaseIsBounded(t *testing.T) {
	starts := time.Date(2026, 12, 8, 14, 0, 0, 0, time.UTC)
	day := func(d, h int) time.Time { return time.Date(2026, 12, d, h, 0, 0, 0, time.UTC) }
	open := briefings.Meeting{Status: briefings.MeetingOpen, Revision: 1, Starts: starts, Deadline: day(7, 12), Invites: day(1, 9)}
	with := func(change func(*briefings.Meeting)) briefings.Meeting {
		m := open
		change(&m)
		return m
	}
	tests := []struct {
		name string
		m    briefings.Meeting
		now  time.Time
		want string // the refusal's key; empty: chased
	}{
		{"while answers are taken", open, day(3, 9), ""},
		{"after the deadline", open, day(7, 12), "rsvp.closed"},
		{"of a cancelled meeting", with(func(m *briefings.Meeting) { m.Status = briefings.MeetingCancelled }), day(3, 9), "rsvp.closed"},
		{"before anybody was called", with(func(m *briefings.Meeting) { m.Invites = time.Time{} }), day(3, 9), "remind.not_called"},
		{"an hour after the last", with(func(m *briefings.Meeting) { m.Chases = []briefings.Chase{{At: day(3, 8)}} }), day(3, 9), "remind.too_soon"},
		{"two hours after the last", with(func(m *briefings.Meeting) { m.Chases = []briefings.Chase{{At: day(3, 7)}} }), day(3, 9), ""},
		{"a fourth time", with(func(m *briefings.Meeting) { m.Chases = make([]briefings.Chase, 3) }), day(3, 9), "remind.too_many"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := len(tt.m.Chases)
			err := tt.m.Chase("org", tt.now)
			got := ""
			if r := briefings.AsRefusal(err); r != nil {
				got = r.Key
			}
			if got != tt.want {
				t.Fatalf("refused with %q, want %q", got, tt.want)
			}
			if grown := len(tt.m.Chases) - before; grown != map[bool]int{true: 1, false: 0}[tt.want == ""] {
				t.Errorf("%d chases were noted", grown)
			}
		})
	}
}
