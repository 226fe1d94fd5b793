package scheduler

import (
	"context"

	"briefbot/briefings"
)

// follow tells whoever called a meeting that relays another when the other is moved, put off or called off. Nothing moves by itself: the
// two may have parted on purpose.
func (t *tick) follow(ctx context.Context, m *briefings.Meeting, mem *memory, open []briefings.Meeting) error {
	if m.Relay == nil || m.Relay.Parent == "" || m.Status != briefings.MeetingOpen || !t.at.Before(m.Starts) {
		return nil
	}
	for i := range open {
		if open[i].ID != m.Relay.Parent {
			continue
		}
		c := open[i].Moved()
		if c == nil || c.At.Before(m.Created) {
			return nil
		}
		notice := briefings.Mailing{
			Kind: briefings.KindRelayed, Subject: string(m.ID), Revision: c.Revision, Due: c.At, Expires: m.Starts, By: m.Author,
		}
		if mem.done[notice.Key()] {
			return nil
		}
		roster, err := t.roll(ctx)
		if err != nil {
			return err
		}
		var audience []briefings.MemberNo
		for _, who := range roster.Callers(m) {
			audience = append(audience, who.No)
		}
		return t.tellOnce(ctx, mem, notice, audience)
	}
	return nil
}
