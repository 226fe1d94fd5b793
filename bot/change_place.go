package bot

import (
	"strconv"

	"briefbot/bot/internal/view"
	"briefbot/briefings"
)

// resizes reports whether the change is of the number of chairs alone.
func (c changing) resizes(m briefings.Meeting) bool {
	v := m.Venue(c.Venue)
	return c.Kind == briefings.ChangedVenue && v != nil && v.Place().Resizes(c.Place)
}

// placeWords names a place for those who look after it, with how many it holds.
func (t *turn) placeWords(at briefings.Place) string {
	s := view.PlaceLine(t.p, at)
	if at.Capacity > 0 {
		s += " – " + t.p.Plain("venuepart.capacity") + " " + strconv.Itoa(at.Capacity)
	}
	return s
}

// placesAfter says what becomes of those who come to a venue, and of those who wait for a place there, when it moves or has more chairs
// or fewer. Chairs that were promised stay: fewer than that are refused where nobody is asked anew.
func (t *turn) placesAfter(m, after briefings.Meeting, c changing) (string, error) {
	if c.Kind != briefings.ChangedVenue || !m.Told() {
		return "", nil
	}
	seats, err := t.Store.Invitations(t.ctx, m.ID)
	if err != nil {
		return "", err
	}
	inside, waiting := m.Places(seats, c.Venue)
	coming, capacity := len(inside)+len(waiting), c.Place.Capacity
	if c.resizes(m) {
		if capacity < len(inside) {
			return "", briefings.Refuse("change.capacity_taken", "n", len(inside))
		}
		if len(waiting) == 0 {
			return "", nil
		}
		_, still := after.Places(seats, c.Venue)
		return "\n" + t.p.T("change.waits_resized", "waiting", len(waiting), "given", len(waiting)-len(still)), nil
	}
	switch {
	case capacity > 0 && coming > capacity:
		return "\n" + t.p.T("change.waits_short", "coming", coming, "capacity", capacity), nil
	case len(waiting) == 0:
		return "", nil
	case capacity > 0:
		return "\n" + t.p.T("change.waits_room", "waiting", len(waiting), "capacity", capacity), nil
	}
	return "\n" + t.p.T("change.waits_free", "waiting", len(waiting)), nil
}
