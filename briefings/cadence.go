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
	Weekday time.Weekday `json:"weekday,omitempty"` // for Weekly
	Day     int          `json:"day,omitempty"`     // for Monthly: 1 to 31; a month that is shorter uses its last day
}

// Every is the rhythm of a cadence.
type Every string

const (
	Once         Every = "once"
	EveryDay     Every = "day"
	EveryWorkday Every = "workday" // Monday to Friday that is not a holiday
	Weekly       Every = "week"
	Monthly      Every = "month"
)

// Check refuses a cadence that cannot come.
func (c Cadence) Check() error {
	bad := false
	switch c.Every {
	case Once:
		bad = c.At.IsZero()
	case EveryDay, EveryWorkday:
	case Weekly:
		bad = c.Weekday < time.Sunday || c.Weekday > time.Saturday
	case Monthly:
		bad = c.Day < 1 || c.Day > 31
	default:
		bad = true
	}
	if bad || c.Hour < 0 || c.Hour > 23 || c.Minute < 0 || c.Minute > 59 {
		return Refuse("form.bad_cadence")
	}
	return nil
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
