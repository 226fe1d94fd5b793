package scheduler

import (
	"context"

	"briefbot/briefings"
)

// deputies asks the members who were named to sit for somebody, and tells who named them what they said. Each request of a seat has
// a number, so that a second deputy, or the same one again, is asked anew.
func (t *tick) deputies(ctx context.Context, m *briefings.Meeting, mem *memory, seats []briefings.Invitation) error {
	for i := range seats {
		seat := &seats[i]
		if err := t.freed(ctx, m, mem, seat); err != nil {
			return err
		}
		d := seat.Answer.Deputy
		if d == nil || d.Member == "" {
			continue
		}
		notice := briefings.Mailing{
			Subject: string(m.ID), Person: seat.Member, Expires: m.Starts, By: m.Author,
		}
		to := seat.No
		switch d.State {
		case briefings.DeputyWaiting:
			no, ok, err := t.number(ctx, d.Member)
			if err != nil {
				return err
			}
			if !ok {
				mem.warn(func() {
					t.log.WarnContext(ctx, "deputy is not on the roll", "meeting", m.ID, "member", d.Member)
				}, "deputy "+string(d.Member))
				continue
			}
			to = no
			notice.Kind, notice.Revision, notice.Due = briefings.KindDeputyAsked, d.Asked, seat.Answer.At
		case briefings.DeputyAccepted, briefings.DeputyRefused:
			notice.Kind, notice.Revision, notice.Due = briefings.KindDeputyReply, replyRevision(d), t.at
		default:
			continue
		}
		if err := t.tellOnce(ctx, mem, notice, []briefings.MemberNo{to}); err != nil {
			return err
		}
	}
	return nil
}

// freed tells a deputy who had said yes that the person comes after all, sends somebody else, or stays away.
func (t *tick) freed(ctx context.Context, m *briefings.Meeting, mem *memory, seat *briefings.Invitation) error {
	for _, a := range seat.Freed() {
		no, ok, err := t.number(ctx, a.Deputy.Member)
		if err != nil {
			return err
		}
		if !ok { // not on the roll any more
			continue
		}
		if err := t.tellOnce(ctx, mem, briefings.Mailing{
			Kind: briefings.KindDeputyFreed, Subject: string(m.ID), Person: seat.Member, Revision: a.Deputy.Asked,
			Due: t.at, Expires: m.Starts, By: m.Author,
		}, []briefings.MemberNo{no}); err != nil {
			return err
		}
	}
	return nil
}

// replyRevision numbers what a deputy said to a request: 2n for yes to the n-th, 2n+1 for no, so that stepping back after a yes
// is told too.
func replyRevision(d *briefings.Deputy) int {
	if d.State == briefings.DeputyRefused {
		return d.Asked*2 + 1
	}
	return d.Asked * 2
}
