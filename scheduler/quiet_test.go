package scheduler

import (
	"testing"
	"time"

	"briefbot/briefings"
)

var night = briefings.Calm{Hours: briefings.Hours{Night: briefings.QuietHours{From: 21 * 60, To: 6 * 60}}}

func TestTimesSettleOutOfQuietHours(t *testing.T) {
	hours := briefings.QuietHours{From: 11*60 + 30, To: 13*60 + 30}
	noon := briefings.Calm{Hours: briefings.Hours{Night: hours}}
	rest := briefings.Calm{Hours: briefings.Hours{Noon: hours}}
	tet, _ := briefings.Statutory(2027)
	still := briefings.Calm{Hours: night.Hours, Days: briefings.NewCalendar(tet)}
	tests := []struct {
		name string
		kind briefings.Kind
		calm briefings.Calm
		at   string
		want string
	}{
		{"a reminder before dawn goes out the evening before", briefings.KindRemindComing, night, "2026-12-03T04:30", "2026-12-02T20:00"},
		{"a reminder late at night goes out the same evening", briefings.KindRemindComing, night, "2026-12-03T23:10", "2026-12-03T20:00"},
		{"the end itself is not quiet", briefings.KindRemindComing, night, "2026-12-03T06:00", "2026-12-03T06:00"},
		{"the beginning is quiet", briefings.KindRemindComing, night, "2026-12-03T21:00", "2026-12-03T20:00"},
		{"across the month", briefings.KindRemindComing, night, "2026-12-01T00:00", "2026-11-30T20:00"},
		{"a reminder at noon goes out in the morning", briefings.KindRemindComing, noon, "2026-12-03T12:00", "2026-12-03T10:30"},
		{"a briefing waits for the morning", briefings.KindBriefing, night, "2026-12-03T05:00", "2026-12-03T06:00"},
		{"a briefing waits for the next day", briefings.KindBriefing, night, "2026-12-03T22:00", "2026-12-04T06:00"},
		{"the silent are reminded in the morning", briefings.KindRemindSilent, night, "2026-12-03T03:00", "2026-12-03T06:00"},
		{"an invitation waits", briefings.KindInvitation, night, "2026-12-03T21:30", "2026-12-04T06:00"},
		{"a cancellation does not wait", briefings.KindCancelled, night, "2026-12-03T23:00", "2026-12-03T23:00"},
		{"a briefing rests at noon", briefings.KindBriefing, rest, "2026-12-03T12:00", "2026-12-03T13:30"},
		{"a reminder does not", briefings.KindRemindComing, rest, "2026-12-03T12:00", "2026-12-03T12:00"},
		{"a briefing waits for the end of Tết", briefings.KindBriefing, still, "2027-02-08T07:00", "2027-02-11T06:00"},
		{"nothing waits by day", briefings.KindBriefing, night, "2026-12-03T20:59", "2026-12-03T20:59"},
		{"nothing waits where there are no quiet hours", briefings.KindBriefing, briefings.Calm{}, "2026-12-03T03:00", "2026-12-03T03:00"},
	}
	loc := zone(t, "Asia/Ho_Chi_Minh")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			at, err := briefings.Occasion(tt.at).Time(loc)
			if err != nil {
				t.Fatal(err)
			}
			if got := briefings.OccasionAt(Settled(tt.kind, at, tt.calm)); string(got) != tt.want {
				t.Errorf("settled at %s, want %s", got, tt.want)
			}
		})
	}
}

func TestAGraceThatEndsInTheNightLastsUntilTheMorning(t *testing.T) {
	at := func(s string) time.Time {
		v, _ := time.Parse("2006-01-02T15:04", s)
		return v
	}
	if got := lastCall(briefings.KindBriefing, at("2026-12-03T19:00"), 6*time.Hour, night); !got.Equal(at("2026-12-04T07:00")) {
		t.Errorf("got %v", got)
	}
	rest := briefings.Calm{Hours: briefings.Hours{Noon: briefings.QuietHours{From: 11*60 + 30, To: 13*60 + 30}}}
	if got := lastCall(briefings.KindBriefing, at("2026-12-03T07:30"), 6*time.Hour, rest); !got.Equal(at("2026-12-03T14:30")) {
		t.Errorf("a grace that ends with the rest at noon lasts until %v", got)
	}
	if got := lastCall(briefings.KindBriefing, at("2026-12-03T07:00"), 6*time.Hour, night); !got.Equal(at("2026-12-03T13:00")) {
		t.Errorf("got %v", got)
	}
}
