package bot

import (
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
	w, err := t.claim(&m, &seat)
	if err != nil {
		return err
	}
	if err := t.redrawAt(t.query.Message.MessageID, m, seat, w.place); err != nil {
		return err
	}
	key := "venue.switched"
	if w.place > 0 {
		key = "venue.switched_waiting"
	}
	if err := t.toast(key, "venue", venueOf(m, seat.Venue)); err != nil {
		return err
	}
	return t.tellWait(&m, &seat, w)
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
		label := t.p.Plain("venue.expected", "venue", v.Name, "n", len(inside))
		switch {
		case len(waiting) > 0:
			label = t.p.Plain("venue.expected_waiting", "venue", v.Name, "n", len(inside), "capacity", v.Capacity, "queued", len(waiting))
		case v.Capacity > 0:
			label = t.p.Plain("venue.expected_of", "venue", v.Name, "n", len(inside), "capacity", v.Capacity)
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
