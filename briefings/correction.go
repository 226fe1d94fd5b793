package briefings

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// ReopenWithin is how long after a meeting its roll may be opened again. A later figure belongs into the next report.
const ReopenWithin = 31 * 24 * time.Hour

// AmendmentsKept is how many late changes one seat, and one venue, remember.
const AmendmentsKept = 50

// Reopening is a closing that was taken back, and why.
type Reopening struct {
	Closing Closing   `json:"closing"`
	By      MemberID  `json:"by"`
	At      time.Time `json:"at"`
	Reason  string    `json:"reason"`
}

// Amendment is one change of the roll made after the venue had closed: who, when, what.
type Amendment struct {
	What   AmendmentKind `json:"what"`
	Venue  VenueID       `json:"venue"`
	Member MemberID      `json:"member,omitempty"` // of whom; empty: of the venue's own numbers
	Was    string        `json:"was,omitempty"`
	Is     string        `json:"is,omitempty"`
	Reason string        `json:"reason,omitempty"`
	By     MemberID      `json:"by,omitempty"`
	At     time.Time     `json:"at"`
}

// AmendmentKind is what was changed.
type AmendmentKind string

const (
	AmendedSeat   AmendmentKind = "seat"     // Was and Is are of type Attendance
	AmendedWalkIn AmendmentKind = "walk_in"  // Was and Is are "0" and "1"
	AmendedGuests AmendmentKind = "guests"   // numbers
	AmendedHeads  AmendmentKind = "heads"    // the closing number: numbers
	AmendedOpen   AmendmentKind = "reopened" // Was is the closing number; with the reason
)

// Reopen takes a venue's closing back, with a reason. The venue takes no more codes until its door is opened anew, only what its officer
// writes, and every change is kept.
func (m *Meeting) Reopen(id VenueID, by MemberID, reason string, now time.Time) error {
	v := m.Venue(id)
	reason = strings.TrimSpace(reason)
	switch {
	case v == nil:
		return Refuse("err.expired")
	case m.Status != MeetingOpen && m.Status != MeetingClosed:
		return Refuse("checkin.meeting_closed")
	case v.Closing == nil:
		return Refuse("reopen.not_closed", "venue", v.Name)
	case now.After(m.Held().Add(ReopenWithin)):
		return Refuse("reopen.too_late", "days", int(ReopenWithin.Hours())/24)
	case reason == "":
		return Refuse("reopen.ask_reason")
	case Length(reason) > NoteLimit:
		return Refuse("question.long", "n", Length(reason), "max", NoteLimit)
	}
	v.Earlier = append(v.Earlier, Reopening{Closing: *v.Closing, By: by, At: now, Reason: reason})
	v.Closing = nil
	m.Status, m.ClosedAt = MeetingOpen, time.Time{}
	return nil
}

// correct keeps a late change of the seat's check-in: one at a venue that had closed before.
func (i *Invitation) correct(m *Meeting, v *Venue, was Attendance, by MemberID, now time.Time) {
	if len(v.Earlier) == 0 {
		return
	}
	if by == "" { // at a door that was opened anew
		by = i.Here()
	}
	i.Corrected = kept(i.Corrected, Amendment{
		What: AmendedSeat, Venue: v.ID, Member: i.Member, Was: string(was), Is: string(i.judged(true)), By: by, At: now,
	})
}

// amend keeps a late change of what a venue counts without seats.
func (v *Venue) amend(a Amendment) {
	if len(v.Earlier) == 0 {
		return
	}
	a.Venue = v.ID
	v.Amended = kept(v.Amended, a)
}

func kept(list []Amendment, a Amendment) []Amendment {
	list = append(slices.Clone(list), a)
	return list[max(0, len(list)-AmendmentsKept):]
}

// Amendments lists every late change of a meeting's roll, oldest first: the closings that were taken back, what was changed then, and
// the closing numbers that differ from those before.
func Amendments(m *Meeting, seats []Invitation) []Amendment {
	var list []Amendment
	for _, v := range m.Venues {
		for n, r := range v.Earlier {
			list = append(list, Amendment{
				What: AmendedOpen, Venue: v.ID, Was: decimal(r.Closing.Headcount), Reason: r.Reason, By: r.By, At: r.At,
			})
			next := v.Closing
			if n+1 < len(v.Earlier) {
				next = &v.Earlier[n+1].Closing
			}
			if next != nil && next.Headcount != r.Closing.Headcount {
				list = append(list, Amendment{
					What: AmendedHeads, Venue: v.ID, Was: decimal(r.Closing.Headcount), Is: decimal(next.Headcount), By: next.By, At: next.At,
				})
			}
			if next != nil && next.Guests != r.Closing.Guests {
				list = append(list, Amendment{
					What: AmendedGuests, Venue: v.ID, Was: decimal(r.Closing.Guests), Is: decimal(next.Guests), By: next.By, At: next.At,
				})
			}
		}
		list = append(list, v.Amended...)
	}
	for i := range seats {
		list = append(list, seats[i].Corrected...)
	}
	slices.SortStableFunc(list, func(a, b Amendment) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Venue, b.Venue), cmp.Compare(a.Member, b.Member))
	})
	return list
}
