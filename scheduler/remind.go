package scheduler

import (
	"context"
	"slices"
	"time"

	"briefbot/briefings"
)

const (
	// remindSilent is how long before the deadline those who have not answered are reminded.
	remindSilent = 24 * time.Hour
	// remindEarly is how long before the deadline they are reminded a first time, where the notice went out well before.
	remindEarly = 7 * 24 * time.Hour
	// remindComing is how long before the start those who come are reminded.
	remindComing = 2 * time.Hour
	// remindDay is how long before the start they are reminded a first time, where the notice went out well before.
	remindDay = 24 * time.Hour
	// wellBefore is the least time between the notice and a first reminder.
	wellBefore = 24 * time.Hour
	// unseenAfter is how long after the start those are asked who are expected at an open door and not checked in, and unseenUntil
	// how long that is of use.
	unseenAfter = 5 * time.Minute
	unseenUntil = 30 * time.Minute
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

// reminders returns the reminders of a meeting whose members were called at m.Called(), each with Due settled, without those that
// are left out. Their occasion is the planned time before it was settled, so that a meeting that moves has new ones while a
// change of the quiet hours repeats none.
func reminders(m *briefings.Meeting, calm briefings.Calm, zone *time.Location) []reminder {
	var list []reminder
	add := func(kind briefings.Kind, planned, due, expires time.Time, to func(briefings.Invitation) (briefings.MemberID, bool)) {
		if slices.ContainsFunc(list, func(r reminder) bool { return r.mailing.Kind == kind && r.mailing.Due.Equal(due) }) {
			return // several that waited for the morning are one
		}
		list = append(list, reminder{to: to, mailing: briefings.Mailing{
			Kind: kind, Subject: string(m.ID), Occasion: briefings.OccasionAt(planned.In(zone)),
			Due: due, Expires: expires, By: m.Author,
		}})
	}
	deadline, starts, called := m.AnswersUntil().In(zone), m.Starts.In(zone), m.Called().In(zone)
	silentDue, silentOK := silentAt(deadline, called, calm)
	if due, ok := earlier(briefings.KindRemindSilent, deadline.Add(-remindEarly), silentDue, silentOK, called, calm); ok {
		add(briefings.KindRemindSilent, deadline.Add(-remindEarly), due, silentDue, silent)
	}
	if silentOK {
		add(briefings.KindRemindSilent, deadline.Add(-remindSilent), silentDue, deadline, silent)
	}
	for _, c := range m.Chases {
		due := Settled(briefings.KindRemindSilent, c.At.In(zone), calm)
		if due.Before(deadline) {
			add(briefings.KindRemindSilent, c.At, due, deadline, silent)
		}
	}
	comingDue, comingOK := comingAt(starts, called, calm)
	if due, ok := earlier(briefings.KindRemindComing, starts.Add(-remindDay), comingDue, comingOK, called, calm); ok {
		add(briefings.KindRemindComing, starts.Add(-remindDay), due, comingDue, coming)
	}
	if comingOK {
		add(briefings.KindRemindComing, starts.Add(-remindComing), comingDue, starts, coming)
	}
	add(briefings.KindNotSeen, starts, starts.Add(unseenAfter), starts.Add(unseenUntil), unseen(m))
	return list
}

// earlier returns when the first of two reminders is due: at its planned time or at the end of the quiet hours. There is none where
// the notice went out not well before it, and none that would come less than wellBefore/4 before the other.
func earlier(kind briefings.Kind, planned, next time.Time, nextOK bool, called time.Time, calm briefings.Calm) (time.Time, bool) {
	due := calm.End(kind, planned)
	return due, nextOK && !called.After(planned.Add(-wellBefore)) && !due.After(next.Add(-wellBefore/4))
}

// unseen picks whoever is expected where attendance is being taken and is not checked in. Where the door is still shut nobody could
// have been.
func unseen(m *briefings.Meeting) func(briefings.Invitation) (briefings.MemberID, bool) {
	return func(i briefings.Invitation) (briefings.MemberID, bool) {
		v := m.Venue(i.Venue)
		if v == nil || v.Door == nil || v.Closing != nil {
			return "", false
		}
		return coming(i)
	}
}

// silentAt returns when the silent are reminded: a day before the deadline. Where the notice went out later than that, half of the
// time for answering is left to them first; with less than answerTime in all there is no reminder.
func silentAt(deadline, called time.Time, calm briefings.Calm) (time.Time, bool) {
	planned := deadline.Add(-remindSilent)
	if called.After(planned) {
		left := deadline.Sub(called)
		if left < answerTime {
			return time.Time{}, false
		}
		planned = called.Add(left / 2)
	}
	due := Settled(briefings.KindRemindSilent, planned, calm)
	return due, due.Before(deadline)
}

// comingAt returns when those coming are reminded: two hours before the start, or in the evening before when that is in the quiet
// hours, or, where the notice went out after that evening hour, at the end of the quiet hours. Whoever was called later than that
// needs no reminder.
func comingAt(starts, called time.Time, calm briefings.Calm) (time.Time, bool) {
	planned := starts.Add(-remindComing)
	due := Settled(briefings.KindRemindComing, planned, calm)
	if !called.After(due) {
		return due, true
	}
	morning := calm.End(briefings.KindRemindComing, planned)
	return morning, morning.After(due) && !called.After(morning) && starts.Sub(morning) >= wakeTime
}

// silent picks whose word a seat waits for: the invitee who has not answered, or the member who was asked to sit for them and has not
// said whether they will.
func silent(i briefings.Invitation) (briefings.MemberID, bool) {
	if d := i.WaitsForDeputy(); d != "" {
		return d, true
	}
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

// remind puts the reminders whose time has come. Whom they concern is computed now, not when the meeting was announced, so that a
// ladder stops for those who have answered or arrived.
func (t *tick) remind(ctx context.Context, m *briefings.Meeting, mem *memory, seats []briefings.Invitation) error {
	for _, r := range reminders(m, mem.calm, t.zone) {
		if t.at.Before(r.mailing.Due) || !t.at.Before(r.mailing.Expires) || mem.calm.Quiet(r.mailing.Kind, t.at) || mem.done[r.mailing.Key()] {
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
