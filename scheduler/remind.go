package scheduler

import (
	"context"
	"time"

	"briefbot/briefings"
)

const (
	// remindSilent is how long before the deadline those who have not answered are reminded.
	remindSilent = 24 * time.Hour
	// remindComing is how long before the start those who come are reminded.
	remindComing = 2 * time.Hour
	// answerTime is the least time for answering in which a late notice is still followed by a reminder.
	answerTime = 6 * time.Hour
	// wakeTime is the least time before the start at which a reminder in the morning is of use.
	wakeTime = 30 * time.Minute
)

// reminder is a mailing that hangs on a meeting.
type reminder struct {
	mailing briefings.Mailing
	to      func(briefings.Invitation) (who briefings.MemberID, ok bool)
}

// reminders returns the reminders of a meeting whose members were called at m.Invites, each with Due settled, without those that
// are left out. Their occasion is the planned time before it was settled, so that a meeting that moves has new ones while a
// change of the quiet hours repeats none.
func reminders(m *briefings.Meeting, q briefings.QuietHours, zone *time.Location) []reminder {
	var list []reminder
	add := func(kind briefings.Kind, planned, due, expires time.Time, to func(briefings.Invitation) (briefings.MemberID, bool)) {
		list = append(list, reminder{to: to, mailing: briefings.Mailing{
			Kind: kind, Subject: string(m.ID), Occasion: briefings.OccasionAt(planned.In(zone)),
			Due: due, Expires: expires, By: m.Author,
		}})
	}
	deadline, starts, called := m.AnswersUntil().In(zone), m.Starts.In(zone), m.Invites.In(zone)
	if due, ok := silentAt(deadline, called, q); ok {
		add(briefings.KindRemindSilent, deadline.Add(-remindSilent), due, deadline, silent)
	}
	if due, ok := comingAt(starts, called, q); ok {
		add(briefings.KindRemindComing, starts.Add(-remindComing), due, starts, coming)
	}
	return list
}

// silentAt returns when the silent are reminded: a day before the deadline. Where the notice went out later than that, half of the
// time for answering is left to them first; with less than answerTime in all there is no reminder.
func silentAt(deadline, called time.Time, q briefings.QuietHours) (time.Time, bool) {
	planned := deadline.Add(-remindSilent)
	if called.After(planned) {
		left := deadline.Sub(called)
		if left < answerTime {
			return time.Time{}, false
		}
		planned = called.Add(left / 2)
	}
	due := Settled(briefings.KindRemindSilent, planned, q)
	return due, due.Before(deadline)
}

// comingAt returns when those coming are reminded: two hours before the start, or in the evening before when that is in the quiet
// hours, or, where the notice went out after that evening hour, at the end of the quiet hours. Whoever was called later than that
// needs no reminder.
func comingAt(starts, called time.Time, q briefings.QuietHours) (time.Time, bool) {
	planned := starts.Add(-remindComing)
	due := Settled(briefings.KindRemindComing, planned, q)
	if !called.After(due) {
		return due, true
	}
	morning := q.End(planned)
	return morning, morning.After(due) && !called.After(morning) && starts.Sub(morning) >= wakeTime
}

// silent picks the invitee of a seat without an answer.
func silent(i briefings.Invitation) (briefings.MemberID, bool) {
	return i.Member, i.CheckIn == nil && i.Standing() == briefings.NoAnswer
}

// coming picks whoever is expected on a seat: the invitee, or the member who sits for them. Somebody outside the roll who sits for
// them cannot be told.
func coming(i briefings.Invitation) (briefings.MemberID, bool) {
	switch {
	case i.CheckIn != nil:
		return "", false // is there already
	case i.Standing() == briefings.Accepted:
		return i.Member, true
	case i.Standing() == briefings.Delegated && i.Answer.Deputy != nil && i.Answer.Deputy.Member != "":
		return i.Answer.Deputy.Member, true
	}
	return "", false
}

// remind puts the reminders whose time has come. Whom they concern is computed now, not when the meeting was announced.
func (t *tick) remind(ctx context.Context, m *briefings.Meeting, mem *memory, seats []briefings.Invitation) error {
	for _, r := range reminders(m, t.quiet, t.zone) {
		if t.at.Before(r.mailing.Due) || !t.at.Before(r.mailing.Expires) || t.held(r.mailing.Kind) || mem.done[r.mailing.Key()] {
			continue
		}
		var audience []briefings.MemberNo
		for _, seat := range seats {
			who, ok := r.to(seat)
			if !ok {
				continue
			}
			no := seat.No
			if who != seat.Member {
				var err error
				if no, ok, err = t.number(ctx, who); err != nil {
					return err
				} else if !ok {
					continue
				}
			}
			audience = append(audience, no)
		}
		if err := t.tellOnce(ctx, mem, r.mailing, audience); err != nil {
			return err
		}
	}
	return nil
}
