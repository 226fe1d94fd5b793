package pace_test

import (
	"context"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/bot/internal/pace"
	"briefbot/briefings/redistest"
)

// Whoever stops while waiting for a slot leaves it to the next, and those it had in stock, unless somebody was given a later one.
func TestASlotNobodyCameForIsGivenBack(t *testing.T) {
	for name, taken := range map[string]bool{"nobody behind": false, "somebody behind": true} {
		t.Run(name, func(t *testing.T) {
			server := redistest.Embedded(t)
			server.SetTime(time.Now()) // no time passes in Redis
			client := redis.NewClient(&redis.Options{Addr: server.Addr(), MaxRetries: -1, ContextTimeoutEnabled: true})
			t.Cleanup(func() { _ = client.Close() })
			rates := map[pace.Lane]float64{pace.Bulk: 100}
			other, err := pace.New(pace.Config{Redis: client, Prefix: "b", Rates: rates})
			if err != nil {
				t.Fatal(err)
			}
			reserve := func() {
				if _, err := other.Reserve(t.Context(), pace.Bulk, 1); err != nil {
					t.Error(err)
				}
			}
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			p, err := pace.New(pace.Config{Redis: client, Prefix: "b", Rates: rates, Sleep: func(ctx context.Context, _ time.Duration) error {
				if taken {
					reserve()
				}
				stop()
				return ctx.Err()
			}})
			if err != nil {
				t.Fatal(err)
			}
			lane := func() string { return server.HGet("b:{pace}:bulk", "tat") }
			reserve()
			before := lane()
			if _, err := p.Take(ctx, pace.Bulk, func() pace.Demand { return pace.Demand{Ready: 5, Hands: 5} }); err == nil {
				t.Fatal("it did not wait")
			}
			if after := lane(); (after != before) != taken {
				t.Errorf("the lane's next slot was %s and is %s", before, after)
			}
		})
	}
}
