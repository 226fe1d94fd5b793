package pace_test

import (
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/bot/internal/pace"
	"briefbot/briefings/redistest"
)

func TestAGroupTakesTwentyInAMinuteOverAllReplicas(t *testing.T) {
	redistest.Each(t, func(t *testing.T, c *redis.Client) {
		var replicas [2]*pace.Pace
		for i := range replicas {
			p, err := pace.New(pace.Config{Redis: c, Prefix: "g", Rates: map[pace.Lane]float64{pace.Bulk: 30}})
			if err != nil {
				t.Fatal(err)
			}
			replicas[i] = p
		}
		enter := func(n int, chat int64) (pace.Place, time.Duration) {
			place, wait, err := replicas[n%2].Enter(t.Context(), chat)
			if err != nil {
				t.Fatal(err)
			}
			return place, wait
		}
		var last pace.Place
		for n := range 20 {
			place, wait := enter(n, -7)
			if wait != 0 {
				t.Fatalf("number %d waits %s", n+1, wait)
			}
			last = place
		}
		if _, wait := enter(1, -7); wait <= 50*time.Second || wait > 62*time.Second {
			t.Errorf("the 21st waits %s", wait)
		}
		if _, wait := enter(0, -8); wait != 0 {
			t.Errorf("another group waits %s", wait)
		}
		if _, wait := enter(0, 7); wait != 0 {
			t.Errorf("a person waits %s", wait)
		}
		if err := replicas[0].Leave(t.Context(), last); err != nil {
			t.Fatal(err)
		}
		if _, wait := enter(1, -7); wait != 0 {
			t.Errorf("the place that was left is taken: %s", wait)
		}
		if err := replicas[0].Hold(t.Context(), -8, time.Hour); err != nil {
			t.Fatal(err)
		}
		if _, wait := enter(1, -8); wait <= 59*time.Minute || wait > time.Hour {
			t.Errorf("what is held for an hour waits %s", wait)
		}
	})
}
