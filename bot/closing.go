package bot

import (
	"errors"
	"fmt"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/briefings"
	"briefbot/briefings/vietnamese"
)

// closing is what the closing dialogue remembers.
type closing struct {
	Meeting   briefings.MeetingID `json:"meeting"`
	Venue     briefings.VenueID   `json:"venue"`
	Headcount int                 `json:"headcount"` // -1 until it was typed
	Guests    int                 `json:"guests"`
	Remark    string              `json:"remark,omitempty"` // what happened there, in words
}

// closeCheckIn closes the officer's venue, or asks which.
func (t *turn) closeCheckIn() error { return t.pickVenue("close", "close.pick") }

// askClosing asks for the headcount, or takes "headcount guests" that came with the command.
func (t *turn) askClosing(m briefings.Meeting, id briefings.VenueID) error {
	v := m.Venue(id)
	switch {
	case v.Closing != nil:
		return briefings.Refuse("checkin.venue_closed", "venue", v.Name)
	case v.Door == nil && t.Now().Before(m.Starts):
		return briefings.Refuse("checkin.not_open", "venue", v.Name)
	}
	c := closing{Meeting: m.ID, Venue: id, Headcount: -1}
	switch old, _, err := t.closingAt(m.ID, id); {
	case err == nil:
		c.Remark = old.Remark
	case briefings.AsRefusal(err) == nil:
		return err
	}
	if t.query == nil && t.args0() != "" {
		return t.closeNumbers(c, figures(t.args0()))
	}
	if err := t.enter("close", c); err != nil {
		return err
	}
	in, err := t.inside(m, id)
	if err != nil {
		return err
	}
	return t.tell("close.ask_headcount", "venue", v.Name.In(t.p.Lang()), "n", in)
}

// inside counts the check-ins at a venue.
func (t *turn) inside(m briefings.Meeting, id briefings.VenueID) (int, error) {
	seats, err := t.Store.Invitations(t.ctx, m.ID)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, s := range seats {
		if s.CheckIn != nil && s.CheckIn.Venue == id {
			n++
		}
	}
	return n, nil
}

// closeTyped takes the numbers one after the other, or both in one message, and the photograph of the signed list.
func (t *turn) closeTyped() error {
	var c closing
	if err := t.recall("close", &c); err != nil {
		return err
	}
	if len(t.message.Photo) > 0 {
		m, v, err := t.keptVenue(string(c.Meeting), string(c.Venue))
		if err != nil {
			return err
		}
		return t.keepProof(m, v.ID)
	}
	words := figures(t.message.Text)
	if c.Headcount >= 0 && len(words) == 1 { // two are both figures anew
		words = append([]string{fmt.Sprint(c.Headcount)}, words...)
	}
	return t.closeNumbers(c, words)
}

func (t *turn) closeNumbers(c closing, words []string) error {
	var n []int
	for _, w := range words {
		v, err := vietnamese.ParseNumber(w)
		if err != nil || v > 100_000 {
			return t.tell("close.not_a_number", "value", clip(w, 40), "example", c.example(len(n)))
		}
		n = append(n, v)
	}
	m, v, err := t.keptVenue(string(c.Meeting), string(c.Venue))
	if err != nil {
		return err
	}
	switch {
	case len(n) == 1:
		c.Headcount = n[0]
		if err := t.enter("close", c); err != nil {
			return err
		}
		in, err := t.inside(m, c.Venue)
		if err != nil {
			return err
		}
		guess := max(0, n[0]-in)
		if counted := v.Guests + len(v.WalkIns); counted > 0 && counted <= n[0] { // they were counted at the door
			guess = counted
		}
		offer := func(label string, guests int) tgbotapi.InlineKeyboardButton {
			return button(label, "close", string(m.ID), string(v.ID), fmt.Sprint(n[0]), fmt.Sprint(guests))
		}
		buttons := []tgbotapi.InlineKeyboardButton{offer(t.p.Plain("btn.no_guests"), 0)}
		if guess > 0 {
			buttons = append(buttons, offer(t.p.Plain("btn.guests", "n", guess), guess))
		}
		_, err = t.say(t.p.T("close.ask_guests", "heads", n[0], "n", in), grid(2, buttons...))
		return err
	case len(n) == 2 && n[1] <= n[0]:
		c.Headcount, c.Guests = n[0], n[1]
		return t.confirmClosing(m, *v, c)
	case len(n) == 2:
		return briefings.Refuse("close.more_guests", "heads", n[0], "guests", n[1])
	}
	return t.tell("close.one_number", "example", c.example(0))
}

