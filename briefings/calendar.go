package briefings

import "time"

// Holiday is a day that is off, or a Saturday or Sunday that is worked in its stead. The list is data that an admin edits: the
// government fixes the dates anew each year.
type Holiday struct {
	Day     string `json:"day"` // 2006-01-02
	Name    Text   `json:"name"`
	Working bool   `json:"working,omitempty"` // worked although it is a weekend
}

// Calendar tells working days from others.
type Calendar map[string]Holiday

// NewCalendar indexes holidays by day.
func NewCalendar(days []Holiday) Calendar {
	c := Calendar{}
	for _, h := range days {
		c[h.Day] = h
	}
	return c
}

// Working reports whether the day of t, in t's zone, is worked.
func (c Calendar) Working(t time.Time) bool {
	if h, ok := c[t.Format(time.DateOnly)]; ok {
		return h.Working
	}
	return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday
}

// QuietHours are hours of wall time, in minutes from midnight, in which nothing but urgent notices and replies is sent. The zero
// value is none. From may be later than To: then they span midnight.
type QuietHours struct{ From, To int }

// Quiet reports whether t lies in the quiet hours.
func (q QuietHours) Quiet(t time.Time) bool {
	at := t.Hour()*60 + t.Minute()
	switch {
	case q.From == q.To:
		return false
	case q.From < q.To:
		return at >= q.From && at < q.To
	}
	return at >= q.From || at < q.To
}

// End returns the next moment at or after t that is not quiet.
func (q QuietHours) End(t time.Time) time.Time {
	if !q.Quiet(t) {
		return t
	}
	end := time.Date(t.Year(), t.Month(), t.Day(), q.To/60, q.To%60, 0, 0, t.Location())
	if end.Before(t) || end.Equal(t) {
		end = end.AddDate(0, 0, 1)
	}
	return end
}
