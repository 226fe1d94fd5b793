package scheduler

import (
	"os"
	"slices"
	"strconv"
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
	{Day: "2006-12-25"}, {Day: "2007-01-01"}, {Day: "2011-12-30"}, {Day: "2027-04-05"}, {Day: "2027-04-30"},
	// More than a week in a row, so that two weekly slots are pushed onto one day.
	{Day: "2027-05-03"}, {Day: "2027-05-04"}, {Day: "2027-05-05"}, {Day: "2027-05-06"}, {Day: "2027-05-07"}, {Day: "2027-05-10"},
	{Day: "2018-02-14"}, {Day: "2018-02-15"}, {Day: "2018-02-16"}, {Day: "2018-02-19"}, {Day: "2018-02-20"}, {Day: "2018-09-03"},
})

// meant is the plain meaning of a cadence's days, written without regard to cost: whether a day of a naive calendar is one.
func meant(c briefings.Cadence, day time.Time, cal briefings.Calendar) bool {
	var month []time.Time // the days of the month that count
	for d := day.AddDate(0, 0, 1-day.Day()); d.Month() == day.Month(); d = d.AddDate(0, 0, 1) {
		switch {
		case c.Of == briefings.NthWeekday && d.Weekday() != c.Weekday:
		case c.Of == briefings.NthWorked && (d.Weekday() != c.Weekday || !cal.Working(d)):
		case c.Of == briefings.NthWorkday && !cal.Working(d):
		default:
			month = append(month, d)
		}
	}
	picked := func() bool {
		switch {
		case c.Nth == briefings.Last:
			return len(month) > 0 && month[len(month)-1].Equal(day)
		case c.Nth > 0:
			return len(month) >= c.Nth && month[c.Nth-1].Equal(day)
		case len(month) < c.Day:
			return month[len(month)-1].Equal(day)
		}
		return day.Day() == c.Day
	}
	switch c.Every {
	case briefings.EveryDay:
		return true
	case briefings.EveryWorkday:
		return cal.Working(day)
	case briefings.Weekly:
		return day.Weekday() == c.Weekday
	case briefings.Monthly:
		return picked()
	case briefings.Quarterly:
		return (int(day.Month())-1)%3+1 == c.Month && picked()
	case briefings.Yearly:
		return int(day.Month()) == c.Month && picked()
	}
	return false
}

// landed returns the newest day whose slot comes on a day, after the shift; false when none does.
func landed(c briefings.Cadence, day time.Time, cal briefings.Calendar) (time.Time, bool) {
	if c.Shift == briefings.Stays {
		return day, meant(c, day, cal)
	}
	if !cal.Working(day) {
		return day, false
	}
	if c.Shift == briefings.ToBefore { // of the days off that follow at once
		for d := day.AddDate(0, 0, shiftReach); d.After(day); d = d.AddDate(0, 0, -1) {
			if meant(c, d, cal) && allOff(day.AddDate(0, 0, 1), d, cal) {
				return d, true
			}
		}
	}
	if meant(c, day, cal) {
		return day, true
	}
	if c.Shift == briefings.ToNext { // of the days off right before
		for d := day.AddDate(0, 0, -1); !cal.Working(d) && day.Sub(d) <= shiftReach*24*time.Hour; d = d.AddDate(0, 0, -1) {
			if meant(c, d, cal) {
				return d, true
			}
		}
	}
	return day, false
}

