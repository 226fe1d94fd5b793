package briefings

import (
	"fmt"
	"hash/fnv"
	"slices"
	"time"
)

// Shown is a message that shows the card of a seat.
type Shown struct {
	Message int      `json:"message"`
	To      MemberID `json:"to,omitempty"` // the deputy in whose chat it stands; empty: in the invitee's
}

// Stale says that messages show a seat as it was before its last change.
type Stale struct {
	Since time.Time `json:"since"`           // of that change
	Drawn []Shown   `json:"drawn,omitempty"` // the messages that show it already
	Was   uint32    `json:"was,omitempty"`   // what the others show, in short; zero: nobody knows
}

// CardsKept is how many messages a seat remembers beside the notice.
const CardsKept = 3

const (
	// RedrawEvery is for how long changes of seats are gathered before the cards that do not show them are drawn anew.
	RedrawEvery = 10 * time.Second
	// RedrawAfter is how long after that the last of them may still be on its way into the store: before it is over nothing is drawn.
	RedrawAfter = 2 * time.Second
	// redrawnBy is how long after that everything is taken to be drawn.
	redrawnBy = time.Minute
)

// Window numbers the stretch of RedrawEvery in which the change fell. All of one stretch are drawn together.
func (s *Stale) Window() int { return int(s.Since.UnixNano()/int64(RedrawEvery)) + 1 }

// WindowEnds is when the n-th stretch is over.
func WindowEnds(n int) time.Time { return time.Unix(0, int64(n)*int64(RedrawEvery)) }

// ChangedAt notes that the seat, which was another before, was changed on a message, which is drawn anew at once: every other card of the
// seat is stale from now on. With no message the change was made elsewhere and shows on none. The notice is the message by which the
// invitee was called; zero where nobody knows it.
func (i *Invitation) ChangedAt(m *Meeting, was Invitation, at Shown, notice int, now time.Time) {
	i.keepCard(at, notice)
	s := &Stale{Since: now}
	if at.Message != 0 {
		s.Drawn = []Shown{at}
	}
	if old := was.Stale; old == nil {
		s.Was = was.look()
	} else if after := now.Sub(WindowEnds(old.Window())); after > redrawnBy {
		s.Was = was.look()
	} else if after < RedrawAfter/2 && !slices.ContainsFunc(old.Drawn, func(d Shown) bool { return d != at }) {
		s.Was = old.Was // nobody has drawn anything since
	}
	if s.Was == i.look() || !s.anywhere(m, i, notice) { // a mistake that was taken back at once changes no card
		s = nil
	}
	i.Stale = s
}

// look is what a card shows of the seat itself, in short.
func (i *Invitation) look() uint32 {
	a := i.Answer
	h := fnv.New32a()
	fmt.Fprintln(h, i.Venue, a.Choice, a.Online, a.Reason, a.Note, a.Leave, i.CheckIn != nil, i.AwaitsNews() && !i.Wait.Given)
	if a.Deputy != nil {
		fmt.Fprintln(h, a.Deputy.Member, a.Deputy.Name, a.Deputy.State)
	}
	if i.CheckIn != nil {
		fmt.Fprintln(h, i.CheckIn.At.Unix())
	}
	if r := i.Request; r != nil && r.State == RequestPending {
		fmt.Fprintln(h, "asks", r.N, r.Answer.Choice)
	}
	if i.Wait != nil {
		fmt.Fprintln(h, "waits", *i.Wait)
	}
	return h.Sum32()
}

// Stale reports whether somebody has to draw the cards of a seat anew. A change of the meeting after the seat's draws them as well.
func (m *Meeting) Stale(i *Invitation) bool {
	if i.Stale == nil {
		return false
	}
	c := m.LastTouch(i)
	return c == nil || !c.At.After(i.Stale.Since)
}

// DrawnAt notes that a message was drawn as the seat now stands, and reports whether that was anything new.
func (i *Invitation) DrawnAt(m *Meeting, at Shown, notice int) bool {
	fresh := i.keepCard(at, notice)
	if i.Stale == nil || at.Message == 0 || slices.Contains(i.Stale.Drawn, at) {
		return fresh
	}
	s := &Stale{Since: i.Stale.Since, Drawn: append(slices.Clone(i.Stale.Drawn), at), Was: i.Stale.Was}
	if !s.anywhere(m, i, notice) {
		s = nil
	}
	i.Stale = s
	return true
}

// AskedBy notes the message that asks a deputy, so that it follows the seat. Where the deputy was freed while it was on its way it is
// stale at once.
func (i *Invitation) AskedBy(deputy MemberID, message int, now time.Time) error {
	if !i.keepCard(Shown{Message: message, To: deputy}, 0) {
		return ErrUnchanged
	}
	if d := i.Answer.Deputy; d == nil || d.Member != deputy {
		i.Stale = &Stale{Since: now}
	}
	return nil
}

// anywhere reports whether there is a card that does not show the change. The message that told of a whole week shows no answers. Of
// somebody whose notice nobody knows, the message in their own chat is taken for it.
func (s *Stale) anywhere(m *Meeting, i *Invitation, notice int) bool {
	if m.Week == "" && !slices.ContainsFunc(s.Drawn, func(d Shown) bool { return d.To == "" && (notice == 0 || d.Message == notice) }) {
		return true
	}
	return slices.ContainsFunc(i.Cards, func(c Shown) bool { return !slices.Contains(s.Drawn, c) })
}

// keepCard remembers a message beside the notice, the newest last, and reports whether it did not know it.
func (i *Invitation) keepCard(at Shown, notice int) bool {
	if at.Message == 0 || at == (Shown{Message: notice}) || slices.Contains(i.Cards, at) {
		return false
	}
	i.Cards = append(slices.Clone(i.Cards), at)
	if n := len(i.Cards) - CardsKept; n > 0 {
		i.Cards = i.Cards[n:]
	}
	return true
}

// CardFor is a message of the seat in somebody's chat: the invitee's, or a deputy's.
func (i *Invitation) CardFor(who MemberID, message int) Shown {
	if who == i.Member {
		who = ""
	}
	return Shown{Message: message, To: who}
}

// CardsOf are the messages beside the notice that show the card in somebody's chat.
func (i *Invitation) CardsOf(who MemberID) (messages []int) {
	for _, c := range i.Cards {
		if c == i.CardFor(who, c.Message) {
			messages = append(messages, c.Message)
		}
	}
	return messages
}

// CardReaders are those beside the invitee in whose chats the card stands.
func (i *Invitation) CardReaders() (who []MemberID) {
	for _, c := range i.Cards {
		if c.To != "" && !slices.Contains(who, c.To) {
			who = append(who, c.To)
		}
	}
	return who
}
