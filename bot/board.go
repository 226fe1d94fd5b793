package bot

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/bot/board"
	"briefbot/bot/internal/telegram"
	"briefbot/briefings"
	"briefbot/briefings/i18n"
)

// boards offers the live boards of the meetings that the person may see the figures of.
func (t *turn) boards() error {
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return err
	}
	if id := strings.TrimSpace(t.args0()); id != "" {
		return t.showBoard(roster, briefings.MeetingID(id))
	}
	list, err := t.Store.Meetings(t.ctx)
	if err != nil {
		return err
	}
	var buttons []tgbotapi.InlineKeyboardButton
	var only briefings.MeetingID
	for _, m := range slices.Backward(list) { // the soonest first
		if m.Revision > 0 && t.seesCounts(m, roster) && t.Now().Before(m.Held().Add(briefings.BoardAfter)) && len(buttons) < 12 &&
			(m.Status == briefings.MeetingOpen || m.Status == briefings.MeetingClosed) {
			only = m.ID
			buttons = append(buttons, button(clip(t.p.Short(m.Starts)+" · "+m.Title.In(t.p.Lang()), 60), "board", "show", string(m.ID)))
		}
	}
	switch len(buttons) {
	case 0:
		return t.tell("board.none")
	case 1:
		return t.showBoard(roster, only)
	}
	_, err = t.say(t.p.T("board.pick"), rows(buttons...))
	return err
}

// watched reads a meeting for somebody who may see its figures.
func (t *turn) watched(roster *briefings.Roster, id briefings.MeetingID) (briefings.Meeting, error) {
	m, _, err := t.rolls(roster, id)
	return m, err
}

// boardPressed makes links, takes them back, and sends the picture.
func (t *turn) boardPressed() error {
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return err
	}
	id := briefings.MeetingID(t.arg(1))
	if t.args0() == "picture" {
		return t.boardPicture(roster, id)
	}
	m, err := t.watched(roster, id)
	if err != nil {
		return err
	}
	switch t.args0() {
	case "show":
		return t.showBoard(roster, id)
	case "venue":
		return t.pickBoardVenue(m)
	case "make":
		if err := t.makeBoard(m.ID, briefings.VenueID(t.arg(2))); err != nil {
			return err
		}
	case "revoke":
		return t.askUnwatch(m)
	case "gone":
		n, err := strconv.Atoi(t.arg(2))
		if err != nil {
			return t.toast("err.expired")
		}
		if _, err := t.Store.UpdateMeeting(t.ctx, id, func(m *briefings.Meeting) error { return m.Unwatch(n, t.Now()) }); err != nil {
			return err
		}
		if err := t.toast("board.revoked"); err != nil {
			return err
		}
	default:
		return t.toast("err.expired")
	}
	return t.showBoard(roster, id)
}

// makeBoard makes a link for the whole meeting, or for a venue's screen.
func (t *turn) makeBoard(id briefings.MeetingID, venue briefings.VenueID) error {
	if t.PublicURL == "" {
		return briefings.Refuse("board.no_address")
	}
	var raw [24]byte
	if _, err := rand.Read(raw[:]); err != nil {
		return fmt.Errorf("draw secret: %w", err)
	}
	_, err := t.Store.UpdateMeeting(t.ctx, id, func(m *briefings.Meeting) error {
		_, err := m.Watch(venue, t.member.ID, base64.RawURLEncoding.EncodeToString(raw[:]), t.Now())
		return err
	})
	return err
}

// BoardURL is the address of a link to a meeting's board; empty where the service has no address outside.
func (b *Bot) BoardURL(m *briefings.Meeting, l briefings.BoardLink) string {
	if b.PublicURL == "" {
		return ""
	}
	return strings.TrimRight(b.PublicURL, "/") + "/board/" + m.BoardToken(l)
}

