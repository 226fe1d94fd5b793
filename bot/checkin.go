package bot

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
	"github.com/skip2/go-qrcode"

	"briefbot/bot/internal/telegram"
	"briefbot/briefings"
	"briefbot/briefings/i18n"
	"briefbot/briefings/vietnamese"
)

const (
	codeLength  = 6
	guesses     = 5                // wrong codes a person may type
	guessWindow = 15 * time.Minute // in so much time
)

// isCode reports whether a text is a check-in code: six digits, whatever stands between them.
func isCode(text string) bool {
	return len(digits(text)) == codeLength && len([]rune(text)) <= 2*codeLength
}

// digits keeps the digits of a text that holds nothing but digits and spaces; otherwise nothing.
func digits(text string) string {
	var b strings.Builder
	for _, r := range vietnamese.Clean(text) {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == ' ' || r == '-' || r == '.':
		default:
			return ""
		}
	}
	return b.String()
}

// doors lists the meetings that take attendance now and in which the person has a seat.
func (t *turn) doors() ([]briefings.Meeting, error) {
	list, err := t.Store.Meetings(t.ctx)
	if err != nil {
		return nil, err
	}
	var open []briefings.Meeting
	for _, m := range list {
		if m.Status != briefings.MeetingOpen {
			continue
		}
		for _, v := range m.Venues {
			if v.Door != nil && v.Closing == nil {
				open = append(open, m)
				break
			}
		}
	}
	return open, nil
}

