package briefings

import (
	"cmp"
	"slices"
	"time"
)

// Wait says that the holder of a seat was told that the venue is full.
type Wait struct {
	Venue VenueID   `json:"venue"`
	At    time.Time `json:"at"`
	Times int       `json:"times"`           // how often this seat was told so: the revision of the news that there is a place
	Given bool      `json:"given,omitempty"` // there is a place now, and the cards that say otherwise are being put right
	Place int       `json:"place,omitempty"` // which place in the queue the cards say; zero: nobody knows
	Moved time.Time `json:"moved,omitzero"`  // when that was put right last
}

const (
	// RequeueEvery is how long a card goes on naming a place in the queue that is another by now: a queue moves often, and everybody in it.
	RequeueEvery = time.Minute
	// RequeueFirst is how many at the head of a queue have their cards follow it. Whom it is far from reads the place of when it was drawn.
	RequeueFirst = 20
)

// LinkReveals is how long before the start the link of a venue is shown to those who come.
const LinkReveals = time.Hour

// Places returns who has a place at a venue and who waits for one, both in the order in which they asked: those who are there, then
// those who said that they come, or send somebody. Whoever is there has a place, also where more came than there are chairs. Where no
// capacity is stated nobody waits. It is computed from the seats and kept nowhere, so that whoever gives a place up makes one for the
// next.
func (m *Meeting) Places(seats []Invitation, id VenueID) (inside, waiting []MemberID) {
	v := m.Venue(id)
	if v == nil {
		return nil, nil
	}
	var claims []claim
	for i := range seats {
		if c, ok := claimOf(&seats[i]); ok && seats[i].Venue == id {
			claims = append(claims, c)
		}
	}
	in, out := v.share(claims)
	for _, c := range in {
		inside = append(inside, c.seat.Member)
	}
	for _, c := range out {
		waiting = append(waiting, c.seat.Member)
	}
	return inside, waiting
}

// Waits returns, for everybody who waits for a place at the venue of their seat, which place in the queue is theirs, from 1. One look
// at all seats answers it for all venues.
func (m *Meeting) Waits(seats []Invitation) map[MemberID]int {
	claims := map[VenueID][]claim{}
	for i := range seats {
		v := m.Venue(seats[i].Venue)
		if v == nil || v.Capacity == 0 {
			continue
		}
		if c, ok := claimOf(&seats[i]); ok {
			claims[v.ID] = append(claims[v.ID], c)
		}
	}
	waits := map[MemberID]int{}
	for id, asked := range claims {
		_, out := m.Venue(id).share(asked)
		for i, c := range out {
			waits[c.seat.Member] = i + 1
		}
	}
	return waits
}

// claim is a seat that wants a place in the room, since when.
type claim struct {
	seat *Invitation
	at   time.Time // zero: is there
}

// claimOf reports whether a seat wants a place. Who joins by the link needs no chair.
func claimOf(s *Invitation) (claim, bool) {
	switch {
	case s.CheckIn != nil:
		return claim{seat: s}, true
	case s.WantsPlace():
		return claim{s, s.placeAsked()}, true
	}
	return claim{}, false
}

// WantsPlace reports whether a chair is asked for on the seat, and nobody sits on it yet. Where the deputy refused it is kept until the
// invitee decides.
func (i *Invitation) WantsPlace() bool { return i.CheckIn == nil && i.Answer.wantsChair() }

// wantsChair reports whether an answer asks for a chair in the room. A deputy sits on the invitee's: that nobody comes is only said by
// asking leave, or by joining by the link.
func (a Answer) wantsChair() bool {
	return a.Choice == Accepted && !a.Online || a.Choice == Delegated
}

// chairAsked is since when answers that followed each other ask for a chair.
func (a Answer) chairAsked() time.Time {
	if !a.Since.IsZero() {
		return a.Since
	}
	return a.At
}

// share gives the places of a venue to those who asked first.
func (v *Venue) share(claims []claim) (inside, waiting []claim) {
	slices.SortFunc(claims, byAsking)
	if v.Capacity == 0 || len(claims) <= v.Capacity {
		return claims, nil
	}
	places := v.Capacity
	for places < len(claims) && claims[places].seat.CheckIn != nil {
		places++
	}
	return claims[:places], claims[places:]
}

func byAsking(a, b claim) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.seat.No, b.seat.No)) }

