package scheduler

import (
	"context"

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
			notice.Kind, notice.Due = briefings.KindDecision, r.Judged
			audience = []briefings.MemberNo{seat.No}
		}
		if err := t.tellOnce(ctx, mem, notice, audience); err != nil {
			return err
		}
	}
	return nil
}
