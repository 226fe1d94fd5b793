package briefings

import (
	"slices"
	"strconv"
	"time"
)

// WalkIn is somebody on the roll who came without a seat. Like a guest such a person is in no rate, but has a name.
type WalkIn struct {
	Member MemberID  `json:"member"`
	At     time.Time `json:"at"`
	By     MemberID  `json:"by"`
}

// Helper is a member who keeps one venue's door for one day. The pass is a link; the first who opens it is the helper.
type Helper struct {
	Token  string    `json:"token"`
	Member MemberID  `json:"member,omitempty"` // empty until the link was opened
	By     MemberID  `json:"by"`
	Until  time.Time `json:"until"`
}

// Proof is a photograph of a venue's signed list, under the channel's own name of it.
type Proof struct {
	File string    `json:"file"`
	By   MemberID  `json:"by"`
	At   time.Time `json:"at"`
}

const (
	// HelpersLimit, ProofsLimit, WalkInsLimit and GuestsLimit bound what one venue keeps.
	HelpersLimit = 20
	ProofsLimit  = 20
	WalkInsLimit = 500
	GuestsLimit  = 10_000
)

// counting finds a venue whose officer may write down who is there.
func (m *Meeting) counting(id VenueID, now time.Time) (*Venue, error) {
	v := m.Venue(id)
	from, to := m.CheckInWindow()
	switch {
	case v == nil:
		return nil, Refuse("err.expired")
	case m.Status != MeetingOpen:
		return nil, Refuse("checkin.meeting_closed")
	case v.Closing != nil:
		return nil, Refuse("checkin.venue_closed", "venue", v.Name)
	case now.Before(from):
		return nil, Refuse("checkin.window", "from", from, "to", to)
	}
	return v, nil
}

// Counting reports, by its refusal, why nobody may be written down at a venue now.
func (m *Meeting) Counting(id VenueID, now time.Time) error {
	_, err := m.counting(id, now)
	return err
}

// WalkIn notes that somebody on the roll came without a seat. That the person has none, and sits on nobody's, is the caller's to know.
// Nobody walks in twice, at whatever venue.
func (m *Meeting) WalkIn(id VenueID, w WalkIn) error {
	v, err := m.counting(id, w.At)
	if err != nil {
		return err
	}
	if at := m.WalkedIn(w.Member); at != "" {
		return Refuse("walkin.already", "venue", m.venueName(at))
	}
	if len(v.WalkIns) >= WalkInsLimit {
		return Refuse("walkin.too_many", "max", WalkInsLimit)
	}
	v.WalkIns = append(slices.Clone(v.WalkIns), w)
	v.amend(Amendment{What: AmendedWalkIn, Member: w.Member, Was: "0", Is: "1", By: w.By, At: w.At})
	return nil
}

// WalkOut takes a walk-in back.
func (m *Meeting) WalkOut(id VenueID, member, by MemberID, now time.Time) error {
	v, err := m.counting(id, now)
	if err != nil {
		return err
	}
	left := slices.DeleteFunc(slices.Clone(v.WalkIns), func(w WalkIn) bool { return w.Member == member })
	if len(left) == len(v.WalkIns) {
		return ErrUnchanged
	}
	v.WalkIns = left
	v.amend(Amendment{What: AmendedWalkIn, Member: member, Was: "1", Is: "0", By: by, At: now})
	return nil
}

// WalkedIn is the venue at which somebody without a seat was noted; empty: nowhere.
func (m *Meeting) WalkedIn(member MemberID) VenueID {
	for _, v := range m.Venues {
		if slices.ContainsFunc(v.WalkIns, func(w WalkIn) bool { return w.Member == member }) {
			return v.ID
		}
	}
	return ""
}

// CountGuests sets how many people without a seat and without a place on the roll are at a venue. Whoever counts says which number they
// saw before: where another counted since, nothing is overwritten. The same count twice by one person changes nothing.
func (m *Meeting) CountGuests(id VenueID, was, n int, by MemberID, now time.Time) error {
	v, err := m.counting(id, now)
	switch {
	case err != nil:
		return err
	case n < 0 || n > GuestsLimit:
		return Refuse("close.bad_numbers")
	case n == v.Guests && (was == n || v.Counted == by):
		return ErrUnchanged
	case was != v.Guests:
		return Refuse("list.guests_moved", "n", v.Guests)
	}
	v.amend(Amendment{What: AmendedGuests, Was: decimal(v.Guests), Is: decimal(n), By: by, At: now})
	v.Guests, v.Counted = n, by
	return nil
}