// checkin asks for the code, or takes it at once.
func (t *turn) checkin() error {
	if !t.joined() {
		return briefings.Refuse("err.permission")
	}
	if t.args0() != "" {
		return t.code(t.args0())
	}
	open, err := t.doors()
	if err != nil {
		return err
	}
	for _, m := range open {
		seat, _, err := t.Store.SeatOf(t.ctx, m.ID, t.member.ID)
		if errors.Is(err, briefings.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if seat.CheckIn != nil {
			return t.refuse(briefings.Refuse("checkin.already", "time", t.p.Clock(seat.CheckIn.At), "venue", venueOf(m, seat.CheckIn.Venue)))
		}
		if err := t.enter("checkin", asked{Meeting: m.ID}); err != nil {
			return err
		}
		return t.tell("checkin.prompt", "n", codeLength, "venue", venueOf(m, seat.Venue).In(t.p.Lang()))
	}
	return t.tell("checkin.none")
}

func venueOf(m briefings.Meeting, id briefings.VenueID) briefings.Text {
	if v := m.Venue(id); v != nil {
		return v.Name
	}
	return briefings.Text{Vi: string(id)}
}

// codeTyped takes six digits, typed in a dialogue or out of the blue.
func (t *turn) codeTyped() error {
	if !t.joined() {
		return briefings.Refuse("err.permission")
	}
	return t.code(t.message.Text)
}

// code checks a typed code against the open doors of the person's meetings.
func (t *turn) code(text string) error {
	typed := digits(text)
	if len(typed) != codeLength {
		return t.tell("checkin.six_digits", "n", codeLength)
	}
	open, err := t.doors()
	if err != nil {
		return err
	}
	var mine []briefings.Meeting
	for _, m := range open {
		_, _, err := t.Store.SeatOf(t.ctx, m.ID, t.member.ID)
		if errors.Is(err, briefings.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		mine = append(mine, m)
	}
	if len(mine) == 0 {
		return t.tell("checkin.none")
	}
	at := mine[0]
	// The guess is counted before it is judged, so that side-by-side guesses cannot slip through.
	n, err := t.Store.Attempts(t.ctx, at.ID, t.member.User, guessWindow)
	if err != nil {
		return err
	}
	seat, _, err := t.Store.SeatOf(t.ctx, at.ID, t.member.ID)
	if err != nil {
		return err
	}
	if n > guesses {
		return t.tell("checkin.locked", "venue", venueOf(at, seat.Venue).In(t.p.Lang()))
	}
	for _, m := range mine {
		if v := m.DoorByCode(typed); v != nil {
			if err := t.Store.ResetAttempts(t.ctx, at.ID, t.member.User); err != nil {
				return err
			}
			return t.arrive(m, v.ID, briefings.ByCode)
		}
	}
	if n == guesses {
		return t.tell("checkin.locked", "venue", venueOf(at, seat.Venue).In(t.p.Lang()))
	}
	return t.tell("checkin.wrong", "left", guesses-n)
}

// doorLink takes the scanned QR of a venue: c<meeting>_<token>.
func (t *turn) doorLink(payload string) error {
	id, token, _ := strings.Cut(payload, "_")
	m, err := t.Store.Meeting(t.ctx, briefings.MeetingID(id))
	if errors.Is(err, briefings.ErrNotFound) {
		return briefings.Refuse("checkin.bad_link")
	}
	if err != nil {
		return err
	}
	v := m.DoorByToken(token)
	if v == nil {
		return briefings.Refuse("checkin.bad_link")
	}
	return t.arrive(m, v.ID, briefings.ByQR)
}

// arrive checks a person in at a venue; at another than their own it asks first.
func (t *turn) arrive(m briefings.Meeting, at briefings.VenueID, how briefings.Method) error {
	seat, _, err := t.Store.SeatOf(t.ctx, m.ID, t.member.ID)
	if errors.Is(err, briefings.ErrNotFound) {
		return briefings.Refuse("rsvp.not_invited")
	}
	if err != nil {
		return err
	}
	if seat.CheckIn == nil && seat.Venue != at {
		_, err := t.say(t.p.T("checkin.other_venue", "assigned", venueOf(m, seat.Venue).In(t.p.Lang()), "actual", venueOf(m, at).In(t.p.Lang())),
			grid(2, button(t.p.Plain("btn.check_in_here"), "in", string(m.ID), string(at), string(how)), button(t.p.Plain("btn.back"), "in", string(m.ID), "-")))
		return err
	}
	return t.present(m, at, how)
}

// inPressed confirms a check-in at another venue than one's own. The door must still be open: the press itself proves nothing.
func (t *turn) inPressed() error {
	if t.arg(1) == "-" {
		return t.show(t.p.T("cancel.done"), nil)
	}
	if !t.joined() {
		return briefings.Refuse("rsvp.not_invited")
	}
	m, err := t.Store.Meeting(t.ctx, briefings.MeetingID(t.args0()))
	if err != nil {
		return err
	}
	return t.present(m, briefings.VenueID(t.arg(1)), briefings.Method(t.arg(2)))
}

func (t *turn) present(m briefings.Meeting, at briefings.VenueID, how briefings.Method) error {
	seat, deputy, err := t.Store.SeatOf(t.ctx, m.ID, t.member.ID)
	if errors.Is(err, briefings.ErrNotFound) {
		return briefings.Refuse("rsvp.not_invited")
	}
	if err != nil {
		return err
	}
	seat, err = t.Store.UpdateInvitation(t.ctx, m.ID, seat.Member, func(m *briefings.Meeting, i *briefings.Invitation) error {
		return i.Present(m, briefings.CheckIn{At: t.Now(), Venue: at, Method: how, Deputy: deputy})
	})
	if err != nil {
		return err
	}
	t.Nudge()
	key, principal := "checkin.ok", ""
	if deputy {
		key = "checkin.ok_proxy"
		roster, err := t.Store.Roster(t.ctx)
		if err != nil {
			return err
		}
		p, _ := roster.Member(seat.Member)
		principal = p.Name
	}
	text := t.p.T(key, "time", t.p.Clock(seat.CheckIn.At), "venue", venueOf(m, at).In(t.p.Lang()), "name", principal)
	if s, err := t.sessions.Load(t.ctx, t.user.ID); err == nil && s.Name == "checkin" {
		if err := t.leave(); err != nil {
			return err
		}
	}
	return t.show(text, nil)
}

// openCheckIn opens the door of the officer's venue, or asks which.
func (t *turn) openCheckIn() error { return t.pickVenue("open", "door.pick") }

// pickVenue finds the venues whose door the person keeps and acts on the only one, or offers them.
func (t *turn) pickVenue(verb, question string) error {
	list, err := t.Store.Meetings(t.ctx)
	if err != nil {
		return err
	}
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return err
	}
	type place struct {
		m briefings.Meeting
		v briefings.Venue
	}
	var places, later []place
	keeper := false
	for i := len(list) - 1; i >= 0; i-- { // the soonest first
		m := list[i]
		if m.Status != briefings.MeetingOpen {
			continue
		}
		from, until := m.CheckInWindow()
		for _, v := range m.Venues {
			if !t.keeps(m, v, roster.Tree()) {
				continue
			}
			keeper = true
			switch {
			case v.Closing != nil:
			case verb == "close":
				if v.Door != nil {
					places = append(places, place{m, v})
				}
			case t.Now().Before(from):
				later = append(later, place{m, v})
			case !t.Now().After(until):
				places = append(places, place{m, v})
			}
		}
	}
	if len(places) == 0 && len(later) > 0 { // too early: the refusal says from when
		places = later[:1]
	}
	switch {
	case !keeper:
		return briefings.Refuse("door.not_officer")
	case len(places) == 0:
		return t.tell("door.none_" + verb)
	case len(places) == 1 && verb == "open":
		return t.openDoor(places[0].m, places[0].v.ID)
	case len(places) == 1:
		return t.askClosing(places[0].m, places[0].v.ID)
	}
	var buttons []tgbotapi.InlineKeyboardButton
	for _, p := range places[:min(len(places), 40)] {
		buttons = append(buttons, button(clip(t.p.Short(p.m.Starts)+" · "+p.v.Name.In(t.p.Lang()), 60), "door", verb, string(p.m.ID), string(p.v.ID)))
	}
	_, err = t.say(t.p.T(question), rows(buttons...))
	return err
}

// keeps reports whether the person keeps a venue's door: as its officer, as the meeting's author, or as an organizer over the units
// it serves.
func (t *turn) keeps(m briefings.Meeting, v briefings.Venue, tree *briefings.Tree) bool {
	if t.holds(briefings.RoleAdmin) || t.joined() && m.Author == t.member.ID {
		return true
	}
	for _, id := range v.Officers {
		if t.joined() && id == t.member.ID {
			return true
		}
	}
	for _, u := range v.Units {
		if t.over(briefings.RoleOrganizer, u, tree) {
			return true
		}
	}
	return false
}

// doorPressed takes a venue from the list, and shows the code again.
func (t *turn) doorPressed() error {
	m, v, err := t.keptVenue(t.arg(1), t.arg(2))
	if err != nil {
		return err
	}
	switch t.args0() {
	case "open":
		return t.openDoor(m, v.ID)
	case "close":
		return t.askClosing(m, v.ID)
	}
	return t.toast("err.expired")
}

// keptVenue finds a venue and refuses those who do not keep its door.
func (t *turn) keptVenue(meeting, venue string) (briefings.Meeting, *briefings.Venue, error) {
	m, err := t.Store.Meeting(t.ctx, briefings.MeetingID(meeting))
	if err != nil {
		return m, nil, err
	}
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return m, nil, err
	}
	v := m.Venue(briefings.VenueID(venue))
	if v == nil {
		return m, nil, briefings.Refuse("err.expired")
	}
	if !t.keeps(m, *v, roster.Tree()) {
		return m, nil, briefings.Refuse("err.permission")
	}
	return m, v, nil
}