// Nearest returns the venue with room that is nearest to a unit: the one that serves the unit's closest kin in the tree, the main hall
// before others as near. Empty: nowhere is room.
func (m *Meeting) Nearest(seats []Invitation, unit UnitID, tree *Tree, except VenueID) VenueID {
	path := tree.Path(unit)
	shared := func(v *Venue) int {
		best := 0
		for _, u := range v.Units {
			n := 0
			for i, id := range tree.Path(u) {
				if i >= len(path) || path[i] != id {
					break
				}
				n++
			}
			best = max(best, n)
		}
		return best
	}
	best, found := -1, VenueID("")
	main := m.MainVenue()
	for i := range m.Venues {
		v := &m.Venues[i]
		if v.ID == except || v.Closing != nil {
			continue
		}
		if inside, _ := m.Places(seats, v.ID); v.Capacity > 0 && len(inside) >= v.Capacity {
			continue
		}
		if n := shared(v); n > best || n == best && v == main {
			best, found = n, v.ID
		}
	}
	return found
}

// placeAsked is when a place at the venue of the seat was asked for: with the first of the answers that ask for it, or by choosing this
// venue after it.
func (i *Invitation) placeAsked() time.Time {
	asked := i.Answer.chairAsked()
	if i.Moved.After(asked) {
		return i.Moved
	}
	return asked
}

// ToldToWait notes that the holder was told to wait for a place at the venue of the seat, as which one in the queue. Told once is enough,
// until the place is asked for anew.
func (i *Invitation) ToldToWait(place int, now time.Time) error {
	if i.AwaitsNews() {
		return ErrUnchanged
	}
	times := 1
	if i.Wait != nil {
		times = i.Wait.Times + 1
	}
	i.Wait = &Wait{Venue: i.Venue, At: now, Times: times, Place: place}
	return nil
}

// AwaitsNews reports whether the holder was told to wait for the place that the seat asks for now, and so wants to hear of it. Who left
// the queue, by another answer or another venue, and came back is in it anew.
func (i *Invitation) AwaitsNews() bool {
	return i.Wait != nil && i.Wait.Venue == i.Venue && i.WantsPlace() && !i.placeAsked().After(i.Wait.At)
}

// GivePlace notes that there is a place for a seat that waited: its cards, which say that it waits, are stale from now on.
func (i *Invitation) GivePlace(m *Meeting, now time.Time) error {
	if !i.AwaitsNews() || i.Wait.Given {
		return ErrUnchanged
	}
	was, w := *i, *i.Wait
	w.Given = true
	i.Wait = &w
	i.ChangedAt(m, was, Shown{}, 0, now)
	return nil
}

// Requeues reports whether the cards of a seat that waits name a place in the queue that is another by now, and are to follow it.
func (i *Invitation) Requeues(place int, now time.Time) bool {
	return i.AwaitsNews() && !i.Wait.Given && place > 0 && place <= RequeueFirst && place != i.Wait.Place &&
		!now.Before(i.Wait.At.Add(RequeueEvery)) && !now.Before(i.Wait.Moved.Add(RequeueEvery))
}

// Requeue notes that a seat is another one in the queue than its cards say: they are stale from now on.
func (i *Invitation) Requeue(m *Meeting, place int, now time.Time) error {
	if !i.Requeues(place, now) {
		return ErrUnchanged
	}
	was, w := *i, *i.Wait
	w.Place, w.Moved = place, now
	i.Wait = &w
	i.ChangedAt(m, was, Shown{}, 0, now)
	return nil
}

// NeedsLink reports whether the holder of the seat joins by the venue's link. Those who come to the room have no use for it; its staff
// reads it where it is asked whether everything works.
func (m *Meeting) NeedsLink(i *Invitation) bool {
	v := m.Venue(i.Venue)
	return v != nil && v.Link != "" && m.Status == MeetingOpen && i.Standing() == Accepted && i.Answer.Online
}

// LinkFrom is when links are shown to those who need them.
func (m *Meeting) LinkFrom() time.Time { return m.Starts.Add(-LinkReveals) }

// ShowsLink reports whether the venue's link is shown on the seat's card now.
func (m *Meeting) ShowsLink(i *Invitation, now time.Time) bool {
	return m.NeedsLink(i) && !now.Before(m.LinkFrom()) && now.Before(m.Held().Add(CheckInCloses))
}
