package briefings

import (
	"slices"
	"strings"
	"time"
)

// Part is something that must work at a venue before a meeting can begin.
type Part string

const (
	LinePart    Part = "line" // the connection to the other venues
	SoundPart   Part = "sound"
	PicturePart Part = "picture"
	SeatsPart   Part = "seats" // chairs, tables, name plates
)

// Parts lists what is asked of a venue, in the order in which it is asked.
var Parts = []Part{LinePart, SoundPart, PicturePart, SeatsPart}

// Readiness is what a venue's people last said about it before the start. A part that nobody spoke of stands in neither list.
type Readiness struct {
	Good     []Part    `json:"good,omitempty"`
	Bad      []Part    `json:"bad,omitempty"`
	Incident string    `json:"incident,omitempty"` // what is the matter, in words
	At       time.Time `json:"at"`
	By       MemberID  `json:"by,omitempty"`
}

// Light is a venue's readiness in one word.
type Light string

const (
	Dark   Light = ""       // nobody has said anything yet
	Yellow Light = "yellow" // some parts are good, of others nothing is known
	Green  Light = "green"  // everything is good
	Red    Light = "red"    // something is bad, or there is an incident
)

// Light judges the readiness; nil is dark.
func (r *Readiness) Light() Light {
	switch {
	case r == nil:
		return Dark
	case len(r.Bad) > 0 || r.Incident != "":
		return Red
	case len(r.Good) == len(Parts):
		return Green
	case len(r.Good) > 0:
		return Yellow
	}
	return Dark
}

// Part says what is known of one part: known is false when nobody spoke of it.
func (r *Readiness) Part(p Part) (good, known bool) {
	if r == nil {
		return false, false
	}
	good = slices.Contains(r.Good, p)
	return good, good || slices.Contains(r.Bad, p)
}

// Report notes that parts of a venue are good or bad. Saying what is known already changes nothing.
func (m *Meeting) Report(id VenueID, by MemberID, parts []Part, good bool, now time.Time) error {
	return m.report(id, by, now, func(r *Readiness) {
		for _, p := range parts {
			if !slices.Contains(Parts, p) {
				continue
			}
			other := func(q Part) bool { return q == p }
			r.Good, r.Bad = slices.DeleteFunc(r.Good, other), slices.DeleteFunc(r.Bad, other)
			if good {
				r.Good = append(r.Good, p)
			} else {
				r.Bad = append(r.Bad, p)
			}
		}
	})
}

// ReportIncident notes what is the matter at a venue, in up to NoteLimit characters; an empty text says that it is over.
func (m *Meeting) ReportIncident(id VenueID, by MemberID, text string, now time.Time) error {
	text = strings.TrimSpace(text)
	if Length(text) > NoteLimit {
		return Refuse("question.long", "n", Length(text), "max", NoteLimit)
	}
	return m.report(id, by, now, func(r *Readiness) { r.Incident = text })
}

func (m *Meeting) report(id VenueID, by MemberID, now time.Time, change func(*Readiness)) error {
	v := m.Venue(id)
	switch {
	case v == nil:
		return Refuse("err.expired")
	case m.Status != MeetingOpen || v.Closing != nil:
		return Refuse("ready.over")
	}
	var r Readiness
	if v.Ready != nil {
		r = *v.Ready
		r.Good, r.Bad = slices.Clone(r.Good), slices.Clone(r.Bad)
	}
	change(&r)
	byPlace := func(a, b Part) int { return slices.Index(Parts, a) - slices.Index(Parts, b) }
	slices.SortFunc(r.Good, byPlace)
	slices.SortFunc(r.Bad, byPlace)
	if v.Ready != nil && slices.Equal(r.Good, v.Ready.Good) && slices.Equal(r.Bad, v.Ready.Bad) && r.Incident == v.Ready.Incident {
		return ErrUnchanged
	}
	r.At, r.By = now, by
	v.Ready = &r
	return nil
}
