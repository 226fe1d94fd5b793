package briefings

import (
	"strings"
	"time"
)

// Invitation is a seat: a member is called to a meeting. It keeps the answer that stands, how it came to it, and the check-in.
type Invitation struct {
	Meeting MeetingID `json:"meeting"`
	Member  MemberID  `json:"member"`
	No      MemberNo  `json:"no"`
	Unit    UnitID    `json:"unit"` // where the member stood when called
	Venue   VenueID   `json:"venue"`
	Answer  Answer    `json:"answer,omitzero"`
	History []Answer  `json:"history,omitempty"` // earlier answers, oldest first, the last HistoryKept of them
	Request *Request  `json:"request,omitempty"` // what the invitee asked somebody to decide, the newest
	CheckIn *CheckIn  `json:"check_in,omitempty"`
	Asked   int       `json:"asked,omitempty"`  // the revision of the meeting for which the answer was asked again
	Update  int64     `json:"update,omitempty"` // the last Telegram update applied, so that a repeated one changes nothing

	Moved     time.Time   `json:"moved,omitzero"`      // when the holder chose this venue over another
	Wait      *Wait       `json:"wait,omitempty"`      // that the holder was told to wait for a place
	Corrected []Amendment `json:"corrected,omitempty"` // late changes of the check-in, oldest first
	Cards     []Shown     `json:"cards,omitempty"`     // messages beside the notice that show the card, the newest last
	Stale     *Stale      `json:"stale,omitempty"`     // that some cards show an older state; nil: none does
}

// HistoryKept is how many earlier answers a seat remembers.
const HistoryKept = 20

// Choice is what somebody answered.
type Choice string

const (
	NoAnswer  Choice = ""
	Accepted  Choice = "accepted"
	Declined  Choice = "declined"
	Delegated Choice = "delegated"
)

// Reason is a code for asking leave. There is none for health: that is sensitive data.
type Reason string

const (
	WorkTrip     Reason = "cong_tac"
	OtherMeeting Reason = "trung_lich"
	OnLeave      Reason = "nghi_phep"
	Personal     Reason = "ca_nhan"
	OtherReason  Reason = "khac"
)

// Reasons lists the codes in the order in which they are offered.
var Reasons = []Reason{WorkTrip, OtherMeeting, OnLeave, Personal, OtherReason}

// NoteLimit is how many characters a reason in free text may have.
const NoteLimit = 200

// Answer is what an invitee said, and when.
type Answer struct {
	Choice Choice     `json:"choice,omitempty"`
	Online bool       `json:"online,omitempty"` // for Accepted: by the venue's link instead of in the room
	Reason Reason     `json:"reason,omitempty"` // for Declined
	Note   string     `json:"note,omitempty"`   // for Declined with OtherReason
	Leave  LeaveState `json:"leave,omitempty"`  // for Declined; empty: nobody has to accept it
	Deputy *Deputy    `json:"deputy,omitempty"` // for Delegated
	At     time.Time  `json:"at,omitzero"`
	By     MemberID   `json:"by,omitempty"`   // who answered in the invitee's stead; empty: the invitee
	Since  time.Time  `json:"since,omitzero"` // when the seat asked for its chair, where an earlier answer already did
}

// Deputy sits on an invitee's seat: a member, who is asked and accepts, or just a name.
type Deputy struct {
	Member MemberID    `json:"member,omitempty"`
	Name   string      `json:"name"`
	State  DeputyState `json:"state"`
	Asked  int         `json:"asked,omitempty"` // how many times this seat has asked somebody: the revision of the request
}

// DeputyState is what a deputy said. Somebody outside the roll cannot be asked and counts as accepted.
type DeputyState string

const (
	DeputyWaiting  DeputyState = "waiting"
	DeputyAccepted DeputyState = "accepted"
	DeputyRefused  DeputyState = "refused"
)

