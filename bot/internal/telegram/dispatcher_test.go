package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings/redistest"
)

// update makes a message of a person.
func update(id int, person int64) Update {
	raw := fmt.Sprintf(`{"update_id":%d,"message":{"message_id":1,"from":{"id":%d},"chat":{"id":%d},"text":"bí mật"}}`, id, person, person)
	return decodeUpdate(json.RawMessage(raw))
}

// memory is the Seen of one process, that fails on demand.
type memory struct {
	mu   sync.Mutex
	ids  map[int]bool // handled
	held map[int]bool
	kept chan []int // when set: what was kept in hand
	fail error
}

func (m *memory) Claim(_ context.Context, ids []int, _ time.Duration) ([]Claim, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	claims := make([]Claim, len(ids))
	for i, n := range ids {
		switch {
		case m.ids[n]:
			claims[i] = Done
		case m.held[n]:
			claims[i] = Own
		case m.fail == nil:
			if m.held == nil {
				m.held = map[int]bool{}
			}
			m.held[n] = true
		}
	}
	return claims, m.fail
}

func (m *memory) Keep(ctx context.Context, ids []int, _ time.Duration) error {
	if m.kept == nil {
		return nil
	}
	select {
	case m.kept <- ids:
	case <-ctx.Done():
	}
	return nil
}

func (m *memory) Release(_ context.Context, ids []int) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, n := range ids {
		delete(m.held, n)
	}
	return nil
}

func (m *memory) Mark(_ context.Context, id int) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		return m.fail
	}
	if m.ids == nil {
		m.ids = map[int]bool{}
	}
	m.ids[id] = true
	return nil
}

// journal records what was handled, by person.
type journal struct {
	mu sync.Mutex
	by map[int64][]int
}

func (j *journal) write(u Update) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.by == nil {
		j.by = map[int64][]int{}
	}
	j.by[u.Person()] = append(j.by[u.Person()], u.UpdateID)
}

