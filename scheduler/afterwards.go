package scheduler

import (
	"context"
	"time"

	"briefbot/briefings"
)

const (
	// askWithin is how long after the closing those who came may still be asked how it was.
	askWithin = 48 * time.Hour
	// tellWithin is how long the outcome of a meeting is news.
	tellWithin = 48 * time.Hour
)

// afterwards does what follows once a roll is closed: those who came are asked how it was and read what came of it, and those excused
// read what they missed.
func (t *tick) afterwards(ctx context.Context, m *briefings.Meeting, mem *memory) error {
	if m.Status != briefings.MeetingClosed || m.Invites.IsZero() {
		return nil
	}
	about := func(kind briefings.Kind, revision int, from time.Time, within time.Duration) briefings.Mailing {
		return briefings.Mailing{
			Kind: kind, Subject: string(m.ID), Revision: revision, Due: from, Expires: from.Add(within), By: m.Author,
		}
	}
	list := []briefings.Mailing{about(briefings.KindFeedback, 0, m.ClosedAt, askWithin)}
	if o := m.Outcome; o != nil {
		list = append(list, about(briefings.KindOutcome, o.Revision, o.At, tellWithin), about(briefings.KindMissed, o.Revision, o.At, tellWithin))
	}
	for _, notice := range list {
		if mem.done[notice.Key()] || !t.at.Before(notice.Expires) || mem.calm.Quiet(notice.Kind, t.at) {
			continue
		}
		seats, err := t.seats(ctx, m, mem)
		if err != nil {
			return err
		}
		whom := m.Came(seats)
		if notice.Kind == briefings.KindMissed {
			whom = m.Excused(seats)
		}
		audience, err := t.numbers(ctx, whom)
		if err != nil {
			return err
		}
		if err := t.tellOnce(ctx, mem, notice, audience); err != nil {
			return err
		}
	}
	return nil
}
