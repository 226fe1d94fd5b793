package bot

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/bot/internal/telegram"
	"briefbot/bot/internal/view"
	"briefbot/briefings"
)

// payloadPass begins the deep link that makes somebody a door helper: d<meeting>_<token>.
const payloadPass = "d"

// showMore shows what is done at a door beside the list: guests, the paper list, helpers, the QR, closing.
func (t *turn) showMore(m briefings.Meeting, id briefings.VenueID) error {
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return err
	}
	seats, err := t.Store.Invitations(t.ctx, m.ID)
	if err != nil {
		return err
	}
	v := m.Venue(id)
	row := venueRow(briefings.Count(&m, seats, roster.Tree(), t.now()), id)
	guests := func(label string, n int) tgbotapi.InlineKeyboardButton {
		return button(label, "guest", string(m.ID), string(id), strconv.Itoa(max(0, n)), strconv.Itoa(v.Guests))
	}
	markup := grid(3, guests("👤 −1", v.Guests-1), guests("👤 +1", v.Guests+1), guests("👤 +5", v.Guests+5))
	add := func(buttons ...tgbotapi.InlineKeyboardButton) {
		markup.InlineKeyboard = append(markup.InlineKeyboard, rows(buttons...).InlineKeyboard...)
	}
	add(t.doorButton("btn.paper", "paper", m, id))
	if n := len(v.Proofs); n > 0 {
		add(button(t.p.Plain("btn.proofs", "n", n), "door", "proofs", string(m.ID), string(id)))
	}
	_, until := m.CheckInWindow()
	if _, open := m.Screen(id, t.Now()); open {
		add(t.doorButton("btn.show_code", "again", m, id))
	} else if !t.Now().After(until) {
		add(t.doorButton("btn.open_door", "open", m, id))
	}
	if t.Now().Before(m.Held()) && len(v.Earlier) == 0 {
		add(button(t.p.Plain("btn.ready"), "ready", string(m.ID), string(id), "show"))
	}
	if t.rankAt(m, *v, roster.Tree()) == officer {
		if len(v.Earlier) == 0 {
			add(t.doorButton("btn.pass", "pass", m, id))
		}
		if n := len(v.Helpers); n > 0 {
			add(button(t.p.Plain("btn.passes", "n", n), "door", "passes", string(m.ID), string(id)))
		}
		add(t.doorButton("btn.close_venue", "close", m, id))
	}
	add(button(t.p.Plain("btn.back"), "list", string(m.ID), string(id), showWaiting+"0"))
	text := t.p.Lines("list.head", "venue", v.Name, "here", row.CheckedIn, "invited", row.Invited, "proxy", row.Represented,
		"queued", some(row.Waiting), "walkins", row.WalkIns, "guests", v.Guests) + "\n\n" + t.p.T("list.more")
	return t.show(text, markup)
}

// guestPressed sets how many guests were counted. The button names the number that shall stand, so that a press that comes twice
// counts nobody twice, and the number it was made from, so that two who count side by side do not undo each other's work.
func (t *turn) guestPressed() error {
	m, v, err := t.venueAs(helper, t.args0(), t.arg(1))
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(t.arg(2))
	if err != nil {
		return t.toast("err.expired")
	}
	was, err := strconv.Atoi(t.arg(3))
	if err != nil {
		was = -1 // of a button that does not say it nobody knows
	}
	after, err := t.Store.UpdateMeeting(t.ctx, m.ID, func(m *briefings.Meeting) error {
		return m.CountGuests(v.ID, was, n, t.member.ID, t.Now())
	})
	if r := briefings.AsRefusal(err); r != nil && r.Key == "list.guests_moved" {
		if err := t.refuse(r); err != nil {
			return err
		}
		if m, v, err = t.venueAs(helper, t.args0(), t.arg(1)); err != nil {
			return err
		}
		return t.showMore(m, v.ID)
	}
	if err != nil {
		return err
	}
	m = after
	t.Nudge()
	return t.showMore(m, v.ID)
}

// givePass makes a link that lets one person help at the door until the day is over, in a message to be forwarded.
func (t *turn) givePass(m briefings.Meeting, id briefings.VenueID) error {
	var raw [12]byte
	if _, err := rand.Read(raw[:]); err != nil {
		return fmt.Errorf("draw pass: %w", err)
	}
	token := base64.RawURLEncoding.EncodeToString(raw[:])
	m, err := t.Store.UpdateMeeting(t.ctx, m.ID, func(m *briefings.Meeting) error {
		return m.Pass(id, t.member.ID, token, t.now())
	})
	if err != nil {
		return err
	}
	return t.tell("pass.given", "venue", m.Venue(id).Name, "title", m.Title, "date", t.p.Date(m.Held()), "link", t.link(payloadPass+string(m.ID)+"_"+token))
}

