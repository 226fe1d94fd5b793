package scheduler

import (
	"fmt"
	"slices"
	"time"

	"briefbot/briefings"

	"github.com/robfig/cron/v3"
)

// Slot is one occasion of a cadence and the moment on which it falls, in the organisation's zone.
type Slot struct {
	Occasion briefings.Occasion
	At       time.Time
}

const (
	// DueLimit is how many slots Due returns at most, the newest.
	DueLimit = 1000
	// lookBack bounds how far Due goes back for a cadence that was forgotten.
	lookBack = 3 * 366 * 24 * time.Hour
	// lookAhead bounds the search for a slot: a cadence that does not come within it never comes.
	lookAhead = 8 * 366 * 24 * time.Hour
)

// Next returns the first slot of a cadence strictly after a moment. A workday is what the calendar calls one; a month without the
// day uses its last. A slot that is shifted off a holiday keeps the name of the day it was meant for. It reports false when the cadence cannot be read, has passed, or does not come within eight years.
func Next(c briefings.Cadence, after time.Time, cal briefings.Calendar, loc *time.Location) (briefings.Occasion, time.Time, bool) {
	slots := upTo(1, c, after, cal, loc)
	if len(slots) == 0 {
		return "", time.Time{}, false
	}
	return slots[0].Occasion, slots[0].At, true
}

// Upcoming returns the next n slots of a cadence after a moment, fewer when it ends before.
func Upcoming(c briefings.Cadence, now time.Time, n int, cal briefings.Calendar, loc *time.Location) []Slot {
	return upTo(n, c, now, cal, loc)
}

// Due returns the slots after since up to and including now, oldest first: the last DueLimit of them, and none that are more than
// three years old unless the cadence comes only once.
func Due(c briefings.Cadence, since, now time.Time, cal briefings.Calendar, loc *time.Location) []Slot {
	if bound := now.Add(-lookBack); since.Before(bound) && c.Every != briefings.Once {
		since = bound
	}
	var due []Slot
	walk(c, since, cal, loc, func(s Slot) bool {
		if s.At.After(now) {
			return false
		}
		due = append(due, s)
		return true
	})
	if n := len(due) - DueLimit; n > 0 {
		due = slices.Delete(due, 0, n)
	}
	return due
}

func upTo(n int, c briefings.Cadence, after time.Time, cal briefings.Calendar, loc *time.Location) []Slot {
	var slots []Slot
	if n <= 0 {
		return nil
	}
	walk(c, after, cal, loc, func(s Slot) bool {
		slots = append(slots, s)
		return len(slots) < n
	})
	return slots
}

// walk visits the slots after a moment in their order until visit says no or none comes for lookAhead. Of several slots at one moment,
// which a gap of the clocks or a row of holidays pushes together, it visits the newest: nobody wants two editions at once.
func walk(c briefings.Cadence, after time.Time, cal briefings.Calendar, loc *time.Location, visit func(Slot) bool) {
	if c.Check() != nil {
		return
	}
	if c.Every == briefings.Once {
		if at := c.At.In(loc); at.After(after) {
			visit(Slot{Occasion: briefings.OccasionAt(at), At: at})
		}
		return
	}
	schedule, err := parse(c)
	if err != nil {
		return
	}
	wall := naive(after.In(loc))
	until := wall.Add(lookAhead)
	if c.Shift == briefings.ToNext {
		wall = wall.AddDate(0, 0, -shiftReach) // what was meant for an earlier day may come only now
	}
	var held Slot
	for {
		wall = next(schedule, wall)
		if wall.IsZero() || wall.After(until) {
			break
		}
		if !falls(c, wall, cal) {
			continue
		}
		day, comes := shifted(c.Shift, wall, cal)
		if !comes {
			continue
		}
		at := moment(day, loc)
		if !at.After(after) {
			continue // judged before, or the second showing of an hour in which the slot already was
		}
		if !held.At.IsZero() && at.After(held.At) && !visit(held) {
			return
		}
		held = Slot{Occasion: briefings.OccasionAt(wall), At: at}
		until = wall.Add(lookAhead)
	}
	if !held.At.IsZero() {
		visit(held)
	}
}