// showBoard lists the links that hold, each with its address.
func (t *turn) showBoard(roster *briefings.Roster, id briefings.MeetingID) error {
	m, err := t.watched(roster, id)
	if err != nil {
		return err
	}
	if t.PublicURL != "" && len(m.Watched(t.Now())) == 0 && t.args0() != "gone" { // one tap must do: the first link is there at once
		if err := t.makeBoard(id, ""); err != nil {
			return err
		}
		if m, err = t.watched(roster, id); err != nil {
			return err
		}
	}
	lines := []string{t.p.T("board.head", "title", m.Title, "time_text", m.Starts)}
	links := m.Watched(t.Now())
	for _, l := range links {
		name := t.p.Plain("board.whole")
		if v := m.Venue(l.Venue); v != nil {
			name = v.Name.In(t.p.Lang())
		}
		url := t.BoardURL(&m, l) + "?lang=" + string(t.p.Lang())
		lines = append(lines, t.p.T("board.link", "n", l.N, "name", name, "until", l.Over(),
			"link", i18n.HTML(`<a href="`+i18n.Escape(url)+`">`+i18n.Escape(t.p.Plain("board.open"))+`</a>`)))
	}
	switch {
	case t.PublicURL == "":
		lines = append(lines, t.p.T("board.no_address"))
	case len(links) == 0:
		lines = append(lines, t.p.T("board.no_links"))
	default:
		lines = append(lines, t.p.T("board.care"))
	}
	var buttons []tgbotapi.InlineKeyboardButton
	if t.PublicURL != "" {
		if len(links) == 0 {
			buttons = append(buttons, button(t.p.Plain("btn.board_whole"), "board", "make", string(id)))
		}
		buttons = append(buttons, button(t.p.Plain("btn.board_venue"), "board", "venue", string(id)))
	}
	buttons = append(buttons, button(t.p.Plain("btn.board_picture"), "board", "picture", string(id)))
	if len(links) > 0 {
		buttons = append(buttons, button(t.p.Plain("btn.board_revoke"), "board", "revoke", string(id)))
	}
	html := strings.Join(lines, "\n\n")
	if t.args0() == "show" || t.fits(html, messageLimit) != nil { // from /counts: the figures stay where they are
		_, err = t.say(html, rows(buttons...))
		return err
	}
	return t.show(html, rows(buttons...))
}

// pickBoardVenue asks whose screen the link is for.
func (t *turn) pickBoardVenue(m briefings.Meeting) error {
	var buttons []tgbotapi.InlineKeyboardButton
	for _, v := range m.Venues[:min(len(m.Venues), 80)] {
		buttons = append(buttons, button(clip(v.Name.In(t.p.Lang()), 60), "board", "make", string(m.ID), string(v.ID)))
	}
	return t.show(t.p.T("board.pick_venue"), rows(buttons...))
}

// askUnwatch asks which link is taken back.
func (t *turn) askUnwatch(m briefings.Meeting) error {
	var buttons []tgbotapi.InlineKeyboardButton
	links := m.Watched(t.Now())
	for _, l := range links {
		name := t.p.Plain("board.whole")
		if v := m.Venue(l.Venue); v != nil {
			name = v.Name.In(t.p.Lang())
		}
		buttons = append(buttons, button(clip(strconv.Itoa(l.N)+". "+name, 60), "board", "gone", string(m.ID), strconv.Itoa(l.N)))
	}
	if len(links) > 1 {
		buttons = append(buttons, button(t.p.Plain("btn.board_revoke_all"), "board", "gone", string(m.ID), "0"))
	}
	return t.show(t.p.T("board.ask_revoke"), rows(buttons...))
}

// boardPicture sends the board as a picture.
func (t *turn) boardPicture(roster *briefings.Roster, id briefings.MeetingID) error {
	m, seats, err := t.rolls(roster, id)
	if err != nil {
		return err
	}
	if err := t.door.SendAction(t.ctx, t.chat(), "upload_photo"); err != nil {
		t.Log.DebugContext(t.ctx, "action not shown", "err", err)
	}
	var png bytes.Buffer
	if err := board.Picture(&png, t.p.Printer(), &m, briefings.Count(&m, seats, roster.Tree(), t.now()), t.now()); err != nil {
		return err
	}
	caption := t.p.T("board.picture", "title", clip(m.Title.In(t.p.Lang()), nameRoom), "time", t.now())
	return t.reply(func() error {
		_, err := t.door.SendPhoto(t.ctx, t.chat(), telegram.File{Name: "hoi-nghi.png", Bytes: png.Bytes()}, caption, nil)
		return err
	})
}
