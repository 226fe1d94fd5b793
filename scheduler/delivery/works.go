package delivery

import (
	"iter"
	"slices"
	"time"

	"briefbot/briefings"
)

// What happens to the mailings and claims in the queue beside taking from them. Each method takes the lock for itself and does no
// I/O; those that return batches leave it to the caller to hand them back.

func (q *queue) knows(key briefings.Key) bool { return q.find(key) != nil }

func (q *queue) find(key briefings.Key) *work {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.works[key]
}

func (q *queue) enroll(w *work) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.works[w.key] = w
}

// forget drops the mailings that are no longer live.
func (q *queue) forget(gone func(briefings.Key) bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for key, w := range q.works {
		if gone(key) {
			q.endLocked(w)
		}
	}
}

func (q *queue) endLocked(w *work) {
	for _, b := range slices.Clone(w.batches) {
		q.dropLocked(b)
	}
	if q.works[w.key] == w {
		delete(q.works, w.key)
	}
}

// setState takes note of a mailing's state and returns the claims that can be handed back at once because it is paused.
func (q *queue) setState(w *work, state State) []*batch {
	q.mu.Lock()
	defer q.mu.Unlock()
	w.state = state
	switch {
	case state == "" || state.Final():
		q.endLocked(w)
	case state == Paused:
		w.strange = 0
		return q.leaveWorkLocked(w)
	}
	return nil
}

func (q *queue) leaveWorkLocked(w *work) (back []*batch) {
	for _, b := range slices.Clone(w.batches) {
		q.leaveLocked(b)
		if b.inFlight == 0 && b.open > 0 {
			q.dropLocked(b)
			back = append(back, b)
		}
	}
	return back
}

// leaveAll gives up everything that is left when the engine stops.
func (q *queue) leaveAll() (back []*batch) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, w := range q.works {
		back = append(back, q.leaveWorkLocked(w)...)
	}
	return back
}

func (q *queue) postpone(w *work, until time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	w.claimAt = until
}

// held yields every mailing with the leases this replica has on it.
func (q *queue) held() iter.Seq2[*work, []held] {
	all := map[*work][]held{}
	q.mu.Lock()
	for _, w := range q.works {
		for _, b := range w.batches {
			all[w] = append(all[w], b.held...)
		}
	}
	q.mu.Unlock()
	return func(yield func(*work, []held) bool) {
		for w, list := range all {
			if !yield(w, list) {
				return
			}
		}
	}
}

// renew moves the deadline of the claims that were asked for and drops those that are lost. It returns how many were.
func (q *queue) renew(w *work, asked []held, lost []string, until time.Time) (gone int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, b := range slices.Clone(w.batches) {
		if len(b.held) == 0 || !slices.Contains(asked, b.held[0]) {
			continue // claimed or settled since
		}
		// What was settled in between is no longer held here and only looks lost.
		if slices.ContainsFunc(b.held, func(h held) bool { return slices.Contains(lost, h.member) }) {
			q.dropLocked(b)
			gone++
			continue
		}
		b.deadline = until
	}
	return gone
}

// lose drops a claim that somebody else has.
func (q *queue) lose(b *batch) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.dropLocked(b)
}

// holds reports whether a task that was handed out may still be sent.
func (q *queue) holds(t task, now time.Time) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return t.batch.work.state == Running && !t.batch.gone && !t.batch.leaving && now.Before(t.batch.deadline)
}

// putBack returns a task that was handed out and not sent. It comes after the others of its claim, so that nobody stands in their way.
func (q *queue) putBack(t task) {
	q.mu.Lock()
	defer q.mu.Unlock()
	b := t.batch
	b.inFlight--
	b.work.inFlight--
	if b.gone || b.leaving {
		return
	}
	b.tasks = append(b.tasks, t)
	b.work.ready++
	signal(q.stock)
}

// settled returns the batch if it only waited for its last request in flight to be handed back.
func (q *queue) settled(b *batch) []*batch {
	q.mu.Lock()
	defer q.mu.Unlock()
	if b.leaving && !b.gone && b.inFlight == 0 && b.open > 0 {
		q.dropLocked(b)
		return []*batch{b}
	}
	return nil
}

// settle counts results off their claims and returns the leases behind which nothing is open any more.
func (q *queue) settle(list []result) (done []held) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, r := range list {
		b := r.batch
		if b.chunk < 0 {
			h := heldSingle(r.told.idx, b.token)
			b.held = slices.DeleteFunc(b.held, func(other held) bool { return other == h })
			done = append(done, h)
		}
		if !r.empty {
			b.open--
		}
		if b.chunk >= 0 && b.open == 0 {
			done = append(done, b.held...)
			b.held = nil
		}
	}
	return done
}

// recorded ends the flight of results and returns the claims that can be handed back now.
func (q *queue) recorded(w *work, list []result) (back []*batch) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, r := range list {
		b := r.batch
		if r.sent {
			b.inFlight--
			w.inFlight--
		}
		if r.told.fact.mark() == Sent {
			w.proven = true
		}
		if b.open == 0 {
			q.dropLocked(b)
		}
		if b.leaving && !b.gone && b.inFlight == 0 {
			q.dropLocked(b)
			back = append(back, b)
		}
	}
	return back
}

// stale returns the claims whose recipients were looked up too long ago.
func (q *queue) stale(now time.Time) (list []*batch) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, w := range q.works {
		for _, b := range w.batches {
			if len(b.tasks) > 0 && now.Sub(b.looked) >= freshness {
				list = append(list, b)
			}
		}
	}
	return list
}

// numbers returns who waits in a claim.
func (q *queue) numbers(b *batch) []briefings.MemberNo {
	q.mu.Lock()
	defer q.mu.Unlock()
	list := make([]briefings.MemberNo, len(b.tasks))
	for i, t := range b.tasks {
		list[i] = t.to.No
	}
	return list
}

// relook gives the tasks of those who were asked for their recipients anew, takes out those who are not to be told any more and
// returns them. A task put back in the meantime was not asked for and stays as it is.
func (q *queue) relook(b *batch, asked []briefings.MemberNo, people func(briefings.MemberNo) briefings.Recipient, now time.Time) (skipped []task) {
	q.mu.Lock()
	defer q.mu.Unlock()
	kept := b.tasks[:0:0]
	for _, t := range b.tasks {
		if slices.Contains(asked, t.to.No) {
			t.to = people(t.to.No)
		}
		if skips(t.to, b.work.mailing.Kind) != "" {
			skipped = append(skipped, t)
			continue
		}
		kept = append(kept, t)
	}
	b.work.ready -= len(skipped)
	b.tasks, b.looked = kept, now
	signal(q.stock)
	return skipped
}

func (q *queue) provenWork(w *work) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return w.proven
}

// stranger counts somebody who cannot be reached, as long as nobody was told; then it returns 0.
func (q *queue) stranger(w *work) int {
	q.mu.Lock()
	defer q.mu.Unlock()
	if w.proven {
		return 0
	}
	w.strange++
	return w.strange
}

func (q *queue) prove(w *work) {
	q.mu.Lock()
	defer q.mu.Unlock()
	w.proven = true
}

func (q *queue) reason(w *work, word string) (uint8, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	code, ok := w.reasons[word]
	return code, ok
}

func (q *queue) learn(w *work, word string, code uint8) {
	q.mu.Lock()
	defer q.mu.Unlock()
	w.reasons[word] = code
}
