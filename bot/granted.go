package bot

import (
	"context"
	"errors"
	"sync"
	"time"

	"briefbot/bot/internal/pace"
	"briefbot/bot/internal/telegram"
	"briefbot/briefings"
)

// granted are the bulk slots that the delivery waited for and no request has used yet. A slot belongs to no notice: a request takes
// the oldest that is still good.
type granted struct {
	mu    sync.Mutex
	slots []pace.Slot
}

// put keeps a slot and drops those whose time is over.
func (g *granted) put(slot pace.Slot, good func(pace.Slot) bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	kept := g.slots[:0]
	for _, s := range g.slots {
		if good(s) {
			kept = append(kept, s)
		}
	}
	g.slots = append(kept, slot)
}

// take returns the oldest slot that is good.
func (g *granted) take(good func(pace.Slot) bool) (pace.Slot, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for len(g.slots) > 0 {
		slot := g.slots[0]
		g.slots = g.slots[1:]
		if good(slot) {
			return slot, true
		}
	}
	return pace.Slot{}, false
}

// Wait returns when a slot of the bulk lane has come: the pace that the delivery keeps. The slot is there for the next request.
func (b *Bot) Wait(ctx context.Context, want func() (class briefings.Class, ready, hands int)) error {
	slot, err := b.pace.Take(ctx, pace.Bulk, func() pace.Demand {
		class, ready, hands := want()
		return pace.Demand{Class: int(class), Ready: ready, Hands: hands}
	})
	if err != nil {
		return err
	}
	b.granted.put(slot, b.pace.Good)
	return nil
}

// slotPatience is how long a notice whose slot was over waits for another with its words at hand. Beyond that it goes back to the
// delivery: a lane that is blocked for minutes must not be full of notices when something urgent comes, or a pause.
const slotPatience = time.Second

// slotted makes one call of the bulk lane to a chat in a slot of its own. Choosing the words may have taken longer than the slot waits; then
// the call waits a little for another. It is given up when the notice is wanted no more before it has left. What it says with the
// options belongs to the slot: whether it is paid for.
func (b *Bot) slotted(ctx context.Context, chat int64, class briefings.Class, call func(ctx context.Context, opts ...telegram.Option) error) error {
	place, wait, err := b.pace.Enter(ctx, chat)
	if err != nil {
		return unslotted{cause: err}
	}
	if wait > 0 {
		return crowded{wait}
	}
	slot, ok := b.granted.take(b.pace.Good)
	if !ok {
		soon, cancel := context.WithTimeout(briefings.Going(ctx), slotPatience)
		defer cancel()
		slot, err = b.pace.Take(soon, pace.Bulk, func() pace.Demand { return pace.Demand{Class: int(class), Ready: 1, Hands: 1} })
		if err != nil {
			b.vacate(ctx, place)
			return unslotted{cause: err, missed: soon.Err() != nil}
		}
	}
	ctx = telegram.OnWritten(ctx, func(at time.Time) {
		if err := b.pace.Sent(ctx, slot, at); err != nil {
			b.Log.WarnContext(ctx, "pace not slowed", "err", err)
		}
	})
	var opts []telegram.Option
	if slot.Paid {
		opts = append(opts, telegram.Paid())
	}
	err = call(ctx, opts...)
	var refused *telegram.Error
	switch {
	case err == nil:
		b.crowd.tell(chat, time.Now())
	case errors.As(err, &refused) && refused.Unsent():
		b.vacate(ctx, place)
	}
	return err
}

// vacate gives a place in a chat back.
func (b *Bot) vacate(ctx context.Context, place pace.Place) {
	if err := b.pace.Leave(ctx, place); err != nil {
		b.Log.WarnContext(ctx, "a place in a chat is lost", "err", err)
	}
}

// unslotted says that a request was not made because no slot was to be had.
type unslotted struct {
	cause  error
	missed bool // none came in time, which is nobody's fault
}

func (u unslotted) Error() string { return "wait for a slot: " + u.cause.Error() }

func (u unslotted) Unwrap() error { return u.cause }

// Unsent is the behaviour by which the delivery knows that nothing went out.
func (u unslotted) Unsent() bool { return true }

// Missed is the behaviour by which it knows that another slot is all that is needed.
func (u unslotted) Missed() bool { return u.missed }
