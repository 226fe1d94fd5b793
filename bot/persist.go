package bot

import (
	"context"
	"errors"
	"time"

	"briefbot/bot/internal/telegram"
)

const (
	// tries is how often somebody is answered at most.
	tries = 3
	// breath lies before the second try, and twice as much before the third.
	breath = 300 * time.Millisecond
	// longestFlood is the longest pause after a 429 that an answer waits for.
	longestFlood = 30 * time.Second
)

// persist makes a call to Telegram that answers somebody. It tries again where another try may help: after a 429, after a front end's
// error page, and where the connection was lost or hung.
func persist(ctx context.Context, call func() error) error {
	for try := 1; ; try++ {
		err := call()
		var refused *telegram.Error
		var full crowded
		if try == tries || !errors.As(err, &refused) && !errors.As(err, &full) {
			return err
		}
		wait := full.wait
		if refused != nil {
			wait = refused.RetryAfter()
		}
		switch {
		case wait > longestFlood:
			return err
		case wait > 0:
		case refused.Ambiguous(), refused.Unsent():
			wait = breath << (try - 1)
		default:
			return err
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return err
		case <-timer.C:
		}
	}
}
