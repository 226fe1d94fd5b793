package delivery_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"briefbot/briefings"
	"briefbot/scheduler/delivery"
)

// numbering is a town where sending costs nothing and every message has an id of its own, as in a bot that has been writing for a while.
type numbering struct {
	town
	last atomic.Int32
}

func (w *numbering) Send(context.Context, briefings.Notice) (briefings.Receipt, error) {
	return briefings.Receipt{Message: w.last.Add(1)}, nil
}

// BenchmarkRoom measures what a finished mailing takes of Redis, with message ids (an invitation, which may be edited) and without
// (a briefing), at 100,000 and a million recipients and as many more as ROOM says.
func BenchmarkRoom(b *testing.B) {
	sizes := []int{100_000, 1_000_000}
	if n, err := strconv.Atoi(os.Getenv("ROOM")); err == nil {
		sizes = append(sizes, n)
	}
	for _, people := range sizes {
		for _, m := range []briefings.Mailing{briefing("b"), invitation("m")} {
			b.Run(fmt.Sprintf("%s/%d", m.Kind, people), func(b *testing.B) {
				c := benchRedis(b)
				o := delivery.NewOutbox(c, "bench")
				ctx, cancel := context.WithCancel(b.Context())
				w := &numbering{}
				w.last.Store(3_000_000)
				before := memory(b, c)
				done := make(chan error, 1)
				go func() {
					done <- delivery.New(delivery.EngineConfig{Outbox: o, Directory: w, Sender: w, Pace: w, Replica: "a", Workers: 256}).Run(ctx)
				}()
				n := 0
				for b.Loop() {
					n++
					m.Revision = n
					if _, err := o.Put(b.Context(), m, upTo(people)); err != nil {
						b.Fatal(err)
					}
					for {
						state, err := c.HGet(b.Context(), "bench:{b:"+string(m.Key())+"}:m", "state").Result()
						if err == nil && state == string(delivery.Done) {
							break
						}
						time.Sleep(20 * time.Millisecond)
					}
				}
				cancel()
				<-done
				b.ReportMetric((memory(b, c)-before)/float64(n*people), "B-redis/recipient")
				b.ReportMetric(float64(n*people)/b.Elapsed().Seconds(), "notices/s")
			})
		}
	}
}
