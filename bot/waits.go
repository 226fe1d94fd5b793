package bot

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"briefbot/bot/internal/view"
	"briefbot/briefings"
)

// queues remembers who waits for a place at the venues of a meeting, as of one state of its seats, so that a thousand cards drawn one
// after the other do not read all seats a thousand times.
type queues struct {
	mu    sync.Mutex
	known map[briefings.MeetingID]queue
}

type queue struct {
	changes int64
	rev     int64 // of the meeting: how many its venues hold
	waits   map[briefings.MemberID]int
}

// mayWait reports whether a seat can be one that waits: of somebody who comes into a room that has a limit, and is not there yet.
func mayWait(m *briefings.Meeting, seat *briefings.Invitation) bool {
	v := m.Venue(seat.Venue)
	return v != nil && v.Capacity > 0 && v.Closing == nil && m.Status == briefings.MeetingOpen && seat.WantsPlace()
}

// inQueue is which place in the queue of its venue a seat has; 0: it does not wait. Where there certainly is room nothing is read for it.
func (b *Bot) inQueue(ctx context.Context, m *briefings.Meeting, seat *briefings.Invitation) (int, error) {
	if !mayWait(m, seat) || b.rooms.plenty(m.ID, seat.Venue, m.Venue(seat.Venue).Capacity, b.Now()) {
		return 0, nil
	}
	changes, err := b.Store.Changes(ctx, m.ID)
	if err != nil {
		return 0, fmt.Errorf("find place in queue: %w", err)
	}
	b.queues.mu.Lock()
	defer b.queues.mu.Unlock() // of many who ask at once one reads for all
	one, ok := b.queues.known[m.ID]
	if !ok || one.changes != changes || one.rev != m.Rev {
		seats, err := b.Store.Invitations(ctx, m.ID)
		if err != nil {
			return 0, fmt.Errorf("find place in queue: %w", err)
		}
		one = queue{changes, m.Rev, m.Waits(seats)}
		if b.queues.known == nil || len(b.queues.known) > 100 { // of meetings long past nothing needs to be known
			b.queues.known = map[briefings.MeetingID]queue{}
		}
		b.queues.known[m.ID] = one
	}
	return one.waits[seat.Member], nil
}

// noteWait keeps that the holder of a seat has read that it waits, and as which one, so that the planner tells them when there is a place.
func (b *Bot) noteWait(ctx context.Context, m *briefings.Meeting, seat *briefings.Invitation, place int) error {
	if seat.AwaitsNews() {
		return nil
	}
	_, err := b.Store.UpdateInvitation(ctx, m.ID, seat.Member, func(_ *briefings.Meeting, i *briefings.Invitation) error {
		if !i.WantsPlace() {
			return briefings.ErrUnchanged
		}
		return i.ToldToWait(place, b.Now())
	})
	return err
}

// waitLine says in a message that a seat waits; empty when it does not. Whoever reads it has been told.
func (b *Bot) waitLine(ctx context.Context, p view.Voice, m *briefings.Meeting, seat *briefings.Invitation, who briefings.MemberID) (string, error) {
	place, err := b.inQueue(ctx, m, seat)
	if err != nil || place == 0 {
		return "", err
	}
	return view.Waiting(p, *seat, who, place, b.Now()), b.noteWait(ctx, m, seat, place)
}

// wait is what somebody is told who has just said that they come: which place in the queue is theirs, 0 where there is room, and the
// seats by which a venue with room is found.
type wait struct {
	place int
	seats []briefings.Invitation
}

// claim takes a place for somebody who has just said that they come, or finds that they have to wait.
func (t *turn) claim(m *briefings.Meeting, seat *briefings.Invitation) (wait, error) {
	if !mayWait(m, seat) {
		return wait{}, nil
	}
	v, began := m.Venue(seat.Venue), t.Now()
	if t.rooms.ample(m.ID, v.ID, v.Capacity, began) {
		return wait{}, nil
	}
	seats, err := t.seatsNow(m.ID)
	if err != nil {
		return wait{}, err
	}
	if i := slices.IndexFunc(seats, func(s briefings.Invitation) bool { return s.Member == seat.Member }); i >= 0 {
		seats = slices.Clone(seats)
		seats[i] = *seat // what was read for many may be older than what this person just did
	}
	inside, waiting := m.Places(seats, v.ID)
	t.rooms.note(m.ID, v.ID, v.Capacity-len(inside)-len(waiting), began)
	return wait{slices.Index(waiting, seat.Member) + 1, seats}, nil
}

// tellWait tells somebody whose venue is full which place in the queue is theirs, and where there is room.
func (t *turn) tellWait(m *briefings.Meeting, seat *briefings.Invitation, w wait) error {
	if w.place == 0 {
		return nil
	}
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return err
	}
	if err := t.noteWait(t.ctx, m, seat, w.place); err != nil {
		return err
	}
	v := m.Venue(seat.Venue)
	near := m.Venue(m.Nearest(w.seats, seat.Unit, roster.Tree(), v.ID))
	if near == nil {
		return t.tell("venue.full", "venue", v.Name, "capacity", v.Capacity, "place", w.place)
	}
	_, err = t.say(t.p.T("venue.full_near", "venue", v.Name, "capacity", v.Capacity, "place", w.place, "near", near.Name),
		rows(button(clip(t.p.Plain("btn.switch_to", "venue", near.Name), 60), "venue", string(m.ID), string(near.ID))))
	return err
}

// seatsNow reads the seats of a meeting; of many who ask at once one reads for all.
func (t *turn) seatsNow(id briefings.MeetingID) ([]briefings.Invitation, error) {
	seats, err, _ := t.reading.Do(string(id), func() (any, error) { return t.Store.Invitations(t.ctx, id) })
	if err != nil {
		return nil, err
	}
	return seats.([]briefings.Invitation), nil
}
