package bot

import (
	"context"
	"errors"
	"strconv"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/bot/internal/form"
	"briefbot/bot/internal/telegram"
	"briefbot/bot/internal/view"
	"briefbot/briefings"
	"briefbot/briefings/i18n"
)

// concluding is an outcome that the organizer puts together.
type concluding struct {
	Meeting briefings.MeetingID  `json:"meeting"`
	Text    string               `json:"text,omitempty"`
	Files   []briefings.Material `json:"files,omitempty"`
}

// askOutcome asks the organizer for conclusions and materials.
func (t *turn) askOutcome(roster *briefings.Roster, id briefings.MeetingID) error {
	m, seats, err := t.rolls(roster, id)
	if err != nil {
		return err
	}
	if m.Status != briefings.MeetingClosed {
		return briefings.Refuse("outcome.not_closed")
	}
	if err := t.enter("outcome", concluding{Meeting: id}); err != nil {
		return err
	}
	return t.tell("outcome.ask", "title", m.Title, "came", len(m.Came(seats)), "excused", len(m.Excused(seats)),
		"label", t.p.Plain("label."+string(m.Label)), "max", briefings.MaterialLimit)
}

// outcomeTyped takes the conclusions, or one more material, and shows what would be told and to how many.
func (t *turn) outcomeTyped() error {
	var c concluding
	if err := t.recall("outcome", &c); err != nil {
		return err
	}
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return err
	}
	m, seats, err := t.rolls(roster, c.Meeting)
	if err != nil {
		return err
	}
	if file, ok := t.material(); ok {
		if len(c.Files) >= briefings.MaterialLimit {
			return briefings.Refuse("outcome.too_many", "max", briefings.MaterialLimit)
		}
		c.Files = append(c.Files, file)
	} else {
		if stamp := form.Stamp(t.message.Text); stamp != "" {
			return t.secret(briefings.Refuse("send.refused_secret", "label", stamp))
		}
		if strings.TrimSpace(t.message.Text) == "" {
			return t.tell("outcome.ask", "title", m.Title, "came", len(m.Came(seats)), "excused", len(m.Excused(seats)),
				"label", t.p.Plain("label."+string(m.Label)), "max", briefings.MaterialLimit)
		}
		text := t.formatted(0)
		if err := errors.Join(t.fits(text, form.BodyLimit), t.outcomeFits(m, text)); err != nil {
			return err
		}
		c.Text = text
	}
	if err := t.enter("outcome", c); err != nil {
		return err
	}
	o := briefings.Outcome{Text: c.Text, Files: c.Files}
	if _, err := t.say(outcomeText(t.p, m, o, false), nil); err != nil {
		return err
	}
	offline := 0
	for _, id := range append(m.Came(seats), m.Excused(seats)...) {
		if who, ok := roster.Member(id); ok && !who.Reachable() {
			offline++
		}
	}
	text := t.p.T("outcome.confirm", "came", len(m.Came(seats)), "excused", len(m.Excused(seats)), "files", len(c.Files))
	if offline > 0 {
		text += "\n" + t.p.T("outcome.offline", "n", offline)
	}
	_, err = t.say(text,
		grid(2, button(t.p.Plain("btn.send"), "told", string(m.ID), "send", stampOf(c)), button(t.p.Plain("btn.cancel"), "told", string(m.ID), "drop")))
	return err
}

// outcomeFits refuses conclusions that, with what stands above them, are more than one message for somebody.
func (t *turn) outcomeFits(m briefings.Meeting, text string) error {
	for _, lang := range []briefings.Lang{briefings.Vietnamese, briefings.English} {
		for _, missed := range []bool{false, true} {
			p := t.printer(briefings.Member{Lang: lang}, "")
			if err := t.fits(outcomeText(p, m, briefings.Outcome{Text: text}, missed), messageLimit); err != nil {
				return err
			}
		}
	}
	return nil
}

// material is the document or picture of a message. Only the channel's name of the file is taken.
func (t *turn) material() (briefings.Material, bool) {
	file := briefings.Material{Title: clip(t.message.Caption, 200), By: t.member.ID, At: t.Now()}
	switch {
	case t.message.Document != nil:
		file.File, file.Name, file.Kind = t.message.Document.FileID, clip(t.message.Document.FileName, 100), briefings.Document
	case len(t.message.Photo) > 0:
		file.File, file.Name, file.Kind = t.message.Photo[len(t.message.Photo)-1].FileID, "", briefings.Picture
	default:
		return file, false
	}
	return file, true
}

// outcomeText is what those who came read of a meeting's outcome; those excused read with it what it was about.
func outcomeText(p view.Voice, m briefings.Meeting, o briefings.Outcome, missed bool) string {
	key := "outcome.told"
	if missed {
		key = "outcome.missed"
	}
	return p.Lines(key, "title", m.Title, "date", p.Date(m.Starts), "agenda", view.Bullets(m.Agenda), "body", i18n.HTML(o.Text))
}