// confirmClosing shows both figures before they are final, and what shall be remembered of the day.
func (t *turn) confirmClosing(m briefings.Meeting, v briefings.Venue, c closing) error {
	if err := t.enter("closing", c); err != nil {
		return err
	}
	id, at, heads, guests := string(m.ID), string(v.ID), fmt.Sprint(c.Headcount), fmt.Sprint(c.Guests)
	seats, err := t.Store.Invitations(t.ctx, m.ID)
	if err != nil {
		return err
	}
	undecided, invited, in := 0, 0, 0
	for i := range seats {
		if seats[i].Venue == v.ID {
			invited++
			if seats[i].CheckIn != nil {
				in++
			}
		}
		if s := &seats[i]; s.Venue == v.ID && s.CheckIn == nil && s.Answer.Choice == briefings.Declined && s.Answer.Leave == briefings.LeavePending {
			undecided++
		}
	}
	text := t.p.T("close.confirm", "venue", v.Name.In(t.p.Lang()), "heads", c.Headcount, "guests", c.Guests, "n", in)
	if doubts := t.closingDoubts(m, c, invited, in); doubts != "" {
		text += "\n\n" + doubts
	}
	if undecided > 0 {
		text += "\n\n" + t.p.T("close.undecided", "n", undecided)
	}
	if c.Remark != "" {
		text += "\n\n" + t.p.T("close.remark", "remark", c.Remark)
	}
	_, err = t.say(text, &tgbotapi.InlineKeyboardMarkup{InlineKeyboard: [][]tgbotapi.InlineKeyboardButton{
		{button(t.p.Plain("btn.close_yes"), "close", id, at, heads, guests, "y"), button(t.p.Plain("btn.close_no"), "close", id, at, "-", heads, guests)},
		{button(t.p.Plain("btn.close_remark"), "close", id, at, heads, guests, "r")},
	}})
	return err
}

// remarkTyped takes what happened at the venue, in words, and keeps a photograph of the signed list.
func (t *turn) remarkTyped() error {
	var c closing
	if err := t.recall("closing", &c); err != nil {
		return err
	}
	m, v, err := t.keptVenue(string(c.Meeting), string(c.Venue))
	if err != nil {
		return err
	}
	if len(t.message.Photo) > 0 {
		return t.keepProof(m, v.ID)
	}
	remark := vietnamese.Clean(t.message.Text)
	switch n := briefings.Length(remark); {
	case n == 0:
		return t.tell("close.ask_remark", "max", briefings.NoteLimit)
	case n > briefings.NoteLimit:
		return briefings.Refuse("question.long", "n", n, "max", briefings.NoteLimit)
	}
	c.Remark = remark
	return t.confirmClosing(m, *v, c)
}

// closingAt is the closing of a venue that the person is in the middle of, and whether both its figures wait for the last word. It is a
// Refusal when there is none: it was dropped, is done, or made room for something else.
func (t *turn) closingAt(m briefings.MeetingID, v briefings.VenueID) (c closing, last bool, err error) {
	for _, step := range []string{"close", "closing"} {
		var here closing
		switch err := t.recall(step, &here); {
		case err == nil && here.Meeting == m && here.Venue == v:
			return here, step == "closing", nil
		case err != nil && briefings.AsRefusal(err) == nil:
			return closing{}, false, err
		}
	}
	return closing{}, false, briefings.Refuse("err.expired")
}

// closePressed takes the guests by a button, and the final word. A button closes nothing by itself: only with the figures that the
// person has before them, so that what was given up stays given up.
func (t *turn) closePressed() error {
	m, v, err := t.keptVenue(t.args0(), t.arg(1))
	if err != nil {
		return err
	}
	if v.Closing != nil {
		return briefings.Refuse("checkin.venue_closed", "venue", v.Name)
	}
	under, last, err := t.closingAt(m.ID, v.ID)
	if err != nil && briefings.AsRefusal(err) == nil {
		return err
	}
	if t.arg(2) == "-" {
		switch {
		case err != nil || t.arg(3) != "" && (t.arg(3) != fmt.Sprint(under.Headcount) || t.arg(4) != fmt.Sprint(under.Guests)):
			return t.show(t.p.T("cancel.closing", "venue", v.Name), nil) // of figures given up before: those under way stay
		default:
			return errors.Join(t.leave(), t.show(t.notClosed(under), nil))
		}
	}
	if err != nil { // dropped, or over another way: its figures close nothing any more
		return err
	}
	heads, err1 := vietnamese.ParseNumber(t.arg(2))
	guests, err2 := vietnamese.ParseNumber(t.arg(3))
	if err1 != nil || err2 != nil || heads != under.Headcount || t.arg(4) != "" && (!last || guests != under.Guests) {
		return briefings.Refuse("err.expired")
	}
	c := closing{Meeting: m.ID, Venue: v.ID, Headcount: heads, Guests: guests, Remark: under.Remark}
	switch t.arg(4) {
	case "y":
	case "r":
		if err := t.enter("closing", c); err != nil {
			return err
		}
		return t.tell("close.ask_remark", "max", briefings.NoteLimit)
	default:
		return t.confirmClosing(m, *v, c)
	}
	m, err = t.Store.UpdateMeeting(t.ctx, m.ID, func(m *briefings.Meeting) error {
		return m.CloseVenue(v.ID, briefings.Closing{Headcount: heads, Guests: guests, Remark: c.Remark, By: t.member.ID, At: t.Now()})
	})
	if err != nil {
		return err
	}
	t.Nudge()
	in, err := t.inside(m, v.ID)
	if err != nil {
		return err
	}
	text := t.p.T("close.done", "venue", v.Name.In(t.p.Lang()), "heads", heads, "guests", guests, "n", in)
	if m.Status == briefings.MeetingClosed {
		text += "\n\n" + t.p.T("close.all_closed")
	}
	return errors.Join(t.leave(), t.show(text, rows(t.doorButton("btn.reopen", "reopen", m, v.ID))))
}