func allOff(from, to time.Time, cal briefings.Calendar) bool {
	for d := from; !d.After(to); d = d.AddDate(0, 0, 1) {
		if cal.Working(d) {
			return false
		}
	}
	return true
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

// rhythms are cadences of every sort, at hours at which clocks are changed somewhere.
var rhythms = map[string]briefings.Cadence{
	"day 00:00":                   {Every: briefings.EveryDay},
	"day 00:30":                   {Every: briefings.EveryDay, Minute: 30},
	"day 01:30":                   {Every: briefings.EveryDay, Hour: 1, Minute: 30},
	"day 01:45":                   {Every: briefings.EveryDay, Hour: 1, Minute: 45},
	"day 02:15":                   {Every: briefings.EveryDay, Hour: 2, Minute: 15},
	"day 23:30":                   {Every: briefings.EveryDay, Hour: 23, Minute: 30},
	"workday 07:30":               {Every: briefings.EveryWorkday, Hour: 7, Minute: 30},
	"sunday 02:30":                {Every: briefings.Weekly, Weekday: time.Sunday, Hour: 2, Minute: 30},
	"friday 00:00":                {Every: briefings.Weekly, Weekday: time.Friday},
	"monday, else next":           {Every: briefings.Weekly, Weekday: time.Monday, Hour: 7, Shift: briefings.ToNext},
	"sunday, else before":         {Every: briefings.Weekly, Weekday: time.Sunday, Hour: 7, Shift: briefings.ToBefore},
	"tuesday, else not":           {Every: briefings.Weekly, Weekday: time.Tuesday, Hour: 7, Shift: briefings.LeavesOut},
	"5th 08:00":                   {Every: briefings.Monthly, Day: 5, Hour: 8},
	"29th 00:10":                  {Every: briefings.Monthly, Day: 29, Minute: 10},
	"30th 12:00":                  {Every: briefings.Monthly, Day: 30, Hour: 12},
	"last day, 23:59":             {Every: briefings.Monthly, Day: 31, Hour: 23, Minute: 59},
	"5th, else next":              {Every: briefings.Monthly, Day: 5, Hour: 2, Minute: 30, Shift: briefings.ToNext},
	"31st, else before":           {Every: briefings.Monthly, Day: 31, Hour: 16, Shift: briefings.ToBefore},
	"third tuesday":               {Every: briefings.Monthly, Nth: 3, Of: briefings.NthWeekday, Weekday: time.Tuesday, Hour: 9},
	"last friday that is worked":  {Every: briefings.Monthly, Nth: briefings.Last, Of: briefings.NthWorked, Weekday: time.Friday, Hour: 16},
	"last sunday, else before":    {Every: briefings.Monthly, Nth: briefings.Last, Of: briefings.NthWeekday, Weekday: time.Sunday, Hour: 2, Shift: briefings.ToBefore},
	"first workday":               {Every: briefings.Monthly, Nth: 1, Of: briefings.NthWorkday, Hour: 7},
	"last workday":                {Every: briefings.Monthly, Nth: briefings.Last, Of: briefings.NthWorkday, Hour: 17},
	"5th of the quarter's second": {Every: briefings.Quarterly, Month: 2, Day: 5, Hour: 7, Minute: 30},
	"quarter's last workday":      {Every: briefings.Quarterly, Month: 3, Nth: briefings.Last, Of: briefings.NthWorkday, Hour: 16},
	"2 September, else next":      {Every: briefings.Yearly, Month: 9, Day: 2, Hour: 7, Shift: briefings.ToNext},
	"29 February":                 {Every: briefings.Yearly, Month: 2, Day: 29, Hour: 7},
}

// stretches are ten zones and years in which their clocks did something.
var stretches = []struct{ zone, from, to string }{
	{"Asia/Ho_Chi_Minh", "2026-01-01", "2028-03-02"},
	{"America/New_York", "2026-01-01", "2027-12-01"},
	{"Africa/Cairo", "2026-01-01", "2027-12-01"},
	{"Europe/Berlin", "2027-01-01", "2028-04-01"},
	{"Australia/Lord_Howe", "2026-01-01", "2027-06-01"}, // half an hour
	{"America/Sao_Paulo", "2017-06-01", "2019-04-01"},   // no midnight
	{"Pacific/Apia", "2011-06-01", "2012-06-01"},        // a whole day is missing
	{"Asia/Kathmandu", "2027-01-01", "2027-08-01"},      // a quarter of an hour beside the others
	{"America/St_Johns", "2006-09-01", "2007-12-01"},    // changed at a minute past midnight
	{"UTC", "2027-12-01", "2028-07-01"},
}

// sweepYears is how many years of every zone the walker walks instead of its stretch; empty: the stretch alone.
const sweepYears = "BRIEFBOT_SWEEP_YEARS"

func TestSlotsAreThoseOfAMinuteWalker(t *testing.T) {
	byClock := map[int][]string{}
	for name, c := range rhythms {
		byClock[c.Hour*60+c.Minute] = append(byClock[c.Hour*60+c.Minute], name)
	}
	for _, s := range stretches {
		t.Run(s.zone, func(t *testing.T) {
			t.Parallel()
			loc := zone(t, s.zone)
			from, _ := time.ParseInLocation(time.DateOnly, s.from, loc)
			to, _ := time.ParseInLocation(time.DateOnly, s.to, loc)
			if years, err := strconv.Atoi(os.Getenv(sweepYears)); err == nil {
				to = from.AddDate(years, 0, 0)
			}
			want := map[string][]Slot{}
			walkMinutes(from, to, loc, func(wall, at time.Time) {
				for _, name := range byClock[wall.Hour()*60+wall.Minute()] {
					day, comes := landed(rhythms[name], wall, holidays)
					if !comes {
						continue
					}
					slots := want[name]
					if n := len(slots); n > 0 && slots[n-1].At.Equal(at) {
						slots = slots[:n-1] // pushed onto one moment: the newest counts
					}
					want[name] = append(slots, Slot{briefings.OccasionAt(day), at})
				}
			})
			for name, c := range rhythms {
				compareSlots(t, name, c, want[name], from, to, loc)
			}
		})
	}
}

func compareSlots(t *testing.T, name string, c briefings.Cadence, want []Slot, from, to time.Time, loc *time.Location) {
	t.Helper()
	got := []Slot{}
	for at := from; at.Before(to); at = at.AddDate(1, 0, 0) { // Due looks back three years and returns a thousand at most
		end := at.AddDate(1, 0, 0)
		if end.After(to) {
			end = to
		}
		got = append(got, Due(c, at, end, holidays, loc)...)
	}
	if len(got) != len(want) {
		t.Errorf("%s: %d slots, want %d", name, len(got), len(want))
		return
	}
	seen := map[briefings.Occasion]bool{}
	for i, w := range want {
		if got[i].Occasion != w.Occasion || !got[i].At.Equal(w.At) {
			t.Fatalf("%s: slot %d is %v, want %v", name, i, got[i], w)
		}
		if seen[w.Occasion] {
			t.Fatalf("%s: %s comes twice", name, w.Occasion)
		}
		seen[w.Occasion] = true
	}
	n := min(5, len(got))
	if next := Upcoming(c, from, n, holidays, loc); !slices.EqualFunc(next, got[:n], func(a, b Slot) bool { return a.At.Equal(b.At) }) {
		t.Errorf("%s: upcoming %v, want %v", name, next, got[:n])
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
	f.Add(0, 7, 30, 1, 5, 0, 0, 0, int64(1795000000))
	f.Add(3, 2, 30, 0, 31, 0, 0, 1, int64(1805000000))
	f.Add(4, -5, 99, 12, 40, 9, 9, 9, int64(-1))
	f.Add(5, 7, 0, 5, 0, 4, 3, 0, int64(1805000000))
	f.Add(6, 7, 0, 5, 29, 0, 2, 2, int64(1805000000))
	rhythms := []briefings.Every{
		briefings.EveryDay, briefings.EveryWorkday, briefings.Weekly, briefings.Monthly, briefings.Quarterly, briefings.Yearly, "x",
	}
	shifts := []briefings.Shift{briefings.Stays, briefings.ToNext, briefings.ToBefore, briefings.LeavesOut}
	counted := []briefings.NthOf{briefings.NthWeekday, briefings.NthWorked, briefings.NthWorkday}
	cairo := zone(f, "Africa/Cairo")
	f.Fuzz(func(t *testing.T, rhythm, hour, minute, weekday, day, nth, month, shift int, unix int64) {
		if unix < -1<<36 || unix > 1<<36 || rhythm < 0 || shift < 0 || nth < 0 {
			t.Skip()
		}
		c := briefings.Cadence{
			Every: rhythms[rhythm%len(rhythms)], Hour: hour, Minute: minute, Weekday: time.Weekday(weekday), Day: day, Month: month,
			Shift: shifts[shift%len(shifts)],
		}
		if nth > 0 {
			c.Day, c.Nth, c.Of = 0, nth%6-1, counted[nth%3]
		}
		after := time.Unix(unix, 0)
		_, at, ok := Next(c, after, holidays, cairo)
		never := c.Shift == briefings.LeavesOut || c.Of == briefings.NthWorked // a Saturday may never be worked
		if ok != (c.Check() == nil) && (ok || !never) {
			t.Fatalf("%+v: ok %v", c, ok)
		}
		if ok && (!at.After(after) || at.Sub(after) > lookAhead) {
			t.Fatalf("%+v after %v: %v", c, after, at)
		}
	})
}
