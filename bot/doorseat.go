package bot

import (
	"errors"

	"briefbot/briefings"
)

// seatPressed writes down that somebody on the list is here, or takes it back. Where it is not plain who came, or the person belongs
// to another venue, it asks first.
func (t *turn) seatPressed() error {
	m, v, err := t.venueAs(helper, t.args0(), t.arg(1))
	if err != nil {
		return err
	}
	who, at, act := briefings.MemberID(t.arg(2)), t.arg(3), t.arg(4)
	l := listing{Meeting: m.ID, Venue: v.ID}
	if err := t.recallListing(&l, m.ID, v.ID); err != nil {
		return err
	}
	show, page := spot(at)
	seat, asDeputy, err := t.Store.SeatOf(t.ctx, m.ID, who)
	if errors.Is(err, briefings.ErrNotFound) {
		return t.walk(m, v.ID, who, act == "-", l, show, page)
	}
	if err != nil {
		return err
	}
	switch {
	case act == "-":
		seat, err = t.change(m, seat.Member, 0, func(m *briefings.Meeting, i *briefings.Invitation) error {
			if c := i.CheckIn; c != nil && c.Venue != v.ID { // noted elsewhere since, by whom this door has no say
				return t.notedAlready(m, *i)
			}
			return i.Absent(m, t.member.ID, t.Now())
		})
	case act == "+" && seat.CheckIn == nil && (seat.Venue != v.ID || seat.Standing() == briefings.Delegated && !asDeputy):
		return t.askSeat(m, v, seat, at)
	default:
		asDeputy = asDeputy || act == "d"
		seat, err = t.change(m, seat.Member, 0, func(m *briefings.Meeting, i *briefings.Invitation) error {
			if i.CheckIn != nil {
				return t.notedAlready(m, *i)
			}
			return i.Present(m, t.byHand(m, v.ID, briefings.ByOfficer, asDeputy))
		})
	}
	if r := briefings.AsRefusal(err); r != nil && r.Key == "list.already" { // the list is older than what another did
		return errors.Join(t.refuse(r), t.showList(m, l, show, page))
	}
	if err != nil {
		return err
	}
	t.Nudge()
	if err := t.showList(m, l, show, page); err != nil {
		return err
	}
	name := t.nameOf(seat.Member)
	if act == "-" {
		return t.toast("list.taken_back", "name", name)
	}
	return t.toast("list.noted", "name", name)
}

// notedAlready refuses to whoever keeps a list what the person themselves, or another who keeps one, did meanwhile.
func (t *turn) notedAlready(m *briefings.Meeting, seat briefings.Invitation) error {
	return briefings.Refuse("list.already", "name", t.nameOf(seat.Member), "at", seat.CheckIn.At, "venue", venueOf(*m, seat.CheckIn.Venue))
}

// byHand is a check-in that the person writes down for somebody else.
func (t *turn) byHand(m *briefings.Meeting, venue briefings.VenueID, how briefings.Method, deputy bool) briefings.CheckIn {
	return m.ByHand(briefings.CheckIn{Venue: venue, Method: how, By: t.member.ID, Deputy: deputy}, t.Now())
}

func (t *turn) nameOf(id briefings.MemberID) string {
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return string(id) // a toast is no reason to fail what is done already
	}
	if m, ok := roster.Member(id); ok {
		return m.Name
	}
	return string(id)
}

// askSeat asks who came on a seat that somebody sits on for another, and whether somebody of another venue is to be counted here.
func (t *turn) askSeat(m briefings.Meeting, v *briefings.Venue, seat briefings.Invitation, at string) error {
	id, place, who := string(m.ID), string(v.ID), string(seat.Member)
	name := t.nameOf(seat.Member)
	key, buttons := "list.ask_who", rows()
	if seat.Venue != v.ID {
		key = "list.ask_move"
	}
	if d := seat.Answer.Deputy; d != nil && seat.Standing() == briefings.Delegated {
		buttons.InlineKeyboard = append(buttons.InlineKeyboard, rows(button(clip("👥 "+d.Name, 56), "seat", id, place, who, at, "d")).InlineKeyboard...)
	}
	buttons.InlineKeyboard = append(buttons.InlineKeyboard, rows(button(clip("✅ "+name, 56), "seat", id, place, who, at, "i"),
		button(t.p.Plain("btn.back"), "list", id, place, at)).InlineKeyboard...)
	return t.show(t.p.T(key, "name", name, "assigned", venueOf(m, seat.Venue), "actual", v.Name), buttons)
}

// walk writes down somebody on the roll who has no seat, or takes it back.
func (t *turn) walk(m briefings.Meeting, venue briefings.VenueID, who briefings.MemberID, out bool, l listing, show string, page int) error {
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return err
	}
	if _, ok := roster.Member(who); !ok {
		return briefings.Refuse("err.expired")
	}
	m, err = t.Store.UpdateMeeting(t.ctx, m.ID, func(m *briefings.Meeting) error {
		if out {
			return m.WalkOut(venue, who, t.member.ID, t.Now())
		}
		return m.WalkIn(venue, briefings.WalkIn{Member: who, At: t.Now(), By: t.member.ID})
	})
	if err != nil {
		return err
	}
	t.Nudge()
	if err := t.showList(m, l, show, page); err != nil {
		return err
	}
	if out {
		return t.toast("list.taken_back", "name", t.nameOf(who))
	}
	return t.toast("list.walked_in", "name", t.nameOf(who))
}