// CheckIn is proof of one person's presence on the seat.
type CheckIn struct {
	At      time.Time `json:"at"` // when the person came, as far as it is known
	Venue   VenueID   `json:"venue"`
	Method  Method    `json:"method"`
	By      MemberID  `json:"by,omitempty"`     // the officer, when it was not the person
	Deputy  bool      `json:"deputy,omitempty"` // the deputy came, not the invitee
	From    VenueID   `json:"from,omitempty"`   // where the seat was expected before
	Entered time.Time `json:"entered,omitzero"` // when it was written down, where that was later
}

// Method is how a check-in was made.
type Method string

const (
	ByCode    Method = "code" // the screen's, typed
	ByPIN     Method = "pin"  // the one that was read out
	ByQR      Method = "qr"
	ByOfficer Method = "officer"
	FromPaper Method = "paper" // from a signed list, typed or uploaded afterwards
)

// ByHand reports whether somebody else wrote the presence down.
func (m Method) ByHand() bool { return m == ByOfficer || m == FromPaper }

// Accept says: I come.
func (i *Invitation) Accept(m *Meeting, now time.Time) error {
	return i.answer(m, Answer{Choice: Accepted, At: now})
}

// AcceptOnline says: I come by the venue's link. It is refused where the venue has none.
func (i *Invitation) AcceptOnline(m *Meeting, now time.Time) error {
	if v := m.Venue(i.Venue); v == nil || v.Link == "" {
		return Refuse("rsvp.no_link")
	}
	return i.answer(m, Answer{Choice: Accepted, Online: true, At: now})
}

// Decline asks leave, with a code and, for OtherReason, up to NoteLimit characters. Where the meeting wants leave approved it is
// pending until somebody decides.
func (i *Invitation) Decline(m *Meeting, reason Reason, note string, now time.Time) error {
	a, err := LeaveFor(reason, note, now)
	if err != nil {
		return err
	}
	if m.Leave == LeaveFree {
		return i.answer(m, a)
	}
	a.Leave = LeavePending
	if err := i.answer(m, a); err != nil {
		return err
	}
	i.ask(a)
	return nil
}

// LeaveFor is the answer of somebody who stays away, checked: words are needed for OtherReason and dropped for the codes.
func LeaveFor(reason Reason, note string, now time.Time) (Answer, error) {
	if reason == OtherReason {
		note = strings.TrimSpace(note)
		if note == "" || Length(note) > NoteLimit {
			return Answer{}, Refuse("rsvp.ask_reason_text")
		}
	} else {
		note = ""
	}
	return Answer{Choice: Declined, Reason: reason, Note: note, At: now}, nil
}

// Delegate sends a deputy. That the deputy is not invited and sits for nobody else is the store's to hold, as it spans seats.
func (i *Invitation) Delegate(m *Meeting, d Deputy, now time.Time) error {
	if !m.Deputies {
		return Refuse("proxy.not_allowed")
	}
	if d.Member == i.Member {
		return Refuse("proxy.already_invited", "proxy_name", d.Name)
	}
	d.State, d.Asked = DeputyAccepted, i.asked()
	if d.Member != "" {
		d.State = DeputyWaiting
		d.Asked++
	}
	return i.answer(m, Answer{Choice: Delegated, Deputy: &d, At: now})
}

// asked is how many requests this seat has made, over all answers.
func (i *Invitation) asked() int {
	n := 0
	for _, a := range append(i.History, i.Answer) {
		if a.Deputy != nil {
			n = max(n, a.Deputy.Asked)
		}
	}
	return n
}

func (i *Invitation) answer(m *Meeting, a Answer) error {
	switch {
	case m.Status == MeetingCancelled:
		return Refuse("rsvp.cancelled")
	case m.Status == MeetingPostponed:
		return Refuse("rsvp.postponed")
	case m.Status != MeetingOpen || !a.At.Before(m.AnswersUntil()):
		return Refuse("rsvp.closed", "deadline", m.AnswersUntil())
	case i.CheckIn != nil:
		return Refuse("rsvp.already_here")
	case i.same(a):
		return ErrUnchanged
	case a.Choice != Declined && m.given(i.Member):
		return Refuse("quota.given")
	}
	i.withdraw()
	i.put(a)
	return nil
}

