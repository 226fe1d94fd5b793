package telegram

import (
	"context"
	"time"
)

// Hindrance is what else keeps updates from being read with the same token.
type Hindrance string

const (
	// ByWebhook: Telegram brings updates to an address.
	ByWebhook Hindrance = "webhook"
	// ByPoller: another machine asks for them as well.
	ByPoller Hindrance = "poller"
)

// rivals judges conflicts over the reading of updates. A poll that we abandoned ourselves, as when a lease changed hands, ends within
// the time that a poll waits; whoever takes updates away for longer is somebody else.
type rivals struct {
	poll        time.Duration // how long a poll waits
	by          Hindrance     // empty: nobody is known to
	first, last time.Time     // conflicts of one row; there was less than a poll's time between any two of them
}

// met takes note of a conflict and returns what is behind it, or nothing while it may be a poll of our own.
func (r *rivals) met(webhook bool, now time.Time) Hindrance {
	if now.Sub(r.last) > r.poll {
		r.first = now
	}
	r.last = now
	switch {
	case webhook:
		r.by = ByWebhook
	case now.Sub(r.first) > r.poll:
		r.by = ByPoller
	case r.by == ByWebhook: // it is gone, or the poll would be told so
		r.by = ""
	}
	return r.by
}

// read takes note that updates were read and reports whether a hindrance ended with that: a webhook at once, another poller when it
// has not shown itself for as long as a poll waits.
func (r *rivals) read(now time.Time) bool {
	if r.by == "" || r.by == ByPoller && now.Sub(r.last) <= r.poll {
		return false
	}
	r.by = ""
	return true
}

// conflict says what is behind a conflict and reports whether it is out of the way.
func (p *Poller) conflict(ctx context.Context, e *Error) (gone bool) {
	before, now := p.rivals.by, p.config.Now()
	by := p.rivals.met(e.WebhookActive(), now)
	if by == "" {
		p.config.Log.Info("another poll took the place of this one, perhaps our own from before")
		return false
	}
	if by != before && by == ByWebhook {
		p.config.Log.Warn("a webhook is set for this token: no updates can be read until it is deleted")
	}
	if by != before && by == ByPoller {
		p.config.Log.Warn("another machine reads the updates of this bot with the same token")
	}
	p.config.Hindered(ctx, by, p.rivals.first)
	if by != ByWebhook || !p.config.TakeOver || p.taken {
		return false
	}
	p.taken = p.config.Door.DeleteWebhook(ctx) == nil
	if p.taken {
		p.config.Log.Warn("the webhook is deleted")
	}
	return p.taken
}
