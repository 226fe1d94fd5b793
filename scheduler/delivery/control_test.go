package delivery_test

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings"
	"briefbot/scheduler/delivery"
)

func z(score float64, member string) redis.Z { return redis.Z{Score: score, Member: member} }

// gate is a pace that lets as many slots pass as it was told.
type gate chan struct{}

func (b *bench) open(g gate, n int) {
	b.Helper()
	for range n {
		select {
		case g <- struct{}{}:
		case <-time.After(patience):
			b.Fatal("nobody wants the slot")
		}
	}
}

// gated runs an engine with one worker whose slots are given one by one.
func (b *bench) gated(replica string, g gate) (stop func()) {
	return b.engine(replica, func(c *delivery.EngineConfig) { c.Pace = gatePace{g}; c.Workers = 1 })
}

func TestPauseStopsAndResumeGoesOn(t *testing.T) {
	each(t, func(b *bench) {
		g := make(gate)
		b.gated("a", g)
		key := b.put(invitation("m1"), 300)
		b.open(g, 10)
		if err := b.outbox.Pause(b.Context(), key); err != nil {
			b.Fatal(err)
		}
		// The claims come back when the engine has seen the pause.
		await(b, "the claims to be handed back", func() bool { return b.leases(key) == 0 })
		before := b.town.sentOf(key)
		if before > 11 {
			b.Fatalf("%d were told with 10 slots", before)
		}
		// Slots pass, but nobody is told in a pause: another mailing takes them.
		other := b.put(invitation("m2"), 5)
		stop := b.flood(g)
		b.awaitState(other, delivery.Done)
		stop()
		if now := b.town.sentOf(key); now > before+1 {
			b.Fatalf("%d were told in a pause", now-before)
		}
		if err := b.outbox.Resume(b.Context(), key); err != nil {
			b.Fatal(err)
		}
		b.flood(g)
		if s := b.awaitState(key, delivery.Done); s.Counts.Sent != 300 {
			b.Fatalf("counts = %+v", s.Counts)
		}
		if people, most, _ := b.town.counts(); people != 300 || most > 2 {
			b.Fatalf("%d people were told, one of them %d times", people, most)
		}
	})
}

// leases counts the leases on a mailing that have an owner.
func (b *bench) leases(key briefings.Key) int {
	b.Helper()
	owners, err := b.client.HVals(b.Context(), "test:{b:"+string(key)+"}:o").Result()
	if err != nil {
		b.Fatal(err)
	}
	return len(slices.DeleteFunc(owners, func(o string) bool { return o == "-" }))
}

// flood opens the gate until it is stopped or the test ends.
func (b *bench) flood(g gate) (stop func()) {
	ctx, cancel := context.WithCancel(b.Context())
	go func() {
		for {
			select {
			case g <- struct{}{}:
			case <-ctx.Done():
				return
			}
		}
	}()
	return cancel
}

func TestCancelStopsForGood(t *testing.T) {
	each(t, func(b *bench) {
		g := make(gate)
		b.gated("a", g)
		key := b.put(invitation("m1"), 300)
		b.open(g, 10)
		if err := b.outbox.Cancel(b.Context(), key); err != nil {
			b.Fatal(err)
		}
		other := b.put(invitation("m2"), 300)
		b.flood(g)
		b.awaitState(other, delivery.Done)
		s := b.status(key)
		if s.State != delivery.Cancelled || s.Counts.Sent > 12 || s.Counts.Sent+s.Counts.Pending != 300 {
			b.Fatalf("status = %+v", s)
		}
	})
}

func TestUrgentOvertakesARunningBriefing(t *testing.T) {
	each(t, func(b *bench) {
		g := make(gate)
		b.gated("a", g)
		slow := b.put(briefing("b7"), 2000)
		b.open(g, 20)
		urgent := b.put(briefings.Mailing{Kind: briefings.KindCancelled, Subject: "m1"}, 15)
		await(b, "the urgent mailing to be claimed", func() bool { return b.leases(urgent) > 0 })
		await(b, "20 to be told", func() bool { return b.town.sentOf(slow) >= 19 })
		// One slot may have been chosen already and one is the lower class's own.
		b.open(g, 18)
		b.awaitState(urgent, delivery.Done)
		if n := b.town.sentOf(slow); n > 24 {
			b.Fatalf("%d of the briefing went out before the urgent was done", n)
		}
	})
}

