package scheduler

import (
	"context"
	"maps"
	"slices"
	"time"

	"briefbot/briefings"
)

// redrawWithin is how long it is worth while to put a card right.
const redrawWithin = 24 * time.Hour

// redraw draws the cards anew that do not show what was answered elsewhere: on a reminder, by an officer, at the door. All that changed
// in the same few seconds is one mailing, and whoever changed again meanwhile is left to the next.
func (t *tick) redraw(ctx context.Context, m *briefings.Meeting, mem *memory) error {
	if m.Invites.IsZero() || m.Status == briefings.MeetingCancelled { // what was called off is corrected as a whole
		return nil
	}
	seats, err := t.seats(ctx, m, mem)
	if err != nil {
		return err
	}
	stale := map[int][]*briefings.Invitation{}
	for i := range seats {
		if s := seats[i].Stale; m.Stale(&seats[i]) {
			stale[s.Window()] = append(stale[s.Window()], &seats[i])
		}
	}
	for _, window := range slices.Sorted(maps.Keys(stale)) {
		ends := briefings.WindowEnds(window)
		notice := briefings.Mailing{
			Kind: briefings.KindRedrawn, Subject: string(m.ID), Revision: window, Due: ends, Expires: ends.Add(redrawWithin), By: m.Author,
		}
		if t.at.Before(ends.Add(briefings.RedrawAfter)) || !t.at.Before(notice.Expires) || mem.done[notice.Key()] {
			continue
		}
		audience, err := t.readers(ctx, stale[window])
		if err != nil {
			return err
		}
		if err := t.tellOnce(ctx, mem, notice, audience); err != nil {
			return err
		}
	}
	return nil
}

// readers are those in whose chats the cards of the seats stand.
func (t *tick) readers(ctx context.Context, seats []*briefings.Invitation) ([]briefings.MemberNo, error) {
	var audience []briefings.MemberNo
	for _, s := range seats {
		others, err := t.numbers(ctx, s.CardReaders())
		if err != nil {
			return nil, err
		}
		audience = append(append(audience, s.No), others...)
	}
	return audience, nil
}
