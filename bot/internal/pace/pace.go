package pace

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

// Lane is a sequence of slots of its own.
type Lane string

// The lanes every bot has. All stands for every configured lane, in Block.
const (
	Bulk    Lane = "bulk"    // mailings, and edits that belong to them
	Replies Lane = "replies" // answers to what people just did
	All     Lane = ""
)

// Fixed measures of the pace.
const (
	// margin is the part of the rate that is used.
	margin = 0.99
	// lowered is what one refusal leaves of the pace, leastFactor the least
	// that any number of them leave.
	lowered     = 0.9
	leastFactor = 0.2
	// batch is how much time one reservation of Wait covers at most.
	batch = 50 * time.Millisecond
	// horizon is how far ahead slots are given out, so how late a replica may
	// learn of another's block.
	horizon = 100 * time.Millisecond
	// blockLimit bounds the writing of a block.
	blockLimit = 3 * time.Second
	// backLimit bounds the giving back of slots, which is not worth a wait.
	backLimit = 200 * time.Millisecond
	// fastMargin is the margin of rates above fastRate, where many slots lie
	// within the jitter of one.
	fastMargin, fastRate = 0.9875, 100
)

// used is the slots a second that are given out at a rate.
func used(rate float64) float64 {
	if rate > fastRate {
		return rate * fastMargin
	}
	return rate * margin
}

// Config is what a Pace needs.
type Config struct {
	// Redis holds the lanes. Required.
	Redis redis.UniversalClient
	// Prefix is the first part of every key.
	Prefix string
	// Rates are the slots a second of each lane, over all replicas; each
	// above 0. Required.
	Rates map[Lane]float64
	// Paid, when its Rate is above zero, lets the bulk lane go faster for
	// money.
	Paid Paid
	// Hold is how long a lowered pace stays before it rises again, within as
	// long. Default 10 min.
	Hold time.Duration
	// Ramp is how long a lane takes from half its pace to all of it after a
	// block. Default 10 s.
	Ramp time.Duration
	// Now is a monotonic clock; nil: time.Now.
	Now func() time.Time
	// Sleep waits; nil: a timer.
	Sleep func(ctx context.Context, d time.Duration) error
}

// Demand is what a caller would send in the slots it asks for.
type Demand struct {
	// Class is how urgent the most urgent of it is; a lower number goes first.
	// While a caller anywhere wants slots for a class, those who want them for
	// a higher number get one in twenty.
	Class int
	// Ready is how many messages of that class wait, and Hands how many of
	// them the caller can take up at once.
	Ready, Hands int
}

// Pace hands out slots. It is safe for concurrent use.
type Pace struct {
	config Config
	lanes  map[Lane]*lane
}

// lane is what this process knows of a lane.
type lane struct {
	key  string
	rate float64
	// turn is held while slots are being reserved, so that one goroutine asks
	// Redis and the others wait in line.
	turn    chan struct{}
	waiting atomic.Int64 // goroutines that want a slot and have none
	paying  atomic.Bool  // the newest slots are paid for
	clock   *clock       // one for all lanes: they live on one server
	paid    Paid         // zero for lanes that are never paid for

	mu    sync.Mutex
	epoch int    // grows with every block seen here
	stock []Slot // reserved, not yet taken
}

// New checks the configuration and builds a Pace. It does no I/O.
func New(c Config) (*Pace, error) {
	if c.Redis == nil {
		return nil, errors.New("configure pace: no Redis")
	}
	if len(c.Rates) == 0 {
		return nil, errors.New("configure pace: no lanes")
	}
	if c.Hold <= 0 {
		c.Hold = 10 * time.Minute
	}
	if c.Ramp <= 0 {
		c.Ramp = 10 * time.Second
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Sleep == nil {
		c.Sleep = sleep
	}
	p := &Pace{config: c, lanes: map[Lane]*lane{}}
	shared := &clock{}
	for name, rate := range c.Rates {
		if name == All || rate <= 0 {
			return nil, fmt.Errorf("configure pace: lane %q with %g a second", name, rate)
		}
		l := &lane{
			key:   c.Prefix + ":{pace}:" + string(name),
			rate:  rate,
			turn:  make(chan struct{}, 1),
			clock: shared,
		}
		if name == Bulk && c.Paid.Rate > rate {
			l.paid = c.Paid
		}
		p.lanes[name] = l
	}
	return p, nil
}

// Wait returns at the next free slot of the lane. Each call takes a slot of
// its own, so a message that is tried again waits again.
func (p *Pace) Wait(ctx context.Context, name Lane) error {
	return p.WaitFor(ctx, name, func() Demand { return Demand{Ready: 1, Hands: 1} })
}

// WaitFor is Wait for one of several callers of different urgency. It asks for
// the demand whenever it asks for slots, so what becomes urgent while it waits
// counts at once.
func (p *Pace) WaitFor(ctx context.Context, name Lane, demand func() Demand) error {
	_, err := p.Take(ctx, name, demand)
	return err
}

// Reserve takes the lane's next n slots and returns their times by this
// process's clock, rising, the first at most a tenth of a second ahead. It
// waits while the lane is blocked or taken. Slots that are not used are lost.
func (p *Pace) Reserve(ctx context.Context, name Lane, n int) ([]time.Time, error) {
	l, err := p.lane(name)
	if err != nil {
		return nil, err
	}
	if n < 1 {
		return nil, fmt.Errorf("reserve %d slots: less than one", n)
	}
	slots, err := p.reserve(ctx, l, 0, func() (Demand, int) { return Demand{Ready: n, Hands: n}, n })
	times := make([]time.Time, len(slots))
	for i, slot := range slots {
		times[i] = slot.at
	}
	return times, err
}

// Block keeps the lane still for d, on all replicas, and lowers its pace for
// a while: the answer to a 429. All blocks every lane. It is done even when
// ctx has ended: the other replicas have to know.
func (p *Pace) Block(ctx context.Context, name Lane, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	var keys []string
	for n, l := range p.lanes {
		if name == All || name == n {
			l.forget()
			keys = append(keys, l.key)
		}
	}
	if len(keys) == 0 {
		return fmt.Errorf("block lane %q: unknown", name)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), blockLimit)
	defer cancel()
	err := block.Run(ctx, p.config.Redis, keys,
		d.Microseconds(), p.config.Hold.Microseconds(), lowered, leastFactor).Err()
	if err != nil {
		return fmt.Errorf("block lane %q: %w", name, err)
	}
	return nil
}

