package delivery_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings"
	"briefbot/briefings/redistest"
	"briefbot/scheduler/delivery"
)

// patience is how long a test waits for what must happen.
const patience = 30 * time.Second

// town is a directory, a channel and a pace in memory.
type town struct {
	send func(n briefings.Notice) error     // nil: everybody is told
	look func(no briefings.MemberNo) string // reason to skip
	hold chan struct{}                      // when set, a request waits for it

	mu      sync.Mutex
	told    map[briefings.MemberNo]int
	order   []briefings.Key
	lost    []briefings.MemberID
	flying  int
	highest int
}

func newTown() *town { return &town{told: map[briefings.MemberNo]int{}} }

func (w *town) Recipients(_ context.Context, numbers []briefings.MemberNo) ([]briefings.Recipient, error) {
	list := make([]briefings.Recipient, 0, len(numbers))
	for _, no := range slices.Backward(numbers) {
		r := briefings.Recipient{No: no, ID: memberID(no), Chat: briefings.ChatID(no)}
		if w.look != nil {
			r.Skip = w.look(no)
		}
		list = append(list, r)
	}
	return list, nil
}

func memberID(no briefings.MemberNo) briefings.MemberID {
	return briefings.MemberID("M" + string(rune('A'+no%26)))
}

func (w *town) Send(ctx context.Context, n briefings.Notice) (briefings.Receipt, error) {
	w.mu.Lock()
	w.flying++
	w.highest = max(w.highest, w.flying)
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		w.flying--
		w.mu.Unlock()
	}()
	if w.hold != nil {
		select {
		case <-w.hold:
		case <-ctx.Done():
			return briefings.Receipt{}, ctx.Err()
		}
	}
	if w.send != nil {
		if err := w.send(n); err != nil {
			return briefings.Receipt{}, err
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.told[n.To.No]++
	w.order = append(w.order, n.Mailing.Key())
	return briefings.Receipt{Message: int32(n.To.No) + 1000}, nil
}

func (w *town) Wait(ctx context.Context, _ func() (briefings.Class, int, int)) error {
	return ctx.Err()
}

func (w *town) Unreachable(_ context.Context, member briefings.MemberID, _ string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lost = append(w.lost, member)
	return nil
}

func (w *town) counts() (people, most, sum int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, n := range w.told {
		people++
		most = max(most, n)
		sum += n
	}
	return people, most, sum
}

func (w *town) sentOf(key briefings.Key) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, k := range w.order {
		if k == key {
			n++
		}
	}
	return n
}

// between counts who was told something else from the first to the last notice of a mailing.
func (w *town) between(key briefings.Key) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	first, last, own := -1, -1, 0
	for i, k := range w.order {
		if k != key {
			continue
		}
		if first < 0 {
			first = i
		}
		last = i
		own++
	}
	return last + 1 - first - own
}

func upTo(n int) iter.Seq[briefings.MemberNo] {
	return func(yield func(briefings.MemberNo) bool) {
		for no := range n {
			if !yield(briefings.MemberNo(no + 1)) {
				return
			}
		}
	}
}

func invitation(subject string) briefings.Mailing {
	return briefings.Mailing{Kind: briefings.KindInvitation, Subject: subject, Revision: 1}
}

func briefing(subject string) briefings.Mailing {
	return briefings.Mailing{Kind: briefings.KindBriefing, Subject: subject, Occasion: "2026-11-23T07:00"}
}

// bench is an outbox and what its engines are made of.
type bench struct {
	*testing.T
	client *redis.Client
	outbox *delivery.Outbox
	town   *town
}

func newBench(t *testing.T, c *redis.Client) *bench {
	return &bench{T: t, client: c, outbox: delivery.NewOutbox(c, "test"), town: newTown()}
}

// engine starts an engine and returns what stops it and waits until it has.
func (b *bench) engine(replica string, change ...func(*delivery.EngineConfig)) (stop func()) {
	b.Helper()
	cfg := delivery.EngineConfig{
		Outbox: b.outbox, Directory: b.town, Sender: b.town, Pace: b.town, Unreachable: b.town, Replica: replica,
		Poll: 5 * time.Millisecond, Backoff: time.Millisecond, Workers: 8,
	}
	for _, c := range change {
		c(&cfg)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- delivery.New(cfg).Run(ctx) }()
	once := sync.OnceFunc(func() {
		cancel()
		select {
		case err := <-done:
			if err != nil {
				b.Errorf("Run = %v", err)
			}
		case <-time.After(patience):
			b.Error("Run does not return")
		}
	})
	b.Cleanup(once)
	return once
}

func (b *bench) put(m briefings.Mailing, people int) briefings.Key {
	b.Helper()
	added, err := b.outbox.Put(b.Context(), m, upTo(people))
	if err != nil || !added {
		b.Fatalf("Put = %v, %v; want true", added, err)
	}
	return m.Key()
}

func (b *bench) status(key briefings.Key) delivery.Status {
	b.Helper()
	s, err := b.outbox.Mailing(b.Context(), key)
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// await polls until the condition holds.
func await(t testing.TB, what string, holds func() bool) {
	t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline.C:
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

func (b *bench) awaitState(key briefings.Key, want delivery.State) delivery.Status {
	b.Helper()
	var s delivery.Status
	await(b, "state "+string(want), func() bool { s = b.status(key); return s.State == want })
	return s
}

func each(t *testing.T, body func(b *bench)) {
	redistest.Each(t, func(t *testing.T, c *redis.Client) { body(newBench(t, c)) })
}

func TestEverybodyIsToldOnce(t *testing.T) {
	each(t, func(b *bench) {
		b.engine("a")
		for _, m := range []briefings.Mailing{invitation("m1"), briefing("b7")} {
			b.town.mu.Lock()
			clear(b.town.told)
			b.town.mu.Unlock()
			key := b.put(m, 2345)
			s := b.awaitState(key, delivery.Done)
			if people, most, _ := b.town.counts(); people != 2345 || most != 1 {
				b.Fatalf("%s: %d people were told, one of them %d times", key, people, most)
			}
			if want := (delivery.Progress{Sent: 2345}); s.Counts != want {
				b.Fatalf("counts = %+v, want %+v", s.Counts, want)
			}
			receipts, err := b.outbox.Receipts(b.Context(), key)
			if err != nil || len(receipts) != 2345 || receipts[77].Message != 1077 {
				b.Fatalf("%d receipts, that of 77 is %v, %v", len(receipts), receipts[77], err)
			}
		}
	})
}

// errorWith is an error with every behaviour, each off by default.
type errorWith struct {
	permanent, unsent, ambiguous, content, moot, mistaken bool
	after                                                 time.Duration
	why                                                   string
}

func (e errorWith) Error() string             { return "channel says no" }
func (e errorWith) Permanent() bool           { return e.permanent }
func (e errorWith) Mistaken() bool            { return e.mistaken }
func (e errorWith) Unsent() bool              { return e.unsent }
func (e errorWith) Ambiguous() bool           { return e.ambiguous }
func (e errorWith) Content() bool             { return e.content }
func (e errorWith) Moot() bool                { return e.moot }
func (e errorWith) RetryAfter() time.Duration { return e.after }
func (e errorWith) Why() string               { return e.why }

var errPlain = errors.New("something else")
