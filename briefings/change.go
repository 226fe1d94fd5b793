package briefings

import (
	"slices"
	"strings"
	"time"
)

// ChangeKind is what changed about a meeting that members were told of.
type ChangeKind string

const (
	ChangedTime   ChangeKind = "time"
	ChangedVenue  ChangeKind = "venue"
	ChangedAgenda ChangeKind = "agenda"
	Postponed     ChangeKind = "postponed" // to a time not known yet
	CalledOff     ChangeKind = "cancelled"
)

// ReasonLimit is how many characters the reason of a change may have.
const ReasonLimit = 200

// Change is one change of a meeting: what it was and what it is. Its revision is that of the meeting after it; the words that members
// read are chosen from it when they are sent.
type Change struct {
	Revision int         `json:"revision"`
	Kind     ChangeKind  `json:"kind"`
	Venue    VenueID     `json:"venue,omitempty"` // whose place changed, for ChangedVenue
	Was      Particulars `json:"was,omitzero"`
	Is       Particulars `json:"is,omitzero"`
	Anew     bool        `json:"anew,omitempty"` // to another day: who was there already has to come anew
	Reason   string      `json:"reason,omitempty"`
	By       MemberID    `json:"by,omitempty"`
	At       time.Time   `json:"at"`
}

// Particulars are what a change can be about.
type Particulars struct {
	Starts time.Time `json:"starts,omitzero"`
	Ends   time.Time `json:"ends,omitzero"`
	Place  Place     `json:"place,omitzero"`
	Agenda []string  `json:"agenda,omitempty"`
}

// Place is where a venue is found, and how many it holds there.
type Place struct {
	Name     Text   `json:"name"`
	Address  string `json:"address,omitempty"`
	Link     string `json:"link,omitempty"`
	Map      string `json:"map,omitempty"`
	Capacity int    `json:"capacity,omitempty"` // zero: not said
}

// Place returns where the venue is found.
func (v *Venue) Place() Place {
	return Place{Name: v.Name, Address: v.Address, Link: v.Link, Map: v.Map, Capacity: v.Capacity}
}

// Resizes reports whether another place is the same one, with more chairs or fewer.
func (p Place) Resizes(to Place) bool {
	resized := to
	resized.Capacity = p.Capacity
	return resized == p && to != p
}

// Concerns reports whether the holder of a seat is told of the change: everybody who has not asked leave, for a venue those who are
// expected there. That a meeting does not take place is told to all.
func (c *Change) Concerns(i *Invitation) bool {
	switch {
	case c.Kind == CalledOff:
		return true
	case i.Standing() == Declined:
		return false
	}
	return c.Kind != ChangedVenue || i.Venue == c.Venue
}

// Touches reports whether the change shows on the card of a seat, whatever its holder answered.
func (c *Change) Touches(i *Invitation) bool { return c.Kind != ChangedVenue || i.Venue == c.Venue }

// LastTouch returns the last change that shows on the card of a seat; nil when none does.
func (m *Meeting) LastTouch(i *Invitation) *Change {
	for at := len(m.Changes) - 1; at >= 0; at-- {
		if m.Changes[at].Touches(i) {
			return &m.Changes[at]
		}
	}
	return nil
}

// Moved returns the last change of when a meeting takes place, or whether it does; nil when it is as it was announced.
func (m *Meeting) Moved() *Change {
	for at := len(m.Changes) - 1; at >= 0; at-- {
		switch c := &m.Changes[at]; c.Kind {
		case ChangedTime, Postponed, CalledOff:
			return c
		}
	}
	return nil
}

// Asks reports whether an answer was given for another time or place, so that it is asked for again: only who said yes, and is not
// there yet, has anything to say anew.
func (c *Change) Asks(i *Invitation) bool {
	return (c.Kind == ChangedTime || c.Kind == ChangedVenue) && c.Concerns(i) && i.Asked < c.Revision &&
		i.Answer.Choice == Accepted && (i.CheckIn == nil || c.Voids(i)) && !i.Answer.At.After(c.At)
}

