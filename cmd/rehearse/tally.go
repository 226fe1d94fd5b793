package main

import (
	"sync"
)

// seat is what happened to one invitation, as its people know it themselves.
type seat struct {
	venue   int // where it is counted: a check-in elsewhere moves it
	head    int
	answer  intent
	refused bool // the deputy said no, so that nobody stands for it
	leave   verdict
	here    bool
	stood   bool // the deputy came
	late    bool
}

// tally counts the conference from what people did. It shares nothing with the service: not its rules, not its types.
type tally struct {
	mu       sync.Mutex
	venues   []*venue
	heads    []string
	quota    bool // a unit names delegates
	seats    map[*person]*seat
	closings map[int]closing
	counted  map[int]int       // guests counted at the door, by venue
	walked   map[int][]*person // people on the roll who came without a seat, by venue
	lights   map[int]string    // what is known of the halls, as the organizer sees it
	named    []*person         // whom the unit named
	closed   bool
	amended  int // late changes of the roll, as the organizer reads them
}

type closing struct{ heads, guests int }

// newTally begins with the seats of those who are called to the conference.
func newTally(w *world) *tally {
	t := tallyOf(w.venues, w.heads, w.called, func(p *person) int { return p.venue })
	t.quota = len(w.quota) > 0
	return t
}

// tallyOf begins with the seats of some people at some venues.
func tallyOf(venues []*venue, heads []string, called []*person, at func(*person) int) *tally {
	t := &tally{venues: venues, heads: heads, seats: map[*person]*seat{}, closings: map[int]closing{}, counted: map[int]int{},
		walked: map[int][]*person{}, lights: map[int]string{}}
	for _, p := range called {
		t.seats[p] = &seat{venue: at(p), head: p.head}
	}
	return t
}

// answered notes an answer that the bot confirmed.
func (t *tally) answered(p *person, what intent) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.seats[p].answer, t.seats[p].refused, t.seats[p].leave = what, false, granted
}

// asksLeave notes a leave that somebody has to decide.
func (t *tally) asksLeave(p *person) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.seats[p].answer, t.seats[p].refused, t.seats[p].leave = leaves, false, pending
}

// judged notes what was decided about a leave.
func (t *tally) judged(p *person, v verdict) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.seats[p].leave = v
}

// waiting are those whose leave nobody has decided.
func (t *tally) waiting() map[*person]bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	who := map[*person]bool{}
	for p, s := range t.seats {
		if s.answer == leaves && s.leave == pending {
			who[p] = true
		}
	}
	return who
}

// calls gives somebody a seat whom a unit named.
func (t *tally) calls(p *person) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.seats[p] = &seat{venue: p.venue, head: p.head}
	t.named = append(t.named, p)
}

// moves notes that somebody is expected at another venue.
func (t *tally) moves(p *person, venue int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.seats[p].venue = venue
}

// units is of how many units people are called.
func (t *tally) units() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	heads := map[int]bool{}
	for _, s := range t.seats {
		heads[s.head] = true
	}
	return len(heads)
}

// expects is how many are expected at a venue.
func (t *tally) expects(venue int) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := 0
	for _, s := range t.seats {
		if answer := s.standing(); s.venue == venue && (answer == accepts || answer == sends) {
			n++
		}
	}
	return n
}

// shines notes what is known of a hall.
func (t *tally) shines(venue int, light string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lights[venue] = light
}

// deputyRefused notes that the deputy of a seat said no.
func (t *tally) deputyRefused(p *person) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.seats[p].refused = true
}

// arrived notes a check-in on a seat.
func (t *tally) arrived(p *person, venue int, stood, late bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.seats[p]
	s.venue, s.here, s.stood, s.late = venue, true, stood, late
}

// inside is how many have checked in at a venue.
func (t *tally) inside(venue int) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := 0
	for _, s := range t.seats {
		if s.here && s.venue == venue {
			n++
		}
	}
	return n
}

// close notes a venue's closing number; after the last the conference is closed.
func (t *tally) close(venue int, c closing) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closings[venue] = c
	t.closed = len(t.closings) == len(t.venues)
}

// reopen takes a venue's closing number back.
func (t *tally) reopen(venue int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.closings, venue)
	t.closed = false
}

// guest notes guests at a door, and walkIn somebody on the roll who came without a seat.
func (t *tally) guest(venue, n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.counted[venue] += n
}

func (t *tally) walkIn(venue int, who *person) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.walked[venue] = append(t.walked[venue], who)
}

// came are those who were there: on their own seat, on somebody's, or without one.
func (t *tally) came() map[*person]bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	who := map[*person]bool{}
	for p, s := range t.seats {
		switch {
		case s.here && s.stood:
			who[p.deputy] = true
		case s.here:
			who[p] = true
		}
	}
	for _, walked := range t.walked {
		for _, p := range walked {
			who[p] = true
		}
	}
	return who
}

// excused are those who were not there and had leave.
func (t *tally) excused() map[*person]bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	who := map[*person]bool{}
	for p, s := range t.seats {
		if s.outcome(t.closed) == "excused" {
			who[p] = true
		}
	}
	return who
}

// amends notes late changes of the roll.
func (t *tally) amends(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.amended += n
}

// seatless is how many at a venue have no seat, as counted at its door.
func (t *tally) seatless(venue int) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.counted[venue] + len(t.walked[venue])
}

// standing is the answer that counts.
func (s *seat) standing() intent {
	if s.answer == sends && s.refused || s.answer == leaves && s.leave == denied {
		return silent
	}
	return s.answer
}

// outcome is where a seat ends up.
func (s *seat) outcome(closed bool) string {
	switch {
	case s.here && s.stood:
		return "represented"
	case s.here:
		return "present"
	case s.answer == leaves && s.leave == granted:
		return "excused"
	case closed:
		return "unexcused"
	}
	return "pending"
}
