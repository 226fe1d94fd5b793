package pace

import (
	"context"
	"fmt"
	"time"
)

// Slot is a time in a lane at which one request may go out. The slots of a
// lane lie a little further apart than the limit asks for, so that of any
// limit + 1 in a row the last comes more than a second after the first: by
// that much, the room, each may be used late and no second sees one request
// too many.
//
//	slots      │    │    │    │    │    │    │    │         limit 6
//	           ├────────────── 1 s ──────────┤→│ room
//	used at    ·├→· │    │    ·├→             ·             each within its room
//
// A slot whose room is over is lost. When a request got away late all the
// same, because the process was held up behind the last look at the clock, the
// slots after it are put off by as much (Sent): they are given out at most
// a sixth of a second ahead, and the one that would be too many is a second
// away.
type Slot struct {
	// Paid says that the slot is above the free rate, and the message has to
	// say so.
	Paid bool

	at, until time.Time
	epoch     int
	pushed    int64 // how far the lane had been put off, all in all, µs
	from, to  int64 // of the slot in the lane, µs of Redis time
	lane      *lane
}

// room is how late a slot may be used.
func room(rate float64) time.Duration {
	return time.Duration(rate/used(rate)*float64(time.Second)) - time.Second
}

// Take returns at the next free slot of the lane, which is Good then.
func (p *Pace) Take(ctx context.Context, name Lane, demand func() Demand) (Slot, error) {
	l, err := p.lane(name)
	if err != nil {
		return Slot{}, err
	}
	for {
		slot, err := p.take(ctx, l, demand)
		if err != nil {
			return Slot{}, err
		}
		if ahead := slot.at.Sub(p.config.Now()); ahead > 0 {
			if err := p.config.Sleep(ctx, ahead); err != nil {
				p.giveBack(ctx, l, slot)
				return Slot{}, err
			}
		}
		if p.Good(slot) {
			return slot, nil
		}
	}
}

// giveBack returns a slot that nobody came for, and those in stock behind it,
// unless others have been given out since. Should it fail they are lost.
func (p *Pace) giveBack(ctx context.Context, l *lane, slot Slot) {
	l.mu.Lock()
	from, to := slot.from, slot.to
	if n := len(l.stock); n > 0 && l.stock[0].from == to {
		to, l.stock = l.stock[n-1].to, nil
	}
	l.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), backLimit)
	defer cancel()
	_ = back.Run(ctx, p.config.Redis, []string{l.key}, from, to).Err()
}

// Good reports whether a request may still go out in the slot: its room is not
// over, and no block came meanwhile.
func (p *Pace) Good(s Slot) bool {
	return s.lane != nil && s.lane.seen() == s.epoch && !p.config.Now().After(s.until)
}

// Late reports whether a request that was written at a time was too late for
// its slot. Then Sent has to be told.
func (s Slot) Late(at time.Time) bool { return s.lane != nil && at.After(s.until) }

// Sent is told when the request in a slot was written. When that was too late,
// the lane's following slots are put off by as much.
func (p *Pace) Sent(ctx context.Context, s Slot, at time.Time) error {
	if !s.Late(at) {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), blockLimit)
	defer cancel()
	by := min(at.Sub(s.until), time.Second)
	if err := late.Run(ctx, p.config.Redis, []string{s.lane.key}, by.Microseconds()+1, s.pushed).Err(); err != nil {
		return fmt.Errorf("put off slots: %w", err)
	}
	return nil
}
