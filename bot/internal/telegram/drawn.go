package telegram

import (
	"hash/maphash"
	"sync"
	"time"
)

const (
	// drawnFor is how long an edit is remembered. It is short, because another replica may edit the same message in between.
	drawnFor = 5 * time.Second
	// drawnKept is how many later edits an edit is remembered over at least.
	drawnKept = 1024
)

// drawn remembers what messages were edited to a moment ago. A finger that taps twice asks for the same edit twice; Telegram would
// refuse the second one as "not modified", and every refusal costs a call of the pace.
type drawn struct {
	seed maphash.Seed
	now  func() time.Time

	mu    sync.Mutex
	last  map[place]sketch
	older map[place]sketch // the generation before
}

// place is a message.
type place struct{ chat, message string }

// sketch is what a message was edited to, and when.
type sketch struct {
	sum uint64
	at  time.Time
}

func newDrawn(now func() time.Time) *drawn {
	return &drawn{seed: maphash.MakeSeed(), now: now, last: map[place]sketch{}}
}

func (d *drawn) sum(method string, params Params) uint64 {
	var h maphash.Hash
	h.SetSeed(d.seed)
	for _, part := range []string{method, params["text"], params["parse_mode"], params["reply_markup"]} {
		_, _ = h.WriteString(part)
		_ = h.WriteByte(0)
	}
	return h.Sum64()
}

// same reports whether the last edit of the message, moments ago, was this one.
func (d *drawn) same(method string, params Params) bool {
	sum := d.sum(method, params)
	at := place{params["chat_id"], params["message_id"]}
	d.mu.Lock()
	defer d.mu.Unlock()
	s, ok := d.last[at]
	if !ok {
		s, ok = d.older[at]
	}
	return ok && s.sum == sum && d.now().Sub(s.at) < drawnFor
}

// note remembers an edit that the message has now.
func (d *drawn) note(method string, params Params) {
	sum, now := d.sum(method, params), d.now()
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.last) >= drawnKept {
		d.older, d.last = d.last, make(map[place]sketch, drawnKept)
	}
	d.last[place{params["chat_id"], params["message_id"]}] = sketch{sum, now}
}

// forget drops a message whose state is not known any more.
func (d *drawn) forget(params Params) {
	d.mu.Lock()
	defer d.mu.Unlock()
	at := place{params["chat_id"], params["message_id"]}
	delete(d.last, at)
	delete(d.older, at)
}
