package briefings

import "time"

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
