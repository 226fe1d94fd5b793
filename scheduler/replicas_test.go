package scheduler_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings"
	"briefbot/briefings/redisstore"
	"briefbot/briefings/redistest"
	"briefbot/scheduler"
	"briefbot/scheduler/delivery"
)

// box gives a planner an outbox, and fails now and then before or after it has put something.
type box struct {
	*delivery.Outbox
	luck *rand.Rand

	mu   *sync.Mutex
	puts map[briefings.Key]int // new mailings, over all replicas
}

var errLuck = errors.New("bad luck")

func (b box) Put(ctx context.Context, m briefings.Mailing, audience iter.Seq[briefings.MemberNo]) (bool, error) {
	if b.luck.IntN(8) == 0 {
		return false, errLuck
	}
	fresh, err := b.Outbox.Put(ctx, m, audience)
	if fresh {
		b.mu.Lock()
		b.puts[m.Key()]++
		b.mu.Unlock()
	}
	if b.luck.IntN(8) == 0 {
		return fresh, errLuck // it is there, and the planner does not know
	}
	return fresh, err
}

func (b box) Over(ctx context.Context, key briefings.Key) (bool, error) {
	s, err := b.Mailing(ctx, key)
	if errors.Is(err, briefings.ErrNotFound) {
		return true, nil
	}
	return s.State.Final(), err
}

// TestATickOverThreePlannersHappensOnce has three planners, each with its own memory, clock and bad luck, tick at once on one Redis.
// Whatever they meet, every slot becomes one edition, and a mailing exists exactly where the edition says so. The rule that leaves an
// edition out while the one before is being sent is the hardest: planners that look at different moments see different things.
func TestATickOverThreePlannersHappensOnce(t *testing.T) {
	redistest.Each(t, func(t *testing.T, c *redis.Client) {
		const days = 6
		ctx := t.Context()
		zone := time.FixedZone("+07", 7*3600)
		start := time.Date(2026, 11, 23, 5, 0, 0, 0, zone)
		store := redisstore.New(c, "test", redisstore.Options{})
		if err := store.ApplyRoster(ctx, briefings.RosterChange{
			Units:   []briefings.Unit{{ID: "U", Versions: []briefings.UnitVersion{{Name: briefings.Text{Vi: "Đơn vị"}}}}},
			Members: []briefings.Member{{ID: "m1", Unit: "U"}, {ID: "m2", Unit: "U"}},
		}); err != nil {
			t.Fatal(err)
		}
		cadences := map[briefings.BriefingID]briefings.Rules{
			"wait": {}, "skip": {Overlap: briefings.OverlapSkip}, "allow": {Overlap: briefings.OverlapAllow}, "all": {CatchUp: briefings.CatchUpAll, Window: 20 * time.Hour},
		}
		for id, rules := range cadences {
			b := briefings.Briefing{ID: id, Audience: briefings.Audience{{Kind: briefings.TermAll}}, Created: start, Status: briefings.BriefingDraft, Rules: rules}
			if err := b.Activate(briefings.Cadence{Every: briefings.ByLine, Line: "0 7,9,11 * * *"}, start); err != nil {
				t.Fatal(err)
			}
			if err := store.AddBriefing(ctx, &b); err != nil {
				t.Fatal(err)
			}
		}
		var mu sync.Mutex
		puts := map[briefings.Key]int{}
		var planners []*scheduler.Planner
		now := start
		for i := range 3 {
			luck := rand.New(rand.NewPCG(uint64(i), 7))
			planners = append(planners, scheduler.New(scheduler.PlannerConfig{
				Facts: redisstore.New(c, "test", redisstore.Options{}), Zone: zone,
				Outbox: box{delivery.NewOutbox(c, "test"), luck, &mu, puts},
				Now: func() time.Time { // the clocks of replicas differ by some seconds
					return now.Add(time.Duration(luck.IntN(4000)) * time.Millisecond)
				},
			}))
		}
		outbox := delivery.NewOutbox(c, "test")
		luck := rand.New(rand.NewPCG(1, 2))
		for now.Before(start.AddDate(0, 0, days)) {
			var all sync.WaitGroup
			for _, p := range planners {
				all.Go(func() {
					if err := p.Tick(ctx); err != nil && !errors.Is(err, errLuck) && !errors.Is(err, briefings.ErrConflict) {
						t.Error(err)
					}
				})
			}
			all.Wait()
			if live, err := outbox.Live(ctx); err != nil {
				t.Fatal(err)
			} else if luck.IntN(3) == 0 { // a mailing is over at some time
				for _, m := range live {
					_ = outbox.Cancel(ctx, m.Mailing.Key()) // or is over already
				}
			}
			now = now.Add(time.Duration(20+luck.IntN(60)) * time.Minute)
		}
		for range 10 { // until bad luck has passed
			for _, p := range planners {
				_ = p.Tick(ctx)
			}
		}
		account(t, store, outbox, puts, cadences)
	})
}

// account compares the editions with the outbox.
func account(t *testing.T, store *redisstore.Store, outbox *delivery.Outbox, puts map[briefings.Key]int, cadences map[briefings.BriefingID]briefings.Rules) {
	t.Helper()
	ctx := t.Context()
	said := map[briefings.Key]bool{}
	for id := range cadences {
		b, err := store.Briefing(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		states := map[briefings.EditionState]int{}
		seen := map[briefings.Occasion]bool{}
		for _, e := range b.Editions {
			states[e.State]++
			if seen[e.Occasion] {
				t.Errorf("%s: %s twice", id, e.Occasion)
			}
			seen[e.Occasion] = true
			key := briefings.Mailing{Kind: briefings.KindBriefing, Subject: string(id), Occasion: e.Occasion}.Key()
			said[key] = e.State == briefings.EditionPut
			if _, err := outbox.Mailing(ctx, key); (err == nil) != said[key] && e.State != briefings.EditionDue {
				t.Errorf("%s: edition %+v, mailing: %v", id, e, err)
			}
		}
		if len(b.Editions) != 18 {
			t.Errorf("%s: %d slots of 18 are accounted for", id, len(b.Editions))
		}
		t.Log(id, fmt.Sprint(states))
	}
	for key, n := range puts {
		if n != 1 || !said[key] {
			t.Errorf("%s was put %d times, the briefing says %v", key, n, said[key])
		}
	}
}
