package app_test

import (
	"fmt"
	"strings"

	"briefbot/bot/sandbox"
)

// seen is what a person saw on their phone: every message when it came and each time it changed, in order.
type seen struct {
	text   string
	before int            // messages up to this one are shown without their numbers
	shown  map[int]string // by message: how it looked last
}

// note adds a line that is no message.
func (s *story) note(id int64, line string) {
	one := s.seen[id]
	one.text += "    » " + line + "\n"
	s.seen[id] = one
}

// look lets everybody see what is new and what has changed.
func (s *story) look() error {
	for _, p := range s.people {
		chat, err := s.stage.Chat(p.ID, 0)
		if err != nil {
			return err
		}
		one := s.seen[p.ID]
		if one.shown == nil {
			one.shown = map[int]string{}
		}
		for _, m := range chat.Messages {
			if text := (sandbox.ChatView{Messages: []sandbox.MessageView{m}}).Text(); text != one.shown[m.ID] {
				one.text += text
				one.shown[m.ID] = text
			}
		}
		s.seen[p.ID] = one
	}
	return nil
}

// forget begins a person's transcript anew, in which messages up to one have no numbers.
func (s *story) forget(id int64, before int) {
	one := s.seen[id]
	one.text, one.before = "", before
	s.seen[id] = one
}

// message is the text of one message of a chat, empty when it is not there.
func (s *story) message(id int64, number int) (string, error) {
	chat, err := s.stage.Chat(id, 0)
	if err != nil {
		return "", err
	}
	for _, m := range chat.Messages {
		if m.ID == number {
			return m.Text + m.Caption, nil
		}
	}
	return "", nil
}

// oneLine is a text without line breaks.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// pressed describes a press and what flew by over the chat.
func pressed(label string, t sandbox.Tapped) string {
	line := fmt.Sprintf("presses [%s]", label)
	if t.Alert {
		return line + " ⚠ " + oneLine(t.Text)
	}
	if t.Text != "" {
		return line + " … " + oneLine(t.Text)
	}
	return line
}
