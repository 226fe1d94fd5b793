package bot

import (
	"briefbot/bot/internal/telegram"
	"briefbot/briefings"
	"briefbot/briefings/i18n"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"math/big"
	"slices"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
	"github.com/skip2/go-qrcode"
)

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
	case "again":
		return t.showScreen(m, v.ID)
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

// openDoor opens check-in and gives the officer the PIN to read out and what the screen shows.
func (t *turn) openDoor(m briefings.Meeting, id briefings.VenueID) error {
	pin, secret, err := newDoor(m)
	if err != nil {
		return err
	}
	m, err = t.Store.UpdateMeeting(t.ctx, m.ID, func(m *briefings.Meeting) error {
		return m.OpenDoor(id, t.member.ID, pin, secret, t.Now())
	})
	if err != nil {
		return err
	}
	t.Nudge()
	return t.showScreen(m, id)
}

// showScreen sends what a venue's screen shows at this moment; after a press it takes the place of what it showed before.
func (t *turn) showScreen(m briefings.Meeting, id briefings.VenueID) error {
	v := m.Venue(id)
	screen, open := m.Screen(id, t.Now())
	if !open {
		return briefings.Refuse("checkin.not_open", "venue", v.Name)
	}
	link := t.link(DoorPayload(m.ID, screen.Token))
	png, err := qrcode.Encode(link, qrcode.Medium, 768)
	if err != nil {
		return fmt.Errorf("draw QR: %w", err)
	}
	seats, err := t.Store.Invitations(t.ctx, m.ID)
	if err != nil {
		return err
	}
	expected := 0
	for _, s := range seats {
		if s.Venue == id {
			expected++
		}
	}
	_, until := m.CheckInWindow()
	caption := t.p.T("door.open", "venue", v.Name.In(t.p.Lang()), "title", m.Title.In(t.p.Lang()), "code", v.Door.PIN,
		"screen", screen.Code, "expected", expected, "until", t.p.Clock(until), "seconds", int(briefings.CodeStep.Seconds()),
		"link", i18n.HTML(`<a href="`+link+`">`+i18n.Escape(t.p.Plain("door.link"))+`</a>`)) // of our own letters: nothing to escape
	file := telegram.File{Name: "diem-danh.png", Bytes: png}
	markup := rows(button(t.p.Plain("btn.new_code"), "door", "again", string(m.ID), string(id)),
		button(t.p.Plain("btn.close_venue"), "door", "close", string(m.ID), string(id)))
	return t.reply(func() error {
		if t.query != nil && t.query.Message != nil && len(t.query.Message.Photo) > 0 {
			return t.door.EditPhoto(t.ctx, t.chat(), t.query.Message.MessageID, file, caption, markup)
		}
		_, err := t.door.SendPhoto(t.ctx, t.chat(), file, caption, markup)
		return err
	})
}

// DoorPayload is the deep-link payload that a venue's QR carries for one step of its screen, see briefings.Screen.
func DoorPayload(m briefings.MeetingID, token string) string {
	return payloadDoor + string(m) + "_" + token
}

// newDoor draws a PIN that no other door of the meeting has, and a secret.
func newDoor(m briefings.Meeting) (pin, secret string, err error) {
	for {
		n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
		if err != nil {
			return "", "", fmt.Errorf("draw PIN: %w", err)
		}
		pin = fmt.Sprintf("%06d", n)
		if !slices.ContainsFunc(m.Venues, func(v briefings.Venue) bool { return v.Door != nil && v.Door.PIN == pin }) {
			break
		}
	}
	var raw [24]byte
	if _, err := rand.Read(raw[:]); err != nil {
		return "", "", fmt.Errorf("draw secret: %w", err)
	}
	return pin, base64.RawURLEncoding.EncodeToString(raw[:]), nil
}
