package redisstore

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings"
	"briefbot/briefings/redistest"
)

// noon is the moment the tests begin at.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.FixedZone("+07", 7*3600))

// clock is a clock that stands until it is moved.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// bench is a store of one test, with what it stands on.
type bench struct {
	*Store
	client redis.UniversalClient
	clock  *clock
}

// each runs body on every Redis there is. Every command is watched: it stays under the prefix, and a script under one tag.
func each(t *testing.T, body func(t *testing.T, b bench)) {
	t.Helper()
	redistest.Each(t, func(t *testing.T, c *redis.Client) {
		c.AddHook(watch{t})
		body(t, newBench(c))
	})
}

func newBench(c redis.UniversalClient) bench {
	clock := &clock{t: noon}
	return bench{New(c, "test", Options{Now: clock.now}), c, clock}
}

// watch is a hook that fails the test when a script's keys have different tags.
type watch struct{ t *testing.T }

func (w watch) DialHook(next redis.DialHook) redis.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) { return next(ctx, network, addr) }
}

func (w watch) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		w.check(cmd)
		return next(ctx, cmd)
	}
}

func (w watch) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		for _, cmd := range cmds {
			w.check(cmd)
		}
		return next(ctx, cmds)
	}
}

func (w watch) check(cmd redis.Cmder) {
	args := cmd.Args()
	switch strings.ToLower(cmd.Name()) {
	case "eval", "evalsha":
		tags := map[string]bool{}
		for _, key := range args[3 : 3+args[2].(int)] {
			tags[tagOf(key.(string))] = true
		}
		if len(tags) != 1 || tags[""] {
			w.t.Errorf("a script touches %d tags: %v", len(tags), args[3:3+args[2].(int)])
		}
	case "keys", "scan":
		w.t.Errorf("%s walks the whole store", cmd.Name())
	}
}

// tagOf returns what Redis Cluster hashes of a key: the part in its first braces.
func tagOf(key string) string {
	_, rest, _ := strings.Cut(key, "{")
	tag, _, ok := strings.Cut(rest, "}")
	if !ok {
		return ""
	}
	return tag
}

// fill puts n members M1…Mn into two units; the even ones have joined, with account 1000+i.
func fill(t testing.TB, s *Store, n int) {
	t.Helper()
	change := briefings.RosterChange{
		Units: []briefings.Unit{
			{ID: "T01", Versions: []briefings.UnitVersion{{Name: briefings.Text{Vi: "Tỉnh ủy"}}}},
			{ID: "X01", Versions: []briefings.UnitVersion{{Parent: "T01", Name: briefings.Text{Vi: "Đảng ủy xã A"}}}},
		},
		Topics: []briefings.Topic{{ID: "t1", Slug: "thoi-su", Mandatory: true}},
		Groups: []briefings.Group{{ID: "G1", Rule: briefings.GroupRule{Tag: "chair"}}},
	}
	for i := 1; i <= n; i++ {
		m := briefings.Member{
			ID: briefings.MemberID(fmt.Sprintf("M%d", i)), Name: fmt.Sprintf("Nguyễn Mẫu %d", i), Unit: "X01",
			Phone: fmt.Sprintf("+84100%06d", i), Status: briefings.Active, Position: "Bí thư chi bộ",
		}
		if i%2 == 0 {
			m.User = briefings.UserID(1000 + i)
		}
		change.Members = append(change.Members, m)
	}
	if err := s.ApplyRoster(t.Context(), change); err != nil {
		t.Fatal(err)
	}
}

