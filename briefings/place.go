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
	Times int       `json:"times"` // how often this seat was told so: the revision of the news that there is a place
}

// LinkReveals is how long before the start the link of a venue is shown to those who come.
const LinkReveals = time.Hour

// Places returns who has a place at a venue and who waits for one, both in the order in which they asked: those who are there, then
// those who said that they come, or send somebody. Where no capacity is stated nobody waits. It is computed from the seats and kept
// nowhere, so that whoever gives a place up makes one for the next.
func (m *Meeting) Places(seats []Invitation, id VenueID) (inside, waiting []MemberID) {
	v := m.Venue(id)
	if v == nil {
		return nil, nil
	}
	type claim struct {
		seat *Invitation
		at   time.Time
	}
	var claims []claim
	for i := range seats {
		s := &seats[i]
		if s.Venue != id || s.CheckIn == nil && s.Answer.Online {
			continue // who joins by the link needs no chair
		}
		switch standing := s.Standing(); {
		case s.CheckIn != nil:
			claims = append(claims, claim{s, time.Time{}})
		case standing == Accepted || standing == Delegated:
			at := s.Answer.At
			if s.Moved.After(at) {
				at = s.Moved
			}
			claims = append(claims, claim{s, at})
		}
	}
	slices.SortFunc(claims, func(a, b claim) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.seat.No, b.seat.No)) })
	for n, c := range claims {
		if v.Capacity == 0 || n < v.Capacity {
			inside = append(inside, c.seat.Member)
		} else {
			waiting = append(waiting, c.seat.Member)
		}
	}
	return inside, waiting
}

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

// ToldToWait notes that the holder was told to wait for a place at the venue of the seat. Told once for a venue is enough.
func (i *Invitation) ToldToWait(now time.Time) error {
	if i.Wait != nil && i.Wait.Venue == i.Venue {
		return ErrUnchanged
	}
	times := 1
	if i.Wait != nil {
		times = i.Wait.Times + 1
	}
	i.Wait = &Wait{Venue: i.Venue, At: now, Times: times}
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
