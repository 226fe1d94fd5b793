package briefings

import (
	"slices"
	"time"
)

// LeaveRule says who accepts that an invitee stays away.
type LeaveRule string

const (
	LeaveFree        LeaveRule = ""          // asking is enough
	LeaveByOrganizer LeaveRule = "organizer" // whoever organizes the meeting decides
	LeaveByUnit      LeaveRule = "unit"      // the officer of the invitee's unit decides
)

// LeaveState is where a leave stands that somebody has to accept. Silence is pending and never approval.
type LeaveState string

const (
	LeavePending  LeaveState = "pending"
	LeaveApproved LeaveState = "approved"
	LeaveRefused  LeaveState = "refused"
)

// Request is what an invitee asks and somebody else decides: leave, where the meeting wants it approved, and another answer once answers
// are locked.
type Request struct {
	N      int          `json:"n"`      // which request of this seat it is, from 1: the revision of the notices about it
	Answer Answer       `json:"answer"` // what the seat would say
	State  RequestState `json:"state"`
	At     time.Time    `json:"at"`
	By     MemberID     `json:"by,omitempty"` // who decided; empty for an administrator who is not on the roll
	Judged time.Time    `json:"judged,omitzero"`
}

// RequestState is what became of a request.
type RequestState string

const (
	RequestPending   RequestState = "pending"
	RequestApproved  RequestState = "approved"
	RequestRefused   RequestState = "refused"
	RequestWithdrawn RequestState = "withdrawn" // the invitee took it back, or answered otherwise, before it was decided
)

// ask makes an answer a request.
func (i *Invitation) ask(a Answer) {
	n := 1
	if i.Request != nil {
		n = i.Request.N + 1
	}
	i.Request = &Request{N: n, Answer: a, State: RequestPending, At: a.At}
}

// withdraw drops a request that nobody has decided, because the invitee answered otherwise.
func (i *Invitation) withdraw() {
	if i.Request != nil && i.Request.State == RequestPending {
		r := *i.Request
		r.State = RequestWithdrawn
		i.Request = &r
	}
}

// AskFor asks for another answer once answers are locked, until the meeting begins. The answer that stands is not touched.
func (i *Invitation) AskFor(m *Meeting, a Answer) error {
	switch {
	case m.Status == MeetingCancelled:
		return Refuse("rsvp.cancelled")
	case m.Status == MeetingPostponed:
		return Refuse("rsvp.postponed")
	case m.Status != MeetingOpen || !a.At.Before(m.Starts):
		return Refuse("request.too_late")
	case a.At.Before(m.AnswersUntil()): // an old button: the card offers the answers themselves
		return Refuse("err.expired")
	case a.Choice != Accepted && a.Choice != Declined:
		return Refuse("err.expired")
	case i.CheckIn != nil:
		return Refuse("rsvp.already_here")
	case i.same(a):
		return Refuse("request.same")
	}
	if r := i.Request; r != nil && r.State == RequestPending {
		if r.Answer.Choice == a.Choice && r.Answer.Reason == a.Reason {
			return ErrUnchanged
		}
	}
	i.ask(a)
	return nil
}

// TakeBack drops the n-th request of a seat, which only the invitee can, until the meeting begins. The answer that stood still does; a leave
// that was asked for is answered by nothing then.
func (i *Invitation) TakeBack(m *Meeting, n int, now time.Time) error {
	r := i.Request
	switch {
	case m.Status == MeetingCancelled:
		return Refuse("rsvp.cancelled")
	case r == nil || r.N != n:
		return Refuse("request.gone")
	case r.State == RequestWithdrawn:
		return ErrUnchanged
	case r.State != RequestPending:
		return Refuse("request.decided")
	case m.Status != MeetingOpen || !now.Before(m.Starts):
		return Refuse("request.too_late")
	case i.CheckIn != nil:
		return Refuse("rsvp.already_here")
	}
	i.withdraw()
	if i.Answer.Choice == Declined && i.Answer.Leave == LeavePending {
		i.put(Answer{})
	}
	return nil
}

// Decide approves or refuses the n-th request of a seat. Nobody decides about their own; a decision stands.
func (i *Invitation) Decide(m *Meeting, by MemberID, n int, approve bool, now time.Time) error {
	state := RequestRefused
	if approve {
		state = RequestApproved
	}
	r := i.Request
	switch {
	case m.Status == MeetingCancelled:
		return Refuse("rsvp.cancelled")
	case r == nil || r.N != n || r.State == RequestWithdrawn:
		return Refuse("request.gone")
	case by != "" && by == i.Member:
		return Refuse("request.own")
	case r.State == state:
		return ErrUnchanged
	case r.State != RequestPending:
		return Refuse("request.decided")
	case i.CheckIn != nil:
		return Refuse("request.here")
	case now.After(m.Held().Add(ReopenWithin)):
		return Refuse("request.long_ago", "days", int(ReopenWithin.Hours())/24)
	}
	was := i.Attendance(m)
	judged := *r
	judged.State, judged.By, judged.Judged = state, by, now
	i.Request = &judged
	asked := r.Answer
	waiting := i.Answer.Choice == Declined && i.Answer.Leave == LeavePending
	switch {
	case waiting && approve:
		i.Answer.Leave = LeaveApproved
	case waiting:
		i.Answer.Leave = LeaveRefused
	case approve:
		if asked.Choice == Declined {
			asked.Leave = LeaveApproved
		}
		asked.At = now // it stands from now on, and for the time and place that are known now
		i.put(asked)
	}
	if is := i.Attendance(m); is != was && m.Status == MeetingClosed {
		i.Corrected = kept(i.Corrected, Amendment{
			What: AmendedSeat, Venue: i.Venue, Member: i.Member, Was: string(was), Is: string(is), By: by, At: now,
		})
	}
	return nil
}

// Deciders are the members who are told of a request and may decide it: where the unit decides about leave, the approvers and organizers
// who stand nearest above the invitee, else whoever called the meeting. The invitee is never among them.
func (r *Roster) Deciders(m *Meeting, seat Invitation) []Member {
	if m.Leave == LeaveByUnit && seat.Request != nil && seat.Request.Answer.Choice == Declined && seat.Answer.Leave == LeavePending {
		if near := r.OfficersOver(seat.Unit, seat.Member); len(near) > 0 {
			return near
		}
	}
	return r.callers(m, seat.Member)
}

// Callers are the members who answer for a meeting: whoever called it, else those who organize nearest above its issuer.
func (r *Roster) Callers(m *Meeting) []Member { return r.callers(m, "") }

func (r *Roster) callers(m *Meeting, without MemberID) []Member {
	if author, ok := r.Member(m.Author); ok && author.Status == Active && author.ID != without {
		return []Member{author}
	}
	return r.OfficersOver(m.Issuer, without)
}

// OfficersOver finds the approvers and organizers of the smallest scope that covers a unit, without one member.
func (r *Roster) OfficersOver(unit UnitID, without MemberID) []Member {
	for _, scope := range slices.Backward(append([]UnitID{""}, r.tree.Path(unit)...)) {
		var found []Member
		for _, m := range r.Members {
			if m.Status != Active || m.ID == without {
				continue
			}
			if slices.ContainsFunc(m.Roles, func(g Grant) bool {
				return g.Scope == scope && (g.covers(RoleOrganizer) || g.covers(RoleApprover))
			}) {
				found = append(found, m)
			}
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}