// State is what a lane does now.
type State struct {
	// Rate is the slots a second that are given out, or will be at the end of
	// the block.
	Rate float64
	// Blocked is how long the block goes on; 0: there is none.
	Blocked time.Duration
	// Spent is how many Stars this month's paid slots have cost.
	Spent float64
}

// State reads a lane.
func (p *Pace) State(ctx context.Context, name Lane) (State, error) {
	l, err := p.lane(name)
	if err != nil {
		return State{}, err
	}
	got, err := look.Run(ctx, p.config.Redis, []string{l.key},
		p.config.Hold.Microseconds(), p.config.Ramp.Microseconds(), month(p.config.Now())).Int64Slice()
	if err != nil {
		return State{}, fmt.Errorf("look at lane %q: %w", name, err)
	}
	rate := l.rate
	if got[3] == 0 && got[2] < l.paid.messages() {
		rate = l.paid.Rate
	}
	return State{
		Rate:    used(rate) * float64(got[1]) / 1e6,
		Blocked: time.Duration(got[0]) * time.Microsecond,
		Spent:   float64(got[2]) / perStar,
	}, nil
}

func (p *Pace) lane(name Lane) (*lane, error) {
	l, ok := p.lanes[name]
	if !ok {
		return nil, fmt.Errorf("take slot in lane %q: unknown", name)
	}
	return l, nil
}

// take returns a slot of the stock, reserving more when it is empty.
func (p *Pace) take(ctx context.Context, l *lane, demand func() Demand) (Slot, error) {
	l.waiting.Add(1)
	defer l.waiting.Add(-1)
	select {
	case l.turn <- struct{}{}:
		defer func() { <-l.turn }()
	case <-ctx.Done():
		return Slot{}, ctx.Err()
	}
	if slot, ok := l.pop(p.config.Now()); ok {
		return slot, nil
	}
	slots, err := p.reserve(ctx, l, batch, func() (Demand, int) {
		d := demand()
		// No more than there are takers: a slot without one is lost to all
		// replicas.
		takers := max(int(l.waiting.Load()), min(d.Ready, d.Hands))
		return d, max(1, min(takers, int(max(l.rate, l.paid.Rate)*batch.Seconds())))
	})
	if err != nil {
		return Slot{}, err
	}
	l.put(slots[1:])
	return slots[0], nil
}

// reserve asks Redis until it gives slots, of a bounded span when one is
// given.
func (p *Pace) reserve(ctx context.Context, l *lane, span time.Duration, want func() (Demand, int)) ([]Slot, error) {
	for {
		epoch := l.seen()
		asked := p.config.Now()
		d, n := want()
		got, err := reserve.Run(ctx, p.config.Redis, []string{l.key},
			n, micros(l.rate), horizon.Microseconds(), p.config.Hold.Microseconds(), p.config.Ramp.Microseconds(),
			d.Class, max(0, d.Ready-n), micros(l.paid.Rate), l.paid.messages(), month(asked), span.Microseconds()).Int64Slice()
		if err != nil {
			return nil, fmt.Errorf("reserve slots: %w", err)
		}
		local, doubt := l.clock.learn(asked, p.config.Now(), got[4])
		if got[0] == 1 {
			paid := got[3] == 1
			l.paying.Store(paid)
			rate := l.rate
			if paid {
				rate = l.paid.Rate
			}
			// What is not known of the clocks takes from the room. A server far
			// away would take all of it: then half is kept, and the limit is
			// held as far as the way there and back take equally long.
			late := max(room(rate)-doubt, room(rate)/2)
			slots := make([]Slot, got[6])
			for i := range slots {
				from := got[4] + got[1] + int64(i)*got[2]
				at := local(from)
				slots[i] = Slot{Paid: paid, at: at, until: at.Add(late), epoch: epoch, pushed: got[5], from: from, to: from + got[2], lane: l}
			}
			return slots, nil
		}
		if err := p.config.Sleep(ctx, time.Duration(got[1])*time.Microsecond); err != nil {
			return nil, err
		}
	}
}

// micros is the time between two slots at a rate, in µs; 0 for no rate.
func micros(rate float64) float64 {
	if rate <= 0 {
		return 0
	}
	return 1e6 / used(rate)
}

// pop takes the next slot of the stock that is not lost.
func (l *lane) pop(now time.Time) (Slot, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.stock) > 0 {
		slot := l.stock[0]
		l.stock = l.stock[1:]
		if !now.After(slot.until) {
			return slot, true
		}
	}
	return Slot{}, false
}

// put keeps slots for later, unless a block came while they were reserved.
func (l *lane) put(slots []Slot) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(slots) > 0 && slots[0].epoch == l.epoch {
		l.stock = slots
	}
}

// forget gives up what is reserved.
func (l *lane) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.epoch++
	l.stock = nil
}

func (l *lane) seen() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.epoch
}

// sleep waits for d, or until ctx ends.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
