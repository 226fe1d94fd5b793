package bot

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"briefbot/bot/internal/telegram"
)

// placeHeld is an Offsets that also knows the place while Redis is away.
type placeHeld struct {
	telegram.Offsets
	next *atomic.Int64
}

// Load implements telegram.Offsets.
func (p placeHeld) Load(ctx context.Context) (int, error) {
	n, err := p.Offsets.Load(ctx)
	if err == nil {
		p.next.Store(int64(n))
	}
	return n, err
}

// Save implements telegram.Offsets.
func (p placeHeld) Save(ctx context.Context, next int) error {
	err := p.Offsets.Save(ctx, next)
	if !errors.Is(err, telegram.ErrOvertaken) {
		p.next.Store(int64(next))
	}
	return err
}

// vigilPatience is how long Redis may take to say that it is there.
const vigilPatience = time.Second

// Vigil tells whoever taps that nothing can be stored now, and an administrator who asks for the status why, for as long as Redis does
// not answer. The replica that polled until then keeps it, after it gave up the lease: it stores nothing and confirms nothing, so all
// that was done meanwhile comes again and is handled by whoever polls next.
func (b *Bot) Vigil(ctx context.Context) {
	telegram.KeepVigil(ctx, telegram.VigilConfig{
		Door: b.door, Offset: int(b.place.Load()), Excuse: b.updates.Excuse, Allowed: allowedUpdates,
		Away: func(ctx context.Context) bool {
			bound, cancel := context.WithTimeout(ctx, vigilPatience)
			defer cancel()
			return b.Redis.Ping(bound).Err() != nil
		},
	})
}

// excuses are the presses whose people were told that nothing could be stored. When one of them is handled at last, its query has had
// its one answer.
type excuses struct {
	mu      sync.Mutex
	queries map[string]bool
}

// excusesKept bounds how many are remembered. Beyond it an answer is refused by Telegram, which harms nobody.
const excusesKept = 10000

func (e *excuses) add(query string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.queries == nil || len(e.queries) >= excusesKept {
		e.queries = map[string]bool{}
	}
	e.queries[query] = true
}

// take reports whether the query was answered, and forgets it.
func (e *excuses) take(query string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	known := e.queries[query]
	delete(e.queries, query)
	return known
}
