package sandbox

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	maxPresses   = 50_000 // presses remembered, to tell a late answer from a second one
	maxToast     = 200    // code points
	firstPressID = 4_000_000_000_000_001
)

// press is one tap on an inline button.
type press struct {
	id       string
	person   int64
	at       time.Time
	answered bool
	done     chan Toast // buffered; gets the answer
}

// Toast is the bot's answer to a press: what flies by over the chat, or an alert.
type Toast struct {
	Text  string `json:"text"`
	Alert bool   `json:"show_alert"`
	URL   string `json:"url,omitempty"`
}

// presses remembers the taps and how they ended.
type presses struct {
	byID     map[string]*press
	order    []string
	next     int64
	pressed  int
	answered int
	late     int
	twice    int
}

func newPresses() presses { return presses{byID: map[string]*press{}, next: firstPressID} }

func (b *presses) add(person int64, now time.Time) *press {
	p := &press{id: strconv.FormatInt(b.next, 10), person: person, at: now, done: make(chan Toast, 1)}
	b.next++
	b.pressed++
	b.byID[p.id] = p
	b.order = append(b.order, p.id)
	if len(b.order) > maxPresses {
		delete(b.byID, b.order[0])
		b.order = b.order[1:]
	}
	return p
}

func (s *Server) answerCallbackQuery(c *call) (any, *refusal) {
	toast := Toast{Text: c.text("text"), Alert: c.flag("show_alert"), URL: c.text("url")}
	switch {
	case !utf8.ValidString(toast.Text):
		return nil, errNotUTF8
	case utf8.RuneCountInString(toast.Text) > maxToast:
		return nil, badRequest("MESSAGE_TOO_LONG")
	}
	if toast.URL != "" {
		if _, own := startPayload(toast.URL, s.config.BotUsername); !own {
			return nil, badRequest("URL_INVALID")
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.presses.byID[strings.TrimSpace(c.text("callback_query_id"))]
	switch {
	case p == nil:
		return nil, errQueryOld
	case p.answered:
		s.presses.twice++
		return nil, errQueryOld
	case s.now().Sub(p.at) > s.config.AnswerIn:
		s.presses.late++
		return nil, errQueryOld
	}
	p.answered = true
	s.presses.answered++
	p.done <- toast
	if who := s.people[p.person]; who != nil && toast.Text != "" {
		who.note(toast.Text, true)
		s.emitLocked(who, Event{Kind: "toast", Toast: &toast})
	}
	return true, nil
}
