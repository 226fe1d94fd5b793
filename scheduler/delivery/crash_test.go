package delivery_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings"
	"briefbot/briefings/redistest"
	"briefbot/scheduler/delivery"
)

// The crash tests run an engine as a process of its own: this test binary, started again with these variables set. The channel is
// a server in the parent that counts and never dies.
const (
	childRedis   = "DELIVERY_TEST_REDIS"
	childChannel = "DELIVERY_TEST_CHANNEL"
	childReplica = "DELIVERY_TEST_REPLICA"
	childWorkers = 8
)

func TestMain(m *testing.M) {
	if url := os.Getenv(childRedis); url != "" {
		if err := engineProcess(url, os.Getenv(childChannel), os.Getenv(childReplica)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// engineProcess runs an engine until it is killed.
func engineProcess(url, channel, replica string) error {
	options, err := redis.ParseURL(url)
	if err != nil {
		return err
	}
	options.MaxRetries, options.ContextTimeoutEnabled = -1, true
	w := newTown()
	return delivery.New(delivery.EngineConfig{
		Outbox:    delivery.NewOutbox(redis.NewClient(options), "test"),
		Directory: w, Sender: post(channel), Pace: w, Replica: replica,
		Workers: childWorkers, Lease: time.Hour, Poll: 10 * time.Millisecond, Backoff: 10 * time.Millisecond,
	}).Run(context.Background())
}

// post is a sender that asks the parent's server.
type post string

func (p post) Send(ctx context.Context, n briefings.Notice) (briefings.Receipt, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, string(p)+"/"+strconv.Itoa(int(n.To.No)), nil)
	if err != nil {
		return briefings.Receipt{}, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return briefings.Receipt{}, errorWith{ambiguous: true}
	}
	return briefings.Receipt{Message: 1}, response.Body.Close()
}

// channel counts what arrives for whom.
type channel struct {
	mu   sync.Mutex
	told map[string]int
	sum  int
	url  string
}

func startChannel(t *testing.T) *channel {
	c := &channel{told: map[string]int{}}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.told[strings.TrimPrefix(r.URL.Path, "/")]++
		c.sum++
	}))
	t.Cleanup(server.Close)
	c.url = server.URL
	return c
}

func (c *channel) counts() (people, twice, sum int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.told), c.sum - len(c.told), c.sum
}

// child starts an engine and returns what kills it at once, with no chance to tidy up.
func child(t *testing.T, url, channel, replica string) (kill func()) {
	t.Helper()
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), childRedis+"="+url, childChannel+"="+channel, childReplica+"="+replica)
	command.Stderr = os.Stderr
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	kill = sync.OnceFunc(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})
	t.Cleanup(kill)
	return kill
}

// TestKilledEngineLosesNobody kills the engine again and again. Its leases last an hour, so that it also shows that a restart under
// the same name goes on at once.
func TestKilledEngineLosesNobody(t *testing.T) {
	const people, kills = 2000, 4
	servers := map[string]func(t *testing.T) string{
		"embedded": redistest.URL,
		"server":   func(t *testing.T) string { return redistest.Server(t).URL() },
	}
	for name, start := range servers {
		for _, m := range []briefings.Mailing{invitation("m1"), briefing("b7")} {
			t.Run(name+" "+string(m.Kind), func(t *testing.T) {
				url := start(t)
				b := newBench(t, redistest.Client(t, url))
				c := startChannel(t)
				key := b.put(m, people)
				for round := range kills {
					kill := child(t, url, c.url, "a")
					await(t, "some to be told", func() bool { _, _, sum := c.counts(); return sum >= people/(kills+1)*(round+1) })
					kill()
				}
				child(t, url, c.url, "a")
				s := b.awaitState(key, delivery.Done)
				told, twice, _ := c.counts()
				t.Logf("%d told, %d of them twice, %+v", told, twice, s.Counts)
				if m.Kind.Policy() == briefings.NeverTwice {
					if twice > 0 || s.Counts.Unknown > kills*childWorkers || s.Counts.Sent+s.Counts.Unknown != people {
						t.Fatalf("%d were told twice; %+v", twice, s.Counts)
					}
					// Nobody is lost: who was not told is listed by name.
					for no, o := range b.outcomes(key) {
						c.mu.Lock()
						n := c.told[strconv.Itoa(int(no))]
						c.mu.Unlock()
						if n == 0 && o.State != delivery.Unknown {
							t.Fatalf("%d was not told and is %s", no, o.State)
						}
					}
					return
				}
				if told != people || s.Counts.Sent != people {
					t.Fatalf("%d were told; %+v", told, s.Counts)
				}
				if twice > kills*childWorkers {
					t.Fatalf("%d were told twice with %d in flight at each of %d kills", twice, childWorkers, kills)
				}
			})
		}
	}
}

func TestAnotherReplicaTakesOverWhenTheLeaseRunsOut(t *testing.T) {
	each(t, func(b *bench) {
		key := b.put(invitation("m1"), 300)
		// The first one claims, and is never heard of again: its claims are made by hand.
		b.town.hold = make(chan struct{})
		dead := delivery.New(delivery.EngineConfig{
			Outbox: b.outbox, Directory: b.town, Sender: b.town, Pace: stuck{}, Replica: "dead", Lease: 200 * time.Millisecond,
		})
		ctx, cancel := context.WithCancel(b.Context())
		done := make(chan error, 1)
		go func() { done <- dead.Run(ctx) }()
		await(b, "claims", func() bool { return b.leases(key) > 0 })
		// Cut off before it can hand back: the owners' names are changed under it, as if another life had them.
		if err := b.client.HSet(b.Context(), "test:{b:"+string(key)+"}:o", "c0", "1|former|dead").Err(); err != nil {
			b.Fatal(err)
		}
		cancel()
		<-done
		close(b.town.hold)
		b.engine("b")
		b.awaitState(key, delivery.Done)
		if people, most, _ := b.town.counts(); people != 300 || most != 1 {
			b.Fatalf("%d people were told, one of them %d times", people, most)
		}
	})
}

// stuck is a pace whose slots never come.
type stuck struct{}

func (stuck) Wait(ctx context.Context, _ func() (briefings.Class, int, int)) error {
	<-ctx.Done()
	return ctx.Err()
}
