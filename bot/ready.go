package bot

import (
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/bot/internal/view"
	"briefbot/briefings"
	"briefbot/briefings/vietnamese"
)

// readyScreen asks a venue's staff whether everything works there, and shows what they said.
func (b *Bot) readyScreen(p view.Voice, m briefings.Meeting, v *briefings.Venue) (string, *tgbotapi.InlineKeyboardMarkup) {
	id, at := string(m.ID), string(v.ID)
	text := p.T("ready.ask", "venue", v.Name, "title", m.Title, "time", m.Starts)
	var parts []tgbotapi.InlineKeyboardButton
	for _, part := range briefings.Parts {
		name := p.Plain("part." + string(part))
		mark, label, act := "⬜", p.Plain("btn.bad_"+string(part)), "-"
		switch good, known := v.Ready.Part(part); {
		case good:
			mark = "✅"
		case known:
			mark, label, act = "❌", p.Plain("btn.good_"+string(part)), "+"
		}
		text += "\n" + mark + " " + name
		parts = append(parts, button(label, "ready", id, at, string(part), act))
	}
	if v.Link != "" {
		text += "\n\n" + p.T("ready.link", "link", v.Link)
	}
	markup := rows(button(p.Plain("btn.ready_all"), "ready", id, at, "all", "+"))
	markup.InlineKeyboard = append(markup.InlineKeyboard, grid(2, parts...).InlineKeyboard...)
	last := button(p.Plain("btn.incident"), "ready", id, at, "incident", "+")
	if v.Ready != nil && v.Ready.Incident != "" {
		text += "\n\n" + p.T("ready.incident", "incident", v.Ready.Incident)
		last = button(p.Plain("btn.incident_over"), "ready", id, at, "incident", "-")
	}
	if v.Ready != nil {
		text += "\n\n" + p.T("ready.as_of", "time", p.Clock(v.Ready.At))
	}
	markup.InlineKeyboard = append(markup.InlineKeyboard, rows(last, button(p.Plain("btn.back"), "door", "more", id, at)).InlineKeyboard...)
	return text, markup
}

// readyPressed takes what a venue's staff says of it.
func (t *turn) readyPressed() error {
	m, v, err := t.venueAs(helper, t.args0(), t.arg(1))
	if err != nil {
		return err
	}
	part, good := t.arg(2), t.arg(3) == "+"
	if part == "incident" && good {
		if err := t.enter("incident", bulk{Meeting: m.ID, Venue: v.ID}); err != nil {
			return err
		}
		return t.tell("ready.ask_incident", "venue", v.Name, "max", briefings.NoteLimit)
	}
	m, err = t.Store.UpdateMeeting(t.ctx, m.ID, func(m *briefings.Meeting) error {
		switch part {
		case "show":
			return briefings.ErrUnchanged
		case "incident":
			return m.ReportIncident(v.ID, t.member.ID, "", t.Now())
		case "all":
			return m.Report(v.ID, t.member.ID, briefings.Parts, true, t.Now())
		}
		return m.Report(v.ID, t.member.ID, []briefings.Part{briefings.Part(part)}, good, t.Now())
	})
	if err != nil {
		return err
	}
	t.Nudge()
	v = m.Venue(v.ID)
	text, markup := t.readyScreen(t.p, m, v)
	if err := t.show(text, markup); err != nil {
		return err
	}
	if part == "show" {
		return nil
	}
	return t.toast("ready.noted", "light", view.Lights[v.Ready.Light()])
}

// incidentTyped takes what is the matter at a venue, in words.
func (t *turn) incidentTyped() error {
	var b bulk
	if err := t.recall("incident", &b); err != nil {
		return err
	}
	m, v, err := t.venueAs(helper, string(b.Meeting), string(b.Venue))
	if err != nil {
		return err
	}
	incident := vietnamese.Clean(t.message.Text)
	switch n := briefings.Length(incident); {
	case n == 0:
		return t.tell("ready.ask_incident", "venue", v.Name, "max", briefings.NoteLimit)
	case n > briefings.NoteLimit:
		return briefings.Refuse("question.long", "n", n, "max", briefings.NoteLimit)
	}
	m, err = t.Store.UpdateMeeting(t.ctx, m.ID, func(m *briefings.Meeting) error {
		return m.ReportIncident(v.ID, t.member.ID, incident, t.Now())
	})
	if err != nil {
		return err
	}
	t.Nudge()
	if err := t.leave(); err != nil {
		return err
	}
	text, markup := t.readyScreen(t.p, m, m.Venue(v.ID))
	_, err = t.say(text, markup)
	return err
}

// redWords tell the organizer what does not work at a venue, and whom to call.
func (b *Bot) redWords(p view.Voice, roster *briefings.Roster, m briefings.Meeting, v *briefings.Venue) string {
	var bad, staff []string
	for _, part := range v.Ready.Bad {
		bad = append(bad, p.Plain("part."+string(part)))
	}
	for _, id := range v.Staff() {
		if who, ok := roster.Member(id); ok {
			staff = append(staff, strings.TrimSuffix(who.Name+", "+phoneOf(who), ", "))
		}
	}
	return p.Lines("ready.red", "venue", v.Name, "title", m.Title, "time", m.Starts, "bad", strings.Join(bad, ", "),
		"incident", v.Ready.Incident, "staff", strings.Join(staff, "; "))
}

// venueWords are the words of notices about a venue; their readers need no seat.
func (b *Bot) venueWords(p view.Voice, roster *briefings.Roster, m briefings.Meeting, mailing briefings.Mailing) (string, *tgbotapi.InlineKeyboardMarkup, error) {
	v := m.Venue(mailing.Venue)
	switch {
	case v == nil || v.Closing != nil || m.Status != briefings.MeetingOpen:
		return "", nil, moot{"the venue is closed"}
	case mailing.Kind == briefings.KindReady:
		text, markup := b.readyScreen(p, m, v)
		return text, markup, nil
	case mailing.Kind == briefings.KindPassTaken:
		return b.passWords(p, roster, m, v, mailing.Person)
	case v.Ready.Light() != briefings.Red:
		return "", nil, moot{"it was mended"}
	}
	return b.redWords(p, roster, m, v), nil, nil
}
