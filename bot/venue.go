package bot

import (
	"slices"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/briefings"
)

// switches reports whether the holder of a seat may choose another venue now.
func (b *Bot) switches(m briefings.Meeting, seat briefings.Invitation) bool {
	standing := seat.Standing()
	return len(m.Venues) > 1 && m.Status == briefings.MeetingOpen && b.Now().Before(m.Starts) && seat.CheckIn == nil &&
		(standing == briefings.Accepted || standing == briefings.Delegated)
}

// venuePressed offers the venues of a meeting, or moves the person's seat to the one that was pressed.
func (t *turn) venuePressed() error {
	m, seat, err := t.seat(briefings.MeetingID(t.args0()))
	if err != nil {
		return err
	}
	switch to := briefings.VenueID(t.arg(1)); to {
	case "":
		return t.offerSwitch(m, seat)
	case "-":
		return t.redraw(t.query.Message.MessageID, m, seat)
	default:
		seat, err = t.change(m, seat.Member, t.pressedOn(), func(m *briefings.Meeting, i *briefings.Invitation) error {
			return i.Switch(m, to, t.Now())
		})
		if err != nil {
			return err
		}
	}
	t.Nudge()
	if err := t.redraw(t.query.Message.MessageID, m, seat); err != nil {
		return err
	}
	if err := t.toast("venue.switched", "venue", venueOf(m, seat.Venue)); err != nil {
		return err
	}
	return t.tellWait(m, seat)
}

// offerSwitch lists the venues with how many are expected where.
func (t *turn) offerSwitch(m briefings.Meeting, seat briefings.Invitation) error {
	if !t.switches(m, seat) { // the button is from before
		return t.fixed(m, seat)
	}
	seats, err := t.Store.Invitations(t.ctx, m.ID)
	if err != nil {
		return err
	}
	var buttons []tgbotapi.InlineKeyboardButton
	for _, v := range m.Venues {
		if v.Closing != nil {
			continue
		}
		inside, waiting := m.Places(seats, v.ID)
		label := t.p.Plain("venue.expected", "venue", v.Name, "n", len(inside)+len(waiting))
		if v.Capacity > 0 {
			label = t.p.Plain("venue.expected_of", "venue", v.Name, "n", len(inside)+len(waiting), "capacity", v.Capacity)
		}
		if v.ID == seat.Venue {
			label = "✅ " + label
		}
		buttons = append(buttons, button(clip(label, 60), "venue", string(m.ID), string(v.ID)))
	}
	html, err := t.card(t.ctx, t.p, m, seat, t.member)
	if err != nil {
		return err
	}
	t.drawing(m, seat, t.pressedOn())
	return t.show(html+"\n\n"+t.p.T("venue.pick"), rows(append(buttons, button(t.p.Plain("btn.back"), "venue", string(m.ID), "-"))...))
}

// fixed says why the venue of a seat stands.
func (t *turn) fixed(m briefings.Meeting, seat briefings.Invitation) error {
	switch {
	case m.Status == briefings.MeetingCancelled:
		return briefings.Refuse("rsvp.cancelled")
	case m.Status == briefings.MeetingPostponed:
		return briefings.Refuse("rsvp.postponed")
	case seat.CheckIn != nil:
		return briefings.Refuse("rsvp.already_here")
	case m.Status != briefings.MeetingOpen || !t.Now().Before(m.Starts):
		return briefings.Refuse("venue.switch_over")
	}
	return t.redraw(t.pressedOn(), m, seat) // who does not come goes to no venue: the card says what they answered
}

// tellWait tells somebody whose venue is full which place in the queue is theirs, and where there is room.
func (t *turn) tellWait(m briefings.Meeting, seat briefings.Invitation) error {
	v := m.Venue(seat.Venue)
	standing := seat.Standing()
	if v == nil || v.Capacity == 0 || seat.CheckIn != nil || seat.Answer.Online || standing != briefings.Accepted && standing != briefings.Delegated {
		return nil
	}
	began := t.Now()
	if t.rooms.ample(m.ID, v.ID, v.Capacity, began) {
		return nil
	}
	seats, err := t.seatsNow(m.ID)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(seats, func(s briefings.Invitation) bool { return s.Member == seat.Member }); i >= 0 {
		seats = slices.Clone(seats)
		seats[i] = seat // what was read for many may be older than what this person just did
	}
	inside, waiting := m.Places(seats, v.ID)
	t.rooms.note(m.ID, v.ID, v.Capacity-len(inside)-len(waiting), began)
	place := slices.Index(waiting, seat.Member)
	if place < 0 {
		return nil
	}
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return err
	}
	if _, err := t.Store.UpdateInvitation(t.ctx, m.ID, seat.Member, func(_ *briefings.Meeting, i *briefings.Invitation) error {
		return i.ToldToWait(t.Now())
	}); err != nil {
		return err
	}
	near := m.Venue(m.Nearest(seats, seat.Unit, roster.Tree(), v.ID))
	if near == nil {
		return t.tell("venue.full", "venue", v.Name, "capacity", v.Capacity, "place", place+1)
	}
	_, err = t.say(t.p.T("venue.full_near", "venue", v.Name, "capacity", v.Capacity, "place", place+1, "near", near.Name),
		rows(button(clip(t.p.Plain("btn.switch_to", "venue", near.Name), 60), "venue", string(m.ID), string(near.ID))))
	return err
}

// seatsNow reads the seats of a meeting; of many who ask at once one reads for all.
func (t *turn) seatsNow(id briefings.MeetingID) ([]briefings.Invitation, error) {
	seats, err, _ := t.reading.Do(string(id), func() (any, error) { return t.Store.Invitations(t.ctx, id) })
	if err != nil {
		return nil, err
	}
	return seats.([]briefings.Invitation), nil
}
