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
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
	"github.com/skip2/go-qrcode"
)

// openCheckIn opens the door of the officer's venue, or asks which.
func (t *turn) openCheckIn() error { return t.pickVenue("open", "door.pick") }

// place is one venue of one meeting.
type place struct {
	m briefings.Meeting
	v briefings.Venue
}

// pickVenue finds the venues at whose door the person may do something, and does it at the only one, or offers them.
func (t *turn) pickVenue(verb, question string) error {
	list, err := t.Store.Meetings(t.ctx)
	if err != nil {
		return err
	}
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return err
	}
	var places, later, closed []place
	var late *briefings.Meeting // takes no more codes
	keeper := false
	for i := len(list) - 1; i >= 0; i-- { // the soonest first
		m := list[i]
		if m.Status != briefings.MeetingOpen && m.Status != briefings.MeetingClosed || m.Revision == 0 {
			continue
		}
		from, until := m.CheckInWindow()
		for _, v := range m.Venues {
			rank := t.rankAt(m, v, roster.Tree())
			if rank == noKeeper {
				continue
			}
			keeper = true
			here := place{m, v}
			switch old := t.Now().After(m.Held().Add(briefings.ReopenWithin)); {
			case v.Closing != nil:
				if rank == officer && !old {
					closed = append(closed, here)
				}
			case old, verb == "close" && rank < officer:
			case t.Now().Before(from):
				if verb != "close" {
					later = append(later, here)
				}
			case verb == "close" && v.Door == nil && t.Now().Before(m.Starts):
			case verb == "open" && t.Now().After(until):
				if late == nil && t.Now().Before(until.Add(24*time.Hour)) {
					late = &m
				}
			default:
				places = append(places, here)
			}
		}
	}
	if len(places) == 0 && len(later) == 0 && late != nil {
		_, until := late.CheckInWindow()
		return t.tell("door.codes_over", "until", until)
	}
	if len(places) == 0 && len(later) > 0 { // too early: the refusal says from when
		places = later[:1]
	}
	switch {
	case !keeper:
		return briefings.Refuse("door.not_officer")
	case len(places) == 0 && verb == "close" && len(closed) > 0: // everything is closed: one may be opened again
		return t.offerVenues("reopen", "reopen.pick", closed)
	case len(places) == 0:
		return t.tell("door.none_" + verb)
	case len(places) == 1:
		return t.atVenue(verb, places[0].m, places[0].v.ID)
	}
	return t.offerVenues(verb, question, places)
}

// offerVenues lets the person choose one of several venues.
func (t *turn) offerVenues(verb, question string, places []place) error {
	var buttons []tgbotapi.InlineKeyboardButton
	for _, p := range places[:min(len(places), 40)] {
		buttons = append(buttons, button(clip(t.p.Short(p.m.Starts)+" · "+p.v.Name.In(t.p.Lang()), 60), "door", verb, string(p.m.ID), string(p.v.ID)))
	}
	_, err := t.say(t.p.T(question), rows(buttons...))
	return err
}

// rank is what somebody may do at a venue's door.
type rank int

const (
	noKeeper rank = iota
	helper        // writes down who comes: technicians, and those with a pass for the day
	officer       // closes, opens again and gives out passes as well
)

// rankAt judges the person at a venue's door: its officer, the meeting's author and an organizer over the units it serves may do
// everything.
func (t *turn) rankAt(m briefings.Meeting, v briefings.Venue, tree *briefings.Tree) rank {
	if t.holds(briefings.RoleAdmin) || t.joined() && m.Author == t.member.ID || t.joined() && slices.Contains(v.Officers, t.member.ID) {
		return officer
	}
	for _, u := range v.Units {
		if t.over(briefings.RoleOrganizer, u, tree) {
			return officer
		}
	}
	if t.joined() && (slices.Contains(v.Technicians, t.member.ID) || v.Helps(t.member.ID, t.Now())) {
		return helper
	}
	return noKeeper
}

// doorPressed takes a venue from the list, and what is done at its door.
func (t *turn) doorPressed() error {
	need := helper
	switch t.args0() {
	case "close", "reopen", "pass", "passes", "unpass":
		need = officer
	}
	m, v, err := t.venueAs(need, t.arg(1), t.arg(2))
	if err != nil {
		return err
	}
	return t.atVenue(t.args0(), m, v.ID)
}

// atVenue does one thing at a venue's door.
func (t *turn) atVenue(verb string, m briefings.Meeting, id briefings.VenueID) error {
	switch verb {
	case "open":
		return t.openDoor(m, id)
	case "again":
		return t.showScreen(m, id)
	case "list":
		return t.listFrom(m, id)
	case "close":
		return t.askClosing(m, id)
	case "reopen":
		return t.askReopening(m, id)
	case "pass":
		return t.givePass(m, id)
	case "passes":
		return t.showPasses(m, id)
	case "unpass":
		return t.takePass(m, id, t.arg(3))
	case "more":
		return t.showMore(m, id)
	case "except":
		return t.askExcept(m, id)
	case "paper":
		return t.askPaper(m, id)
	case "proofs":
		return t.showProofs(m, id)
	case "undo":
		return t.undo(m, id)
	}
	return t.toast("err.expired")
}

// keptVenue finds a venue and refuses those who are not its officers.
func (t *turn) keptVenue(meeting, venue string) (briefings.Meeting, *briefings.Venue, error) {
	return t.venueAs(officer, meeting, venue)
}

// venueAs finds a venue and refuses those who may do less at its door than is needed.
func (t *turn) venueAs(need rank, meeting, venue string) (briefings.Meeting, *briefings.Venue, error) {
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
	if t.rankAt(m, *v, roster.Tree()) < need {
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

// nameRoom is how much of a long name a caption shows, which holds a quarter of what a message does: the codes come below.
const nameRoom = 200

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
	venue, title := clip(v.Name.In(t.p.Lang()), nameRoom), clip(m.Title.In(t.p.Lang()), nameRoom)
	caption := t.p.T("door.open", "venue", venue, "title", title, "code", v.Door.PIN, "screen", screen.Code, "expected", expected, "until", t.p.Clock(until), "seconds", int(briefings.CodeStep.Seconds()),
		"link", i18n.HTML(`<a href="`+link+`">`+i18n.Escape(t.p.Plain("door.link"))+`</a>`)) // of our own letters: nothing to escape
	file := telegram.File{Name: "diem-danh.png", Bytes: png}
	markup := rows(t.doorButton("btn.new_code", "again", m, id), t.doorButton("btn.list", "list", m, id), t.doorButton("btn.close_venue", "close", m, id))
	return t.reply(func() error {
		if t.query != nil && t.query.Message != nil && len(t.query.Message.Photo) > 0 {
			return t.door.EditPhoto(t.ctx, t.chat(), t.query.Message.MessageID, file, caption, markup)
		}
		_, err := t.door.SendPhoto(t.ctx, t.chat(), file, caption, markup)
		return err
	})
}

// doorButton does one thing at a venue's door.
func (t *turn) doorButton(label, verb string, m briefings.Meeting, id briefings.VenueID) tgbotapi.InlineKeyboardButton {
	return button(t.p.Plain(label), "door", verb, string(m.ID), string(id))
}

// DoorPayload is the deep-link payload that a venue's QR carries for one step of its screen, see briefings.Screen.
func DoorPayload(m briefings.MeetingID, token string) string {
	return payloadDoor + string(m) + "_" + token
}

// DoorLink is the address behind a venue's QR.
func (b *Bot) DoorLink(m briefings.MeetingID, token string) string {
	return b.link(DoorPayload(m, token))
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
