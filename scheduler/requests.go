package scheduler

import (
	"context"
	"time"

	"briefbot/briefings"
)

// requests tells those who decide what a seat asks for, and the invitee what was decided. Each request of a seat has a number, so that
// the next one is told anew.
func (t *tick) requests(ctx context.Context, m *briefings.Meeting, mem *memory, seats []briefings.Invitation) error {
	for i := range seats {
		seat := &seats[i]
		r := seat.Request
		if r == nil || r.State == briefings.RequestWithdrawn {
			continue
		}
		if r.State != briefings.RequestPending {
			if err := t.tellOnce(ctx, mem, decision(m, seat), []briefings.MemberNo{seat.No}); err != nil {
				return err
			}
			continue
		}
		notice := briefings.Mailing{
			Kind: briefings.KindRequest, Subject: string(m.ID), Person: seat.Member, Revision: r.N, Due: r.At, Expires: m.Starts, By: m.Author,
		}
		if err := t.askDeciders(ctx, m, mem, seat, notice); err != nil {
			return err
		}
		// Once more the day before: silence is no approval, and whoever was asked first may decide no longer.
		notice.Due = m.Starts.Add(-pressDecision)
		notice.Occasion = briefings.OccasionAt(notice.Due.In(t.zone))
		if !t.at.Before(notice.Due) && r.At.Before(notice.Due.Add(-answerTime)) {
			if err := t.askDeciders(ctx, m, mem, seat, notice); err != nil {
				return err
			}
		}
	}
	return nil
}

// pressDecision is how long before the start those who decide are reminded of a request that waits.
const pressDecision = 24 * time.Hour

// askDeciders tells those who decide about a seat's request now.
func (t *tick) askDeciders(ctx context.Context, m *briefings.Meeting, mem *memory, seat *briefings.Invitation, notice briefings.Mailing) error {
	if mem.done[notice.Key()] {
		return nil
	}
	roster, err := t.roll(ctx)
	if err != nil {
		return err
	}
	var audience []briefings.MemberNo
	for _, d := range roster.Deciders(m, *seat) {
		audience = append(audience, d.No)
	}
	return t.tellOnce(ctx, mem, notice, audience)
}

// decidedWithin is how long it is news to somebody what was decided about their request, the meeting begun or not.
const decidedWithin = 24 * time.Hour

func decision(m *briefings.Meeting, seat *briefings.Invitation) briefings.Mailing {
	r := seat.Request
	expires := r.Judged.Add(decidedWithin)
	if expires.Before(m.Starts) {
		expires = m.Starts
	}
	return briefings.Mailing{
		Kind: briefings.KindDecision, Subject: string(m.ID), Person: seat.Member, Revision: r.N, Due: r.Judged, Expires: expires, By: m.Author,
	}
}

// decided tells once the meeting has begun what was decided of late. Before that requests does; what it told is put under the same key.
func (t *tick) decided(ctx context.Context, m *briefings.Meeting, mem *memory) error {
	if m.Invites.IsZero() || t.at.Before(m.Starts) || m.Status != briefings.MeetingOpen && m.Status != briefings.MeetingClosed {
		return nil
	}
	seats, err := t.seats(ctx, m, mem)
	if err != nil {
		return err
	}
	for i := range seats {
		r := seats[i].Request
		if r == nil || r.Judged.IsZero() || t.at.After(r.Judged.Add(decidedWithin)) {
			continue
		}
		if err := t.tellOnce(ctx, mem, decision(m, &seats[i]), []briefings.MemberNo{seats[i].No}); err != nil {
			return err
		}
	}
	return nil
}
