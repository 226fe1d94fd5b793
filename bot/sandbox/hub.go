package sandbox

import "encoding/json"

// Event is something that happened in a person's chat.
type Event struct {
	Person    int64        `json:"person"`
	Kind      string       `json:"kind"` // message, edit, delete, typing, keyboard, commands, toast, blocked
	Message   *MessageView `json:"message"`
	MessageID int          `json:"message_id"`
	Toast     *Toast       `json:"toast"`

	message *message
}

// eventBacklog is how many events may wait for a slow reader before it is let go; it then
// connects again and reads the chat anew.
const eventBacklog = 512

// listener follows the chats of some people, or of everybody when people is empty. With
// wakeOnly it is told that something happened, and not what.
type listener struct {
	people   []int64
	wakeOnly bool
	events   chan []byte   // closed when the listener is let go
	wake     chan struct{} // capacity 1
}

// hub tells listeners what happens. It is guarded by the server's mutex.
type hub struct {
	everybody map[*listener]bool
	byPerson  map[int64]map[*listener]bool
	shut      bool
}

func newHub() hub {
	return hub{everybody: map[*listener]bool{}, byPerson: map[int64]map[*listener]bool{}}
}

func (h *hub) add(people []int64, wakeOnly bool) *listener {
	l := &listener{people: people, wakeOnly: wakeOnly, events: make(chan []byte, eventBacklog), wake: make(chan struct{}, 1)}
	if h.shut {
		close(l.events)
		return l
	}
	if len(people) == 0 {
		h.everybody[l] = true
	}
	for _, id := range people {
		if h.byPerson[id] == nil {
			h.byPerson[id] = map[*listener]bool{}
		}
		h.byPerson[id][l] = true
	}
	return l
}

// remove lets the listener go. It tells whether the listener was still there.
func (h *hub) remove(l *listener) bool {
	here := h.everybody[l]
	delete(h.everybody, l)
	for _, id := range l.people {
		here = here || h.byPerson[id][l]
		delete(h.byPerson[id], l)
		if len(h.byPerson[id]) == 0 {
			delete(h.byPerson, id)
		}
	}
	return here
}

func (h *hub) drop(l *listener) {
	if h.remove(l) {
		close(l.events)
	}
}

func (h *hub) closeAll() {
	h.shut = true
	for l := range h.everybody {
		h.drop(l)
	}
	for _, set := range h.byPerson {
		for l := range set {
			h.drop(l)
		}
	}
}

// emitLocked tells the listeners of the person's chat. It renders the event only when
// somebody wants to read it.
func (s *Server) emitLocked(p *person, e Event) {
	own := s.hub.byPerson[p.ID]
	if len(own) == 0 && len(s.hub.everybody) == 0 {
		return
	}
	var raw []byte
	tell := func(l *listener) {
		if l.wakeOnly {
			select {
			case l.wake <- struct{}{}:
			default:
			}
			return
		}
		if raw == nil {
			e.Person = p.ID
			if e.message != nil {
				view := s.messageViewLocked(e.message)
				e.Message, e.MessageID = &view, e.message.MessageID
			}
			raw, _ = json.Marshal(e)
		}
		select {
		case l.events <- raw:
		default:
			s.hub.drop(l)
		}
	}
	for l := range own {
		tell(l)
	}
	for l := range s.hub.everybody {
		tell(l)
	}
}

// watchedLocked lists the people whose chats somebody follows. Where somebody follows
// everybody these are the first to have come, up to a bound.
func (s *Server) watchedLocked() []*person {
	if len(s.hub.everybody) > 0 {
		return s.order[:min(len(s.order), eventBacklog/4)]
	}
	var list []*person
	for id := range s.hub.byPerson {
		if p := s.people[id]; p != nil {
			list = append(list, p)
		}
	}
	return list
}
