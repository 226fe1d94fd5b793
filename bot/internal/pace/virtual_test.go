package pace_test

import (
	"context"
	"math/rand/v2"
	"net"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"briefbot/bot/internal/pace"
)

// chance is a source of accidents that many goroutines share.
type chance struct {
	mu sync.Mutex
	r  *rand.Rand
}

// up to d, evenly.
func (c *chance) upTo(d time.Duration) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Duration(c.r.Int64N(int64(d) + 1))
}

// delay is what lies between two steps of a process: mostly nearly nothing, and once in so many a stall.
func (c *chance) delay(usual time.Duration, stallsIn int, stall time.Duration) time.Duration {
	if c.upTo(time.Duration(stallsIn-1)) == 0 {
		return c.upTo(stall)
	}
	return c.upTo(usual)
}

// slow is a connection on which everything takes a while.
type slow struct {
	net.Conn
	luck *chance
}

func (s slow) Write(p []byte) (int, error) {
	time.Sleep(s.luck.delay(time.Millisecond, 100, 10*time.Millisecond))
	return s.Conn.Write(p)
}

func (s slow) Read(p []byte) (int, error) {
	n, err := s.Conn.Read(p)
	time.Sleep(s.luck.delay(time.Millisecond, 100, 10*time.Millisecond))
	return n, err
}

// town is a Redis and replicas that send by their pace, with everything that goes wrong between a slot and its request.
type town struct {
	server *miniredis.Miniredis
	luck   *chance
	config pace.Config
	began  time.Time
	// rarely is one in how many steps a process is held up.
	rarely int

	mu   sync.Mutex
	at   []time.Duration // when requests arrived, since began
	lost int             // slots whose room was over before the request was written
	late int             // requests written after it
}

// client connects without a socket, which a bubble of virtual time could not wait for. The address is one that needs no name service.
func (w *town) client(over func(net.Conn) net.Conn) *redis.Client {
	return redis.NewClient(&redis.Options{
		Addr: "127.0.0.1:0", MaxRetries: -1, ContextTimeoutEnabled: true, DisableIdentity: true,
		Dialer: func(context.Context, string, string) (net.Conn, error) {
			conn, err := w.server.Dial()
			if err != nil {
				return nil, err
			}
			return over(conn), nil
		},
	})
}

