package briefings

import (
	"fmt"
	"time"
)

// Cadence says when a briefing comes. It is a value of words, not of cron fields; only the scheduler computes with it.
type Cadence struct {
	Every   Every        `json:"every"`
	At      time.Time    `json:"at,omitzero"`       // for Once: the moment
	Hour    int          `json:"hour,omitempty"`    // wall time in the organisation's zone
	Minute  int          `json:"minute,omitempty"`  //
	Weekday time.Weekday `json:"weekday,omitempty"` // for Weekly, and where Nth counts weekdays
	Day     int          `json:"day,omitempty"`     // in a month: 1 to 31; a month that is shorter uses its last day
	Nth     int          `json:"nth,omitempty"`     // in a month, in place of Day: 1 to 4, or Last
	Of      NthOf        `json:"of,omitempty"`      // what Nth counts
	Month   int          `json:"month,omitempty"`   // for Quarterly: 1 to 3, the month of the quarter; for Yearly: 1 to 12
	Shift   Shift        `json:"shift,omitempty"`   // what a slot does that falls on a day that is not worked
	Line    string       `json:"line,omitempty"`    // for ByLine: five fields, as CheckLine takes them
}

// Every is the rhythm of a cadence.
type Every string

// The rhythms. Monthly, Quarterly and Yearly pick one day of a month.
const (
	Once         Every = "once"
	EveryDay     Every = "day"
	EveryWorkday Every = "workday" // every day that is worked
	Weekly       Every = "week"
	Monthly      Every = "month"
	Quarterly    Every = "quarter"
	Yearly       Every = "year"
	ByLine       Every = "line" // by the five fields of a cron line
)

// Last is the Nth that counts from the end.
const Last = -1

// NthOf is what the Nth of a month is.
type NthOf string

// What is counted in a month.
const (
	NthWeekday NthOf = "weekday" // the third Tuesday
	NthWorked  NthOf = "worked"  // the last Friday that is worked
	NthWorkday NthOf = "workday" // the first day that is worked
)

// Shift is what a slot does that falls on a day that is not worked.
type Shift string

// The shifts. A shifted slot keeps the name of the day it was meant for, so that a holiday that is declared late cannot double it.
const (
	Stays     Shift = ""       // it comes all the same
	ToNext    Shift = "next"   // on the next working day
	ToBefore  Shift = "before" // on the working day before
	LeavesOut Shift = "out"    // not at all
)

// Check refuses a cadence that cannot come, each fault with its own sentence.
func (c Cadence) Check() error {
	bad := Refuse("form.bad_cadence")
	switch {
	case c.Hour < 0 || c.Hour > 23 || c.Minute < 0 || c.Minute > 59:
		return bad
	case c.Every == ByLine:
		if c != (Cadence{Every: ByLine, Line: c.Line}) {
			return bad
		}
		return CheckLine(c.Line)
	}
	fits := false
	switch c.Every {
	case Once:
		fits = !c.At.IsZero() && c.Shift == Stays
	case EveryDay, EveryWorkday:
		fits = c.Shift == Stays
	case Weekly:
		fits = known(c.Weekday) && c.Shift.known()
	case Monthly, Quarterly, Yearly:
		fits = c.inMonth() && c.Shift.known()
	}
	if !fits {
		return bad
	}
	if c.Every == Yearly && c.Nth == 0 && c.Day > MonthDays(c.Month) {
		return Refuse("cadence.no_such_day", "day", c.Day, "month", c.Month)
	}
	return nil
}

// inMonth reports whether a cadence names one day of its month.
func (c Cadence) inMonth() bool {
	months := map[Every]int{Monthly: 0, Quarterly: 3, Yearly: 12}[c.Every]
	if c.Month > months || c.Month < min(months, 1) {
		return false
	}
	if c.Nth == 0 {
		return c.Day >= 1 && c.Day <= 31 && c.Of == ""
	}
	if c.Day != 0 || c.Nth > 4 || c.Nth < Last {
		return false
	}
	switch c.Of {
	case NthWeekday:
		return known(c.Weekday)
	case NthWorked, NthWorkday:
		return known(c.Weekday) && c.Shift == Stays // what is worked needs no shift
	}
	return false
}

func known(d time.Weekday) bool { return d >= time.Sunday && d <= time.Saturday }

func (s Shift) known() bool { return s == Stays || s == ToNext || s == ToBefore || s == LeavesOut }

// MonthDays is how many days a month may have at most: 29 for February.
func MonthDays(month int) int {
	switch month {
	case 2:
		return 29
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// Occasion names a slot in time: wall time for a repeating cadence, so that the same slot has the same name on every replica.
// It is part of a mailing's key.
type Occasion string

// OccasionAt names the slot of a moment in its own zone, to the minute.
func OccasionAt(t time.Time) Occasion { return Occasion(t.Format("2006-01-02T15:04")) }

// Time reads the occasion in a zone.
func (o Occasion) Time(loc *time.Location) (time.Time, error) {
	t, err := time.ParseInLocation("2006-01-02T15:04", string(o), loc)
	if err != nil {
		return time.Time{}, fmt.Errorf("read occasion: %w", err)
	}
	return t, nil
}
