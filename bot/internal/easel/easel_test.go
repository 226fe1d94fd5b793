package easel

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"go.uber.org/goleak"

	"briefbot/briefings"
	"briefbot/briefings/redistest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// wall is where cards are drawn.
type wall struct {
	mu    sync.Mutex
	drawn []Card
	at    map[int64]int // by chat: how many are being drawn
	twice bool          // a chat was drawn twice at once
	came  chan Card
	gate  chan struct{}             // when set: each drawing waits for a word
	fail  func(c Card, n int) error // n counts the drawings
}

func newWall() *wall { return &wall{at: map[int64]int{}, came: make(chan Card, 1000)} }

func (w *wall) draw(_ context.Context, c Card) error {
	w.mu.Lock()
	w.at[c.Chat]++
	w.twice = w.twice || w.at[c.Chat] > 1
	w.drawn = append(w.drawn, c)
	n := len(w.drawn)
	w.mu.Unlock()
	w.came <- c
	if w.gate != nil {
		<-w.gate
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at[c.Chat]--
	if w.fail != nil {
		return w.fail(c, n)
	}
	return nil
}

func (w *wall) next(t *testing.T) Card {
	t.Helper()
	select {
	case c := <-w.came:
		return c
	case <-time.After(10 * time.Second):
		t.Fatal("nothing is drawn")
		return Card{}
	}
}

func (w *wall) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.drawn)
}

func onto(w *wall, c redis.UniversalClient) Config {
	return Config{Redis: c, Prefix: "t", Draw: w.draw, Slot: func(ctx context.Context, _, _ int) error { return ctx.Err() }}
}

// run draws until the test or the returned function ends it.
func run(t *testing.T, e *Easel) (end func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	over := make(chan struct{})
	go func() {
		defer close(over)
		e.Run(ctx)
	}()
	end = func() {
		cancel()
		<-over
	}
	t.Cleanup(end)
	return end
}

func card(chat int64, message int) Card {
	return Card{Chat: chat, Message: message, Meeting: "m1", Seat: "M1", Viewer: briefings.MemberID("M1")}
}

