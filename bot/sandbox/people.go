package sandbox

import (
	"slices"
	"time"
)

// Person is somebody with an account: who types on the people's side. One with an id below zero is a group, which the bot may write to from
// the start.
type Person struct {
	ID           int64  `json:"id"`
	FirstName    string `json:"first_name"`
	LastName     string `json:"last_name"`
	Username     string `json:"username"`
	Phone        string `json:"phone"`
	LanguageCode string `json:"language_code"`
}

func (p Person) wire() wireUser {
	return wireUser{ID: p.ID, FirstName: p.FirstName, LastName: p.LastName, Username: p.Username, LanguageCode: p.LanguageCode}
}

func (p Person) group() bool { return p.ID < 0 }

func (p Person) chat() wireChat {
	if p.group() {
		return wireChat{ID: p.ID, Type: "supergroup", Title: p.FirstName, Username: p.Username}
	}
	return wireChat{ID: p.ID, Type: "private", FirstName: p.FirstName, LastName: p.LastName, Username: p.Username}
}

// person is an account and its private chat with the bot.
type person struct {
	Person
	started     bool // wrote to the bot at least once
	blocked     bool
	deactivated bool

	log      []*message // by rising id
	notes    []note
	lastID   int
	seq      uint64 // rises with every change of the chat
	unread   int
	keyboard *Keyboard
	hint     string // what the composer suggests when there is no keyboard
	typing   time.Time
	sent     int // messages the bot sent
	texts    map[uint64]int
	flood    window
	minute   window    // of a group
	closed   time.Time // the end of the last retry_after that concerned this chat
}

// note is a line of the transcript that is no message: a toast, a block.
type note struct {
	seq   uint64
	text  string
	toast bool
}

// message is one message of a chat. A change replaces its slices and pointers; it never
// writes into them.
type message struct {
	wireMessage
	bot     bool
	born    uint64 // the chat's seq when it was sent
	changed uint64 // and when it changed last
	keyed   bool   // came with a keyboard that is not inline: Telegram never edits it
	replyTo int
}

// find is the message with that id, or nil.
func (p *person) find(id int) *message {
	low, high := 0, len(p.log)
	for low < high {
		middle := (low + high) / 2
		if p.log[middle].MessageID < id {
			low = middle + 1
		} else {
			high = middle
		}
	}
	if low < len(p.log) && p.log[low].MessageID == id {
		return p.log[low]
	}
	return nil
}

// append gives the message its id and keeps it, and lets the oldest go when there are too many.
func (p *person) append(m *message, kept int) {
	p.lastID++
	p.seq++
	m.MessageID, m.born, m.changed = p.lastID, p.seq, p.seq
	p.log = append(p.log, m)
	if len(p.log) > kept {
		p.log[0] = nil
		p.log = p.log[1:]
	}
}

func (p *person) remove(m *message) {
	if i := slices.Index(p.log, m); i >= 0 {
		p.log = slices.Delete(p.log, i, i+1)
		p.seq++
	}
}

const maxNotes = 200

func (p *person) note(text string, toast bool) {
	p.seq++
	p.notes = append(p.notes, note{seq: p.seq, text: text, toast: toast})
	if len(p.notes) > maxNotes {
		p.notes = p.notes[1:]
	}
}

// AddPerson adds an account, or replaces the names of the one that has this id. An id of 0
// asks for a new one.
func (s *Server) AddPerson(p Person) Person {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.addPersonLocked(p)
}

func (s *Server) addPersonLocked(p Person) Person {
	if p.ID == 0 {
		for s.people[s.nextID] != nil {
			s.nextID++
		}
		p.ID = s.nextID
		s.nextID++
	}
	if known := s.people[p.ID]; known != nil {
		known.Person = p
		return p
	}
	one := &person{Person: p, started: p.group(), minute: window{span: time.Minute}}
	s.people[p.ID] = one
	s.order = append(s.order, one)
	return p
}

// SetLanguage changes the language of an account, as later updates will say.
func (s *Server) SetLanguage(id int64, code string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.personLocked(id)
	if err != nil {
		return err
	}
	p.LanguageCode = code
	s.emitLocked(p, Event{Kind: "commands"})
	return nil
}

// Deactivate deletes the account: from now on the bot is told that the user is deactivated.
func (s *Server) Deactivate(id int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.personLocked(id)
	if err != nil {
		return err
	}
	p.deactivated = true
	return nil
}

func (s *Server) personLocked(id int64) (*person, error) {
	if p := s.people[id]; p != nil {
		return p, nil
	}
	return nil, missing("person %d is not here", id)
}
