package delivery

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"briefbot/briefings"
)

// After a failover or a restart Redis may have forgotten what it confirmed in the last moments: claims, facts, the cursor. An engine
// that notices a new server claims nothing for a while, puts its claims back in place, tells its facts of the last seconds once more,
// and goes on. Every engine does so by itself; the while is long enough for all of them.
const (
	// memoryTime is how long facts are remembered: longer than any replica may lag.
	memoryTime = 10 * time.Second
	// shakenFor is how long after a failover a mailing may come that was put anew.
	shakenFor = 2 * time.Minute
	// memoryKept bounds how many are remembered, about 5 MB.
	memoryKept = 1 << 16
	// lookEvery is how often the servers are asked who they are.
	lookEvery = time.Second
	// noticeEvery is how often it is looked whether a connection met a new server.
	noticeEvery = 20 * time.Millisecond
)

// Masters tells which servers are written to.
type Masters interface {
	// Epoch moves when one of them is new.
	Epoch() uint64
	// Look asks them who they are.
	Look(ctx context.Context) error
}

// remembered is a fact and its mailing.
type remembered struct {
	at      time.Time
	key     briefings.Key
	kind    briefings.Kind
	created string
	told    told
}

// memory keeps the facts of the last seconds, and for a while those that were known at a failover: a mailing that the new server does
// not know at all is put anew only when the planner comes by.
type memory struct {
	mu    sync.Mutex
	facts []remembered
	kept  []remembered
	since time.Time // of the last failover
}

func (m *memory) add(w *work, outcomes []told, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, t := range outcomes {
		if t.fact.mark().Final() {
			m.facts = append(m.facts, remembered{now, w.key, w.mailing.Kind, w.created, t})
		}
	}
	// What is old goes in large steps, so that the copying costs nothing.
	if old := m.oldLocked(now); old > len(m.facts)/2 || len(m.facts) > memoryKept {
		m.facts = append([]remembered(nil), m.facts[max(old, len(m.facts)-memoryKept/2):]...)
	}
}

func (m *memory) oldLocked(now time.Time) int {
	n := 0
	for n < len(m.facts) && now.Sub(m.facts[n].at) > memoryTime {
		n++
	}
	return n
}

// shake keeps what is known at a failover and returns the mailings it is about.
func (m *memory) shake(now time.Time) map[briefings.Key]bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.since = now
	m.kept = append([]remembered(nil), m.facts[m.oldLocked(now):]...)
	keys := map[briefings.Key]bool{}
	for _, f := range m.kept {
		keys[f.key] = true
	}
	return keys
}

// shaken reports that there was a failover not long ago.
func (m *memory) shaken(now time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.since.IsZero() || now.Sub(m.since) > shakenFor {
		m.kept = nil
		return false
	}
	return true
}

// of returns what is remembered of a mailing.
func (m *memory) of(key briefings.Key) (list []remembered) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, f := range slices.Concat(m.kept, m.facts) {
		if f.key == key {
			list = append(list, f)
		}
	}
	return list
}

// estranged reports that a new server is written to and has not been told yet what it may have forgotten.
func (e *Engine) estranged() bool { return e.Masters != nil && e.Masters.Epoch() != e.known.Load() }

// guard watches for new servers until the context ends.
func (e *Engine) guard(ctx context.Context) {
	if e.Masters == nil {
		return
	}
	notice := time.NewTicker(noticeEvery)
	defer notice.Stop()
	looked := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-notice.C:
		}
		if time.Since(looked) >= lookEvery {
			looked = time.Now()
			bound, cancel := context.WithTimeout(ctx, redisPatience)
			_ = e.Masters.Look(bound) // an outage is noticed by everybody else
			cancel()
		}
		if e.estranged() {
			e.mend(ctx)
		}
	}
}

// mend tells the new server what it may have forgotten and lets the claiming go on.
func (e *Engine) mend(ctx context.Context) {
	epoch, noticed := e.Masters.Epoch(), time.Now()
	e.Log.Warn("redis has failed over or restarted", "replica", e.Replica)
	claims := 0
	for w, list := range e.queue.held() {
		claims += len(list)
		if !e.insist(ctx, func(bound context.Context) error { return e.reassert(bound, w, list) }) {
			return
		}
	}
	keys := e.memory.shake(noticed)
	for key := range keys {
		if !e.insist(ctx, func(bound context.Context) error { return e.replay(bound, key) }) {
			return
		}
	}
	if !pause(ctx, time.Until(noticed.Add(e.Quarantine))) {
		return
	}
	e.known.Store(epoch)
	e.Log.Info("redis has been told again", "replica", e.Replica, "leases", claims, "mailings", len(keys))
	signal(e.queue.refill)
	signal(e.queue.stock)
}

// replay tells the facts of one mailing again. In one that was put anew since, people are found by who they are.
func (e *Engine) replay(ctx context.Context, key briefings.Key) error {
	list := e.memory.of(key)
	if len(list) == 0 {
		return nil
	}
	state, created, err := e.Outbox.life(ctx, key)
	if err != nil || state == "" || state == Building {
		return err // told when it is there again
	}
	var places map[briefings.MemberNo]int
	var outcomes []told
	for _, f := range list {
		if f.created != created {
			if places == nil {
				if places, err = e.Outbox.places(ctx, key); err != nil {
					return err
				}
			}
			at, called := places[f.told.no]
			if mark := f.told.fact.mark(); !called || f.told.no == 0 || mark == Skipped || mark == Expired {
				continue // whether they are to be left out is seen anew
			}
			f.told.idx = at
		}
		outcomes = append(outcomes, f.told)
	}
	_, err = e.Outbox.record(ctx, key, created, list[0].kind.KeepsReceipts(), outcomes, nil)
	return err
}

// insist repeats what may be repeated until it works, and reports false when the context ended first.
func (e *Engine) insist(ctx context.Context, step func(context.Context) error) bool {
	for attempt := 1; ; attempt++ {
		bound, cancel := context.WithTimeout(ctx, redisPatience)
		err := step(bound)
		cancel()
		if err == nil {
			return true
		}
		after := min(backoff(50*time.Millisecond, attempt), time.Second)
		e.Log.Warn("redis was not told again", "replica", e.Replica, "attempt", attempt, "after", after, "err", err)
		if !pause(ctx, after) {
			return false
		}
	}
}

// reassert puts the claims of one mailing back in place.
func (e *Engine) reassert(ctx context.Context, w *work, list []held) error {
	if len(list) == 0 {
		return nil
	}
	asked := time.Now()
	state, lost, err := e.Outbox.reassert(ctx, w.key, w.created, e.Lease, e.Quarantine, list)
	if err != nil {
		return err
	}
	if gone := e.queue.renew(w, list, lost, e.until(asked)); gone > 0 {
		e.Log.Warn("leases were lost", "notice", w.key, "replica", e.Replica, "leases", gone)
	}
	e.apply(ctx, w, state)
	return nil
}

// fenceOf reads the number of a token.
func fenceOf(token string) int64 {
	text, _, _ := strings.Cut(token, "|")
	n, _ := strconv.ParseInt(text, 10, 64)
	return n
}