// outcomePressed sends the outcome on its way, drops it, or hands a material out.
func (t *turn) outcomePressed() error {
	id := briefings.MeetingID(t.args0())
	switch t.arg(1) {
	case "drop":
		var c concluding
		if err := t.recall("outcome", &c); err == nil && c.Meeting == id {
			if err := t.finish("outcome", endedDropped); err != nil {
				return err
			}
		}
		return t.show(t.p.T("cancel.outcome"), nil)
	case "file":
		return t.handOut(id, t.arg(2))
	case "send":
	default:
		return t.toast("err.expired")
	}
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return err
	}
	if _, _, err := t.rolls(roster, id); err != nil {
		return err
	}
	var c concluding
	if err := t.recall("outcome", &c); err != nil {
		return err
	}
	if c.Meeting != id || t.arg(2) != "" && t.arg(2) != stampOf(c) {
		return t.toast("err.expired")
	}
	if _, err := t.Store.UpdateMeeting(t.ctx, id, func(m *briefings.Meeting) error {
		return m.Conclude(briefings.Outcome{Text: c.Text, Files: c.Files, By: t.member.ID, At: t.Now()})
	}); err != nil {
		return err
	}
	t.Nudge()
	return errors.Join(t.finish("outcome", endedSent), t.show(t.p.T("outcome.sent"), nil))
}

// handOut sends one material to somebody whom the outcome was told.
func (t *turn) handOut(id briefings.MeetingID, which string) error {
	m, err := t.Store.Meeting(t.ctx, id)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(which)
	if err != nil || m.Outcome == nil || n < 0 || n >= len(m.Outcome.Files) {
		return t.toast("err.expired")
	}
	there, err := t.came(t.ctx, m, t.member.ID)
	if err != nil {
		return err
	}
	if !there {
		seat, _, err := t.Store.SeatOf(t.ctx, id, t.member.ID)
		switch {
		case t.member.ID == m.Author:
		case errors.Is(err, briefings.ErrNotFound), err == nil && seat.Attendance(&m) != briefings.AttendExcused:
			return briefings.Refuse("err.permission")
		case err != nil:
			return err
		}
	}
	f := m.Outcome.Files[n]
	return t.reply(func() error {
		var err error
		if f.Kind == briefings.Picture {
			_, err = t.door.SendPhoto(t.ctx, t.chat(), telegram.File{ID: f.File}, i18n.Escape(f.Title), nil, protect(m)...)
		} else {
			_, err = t.door.SendDocument(t.ctx, t.chat(), telegram.File{ID: f.File}, i18n.Escape(f.Title), nil, protect(m)...)
		}
		return err
	})
}

// protect keeps what is not public from being forwarded.
func protect(m briefings.Meeting) []telegram.Option {
	if m.Label == briefings.Public {
		return nil
	}
	return []telegram.Option{telegram.Protect()}
}

// outcomeButtons hand the materials out, one tap each.
func outcomeButtons(p view.Voice, m briefings.Meeting) *tgbotapi.InlineKeyboardMarkup {
	if m.Outcome == nil || len(m.Outcome.Files) == 0 {
		return nil
	}
	var buttons []tgbotapi.InlineKeyboardButton
	for i, f := range m.Outcome.Files {
		name := f.Name
		if f.Title != "" {
			name = f.Title
		}
		if name == "" {
			name = p.Plain("outcome.picture", "n", i+1)
		}
		buttons = append(buttons, button(clip("📎 "+name, 50), "told", string(m.ID), "file", strconv.Itoa(i)))
	}
	return rows(buttons...)
}

// afterWords are the words of notices that follow a closed roll. Somebody who walked in has no seat and reads them all the same.
func (b *Bot) afterWords(ctx context.Context, p view.Voice, m briefings.Meeting, to briefings.Member, mailing briefings.Mailing) (string, *tgbotapi.InlineKeyboardMarkup, error) {
	if m.Status != briefings.MeetingClosed {
		return "", nil, moot{"the roll was opened again"}
	}
	if mailing.Kind == briefings.KindFeedback {
		there, err := b.came(ctx, m, to.ID)
		if err != nil || !there {
			return "", nil, errors.Join(err, moot{"the person was not there"})
		}
		return b.opinionScreen(ctx, p, m, to.ID)
	}
	if m.Outcome == nil || m.Outcome.Revision != mailing.Revision {
		return "", nil, moot{"it was told anew"}
	}
	return outcomeText(p, m, *m.Outcome, mailing.Kind == briefings.KindMissed), outcomeButtons(p, m), nil
}
