package scheduler

import "time"

// A naive time is a reading of a wall clock without a zone: a time.Time in UTC whose fields are what the clock on the wall shows.

// naive reads the wall clock of t's own zone.
func naive(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}

// widestOffset is more than any zone is away from UTC, so that no reading of a wall clock lies before wall − widestOffset.
const widestOffset = 26 * time.Hour

// moment returns when a wall clock in loc shows a naive time. A time that is shown twice (clocks go back) is its first occurrence;
// one that is never shown (clocks go forward) is the first moment after the gap. time.Date promises neither.
func moment(wall time.Time, loc *time.Location) time.Time {
	t := wall.Add(-widestOffset).In(loc)
	for {
		from, to := t.ZoneBounds()
		_, offset := t.Zone()
		at := wall.Add(-time.Duration(offset) * time.Second).In(loc)
		switch {
		case !from.IsZero() && at.Before(from):
			return from // the clocks jumped over it at from
		case to.IsZero() || at.Before(to):
			return at
		}
		t = to
	}
}
