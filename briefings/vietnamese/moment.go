package vietnamese

import (
	"errors"
	"fmt"
	"time"
)

// Why a date or an hour is refused. A contradiction between the weekday and
// the date is a *WeekdayError.
var (
	ErrUnreadable  = errors.New("not a date and hour")
	ErrDateMissing = errors.New("no date")
	ErrHourMissing = errors.New("no hour")
	ErrNoSuchDay   = errors.New("no such day")
	ErrNoSuchHour  = errors.New("no such hour")
)

// WeekdayError says that the weekday that was written is not that of the date.
type WeekdayError struct {
	Date            time.Time // midnight of the date that was written
	Written, Actual time.Weekday
}

// Error names both weekdays in English; texts for people are the caller's.
func (e *WeekdayError) Error() string {
	return fmt.Sprintf("%s is a %s, not a %s", e.Date.Format(time.DateOnly), e.Actual, e.Written)
}

// Moment is a date with an hour as a person wrote it.
type Moment struct {
	Time time.Time
	// Inferred says that the year, or the whole date after a weekday alone, was
	// not written; it is the next such day, and the person is asked to confirm.
	Inferred bool
}

// ParseTime reads a date and an hour in any order, with or without a weekday:
// "14:00 03/12/2026", "7h30’ ngày 3/12", "2 giờ chiều thứ Năm",
// "14 giờ 00, Thứ Năm, ngày 03/12/2026", the English long form, ISO 8601
// without a zone. Numbers are always day, month, year. A date without a year, and
// a weekday without a date, mean the next such moment after now; "hôm nay"
// and "ngày mai" count from now. The result is in loc.
//
// The error is one of this package's Err values, or a *WeekdayError.
func ParseTime(s string, loc *time.Location, now time.Time) (Moment, error) {
	m, err := readMoment(s, loc, now)
	if err != nil {
		return Moment{}, fmt.Errorf("parse time %q: %w", s, err)
	}
	return m, nil
}

func readMoment(s string, loc *time.Location, now time.Time) (Moment, error) {
	w, err := read(s)
	if err != nil {
		return Moment{}, err
	}
	switch {
	case !w.hasDate() && !w.hasClock:
		return Moment{}, ErrUnreadable
	case !w.hasDate():
		return Moment{}, ErrDateMissing
	}
	day, inferred, err := w.date(loc, now, w.hasClock)
	if err != nil {
		return Moment{}, err
	}
	if !w.hasClock {
		return Moment{}, ErrHourMissing
	}
	return Moment{Time: w.on(day), Inferred: inferred}, nil
}

// ParseDate reads a date alone, with or without a weekday, as ParseTime does;
// Time is its midnight in loc. A written hour is refused as unreadable; a part
// of the day ("sáng 8/8") is allowed and left out.
func ParseDate(s string, loc *time.Location, now time.Time) (Moment, error) {
	w, err := read(s)
	switch {
	case err == nil && w.hasClock:
		err = ErrUnreadable
	case err == nil && !w.hasDate():
		err = ErrDateMissing
	}
	var m Moment
	if err == nil {
		m.Time, m.Inferred, err = w.date(loc, now, false)
	}
	if err != nil {
		return Moment{}, fmt.Errorf("parse date %q: %w", s, err)
	}
	return m, nil
}

// ParseClock reads an hour of the day: 07:00, 7h30, 14g00, 7 giờ 30, 07 giờ
// 00’, 2 giờ chiều.
func ParseClock(s string) (hour, minute int, err error) {
	w, err := read(s)
	switch {
	case err == nil && (w.hasDate() || w.ignored):
		err = ErrUnreadable
	case err == nil && !w.hasClock:
		err = ErrHourMissing
	}
	if err != nil {
		return 0, 0, fmt.Errorf("parse clock %q: %w", s, err)
	}
	return w.hour, w.minute, nil
}

// date is the midnight in loc that w means, and whether a part was inferred.
// With clock, a day whose hour has passed is not the next one.
func (w written) date(loc *time.Location, now time.Time, clock bool) (day time.Time, inferred bool, err error) {
	now = now.In(loc)
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, loc)
	passed := func(day time.Time) bool {
		if clock {
			return !w.on(day).After(now)
		}
		return day.Before(today)
	}
	switch {
	case w.relative:
		day = today.AddDate(0, 0, w.days)
	case w.month == 0: // a weekday alone
		day = today.AddDate(0, 0, (int(w.weekday)-int(today.Weekday())+7)%7)
		if passed(day) {
			day = day.AddDate(0, 0, 7)
		}
		return day, true, nil
	case w.year == 0:
		inferred = true
		// Eight years hold a 29 February even around 2100.
		for year := today.Year(); year <= today.Year()+8; year++ {
			next, ok := midnight(year, w.month, w.day, loc)
			if ok && !passed(next) {
				day = next
				break
			}
		}
		if day.IsZero() {
			return day, false, ErrNoSuchDay
		}
	default:
		var ok bool
		if day, ok = midnight(w.year, w.month, w.day, loc); !ok {
			return day, false, ErrNoSuchDay
		}
	}
	if w.hasWeekday && day.Weekday() != w.weekday {
		return day, inferred, &WeekdayError{Date: day, Written: w.weekday, Actual: day.Weekday()}
	}
	return day, inferred, nil
}

func (w written) on(day time.Time) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), w.hour, w.minute, 0, 0, day.Location())
}

// midnight refuses days that the calendar does not have; time.Date alone would
// make 30 February a day in March.
func midnight(year int, month time.Month, day int, loc *time.Location) (time.Time, bool) {
	t := time.Date(year, month, day, 0, 0, 0, 0, loc)
	return t, t.Day() == day && t.Month() == month
}