// gather files an open meeting that starts a day after noon, with seats for some members.
func gather(t testing.TB, s *Store, members ...briefings.MemberID) briefings.MeetingID {
	t.Helper()
	m := briefings.Meeting{
		Title: briefings.Text{Vi: "Hội nghị"}, Starts: noon.Add(24 * time.Hour), Deputies: true, Label: briefings.Public,
		Venues:   []briefings.Venue{{ID: "v1", Name: briefings.Text{Vi: "Hội trường"}, Main: true}},
		Audience: briefings.Audience{{Kind: briefings.TermAll}}, Status: briefings.MeetingOpen, Created: noon,
	}
	must(t, s.AddMeeting(t.Context(), &m))
	if len(members) > 0 {
		seats := make([]briefings.Invitation, len(members))
		for i, id := range members {
			seats[i] = briefings.Invitation{Member: id, No: briefings.MemberNo(i + 1), Unit: "X01", Venue: "v1"}
		}
		_, err := s.Invite(t.Context(), m.ID, seats)
		must(t, err)
	}
	return m.ID
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantErr(t testing.TB, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("error = %v; want %v", err, want)
	}
}

func wantRefusal(t testing.TB, err error, key string) *briefings.Refusal {
	t.Helper()
	r := briefings.AsRefusal(err)
	if r == nil || r.Key != key {
		t.Fatalf("error = %v; want refusal %s", err, key)
	}
	return r
}

func TestStoreIsEmptyUntilSomethingIsKept(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		must(t, b.Ping(t.Context()))
		must(t, b.CheckSchema(t.Context()))
		empty, err := b.Empty(t.Context())
		if must(t, err); !empty {
			t.Fatal("a new store is not empty")
		}
		must(t, b.AddActivity(t.Context(), &briefings.Activity{Date: noon}))
		empty, err = b.Empty(t.Context())
		if must(t, err); empty {
			t.Fatal("a store with an activity is empty")
		}
	})
}

func TestSchemaOfNewerProgramIsRefused(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		must(t, b.CheckSchema(t.Context()))
		must(t, b.CheckSchema(t.Context()))
		must(t, b.client.Set(t.Context(), b.keys.schema(), Schema+1, 0).Err())
		wantErr(t, b.CheckSchema(t.Context()), ErrSchema)
		if err := New(b.client, "a{b}", Options{}).CheckSchema(t.Context()); err == nil {
			t.Fatal("a prefix with braces is taken")
		}
	})
}

func TestPrefixesDoNotSeeEachOther(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		fill(t, b.Store, 2)
		id := gather(t, b.Store, "M1")
		must(t, b.AddBriefing(t.Context(), &briefings.Briefing{Status: briefings.BriefingActive}))
		other := New(b.client, "other", Options{Now: b.clock.now})
		if empty, err := other.Empty(t.Context()); err != nil || !empty {
			t.Fatalf("Empty = %v, %v", empty, err)
		}
		_, err := other.Meeting(t.Context(), id)
		wantErr(t, err, briefings.ErrNotFound)
		_, err = other.MemberByUser(t.Context(), 1002)
		wantErr(t, err, briefings.ErrNotFound)
		r, err := other.Roster(t.Context())
		if must(t, err); len(r.Members) != 0 {
			t.Fatalf("%d members of another prefix", len(r.Members))
		}
		// And every key there is begins with the one prefix that wrote.
		unwatched := redis.NewClient(b.client.(*redis.Client).Options())
		defer func() { _ = unwatched.Close() }()
		keys, err := unwatched.Keys(t.Context(), "*").Result()
		must(t, err)
		for _, key := range keys {
			if !strings.HasPrefix(key, "test:{") {
				t.Errorf("key %s is not under the prefix", key)
			}
		}
	})
}

func TestChangeIsGivenUpAfterTwentyTries(t *testing.T) {
	n := 0
	err := again(t.Context(), func() (bool, error) { n++; return false, nil })
	wantErr(t, err, briefings.ErrConflict)
	if n != tries {
		t.Fatalf("%d tries", n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	wantErr(t, again(ctx, func() (bool, error) { return false, nil }), context.Canceled)
}

// quiet swallows what the Redis client says of servers that tests have not started yet or have killed.
type quiet struct{}

func (quiet) Printf(context.Context, string, ...any) {}

func TestMain(m *testing.M) {
	redis.SetLogger(quiet{})
	m.Run()
}
