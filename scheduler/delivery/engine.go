package delivery

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"briefbot/briefings"
)

// EngineConfig is what an engine is made of. Outbox, Directory, Sender, Pace and Replica are required.
type EngineConfig struct {
	Outbox      *Outbox
	Directory   Directory
	Sender      Sender
	Pace        Pace
	Unreachable Unreachable // may be nil
	Masters     Masters     // may be nil: then a failover of Redis is not noticed
	// Replica is a name that stays the same over restarts and belongs to one process at a time: what a process with this name
	// held before is taken over at once.
	Replica string
	Log     *slog.Logger
	Now     func() time.Time // for what expires; leases follow the clocks of Redis and of the machine

	Workers  int           // most requests in flight: also the most people told twice after a crash; 64 by default
	Attempts int           // after so many a recipient is given up; 8 by default
	Canary   int           // how many go first until somebody was told; 5 by default
	Lease    time.Duration // how long a claim holds without a beat; 3 s by default
	Poll     time.Duration // how often what other replicas put is looked for; 100 ms by default
	Backoff  time.Duration // before the second attempt, then doubling; 1 s by default
	// Quarantine is how long nothing is claimed after a failover, so that every engine can put its claims back; 500 ms by default.
	Quarantine time.Duration
	Grace      time.Duration // how long requests in flight may take when the engine stops; 20 s by default
}

// redisPatience bounds one exchange with Redis that must not be cut short by a stop.
const redisPatience = 5 * time.Second

// Engine empties the outbox. Any number of engines may work on one outbox, each under its own replica name.
type Engine struct {
	EngineConfig
	owner    string // incarnation|replica
	queue    *queue
	slots    chan struct{}
	records  *group[result]
	intents  *group[*intention]
	sends    sync.WaitGroup
	troubles atomic.Int64    // failures in a row, see weather
	closed   atomic.Int64    // until when the channel serves nobody, ns since the epoch; see halt
	memory   memory          // facts that a failover may undo
	known    atomic.Uint64   // the epoch of Masters that has been told everything
	cut      context.Context // ends when the grace of a stop is over
}

// New returns an engine that does nothing until Run.
func New(cfg EngineConfig) *Engine {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	cfg.Workers = positive(cfg.Workers, 64)
	cfg.Attempts = min(positive(cfg.Attempts, 8), detailMax)
	cfg.Canary = positive(cfg.Canary, 5)
	cfg.Lease = positive(cfg.Lease, 3*time.Second)
	cfg.Poll = positive(cfg.Poll, 100*time.Millisecond)
	cfg.Backoff = positive(cfg.Backoff, time.Second)
	cfg.Quarantine = positive(cfg.Quarantine, 500*time.Millisecond)
	cfg.Grace = positive(cfg.Grace, 20*time.Second)
	return &Engine{EngineConfig: cfg, owner: rand.Text() + "|" + cfg.Replica}
}

func positive[T int | time.Duration](value, otherwise T) T {
	if value > 0 {
		return value
	}
	return otherwise
}

var errIncomplete = errors.New("an engine needs an outbox, a directory, a sender, a pace and a replica name")

// Run sends until the context ends, then lets the requests in flight finish, records them and hands back what it claimed. It
// returns nil after an orderly stop; an outage of Redis is waited out.
func (e *Engine) Run(ctx context.Context) error {
	if e.Outbox == nil || e.Directory == nil || e.Sender == nil || e.Pace == nil || e.Replica == "" {
		return errIncomplete
	}
	e.queue = newQueue(e.Canary)
	e.slots = make(chan struct{}, e.Workers)
	e.records = newGroup(e.write)
	e.intents = newGroup(e.announce)

	inner, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	cut, cutNow := context.WithCancel(inner)
	defer cutNow()
	e.cut = cut
	context.AfterFunc(ctx, func() {
		select {
		case <-time.After(e.Grace):
			cutNow()
		case <-inner.Done():
		}
	})

	if e.Masters != nil {
		e.known.Store(e.Masters.Epoch())
	}
	var keepers, actors sync.WaitGroup
	keepers.Go(func() { e.records.run(inner) })
	keepers.Go(func() { e.intents.run(inner) })
	keepers.Go(func() { e.beat(inner) })
	keepers.Go(func() { e.guard(inner) })
	keepers.Go(func() { e.listen(inner) })
	actors.Go(func() { e.survey(ctx) })
	actors.Go(func() { e.dispatch(ctx) })
	actors.Wait()
	e.sends.Wait()
	<-e.records.add() // what was settled without being sent
	e.handBackAll(inner)
	stop()
	// The others take what was handed back at once, and our own listening ends.
	bound, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	e.Outbox.changed(bound)
	keepers.Wait()
	return nil
}

