package lease

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	mathrand "math/rand/v2"
	"time"

	"github.com/redis/go-redis/v9"
)

// DefaultTime is how long a lease holds without being renewed.
const DefaultTime = 5 * time.Second

// ErrLost is the cause with which the context of the work ends when the lease is lost.
var ErrLost = errors.New("lease lost")

// Config is what a Keeper is made of. Redis and Replica are required.
type Config struct {
	Redis  redis.UniversalClient
	Prefix string
	// Replica is a name that stays the same over restarts and belongs to one process at a time: a lease that a process of this
	// name held before is taken over at once.
	Replica string
	Log     *slog.Logger
	Time    time.Duration // DefaultTime when zero
}

// Keeper takes part in the leases of one prefix.
type Keeper struct {
	Config
	incarnation string
}

// New returns a keeper. It does no I/O.
func New(cfg Config) *Keeper {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Time <= 0 {
		cfg.Time = DefaultTime
	}
	return &Keeper{Config: cfg, incarnation: rand.Text()}
}

// Work is what is done under a lease. It must return soon after its context ends; context.Cause then says ErrLost when the lease
// is lost, and the work is started anew with a higher fence when it is won again.
type Work func(ctx context.Context, fence int64) error

// Hold does the work whenever this replica has the lease, until the context ends or the work returns by itself. It returns the
// work's error, or nil when the context has ended. While Redis does not answer it waits.
func (k *Keeper) Hold(ctx context.Context, name string, work Work) error {
	for ctx.Err() == nil {
		asked := time.Now()
		fence, wait, err := k.acquire(ctx, name)
		switch {
		case err != nil:
			if ctx.Err() == nil {
				k.Log.Warn("a lease cannot be asked for", "lease", name, "replica", k.Replica, "err", err)
			}
			k.pause(ctx, k.Time/3)
		case fence == 0: // asked again soon: one that is given up in order must not lie idle
			k.pause(ctx, min(wait, k.Time/10))
		default:
			k.Log.Info("lease taken", "lease", name, "replica", k.Replica, "fence", fence)
			lost, err := k.holding(ctx, name, fence, asked, work)
			if !lost {
				return err
			}
			k.Log.Warn("lease lost", "lease", name, "replica", k.Replica, "fence", fence)
		}
	}
	return nil
}

// holding runs the work until it returns, the context ends or the lease is lost.
func (k *Keeper) holding(ctx context.Context, name string, fence int64, asked time.Time, work Work) (lost bool, err error) {
	inner, cancel := context.WithCancelCause(ctx)
	done := make(chan error, 1)
	go func() { done <- work(inner, fence) }()

	renew := time.NewTicker(k.Time / 3)
	defer renew.Stop()
	late := time.NewTimer(time.Until(k.until(asked)))
	defer late.Stop()
	for {
		select {
		case err = <-done:
			cancel(nil)
			k.release(ctx, name, fence)
			if ctx.Err() != nil && errors.Is(err, context.Cause(ctx)) {
				err = nil
			}
			return false, err
		case <-late.C:
			cancel(ErrLost)
			<-done //nolint:errcheck // what the work says without its lease does not count
			return true, nil
		case <-renew.C:
			asked := time.Now()
			ours, err := k.renew(ctx, name, fence)
			switch {
			case err != nil:
				if ctx.Err() == nil {
					k.Log.Warn("a lease was not renewed", "lease", name, "replica", k.Replica, "err", err)
				}
			case !ours:
				cancel(ErrLost)
				<-done //nolint:errcheck // what the work says without its lease does not count
				return true, nil
			default:
				late.Reset(time.Until(k.until(asked)))
			}
		}
	}
}

// until returns the moment at which a lease that was asked for then is given up, a fifth before Redis does.
func (k *Keeper) until(asked time.Time) time.Time { return asked.Add(k.Time - k.Time/5) }

// pause waits about d, spread by a quarter, so that those who wait do not all ask in the same moment.
func (k *Keeper) pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(time.Duration(float64(max(d, time.Millisecond)) * (1 + mathrand.Float64()/4)))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

func (k *Keeper) keys(name string) []string { return []string{k.Prefix + ":{lease:" + name + "}"} }

func (k *Keeper) acquire(ctx context.Context, name string) (fence int64, wait time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, k.Time/3)
	defer cancel()
	reply, err := acquireScript.Run(ctx, k.Redis, k.keys(name), k.Replica, k.incarnation, k.Time.Milliseconds()).Int64Slice()
	if err != nil {
		return 0, 0, fmt.Errorf("acquire lease %s: %w", name, err)
	}
	return reply[0], time.Duration(reply[1]) * time.Millisecond, nil
}

func (k *Keeper) renew(ctx context.Context, name string, fence int64) (ours bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, k.Time/3)
	defer cancel()
	ours, err = renewScript.Run(ctx, k.Redis, k.keys(name), fence, k.Time.Milliseconds()).Bool()
	if err != nil {
		return false, fmt.Errorf("renew lease %s: %w", name, err)
	}
	return ours, nil
}

// release gives the lease to the next at once. Should it fail, the lease runs out by itself.
func (k *Keeper) release(ctx context.Context, name string, fence int64) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), k.Time/3)
	defer cancel()
	if err := releaseScript.Run(ctx, k.Redis, k.keys(name), fence).Err(); err != nil {
		k.Log.Warn("a lease was not released", "lease", name, "replica", k.Replica, "err", err)
	}
}

// Fence returns the highest fence that was given out for the lease; zero when nobody ever held it.
func (k *Keeper) Fence(ctx context.Context, name string) (int64, error) {
	fence, err := k.Redis.HGet(ctx, k.keys(name)[0], "fence").Int64()
	if errors.Is(err, redis.Nil) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("get fence of lease %s: %w", name, err)
	}
	return fence, nil
}
