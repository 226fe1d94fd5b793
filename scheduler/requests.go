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
		notice := briefings.Mailing{Subject: string(m.ID), Person: seat.Member, Revision: r.N, Expires: m.Starts, By: m.Author}
		var audience []briefings.MemberNo
		switch r.State {
		case briefings.RequestPending:
			notice.Kind, notice.Due = briefings.KindRequest, r.At
			if mem.done[notice.Key()] {
				continue
			}
			roster, err := t.roll(ctx)
			if err != nil {
				return err
			}
			for _, d := range roster.Deciders(m, *seat) {
				audience = append(audience, d.No)
			}
		default:
			notice = decision(m, seat)
			audience = []briefings.MemberNo{seat.No}
		}
		if err := t.tellOnce(ctx, mem, notice, audience); err != nil {
			return err
		}
	}
	return nil
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

// decided tells what was decided once the meeting had begun. Before that requests does.
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
		if r == nil || r.Judged.Before(m.Starts) || t.at.After(r.Judged.Add(decidedWithin)) {
			continue
		}
		if err := t.tellOnce(ctx, mem, decision(m, &seats[i]), []briefings.MemberNo{seats[i].No}); err != nil {
			return err
		}
	}
	return nil
}