// put makes an answer the one that stands and keeps the one before.
func (i *Invitation) put(a Answer) {
	a.Since = time.Time{}
	if a.wantsChair() && i.Answer.wantsChair() {
		a.Since = i.Answer.chairAsked()
	}
	i.remember(i.Answer)
	i.Answer = a
}

// remember keeps an answer that no longer stands.
func (i *Invitation) remember(a Answer) {
	if a.Choice == NoAnswer {
		return
	}
	i.History = append(i.History, a)
	if n := len(i.History) - HistoryKept; n > 0 {
		i.History = append([]Answer(nil), i.History[n:]...)
	}
}

// same reports whether an answer says what already stands, so that a second tap changes nothing.
func (i *Invitation) same(a Answer) bool {
	old := i.Answer
	if old.Choice != a.Choice || old.Online != a.Online || old.Reason != a.Reason || old.Note != a.Note || old.By != a.By ||
		old.Leave == LeaveRefused {
		return false
	}
	if old.Deputy == nil || a.Deputy == nil {
		return old.Deputy == a.Deputy
	}
	return old.Deputy.Member == a.Deputy.Member && old.Deputy.Name == a.Deputy.Name && old.Deputy.State != DeputyRefused
}

// DeputyAnswers takes what the asked deputy says. A deputy may step back until check-in.
func (i *Invitation) DeputyAnswers(m *Meeting, deputy MemberID, comes bool) error {
	d := i.Answer.Deputy
	switch {
	case m.Status == MeetingCancelled:
		return Refuse("rsvp.cancelled")
	case m.Status == MeetingPostponed:
		return Refuse("rsvp.postponed")
	case m.Status != MeetingOpen:
		return Refuse("rsvp.closed", "deadline", m.AnswersUntil())
	case d == nil || d.Member != deputy || d.State == DeputyRefused:
		return Refuse("proxy.no_longer")
	case i.CheckIn != nil:
		return Refuse("rsvp.already_here")
	}
	state := DeputyRefused
	if comes {
		state = DeputyAccepted
	}
	if d.State == state {
		return ErrUnchanged
	}
	changed := *d
	changed.State = state
	i.Answer.Deputy = &changed
	return nil
}

// WaitsForDeputy is the member who was asked to sit on the seat and has said nothing yet; empty: nobody.
func (i *Invitation) WaitsForDeputy() MemberID {
	if d := i.Answer.Deputy; d != nil && d.State == DeputyWaiting && i.CheckIn == nil {
		return d.Member
	}
	return ""
}

// Present marks a presence on the seat. The first check-in stands. What an officer writes down needs no open door, only that the time
// for it has come.
func (i *Invitation) Present(m *Meeting, c CheckIn) error {
	v := m.Venue(c.Venue)
	from, _ := m.CheckInWindow()
	switch {
	case i.CheckIn != nil:
		return Refuse("checkin.already", "time", i.CheckIn.At, "venue", m.venueName(i.CheckIn.Venue))
	case v == nil:
		return Refuse("err.expired")
	case m.Status != MeetingOpen:
		return Refuse("checkin.meeting_closed")
	case v.Closing != nil:
		return Refuse("checkin.venue_closed", "venue", v.Name)
	case v.Door == nil && (!c.Method.ByHand() || c.written().Before(from)):
		return Refuse("checkin.not_open", "venue", v.Name)
	case c.Deputy && (i.Answer.Deputy == nil || i.Answer.Deputy.State == DeputyRefused):
		return Refuse("proxy.no_longer")
	}
	was := i.judged(true)
	c.From = ""
	if i.Venue != c.Venue {
		c.From = i.Venue
	}
	i.Venue = c.Venue
	i.CheckIn = &c
	i.correct(m, v, was, c.By, c.written())
	return nil
}