// replica sends until ctx ends, as the engine does: one goroutine waits for slots, and each request goes its own way.
func (w *town) replica(ctx context.Context, t *testing.T) {
	client := w.client(func(c net.Conn) net.Conn { return slow{c, w.luck} })
	defer func() { _ = client.Close() }()
	config := w.config
	config.Redis = client
	config.Sleep = func(ctx context.Context, d time.Duration) error {
		select {
		case <-time.After(d + w.luck.delay(time.Millisecond, w.rarely, 60*time.Millisecond)):
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	p, err := pace.New(config)
	if err != nil {
		t.Error(err)
		return
	}
	demand := func() pace.Demand { return pace.Demand{Class: 2, Ready: 100, Hands: 16} }
	var requests sync.WaitGroup
	defer requests.Wait()
	for {
		slot, err := p.Take(ctx, pace.Bulk, demand)
		if err != nil {
			return
		}
		requests.Go(func() {
			time.Sleep(w.luck.delay(2*time.Millisecond, w.rarely, 60*time.Millisecond)) // words are chosen
			for !p.Good(slot) {
				w.mu.Lock()
				w.lost++
				w.mu.Unlock()
				if slot, err = p.Take(ctx, pace.Bulk, demand); err != nil {
					return
				}
			}
			time.Sleep(w.luck.delay(100*time.Microsecond, 2*w.rarely, 60*time.Millisecond)) // the request is written
			now := time.Now()
			w.mu.Lock()
			w.at = append(w.at, now.Sub(w.began))
			if slot.Late(now) {
				w.late++
			}
			w.mu.Unlock()
			if err := p.Sent(ctx, slot, now); err != nil {
				t.Error(err)
			}
		})
	}
}

// live keeps three replicas going for so long; every while one of them dies and another comes.
func (w *town) live(t *testing.T, span time.Duration) {
	w.began = time.Now()
	var replicas sync.WaitGroup
	for range 3 {
		replicas.Go(func() {
			for left := span - time.Since(w.began); left > 0; left = span - time.Since(w.began) {
				ctx, dies := context.WithTimeout(t.Context(), min(left, 5*time.Second+w.luck.upTo(time.Minute)))
				w.replica(ctx, t)
				dies()
			}
		})
	}
	replicas.Wait()
}

// worst is how many requests arrived in the fullest second of a part of the time.
func (w *town) worst(from, to time.Duration) (most, all int) {
	first := 0
	for i, at := range w.at { // in the order of arrival
		for at-w.at[first] >= time.Second || w.at[first] < from {
			if first++; first > i {
				break
			}
		}
		if first <= i && at < to {
			most = max(most, i-first+1)
			all++
		}
	}
	return most, all
}

// virtual runs a body in a bubble of virtual time with a Redis in it.
func virtual(t *testing.T, c pace.Config, body func(t *testing.T, w *town)) {
	const seed = 20261124
	t.Logf("seed %d", seed)
	synctest.Test(t, func(t *testing.T) {
		w := &town{server: miniredis.NewMiniRedis(), luck: &chance{r: rand.New(rand.NewPCG(seed, 0))}, config: c}
		// As often in a minute, however many requests are made in it.
		w.rarely = int(500 * max(c.Rates[pace.Bulk], c.Paid.Rate) / 30)
		defer w.server.Close()
		body(t, w)
	})
}

// span is how much virtual time a test takes: what is told, or the least that says something.
func span(otherwise time.Duration) time.Duration {
	if told, err := time.ParseDuration(os.Getenv("PACE_VIRTUAL")); err == nil {
		return told
	}
	return otherwise
}

func (w *town) holds(t *testing.T, limit int, from, to time.Duration, least float64) {
	t.Helper()
	most, all := w.worst(from, to)
	share := 100 * float64(all) / (to - from).Seconds() / float64(max(limit, 1))
	t.Logf("%s to %s: %d requests, %.2f %% of %d a second, %d in the fullest; %d slots lost, %d requests late", from, to, all, share, limit, most, w.lost, w.late)
	if most > limit {
		t.Errorf("%d requests in one second, more than %d", most, limit)
	}
	if share < least {
		t.Errorf("%.2f %% of the limit is used, less than %g %%", share, least)
	}
}

func TestNoSecondOfManyMinutesHoldsTooMany(t *testing.T) {
	for _, c := range []struct {
		name  string
		limit int
		span  time.Duration
		least float64
	}{
		{"thirty", 30, span(3 * time.Minute), 98},
		{"a thousand", 1000, span(2 * time.Minute), 96},
	} {
		t.Run(c.name, func(t *testing.T) {
			virtual(t, pace.Config{Prefix: "v", Rates: map[pace.Lane]float64{pace.Bulk: float64(c.limit)}}, func(t *testing.T, w *town) {
				w.live(t, c.span)
				w.holds(t, c.limit, 0, c.span, c.least)
				if w.lost == 0 || w.late == 0 {
					t.Errorf("%d slots lost, %d requests late: nothing was tried", w.lost, w.late)
				}
			})
		})
	}
}

func TestARefusalInBetweenIsHeededAndForgotten(t *testing.T) {
	const span, blockedAt, blocked = 3 * time.Minute, time.Minute, 3 * time.Second
	rates := map[pace.Lane]float64{pace.Bulk: 30}
	virtual(t, pace.Config{Prefix: "v", Rates: rates, Hold: 20 * time.Second, Ramp: 10 * time.Second}, func(t *testing.T, w *town) {
		var refused sync.WaitGroup
		refused.Go(func() {
			time.Sleep(blockedAt)
			config := w.config
			client := w.client(func(c net.Conn) net.Conn { return c })
			defer func() { _ = client.Close() }()
			config.Redis = client
			p, err := pace.New(config)
			if err == nil {
				err = p.Block(t.Context(), pace.Bulk, blocked)
			}
			if err != nil {
				t.Error(err)
			}
		})
		w.live(t, span)
		refused.Wait()
		w.holds(t, 30, 0, span, 0)
		w.holds(t, 30, 0, blockedAt, 98)
		// What had its slot already, a sixth of a second ahead, still goes out.
		w.holds(t, 0, blockedAt+300*time.Millisecond, blockedAt+blocked, 0)
		w.holds(t, 30, blockedAt+time.Minute, span, 98)
	})
}

func TestMoneyIsSpentAtItsRateAndThenTheFreeOneHolds(t *testing.T) {
	const span = 40 * time.Second
	paid := pace.Paid{Rate: 300, Budget: 400} // 4,000 messages: a little more than a quarter of a minute
	virtual(t, pace.Config{Prefix: "v", Rates: map[pace.Lane]float64{pace.Bulk: 30}, Paid: paid}, func(t *testing.T, w *town) {
		w.live(t, span)
		w.holds(t, 300, 0, span, 0)
		w.holds(t, 300, 0, 13*time.Second, 96)
		w.holds(t, 30, 18*time.Second, span, 98)
	})
}