// openDoor opens check-in and gives the officer the code and its QR.
func (t *turn) openDoor(m briefings.Meeting, id briefings.VenueID) error {
	code, token, err := newDoor(m)
	if err != nil {
		return err
	}
	m, err = t.Store.UpdateMeeting(t.ctx, m.ID, func(m *briefings.Meeting) error {
		return m.OpenDoor(id, t.member.ID, code, token, t.Now())
	})
	if err != nil {
		return err
	}
	t.Nudge()
	v := m.Venue(id)
	link := t.link(payloadDoor + string(m.ID) + "_" + v.Door.Token)
	png, err := qrcode.Encode(link, qrcode.Medium, 768)
	if err != nil {
		return fmt.Errorf("draw QR: %w", err)
	}
	expected := 0
	seats, err := t.Store.Invitations(t.ctx, m.ID)
	if err != nil {
		return err
	}
	for _, s := range seats {
		if s.Venue == id {
			expected++
		}
	}
	_, until := m.CheckInWindow()
	caption := t.p.T("door.open", "venue", v.Name.In(t.p.Lang()), "title", m.Title.In(t.p.Lang()), "code", v.Door.Code,
		"expected", expected, "until", t.p.Clock(until),
		"link", i18n.HTML(`<a href="`+link+`">`+i18n.Escape(t.p.Plain("door.link"))+`</a>`)) // of our own letters: nothing to escape
	return t.reply(func() error {
		_, err := t.door.SendPhoto(t.ctx, t.chat(), telegram.File{Name: "diem-danh.png", Bytes: png}, caption,
			keyboard(rows(button(t.p.Plain("btn.close_venue"), "door", "close", string(m.ID), string(id)))))
		return err
	})
}

