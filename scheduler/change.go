package scheduler

import (
	"context"
	"errors"
	"time"

	"briefbot/briefings"
)

// changes does what the changes of a meeting need: those concerned are told, those who said yes to another time or place are asked
// again, and the cards that were sent are put right. All of it is read off the meeting and its seats, so that a crash between two of
// these steps is made good by the next tick.
func (t *tick) changes(ctx context.Context, m *briefings.Meeting, mem *memory, seats []briefings.Invitation) error {
	if m.Invites.IsZero() {
		return nil
	}
	for i := range m.Changes {
		c := &m.Changes[i]
		if c.Kind == briefings.CalledOff {
			continue
		}
		if !m.Overtaken(c) {
			audience, err := t.concerned(ctx, c, seats)
			if err != nil {
				return err
			}
			if err := t.tellOnce(ctx, mem, changed(m, c), audience); err != nil {
				return err
			}
		}
		if err := t.askAgain(ctx, m, mem, c, seats); err != nil {
			return err
		}
	}
	return t.correct(ctx, m, mem, seats)
}

func changed(m *briefings.Meeting, c *briefings.Change) briefings.Mailing {
	return briefings.Mailing{
		Kind: briefings.KindChanged, Subject: string(m.ID), Revision: c.Revision, Due: c.At, Expires: useful(m, c.At), By: m.Author,
	}
}

// useful is until when it helps to be told of a change: until the meeting, and for a day where that is not known.
func useful(m *briefings.Meeting, at time.Time) time.Time {
	if day := at.Add(24 * time.Hour); m.Status == briefings.MeetingPostponed || day.After(m.Starts) && m.Status == briefings.MeetingCancelled {
		return day
	}
	return m.Starts
}

// concerned are the members who are told of a change: holders of seats, and whoever sits for them.
func (t *tick) concerned(ctx context.Context, c *briefings.Change, seats []briefings.Invitation) ([]briefings.MemberNo, error) {
	var audience []briefings.MemberNo
	for i := range seats {
		if !c.Concerns(&seats[i]) {
			continue
		}
		audience = append(audience, seats[i].No)
		d := seats[i].Answer.Deputy
		if d == nil || d.State == briefings.DeputyRefused {
			continue
		}
		no, ok, err := t.number(ctx, d.Member)
		if err != nil {
			return nil, err
		}
		if ok {
			audience = append(audience, no)
		}
	}
	return audience, nil
}

// askAgain takes back the answers that were given for another time or place.
func (t *tick) askAgain(ctx context.Context, m *briefings.Meeting, mem *memory, c *briefings.Change, seats []briefings.Invitation) error {
	step := changed(m, c).Key() + "/asked"
	if mem.done[step] {
		return nil
	}
	for i := range seats {
		if !c.Asks(&seats[i]) && !c.Voids(&seats[i]) {
			continue
		}
		seat, err := t.facts.UpdateInvitation(ctx, m.ID, seats[i].Member, func(_ *briefings.Meeting, i *briefings.Invitation) error {
			return i.AskAgain(c)
		})
		if err != nil && !errors.Is(err, briefings.ErrNotFound) {
			return err
		}
		if err == nil {
			seats[i] = seat
		}
	}
	mem.done[step] = true
	return nil
}

// correct puts the cards right on which a change shows. Of several changes that show on a card only the last is drawn.
func (t *tick) correct(ctx context.Context, m *briefings.Meeting, mem *memory, seats []briefings.Invitation) error {
	for i := range m.Changes {
		c := &m.Changes[i]
		notice := briefings.Mailing{
			Kind: briefings.KindCorrected, Subject: string(m.ID), Revision: c.Revision, Due: c.At, Expires: useful(m, c.At), By: m.Author,
		}
		if c.Revision < 2 || mem.done[notice.Key()] {
			continue
		}
		var touched []*briefings.Invitation
		for j := range seats {
			if m.LastTouch(&seats[j]) == c {
				touched = append(touched, &seats[j])
			}
		}
		audience, err := t.readers(ctx, touched)
		if err != nil {
			return err
		}
		if err := t.tellOnce(ctx, mem, notice, audience); err != nil {
			return err
		}
	}
	return nil
}
