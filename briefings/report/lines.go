package report

import (
	"cmp"
	"slices"
	"time"

	"briefbot/briefings"
	"briefbot/briefings/i18n"
	"briefbot/briefings/vietnamese"
)

// venueLine is a row of Biểu 02.
type venueLine struct {
	briefings.Tally
	name, chair, remark          string
	guests, checkedIn, headcount int
	closed                       bool // until then there is no headcount
}

// venueRows are the venues of a roll. Seats without a venue of the meeting get a row of their own, so that the rows always add up
// to the total.
func venueRows(roll briefings.Roll, say i18n.Printer) []venueLine {
	var rows []venueLine
	rest := roll.Total
	for _, v := range roll.Venues {
		rows = append(rows, venueLine{
			Tally: v.Tally, name: line(v.Name.In(langOf(say))), guests: v.Guests, checkedIn: v.CheckedIn, headcount: v.Headcount,
			closed: v.Closed,
		})
		rest.Invited -= v.Invited
		rest.Present -= v.Present
		rest.Represented -= v.Represented
		rest.Excused -= v.Excused
		rest.Unexcused -= v.Unexcused
		rest.Pending -= v.Pending
		rest.Waiting -= v.Waiting
	}
	if rest != (briefings.Tally{}) {
		rows = append(rows, venueLine{Tally: rest, name: say.T("sheet.no_venue"), checkedIn: rest.Attended()})
	}
	return rows
}

func totalOf(roll briefings.Roll) venueLine {
	sum := venueLine{Tally: roll.Total, guests: roll.Guests, headcount: roll.Headcount, checkedIn: roll.Total.Attended()}
	for _, v := range roll.Venues {
		sum.closed = sum.closed || v.Closed
	}
	return sum
}

// Seat is an invitation with what the roll said of the invitee when the sheet was made.
type Seat struct {
	Name, Position, Unit  string
	SortGiven, SortFamily string
	Venue                 briefings.VenueID
	Answer                briefings.Choice // as it counts: a deputy who refused leaves none
	Place                 int              // in the queue of the venue, from 1; 0: does not wait
	Reason                briefings.Reason
	Note                  string
	Attendance            briefings.Attendance
	CheckedIn             time.Time // zero: not
	Late                  bool
	Deputy                string
}

// Seats joins a meeting's invitations with the people they are for. Somebody whom the roster does not know is named by id.
func Seats(m *briefings.Meeting, invitations []briefings.Invitation, roster *briefings.Roster, lang briefings.Lang) []Seat {
	out := make([]Seat, 0, len(invitations))
	waits := m.Waits(invitations)
	for i := range invitations {
		inv := &invitations[i]
		s := Seat{
			Name: string(inv.Member), Unit: roster.Tree().Name(inv.Unit).In(lang), Venue: inv.Venue,
			Answer: inv.Standing(), Place: waits[inv.Member], Reason: inv.Answer.Reason, Note: inv.Answer.Note, Attendance: inv.Attendance(m),
		}
		if member, ok := roster.Member(inv.Member); ok {
			s.Name, s.Position, s.SortGiven, s.SortFamily = member.Name, member.Position, member.SortGiven, member.SortFamily
		}
		if d := inv.Answer.Deputy; d != nil && d.State != briefings.DeputyRefused {
			s.Deputy = d.Name
		}
		if inv.CheckIn != nil {
			s.CheckedIn, s.Late = inv.CheckIn.At, !inv.CheckIn.At.Before(m.Late())
		}
		out = append(out, s)
	}
	return out
}

// ordered sorts seats by venue, in the meeting's order, then by the Vietnamese order of names.
func ordered(list []Seat, venues []briefings.VenueTally) []Seat {
	place := map[briefings.VenueID]int{}
	for i, v := range venues {
		place[v.ID] = i
	}
	type keyed struct {
		Seat
		venue int
		name  string
	}
	rows := make([]keyed, len(list))
	for i, s := range list {
		at, ok := place[s.Venue]
		if !ok {
			at = len(venues)
		}
		rows[i] = keyed{s, at, vietnamese.SortKey(s.SortGiven, s.SortFamily, s.Name)}
	}
	slices.SortStableFunc(rows, func(a, b keyed) int {
		return cmp.Or(cmp.Compare(a.venue, b.venue), cmp.Compare(a.name, b.name), cmp.Compare(a.Unit, b.Unit))
	})
	out := make([]Seat, len(rows))
	for i, r := range rows {
		out[i] = r.Seat
	}
	return out
}
