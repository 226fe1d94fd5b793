package telegram

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"
)

// PollerConfig is what a Poller needs.
type PollerConfig struct {
	// Door is where updates come from. Required.
	Door *Door
	// Offsets remembers the place. Required.
	Offsets Offsets
	// Handle returns only when the whole batch is handled, or handed over to
	// something durable; an error brings the batch again. Required.
	Handle func(ctx context.Context, updates []Update) error
	// Allowed names the kinds of update wanted.
	Allowed []string
	// Timeout is how long a poll waits. Default 50 s, the server's own limit.
	Timeout time.Duration
	// Grace is how long a batch may go on after the end was asked for.
	// Default 10 s.
	Grace time.Duration
	// TakeOver deletes a webhook that stands in the way; one that is set again before anything was read is left alone.
	TakeOver bool
	// Hindered, when set, is told whenever something else keeps updates from being read, since when, and once, with an empty
	// hindrance, when they are read again.
	Hindered func(ctx context.Context, by Hindrance, since time.Time)
	// Log receives decisions; nil: nothing.
	Log *slog.Logger
	// Sleep waits; nil: a timer. Tests put their own here.
	Sleep func(ctx context.Context, d time.Duration) error
	// Now is the clock; nil: time.Now.
	Now func() time.Time
}

// Poller asks for updates and confirms them after they were handled. One may
// run per token: hold a lease around Run.
type Poller struct {
	config PollerConfig
	rivals rivals
	taken  bool // a webhook was deleted since anything was read
}

// NewPoller builds a Poller.
func NewPoller(c PollerConfig) *Poller {
	if c.Timeout <= 0 {
		c.Timeout = 50 * time.Second
	}
	if c.Grace <= 0 {
		c.Grace = 10 * time.Second
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Sleep == nil {
		c.Sleep = sleep
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Hindered == nil {
		c.Hindered = func(context.Context, Hindrance, time.Time) {}
	}
	return &Poller{config: c, rivals: rivals{poll: c.Timeout}}
}

// backoff bounds: the first wait after a failure, and the longest.
const (
	firstWait = time.Second
	longWait  = 30 * time.Second
	// conflictWait is what another poller gets to notice that it lost.
	conflictWait = 5 * time.Second
)

// Run polls until ctx ends, and then returns nil. It returns an error only
// when the server does not accept the token: then no trying helps.
func (p *Poller) Run(ctx context.Context) error {
	offset, ok := p.load(ctx)
	if !ok {
		return nil
	}
	failures := 0
	for ctx.Err() == nil {
		next, err := p.turn(ctx, offset)
		if err == nil {
			offset, failures = next, 0
			continue
		}
		if ctx.Err() != nil {
			return nil
		}
		if errors.Is(err, ErrOvertaken) {
			// Whoever took over goes on; the lease's end ends ctx as well.
			p.config.Log.Warn("updates are read by another one now")
			<-ctx.Done()
			return nil
		}
		var refused *Error
		if errors.As(err, &refused) && refused.Unauthorized() {
			return fmt.Errorf("poll updates: %w", err)
		}
		failures++
		wait := p.react(ctx, err, failures)
		if p.config.Sleep(ctx, wait) != nil {
			return nil
		}
	}
	return nil
}

// load reads the offset, trying until it succeeds or ctx ends: starting from
// nothing would bring handled updates again for no reason.
func (p *Poller) load(ctx context.Context) (offset int, ok bool) {
	for failures := 1; ; failures++ {
		offset, err := p.config.Offsets.Load(ctx)
		if err == nil {
			return offset, true
		}
		if ctx.Err() != nil {
			return 0, false
		}
		wait := backoff(failures)
		p.config.Log.Error("offset not loaded", "err", err, "after", wait)
		if p.config.Sleep(ctx, wait) != nil {
			return 0, false
		}
	}
}

// turn fetches one batch, has it handled, and returns the next offset.
func (p *Poller) turn(ctx context.Context, offset int) (int, error) {
	updates, err := p.config.Door.Updates(ctx, offset, p.config.Timeout, p.config.Allowed)
	if err != nil {
		return offset, err
	}
	p.taken = false
	if p.rivals.read(p.config.Now()) {
		p.config.Log.Info("updates are read by this poller alone again")
		p.config.Hindered(ctx, "", time.Time{})
	}
	if len(updates) == 0 {
		return offset, nil
	}
	// A batch that is under way is finished when the end is asked for, within
	// a bound.
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	end := context.AfterFunc(ctx, func() {
		timer := time.AfterFunc(p.config.Grace, cancel)
		context.AfterFunc(work, func() { timer.Stop() })
	})
	defer end()
	if err := p.config.Handle(work, updates); err != nil {
		return offset, err
	}
	// The batch alone decides: after a quiet week the server starts again
	// from any number, also a lower one.
	next := updates[len(updates)-1].UpdateID + 1
	if err := p.config.Offsets.Save(work, next); errors.Is(err, ErrOvertaken) {
		return offset, err
	} else if err != nil {
		// The next poll confirms to the server, which remembers by itself.
		p.config.Log.Warn("offset not saved", "update", next-1, "err", err)
	}
	return next, nil
}

// react decides how long to wait after a failure and logs it.
func (p *Poller) react(ctx context.Context, err error, failures int) time.Duration {
	wait := backoff(failures)
	var e *Error
	if errors.As(err, &e) {
		switch {
		case e.RetryAfter() > 0:
			wait = e.RetryAfter()
		case e.Conflict():
			if p.conflict(ctx, e) {
				return 0
			}
			wait = max(wait, conflictWait)
		}
	}
	p.config.Log.Warn("updates not taken", "attempt", failures, "after", wait, "err", err)
	return wait
}

// backoff doubles from firstWait to longWait and takes off up to a quarter, so
// that replicas do not come back together.
func backoff(failures int) time.Duration {
	wait := firstWait << min(failures-1, 10)
	wait = min(wait, longWait)
	return wait - rand.N(wait/4+1)
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
