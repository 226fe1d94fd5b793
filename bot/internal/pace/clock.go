package pace

import (
	"sync"
	"time"
)

// drift bounds how far two clocks part from each other in a second, in parts
// of a second: more than any that is kept right.
const drift = 200e-6

// clock knows how this process's clock lies against that of Redis. Redis read
// its clock somewhere between a question and its answer, so every exchange
// gives two bounds; those of many exchanges together are narrower than any of
// them.
type clock struct {
	mu     sync.Mutex
	origin time.Time // of this process's µs
	heard  time.Time // of the last exchange
	// Own µs less Redis's µs lies between these; what lies between has not been
	// told.
	least, most float64
}

// learn takes in an exchange in which Redis read its clock, and returns where
// this process's clock stands at the latest when Redis's stands at a time, and
// how much earlier it may be.
func (c *clock) learn(asked, answered time.Time, redis int64) (local func(int64) time.Time, doubt time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	first := c.origin.IsZero()
	if first {
		c.origin = asked
	}
	// Redis cuts its clock to whole µs.
	least, most := micro(asked.Sub(c.origin))-float64(redis)-1, micro(answered.Sub(c.origin))-float64(redis)
	if !first {
		apart := drift * micro(answered.Sub(c.heard))
		low, high := max(least, c.least-apart), min(most, c.most+apart)
		if low <= high { // else one of the clocks was set, and the past says nothing
			least, most = low, high
		}
	}
	c.heard, c.least, c.most = answered, least, most
	origin := c.origin
	return func(at int64) time.Time {
		return origin.Add(time.Duration((float64(at) + most) * float64(time.Microsecond)))
	}, time.Duration((most - least) * float64(time.Microsecond))
}

func micro(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