// TestAWholeBatchIsHandledSideBySide has everybody of one poll wait for each other: were there fewer places than people, nobody got done.
func TestAWholeBatchIsHandledSideBySide(t *testing.T) {
	const most = 100 // that one poll brings, and that a webhook has under way
	var together sync.WaitGroup
	together.Add(most)
	d := NewDispatcher(DispatcherConfig{Seen: &memory{}, Handle: func(ctx context.Context, _ Update) error {
		together.Done()
		met := make(chan struct{})
		go func() {
			together.Wait()
			close(met)
		}()
		select {
		case <-met:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}})
	var updates []Update
	for i := range most {
		updates = append(updates, update(i+1, int64(i+1)))
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := d.Handle(ctx, updates); err != nil {
		t.Errorf("handled one after the other: %v", err)
	}
}

func TestOnePersonsUpdatesAreHandledInOrder(t *testing.T) {
	var j journal
	d := NewDispatcher(DispatcherConfig{Workers: 4, Seen: &memory{}, Handle: func(_ context.Context, u Update) error {
		j.write(u)
		return nil
	}})
	var batch []Update
	for i := range 300 {
		batch = append(batch, update(i+1, int64(i%7+1)))
	}
	if err := d.Handle(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	total := 0
	for person, ids := range j.by {
		total += len(ids)
		if !slices.IsSorted(ids) {
			t.Errorf("person %d: %v", person, ids)
		}
	}
	if total != 300 || len(d.waiting) != 0 {
		t.Errorf("%d handled, %d queues left; want 300, 0", total, len(d.waiting))
	}
}

func TestDifferentPeopleAreHandledSideBySideWithinTheBound(t *testing.T) {
	const workers = 3
	arrived, release := make(chan struct{}, 10), make(chan struct{})
	var mu sync.Mutex
	running, most := 0, 0
	d := NewDispatcher(DispatcherConfig{Workers: workers, Seen: &memory{}, Handle: func(context.Context, Update) error {
		mu.Lock()
		running++
		most = max(most, running)
		mu.Unlock()
		arrived <- struct{}{}
		<-release
		mu.Lock()
		running--
		mu.Unlock()
		return nil
	}})
	done := make(chan struct{})
	go func() {
		defer close(done)
		var batch []Update
		for i := range 10 {
			batch = append(batch, update(i+1, int64(i+1)))
		}
		if err := d.Handle(t.Context(), batch); err != nil {
			t.Error(err)
		}
	}()
	for range workers {
		eventually(t, "a handling", readable(arrived))
	}
	close(release)
	eventually(t, "the end of the batch", done)
	if most != workers {
		t.Errorf("%d side by side, want %d", most, workers)
	}
}

// readable is closed when a value was taken from c.
func readable(c <-chan struct{}) <-chan struct{} {
	done := make(chan struct{})
	go func() {
		<-c
		close(done)
	}()
	return done
}

func TestARepeatedUpdateChangesNothing(t *testing.T) {
	redistest.Each(t, func(t *testing.T, c *redis.Client) {
		var j journal
		handle := func(_ context.Context, u Update) error { j.write(u); return nil }
		batch := []Update{update(1, 7), update(2, 7)}
		for range 3 {
			// Another replica, or the same one after a restart.
			d := NewDispatcher(DispatcherConfig{Seen: NewRedisSeen(c, "t", "a"), Handle: handle})
			if err := d.Handle(t.Context(), batch); err != nil {
				t.Fatal(err)
			}
		}
		// A lower id that comes later is not a repetition.
		d := NewDispatcher(DispatcherConfig{Seen: NewRedisSeen(c, "t", "a"), Handle: handle})
		if err := d.Handle(t.Context(), []Update{update(5, 7)}); err != nil {
			t.Fatal(err)
		}
		if err := d.Handle(t.Context(), []Update{update(4, 7)}); err != nil {
			t.Fatal(err)
		}
		if got := j.by[7]; !slices.Equal(got, []int{1, 2, 5, 4}) {
			t.Fatalf("handled %v, want 1 2 5 4", got)
		}
		if left := c.TTL(t.Context(), "t:update:1").Val(); left <= 0 || left > seenFor {
			t.Fatalf("a mark lives %s", left)
		}
	})
}

func TestTheSameUpdateDeliveredTwiceAtOnceIsHandledOnce(t *testing.T) {
	entered, release := make(chan struct{}), make(chan struct{})
	var j journal
	var once sync.Once
	d := NewDispatcher(DispatcherConfig{Seen: &memory{}, Handle: func(_ context.Context, u Update) error {
		j.write(u)
		once.Do(func() { close(entered) })
		<-release
		return nil
	}})
	var group sync.WaitGroup
	deliver := func() {
		if err := d.Handle(t.Context(), []Update{update(1, 7)}); err != nil {
			t.Error(err)
		}
	}
	group.Go(deliver)
	eventually(t, "the first handling", entered)
	group.Go(deliver)
	close(release)
	group.Wait()
	if got := j.by[7]; len(got) != 1 {
		t.Fatalf("handled %v", got)
	}
}

// slowMemory answers from what it knew before something else happened.
type slowMemory struct {
	memory
	meanwhile func()
}

func (m *slowMemory) Claim(ctx context.Context, ids []int, hold time.Duration) ([]Claim, error) {
	claims, err := m.memory.Claim(ctx, ids, hold)
	if act := m.meanwhile; act != nil {
		m.meanwhile = nil
		act()
	}
	return claims, err
}

func TestAnUpdateThatIsHandledWhileItIsLookedUpAgainIsHandledOnce(t *testing.T) {
	var j journal
	seen := &slowMemory{}
	d := NewDispatcher(DispatcherConfig{Seen: seen, Handle: func(_ context.Context, u Update) error {
		j.write(u)
		return nil
	}})
	seen.meanwhile = func() {
		if err := d.Handle(t.Context(), []Update{update(1, 7)}); err != nil {
			t.Error(err)
		}
	}
	if err := d.Handle(t.Context(), []Update{update(1, 7), update(2, 7)}); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(j.by[7], []int{1, 2}) || len(d.inHand) != 0 {
		t.Errorf("handled %v with %d in hand; want each once and none", j.by[7], len(d.inHand))
	}
}

func TestAFailedUpdateComesAgainAndHoldsBackWhatFollowsIt(t *testing.T) {
	var j journal
	broken := true
	d := NewDispatcher(DispatcherConfig{Workers: 1, Seen: &memory{}, Handle: func(_ context.Context, u Update) error {
		if u.UpdateID == 2 && broken {
			return errors.New("no answer from the store")
		}
		j.write(u)
		return nil
	}})
	batch := []Update{update(1, 7), update(2, 7), update(3, 7), update(4, 8)}
	if err := d.Handle(t.Context(), batch); err == nil {
		t.Fatal("a failed update passes for handled")
	}
	if !slices.Equal(j.by[7], []int{1}) || !slices.Equal(j.by[8], []int{4}) {
		t.Fatalf("handled %v, want 1 of person 7 and 4 of person 8", j.by)
	}
	broken = false
	if err := d.Handle(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(j.by[7], []int{1, 2, 3}) || !slices.Equal(j.by[8], []int{4}) {
		t.Fatalf("handled %v", j.by)
	}
}

func TestWhatWasHandledIsRememberedWhenTheEndComesMeanwhile(t *testing.T) {
	redistest.Each(t, func(t *testing.T, c *redis.Client) {
		ctx, cancel := context.WithCancel(t.Context())
		seen := NewRedisSeen(c, "t", "a")
		d := NewDispatcher(DispatcherConfig{Seen: seen, Handle: func(context.Context, Update) error {
			cancel()
			return nil
		}})
		if err := d.Handle(ctx, []Update{update(1, 7), update(2, 7)}); !errors.Is(err, context.Canceled) {
			t.Errorf("Handle = %v, want Canceled for the second", err)
		}
		if claims, err := NewRedisSeen(c, "t", "b").Claim(t.Context(), []int{1, 2}, time.Minute); err != nil || !slices.Equal(claims, []Claim{Done, Fresh}) {
			t.Errorf("another process finds %v, %v; want the first done and the second free", claims, err)
		}
	})
}

func TestAnUpdateThatKeepsFailingIsPutAside(t *testing.T) {
	var aside []int
	seen := &memory{}
	d := NewDispatcher(DispatcherConfig{
		Seen: seen, Attempts: 3,
		Handle: func(context.Context, Update) error { return errors.New("no") },
		DeadLetter: func(_ context.Context, u Update, why error) error {
			aside = append(aside, u.UpdateID)
			return nil
		},
	})
	for range 2 {
		if err := d.Handle(t.Context(), []Update{update(1, 7)}); err == nil {
			t.Fatal("put aside too early")
		}
	}
	seen.fail = errors.New("Redis is away")
	if err := d.Handle(t.Context(), []Update{update(1, 7)}); err == nil {
		t.Fatal("put aside while that cannot be remembered")
	}
	seen.fail = nil
	if err := d.Handle(t.Context(), []Update{update(1, 7)}); err != nil || !slices.Equal(aside, []int{1}) {
		t.Fatalf("Handle = %v, aside %v", err, aside)
	}
}

func TestAPanicIsHandledAndItsContentIsNotLogged(t *testing.T) {
	var log bytes.Buffer
	seen := &memory{}
	d := NewDispatcher(DispatcherConfig{
		Seen: seen, Log: slog.New(slog.NewTextHandler(&log, nil)),
		Handle: func(_ context.Context, u Update) error {
			if u.UpdateID == 1 {
				panic(u.Message.Text)
			}
			_ = []int{}[u.UpdateID]
			return nil
		},
	})
	if err := d.Handle(t.Context(), []Update{update(1, 7), update(2, 7)}); err != nil {
		t.Fatal(err)
	}
	if !seen.ids[1] || !seen.ids[2] {
		t.Error("an update that panics comes again")
	}
	if text := log.String(); strings.Contains(text, "bí mật") || !strings.Contains(text, "index out of range") || !strings.Contains(text, "update=1") {
		t.Errorf("log: %s", text)
	}
}

func TestABrokenUpdateIsPutAsideWithItsID(t *testing.T) {
	var aside Update
	d := NewDispatcher(DispatcherConfig{
		Seen:       &memory{},
		Handle:     func(context.Context, Update) error { t.Error("handled"); return nil },
		DeadLetter: func(_ context.Context, u Update, why error) error { aside = u; return nil },
	})
	u := decodeUpdate(json.RawMessage(`{"update_id":9,"message":{"date":"bí mật"}}`))
	if err := d.Handle(t.Context(), []Update{u}); err != nil {
		t.Fatal(err)
	}
	if aside.UpdateID != 9 || aside.Broken == nil || strings.Contains(aside.Broken.Error(), "mật") {
		t.Fatalf("put aside %d: %v", aside.UpdateID, aside.Broken)
	}
}

func TestTheOffsetIsKept(t *testing.T) {
	redistest.Each(t, func(t *testing.T, c *redis.Client) {
		o := NewRedisOffsets(c, "t:offset", 1)
		if n, err := o.Load(t.Context()); n != 0 || err != nil {
			t.Fatalf("Load = %d, %v; want 0", n, err)
		}
		if err := o.Save(t.Context(), 42); err != nil {
			t.Fatal(err)
		}
		if n, err := NewRedisOffsets(c, "t:offset", 1).Load(t.Context()); n != 42 || err != nil {
			t.Fatalf("Load = %d, %v; want 42", n, err)
		}
	})
}

func TestHandlerSeesWhatThePersonDidMeanwhile(t *testing.T) {
	behind := map[int][]int{}
	var mu sync.Mutex
	d := NewDispatcher(DispatcherConfig{Workers: 1, Seen: &memory{}, Handle: func(ctx context.Context, u Update) error {
		mu.Lock()
		defer mu.Unlock()
		for _, w := range Waiting(ctx) {
			behind[u.UpdateID] = append(behind[u.UpdateID], w.UpdateID)
		}
		return nil
	}})
	d.slots <- struct{}{} // nothing is handled before everything waits
	done := make(chan error, 1)
	go func() {
		done <- d.Handle(t.Context(), []Update{update(1, 7), update(2, 8), update(3, 7), update(4, 7)})
	}()
	for waiting := 0; waiting < 2; {
		d.mu.Lock()
		waiting = len(d.waiting[7])
		d.mu.Unlock()
		runtime.Gosched()
	}
	<-d.slots
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(behind[1], []int{3, 4}) || !slices.Equal(behind[3], []int{4}) || len(behind[2]) > 0 || len(behind[4]) > 0 {
		t.Errorf("the handlers saw %v", behind)
	}
}

func TestPollerThatWasOvertakenKeepsNothing(t *testing.T) {
	redistest.Each(t, func(t *testing.T, c *redis.Client) {
		ctx := t.Context()
		if err := c.Set(ctx, "t:offset", 40, 0).Err(); err != nil { // as it was kept before there were fences
			t.Fatal(err)
		}
		former, latter := NewRedisOffsets(c, "t:offset", 9), NewRedisOffsets(c, "t:offset", 10)
		for _, step := range []struct {
			by   *RedisOffsets
			next int
			want error
		}{{former, 50, nil}, {latter, 60, nil}, {former, 55, ErrOvertaken}, {latter, 7, nil}} { // ids may start anew
			if err := step.by.Save(ctx, step.next); !errors.Is(err, step.want) {
				t.Fatalf("save %d: %v; want %v", step.next, err, step.want)
			}
		}
		if n, err := former.Load(ctx); n != 7 || err != nil {
			t.Fatalf("Load = %d, %v", n, err)
		}
	})
}

func TestSenderIsToldOnceThatNothingIsKeptNow(t *testing.T) {
	var mu sync.Mutex
	var told []int
	broken := errors.New("down")
	seen := &memory{fail: broken}
	d := NewDispatcher(DispatcherConfig{
		Seen: seen, Handle: func(context.Context, Update) error { return broken },
		Unkept: func(_ context.Context, u Update) {
			mu.Lock()
			defer mu.Unlock()
			told = append(told, u.UpdateID)
		},
	})
	batch := []Update{update(1, 7), update(2, 8)}
	for range 3 { // the store does not answer; then it does, and the handling fails
		if err := d.Handle(t.Context(), batch); !errors.Is(err, broken) {
			t.Fatalf("Handle = %v", err)
		}
		seen.mu.Lock()
		seen.fail = nil
		seen.mu.Unlock()
	}
	slices.Sort(told)
	if !slices.Equal(told, []int{1, 2}) {
		t.Errorf("told of %v", told)
	}
}
