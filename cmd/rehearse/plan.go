package main

import (
	"fmt"
	"math/rand/v2"

	"briefbot/briefings"
)

// intent is the answer that shall stand in the end.
type intent int

const (
	silent  intent = iota
	accepts        // comes
	leaves         // asks leave
	sends          // sends a deputy
)

// saying is what a deputy says to the request.
type saying int

const (
	nothing saying = iota // does not answer
	yes
	no
)

// verdict is what somebody says who decides about a leave.
type verdict int

const (
	granted verdict = iota
	pending         // nobody has decided
	denied
)

// entry is how somebody checks in.
type entry int

const (
	byCommand entry = iota // /diemdanh, then the code
	byDigits               // the code out of the blue
	byLink                 // the link in the QR
)

// plan is what a person is going to do.
type plan struct {
	byLink        bool // joins by invite link; else by sharing the telephone
	blocks        bool // blocks the bot before the notice goes out
	wants         intent
	first         intent // an answer given before and changed; silent: none
	afterReminder bool   // answers only when reminded
	twice         bool   // presses twice
	fromList      bool   // answers from the list of meetings instead of the notice
	reason        briefings.Reason
	note          string
	deputy        *person // nil with sends: somebody outside the roll
	deputyName    string
	deputySays    saying
	byCode        bool // searches the deputy by code, not by name
	comes         bool // turns up; with sends: the deputy does
	late          bool
	elsewhere     int // the venue where they turn up instead of their own; -1: their own
	entry         entry
	wrong         int // wrong codes typed first
	locked        bool
	leave         verdict // what becomes of the leave asked for
	byList        bool    // has no Telegram at hand: the officer writes them down
	principal     *person // whom a spare sits for
}

// parts takes n of the list, which is cut short by them.
func parts(list *[]*person, n int) []*person {
	n = min(n, len(*list))
	out := (*list)[:n]
	*list = (*list)[n:]
	return out
}

// plan says what everybody does: 70 % accept, 12 % ask leave, 5 % send deputies, the rest say nothing; 85 % of those coming come.
func (w *world) plan(dice *rand.Rand) {
	n := len(w.called)
	var free []*person
	for _, p := range w.called {
		p.elsewhere = -1
		if w.official(p) {
			p.wants, p.comes = accepts, true
		} else {
			free = append(free, p)
		}
	}
	dice.Shuffle(len(free), func(i, j int) { free[i], free[j] = free[j], free[i] })
	accepting := parts(&free, n*70/100-(n-len(free)))
	leaving := parts(&free, n*12/100)
	sending := parts(&free, max(3, n*5/100))
	for i, p := range accepting {
		p.wants = accepts
		p.twice = i%25 == 3
		p.fromList = i%30 == 5
		p.afterReminder = i%35 == 7
		if i%25 == 9 {
			p.first = leaves
		}
	}
	for i, p := range leaving {
		p.wants = leaves
		p.leave = []verdict{granted, granted, granted, denied, granted, pending, granted}[i%7]
		p.reason = briefings.Reasons[i%len(briefings.Reasons)]
		if p.reason == briefings.OtherReason {
			p.note = fmt.Sprintf("Bận tiếp dân theo lịch <%d> & trực cơ quan", i)
		}
		if i%20 == 2 {
			p.first = accepts
		}
	}
	spares := w.spares
	for i, p := range sending {
		p.wants = sends
		if i%3 == 2 || len(spares) == 0 {
			p.deputyName = fmt.Sprintf("Mai Mẫu Thay %d", i)
			continue
		}
		p.deputy, spares = spares[0], spares[1:]
		p.deputy.principal = p
		p.deputySays = []saying{yes, yes, yes, no, yes, nothing, yes}[i%7]
		p.byCode = i%2 == 0
	}
	for i, p := range free {
		p.blocks = i < min(2, len(free)/3)
		p.comes = !p.blocks && i%10 == 4
	}
	w.delegate()
	w.arrivals(dice)
	w.crowd()
	for i, p := range w.people {
		p.byLink = p.phone == ""
		p.entry = []entry{byCommand, byLink, byDigits, byLink}[i/2%4]
	}
}

// delegate says what those do whom a unit names: one asks leave, so that somebody else is named, one says nothing, one does not come.
func (w *world) delegate() {
	for i, p := range w.quota {
		p.elsewhere = -1
		switch i {
		case 3:
			p.wants, p.reason = leaves, briefings.OnLeave
		case 4:
		case 5:
			p.wants = accepts
		default:
			p.wants, p.comes = accepts, true
		}
	}
}

// crowd makes one of the halls small: there is one place more than people who want to come. Nobody there changes an answer, so that it
// is full at no other time.
func (w *world) crowd() {
	if len(w.venues) < 4 {
		return
	}
	w.small, w.room = 2, 1
	for _, p := range w.called {
		if p.venue != w.small {
			continue
		}
		p.first = silent
		if p.wants == accepts && !p.afterReminder || p.wants == sends && (p.deputy == nil || p.deputySays != no) {
			w.room++
		}
	}
}

// arrivals says who turns up, when and where.
func (w *world) arrivals(dice *rand.Rand) {
	var coming []*person
	for _, p := range w.called {
		switch {
		case p.wants == accepts && !w.official(p), p.wants == sends && p.deputy != nil && p.deputySays == yes:
			coming = append(coming, p)
		case p.wants == sends && p.deputySays == nothing && p.deputy != nil:
			p.comes = true // did not say yes, and is there
		}
	}
	dice.Shuffle(len(coming), func(i, j int) { coming[i], coming[j] = coming[j], coming[i] })
	come := len(coming) * 85 / 100
	for i, p := range coming {
		p.comes = i < come
		if !p.comes {
			p.locked = i == come && p.wants == accepts
			continue
		}
		p.late = i%20 == 6
		p.wrong = map[int]int{3: 1, 13: 2}[i%40]
		p.byList = i%10 == 8
		if i%50 == 11 {
			p.elsewhere = (p.venue + 1) % len(w.venues)
		}
	}
	for i, p := range w.called {
		if p.wants == leaves && i%40 == 1 {
			p.comes = true // asked leave, and came after all
		}
	}
}