// passLink makes the person who opens a pass the helper at its door.
func (t *turn) passLink(payload string) error {
	id, token, _ := strings.Cut(payload, "_")
	if kept, err := t.keepsAlready(briefings.MeetingID(id), token); kept || err != nil {
		return err
	}
	var at briefings.VenueID
	m, err := t.Store.UpdateMeeting(t.ctx, briefings.MeetingID(id), func(m *briefings.Meeting) (err error) {
		at, err = m.UsePass(token, t.member.ID, t.Now())
		return err
	})
	if errors.Is(err, briefings.ErrNotFound) {
		return briefings.Refuse("pass.over")
	}
	if err != nil {
		return err
	}
	t.Nudge()
	v := m.Venue(at)
	text := t.p.T("pass.taken_now", "venue", v.Name, "title", m.Title)
	if from, _ := m.CheckInWindow(); t.Now().Before(from) {
		text = t.p.T("pass.taken", "venue", v.Name, "title", m.Title, "from", from)
	}
	_, err = t.say(text,
		rows(t.doorButton("btn.list", "list", m, at)))
	return err
}

// keepsAlready answers whoever may keep the door without a pass, such as the officer who tries the link before forwarding it: the pass is
// for somebody else and stays unused.
func (t *turn) keepsAlready(id briefings.MeetingID, token string) (bool, error) {
	m, err := t.Store.Meeting(t.ctx, id)
	if errors.Is(err, briefings.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	v := m.PassFor(token)
	if v == nil || v.Helps(t.member.ID, t.Now()) {
		return false, nil
	}
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return false, err
	}
	if t.rankAt(m, *v, roster.Tree()) == noKeeper {
		return false, nil
	}
	_, err = t.say(t.p.T("pass.yours", "venue", v.Name, "title", m.Title), rows(t.doorButton("btn.list", "list", m, v.ID)))
	return true, err
}

// passWords tells whoever gave out a pass who took it, with the way to take it back.
func (b *Bot) passWords(p view.Voice, roster *briefings.Roster, m briefings.Meeting, v *briefings.Venue, who briefings.MemberID) (string, *tgbotapi.InlineKeyboardMarkup, error) {
	i := slices.IndexFunc(v.Helpers, func(h briefings.Helper) bool { return h.Member == who })
	if i < 0 {
		return "", nil, moot{"the pass was taken back"}
	}
	name := string(who)
	if found, ok := roster.Member(who); ok {
		name = found.Name
	}
	return p.T("pass.opened", "name", name, "venue", v.Name, "title", m.Title),
		rows(button(p.Plain("btn.passes", "n", len(v.Helpers)), "door", "passes", string(m.ID), string(v.ID))), nil
}

// showPasses lists who helps at a door, and takes passes back.
func (t *turn) showPasses(m briefings.Meeting, id briefings.VenueID) error {
	v := m.Venue(id)
	var lines []string
	var buttons []tgbotapi.InlineKeyboardButton
	for i, h := range v.Helpers {
		name := t.p.Plain("pass.unopened")
		if h.Member != "" {
			name = t.nameOf(h.Member)
		}
		lines = append(lines, t.p.T("pass.line", "i", i+1, "name", name))
		buttons = append(buttons, button(clip(t.p.Plain("btn.unpass", "i", i+1, "name", name), 60), "door", "unpass", string(m.ID), string(id), h.Mark()))
	}
	if len(lines) == 0 {
		lines = append(lines, t.p.T("pass.none"))
	}
	buttons = append(buttons, button(t.p.Plain("btn.back"), "door", "more", string(m.ID), string(id)))
	return t.show(t.p.T("pass.list", "venue", v.Name)+"\n"+strings.Join(lines, "\n"), rows(buttons...))
}

// takePass takes one pass back: from its next press on, whoever used it is no helper any more.
func (t *turn) takePass(m briefings.Meeting, id briefings.VenueID, mark string) error {
	m, err := t.Store.UpdateMeeting(t.ctx, m.ID, func(m *briefings.Meeting) error { return m.Unpass(id, mark) })
	if err != nil {
		return err
	}
	if err := t.showPasses(m, id); err != nil {
		return err
	}
	return t.toast("pass.gone")
}

// keepProof keeps a photograph of the signed list: only what the channel calls it.
func (t *turn) keepProof(m briefings.Meeting, id briefings.VenueID) error {
	file := t.message.Photo[len(t.message.Photo)-1].FileID // the largest
	m, err := t.Store.UpdateMeeting(t.ctx, m.ID, func(m *briefings.Meeting) error {
		return m.Keep(id, briefings.Proof{File: file, By: t.member.ID, At: t.Now()})
	})
	if err != nil {
		return err
	}
	v := m.Venue(id)
	return t.tell("paper.photo_kept", "venue", v.Name, "n", len(v.Proofs))
}

// showProofs sends the photographs of the signed list.
func (t *turn) showProofs(m briefings.Meeting, id briefings.VenueID) error {
	v := m.Venue(id)
	for n, p := range v.Proofs {
		caption := t.p.T("paper.photo", "venue", v.Name, "n", n+1, "of", len(v.Proofs), "name", t.nameOf(p.By), "at", p.At)
		if err := t.reply(func() error {
			_, err := t.door.SendPhoto(t.ctx, t.chat(), telegram.File{ID: p.File}, caption, nil)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}
