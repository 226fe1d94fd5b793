package scheduler

import (
	"slices"
	"testing"
	"time"
	_ "time/tzdata"

	"briefbot/briefings"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatalf("load zone: %v", err)
	}
	return loc
}

var holidays = briefings.NewCalendar([]briefings.Holiday{
	{Day: "2026-01-01"}, {Day: "2026-09-02"}, {Day: "2027-02-08"}, {Day: "2027-02-09"}, {Day: "2027-02-10"},
	{Day: "2027-02-20", Working: true}, // a Saturday worked in lieu
})

// matches is the plain meaning of a cadence, minute by minute, on a naive wall clock.
func matches(c briefings.Cadence, wall time.Time, cal briefings.Calendar) bool {
	if wall.Hour() != c.Hour || wall.Minute() != c.Minute {
		return false
	}
	switch c.Every {
	case briefings.EveryDay:
		return true
	case briefings.EveryWorkday:
		return cal.Working(wall)
	case briefings.Weekly:
		return wall.Weekday() == c.Weekday
	case briefings.Monthly:
		tomorrow := wall.AddDate(0, 0, 1)
		return wall.Day() == c.Day || wall.Day() < c.Day && tomorrow.Month() != wall.Month()
	}
	return false
}

// walkMinutes steps through real time by the minute and reports every reading of the wall clock once, at the first moment at which
// the clock shows it or has jumped over it.
func walkMinutes(from, to time.Time, loc *time.Location, visit func(wall, at time.Time)) {
	highest := naive(from.In(loc))
	for at := from; !at.After(to); at = at.Add(time.Minute) {
		for shown := naive(at.In(loc)); highest.Before(shown); {
			highest = highest.Add(time.Minute)
			visit(highest, at)
		}
	}
}

func TestSlotsAreThoseOfAMinuteWalker(t *testing.T) {
	cadences := map[string]briefings.Cadence{
		"day 00:00":       {Every: briefings.EveryDay},
		"day 00:30":       {Every: briefings.EveryDay, Minute: 30},
		"day 01:30":       {Every: briefings.EveryDay, Hour: 1, Minute: 30},
		"day 01:45":       {Every: briefings.EveryDay, Hour: 1, Minute: 45},
		"day 02:15":       {Every: briefings.EveryDay, Hour: 2, Minute: 15},
		"day 23:30":       {Every: briefings.EveryDay, Hour: 23, Minute: 30},
		"workday 07:30":   {Every: briefings.EveryWorkday, Hour: 7, Minute: 30},
		"sunday 02:30":    {Every: briefings.Weekly, Weekday: time.Sunday, Hour: 2, Minute: 30},
		"friday 00:00":    {Every: briefings.Weekly, Weekday: time.Friday},
		"5th 08:00":       {Every: briefings.Monthly, Day: 5, Hour: 8},
		"29th 00:10":      {Every: briefings.Monthly, Day: 29, Minute: 10},
		"30th 12:00":      {Every: briefings.Monthly, Day: 30, Hour: 12},
		"last day, 23:59": {Every: briefings.Monthly, Day: 31, Hour: 23, Minute: 59},
	}
	stretches := []struct{ zone, from, to string }{
		{"Asia/Ho_Chi_Minh", "2026-01-01", "2028-03-02"},
		{"America/New_York", "2026-01-01", "2027-12-01"},
		{"Africa/Cairo", "2026-01-01", "2027-12-01"},
		{"Europe/Berlin", "2027-01-01", "2028-04-01"},
		{"Australia/Lord_Howe", "2026-01-01", "2027-06-01"},
		{"America/Sao_Paulo", "2017-06-01", "2019-04-01"},
		{"Pacific/Apia", "2011-06-01", "2012-06-01"}, // a whole day is missing
		{"UTC", "2027-12-01", "2028-07-01"},
	}
	for _, s := range stretches {
		t.Run(s.zone, func(t *testing.T) {
			t.Parallel()
			loc := zone(t, s.zone)
			from, _ := time.ParseInLocation(time.DateOnly, s.from, loc)
			to, _ := time.ParseInLocation(time.DateOnly, s.to, loc)
			want := map[string][]Slot{}
			walkMinutes(from, to, loc, func(wall, at time.Time) {
				for name, c := range cadences {
					if matches(c, wall, holidays) {
						want[name] = append(want[name], Slot{briefings.OccasionAt(wall), at})
					}
				}
			})
			for name, c := range cadences {
				got := Due(c, from, to, holidays, loc)
				if len(got) != len(want[name]) {
					t.Errorf("%s: %d slots, want %d", name, len(got), len(want[name]))
					continue
				}
				seen := map[briefings.Occasion]bool{}
				for i, w := range want[name] {
					if got[i].Occasion != w.Occasion || !got[i].At.Equal(w.At) {
						t.Fatalf("%s: slot %d is %v, want %v", name, i, got[i], w)
					}
					if seen[w.Occasion] {
						t.Fatalf("%s: %s comes twice", name, w.Occasion)
					}
					seen[w.Occasion] = true
				}
				if next := Upcoming(c, from, 5, holidays, loc); !slices.EqualFunc(next, got[:5], func(a, b Slot) bool { return a.At.Equal(b.At) }) {
					t.Errorf("%s: upcoming %v, want %v", name, next, got[:5])
				}
				for _, slot := range got { // from just before it, it is next; from the moment itself, it is not
					o, at, ok := Next(c, slot.At.Add(-time.Nanosecond), holidays, loc)
					if !ok || !at.Equal(slot.At) || !seen[o] {
						t.Fatalf("%s: next before %v is %v %v", name, slot, o, at)
					}
					if _, at, ok := Next(c, slot.At, holidays, loc); ok && !at.After(slot.At) {
						t.Fatalf("%s: next at %v is %v again", name, slot, at)
					}
				}
			}
		})
	}
}

