package sandbox

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"
)

const (
	maxPending   = 100_000
	maxPoll      = 50 // seconds
	messageLife  = 24 * time.Hour
	callbackLife = 150 * time.Second
)

type pending struct {
	id      int
	kind    string
	key     string // updates of one key are handed to a webhook one after the other
	expires time.Time
	raw     json.RawMessage
}

// queue holds the updates that the bot has not confirmed.
type queue struct {
	waiting []pending
	soonest time.Time // no update expires before it
	nextID  int
	allowed []string // nil: every kind
	poller  *poller
	dropped int
}

// poller is the one getUpdates that is held.
type poller struct {
	wake   chan struct{}
	stolen chan *refusal
}

func newQueue() queue { return queue{nextID: 700_000_001} }

// pushLocked queues an update, unless the bot did not ask for its kind.
func (s *Server) pushLocked(kind, key string, life time.Duration, update wireUpdate) {
	q := &s.updates
	if q.allowed != nil && !slices.Contains(q.allowed, kind) {
		return
	}
	if len(q.waiting) >= maxPending {
		q.dropped++
		return
	}
	update.ID = q.nextID
	q.nextID++
	raw, err := json.Marshal(update)
	if err != nil {
		s.log.Error("encode update", "update", update.ID, "err", err)
		return
	}
	expires := s.now().Add(life)
	if len(q.waiting) == 0 || expires.Before(q.soonest) {
		q.soonest = expires
	}
	q.waiting = append(q.waiting, pending{id: update.ID, kind: kind, key: key, expires: expires, raw: raw})
	if q.poller != nil {
		select {
		case q.poller.wake <- struct{}{}:
		default:
		}
	}
	s.wakeWebhookLocked()
}

// expireLocked drops what nobody fetched in time. A button's press lives 150 s only.
func (s *Server) expireLocked() {
	now, q := s.now(), &s.updates
	if len(q.waiting) == 0 || now.Before(q.soonest) {
		return
	}
	q.waiting = slices.DeleteFunc(q.waiting, func(p pending) bool { return !now.Before(p.expires) })
	q.soonest = now.Add(messageLife)
	for _, p := range q.waiting {
		if p.expires.Before(q.soonest) {
			q.soonest = p.expires
		}
	}
}

// takeLocked forgets what offset confirms and returns up to limit of the rest.
func (s *Server) takeLocked(offset, limit int) []json.RawMessage {
	s.expireLocked()
	q := &s.updates
	if offset < 0 {
		if keep := -offset; keep < len(q.waiting) {
			q.waiting = slices.Clone(q.waiting[len(q.waiting)-keep:])
		}
	} else if offset > 0 && offset <= q.nextID+10 {
		i, _ := slices.BinarySearchFunc(q.waiting, offset, func(p pending, id int) int { return p.id - id })
		clear(q.waiting[:i])
		q.waiting = q.waiting[i:]
		if len(q.waiting) == 0 {
			q.waiting = nil
		}
	}
	batch := make([]json.RawMessage, 0, min(limit, len(q.waiting)))
	for _, p := range q.waiting[:min(limit, len(q.waiting))] {
		batch = append(batch, p.raw)
	}
	return batch
}

// getUpdates is a real long poll. The request was read whole before, so that its context
// ends as soon as the client goes away.
func (s *Server) getUpdates(ctx context.Context, c *call) (any, *refusal) {
	offset := c.number("offset", 0, -maxPending, 1<<31-1)
	limit := c.number("limit", 100, 1, 100)
	timeout := c.number("timeout", 0, 0, maxPoll)

	s.mu.Lock()
	if s.hook != nil {
		s.mu.Unlock()
		return nil, errPollWebhook
	}
	if held := s.updates.poller; held != nil {
		held.stolen <- errPollStolen
		s.updates.poller = nil
	}
	s.allowLocked(c)
	batch := s.takeLocked(offset, limit)
	if len(batch) > 0 || timeout == 0 || s.shut {
		s.mu.Unlock()
		return batch, nil
	}
	me := &poller{wake: make(chan struct{}, 1), stolen: make(chan *refusal, 1)}
	s.updates.poller = me
	s.mu.Unlock()
	return s.hold(ctx, me, offset, limit, time.Duration(timeout)*time.Second)
}

// hold waits until there is something for the poller, or it is over.
func (s *Server) hold(ctx context.Context, me *poller, offset, limit int, timeout time.Duration) (any, *refusal) {
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	defer func() {
		s.mu.Lock()
		if s.updates.poller == me {
			s.updates.poller = nil
		}
		s.mu.Unlock()
	}()
	for {
		select {
		case refused := <-me.stolen:
			return nil, refused
		case <-ctx.Done():
			return []json.RawMessage{}, nil
		case <-s.closed:
			return []json.RawMessage{}, nil
		case <-timer.C:
			return []json.RawMessage{}, nil
		case <-me.wake:
		}
		s.mu.Lock()
		if s.updates.poller != me {
			s.mu.Unlock()
			return nil, <-me.stolen
		}
		batch := s.takeLocked(offset, limit)
		s.mu.Unlock()
		if len(batch) > 0 {
			return batch, nil
		}
	}
}

// allowLocked keeps allowed_updates: absent or unreadable leaves the setting as it was, and an
// empty list means the default kinds.
func (s *Server) allowLocked(c *call) {
	raw := c.json("allowed_updates")
	var kinds []string
	if raw == "" || json.Unmarshal([]byte(raw), &kinds) != nil {
		return
	}
	if len(kinds) == 0 {
		kinds = nil
	}
	s.updates.allowed = kinds
}

// writeUpdates joins updates that were encoded when they were queued.
func writeUpdates(w http.ResponseWriter, batch []json.RawMessage) {
	size := 32
	for _, raw := range batch {
		size += len(raw) + 1
	}
	body := make([]byte, 0, size)
	body = append(body, `{"ok":true,"result":[`...)
	for i, raw := range batch {
		if i > 0 {
			body = append(body, ',')
		}
		body = append(body, raw...)
	}
	body = append(body, "]}"...)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(body)
}