// Voids reports whether a presence was at a gathering that did not take place: the meeting was moved to another day when some were there.
func (c *Change) Voids(i *Invitation) bool {
	return c.Anew && i.CheckIn != nil && !i.CheckIn.written().After(c.At)
}

// AskAgain takes back the answer, and the presence, that a change made void. The answer stays in the history.
func (i *Invitation) AskAgain(c *Change) error {
	asks, voids := c.Asks(i), c.Voids(i)
	if !asks && !voids {
		return ErrUnchanged
	}
	if voids {
		if from := i.CheckIn.From; from != "" {
			i.Venue = from
		}
		i.CheckIn = nil
	}
	if !asks {
		return nil
	}
	i.remember(i.Answer)
	i.Answer, i.Asked = Answer{}, c.Revision
	return nil
}

// Told reports whether anybody has been called. Before that a meeting is changed without anybody being told.
func (m *Meeting) Told() bool { return m.Revision > 0 && !m.Invites.IsZero() }

// Called is when members were last asked to the time that stands: when the seats were made, or told of a new time since. Zero before.
func (m *Meeting) Called() time.Time {
	called := m.Invites
	for i := range m.Changes {
		if c := &m.Changes[i]; c.Kind == ChangedTime && c.At.After(called) {
			called = c.At
		}
	}
	return called
}

// Changed returns the change that made a revision; nil when there is none.
func (m *Meeting) Changed(revision int) *Change {
	for i := range m.Changes {
		if m.Changes[i].Revision == revision {
			return &m.Changes[i]
		}
	}
	return nil
}

// Overtaken reports whether a later change says the same more newly: then the earlier one is not told any more.
func (m *Meeting) Overtaken(c *Change) bool {
	return slices.ContainsFunc(m.Changes, func(later Change) bool {
		if later.Revision <= c.Revision {
			return false
		}
		timed := func(k ChangeKind) bool { return k == ChangedTime || k == Postponed }
		return later.Kind == CalledOff || timed(later.Kind) && timed(c.Kind) || later.Kind == c.Kind && later.Venue == c.Venue
	})
}

// Reschedule moves the meeting to another time; a postponed one takes place again. The deadline for answers keeps its distance from
// the start, and is given up where it would have passed.
func (m *Meeting) Reschedule(starts, ends time.Time, why Why, now time.Time) error {
	switch {
	case m.Status != MeetingOpen && m.Status != MeetingPostponed:
		return Refuse("err.already_done")
	case !starts.After(now):
		return Refuse("form.past_time")
	case !ends.IsZero() && !ends.After(starts):
		return Refuse("form.end_before_start")
	case m.Status == MeetingOpen && starts.Equal(m.Starts) && ends.Equal(m.Ends):
		return Refuse("change.same")
	}
	if at := slices.IndexFunc(m.Venues, func(v Venue) bool { return v.Closing != nil || len(v.Earlier) > 0 }); at >= 0 { // it took place
		return Refuse("checkin.venue_closed", "venue", m.Venues[at].Name)
	}
	was := Particulars{Starts: m.Starts, Ends: m.Ends}
	if !m.Deadline.IsZero() {
		m.Deadline = m.Deadline.Add(starts.Sub(m.Starts))
		if !m.Deadline.After(now) {
			m.Deadline = time.Time{}
		}
	}
	m.Starts, m.Ends, m.Status = starts, ends, MeetingOpen
	m.moveBoards()
	m.movePasses()
	anew := m.shut(was, now)
	return m.note(Change{Kind: ChangedTime, Was: was, Is: Particulars{Starts: starts, Ends: ends}, Anew: anew}, why, now)
}

