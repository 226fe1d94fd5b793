package delivery_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings"
	"briefbot/scheduler/delivery"
)

// masters says when a new server is written to.
type masters struct {
	mu    sync.Mutex
	epoch uint64
}

func (m *masters) Epoch() uint64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.epoch
}

func (m *masters) Look(context.Context) error { return nil }

// past is everything a Redis held at one moment.
type past struct {
	strings map[string]string
	hashes  map[string]map[string]string
	sorted  map[string][]redis.Z
}

// remember reads everything.
func (b *bench) remember() past {
	b.Helper()
	ctx := b.Context()
	p := past{map[string]string{}, map[string]map[string]string{}, map[string][]redis.Z{}}
	for _, key := range b.client.Keys(ctx, "*").Val() {
		switch b.client.Type(ctx, key).Val() {
		case "string":
			p.strings[key] = b.client.Get(ctx, key).Val()
		case "hash":
			p.hashes[key] = b.client.HGetAll(ctx, key).Val()
		case "zset":
			p.sorted[key] = b.client.ZRangeWithScores(ctx, key, 0, -1).Val()
		case "stream": // says that something changed, to those who run at the time
		default:
			b.Fatalf("a key of an unknown type: %s", key)
		}
	}
	return p
}

// relive puts the Redis back to what it was, as a replica does that lagged when it became the master.
func (b *bench) relive(p past) {
	b.Helper()
	ctx := b.Context()
	_, err := b.client.TxPipelined(ctx, func(pipe redis.Pipeliner) error {
		pipe.FlushAll(ctx)
		for key, value := range p.strings {
			pipe.Set(ctx, key, value, 0)
		}
		for key, fields := range p.hashes {
			pipe.HSet(ctx, key, fields)
		}
		for key, members := range p.sorted {
			pipe.ZAdd(ctx, key, members...)
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

func TestFailoverThatForgetsTellsNobodyTwiceAndLosesNobody(t *testing.T) {
	const people, engines = 3000, 3
	for _, m := range []briefings.Mailing{invitation("m1"), briefing("b7")} {
		t.Run(string(m.Kind), func(t *testing.T) {
			each(t, func(b *bench) {
				b.town.hold = make(chan struct{})
				failover := &masters{}
				for i := range engines {
					b.engine(string(rune('a'+i)), func(c *delivery.EngineConfig) {
						c.Outbox = delivery.NewOutbox(b.client, "test")
						c.Masters, c.Workers, c.Lease, c.Quarantine = failover, 8, 900*time.Millisecond, 300*time.Millisecond
					})
				}
				key := b.put(m, people)
				let := func(n int) {
					b.Helper()
					for range n {
						select {
						case b.town.hold <- struct{}{}:
						case <-b.Context().Done():
							b.Fatal("nobody sends")
						}
					}
				}
				let(400)
				p := b.remember()
				let(900) // several chunks of every engine are claimed, finished and begun meanwhile
				failover.mu.Lock()
				b.relive(p)
				failover.epoch++
				failover.mu.Unlock()
				close(b.town.hold)
				s := b.awaitState(key, delivery.Done)
				told, most, sum := b.town.counts()
				if told != people || most != 1 || s.Counts.Sent != people {
					b.Fatalf("%d people were told by %d messages, one of them %d times; %+v", told, sum, most, s.Counts)
				}
			})
		})
	}
}

func TestClaimsOfADeadEngineOutliveAFailover(t *testing.T) {
	each(t, func(b *bench) {
		// One engine has the first chunks and is never heard of again; the other has later ones. The server forgets all of it.
		key := b.put(invitation("m1"), 1000)
		p := b.remember()
		dead := newTown()
		dead.hold = make(chan struct{})
		ctx, cut := context.WithCancel(b.Context())
		done := make(chan error, 1)
		go func() {
			done <- delivery.New(delivery.EngineConfig{
				Outbox: delivery.NewOutbox(b.client, "test"), Directory: dead, Sender: dead, Pace: dead, Replica: "dead", Workers: 4, Grace: time.Millisecond,
			}).Run(ctx)
		}()
		await(b, "the first one to claim", func() bool { return b.leases(key) > 0 })
		failover := &masters{}
		b.town.hold = make(chan struct{})
		b.engine("b", func(c *delivery.EngineConfig) { c.Masters, c.Lease = failover, 900*time.Millisecond })
		b.town.hold <- struct{}{}
		failover.mu.Lock()
		b.relive(p)
		failover.epoch++
		failover.mu.Unlock()
		cut() // what it hands back, the server does not know
		<-done
		close(b.town.hold)
		s := b.awaitState(key, delivery.Done)
		if told, most, _ := b.town.counts(); told != 1000 || most != 1 || s.Counts.Sent != 1000 {
			b.Fatalf("%d people were told, one of them %d times; %+v", told, most, s.Counts)
		}
	})
}

// The server forgets the mailing as a whole, and the planner puts it anew, with the audience in another order and somebody who came
// since: those who were told already are not told again.
func TestMailingThatWasForgottenAndPutAnewTellsNobodyTwice(t *testing.T) {
	const people, engines = 1000, 3
	for _, m := range []briefings.Mailing{invitation("m1"), briefing("b7")} {
		t.Run(string(m.Kind), func(t *testing.T) {
			each(t, func(b *bench) {
				b.town.hold = make(chan struct{})
				failover := &masters{}
				for i := range engines {
					b.engine(string(rune('a'+i)), func(c *delivery.EngineConfig) {
						c.Outbox = delivery.NewOutbox(b.client, "test")
						c.Masters, c.Workers = failover, 8
					})
				}
				b.put(m, people)
				for range 300 {
					b.town.hold <- struct{}{}
				}
				failover.mu.Lock()
				b.relive(past{})
				failover.epoch++
				failover.mu.Unlock()
				again := func(yield func(briefings.MemberNo) bool) {
					for no := people + 1; no > 0 && yield(briefings.MemberNo(no)); no-- {
					}
				}
				if added, err := b.outbox.Put(b.Context(), m, again); err != nil || !added {
					b.Fatalf("put anew: %v, %v", added, err)
				}
				close(b.town.hold)
				s := b.awaitState(m.Key(), delivery.Done)
				told, most, sum := b.town.counts()
				if told != people+1 || most != 1 || s.Counts.Sent != people+1 {
					b.Fatalf("%d people were told by %d messages, one of them %d times; %+v", told, sum, most, s.Counts)
				}
			})
		})
	}
}
