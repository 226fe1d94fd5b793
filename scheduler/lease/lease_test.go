package lease_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings/redistest"
	"briefbot/scheduler/lease"
)

const patience = 30 * time.Second

func keeper(c redis.UniversalClient, replica string, life time.Duration) *lease.Keeper {
	return lease.New(lease.Config{Redis: c, Prefix: "test", Replica: replica, Time: life})
}

// holder is one replica that wants the lease.
type holder struct {
	began chan int64         // fence, each time the work starts
	ended chan error         // why, each time its context ends
	gone  chan error         // Hold's result
	stop  context.CancelFunc // ends it in order
}

func hold(t *testing.T, k *lease.Keeper) *holder {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	h := &holder{began: make(chan int64, 16), ended: make(chan error, 16), gone: make(chan error, 1), stop: cancel}
	go func() {
		h.gone <- k.Hold(ctx, "poller", func(ctx context.Context, fence int64) error {
			h.began <- fence
			<-ctx.Done()
			h.ended <- context.Cause(ctx)
			return ctx.Err()
		})
	}()
	t.Cleanup(cancel)
	return h
}

func receive[T any](t *testing.T, what string, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(patience):
		t.Fatalf("waited in vain: %s", what)
		panic("unreachable")
	}
}

func TestOneReplicaAtATimeHoldsTheLease(t *testing.T) {
	redistest.Each(t, func(t *testing.T, c *redis.Client) {
		var mu sync.Mutex
		var holding, most, turns atomic.Int64
		var fences []int64
		var wait sync.WaitGroup
		for _, name := range []string{"a", "b", "c"} {
			wait.Go(func() {
				for range 5 {
					err := keeper(c, name, 300*time.Millisecond).Hold(t.Context(), "planner", func(_ context.Context, fence int64) error {
						most.Store(max(most.Load(), holding.Add(1)))
						defer holding.Add(-1)
						mu.Lock()
						fences = append(fences, fence)
						mu.Unlock()
						turns.Add(1)
						return c.Ping(t.Context()).Err() // long enough for another one to come in, if it could
					})
					if err != nil {
						t.Errorf("Hold = %v", err)
					}
				}
			})
		}
		wait.Wait()
		if most.Load() != 1 || turns.Load() != 15 {
			t.Fatalf("%d turns, at most %d holders at once", turns.Load(), most.Load())
		}
		for i := 1; i < len(fences); i++ {
			if fences[i] <= fences[i-1] {
				t.Fatalf("fences do not grow: %v", fences)
			}
		}
	})
}

func TestReleasedLeaseGoesToTheNextWithAHigherFence(t *testing.T) {
	redistest.Each(t, func(t *testing.T, c *redis.Client) {
		first := hold(t, keeper(c, "a", time.Second))
		one := receive(t, "first holder", first.began)
		second := hold(t, keeper(c, "b", time.Second))
		first.stop()
		if err := receive(t, "first holder's end", first.gone); err != nil {
			t.Fatalf("Hold = %v", err)
		}
		if two := receive(t, "second holder", second.began); two <= one {
			t.Fatalf("fence %d after %d", two, one)
		}
		fence, err := keeper(c, "x", time.Second).Fence(t.Context(), "poller")
		if err != nil || fence <= one {
			t.Fatalf("Fence = %d, %v", fence, err)
		}
	})
}

func TestRestartedReplicaTakesItsOwnLeaseAtOnce(t *testing.T) {
	redistest.Each(t, func(t *testing.T, c *redis.Client) {
		// An hour: nobody would see it run out.
		former := hold(t, keeper(c, "a", time.Hour))
		one := receive(t, "former self", former.began)
		if two := receive(t, "new self", hold(t, keeper(c, "a", time.Hour)).began); two <= one {
			t.Fatalf("fence %d after %d", two, one)
		}
	})
}

func TestHolderStopsWhenAnotherTookTheLease(t *testing.T) {
	redistest.Each(t, func(t *testing.T, c *redis.Client) {
		first := hold(t, keeper(c, "a", 300*time.Millisecond))
		receive(t, "first holder", first.began)
		if err := c.HSet(t.Context(), "test:{lease:poller}", "fence", 1000, "holder", "b").Err(); err != nil {
			t.Fatal(err)
		}
		if cause := receive(t, "end of the work", first.ended); !errors.Is(cause, lease.ErrLost) {
			t.Fatalf("cause = %v", cause)
		}
		if again := receive(t, "the lease after the other ran out", first.began); again <= 1000 {
			t.Fatalf("fence %d after 1000", again)
		}
	})
}

func TestHolderCutOffFromRedisStopsBeforeAnotherStarts(t *testing.T) {
	server := redistest.Embedded(t)
	c := redistest.Client(t, "redis://"+server.Addr()+"/0")
	h := hold(t, keeper(c, "a", 300*time.Millisecond))
	receive(t, "holder", h.began)
	server.SetError("LOADING Redis is loading the dataset in memory")
	if cause := receive(t, "end of the work", h.ended); !errors.Is(cause, lease.ErrLost) {
		t.Fatalf("cause = %v", cause)
	}
	server.SetError("")
	receive(t, "the lease once Redis is back", h.began)
}

func TestErrorOfTheWorkEndsHold(t *testing.T) {
	redistest.Each(t, func(t *testing.T, c *redis.Client) {
		errBroken := errors.New("broken")
		err := keeper(c, "a", time.Second).Hold(t.Context(), "poller", func(context.Context, int64) error { return errBroken })
		if !errors.Is(err, errBroken) {
			t.Fatalf("Hold = %v", err)
		}
	})
}