// Keep keeps a photograph of the signed list. One that is there already changes nothing.
func (m *Meeting) Keep(id VenueID, p Proof) error {
	v := m.Venue(id)
	switch {
	case v == nil:
		return Refuse("err.expired")
	case m.Status != MeetingOpen && m.Status != MeetingClosed:
		return Refuse("checkin.meeting_closed")
	case slices.ContainsFunc(v.Proofs, func(old Proof) bool { return old.File == p.File }):
		return ErrUnchanged
	case len(v.Proofs) >= ProofsLimit:
		return Refuse("paper.too_many_photos", "max", ProofsLimit)
	}
	v.Proofs = append(slices.Clone(v.Proofs), p)
	return nil
}

// Pass gives out a door pass that nobody has used yet. It holds until the end of the day it is for.
func (m *Meeting) Pass(id VenueID, by MemberID, token string, now time.Time) error {
	v := m.Venue(id)
	switch {
	case v == nil:
		return Refuse("err.expired")
	case v.Closing != nil:
		return Refuse("checkin.venue_closed", "venue", v.Name)
	case m.Status != MeetingOpen || !now.Before(m.passUntil(now.Location())):
		return Refuse("checkin.meeting_closed")
	case len(v.Helpers) >= HelpersLimit:
		return Refuse("pass.too_many", "max", HelpersLimit)
	}
	v.Helpers = append(slices.Clone(v.Helpers), Helper{Token: token, By: by, Until: m.passUntil(now.Location())})
	return nil
}

// passUntil is the midnight after the meeting.
func (m *Meeting) passUntil(zone *time.Location) time.Time {
	y, mo, d := m.Held().In(zone).Date()
	return time.Date(y, mo, d+1, 0, 0, 0, 0, zone)
}

// movePasses lets the passes hold on the day to which the meeting moved.
func (m *Meeting) movePasses() {
	for i := range m.Venues {
		v := &m.Venues[i]
		v.Helpers = slices.Clone(v.Helpers)
		for k := range v.Helpers {
			v.Helpers[k].Until = m.passUntil(v.Helpers[k].Until.Location())
		}
	}
}

// Mark names the pass among those of its venue without giving it away.
func (h Helper) Mark() string { return h.Token[:min(len(h.Token), 6)] }

// Unpass takes a pass back, used or not.
func (m *Meeting) Unpass(id VenueID, mark string) error {
	v := m.Venue(id)
	if v == nil {
		return Refuse("err.expired")
	}
	left := slices.DeleteFunc(slices.Clone(v.Helpers), func(h Helper) bool { return h.Mark() == mark })
	if len(left) == len(v.Helpers) {
		return ErrUnchanged
	}
	v.Helpers = left
	return nil
}

// PassFor is the venue whose door a pass opens; nil when there is none.
func (m *Meeting) PassFor(token string) *Venue {
	for i := range m.Venues {
		if slices.ContainsFunc(m.Venues[i].Helpers, func(h Helper) bool { return token != "" && h.Token == token }) {
			return &m.Venues[i]
		}
	}
	return nil
}

// UsePass makes a member the helper of the venue whose pass was opened, and returns it. A pass serves one person.
func (m *Meeting) UsePass(token string, member MemberID, now time.Time) (VenueID, error) {
	for i := range m.Venues {
		v := &m.Venues[i]
		at := slices.IndexFunc(v.Helpers, func(h Helper) bool { return token != "" && h.Token == token })
		if at < 0 {
			continue
		}
		switch h := v.Helpers[at]; {
		case m.Status != MeetingOpen && v.Closing == nil || !now.Before(h.Until):
			return "", Refuse("pass.over")
		case v.Closing != nil:
			return "", Refuse("pass.closed", "venue", v.Name)
		case h.Member == member || v.Helps(member, now):
			return v.ID, ErrUnchanged
		case h.Member != "":
			return "", Refuse("pass.used")
		}
		v.Helpers = slices.Clone(v.Helpers)
		v.Helpers[at].Member = member
		return v.ID, nil
	}
	return "", Refuse("pass.over")
}

// Helps reports whether a member keeps the venue's door by a pass.
func (v *Venue) Helps(member MemberID, now time.Time) bool {
	return member != "" && slices.ContainsFunc(v.Helpers, func(h Helper) bool { return h.Member == member && now.Before(h.Until) })
}

func decimal(n int) string { return strconv.Itoa(n) }
