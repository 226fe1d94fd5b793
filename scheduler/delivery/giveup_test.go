package delivery_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"briefbot/briefings"
	"briefbot/scheduler/delivery"
)

// queuing is a channel in which some people's notices wait for their turn, which never comes: they are given up when nobody wants them any
// more.
type queuing struct {
	*town
	waits func(briefings.MemberNo) bool

	mu    sync.Mutex
	stand int // notices that wait
}

func (w *queuing) Send(ctx context.Context, n briefings.Notice) (briefings.Receipt, error) {
	if !w.waits(n.To.No) {
		return w.town.Send(ctx, n)
	}
	w.step(1)
	defer w.step(-1)
	<-briefings.Going(ctx).Done()
	return briefings.Receipt{}, errorWith{unsent: true}
}

func (w *queuing) step(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stand += n
}

func (w *queuing) waiting() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.stand
}

// patiently is an engine that would wait for an hour for what is in flight, and whose leases last as long.
func patiently(c *delivery.EngineConfig) { c.Grace, c.Lease = time.Hour, time.Hour }

// What waits for its slot is handed back at a stop, and whoever comes takes it at once.
func TestAStopHandsBackWhatHasNotLeft(t *testing.T) {
	for _, m := range []briefings.Mailing{invitation("m1"), briefing("b7")} {
		t.Run(string(m.Kind), func(t *testing.T) {
			each(t, func(b *bench) {
				slow := &queuing{town: b.town, waits: func(no briefings.MemberNo) bool { return no%4 == 0 }}
				stop := b.engine("a", patiently, func(c *delivery.EngineConfig) { c.Sender = slow })
				key := b.put(m, 300)
				await(b, "every worker to hold one that waits", func() bool { return slow.waiting() == 8 })
				stop()
				if n := b.leases(key); n != 0 {
					b.Fatalf("%d claims were not handed back", n)
				}
				told, _, _ := b.town.counts()
				if s := b.status(key); s.Counts.Sent != told || s.Counts.Pending != 300-told {
					b.Fatalf("counts = %+v with %d told", s.Counts, told)
				}
				b.engine("b", patiently)
				if s := b.awaitState(key, delivery.Done); s.Counts.Sent != 300 {
					b.Fatalf("counts = %+v", s.Counts)
				}
				if people, most, _ := b.town.counts(); people != 300 || most != 1 {
					b.Fatalf("%d people were told, one of them %d times", people, most)
				}
			})
		})
	}
}

// What waits for its slot does not go out after a pause, and goes out once after it.
func TestAPauseGivesUpWhatHasNotLeft(t *testing.T) {
	for _, m := range []briefings.Mailing{invitation("m1"), briefing("b7")} {
		t.Run(string(m.Kind), func(t *testing.T) {
			each(t, func(b *bench) {
				var through sync.Map
				slow := &queuing{town: b.town, waits: func(briefings.MemberNo) bool { _, ok := through.Load("all"); return !ok }}
				b.engine("a", patiently, func(c *delivery.EngineConfig) { c.Sender, c.Canary = slow, 8 })
				key := b.put(m, 300)
				await(b, "every worker to hold one that waits", func() bool { return slow.waiting() == 8 })
				if err := b.outbox.Pause(b.Context(), key); err != nil {
					b.Fatal(err)
				}
				await(b, "nobody to wait any more", func() bool { return slow.waiting() == 0 && b.leases(key) == 0 })
				if s := b.status(key); s.Counts != (delivery.Progress{Pending: 300}) {
					b.Fatalf("counts = %+v", s.Counts)
				}
				through.Store("all", true)
				if err := b.outbox.Resume(b.Context(), key); err != nil {
					b.Fatal(err)
				}
				if s := b.awaitState(key, delivery.Done); s.Counts.Sent != 300 {
					b.Fatalf("counts = %+v", s.Counts)
				}
			})
		})
	}
}
