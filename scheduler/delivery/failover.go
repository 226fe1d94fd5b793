package delivery

import (
	"context"
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
	at   time.Time
	key  briefings.Key
	kind briefings.Kind
	told told
}

// memory keeps the facts of the last seconds.
type memory struct {
	mu    sync.Mutex
	facts []remembered
}

func (m *memory) add(w *work, outcomes []told, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, t := range outcomes {
		if t.fact.mark().Final() {
			m.facts = append(m.facts, remembered{at: now, key: w.key, kind: w.mailing.Kind, told: t})
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

// recent returns what is remembered, by mailing.
func (m *memory) recent(now time.Time) map[briefings.Key][]remembered {
	m.mu.Lock()
	defer m.mu.Unlock()
	by := map[briefings.Key][]remembered{}
	for _, f := range m.facts[m.oldLocked(now):] {
		by[f.key] = append(by[f.key], f)
	}
	return by
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
	facts := 0
	for key, list := range e.memory.recent(noticed) {
		outcomes := make([]told, len(list))
		for i, f := range list {
			outcomes[i] = f.told
		}
		facts += len(list)
		if !e.insist(ctx, func(bound context.Context) error {
			_, err := e.Outbox.record(bound, key, list[0].kind.KeepsReceipts(), outcomes, nil)
			return err
		}) {
			return
		}
	}
	if !pause(ctx, time.Until(noticed.Add(e.Quarantine))) {
		return
	}
	e.known.Store(epoch)
	e.Log.Info("redis has been told again", "replica", e.Replica, "leases", claims, "outcomes", facts)
	signal(e.queue.refill)
	signal(e.queue.stock)
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
	state, lost, err := e.Outbox.reassert(ctx, w.key, e.Lease, e.Quarantine, list)
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
