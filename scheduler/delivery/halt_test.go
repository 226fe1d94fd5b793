package delivery_test

import (
	"bytes"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"briefbot/briefings"
	"briefbot/scheduler/delivery"
)

// halted is what the channel says when it serves nobody, as with a token that was revoked.
type halted struct{}

func (halted) Error() string { return "unauthorized" }
func (halted) Halted() bool  { return true }

// record is a log that several may write to and read.
type record struct {
	mu    sync.Mutex
	lines bytes.Buffer
}

func (r *record) Write(line []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.lines.Write(line)
}

func (r *record) says(words string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.Contains(r.lines.String(), words)
}

// While the channel serves nobody, sending waits and says so, and nobody uses up an attempt. When it serves again, sending goes on by
// itself and tells everybody once.
func TestSendingGoesOnByItselfWhenTheChannelServesAgain(t *testing.T) {
	for name, m := range map[string]briefings.Mailing{"again": invitation("m1"), "never twice": briefing("b7")} {
		t.Run(name, func(t *testing.T) {
			each(t, func(b *bench) {
				var mended atomic.Bool
				var probes atomic.Int64
				b.town.send = func(briefings.Notice) error {
					if mended.Load() {
						return nil
					}
					probes.Add(1)
					return halted{}
				}
				log := &record{}
				b.engine("a", func(cfg *delivery.EngineConfig) {
					cfg.Attempts, cfg.Log = 2, slog.New(slog.NewTextHandler(log, nil))
				})
				const people = 3
				key := b.put(m, people)
				await(b, "more probes than anybody has attempts", func() bool { return probes.Load() > 4*people })
				if s := b.status(key); s.State != delivery.Running || s.Counts.Sent+s.Counts.Failed+s.Counts.Unknown > 0 {
					b.Errorf("meanwhile the mailing is %s, %+v", s.State, s.Counts)
				}
				if !log.says("nothing can be sent until somebody mends the channel") {
					b.Error("the log does not say why nothing is sent")
				}
				mended.Store(true)
				if s := b.awaitState(key, delivery.Done); s.Counts.Sent != people {
					b.Errorf("counts = %+v", s.Counts)
				}
				if told, most, _ := b.town.counts(); told != people || most != 1 {
					b.Errorf("%d were told, somebody %d times", told, most)
				}
			})
		})
	}
}