// newDoor draws a code that no other door of the meeting has, and a token.
func newDoor(m briefings.Meeting) (code, token string, err error) {
	for {
		n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
		if err != nil {
			return "", "", fmt.Errorf("draw code: %w", err)
		}
		code = fmt.Sprintf("%06d", n)
		if m.DoorByCode(code) == nil {
			break
		}
	}
	var raw [12]byte
	if _, err := rand.Read(raw[:]); err != nil {
		return "", "", fmt.Errorf("draw token: %w", err)
	}
	return code, base64.RawURLEncoding.EncodeToString(raw[:]), nil
}

// closing is what the closing dialogue remembers.
type closing struct {
	Meeting   briefings.MeetingID `json:"meeting"`
	Venue     briefings.VenueID   `json:"venue"`
	Headcount int                 `json:"headcount"` // -1 until it was typed
}

// closeCheckIn closes the officer's venue, or asks which.
func (t *turn) closeCheckIn() error { return t.pickVenue("close", "close.pick") }

// askClosing asks for the headcount, or takes "headcount guests" that came with the command.
func (t *turn) askClosing(m briefings.Meeting, id briefings.VenueID) error {
	v := m.Venue(id)
	switch {
	case v.Closing != nil:
		return briefings.Refuse("checkin.venue_closed", "venue", v.Name)
	case v.Door == nil:
		return briefings.Refuse("checkin.not_open", "venue", v.Name)
	}
	c := closing{Meeting: m.ID, Venue: id, Headcount: -1}
	if t.query == nil && t.args0() != "" {
		return t.closeNumbers(c, strings.Fields(t.args0()))
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

// closeTyped takes the numbers one after the other, or both in one message.
func (t *turn) closeTyped() error {
	var c closing
	if err := t.recall("close", &c); err != nil {
		return err
	}
	words := strings.Fields(t.message.Text)
	if c.Headcount >= 0 {
		words = append([]string{fmt.Sprint(c.Headcount)}, words...)
	}
	return t.closeNumbers(c, words)
}

func (t *turn) closeNumbers(c closing, words []string) error {
	var n []int
	for _, w := range words {
		v, err := vietnamese.ParseNumber(w)
		if err != nil || v > 100_000 {
			return t.tell("close.not_a_number", "value", clip(w, 40))
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
		_, err = t.say(t.p.T("close.ask_guests", "heads", n[0], "n", in),
			rows(button(t.p.Plain("btn.guests", "n", guess), "close", string(m.ID), string(v.ID), fmt.Sprint(n[0]), fmt.Sprint(guess))))
		return err
	case len(n) == 2 && n[1] <= n[0]:
		if err := t.enter("close", c); err != nil {
			return err
		}
		return t.confirmClosing(m, *v, n[0], n[1])
	}
	return briefings.Refuse("close.bad_numbers")
}

// confirmClosing shows both figures before they are final.
func (t *turn) confirmClosing(m briefings.Meeting, v briefings.Venue, heads, guests int) error {
	in, err := t.inside(m, v.ID)
	if err != nil {
		return err
	}
	_, err = t.say(t.p.T("close.confirm", "venue", v.Name.In(t.p.Lang()), "heads", heads, "guests", guests, "n", in),
		grid(2, button(t.p.Plain("btn.close_yes"), "close", string(m.ID), string(v.ID), fmt.Sprint(heads), fmt.Sprint(guests), "y"),
			button(t.p.Plain("btn.close_no"), "close", string(m.ID), string(v.ID), "-")))
	return err
}

// closePressed takes the guests by a button, and the final word.
func (t *turn) closePressed() error {
	m, v, err := t.keptVenue(t.args0(), t.arg(1))
	if err != nil {
		return err
	}
	if t.arg(2) == "-" {
		return errors.Join(t.leave(), t.show(t.p.T("cancel.done"), nil))
	}
	heads, err1 := vietnamese.ParseNumber(t.arg(2))
	guests, err2 := vietnamese.ParseNumber(t.arg(3))
	if err1 != nil || err2 != nil {
		return t.toast("err.expired")
	}
	if t.arg(4) != "y" {
		return t.confirmClosing(m, *v, heads, guests)
	}
	m, err = t.Store.UpdateMeeting(t.ctx, m.ID, func(m *briefings.Meeting) error {
		return m.CloseVenue(v.ID, briefings.Closing{Headcount: heads, Guests: guests, By: t.member.ID, At: t.Now()})
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
	return errors.Join(t.leave(), t.show(text, nil))
}
