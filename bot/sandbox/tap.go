package sandbox

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// tapPatience is how long a tap waits for the bot's answer, in real time.
const tapPatience = 10 * time.Second

// Touch is a tap on a button. Message 0 means the latest message that has such a button.
type Touch struct {
	Person  int64  `json:"person"`
	Label   string `json:"label"`
	Beside  string `json:"beside"` // of buttons that look alike, the one in the row that has this label
	Message int    `json:"message_id"`
	NoWait  bool   `json:"nowait"`
	Within  int    `json:"within"` // milliseconds of real time to wait for the button to appear, as one does while a card is redrawn
}

// Tapped is what a tap led to: the bot's answer, an address to open, or a message that a
// button of the reply keyboard sent.
type Tapped struct {
	CallbackID string `json:"callback_id,omitempty"`
	Answered   bool   `json:"answered"`
	Text       string `json:"text"`
	Alert      bool   `json:"show_alert"`
	URL        string `json:"url,omitempty"`
	MessageID  int    `json:"message_id,omitempty"`
}

// Tap presses the button with this label and waits for the bot's answer.
func (s *Server) Tap(ctx context.Context, person int64, label string) (Tapped, error) {
	return s.TapOn(ctx, Touch{Person: person, Label: label})
}

// TapOn presses a button. A label is matched exactly, or else, without its leading emoji, as
// a prefix or a part that only one button of the message has.
func (s *Server) TapOn(ctx context.Context, t Touch) (Tapped, error) {
	s.mu.Lock()
	p, err := s.personLocked(t.Person)
	if err == nil && p.blocked {
		err = cannot("person %d blocked the bot; unblock it first", p.ID)
	}
	if err != nil {
		s.mu.Unlock()
		return Tapped{}, err
	}
	m, button, key, err := s.awaitButtonLocked(ctx, p, t)
	if err != nil {
		s.mu.Unlock()
		return Tapped{}, err
	}
	if key != nil {
		defer s.mu.Unlock()
		return s.typeKeyLocked(p, *key)
	}
	switch button.kind() {
	case "url":
		s.mu.Unlock()
		return Tapped{URL: button.URL}, nil
	case "other":
		s.mu.Unlock()
		return Tapped{}, cannot("the button %q does nothing here", button.Text)
	}
	one := s.presses.add(p.ID, s.now())
	s.pushLocked("callback_query", "press"+strconv.FormatInt(p.ID, 10), callbackLife, wireUpdate{Callback: &wireCallback{
		ID: one.id, From: p.wire(), Message: p.wireOf(m), ChatInstance: strconv.FormatInt(7_000_000_000+p.ID, 10), Data: button.Data,
	}})
	s.mu.Unlock()
	result := Tapped{CallbackID: one.id}
	if t.NoWait {
		return result, nil
	}
	timer := time.NewTimer(tapPatience)
	defer timer.Stop()
	select {
	case toast := <-one.done:
		result.Answered, result.Text, result.Alert, result.URL = true, toast.Text, toast.Alert, toast.URL
	case <-timer.C:
	case <-ctx.Done():
	case <-s.closed:
	}
	return result, nil
}

// awaitButtonLocked looks for the button, again at every change of the chat as long as the person is willing to wait. The mutex is
// free while it waits.
func (s *Server) awaitButtonLocked(ctx context.Context, p *person, t Touch) (*message, inlineButton, *Key, error) {
	m, button, key, err := p.findButton(t)
	if err == nil || t.Within <= 0 {
		return m, button, key, err
	}
	l := s.hub.add([]int64{p.ID}, true)
	defer s.hub.remove(l)
	timer := time.NewTimer(time.Duration(t.Within) * time.Millisecond)
	defer timer.Stop()
	for waits := true; waits && err != nil; {
		s.mu.Unlock()
		select {
		case <-l.wake:
		case <-timer.C:
			waits = false
		case <-ctx.Done():
			waits = false
		case <-s.closed:
			waits = false
		}
		s.mu.Lock()
		m, button, key, err = p.findButton(t)
	}
	return m, button, key, err
}

// typeKeyLocked presses a button of the reply keyboard, which types its text for the person.
func (s *Server) typeKeyLocked(p *person, key Key) (Tapped, error) {
	if key.RequestContact {
		id, err := s.shareLocked(p.ID, "", 0)
		return Tapped{MessageID: id}, err
	}
	id, err := s.writeLocked(p, wireMessage{Text: key.Text, Entities: detect(key.Text, nil)}, 0)
	return Tapped{MessageID: id}, err
}

