package bot

import (
	"errors"
	"slices"

	"briefbot/briefings"
)

// deputiesNear puts those first who stand nearest to the person: of the own unit, then of the part of the organisation to which it
// belongs, then everybody else, each as they were found.
func (t *turn) deputiesNear(roster *briefings.Roster, found []briefings.Member) []briefings.Member {
	tree := roster.Tree()
	head := tree.Head(t.member.Unit)
	far := func(m briefings.Member) int {
		switch {
		case m.Unit == t.member.Unit:
			return 0
		case tree.Head(m.Unit) == head:
			return 1
		}
		return 2
	}
	out := slices.Clone(found)
	slices.SortStableFunc(out, func(a, b briefings.Member) int { return far(a) - far(b) })
	return out
}

// askOutside asks for the name of somebody who is not on the roll.
func (t *turn) askOutside(a asked) error {
	a.Outside = true
	if err := t.enter("deputy", a); err != nil {
		return err
	}
	return t.tell("proxy.ask_outside")
}

// delegate puts a deputy on the person's own seat, and says so.
func (t *turn) delegate(m briefings.Meeting, a asked, d briefings.Deputy) error {
	seat, err := t.change(m, t.member.ID, a.Message, func(m *briefings.Meeting, i *briefings.Invitation) error {
		return i.Delegate(m, d, t.Now())
	})
	if err != nil {
		return err
	}
	t.Nudge()
	key := "proxy.waiting"
	if d.Member == "" {
		key = "proxy.named"
	}
	if err := t.leave(); err != nil {
		return err
	}
	if err := t.show(t.p.T(key, "proxy_name", d.Name), nil); err != nil {
		return err
	}
	w, err := t.claim(&m, &seat)
	if err != nil {
		return err
	}
	if a.Message != 0 {
		if err := t.redrawAt(a.Message, m, seat, w.place); err != nil {
			return err
		}
	}
	return errors.Join(t.toastOnly("rsvp.recorded", "answer", t.p.Plain("choice.delegated")), t.tellWait(&m, &seat, w))
}
