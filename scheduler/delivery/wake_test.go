package delivery_test

import (
	"testing"
	"time"

	"briefbot/briefings"
	"briefbot/scheduler/delivery"
)

// A change that another process made is seen at once, however seldom an engine looks by itself.
func TestAChangeOfAnotherProcessWakesEveryEngine(t *testing.T) {
	each(t, func(b *bench) {
		g := make(gate)
		seldom := func(c *delivery.EngineConfig) { c.Poll, c.Pace, c.Workers = time.Hour, gatePace{g}, 1 }
		for _, replica := range []string{"a", "b", "c"} {
			b.engine(replica, seldom, func(c *delivery.EngineConfig) {
				c.Outbox, c.Lease = delivery.NewOutbox(b.client, "test"), time.Hour
			})
		}
		key := b.put(invitation("m1"), 3000)
		b.open(g, 60)
		await(b, "all three to claim", func() bool { return b.leases(key) >= 3 })
		if err := b.outbox.Pause(b.Context(), key); err != nil {
			b.Fatal(err)
		}
		await(b, "all three to hand back", func() bool { return b.leases(key) == 0 })
		urgent := b.put(briefings.Mailing{Kind: briefings.KindCancelled, Subject: "m1"}, 15)
		b.flood(g)
		b.awaitState(urgent, delivery.Done)
		if err := b.outbox.Resume(b.Context(), key); err != nil {
			b.Fatal(err)
		}
		if s := b.awaitState(key, delivery.Done); s.Counts.Sent != 3000 {
			b.Fatalf("counts = %+v", s.Counts)
		}
	})
}
