package scheduler

import (
	"time"

	"briefbot/briefings"
)

// beforeQuiet is how long before the quiet hours a reminder goes out that would fall into them.
const beforeQuiet = time.Hour

// Settled moves a planned time out of the hours and days, in t's own zone, in which a kind has to wait. Urgent kinds and replies stay
// where they are. A reminder to those coming would be too late after a night, so it goes out an hour before the quiet hours begin:
// with quiet hours from 21:00 to 06:00, "two hours before 06:30" is 20:00 the evening before. Everything else waits for their end.
func Settled(kind briefings.Kind, t time.Time, calm briefings.Calm) time.Time {
	switch {
	case !calm.Quiet(kind, t):
		return t
	case kind == briefings.KindRemindComing:
		return quietFrom(t, calm.Night).Add(-beforeQuiet)
	}
	return calm.End(kind, t)
}

// quietFrom returns when the quiet hours in which t lies began.
func quietFrom(t time.Time, q briefings.QuietHours) time.Time {
	day := t.Day()
	if q.From > t.Hour()*60+t.Minute() {
		day-- // they span midnight, and it is past midnight
	}
	return time.Date(t.Year(), t.Month(), day, q.From/60, q.From%60, 0, 0, t.Location())
}

// afterQuiet is how long after the quiet hours something may still be sent whose grace ran out in them.
const afterQuiet = time.Hour

// lastCall returns until when something due at t may be late by grace. A grace that runs out in quiet hours or with them, when nothing
// can be sent, lasts until an hour after their end.
func lastCall(kind briefings.Kind, t time.Time, grace time.Duration, calm briefings.Calm) time.Time {
	until := t.Add(grace)
	if last := until.Add(-time.Second); grace > 0 && calm.Quiet(kind, last) {
		return calm.End(kind, last).Add(afterQuiet)
	}
	return until
}
