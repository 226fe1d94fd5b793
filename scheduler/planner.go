package scheduler

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"briefbot/briefings"
)

// PlannerConfig is what a planner needs. Facts, Outbox and Zone are required.
type PlannerConfig struct {
	Facts  Facts
	Outbox Outbox
	Zone   *time.Location   // the organisation's; cadences and quiet hours are wall time in it
	Every  time.Duration    // between two ticks; zero: a second
	Now    func() time.Time // nil: time.Now
	Log    *slog.Logger     // nil: silence
	// Epoch moves when the store may have forgotten what it confirmed, such as after a failover; nil: it never does.
	Epoch func() uint64
}

// Planner puts what is due into the outbox. It remembers what it has put only to spare the outbox repetition: a new planner that
// remembers nothing comes to the same result.
type Planner struct {
	facts  Facts
	outbox Outbox
	zone   *time.Location
	every  time.Duration
	now    func() time.Time
	log    *slog.Logger
	epoch  func() uint64
	nudged chan struct{}

	mu   sync.Mutex // one tick at a time; guards what is below
	seen map[briefings.MeetingID]*memory
	told uint64 // the epoch in which everything was put that was seen
}

// New returns a planner. It does no I/O.
func New(c PlannerConfig) *Planner {
	p := &Planner{
		facts: c.Facts, outbox: c.Outbox, zone: c.Zone, now: c.Now, log: c.Log,
		every:  cmp.Or(c.Every, time.Second),
		nudged: make(chan struct{}, 1),
		seen:   map[briefings.MeetingID]*memory{},
		epoch:  c.Epoch,
	}
	if p.epoch == nil {
		p.epoch = func() uint64 { return 0 }
	}
	if p.now == nil {
		p.now = time.Now
	}
	if p.log == nil {
		p.log = slog.New(slog.DiscardHandler)
	}
	return p
}

// Nudge asks for a tick at once, so that "send now" does not wait for the next second. It never blocks.
func (p *Planner) Nudge() {
	select {
	case p.nudged <- struct{}{}:
	default: // one is asked for already
	}
}

// Run ticks until ctx is done, and then returns nil. An error of a tick is logged when it is new; the next tick tries again.
func (p *Planner) Run(ctx context.Context) error {
	ticker := time.NewTicker(p.every)
	defer ticker.Stop()
	var last string
	for {
		began := time.Now()
		err := p.Tick(ctx)
		ended := time.Now()
		if ctx.Err() != nil {
			return nil
		}
		switch {
		case err == nil && last != "":
			p.log.InfoContext(ctx, "planner goes on")
			last = ""
		case err != nil && err.Error() != last: // a lasting trouble is one line, not one a second
			p.log.ErrorContext(ctx, "planner met trouble", "err", err)
			last = err.Error()
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		case <-p.nudged:
			// Where a pass takes long and everybody nudges, as when a thousand people answer at once, the passes leave most of the
			// processor to those who answer.
			if leisure := min(nudgeLeisure*ended.Sub(began), p.every) - time.Since(ended); leisure > 0 {
				rest := time.NewTimer(leisure)
				select {
				case <-ctx.Done():
				case <-rest.C:
				}
				rest.Stop()
			}
		}
	}
}

// nudgeLeisure is how many times as long as the last pass took a nudge waits for the next.
const nudgeLeisure = 4

// Tick does one pass over all briefings and meetings. Trouble with one of them does not stop the others; it comes back joined.
func (p *Planner) Tick(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if epoch := p.epoch(); epoch != p.told { // what was put may be gone: putting it once more does no harm
		p.told = epoch
		clear(p.seen)
	}
	t := &tick{Planner: p, at: p.now().In(p.zone)}
	return errors.Join(
		t.subject(ctx, "briefings", t.briefings),
		t.subject(ctx, "meetings", t.meetings),
	)
}

// tick is one pass: everything in it is judged by the same moment, the same roll and the same calendar.
type tick struct {
	*Planner
	at     time.Time
	roster *briefings.Roster
	calm   *briefings.Calm
}

// calmness reads when what may be sent, at the first need of a tick.
func (t *tick) calmness(ctx context.Context) (briefings.Calm, error) {
	if t.calm == nil {
		c, err := t.facts.Calm(ctx)
		if err != nil {
			return c, err
		}
		t.calm = &c
	}
	return *t.calm, nil
}

// roll reads the roster at the first need of a tick.
func (t *tick) roll(ctx context.Context) (*briefings.Roster, error) {
	if t.roster == nil {
		r, err := t.facts.Roster(ctx)
		if err != nil {
			return nil, err
		}
		t.roster = r
	}
	return t.roster, nil
}

// subject runs one part of a tick; a panic in it becomes an error that names the part.
func (t *tick) subject(ctx context.Context, name string, plan func(context.Context) error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			t.log.ErrorContext(ctx, "planner panicked", "subject", name, "err", r, "stack", string(debug.Stack()))
			err = fmt.Errorf("plan %s: panic: %v", name, r)
		}
	}()
	if err := plan(ctx); err != nil {
		return fmt.Errorf("plan %s: %w", name, err)
	}
	return nil
}

// put hands a mailing to the outbox. Members are named once each.
func (t *tick) put(ctx context.Context, m briefings.Mailing, audience []briefings.MemberNo) error {
	fresh, err := t.outbox.Put(ctx, m, once(audience))
	if err != nil {
		return fmt.Errorf("put %s: %w", m.Key(), err)
	}
	if fresh {
		t.log.InfoContext(ctx, "mailing put", "notice", m.Key(), "kind", m.Kind, "audience", len(audience))
	}
	return nil
}

// once streams numbers without repetitions.
func once(audience []briefings.MemberNo) func(yield func(briefings.MemberNo) bool) {
	return func(yield func(briefings.MemberNo) bool) {
		told := make(map[briefings.MemberNo]bool, len(audience))
		for _, no := range audience {
			if told[no] {
				continue
			}
			told[no] = true
			if !yield(no) {
				return
			}
		}
	}
}
