package bot

import (
	"sync"
	"time"

	"briefbot/briefings"
)

const (
	// ampleFor is how long a venue that had ample room is believed to have it.
	ampleFor = 10 * time.Second
	// shared is among how many replicas the room that was seen is divided.
	shared = 4
)

// rooms remembers venues that had far more room than could have been taken since, so that not every yes reads all seats of a meeting.
// A venue that may be nearly full is always looked at.
type rooms struct {
	mu   sync.Mutex
	seen map[roomKey]*room
}

type roomKey struct {
	meeting briefings.MeetingID
	venue   briefings.VenueID
}

type room struct {
	free, asked int
	at          time.Time
}

// ample reports whether a venue certainly has room for one more. Every call counts as one who took a place.
func (r *rooms) ample(meeting briefings.MeetingID, venue briefings.VenueID, capacity int, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	one := r.seen[roomKey{meeting, venue}]
	if !one.holds(capacity, now) {
		return false
	}
	one.asked++
	return one.asked*shared < one.free
}

// plenty is ample for somebody who takes no place, but only looks.
func (r *rooms) plenty(meeting briefings.MeetingID, venue briefings.VenueID, capacity int, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	one := r.seen[roomKey{meeting, venue}]
	return one.holds(capacity, now) && one.asked*shared < one.free
}

// holds reports whether what was seen of a venue is still believed.
func (r *room) holds(capacity int, now time.Time) bool {
	return r != nil && now.Sub(r.at) <= ampleFor && !now.Before(r.at) && r.free <= capacity
}

// note keeps how much room was seen.
func (r *rooms) note(meeting briefings.MeetingID, venue briefings.VenueID, free int, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.seen == nil || len(r.seen) > 1000 { // of meetings long past nothing needs to be known
		r.seen = map[roomKey]*room{}
	}
	r.seen[roomKey{meeting, venue}] = &room{free: free, at: now}
}