// ByHand dates a check-in that somebody writes down for another. From a paper list, and from memory once the meeting is over, nobody
// knows when people came: they count as being there at the start, and the moment of writing is kept beside it.
func (m *Meeting) ByHand(c CheckIn, now time.Time) CheckIn {
	c.At = now
	v := m.Venue(c.Venue)
	afterwards := now.After(m.Held()) || v != nil && len(v.Earlier) > 0
	if (c.Method == FromPaper || afterwards) && now.After(m.Starts) {
		c.At, c.Entered = m.Starts, now
	}
	return c
}

// written is when a check-in was written down.
func (c *CheckIn) written() time.Time {
	if c.Entered.IsZero() {
		return c.At
	}
	return c.Entered
}

// Absent takes a check-in back, for a mistake at the door; the seat is expected again where it was before.
func (i *Invitation) Absent(m *Meeting, by MemberID, now time.Time) error {
	if i.CheckIn == nil {
		return ErrUnchanged
	}
	v := m.Venue(i.CheckIn.Venue)
	switch {
	case m.Status != MeetingOpen || v == nil:
		return Refuse("checkin.meeting_closed")
	case v.Closing != nil:
		return Refuse("checkin.venue_closed", "venue", v.Name)
	}
	was := i.judged(true)
	if i.CheckIn.From != "" {
		i.Venue = i.CheckIn.From
	}
	i.CheckIn = nil
	i.correct(m, v, was, by, now)
	return nil
}

// Switch lets the holder of a seat be expected at another venue, until the meeting begins.
func (i *Invitation) Switch(m *Meeting, to VenueID, now time.Time) error {
	v := m.Venue(to)
	switch {
	case m.Status == MeetingCancelled:
		return Refuse("rsvp.cancelled")
	case m.Status == MeetingPostponed:
		return Refuse("rsvp.postponed")
	case v == nil:
		return Refuse("err.expired")
	case i.CheckIn != nil:
		return Refuse("rsvp.already_here")
	case m.Status != MeetingOpen || v.Closing != nil || !now.Before(m.Starts):
		return Refuse("venue.switch_over")
	case i.Venue == to:
		return ErrUnchanged
	case i.Answer.Online && v.Link == "":
		return Refuse("rsvp.no_link")
	}
	i.Venue, i.Moved = to, now
	return nil
}

func (m *Meeting) venueName(id VenueID) Text {
	if v := m.Venue(id); v != nil {
		return v.Name
	}
	return Text{Vi: string(id)}
}

// Attendance is where a seat ends up on the roll.
type Attendance string

const (
	AttendPresent     Attendance = "present"
	AttendRepresented Attendance = "represented"
	AttendExcused     Attendance = "excused"
	AttendUnexcused   Attendance = "unexcused"
	AttendPending     Attendance = "pending" // nobody knows yet: the meeting is not closed
)

// Attendance judges the seat. Absence without leave exists only once the meeting is closed. Somebody who is there is present,
// whatever was answered.
func (i *Invitation) Attendance(m *Meeting) Attendance { return i.judged(m.Status == MeetingClosed) }

func (i *Invitation) judged(closed bool) Attendance {
	switch {
	case i.CheckIn != nil && i.CheckIn.Deputy:
		return AttendRepresented
	case i.CheckIn != nil:
		return AttendPresent
	case i.Answer.Excused():
		return AttendExcused
	case closed:
		return AttendUnexcused
	}
	return AttendPending
}

// Excused reports whether the answer is a leave that counts: one that nobody has to accept, or that was accepted.
func (a Answer) Excused() bool {
	return a.Choice == Declined && (a.Leave == "" || a.Leave == LeaveApproved)
}
