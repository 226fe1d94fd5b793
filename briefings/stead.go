package briefings

import (
	"slices"
	"time"
)

// InStead is an answer that somebody gives for an invitee: the officer of a unit for those who have no telephone at hand. Only a seat
// without an answer takes it, so that nobody's own word is overwritten. Where leave has to be approved and whoever answers may not
// decide, the leave is asked for.
func (i *Invitation) InStead(m *Meeting, by MemberID, comes, decides bool, now time.Time) error {
	a := Answer{Choice: Accepted, At: now, By: by}
	if !comes {
		a.Choice, a.Reason = Declined, Personal
	}
	switch {
	case by != "" && by == i.Member:
		return Refuse("stead.own")
	case i.Standing() != NoAnswer:
		return Refuse("stead.answered")
	case a.Choice == Declined && m.Leave != LeaveFree && decides:
		a.Leave = LeaveApproved
	case a.Choice == Declined && m.Leave != LeaveFree:
		a.Leave = LeavePending
	}
	if err := i.answer(m, a); err != nil {
		return err
	}
	if a.Leave == LeavePending {
		i.ask(a)
	}
	return nil
}

// Withdrawn reports whether a member was asked to sit on the seat, had said nothing, and is asked no more.
func (i *Invitation) Withdrawn(deputy MemberID) bool {
	for _, a := range slices.Backward(append(slices.Clone(i.History), i.Answer)) {
		if d := a.Deputy; d != nil && d.Member == deputy {
			return d.State == DeputyWaiting && d != i.Answer.Deputy
		}
	}
	return false
}

// Freed are the answers that sent a member who had said yes and who does not sit on the seat any more: each of them has kept the time
// free and is to be told.
func (i *Invitation) Freed() (list []Answer) {
	for _, a := range i.History {
		d := a.Deputy
		if d == nil || d.Member == "" || d.State != DeputyAccepted {
			continue
		}
		if now := i.Answer.Deputy; now != nil && now.Member == d.Member { // sent again, or asked again
			continue
		}
		list = append(list, a)
	}
	return list
}
