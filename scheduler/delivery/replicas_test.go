package delivery_test

import (
	"context"
	"testing"
	"time"

	"briefbot/briefings"
	"briefbot/scheduler/delivery"
)

func TestEnginesShareTheWork(t *testing.T) {
	each(t, func(b *bench) {
		first := b.town
		b.engine("a")
		second := newTown()
		b.engine("b", func(c *delivery.EngineConfig) {
			c.Outbox = delivery.NewOutbox(b.client, "test") // as another process would have
			c.Sender, c.Directory = second, second
		})
		key := b.put(invitation("m1"), 20000)
		s := b.awaitState(key, delivery.Done)
		if s.Counts.Sent != 20000 {
			b.Fatalf("counts = %+v", s.Counts)
		}
		n, mostA, _ := first.counts()
		m, mostB, _ := second.counts()
		if n+m != 20000 || n == 0 || m == 0 || max(mostA, mostB) > 1 {
			b.Fatalf("one told %d people, the other %d, somebody %d times", n, m, max(mostA, mostB))
		}
	})
}

func TestOrderlyStopTellsNobodyTwiceAndNobodyIsLost(t *testing.T) {
	for _, m := range []briefings.Mailing{invitation("m1"), briefing("b7")} {
		t.Run(string(m.Kind), func(t *testing.T) {
			each(t, func(b *bench) {
				key := b.put(m, 3000)
				// A lease of an hour: nothing that is not handed back would be sent in this test.
				long := func(c *delivery.EngineConfig) { c.Lease = time.Hour }
				for round := range 5 {
					stop := b.engine([]string{"a", "b"}[round%2], long)
					await(b, "some to be told", func() bool { _, _, sum := b.town.counts(); return sum >= 500*(round+1) })
					stop()
					if n := b.leases(key); n != 0 {
						b.Fatalf("%d leases were not handed back", n)
					}
				}
				b.engine("c", long)
				s := b.awaitState(key, delivery.Done)
				if people, most, _ := b.town.counts(); people != 3000 || most != 1 || s.Counts.Sent != 3000 {
					b.Fatalf("%d people were told, one of them %d times; %+v", people, most, s.Counts)
				}
			})
		})
	}
}

func TestStopWaitsForRequestsInFlight(t *testing.T) {
	each(t, func(b *bench) {
		b.town.hold = make(chan struct{})
		key := b.put(invitation("m1"), 50)
		ctx, cancel := context.WithCancel(b.Context())
		done := make(chan error, 1)
		go func() {
			done <- delivery.New(delivery.EngineConfig{
				Outbox: b.outbox, Directory: b.town, Sender: b.town, Pace: b.town, Replica: "a", Workers: 4,
			}).Run(ctx)
		}()
		await(b, "requests to be in flight", func() bool { b.town.mu.Lock(); defer b.town.mu.Unlock(); return b.town.flying == 4 })
		cancel()
		select {
		case <-done:
			b.Fatal("Run returned with requests in flight")
		case b.town.hold <- struct{}{}:
		}
		close(b.town.hold)
		if err := <-done; err != nil {
			b.Fatal(err)
		}
		if s := b.status(key); s.Counts.Sent != 4 || s.Counts.Pending != 46 {
			b.Fatalf("counts = %+v", s.Counts)
		}
	})
}

func TestGraceEndsRequestsThatNeverReturn(t *testing.T) {
	for _, m := range []briefings.Mailing{invitation("m1"), briefing("b7")} {
		t.Run(string(m.Kind), func(t *testing.T) {
			each(t, func(b *bench) {
				b.town.hold = make(chan struct{})
				key := b.put(m, 50)
				stop := b.engine("a", func(c *delivery.EngineConfig) { c.Grace = time.Millisecond; c.Workers = 4 })
				await(b, "requests to be in flight", func() bool { b.town.mu.Lock(); defer b.town.mu.Unlock(); return b.town.flying == 4 })
				stop()
				// Nobody knows where they were cut short.
				want := delivery.Progress{Pending: 46, Retry: 4}
				if m.Kind.Policy() == briefings.NeverTwice {
					want = delivery.Progress{Pending: 46, Unknown: 4}
				}
				if s := b.status(key); s.Counts != want {
					b.Fatalf("counts = %+v, want %+v", s.Counts, want)
				}
			})
		})
	}
}

func TestNeverMoreInFlightThanWorkers(t *testing.T) {
	each(t, func(b *bench) {
		b.engine("a", func(c *delivery.EngineConfig) { c.Workers = 7 })
		b.awaitState(b.put(invitation("m1"), 3000), delivery.Done)
		b.town.mu.Lock()
		defer b.town.mu.Unlock()
		if b.town.highest > 7 {
			b.Fatalf("%d requests were in flight", b.town.highest)
		}
	})
}

func TestIncompleteEngineDoesNotRun(t *testing.T) {
	if err := delivery.New(delivery.EngineConfig{}).Run(t.Context()); err == nil {
		t.Fatal("an engine without anything ran")
	}
}
