package delivery

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings"
	"briefbot/briefings/failpoint"
)

// survey keeps the queue filled: it looks which mailings are live and claims from those that deserve it. It is woken by what
// this process puts, by a queue that runs low, and by a slow tick for what other replicas do.
func (e *Engine) survey(ctx context.Context) {
	tick := time.NewTimer(0)
	defer tick.Stop()
	for {
		look := true
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-e.Outbox.wake:
		case <-e.queue.refill:
			look = false
		}
		if look {
			if err := e.refresh(ctx); err != nil && ctx.Err() == nil {
				e.Log.Warn("outbox does not answer", "replica", e.Replica, "err", err)
			}
			tick.Reset(e.Poll)
		}
		e.lookAgain(ctx)
		claimed := false
		for _, w := range e.queue.wanting(time.Now(), max(chunkSize, 2*e.Workers)) {
			if ctx.Err() == nil && e.claimFrom(ctx, w) {
				claimed = true
			}
		}
		if claimed {
			signal(e.queue.refill)
		}
	}
}

// refresh reads the live list and the state of every mailing on it.
func (e *Engine) refresh(ctx context.Context) error {
	o := e.Outbox
	names, err := o.redis.ZRange(ctx, o.live(), 0, -1).Result()
	if err != nil {
		return fmt.Errorf("list live mailings: %w", err)
	}
	live := make(map[briefings.Key]bool, len(names))
	var replies []redis.Cmder
	if len(names) > 0 {
		replies, err = o.redis.Pipelined(ctx, func(p redis.Pipeliner) error {
			for _, name := range names {
				key := briefings.Key(name)
				live[key] = true
				if e.queue.knows(key) {
					p.HMGet(ctx, o.keys(key).mailing(), "state")
				} else {
					p.HMGet(ctx, o.keys(key).mailing(), "state", "total", "mailing", "created")
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("get live mailings: %w", err)
		}
	}
	for i, name := range names {
		if err := e.see(ctx, briefings.Key(name), replies[i].(*redis.SliceCmd).Val()); err != nil {
			return err
		}
	}
	e.queue.forget(func(key briefings.Key) bool { return !live[key] })
	return nil
}

// see takes note of one mailing on the live list.
func (e *Engine) see(ctx context.Context, key briefings.Key, fields []any) error {
	var text [4]string
	for i, v := range fields {
		text[i], _ = v.(string)
	}
	state := State(text[0])
	if w := e.queue.find(key); w != nil {
		e.apply(ctx, w, state)
		return nil
	}
	switch {
	case state == "" || state.Final():
		return e.Outbox.retire(ctx, key)
	case state == Building || text[2] == "":
		return nil
	}
	w := &work{key: key, state: state, created: text[3], reasons: map[string]uint8{}}
	if err := json.Unmarshal([]byte(text[2]), &w.mailing); err != nil {
		return fmt.Errorf("read mailing %s: %w", key, err)
	}
	w.total, _ = strconv.Atoi(text[1])
	w.class, w.policy = w.mailing.Class(), w.mailing.Kind.Policy()
	if err := e.Outbox.disown(ctx, key, e.owner); err != nil {
		return err
	}
	if e.memory.shaken(time.Now()) { // it may have been put anew because the server forgot it
		if err := e.replay(ctx, key); err != nil {
			return err
		}
		w.claimAt = time.Now().Add(e.Quarantine) // so that every engine can tell what it knows
	}
	e.queue.enroll(w)
	return nil
}

// apply acts on the state that Redis reports for a mailing.
func (e *Engine) apply(ctx context.Context, w *work, state State) {
	back := e.queue.setState(w, state)
	e.handBack(ctx, back)
	if state == "" || state.Final() {
		bound, cancel := context.WithTimeout(context.WithoutCancel(ctx), redisPatience)
		defer cancel()
		if err := e.Outbox.retire(bound, w.key); err != nil {
			e.Log.Warn("a finished mailing stays on the list", "notice", w.key, "replica", e.Replica, "err", err)
		}
	}
}

// claimFrom claims once from a mailing and reports whether there was something.
func (e *Engine) claimFrom(ctx context.Context, w *work) bool {
	asked := time.Now()
	if e.estranged() {
		e.queue.postpone(w, asked.Add(noticeEvery))
		return false
	}
	expired := e.expired(w.mailing)
	// Not cut short by a stop: a claim whose answer is thrown away keeps its chunk from everybody for a whole lease.
	bound, cancel := context.WithTimeout(context.WithoutCancel(ctx), redisPatience)
	defer cancel()
	c, err := e.Outbox.claim(bound, w.key, e.owner, e.Lease, expired, w.policy)
	if err != nil {
		e.postpone(ctx, w, err)
		return false
	}
	if c.token != "" {
		failpoint.Hit("claimed")
	}
	if e.estranged() { // claimed from a server that may have forgotten who has what
		e.handBack(ctx, []*batch{{work: w, held: c.held()}})
		return false
	}
	e.apply(ctx, w, c.state)
	if c.token == "" {
		wait := e.Poll
		if c.wait >= 0 {
			wait = min(max(c.wait, time.Millisecond), e.Poll)
		}
		e.queue.postpone(w, asked.Add(wait))
		return false
	}
	b := &batch{work: w, token: c.token, chunk: c.chunk, open: len(c.open), deadline: e.until(asked), held: c.held()}
	b.going, b.end = context.WithCancel(ctx)
	settled, err := e.sort(ctx, b, c, expired)
	if err != nil {
		b.end()
		e.postpone(ctx, w, err)
		e.handBack(ctx, []*batch{b})
		return false
	}
	empty := b.open == 0 // asked before the queue has it: from then on its fields belong to the lock
	e.queue.add(b)
	if len(settled) > 0 {
		<-e.records.add(settled...)
	} else if empty {
		<-e.records.add(result{batch: b, empty: true})
	}
	return true
}

// postpone keeps away from a mailing for a while after an error.
func (e *Engine) postpone(ctx context.Context, w *work, err error) {
	if ctx.Err() == nil {
		e.Log.Warn("a mailing must wait", "notice", w.key, "replica", e.Replica, "after", e.Backoff, "err", err)
	}
	e.queue.postpone(w, time.Now().Add(e.Backoff))
}

// sort looks up who is behind a claim and divides them into tasks and those who are settled without being written to.
func (e *Engine) sort(ctx context.Context, b *batch, c claimed, expired bool) (settled []result, err error) {
	if expired {
		for _, one := range c.open {
			settled = append(settled, b.settle(one.idx, newFact(Expired, 0)))
		}
		return settled, nil
	}
	numbers, err := e.Outbox.numbers(ctx, b.work.key, c)
	if err != nil || len(numbers) == 0 {
		return nil, err
	}
	people, err := e.people(ctx, numbers)
	if err != nil {
		return nil, err
	}
	b.looked = time.Now()
	for i, one := range c.open {
		to := people(numbers[i])
		if word := skips(to, b.work.mailing.Kind); word != "" {
			settled = append(settled, b.settle(one.idx, newFact(Skipped, e.reason(ctx, b.work, word))))
			continue
		}
		b.tasks = append(b.tasks, task{batch: b, idx: one.idx, attempts: one.fact.attempts(), to: to})
	}
	return settled, nil
}

// skipPaused is the one reason that holds back publications only: notices of meetings still arrive.
const skipPaused = "paused"

func skips(to briefings.Recipient, kind briefings.Kind) string {
	if to.Skip == skipPaused && kind.Class() != briefings.ClassBriefing {
		return ""
	}
	return to.Skip
}

// people asks the directory once and returns a lookup. Whom it does not know is skipped as gone.
func (e *Engine) people(ctx context.Context, numbers []briefings.MemberNo) (func(briefings.MemberNo) briefings.Recipient, error) {
	list, err := e.Directory.Recipients(ctx, numbers)
	if err != nil {
		return nil, fmt.Errorf("look up recipients: %w", err)
	}
	by := make(map[briefings.MemberNo]briefings.Recipient, len(list))
	for _, to := range list {
		by[to.No] = to
	}
	return func(no briefings.MemberNo) briefings.Recipient {
		if to, ok := by[no]; ok {
			return to
		}
		return briefings.Recipient{No: no, Skip: "gone"}
	}, nil
}

// lookAgain refreshes the recipients of claims that have waited, pre-empted by something more urgent.
func (e *Engine) lookAgain(ctx context.Context) {
	for _, b := range e.queue.stale(time.Now()) {
		numbers := e.queue.numbers(b)
		if len(numbers) == 0 {
			continue
		}
		people, err := e.people(ctx, numbers)
		if err != nil {
			e.postpone(ctx, b.work, err)
			continue
		}
		var settled []result
		for _, t := range e.queue.relook(b, numbers, people, time.Now()) {
			settled = append(settled, b.settle(t.idx, newFact(Skipped, e.reason(ctx, b.work, t.to.Skip))))
		}
		if len(settled) > 0 {
			e.records.add(settled...)
		}
	}
}

// reason returns the code of a word in a mailing; a word that cannot be stored becomes "other".
func (e *Engine) reason(ctx context.Context, w *work, word string) uint8 {
	if code, ok := e.queue.reason(w, word); ok {
		return code
	}
	bound, cancel := context.WithTimeout(context.WithoutCancel(ctx), redisPatience)
	defer cancel()
	code, err := e.Outbox.reason(bound, w.key, word)
	if err != nil {
		e.Log.Warn("a reason was not stored", "notice", w.key, "replica", e.Replica, "err", err)
		return detailMax
	}
	e.queue.learn(w, word, code)
	return code
}
