package bot

import (
	"strconv"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/bot/internal/form"
	"briefbot/bot/internal/wizard"
	"briefbot/briefings"
)

// letter fills the draft from an official letter that was pasted. What the person had already chosen and the letter does not say stays.
// A letter with a stamp is refused before anything of it is kept.
func (t *turn) letter(c composing, text string) error {
	if stamp := form.Stamp(text); stamp != "" {
		return t.secret(briefings.Refuse("send.refused_secret", "label", stamp))
	}
	w, err := t.world()
	if err != nil {
		return err
	}
	lines := w.Letter(text, func(f briefings.Field) string { return t.p.Plain("field." + string(f)) })
	if c.Update != t.update {
		c.Draft.Amend(lines)
		c.Update = t.update
	}
	c.At = wizard.State{Screen: wizard.Hub}
	if err := t.keep(c.Kind, c); err != nil {
		return err
	}
	if err := t.tell("wiz.letter_read", "n", len(lines)); err != nil {
		return err
	}
	if c.Draft.Value(briefings.FieldLabel) == "" {
		return t.askLabel(c)
	}
	return t.screen(c)
}

// askRepeat offers the meetings that can be repeated: the latest that the person looks after.
func (t *turn) askRepeat() error {
	roster, list, err := t.rollAndMeetings()
	if err != nil {
		return err
	}
	var buttons []tgbotapi.InlineKeyboardButton
	for _, m := range list {
		if len(buttons) < 8 && m.Revision > 0 && t.manages(m.Author, roster) {
			buttons = append(buttons, button(t.p.Short(m.Starts)+" · "+clip(m.Title.In(t.p.Lang()), 44), "new", "from", string(m.ID)))
		}
	}
	if len(buttons) == 0 {
		return t.tell("wiz.nothing_to_repeat")
	}
	_, err = t.say(t.p.T("wiz.ask_repeat"), rows(buttons...))
	return err
}

// repeat fills a new draft from a meeting: venues and audience as they were, everything that has a date moved along.
func (t *turn) repeat(c composing, id string) error {
	m, err := t.managed(id)
	if err != nil {
		return err
	}
	w, err := t.world()
	if err != nil {
		return err
	}
	c.Draft = w.Again(m, func(f briefings.Field) string { return t.p.Plain("field." + string(f)) }, t.formWords)
	c.At = wizard.State{Screen: wizard.Hub}
	if err := t.keep(c.Kind, c); err != nil {
		return err
	}
	if err := t.tell("wiz.repeated", "title", m.Title, "old", m.Starts); err != nil {
		return err
	}
	html, markup, err := t.draw(c)
	if err != nil {
		return err
	}
	c.Screen, err = t.say(html, keyboard(markup))
	if err != nil {
		return err
	}
	return t.keep(c.Kind, c)
}

// formWords are the words of the form in the person's language.
func (t *turn) formWords(part string) string {
	switch part {
	case "yes", "no":
		return t.p.Plain("wiz.value_" + part[:1])
	case "label_" + string(briefings.Public), "label_" + string(briefings.UnitOnly):
		return t.p.Plain("label.value_" + part[len("label_"):])
	}
	if strings.HasPrefix(part, "leave_") {
		return t.p.Plain("wiz." + part)
	}
	return t.p.Plain("venuepart." + part)
}

// attach takes a document or a picture that is sent while a meeting is composed. The label is asked first, so that a paper that must
// not be here is never asked for; of the file only the channel's name for it is kept, and nothing is downloaded.
func (t *turn) attach(c composing) error {
	if c.Draft.Value(briefings.FieldLabel) == "" {
		if err := t.tell("wiz.label_first"); err != nil {
			return err
		}
		return t.askLabel(c)
	}
	if len(c.Files) >= briefings.MaterialLimit {
		return briefings.Refuse("wiz.files_full", "max", briefings.MaterialLimit)
	}
	if c.Update == t.update {
		return t.shown(c)
	}
	file := briefings.Material{By: t.member.ID, At: t.Now(), Title: clip(form.OneLine(t.message.Caption), 200)}
	if d := t.message.Document; d != nil {
		file.Kind, file.File, file.Name = briefings.Document, d.FileID, clip(form.OneLine(d.FileName), 120)
	} else {
		largest := t.message.Photo[len(t.message.Photo)-1]
		file.Kind, file.File, file.Name = briefings.Picture, largest.FileID, t.p.Plain("wiz.picture", "i", strconv.Itoa(len(c.Files)+1))
	}
	if file.Name == "" {
		file.Name = t.p.Plain("wiz.document", "i", strconv.Itoa(len(c.Files)+1))
	}
	c.Files = append(c.Files, file)
	c.Update = t.update
	c.At = wizard.State{Screen: wizard.Files, Field: "files"}
	if err := t.keep(c.Kind, c); err != nil {
		return err
	}
	return t.screen(c)
}
