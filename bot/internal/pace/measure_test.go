package pace_test

import (
	"context"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/bot/internal/pace"
	"briefbot/briefings/redistest"
)

// slidingLog refuses what would be the message too many of any second, as exactly as a server could.
type slidingLog struct {
	limit int

	mu      sync.Mutex
	times   []time.Time
	refused int
}

func (l *slidingLog) take() {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	for len(l.times) > 0 && now.Sub(l.times[0]) >= time.Second {
		l.times = l.times[1:]
	}
	if len(l.times) >= l.limit {
		l.refused++
		return
	}
	l.times = append(l.times, now)
}

// TestThreeReplicasUseARateWithoutOneRefusal measures in real time, so it runs only when PACE_FOR says for how long and PACE_RATE at
// what limit.
func TestThreeReplicasUseARateWithoutOneRefusal(t *testing.T) {
	run, err := time.ParseDuration(os.Getenv("PACE_FOR"))
	if err != nil {
		t.Skip("PACE_FOR is not set")
	}
	rate, _ := strconv.Atoi(os.Getenv("PACE_RATE"))
	redistest.Each(t, func(t *testing.T, c *redis.Client) {
		if strings.HasSuffix(t.Name(), "embedded") || rate == 0 {
			t.Skip("measured on a real server, at a rate")
		}
		log := &slidingLog{limit: rate}
		ctx, cancel := context.WithTimeout(t.Context(), run)
		defer cancel()
		start, sent := time.Now(), make([]int, 3)
		var replicas sync.WaitGroup
		for i := range sent {
			p, err := pace.New(pace.Config{Redis: c, Prefix: "measure", Rates: map[pace.Lane]float64{pace.Bulk: float64(rate)}})
			if err != nil {
				t.Fatal(err)
			}
			replicas.Go(func() {
				for p.WaitFor(ctx, pace.Bulk, func() pace.Demand { return pace.Demand{Class: 2, Ready: 100, Hands: 16} }) == nil {
					log.take()
					sent[i]++
				}
			})
		}
		replicas.Wait()
		n := sent[0] + sent[1] + sent[2]
		t.Logf("%d in %s by %v: %.2f %% of %d a second, %d refused", n, time.Since(start).Round(time.Second), sent,
			100*float64(n)/time.Since(start).Seconds()/float64(rate), rate, log.refused)
		if log.refused > 0 {
			t.Fail()
		}
	})
}
