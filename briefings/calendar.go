package briefings

import (
	"slices"
	"time"
)

// Holiday is a day that is not what its weekday says: a day off, a Saturday or Sunday that is worked in the stead of one, or a day on
// which only what is urgent is sent. The list is data that people edit: the government fixes the dates anew each year.
type Holiday struct {
	Day     string `json:"day"` // 2006-01-02
	Name    Text   `json:"name"`
	Working bool   `json:"working,omitempty"` // worked, even on a weekend
	Still   bool   `json:"still,omitempty"`   // nothing but urgent notices and replies goes out
}

// Date is the holiday's midnight in UTC; zero when its day cannot be read.
func (h Holiday) Date() time.Time {
	t, _ := time.Parse(time.DateOnly, h.Day) // zero with an error
	return t
}

// Declare puts days into a list of holidays, in place of those of the same date, and returns it in the order of dates. A list that
// would hold more than HolidaysKept is refused; days long past give way first.
func Declare(list, days []Holiday, today time.Time) ([]Holiday, error) {
	out := slices.DeleteFunc(slices.Clone(list), func(old Holiday) bool {
		return slices.ContainsFunc(days, func(h Holiday) bool { return h.Day == old.Day })
	})
	out = append(out, days...)
	slices.SortFunc(out, func(a, b Holiday) int { return a.Date().Compare(b.Date()) })
	out = slices.CompactFunc(out, func(a, b Holiday) bool { return a.Day == b.Day })
	if len(out) > HolidaysKept {
		past := today.AddDate(-2, 0, 0).Format(time.DateOnly)
		out = slices.DeleteFunc(out, func(h Holiday) bool { return h.Day < past })
	}
	if len(out) > HolidaysKept {
		return nil, Refuse("holidays.too_many", "n", HolidaysKept)
	}
	return out, nil
}

// HolidaysKept is how many holidays a list may hold.
const HolidaysKept = 500

// Revoke takes a day out of a list of holidays; ErrUnchanged when it is not there.
func Revoke(list []Holiday, day string) ([]Holiday, error) {
	out := slices.DeleteFunc(slices.Clone(list), func(h Holiday) bool { return h.Day == day })
	if len(out) == len(list) {
		return nil, ErrUnchanged
	}
	return out, nil
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

// Still reports whether only what is urgent is sent on the day of t, in t's zone.
func (c Calendar) Still(t time.Time) bool { return len(c) > 0 && c[t.Format(time.DateOnly)].Still }

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

// Hours are the hours of a day in which little is sent. They are data that people edit.
type Hours struct {
	Night QuietHours `json:"night,omitzero"` // nothing but urgent notices and replies
	Noon  QuietHours `json:"noon,omitzero"`  // the rest at noon: no bulk sending
}

// Check refuses hours that are no hours of a day, and those that leave less than two hours of it free.
func (h Hours) Check() error {
	const day, free = 24 * 60, 2 * 60
	taken := 0
	for _, q := range []QuietHours{h.Night, h.Noon} {
		if q.From < 0 || q.From >= day || q.To < 0 || q.To >= day {
			return Refuse("hours.bad")
		}
		if n := q.To - q.From; n < 0 {
			taken += n + day
		} else {
			taken += n
		}
	}
	if taken > day-free {
		return Refuse("hours.too_many")
	}
	return nil
}

// Calm says when what may be sent: hours of the day, and days. The zero value never holds anything back.
type Calm struct {
	Hours
	Days   Calendar
	Waived bool // somebody let it pass: nothing is held back
}

// Quiet reports whether a kind has to wait at a moment, in its own zone. Urgent kinds never do. Those who come to a meeting are
// reminded on a still day too: it was called for that day.
func (c Calm) Quiet(kind Kind, t time.Time) bool {
	switch {
	case c.Waived, kind.Class() <= ClassUrgent:
		return false
	case c.Night.Quiet(t), kind != KindRemindComing && c.Days.Still(t):
		return true
	}
	return kind.Bulk() && c.Noon.Quiet(t)
}

// Resting reports whether a kind has to wait at a moment only because people rest at noon.
func (c Calm) Resting(kind Kind, t time.Time) bool {
	return c.Quiet(kind, t) && !c.Night.Quiet(t) && (kind == KindRemindComing || !c.Days.Still(t))
}

// End returns the next moment at or after t at which a kind may be sent. Should no day be free for a year, it is a year later.
func (c Calm) End(kind Kind, t time.Time) time.Time {
	for limit := t.AddDate(1, 0, 0); t.Before(limit) && c.Quiet(kind, t); {
		switch {
		case kind != KindRemindComing && c.Days.Still(t):
			t = time.Date(t.Year(), t.Month(), t.Day()+1, 0, 0, 0, 0, t.Location())
		case c.Night.Quiet(t):
			t = c.Night.End(t)
		default:
			t = c.Noon.End(t)
		}
	}
	return t
}
