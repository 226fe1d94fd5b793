package delivery

import (
	"context"
	"time"

	"briefbot/briefings/failpoint"
)

// write records a batch of results, one exchange a mailing. Facts that cannot be written are tried again until Redis answers or
// the grace of a stop is over: repeating them is harmless, losing them is not.
func (e *Engine) write(ctx context.Context, list []result) {
	by := map[*work][]result{}
	for _, r := range list {
		by[r.batch.work] = append(by[r.batch.work], r)
	}
	for w, list := range by {
		e.writeOne(ctx, w, list)
	}
	signal(e.queue.stock)
}

func (e *Engine) writeOne(ctx context.Context, w *work, list []result) {
	outcomes := make([]told, 0, len(list))
	for _, r := range list {
		if !r.empty && !r.known {
			outcomes = append(outcomes, r.told)
		}
	}
	done := e.queue.settle(list)
	keep := w.mailing.Kind.KeepsReceipts()
	for attempt := 1; ; attempt++ {
		// A context of its own: an outcome must not be lost because the engine is asked to stop.
		bound, cancel := context.WithTimeout(context.WithoutCancel(ctx), redisPatience)
		state, err := e.tell(bound, w, keep, outcomes, done)
		cancel()
		if err == nil {
			failpoint.Hit("recorded")
			if e.Masters != nil {
				e.memory.add(w, outcomes, time.Now())
			}
			e.handBack(ctx, e.queue.recorded(w, list))
			e.apply(ctx, w, state)
			if state == Done {
				e.Log.Info("a mailing is done", "notice", w.key, "kind", w.mailing.Kind, "replica", e.Replica)
			}
			return
		}
		after := min(backoff(50*time.Millisecond, attempt), time.Second)
		e.Log.Warn("outcomes were not recorded", "notice", w.key, "replica", e.Replica, "attempt", attempt, "after", after, "err", err)
		if !pause(e.cut, after) {
			e.Log.Error("outcomes are lost", "notice", w.key, "replica", e.Replica, "outcomes", len(outcomes), "err", err)
			// Not handed back: whoever finds these leases run out knows which requests are unknown.
			for _, r := range list {
				e.queue.lose(r.batch)
			}
			e.queue.recorded(w, list)
			return
		}
	}
}

// tell records outcomes. After a failover the mailing may be one that was put anew, in which people stand elsewhere.
func (e *Engine) tell(ctx context.Context, w *work, keep bool, outcomes []told, done []held) (State, error) {
	if e.estranged() || e.memory.shaken(time.Now()) { // receipts are written before the script can look
		_, created, err := e.Outbox.life(ctx, w.key)
		if err != nil {
			return "", err
		}
		keep = keep && created == w.created
	}
	state, err := e.Outbox.record(ctx, w.key, w.created, keep, outcomes, done)
	if err != nil || state != otherLife {
		return state, err
	}
	e.memory.add(w, outcomes, time.Now())
	return "", e.replay(ctx, w.key)
}