// shut makes nothing of a gathering that had begun when the meeting was moved to another day: doors are shut, who walked in and how ready the
// venues were is forgotten. A delay within the day, or past midnight while people are there, leaves everybody where they are. Of a gathering
// whose time was over when the meeting got another one, as after it was put off to a time not known yet, nobody is still there. It reports
// which of the two it is.
func (m *Meeting) shut(was Particulars, now time.Time) bool {
	day := func(at time.Time) string { return at.In(m.Starts.Location()).Format(time.DateOnly) }
	if day(m.Starts) == day(was.Starts) {
		return false
	}
	_, until := (&Meeting{Starts: was.Starts, Ends: was.Ends}).CheckInWindow()
	from, _ := m.CheckInWindow()
	if !now.After(until) && (!now.Before(from) || day(m.Starts) == day(now)) {
		return false
	}
	for i := range m.Venues {
		v := &m.Venues[i]
		v.Door, v.Ready, v.WalkIns, v.Guests, v.Counted = nil, nil, nil, 0, ""
	}
	return true
}

// MoveVenue puts a venue into another place. Nothing of the old place stays: neither its map nor how many it held. Where only the number
// of chairs differs nobody is told or asked anew, as everybody goes where they went.
func (m *Meeting) MoveVenue(id VenueID, to Place, why Why, now time.Time) error {
	v := m.Venue(id)
	switch {
	case v == nil:
		return Refuse("err.expired")
	case m.Status != MeetingOpen && m.Status != MeetingPostponed:
		return Refuse("err.already_done")
	case v.Closing != nil:
		return Refuse("checkin.venue_closed", "venue", v.Name)
	case to.Name.Vi == "" && to.Name.En == "":
		return Refuse("form.empty")
	case v.Place() == to:
		return Refuse("change.same")
	}
	was := v.Place()
	v.Name, v.Address, v.Link, v.Map, v.Capacity = to.Name, to.Address, to.Link, to.Map, to.Capacity
	if was.Resizes(to) {
		return nil
	}
	return m.note(Change{Kind: ChangedVenue, Venue: id, Was: Particulars{Place: was}, Is: Particulars{Place: to}}, why, now)
}

// SetAgenda changes what the meeting is about.
func (m *Meeting) SetAgenda(agenda []string, why Why, now time.Time) error {
	switch {
	case m.Status != MeetingOpen && m.Status != MeetingPostponed:
		return Refuse("err.already_done")
	case len(agenda) == 0:
		return Refuse("form.empty")
	case slices.Equal(agenda, m.Agenda):
		return Refuse("change.same")
	}
	was := m.Agenda
	m.Agenda = agenda
	return m.note(Change{Kind: ChangedAgenda, Was: Particulars{Agenda: was}, Is: Particulars{Agenda: agenda}}, why, now)
}

// Postpone puts a meeting off to a time that is not known yet. Nobody can answer or check in until it has one.
func (m *Meeting) Postpone(why Why, now time.Time) error {
	if m.Status != MeetingOpen {
		return Refuse("err.already_done")
	}
	m.Status = MeetingPostponed
	return m.note(Change{Kind: Postponed, Was: Particulars{Starts: m.Starts, Ends: m.Ends}}, why, now)
}

// Cancel ends a meeting that has not been held. A draft is simply dropped; of an announced one everybody called is told.
func (m *Meeting) Cancel(why Why, now time.Time) error {
	if m.Status != MeetingDraft && m.Status != MeetingOpen && m.Status != MeetingPostponed {
		return Refuse("err.already_done")
	}
	m.Status = MeetingCancelled
	return m.note(Change{Kind: CalledOff, Was: Particulars{Starts: m.Starts, Ends: m.Ends}}, why, now)
}

// Why is who changes a meeting, and the reason that members read.
type Why struct {
	By     MemberID
	Reason string
}

// note keeps a change under the next revision, if anybody knows of the meeting at all.
func (m *Meeting) note(c Change, why Why, now time.Time) error {
	reason := strings.TrimSpace(why.Reason)
	if n := Length(reason); n > ReasonLimit {
		return Refuse("question.long", "n", n, "max", ReasonLimit)
	}
	if !m.Told() {
		return nil
	}
	m.Revision++
	c.Revision, c.By, c.Reason, c.At = m.Revision, why.By, reason, now
	m.Changes = append(m.Changes, c)
	if n := len(m.Changes) - ChangesKept; n > 0 {
		m.Changes = slices.Clone(m.Changes[n:])
	}
	return nil
}

// ChangesKept is how many changes a meeting remembers.
const ChangesKept = 50
