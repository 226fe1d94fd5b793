package briefings

import (
	"slices"
	"time"
)

// Limits of questions to the speaker.
const (
	// InquiryShort and InquiryLong are how many characters a question has at least and at most.
	InquiryShort, InquiryLong = 5, 500
	// InquiryReplyLong is how many characters a written reply may have.
	InquiryReplyLong = 2000
	// InquiriesOpen is how many undecided questions a person may have at one meeting.
	InquiriesOpen = 3
	// InquiriesLimit is how many questions a meeting takes. What was taken back makes room again.
	InquiriesLimit = 300
	// InquiriesTaken is how many questions a person may take back at one meeting: after that what they ask stands.
	InquiriesTaken = 5
	// InquiriesAfter is how long after the end of a meeting it still takes questions.
	InquiriesAfter = 24 * time.Hour
	// InquiriesKept is how long after a meeting its questions are kept: then texts and names are gone.
	InquiriesKept = 90 * 24 * time.Hour
	// InquiryNews is how long after a decision whoever asked is told of it: an answer in the hall was heard there or is old soon, and a
	// written reply is of use for longer.
	InquiryNews, InquiryReplyNews = 48 * time.Hour, 14 * 24 * time.Hour
)

// InquiryState is what became of a question.
type InquiryState string

const (
	InquiryNew       InquiryState = "new"
	InquiryListed    InquiryState = "listed"    // on the list for the hall
	InquiryAnswered  InquiryState = "answered"  // by the speaker, in the hall
	InquiryReplied   InquiryState = "replied"   // in writing
	InquiryMerged    InquiryState = "merged"    // into another that asks the same
	InquiryDeclined  InquiryState = "declined"  // not taken up
	InquiryWithdrawn InquiryState = "withdrawn" // by whoever asked
)

// Decided reports whether the organizer has nothing more to do about it.
func (s InquiryState) Decided() bool { return s != InquiryNew && s != InquiryListed }

// Inquiry is a question to the speaker of a meeting.
type Inquiry struct {
	N       int          `json:"n"` // from 1
	Member  MemberID     `json:"member"`
	No      MemberNo     `json:"no"`
	Venue   VenueID      `json:"venue"` // from where it was asked
	Text    string       `json:"text"`
	Unnamed bool         `json:"unnamed,omitempty"` // the organizer is not shown who asked
	At      time.Time    `json:"at"`
	State   InquiryState `json:"state"`
	Into    int          `json:"into,omitempty"`  // for a merged one: the question that stands for it
	Reply   string       `json:"reply,omitempty"` // for a replied one
	By      MemberID     `json:"by,omitempty"`    // who decided
	Judged  time.Time    `json:"judged,omitzero"` // when, or when it was taken back
	Told    int          `json:"told,omitempty"`  // which decision of this meeting the asker is to be told; 0: none
}

// Inquiries are the questions of one meeting, in the order in which they were asked.
type Inquiries struct {
	List      []Inquiry `json:"list,omitempty"`
	Decisions int       `json:"decisions,omitempty"` // how many were numbered so far
}

// TakesInquiries reports whether people may ask the speaker now: from the notice until a day after the end.
func (m *Meeting) TakesInquiries(now time.Time) bool {
	if m.Invites.IsZero() || m.Status != MeetingOpen && m.Status != MeetingClosed {
		return false
	}
	return now.Before(m.Held().Add(InquiriesAfter))
}

// ForgetsInquiries is when the questions of the meeting go. Nothing is over of a meeting that waits for a new time.
func (m *Meeting) ForgetsInquiries(now time.Time) time.Time {
	over := m.Held()
	if m.Status == MeetingPostponed && over.Before(now) {
		over = now
	}
	return over.Add(InquiriesKept)
}

// News is until when whoever asked is told what became of a question.
func (i *Inquiry) News() time.Time {
	if i.State == InquiryReplied {
		return i.Judged.Add(InquiryReplyNews)
	}
	return i.Judged.Add(InquiryNews)
}

// Get finds a question; nil when there is none.
func (q *Inquiries) Get(n int) *Inquiry {
	if n < 1 || n > len(q.List) {
		return nil
	}
	return &q.List[n-1]
}

// Fate is the question that says what became of another: itself, or the decided one into which it was merged.
func (q *Inquiries) Fate(n int) *Inquiry {
	i := q.Get(n)
	if i != nil && i.State == InquiryMerged {
		if into := q.Get(i.Into); into != nil && into.State.Decided() {
			return into
		}
	}
	return i
}

// Of lists what one person asked.
func (q *Inquiries) Of(who MemberID) []Inquiry {
	var own []Inquiry
	for _, i := range q.List {
		if i.Member == who && i.State != InquiryWithdrawn {
			own = append(own, i)
		}
	}
	return own
}