func TestSmallMailingFinishesBeforeALargeOne(t *testing.T) {
	each(t, func(b *bench) {
		g := make(gate)
		b.gated("a", g)
		b.put(invitation("m1"), 2000)
		b.open(g, 20)
		small := b.put(invitation("m2"), 15)
		stop := b.flood(g)
		b.awaitState(small, delivery.Done)
		stop()
		// From the moment in which the engine knows of the small one; a slot may have been chosen already.
		if n := b.town.between(small); n > 3 {
			b.Fatalf("%d of the large one went out while the small one was told", n)
		}
	})
}

func TestLowerClassKeepsALittle(t *testing.T) {
	each(t, func(b *bench) {
		g := make(gate)
		b.gated("a", g)
		low, high := b.put(briefing("b7"), 1000), b.put(invitation("m1"), 1000)
		await(b, "both to be claimed", func() bool { return b.leases(low) > 0 && b.leases(high) > 0 })
		b.open(g, 420)
		await(b, "the slots to be used", func() bool { return b.town.sentOf(low)+b.town.sentOf(high) >= 415 })
		if n := b.town.sentOf(low); n < 15 || n > 40 {
			b.Fatalf("the lower class had %d of 420 slots", n)
		}
	})
}

func TestExpiredMailingIsNotSent(t *testing.T) {
	for _, paused := range []bool{false, true} {
		t.Run(fmt.Sprint("paused ", paused), func(t *testing.T) {
			each(t, func(b *bench) {
				m := invitation("m1")
				m.Expires = time.Date(2026, 12, 3, 14, 0, 0, 0, time.UTC)
				var late atomic.Bool
				g := make(gate)
				b.engine("a", func(c *delivery.EngineConfig) {
					c.Pace, c.Workers = gatePace{g}, 1
					c.Now = func() time.Time {
						if late.Load() {
							return m.Expires
						}
						return m.Expires.Add(-time.Second)
					}
				})
				key := b.put(m, 500)
				b.open(g, 10)
				await(b, "9 to be told", func() bool { return b.town.sentOf(key) >= 9 })
				if paused {
					if err := b.outbox.Pause(b.Context(), key); err != nil {
						b.Fatal(err)
					}
				}
				late.Store(true)
				b.flood(g)
				s := b.awaitState(key, delivery.Done)
				if s.Counts.Sent > 12 || s.Counts.Sent+s.Counts.Expired != 500 {
					b.Fatalf("counts = %+v", s.Counts)
				}
			})
		})
	}
}

// gatePace is a gate as a pace.
type gatePace struct{ gate }

func (p gatePace) Wait(ctx context.Context, _ func() (briefings.Class, int, int)) error {
	select {
	case <-p.gate:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Who paused a mailing is known until it goes on.
func TestWhoPausedIsKeptUntilItGoesOn(t *testing.T) {
	each(t, func(b *bench) {
		key := b.put(invitation("m1"), 3)
		if err := b.outbox.PauseBy(b.Context(), key, "M7"); err != nil {
			b.Fatal(err)
		}
		if s, err := b.outbox.Mailing(b.Context(), key); err != nil || s.By != "M7" || s.Why != "" {
			b.Fatalf("paused: by %q, why %q, %v", s.By, s.Why, err)
		}
		if err := b.outbox.Resume(b.Context(), key); err != nil {
			b.Fatal(err)
		}
		if s, err := b.outbox.Mailing(b.Context(), key); err != nil || s.By != "" {
			b.Fatalf("resumed: by %q, %v", s.By, err)
		}
		if err := b.outbox.CancelBy(b.Context(), key, "M8"); err != nil {
			b.Fatal(err)
		}
		if s, err := b.outbox.Mailing(b.Context(), key); err != nil || s.By != "M8" {
			b.Fatalf("stopped: by %q, %v", s.By, err)
		}
	})
}