// findButton looks for the button that is meant: an exact label before a similar one, a
// newer message before an older one.
func (p *person) findButton(t Touch) (*message, inlineButton, *Key, error) {
	if strings.TrimSpace(t.Label) == "" {
		return nil, inlineButton{}, nil, cannot("no label")
	}
	messages := p.log
	if t.Message != 0 {
		m := p.find(t.Message)
		if m == nil {
			return nil, inlineButton{}, nil, missing("message %d is not in the chat", t.Message)
		}
		messages = []*message{m}
	}
	for _, match := range []func([]string, string) int{matchExact, matchSimilar} {
		for i := len(messages) - 1; i >= 0; i-- {
			if messages[i].ReplyMarkup == nil {
				continue
			}
			buttons, labels := messages[i].ReplyMarkup.beside(t.Beside).flat()
			if at := match(labels, t.Label); at >= 0 {
				return messages[i], buttons[at], nil, nil
			}
		}
		if p.keyboard == nil || t.Message != 0 {
			continue
		}
		keys, labels := p.keyboard.flat()
		if at := match(labels, t.Label); at >= 0 {
			return nil, inlineButton{}, &keys[at], nil
		}
	}
	return nil, inlineButton{}, nil, missing("no button %q; there are: %s", t.Label, p.labels(messages))
}

// labels lists the buttons of the newest message that has any, for an error one can act on.
func (p *person) labels(messages []*message) string {
	var all []string
	for i := len(messages) - 1; i >= 0 && all == nil; i-- {
		if messages[i].ReplyMarkup != nil {
			_, all = messages[i].ReplyMarkup.flat()
		}
	}
	if p.keyboard != nil {
		_, keys := p.keyboard.flat()
		all = append(all, keys...)
	}
	if all == nil {
		return "none"
	}
	return "[" + strings.Join(all, "] [") + "]"
}

// beside is the part of the buttons that stand in a row with the label; all of them for "".
func (m *inlineMarkup) beside(label string) *inlineMarkup {
	if label == "" {
		return m
	}
	_, labels := m.flat()
	for _, match := range []func([]string, string) int{matchExact, matchSimilar} {
		at := match(labels, label)
		for _, row := range m.Rows {
			if at >= 0 && at < len(row) {
				return &inlineMarkup{Rows: [][]inlineButton{row}}
			}
			at -= len(row)
		}
	}
	return &inlineMarkup{}
}

func (m *inlineMarkup) flat() (buttons []inlineButton, labels []string) {
	for _, row := range m.Rows {
		for _, b := range row {
			buttons, labels = append(buttons, b), append(labels, b.Text)
		}
	}
	return buttons, labels
}

func (k *Keyboard) flat() (keys []Key, labels []string) {
	for _, row := range k.Rows {
		for _, one := range row {
			keys, labels = append(keys, one), append(labels, one.Text)
		}
	}
	return keys, labels
}

// sends says whether one of the keys would send this message.
func (k *Keyboard) sends(m wireMessage) bool {
	keys, _ := k.flat()
	return slices.ContainsFunc(keys, func(one Key) bool {
		return one.RequestContact && m.Contact != nil || !one.RequestContact && one.Text == m.Text
	})
}

// matchExact is the index of the label, or -1.
func matchExact(labels []string, want string) int {
	for i, label := range labels {
		if label == want {
			return i
		}
	}
	return -1
}

// matchSimilar ignores leading emoji and letter case: equal, else the only prefix, else the
// only part; -1 when there is none or more than one.
func matchSimilar(labels []string, want string) int {
	want = bareLabel(want)
	if want == "" {
		return -1
	}
	for _, fits := range []func(s, part string) bool{
		func(s, part string) bool { return s == part }, strings.HasPrefix, strings.Contains,
	} {
		found, count := -1, 0
		for i, label := range labels {
			if fits(bareLabel(label), want) {
				found = i
				count++
			}
		}
		if count == 1 {
			return found
		}
	}
	return -1
}

func bareLabel(label string) string {
	trimmed := strings.TrimLeftFunc(label, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if trimmed == "" {
		trimmed = label // a label of emoji only
	}
	return strings.ToLower(strings.TrimSpace(trimmed))
}