// Hall lists what the hall is to see, without who asked.
func (q *Inquiries) Hall() []Inquiry {
	var list []Inquiry
	for _, i := range q.List {
		if i.State == InquiryListed {
			i.Member, i.No, i.By = "", 0, ""
			list = append(list, i)
		}
	}
	return list
}

// Count says how many questions were asked and not taken back, and how many of them are in a state.
func (q *Inquiries) Count() (asked int, in map[InquiryState]int) {
	in = map[InquiryState]int{}
	for _, i := range q.List {
		if i.State != InquiryWithdrawn {
			asked++
			in[i.State]++
		}
	}
	return asked, in
}

// Ask adds a question. The same words of the same person are one question: ErrUnchanged.
func (q *Inquiries) Ask(m *Meeting, i Inquiry) error {
	switch n := Length(i.Text); {
	case !m.TakesInquiries(i.At):
		return Refuse("question.closed")
	case n < InquiryShort:
		return Refuse("question.short")
	case n > InquiryLong:
		return Refuse("question.long", "n", n, "max", InquiryLong)
	}
	open, taken, standing := 0, 0, 0
	for _, other := range q.List {
		back := other.State == InquiryWithdrawn
		if !back {
			standing++
		}
		switch {
		case other.Member != i.Member:
		case back:
			taken++
		case other.Text == i.Text:
			return ErrUnchanged
		case !other.State.Decided():
			open++
		}
	}
	switch {
	case open >= InquiriesOpen:
		return Refuse("question.enough", "max", InquiriesOpen)
	case taken >= InquiriesTaken:
		return Refuse("question.taken_back", "max", InquiriesTaken)
	case standing >= InquiriesLimit:
		return Refuse("question.full")
	}
	i.N, i.State = len(q.List)+1, InquiryNew
	q.List = append(q.List, i)
	return nil
}

// Withdraw takes a question back, which only whoever asked it can, while nobody has decided about it. Its words are forgotten.
func (q *Inquiries) Withdraw(n int, who MemberID, now time.Time) error {
	i := q.Get(n)
	switch {
	case i == nil || i.Member != who:
		return Refuse("question.gone")
	case i.State == InquiryWithdrawn:
		return ErrUnchanged
	case i.State.Decided():
		return Refuse("question.decided")
	}
	if slices.ContainsFunc(q.List, func(other Inquiry) bool { return other.State == InquiryMerged && other.Into == n }) {
		return Refuse("question.decided") // it stands for others, too
	}
	i.State, i.Text, i.Judged = InquiryWithdrawn, "", now
	return nil
}

// Verdict is what an organizer decides about a question.
type Verdict struct {
	State InquiryState
	Into  int    // for InquiryMerged
	Reply string // for InquiryReplied
	By    MemberID
	At    time.Time
}

// Judge decides about a question. A decision stands, except that what was answered in the hall may still get a written reply. Whoever
// asked it, or one that was merged into it, is to be told; going onto the list for the hall and off it is not told.
func (q *Inquiries) Judge(n int, v Verdict) error {
	i := q.Get(n)
	switch {
	case i == nil || i.State == InquiryWithdrawn:
		return Refuse("question.gone")
	case i.State == v.State && (v.State != InquiryReplied || i.Reply == v.Reply) && (v.State != InquiryMerged || i.Into == v.Into):
		return ErrUnchanged
	case i.State.Decided() && (i.State != InquiryAnswered || v.State != InquiryReplied):
		return Refuse("question.decided")
	}
	switch v.State {
	case InquiryNew, InquiryListed, InquiryAnswered, InquiryDeclined:
	case InquiryReplied:
		switch length := Length(v.Reply); {
		case length == 0:
			return Refuse("question.no_reply")
		case length > InquiryReplyLong:
			return Refuse("question.long", "n", length, "max", InquiryReplyLong)
		}
	case InquiryMerged:
		into := q.Get(v.Into)
		if into == nil || v.Into == n || into.State == InquiryWithdrawn || into.State == InquiryMerged {
			return Refuse("question.gone")
		}
		for k := range q.List { // those it stood for go along
			if other := &q.List[k]; other.State == InquiryMerged && other.Into == n {
				other.Into = v.Into
				if into.State.Decided() {
					other.Judged = v.At
					q.tell(other)
				}
			}
		}
	default:
		return Refuse("question.gone")
	}
	i.State, i.Into, i.Reply, i.By, i.Judged = v.State, v.Into, v.Reply, v.By, v.At
	if !v.State.Decided() {
		return nil
	}
	q.tell(i)
	for k := range q.List {
		if other := &q.List[k]; other.State == InquiryMerged && other.Into == n {
			other.Judged = v.At
			q.tell(other)
		}
	}
	return nil
}

// tell numbers a decision, so that whoever asked is told once of each.
func (q *Inquiries) tell(i *Inquiry) {
	q.Decisions++
	i.Told = q.Decisions
}
