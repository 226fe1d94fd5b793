package pace_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"briefbot/bot/internal/pace"
	"briefbot/briefings/redistest"
)

// world is a Redis and replicas that share one clock, which moves only when
// somebody sleeps.
type world struct {
	server *miniredis.Miniredis
	client *redis.Client
	now    time.Time
	// during, when set, is called once in the next sleep.
	during func()
	// oversleep is added to the next sleep.
	oversleep time.Duration
}

func newWorld(t *testing.T) *world {
	t.Helper()
	server := redistest.Embedded(t)
	w := &world{server: server, client: redistest.Client(t, "redis://"+server.Addr())}
	w.now = time.Date(2026, 11, 23, 7, 30, 0, 0, time.UTC)
	server.SetTime(w.now)
	return w
}

func (w *world) advance(d time.Duration) {
	w.now = w.now.Add(d)
	w.server.SetTime(w.now)
}

func (w *world) replica(t *testing.T, bulk float64) *pace.Pace {
	t.Helper()
	p, err := pace.New(pace.Config{
		Redis:  w.client,
		Prefix: "t",
		Rates:  map[pace.Lane]float64{pace.Bulk: bulk, pace.Replies: 20},
		Now:    func() time.Time { return w.now },
		Sleep: func(ctx context.Context, d time.Duration) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			w.advance(d + w.oversleep)
			w.oversleep = 0
			if during := w.during; during != nil {
				w.during = nil
				during()
			}
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// wait takes a slot and returns when it came.
func (w *world) wait(t *testing.T, p *pace.Pace, lane pace.Lane) time.Time {
	t.Helper()
	if err := p.Wait(t.Context(), lane); err != nil {
		t.Fatal(err)
	}
	return w.now
}

// gap is the time between two slots at a rate.
func gap(rate float64) time.Duration {
	return time.Duration(float64(time.Second) / (rate * 0.99))
}

func TestNoWindowOfASecondHoldsMoreThanTheRate(t *testing.T) {
	for _, rate := range []float64{1, 28, 30, 300} {
		w := newWorld(t)
		replicas := []*pace.Pace{w.replica(t, rate), w.replica(t, rate), w.replica(t, rate)}
		var at []time.Time
		for i := range int(rate) * 3 {
			at = append(at, w.wait(t, replicas[i%len(replicas)], pace.Bulk))
		}
		slices.SortFunc(at, time.Time.Compare)
		for i := range at {
			if j := i + int(rate); j < len(at) && at[j].Sub(at[i]) <= time.Second {
				t.Fatalf("rate %g: slots %d to %d lie within %s", rate, i, j, at[j].Sub(at[i]))
			}
		}
		want := time.Duration(len(at)-1) * gap(rate)
		// Replicas that take turns lose what another reserved later; alone,
		// none is lost at all.
		if took := at[len(at)-1].Sub(at[0]); rate <= 30 && took > want+want/50 {
			t.Errorf("rate %g: took %s, want about %s", rate, took, want)
		}
	}
}

func TestReservedSlotsFollowEachOther(t *testing.T) {
	redistest.Each(t, func(t *testing.T, c *redis.Client) {
		p, err := pace.New(pace.Config{Redis: c, Prefix: "t", Rates: map[pace.Lane]float64{pace.Bulk: 1000}})
		if err != nil {
			t.Fatal(err)
		}
		var all []time.Time
		for range 5 {
			slots, err := p.Reserve(t.Context(), pace.Bulk, 20)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, slots...)
		}
		for i := 1; i < len(all); i++ {
			within := i%20 != 0
			if d := all[i].Sub(all[i-1]); within && d < gap(1000) {
				t.Errorf("slot %d comes %s after the one before", i, d)
			}
		}
		// Between reservations the mapping of clocks may be off by a little.
		if took := all[99].Sub(all[0]); took < 99*gap(1000)-20*time.Millisecond {
			t.Errorf("100 slots within %s", took)
		}
	})
}

func TestReplicasShareOnePace(t *testing.T) {
	redistest.Each(t, func(t *testing.T, c *redis.Client) {
		const rate, slots = 200, 80
		start := time.Now()
		var group sync.WaitGroup
		for range 2 {
			p, err := pace.New(pace.Config{Redis: c, Prefix: "t", Rates: map[pace.Lane]float64{pace.Bulk: rate}})
			if err != nil {
				t.Fatal(err)
			}
			for range 4 {
				group.Go(func() {
					for range slots / 8 {
						if err := p.Wait(t.Context(), pace.Bulk); err != nil {
							t.Error(err)
						}
					}
				})
			}
		}
		group.Wait()
		if took := time.Since(start); took < (slots-1)*gap(rate)-20*time.Millisecond {
			t.Errorf("%d slots within %s", slots, took)
		}
	})
}

func TestIdleTimeIsNotSavedUp(t *testing.T) {
	w := newWorld(t)
	p := w.replica(t, 28)
	w.wait(t, p, pace.Bulk)
	w.advance(time.Hour)
	first := w.wait(t, p, pace.Bulk)
	for range 9 {
		w.wait(t, p, pace.Bulk)
	}
	if took := w.now.Sub(first); took < 9*gap(28) {
		t.Fatalf("10 slots within %s after an hour's rest", took)
	}
}

func TestABlockHoldsTheLaneOnAllReplicas(t *testing.T) {
	w := newWorld(t)
	here, there := w.replica(t, 28), w.replica(t, 28)
	start := w.now
	if err := here.Block(t.Context(), pace.Bulk, 3*time.Second); err != nil {
		t.Fatal(err)
	}
	if state, err := there.State(t.Context(), pace.Bulk); err != nil || state.Blocked != 3*time.Second {
		t.Fatalf("State = %+v, %v; want blocked for 3s", state, err)
	}
	if at := w.wait(t, there, pace.Replies); at.Sub(start) > time.Millisecond {
		t.Errorf("the other lane waited %s", at.Sub(start))
	}
	if at := w.wait(t, there, pace.Bulk); at.Sub(start) < 3*time.Second {
		t.Errorf("a slot after %s of 3s", at.Sub(start))
	}
	start = w.now
	if err := here.Block(t.Context(), pace.All, 2*time.Second); err != nil {
		t.Fatal(err)
	}
	for _, lane := range []pace.Lane{pace.Bulk, pace.Replies} {
		if at := w.wait(t, there, lane); at.Sub(start) < 2*time.Second {
			t.Errorf("%s: a slot after %s of 2s", lane, at.Sub(start))
		}
	}
}

func TestABlockIsWrittenEvenByACallThatHasEnded(t *testing.T) {
	w := newWorld(t)
	p := w.replica(t, 28)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := p.Block(ctx, pace.Bulk, 3*time.Second); err != nil {
		t.Fatal(err)
	}
	if state, err := p.State(t.Context(), pace.Bulk); err != nil || state.Blocked != 3*time.Second {
		t.Fatalf("State = %+v, %v; want blocked for 3s", state, err)
	}
}

func TestAShorterBlockDoesNotEndALongerOne(t *testing.T) {
	w := newWorld(t)
	p := w.replica(t, 28)
	start := w.now
	for _, d := range []time.Duration{10 * time.Second, time.Second} {
		if err := p.Block(t.Context(), pace.Bulk, d); err != nil {
			t.Fatal(err)
		}
	}
	if at := w.wait(t, p, pace.Bulk); at.Sub(start) < 10*time.Second {
		t.Errorf("a slot after %s of 10s", at.Sub(start))
	}
}

func TestWhoWasWaitingTakesANewSlotAfterABlock(t *testing.T) {
	w := newWorld(t)
	p := w.replica(t, 28)
	w.wait(t, p, pace.Bulk)
	start := w.now
	w.during = func() {
		if err := p.Block(t.Context(), pace.Bulk, 5*time.Second); err != nil {
			t.Error(err)
		}
	}
	if at := w.wait(t, p, pace.Bulk); at.Sub(start) < 5*time.Second {
		t.Fatalf("the slot reserved before the block was used after %s", at.Sub(start))
	}
}

func TestASlotSleptThroughIsLost(t *testing.T) {
	w := newWorld(t)
	p := w.replica(t, 28)
	w.wait(t, p, pace.Bulk)
	w.oversleep = time.Second
	first := w.wait(t, p, pace.Bulk)
	second := w.wait(t, p, pace.Bulk)
	if d := second.Sub(first); d < gap(28) {
		t.Fatalf("two slots within %s after a late awakening", d)
	}
}

func TestThePaceFallsOncePerBlockAndComesBack(t *testing.T) {
	w := newWorld(t)
	p := w.replica(t, 28)
	full := 28 * 0.99
	rate := func() float64 {
		t.Helper()
		state, err := p.State(t.Context(), pace.Bulk)
		if err != nil {
			t.Fatal(err)
		}
		return state.Rate
	}
	near := func(when string, want float64) {
		t.Helper()
		if got := rate(); math.Abs(got-want) > 0.01*full {
			t.Errorf("%s: %.2f a second, want %.2f", when, got, want)
		}
	}
	near("at first", full)
	// Several requests under way are refused at the same moment.
	for range 5 {
		if err := p.Block(t.Context(), pace.Bulk, time.Second); err != nil {
			t.Fatal(err)
		}
	}
	w.advance(time.Second)
	near("at the end of the block", full*0.9*0.5)
	w.advance(5 * time.Second)
	near("half way up the ramp", full*0.9*0.75)
	w.advance(5 * time.Second)
	near("after the ramp", full*0.9)
	if err := p.Block(t.Context(), pace.Bulk, time.Second); err != nil {
		t.Fatal(err)
	}
	w.advance(time.Minute)
	near("after a second block", full*0.81)
	w.advance(14 * time.Minute)
	near("half way back", full*(0.81+0.19*0.5))
	w.advance(10 * time.Minute)
	near("in the end", full)
	for range 100 {
		if err := p.Block(t.Context(), pace.Bulk, time.Second); err != nil {
			t.Fatal(err)
		}
		w.advance(time.Second)
	}
	w.advance(time.Minute)
	near("after a hundred refusals", full*0.2)
}

func TestAWaitEndsWithItsContext(t *testing.T) {
	redistest.Each(t, func(t *testing.T, c *redis.Client) {
		p, err := pace.New(pace.Config{Redis: c, Prefix: "t", Rates: map[pace.Lane]float64{pace.Bulk: 28}})
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Block(t.Context(), pace.Bulk, time.Hour); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		if err := p.Wait(ctx, pace.Bulk); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("Wait = %v, want DeadlineExceeded", err)
		}
	})
}

func TestKeysWearOneTagAndExpire(t *testing.T) {
	redistest.Each(t, func(t *testing.T, c *redis.Client) {
		p, err := pace.New(pace.Config{
			Redis: c, Prefix: "org",
			Rates: map[pace.Lane]float64{pace.Bulk: 28, pace.Replies: 20},
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Block(t.Context(), pace.All, time.Millisecond); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Reserve(t.Context(), pace.Replies, 1); err != nil {
			t.Fatal(err)
		}
		keys := c.Keys(t.Context(), "*").Val()
		if len(keys) != 2 {
			t.Errorf("keys = %v, want two", keys)
		}
		for _, key := range keys {
			if !strings.HasPrefix(key, "org:{pace}:") {
				t.Errorf("key %s", key)
			}
			if left := c.PTTL(t.Context(), key).Val(); left < 20*time.Minute || left > time.Hour {
				t.Errorf("key %s lives %s", key, left)
			}
		}
	})
}

func TestAPaceThatCannotWorkIsRefused(t *testing.T) {
	client := redistest.Client(t, redistest.URL(t))
	for name, c := range map[string]pace.Config{
		"no Redis":    {Rates: map[pace.Lane]float64{pace.Bulk: 1}},
		"no lanes":    {Redis: client},
		"no rate":     {Redis: client, Rates: map[pace.Lane]float64{pace.Bulk: 0}},
		"a lane All":  {Redis: client, Rates: map[pace.Lane]float64{pace.All: 1}},
		"a back rate": {Redis: client, Rates: map[pace.Lane]float64{pace.Bulk: -1}},
	} {
		if _, err := pace.New(c); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	p, err := pace.New(pace.Config{Redis: client, Rates: map[pace.Lane]float64{pace.Bulk: 1}})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Wait(t.Context(), "other"); err == nil {
		t.Error("an unknown lane has slots")
	}
	if err := p.Block(t.Context(), "other", time.Second); err == nil {
		t.Error("an unknown lane is blocked")
	}
	if _, err := p.Reserve(t.Context(), pace.Bulk, 0); err == nil {
		t.Error("no slots are reserved")
	}
}