func TestASlotInAGapComesRightAfterItAndOneInAFoldComesOnce(t *testing.T) {
	tests := []struct {
		name, zone   string
		hour, minute int
		day          string
		want         string
	}{
		{"gap in New York", "America/New_York", 2, 30, "2027-03-14", "2027-03-14T03:00:00-04:00"},
		{"fold in New York", "America/New_York", 1, 30, "2026-11-01", "2026-11-01T01:30:00-04:00"},
		{"gap at midnight in Cairo", "Africa/Cairo", 0, 0, "2027-04-30", "2027-04-30T01:00:00+03:00"},
		{"half an hour in Lord Howe", "Australia/Lord_Howe", 2, 15, "2026-10-04", "2026-10-04T02:30:00+11:00"},
		{"no change in Viet Nam", "Asia/Ho_Chi_Minh", 2, 30, "2027-03-14", "2027-03-14T02:30:00+07:00"},
		{"a day that is not there", "Pacific/Apia", 7, 0, "2011-12-30", "2011-12-31T00:00:00+14:00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			loc := zone(t, tt.zone)
			day, _ := time.Parse(time.DateOnly, tt.day)
			wall := day.Add(time.Duration(tt.hour)*time.Hour + time.Duration(tt.minute)*time.Minute)
			c := briefings.Cadence{Every: briefings.EveryDay, Hour: tt.hour, Minute: tt.minute}
			o, at, ok := Next(c, moment(wall, loc).Add(-time.Second), nil, loc)
			if !ok || at.Format(time.RFC3339) != tt.want || o != briefings.OccasionAt(wall) {
				t.Errorf("got %v %v %v, want %v", o, at.Format(time.RFC3339), ok, tt.want)
			}
		})
	}
}

func TestOnceComesOnce(t *testing.T) {
	loc := zone(t, "Asia/Ho_Chi_Minh")
	at := time.Date(2026, 11, 24, 7, 30, 20, 0, loc)
	c := briefings.Cadence{Every: briefings.Once, At: at.UTC()}
	if o, got, ok := Next(c, at.Add(-time.Second), nil, loc); !ok || !got.Equal(at) || o != "2026-11-24T07:30" {
		t.Errorf("next is %v %v %v", o, got, ok)
	}
	if _, _, ok := Next(c, at, nil, loc); ok {
		t.Error("it comes again")
	}
	if due := Due(c, at.AddDate(-9, 0, 0), at, nil, loc); len(due) != 1 {
		t.Errorf("due %v", due)
	}
	if next := Upcoming(c, at.Add(-time.Hour), 5, nil, loc); len(next) != 1 {
		t.Errorf("upcoming %v", next)
	}
}

func TestACadenceThatCannotComeNeverComes(t *testing.T) {
	loc := time.UTC
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, loc)
	var days []briefings.Holiday
	for d := now; d.Before(now.AddDate(12, 0, 0)); d = d.AddDate(0, 0, 1) {
		days = append(days, briefings.Holiday{Day: d.Format(time.DateOnly)})
	}
	cadences := map[string]briefings.Cadence{
		"zero":            {},
		"unknown rhythm":  {Every: "fortnight"},
		"hour 24":         {Every: briefings.EveryDay, Hour: 24},
		"minute -1":       {Every: briefings.EveryDay, Minute: -1},
		"weekday 7":       {Every: briefings.Weekly, Weekday: 7},
		"day 0":           {Every: briefings.Monthly},
		"no working days": {Every: briefings.EveryWorkday, Hour: 7},
		"once at no time": {Every: briefings.Once},
	}
	for name, c := range cadences {
		if o, at, ok := Next(c, now, briefings.NewCalendar(days), loc); ok {
			t.Errorf("%s: comes at %v %v", name, o, at)
		}
	}
}

func TestDueIsBounded(t *testing.T) {
	c := briefings.Cadence{Every: briefings.EveryDay, Hour: 7}
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	due := Due(c, time.Time{}, now, nil, time.UTC)
	if len(due) != DueLimit || due[len(due)-1].Occasion != "2026-11-23T07:00" {
		t.Errorf("%d slots, last %v", len(due), due[len(due)-1])
	}
	if n := Upcoming(c, now, 0, nil, time.UTC); n != nil {
		t.Errorf("none asked for, got %v", n)
	}
}

func FuzzNextComesAfter(f *testing.F) {
	f.Add(0, 7, 30, 1, 5, int64(1795000000))
	f.Add(3, 2, 30, 0, 31, int64(1805000000))
	f.Add(4, -5, 99, 12, 40, int64(-1))
	rhythms := []briefings.Every{briefings.EveryDay, briefings.EveryWorkday, briefings.Weekly, briefings.Monthly, "x"}
	cairo := zone(f, "Africa/Cairo")
	f.Fuzz(func(t *testing.T, rhythm, hour, minute, weekday, day int, unix int64) {
		if unix < -1<<36 || unix > 1<<36 || rhythm < 0 {
			t.Skip()
		}
		c := briefings.Cadence{Every: rhythms[rhythm%len(rhythms)], Hour: hour, Minute: minute, Weekday: time.Weekday(weekday), Day: day}
		after := time.Unix(unix, 0)
		_, at, ok := Next(c, after, holidays, cairo)
		if ok != (c.Check() == nil) {
			t.Fatalf("%+v: ok %v", c, ok)
		}
		if ok && (!at.After(after) || at.Sub(after) > 32*24*time.Hour) {
			t.Fatalf("%+v after %v: %v", c, after, at)
		}
	})
}