// parse writes a cadence as a cron specification and reads it. The schedule is evaluated on naive times: cron's own handling of
// zones skips a slot when clocks go forward and fires it twice when they go back.
func parse(c briefings.Cadence) (s *cron.SpecSchedule, err error) {
	defer func() {
		if r := recover(); r != nil { // the parser indexes without looking
			s, err = nil, fmt.Errorf("parse cadence: %v", r)
		}
	}()
	parser := cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow)
	parsed, err := parser.Parse(line(c))
	if err != nil {
		return nil, fmt.Errorf("parse cadence: %w", err)
	}
	s, ok := parsed.(*cron.SpecSchedule)
	if !ok {
		return nil, fmt.Errorf("parse cadence: unexpected schedule %T", parsed)
	}
	s.Location = time.UTC
	return s, nil
}

// line writes a cadence as the five fields of cron. It names every day that could be a slot; which of them are depends on the month
// and the calendar: see falls.
func line(c briefings.Cadence) string {
	day, month, weekday := "*", "*", "*"
	switch c.Every {
	case briefings.ByLine:
		return c.Line
	case briefings.Weekly:
		weekday = fmt.Sprint(int(c.Weekday))
	case briefings.Quarterly:
		month = fmt.Sprintf("%d,%d,%d,%d", c.Month, c.Month+3, c.Month+6, c.Month+9)
	case briefings.Yearly:
		month = fmt.Sprint(c.Month)
	}
	if c.Day > shortestMonth {
		day = fmt.Sprintf("%d-31", shortestMonth)
	} else if c.Day > 0 {
		day = fmt.Sprint(c.Day)
	}
	return fmt.Sprintf("%d %d %s %s %s", c.Minute, c.Hour, day, month, weekday)
}

// shortestMonth is the number of days that every month has.
const shortestMonth = 28

// next is cron's Next that answers "never" where cron panics.
func next(s *cron.SpecSchedule, wall time.Time) (at time.Time) {
	defer func() {
		if recover() != nil {
			at = time.Time{}
		}
	}()
	return s.Next(wall)
}

// falls decides what a cron specification cannot say: holidays, days worked in their stead, the last day of a short month, and the
// Nth of something.
func falls(c briefings.Cadence, wall time.Time, cal briefings.Calendar) bool {
	switch c.Every {
	case briefings.EveryWorkday:
		return cal.Working(wall)
	case briefings.Monthly, briefings.Quarterly, briefings.Yearly:
		if c.Nth == 0 {
			return wall.Day() == min(c.Day, lastDay(wall))
		}
		return counts(c, wall, cal) && nth(c, wall, cal)
	}
	return true
}

// counts reports whether a day is one of those that Nth counts.
func counts(c briefings.Cadence, wall time.Time, cal briefings.Calendar) bool {
	return (c.Of == briefings.NthWorkday || wall.Weekday() == c.Weekday) && (c.Of == briefings.NthWeekday || cal.Working(wall))
}

// nth reports whether a day that counts is the Nth of its month.
func nth(c briefings.Cadence, wall time.Time, cal briefings.Calendar) bool {
	from, to, want := 1, wall.Day(), c.Nth
	if c.Nth == briefings.Last {
		from, to, want = wall.Day(), lastDay(wall), 1
	}
	n := 0
	for d := from; d <= to; d++ {
		if counts(c, wall.AddDate(0, 0, d-wall.Day()), cal) {
			n++
		}
	}
	return n == want
}

func lastDay(wall time.Time) int {
	return time.Date(wall.Year(), wall.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// shiftReach is how many days a slot may be shifted; where nothing is worked for longer, it does not come.
const shiftReach = 31

// shifted returns when a slot comes that was meant for a day, on the wall clock, and whether it comes at all.
func shifted(s briefings.Shift, wall time.Time, cal briefings.Calendar) (time.Time, bool) {
	var step int
	switch {
	case s == briefings.Stays || cal.Working(wall):
		return wall, true
	case s == briefings.ToNext:
		step = 1
	case s == briefings.ToBefore:
		step = -1
	default:
		return wall, false
	}
	for n := 1; n <= shiftReach; n++ {
		if day := wall.AddDate(0, 0, n*step); cal.Working(day) {
			return day, true
		}
	}
	return wall, false
}