// dispatch waits for a free worker, for something to send and for a slot, in this order, and only then chooses.
func (e *Engine) dispatch(ctx context.Context) {
	for {
		select {
		case e.slots <- struct{}{}:
		case <-ctx.Done():
			return
		}
		if wait := e.shelter(); wait > 0 && !pause(ctx, wait) {
			return
		}
		for !e.queue.stocked(time.Now()) {
			select {
			case <-e.queue.stock:
			case <-ctx.Done():
				return
			}
		}
		if err := e.Pace.Wait(ctx, e.wants); err != nil {
			if ctx.Err() != nil {
				return
			}
			e.Log.Warn("pace does not answer", "replica", e.Replica, "err", err)
			if !pause(ctx, e.Backoff) {
				return
			}
			<-e.slots
			continue
		}
		t, ok := e.queue.take(time.Now())
		if !ok || ctx.Err() != nil {
			if ok {
				e.queue.putBack(t)
			}
			<-e.slots
			continue
		}
		e.sends.Go(func() {
			defer func() { <-e.slots }()
			e.deliver(t)
		})
	}
}

// wants tells the pace what a slot would be used for.
func (e *Engine) wants() (class briefings.Class, ready, hands int) {
	class, ready = e.queue.foremost(time.Now())
	return class, ready, cap(e.slots) - len(e.slots) + 1 // dispatch holds the one it waits for
}

// pause waits and reports whether the context is still alive.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// beat keeps the leases of everything claimed, three times a lease.
func (e *Engine) beat(ctx context.Context) {
	tick := time.NewTicker(e.Lease / 3)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		for w, list := range e.queue.held() {
			if !e.estranged() { // leases that a new server has forgotten only look lost
				e.beatOne(ctx, w, list)
			}
		}
		signal(e.queue.stock)
	}
}

func (e *Engine) beatOne(ctx context.Context, w *work, list []held) {
	asked := time.Now()
	bound, cancel := context.WithTimeout(ctx, e.Lease)
	defer cancel()
	state, lost, err := e.Outbox.beat(bound, w.key, e.Lease, list)
	if err != nil {
		e.Log.Warn("leases were not renewed", "notice", w.key, "replica", e.Replica, "err", err)
		return
	}
	if len(lost) > 0 && e.forgotten(bound) {
		return // put back in place by guard
	}
	if gone := e.queue.renew(w, list, lost, e.until(asked)); gone > 0 {
		e.Log.Warn("leases were lost", "notice", w.key, "replica", e.Replica, "leases", gone)
	}
	e.apply(ctx, w, state)
}

// forgotten asks whether leases are lost because the server is a new one.
func (e *Engine) forgotten(ctx context.Context) bool {
	if e.Masters == nil {
		return false
	}
	return e.Masters.Look(ctx) != nil || e.estranged()
}

// until returns the moment after which nothing may be sent under a lease that was asked for then: a fifth earlier than Redis
// lets it run out, by this machine's monotonic clock.
func (e *Engine) until(asked time.Time) time.Time { return asked.Add(e.Lease - e.Lease/5) }

// handBackAll gives up every claim that is left at the end.
func (e *Engine) handBackAll(ctx context.Context) {
	e.handBack(ctx, e.queue.leaveAll())
}

func (e *Engine) handBack(ctx context.Context, batches []*batch) {
	for _, b := range batches {
		bound, cancel := context.WithTimeout(context.WithoutCancel(ctx), redisPatience)
		if err := e.Outbox.handBack(bound, b.work.key, b.held); err != nil {
			// The lease runs out by itself.
			e.Log.Warn("a claim was not handed back", "notice", b.work.key, "replica", e.Replica, "err", err)
		}
		cancel()
	}
}

// expired reports whether a mailing is of no use any more.
func (e *Engine) expired(m briefings.Mailing) bool {
	return !m.Expires.IsZero() && !e.Now().Before(m.Expires)
}
