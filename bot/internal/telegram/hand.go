package telegram

import (
	"context"
	"errors"
	"time"
)

// ErrTaken says that another process has an update in hand. It comes again, in case that one does not finish it.
var ErrTaken = errors.New("another process has the update in hand")

// hand is an update between being asked for and being done with, over all deliveries of it to this process.
type hand struct {
	deliveries int
	handled    bool
}

// take notes that updates are asked for.
func (d *Dispatcher) take(ids []int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, id := range ids {
		h := d.inHand[id]
		if h == nil {
			h = &hand{}
			d.inHand[id] = h
		}
		h.deliveries++
	}
}

// leave notes that a delivery is done with updates. Those that it left unhandled are free for everybody, unless another delivery of
// theirs is still at work.
func (d *Dispatcher) leave(ctx context.Context, ids, unhandled []int) {
	d.mu.Lock()
	var free []int
	for _, id := range ids {
		if d.inHand[id].deliveries--; d.inHand[id].deliveries == 0 {
			delete(d.inHand, id)
		}
	}
	for _, id := range unhandled {
		if d.inHand[id] == nil {
			free = append(free, id)
		}
	}
	d.mu.Unlock()
	if len(free) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), markLimit)
	defer cancel()
	if err := d.config.Seen.Release(ctx, free); err != nil { // then they are free when the hold is over
		d.config.Log.Debug("updates not let go of", "err", err)
	}
}

// until is when what was asked for at a moment must be asked for anew, a fifth before others may have it.
func (d *Dispatcher) until(asked time.Time) time.Time {
	return asked.Add(d.config.Hold - d.config.Hold/5)
}

// keep holds on to the updates of a batch, in case that their handling takes long, until it is stopped.
func (d *Dispatcher) keep(b *batch, ids []int) (stop func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(b.ctx))
	over := make(chan struct{})
	go func() {
		defer close(over)
		tick := time.NewTicker(d.config.Hold / 3)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			asked := time.Now()
			if err := d.config.Seen.Keep(ctx, ids, d.config.Hold); err != nil {
				if ctx.Err() == nil {
					d.config.Log.Debug("updates not kept in hand", "err", err)
				}
				continue
			}
			b.mu.Lock()
			b.until = d.until(asked)
			b.mu.Unlock()
		}
	}()
	return func() {
		cancel()
		<-over
	}
}

// settled reports that nothing is left to do for a task whose turn has come, or why it cannot be done now. What was claimed when it came
// in is not asked about again, unless the hold ran out while it waited.
func (d *Dispatcher) settled(ctx context.Context, t task) (bool, error) {
	id := t.update.UpdateID
	d.mu.Lock()
	handled := d.inHand[id].handled
	d.mu.Unlock()
	if handled {
		return true, nil
	}
	t.batch.mu.Lock()
	stale := !time.Now().Before(t.batch.until)
	t.batch.mu.Unlock()
	claim := t.claim
	if claim == Own || stale {
		claims, err := d.config.Seen.Claim(ctx, []int{id}, d.config.Hold)
		if err != nil {
			return false, err
		}
		claim = claims[0]
	}
	if claim == Taken {
		return false, ErrTaken
	}
	return claim == Done, nil
}

// InHand is how many updates this process has in hand.
func (d *Dispatcher) InHand() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.inHand)
}
