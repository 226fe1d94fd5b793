package telegram

import (
	"context"
	"errors"
	"time"
)

// VigilConfig is what a Vigil needs.
type VigilConfig struct {
	// Door is where updates come from. Required.
	Door *Door
	// Offset is the id to ask from: nothing below it is asked for, and nothing from it on is confirmed.
	Offset int
	// Excuse tells the senders that what they did cannot be stored now. Required.
	Excuse func(ctx context.Context, updates ...Update)
	// Away reports whether what remembers still does not answer. Required.
	Away func(ctx context.Context) bool
	// Allowed names the kinds of update wanted.
	Allowed []string
	// Sleep waits; nil: a timer. Tests put their own here.
	Sleep func(ctx context.Context, d time.Duration) error
}

const (
	// vigilWait is how long a poll of a vigil waits, so that it is soon seen that the outage is over.
	vigilWait = 5 * time.Second
	// vigilPause lies between two polls: what waits is not confirmed, so the server brings it at once each time.
	vigilPause = time.Second
)

// KeepVigil looks at updates while nobody can store them, and has their senders told so. It confirms nothing: every update comes
// again to whoever polls next. It needs no lease, because what is told is harmless when it is told twice, and ends when what remembers
// answers again, when ctx ends, or when somebody else polls, who then sees to it.
//
// The server shows the oldest hundred; who comes behind them waits as before.
func KeepVigil(ctx context.Context, c VigilConfig) {
	if c.Sleep == nil {
		c.Sleep = sleep
	}
	for failures := 0; c.Away(ctx) && ctx.Err() == nil; {
		updates, err := c.Door.Updates(ctx, c.Offset, vigilWait, c.Allowed)
		wait := vigilPause
		var refused *Error
		switch {
		case err == nil:
			failures = 0
			c.Excuse(ctx, updates...)
		case errors.As(err, &refused) && (refused.Conflict() || refused.Unauthorized()):
			return
		default:
			failures++
			wait = backoff(failures)
			if refused != nil {
				wait = max(wait, refused.RetryAfter())
			}
		}
		if c.Sleep(ctx, wait) != nil {
			return
		}
	}
}
