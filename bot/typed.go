package bot

import (
	"slices"
	"strings"

	"briefbot/briefings"
	"briefbot/briefings/vietnamese"
)

// commandWords is of how many words the longest name of a command consists, as people write it.
const commandWords = 4

// spelled finds the command that a message begins with, as people type one: with accents, capitals and blanks between its words. The
// longest name counts, so that "/điểm danh thay" is not "/điểm danh". The rest is the end of the message as it was typed.
func (b *Bot) spelled(text string) (name, rest string, ok bool) {
	name, rest, ok = commandOf(text)
	if !ok {
		return "", "", false
	}
	line := strings.TrimLeft(strings.TrimLeftFunc(text, func(r rune) bool { return r != '/' }), "/")
	first, below, _ := strings.Cut(line, "\n")
	words := strings.Fields(first)
	for n := min(commandWords, len(words)); n > 0; n-- {
		found := b.named(strings.Join(words[:n], ""))
		switch {
		case found == "":
			continue
		case n > 1:
			rest = strings.Join(words[n:], " ")
			if below != "" {
				rest += "\n" + below
			}
		}
		return found, rest, true
	}
	return name, rest, true
}

// named is the name of the command that some text spells; empty: none.
func (b *Bot) named(text string) string {
	key, _, _ := strings.Cut(strings.ReplaceAll(vietnamese.Fold(text), " ", ""), "@")
	for _, c := range b.commands() {
		if c.name == key || c.alias == key {
			return c.name
		}
	}
	return ""
}

// loose takes a message that is no part of a dialogue: the words of a command without its slash, or an answer in plain words, which is
// given by a button, so that nothing is recorded that was not meant.
func (t *turn) loose() error {
	text := t.message.Text
	if len(strings.Fields(text)) <= commandWords && !strings.Contains(text, "\n") {
		name := t.named(text)
		if i := slices.IndexFunc(t.commands(), func(c command) bool { return c.name == name }); i >= 0 && t.allowed(t.commands()[i].role) {
			return t.commanded(name, "")
		}
	}
	if !answers(text) {
		return t.tell("err.unknown")
	}
	list, err := t.called()
	switch {
	case err != nil:
		return err
	case len(list) == 0:
		return t.tell("err.unknown")
	}
	if err := t.tell("rsvp.by_button"); err != nil {
		return err
	}
	if len(list) > 1 {
		return t.meetings()
	}
	t.args = []string{string(list[0])}
	return t.meetingPressed()
}

// called are the meetings to come to which the person is called, or sits in for somebody.
func (t *turn) called() (ids []briefings.MeetingID, err error) {
	if !t.joined() {
		return nil, nil
	}
	list, err := t.Store.Meetings(t.ctx)
	if err != nil {
		return nil, err
	}
	for _, m := range list {
		if m.Status != briefings.MeetingOpen || m.Revision == 0 || !m.Expected(t.Now()) {
			continue
		}
		switch _, _, err := t.seat(m.ID); {
		case err == nil:
			ids = append(ids, m.ID)
		case briefings.AsRefusal(err) == nil:
			return nil, err
		}
	}
	return ids, nil
}

// plainAnswers are words by which people answer in a sentence, folded.
var plainAnswers = []string{
	"tham du", "khong du", "se du", "du duoc", "xin vang", "vang mat", "khong di", "se di", "di duoc", "khong den", "se den", "den duoc", "co mat",
	"ban viec", "ban hop", "di thay", "du thay", "dong y", "xac nhan",
	"attend", "i will come", "i come", "coming", "cannot", "can't", "can not", "not able", "deputy",
}

// answers reports whether a text reads like an answer to a notice.
func answers(text string) bool {
	key := vietnamese.Fold(text)
	return slices.ContainsFunc(plainAnswers, func(words string) bool { return strings.Contains(key, words) })
}