func marked(t *testing.T, c redis.UniversalClient) int64 {
	t.Helper()
	n, err := c.HLen(context.Background(), "t:owed").Result()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWhatIsOwedOftenIsDrawnOnceAfterTheLast(t *testing.T) {
	redistest.Each(t, func(t *testing.T, c *redis.Client) {
		w := newWall()
		w.gate = make(chan struct{})
		e := New(onto(w, c))
		end := run(t, e)
		e.Owe(t.Context(), card(7, 1))
		w.next(t)
		for range 5 { // while it is being drawn, the facts change on
			e.Owe(t.Context(), card(7, 1))
		}
		e.Owe(t.Context(), card(7, 2))
		close(w.gate)
		got := []Card{w.next(t), w.next(t)}
		end()
		if !slices.Equal(got, []Card{card(7, 1), card(7, 2)}) || w.count() != 3 || w.twice {
			t.Errorf("drawn %v; want the first message once more, then the second, one at a time", w.drawn)
		}
		if n := marked(t, c); n != 0 || e.Waiting() != 0 {
			t.Errorf("%d marks and %d chats are left", n, e.Waiting())
		}
	})
}

func TestWhoWritesToAChatTakesWhatItIsOwed(t *testing.T) {
	redistest.Each(t, func(t *testing.T, c *redis.Client) {
		w := newWall()
		w.gate = make(chan struct{})
		e := New(onto(w, c))
		end := run(t, e)
		e.Owe(t.Context(), card(7, 1))
		w.next(t)
		e.Owe(t.Context(), card(7, 2))
		taken := make(chan []Card)
		go func() {
			cards, err := e.Take(t.Context(), 7)
			if err != nil {
				t.Error(err)
			}
			taken <- cards
		}()
		select {
		case cards := <-taken:
			t.Errorf("took %v while a card was being drawn", cards)
		case w.gate <- struct{}{}:
		}
		select {
		case cards := <-taken:
			if !slices.Equal(cards, []Card{card(7, 2)}) {
				t.Errorf("took %v; want the second", cards)
			}
			e.Withdraw(t.Context(), 7, 2)
		case w.gate <- struct{}{}: // the second was drawn before the hand reached for it
			if cards := <-taken; len(cards) != 0 {
				t.Errorf("took %v, which is drawn", cards)
			}
		}
		end()
		if n := marked(t, c); n != 0 || w.twice {
			t.Errorf("%d marks are left", n)
		}
	})
}

func TestACardOutlivesTheProcessThatOwesIt(t *testing.T) {
	redistest.Each(t, func(t *testing.T, c *redis.Client) {
		killed := New(onto(newWall(), c))
		killed.Owe(t.Context(), card(7, 1))
		killed.Owe(t.Context(), card(8, 1))

		w := newWall()
		settings := onto(w, c)
		settings.Now = func() time.Time { return time.Now().Add(time.Minute) }
		heir := New(settings)
		early := New(onto(newWall(), c))
		if n, err := early.Adopt(t.Context()); n != 0 || err != nil {
			t.Errorf("adopted %d, %v; want none while another may be at it", n, err)
		}
		for _, want := range []int{2, 0} {
			if n, err := heir.Adopt(t.Context()); n != want || err != nil {
				t.Errorf("adopted %d, %v; want %d", n, err, want)
			}
		}
		end := run(t, heir)
		got := []int64{w.next(t).Chat, w.next(t).Chat}
		slices.Sort(got)
		end()
		if n := marked(t, c); !slices.Equal(got, []int64{7, 8}) || n != 0 {
			t.Errorf("drawn for %v with %d marks left", got, n)
		}
	})
}

func TestAMessageThatShowsSomethingElseIsNotDrawnOver(t *testing.T) {
	redistest.Each(t, func(t *testing.T, c *redis.Client) {
		w := newWall()
		late, other := New(onto(w, c)), New(onto(newWall(), c))
		late.Owe(t.Context(), card(7, 1))
		late.Owe(t.Context(), card(8, 1))
		other.Withdraw(t.Context(), 7, 1) // another replica shows a question there
		end := run(t, late)
		w.next(t)
		end()
		if w.count() != 1 || w.drawn[0].Chat != 8 {
			t.Errorf("drawn %v; want chat 8 alone", w.drawn)
		}
		// A card that is owed after that is drawn, however late the word of it comes.
		late.Owe(t.Context(), card(7, 1))
		if err := late.marks.drop(t.Context(), owed{Card: card(7, 1), mark: 1}); err != nil || marked(t, c) != 1 {
			t.Errorf("an old word took a new card's mark: %v", err)
		}
	})
}

func TestACardIsTriedAgainAndRemainsOwed(t *testing.T) {
	redistest.Each(t, func(t *testing.T, c *redis.Client) {
		w := newWall()
		broken := errors.New("no answer")
		w.fail = func(c Card, n int) error {
			switch {
			case c.Chat == 8:
				return broken // never worth another try
			case n < 3:
				return Again{Cause: broken}
			}
			return nil
		}
		e := New(onto(w, c))
		e.pause, e.grace = time.Millisecond, 10*time.Millisecond
		end := run(t, e)
		e.Owe(t.Context(), card(7, 1))
		for range 3 {
			w.next(t)
		}
		e.Owe(t.Context(), card(8, 1))
		w.next(t)
		end()
		if n := marked(t, c); n != 0 {
			t.Errorf("%d marks are left", n)
		}

		w.fail = func(Card, int) error { return Again{Cause: broken} }
		e = New(onto(w, c))
		e.grace = time.Millisecond
		end = run(t, e)
		e.Owe(t.Context(), card(9, 1))
		w.next(t)
		end()
		if n := marked(t, c); n != 1 {
			t.Errorf("%d marks are left; want the one that could not be drawn", n)
		}
	})
}

func TestWhatWaitsIsDrawnBeforeTheEnd(t *testing.T) {
	redistest.Each(t, func(t *testing.T, c *redis.Client) {
		w := newWall()
		e := New(onto(w, c))
		const chats = 200
		for i := range int64(chats) {
			e.Owe(t.Context(), card(i+1, 1))
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		e.Run(ctx)
		if n := marked(t, c); w.count() != chats || n != 0 || w.twice {
			t.Errorf("%d drawn, %d marks left; want %d and none", w.count(), n, chats)
		}
	})
}
