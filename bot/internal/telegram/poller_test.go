package telegram

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"
)

// offsets is an Offsets in memory that fails on demand.
type offsets struct {
	mu    sync.Mutex
	next  int
	fails int // how many operations fail
}

func (o *offsets) Load(context.Context) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.fails > 0 {
		o.fails--
		return 0, errors.New("no Redis")
	}
	return o.next, nil
}

func (o *offsets) Save(_ context.Context, next int) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.fails > 0 {
		o.fails--
		return errors.New("no Redis")
	}
	o.next = next
	return nil
}

// polled plays turns: each answers one getUpdates; the last one ends the run.
func polled(t *testing.T, c PollerConfig, turns ...func(w http.ResponseWriter, offset int)) (slept []time.Duration, asked []int, err error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	turn := 0
	f := newFake(t, func(w http.ResponseWriter, r request) {
		if r.method != "getUpdates" {
			ok(w, true)
			return
		}
		offset, _ := strconv.Atoi(r.params.Get("offset"))
		asked = append(asked, offset)
		if turn >= len(turns) {
			cancel()
			ok(w, []any{})
			return
		}
		turn++
		turns[turn-1](w, offset)
	})
	c.Door = newDoor(t, f.URL)
	if c.Offsets == nil {
		c.Offsets = &offsets{}
	}
	c.Sleep = func(_ context.Context, d time.Duration) error {
		slept = append(slept, d)
		return nil
	}
	if c.Handle == nil {
		c.Handle = func(context.Context, []Update) error { return nil }
	}
	err = NewPoller(c).Run(ctx)
	return slept, asked, err
}

// brings answers with updates of these ids.
func brings(ids ...int) func(http.ResponseWriter, int) {
	return func(w http.ResponseWriter, _ int) {
		all := make([]any, len(ids))
		for i, n := range ids {
			all[i] = map[string]any{"update_id": n, "message": map[string]any{"message_id": 1}}
		}
		ok(w, all)
	}
}

// says answers with an error.
func says(code int, description string, parameters map[string]any) func(http.ResponseWriter, int) {
	return func(w http.ResponseWriter, _ int) { refuse(w, code, description, parameters) }
}

func TestTheOffsetMovesOnlyAfterTheHandling(t *testing.T) {
	var handled [][]int
	fail := true
	o := &offsets{next: 10}
	slept, asked, err := polled(t, PollerConfig{Offsets: o, Handle: func(_ context.Context, updates []Update) error {
		var ids []int
		for _, u := range updates {
			ids = append(ids, u.UpdateID)
		}
		handled = append(handled, ids)
		if fail {
			fail = false
			return errors.New("not handled")
		}
		return nil
	}}, brings(10, 11), brings(10, 11, 12), brings(13))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(asked, []int{10, 10, 13, 14}) {
		t.Errorf("asked from %v, want 10 10 13 14", asked)
	}
	if got := fmt.Sprint(handled); got != "[[10 11] [10 11 12] [13]]" {
		t.Errorf("handled %s", got)
	}
	if len(slept) != 1 || o.next != 14 {
		t.Errorf("slept %v, kept %d", slept, o.next)
	}
}

func TestAfterAQuietWeekALowerIDIsFollowed(t *testing.T) {
	o := &offsets{next: 900}
	_, asked, err := polled(t, PollerConfig{Offsets: o}, brings(5))
	if err != nil || !slices.Equal(asked, []int{900, 6}) || o.next != 6 {
		t.Fatalf("asked from %v, kept %d, %v", asked, o.next, err)
	}
}

func TestEachFailureHasItsReaction(t *testing.T) {
	for name, c := range map[string]struct {
		turn     func(http.ResponseWriter, int)
		min, max time.Duration
	}{
		"a named wait":    {says(429, "Too Many Requests: retry after 40", map[string]any{"retry_after": 40}), 40 * time.Second, 40 * time.Second},
		"another poller":  {says(409, "Conflict: terminated by other getUpdates request", nil), conflictWait, longWait},
		"a bad gateway":   {says(502, "Bad Gateway", nil), firstWait / 2, firstWait},
		"a restart":       {says(500, "Internal Server Error: restart", nil), firstWait / 2, firstWait},
		"a gateway page":  {func(w http.ResponseWriter, _ int) { http.Error(w, "<html>", http.StatusBadGateway) }, firstWait / 2, firstWait},
		"a proxy's 401":   {func(w http.ResponseWriter, _ int) { http.Error(w, "<html>", http.StatusUnauthorized) }, firstWait / 2, firstWait},
		"a broken answer": {func(w http.ResponseWriter, _ int) { _, _ = w.Write([]byte(`{"ok":true,"result":[`)) }, firstWait / 2, firstWait},
	} {
		slept, asked, err := polled(t, PollerConfig{Offsets: &offsets{next: 3}}, c.turn)
		if err != nil || len(slept) != 1 || slept[0] < c.min || slept[0] > c.max {
			t.Errorf("%s: slept %v, %v; want %s to %s", name, slept, err, c.min, c.max)
		}
		if !slices.Equal(asked, []int{3, 3}) {
			t.Errorf("%s: asked from %v, want 3 3", name, asked)
		}
	}
}

func TestTheBackOffGrowsAndForgets(t *testing.T) {
	bad := says(502, "Bad Gateway", nil)
	slept, _, err := polled(t, PollerConfig{}, bad, bad, bad, bad, bad, bad, bad, brings(1), bad)
	if err != nil || len(slept) != 8 {
		t.Fatalf("slept %v, %v", slept, err)
	}
	for i, seconds := range []int{1, 2, 4, 8, 16, 30, 30, 1} {
		want := time.Duration(seconds) * time.Second
		if slept[i] > want || slept[i] < want*3/4-time.Millisecond {
			t.Errorf("wait %d was %s, want about %s", i+1, slept[i], want)
		}
	}
}

func TestATokenNobodyKnowsEndsThePolling(t *testing.T) {
	for _, turn := range []func(http.ResponseWriter, int){
		says(401, "Unauthorized", nil), says(404, "Not Found", nil), says(421, "Misdirected Request: unallowed token specified", nil),
	} {
		slept, asked, err := polled(t, PollerConfig{}, turn)
		var e *Error
		if !errors.As(err, &e) || !e.Unauthorized() || len(slept) != 0 || len(asked) != 1 {
			t.Errorf("Run = %v after %d calls", err, len(asked))
		}
		assertLeaksNoToken(t, "the end of polling", err)
	}
}

func TestAWebhookInTheWayIsDeletedOnlyWhenThatIsWanted(t *testing.T) {
	active := says(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first", nil)
	for _, takeOver := range []bool{true, false} {
		slept, _, err := polled(t, PollerConfig{TakeOver: takeOver}, active)
		if err != nil || len(slept) != 1 || (slept[0] == 0) != takeOver {
			t.Errorf("take over %v: slept %v, %v", takeOver, slept, err)
		}
	}
}

func TestTheOffsetIsLoadedBeforeAnythingIsAsked(t *testing.T) {
	o := &offsets{next: 50, fails: 2}
	slept, asked, err := polled(t, PollerConfig{Offsets: o})
	if err != nil || !slices.Equal(asked, []int{50}) || len(slept) != 2 {
		t.Fatalf("asked from %v, slept %v, %v", asked, slept, err)
	}
}

func TestAnUndecodableUpdateDoesNotHoldUpTheOthers(t *testing.T) {
	var got []Update
	_, asked, err := polled(t, PollerConfig{
		Offsets: &offsets{next: 10},
		Handle:  func(_ context.Context, updates []Update) error { got = updates; return nil },
	}, func(w http.ResponseWriter, _ int) {
		ok(w, []any{
			map[string]any{"update_id": 10, "message": map[string]any{"date": "yesterday"}},
			map[string]any{"update_id": 11, "message": map[string]any{"message_id": 5}, "new_kind": 1},
			map[string]any{"update_id": "12"},
			"not even an object",
		})
	})
	if err != nil || !slices.Equal(asked, []int{10, 14}) {
		t.Fatalf("asked from %v, %v; want 10 14", asked, err)
	}
	for i, broken := range []bool{true, false, true, true} {
		if got[i].UpdateID != 10+i || (got[i].Broken != nil) != broken {
			t.Errorf("update %d: id %d, %v", i, got[i].UpdateID, got[i].Broken)
		}
	}
	if got[1].Message.MessageID != 5 || got[1].Kind() != "message" || len(got[1].Raw) == 0 {
		t.Errorf("the good one came as %+v", got[1])
	}
}

func TestABatchUnderWayIsFinishedWhenTheEndIsAskedFor(t *testing.T) {
	f := newFake(t, func(w http.ResponseWriter, _ request) { brings(1)(w, 0) })
	ctx, cancel := context.WithCancel(t.Context())
	o := &offsets{}
	err := NewPoller(PollerConfig{Door: newDoor(t, f.URL), Offsets: o, Handle: func(work context.Context, _ []Update) error {
		cancel()
		return work.Err()
	}}).Run(ctx)
	if err != nil || o.next != 2 {
		t.Fatalf("Run = %v, kept %d; want nil, 2", err, o.next)
	}
}

func TestABatchThatDoesNotFinishIsCutShort(t *testing.T) {
	f := newFake(t, func(w http.ResponseWriter, _ request) { brings(1)(w, 0) })
	ctx, cancel := context.WithCancel(t.Context())
	o := &offsets{}
	err := NewPoller(PollerConfig{
		Door: newDoor(t, f.URL), Offsets: o, Grace: time.Millisecond,
		Handle: func(work context.Context, _ []Update) error {
			cancel()
			<-work.Done()
			return work.Err()
		},
	}).Run(ctx)
	if err != nil || o.next != 0 {
		t.Fatalf("Run = %v, kept %d; want nil, 0", err, o.next)
	}
}
