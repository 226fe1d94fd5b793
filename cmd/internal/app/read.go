package app

import (
	"context"
	"errors"
	"sync"

	"briefbot/scheduler/lease"
)

// read takes updates in: it polls under a lease, or asks Telegram to bring them. When the lease is lost because Redis is away, the
// replica that held it goes on telling people that nothing can be stored, until Redis is back or somebody polls.
func (a *App) read(ctx context.Context) error {
	if a.Config.Updates == "webhook" {
		return a.patiently(ctx, "telegram", func(ctx context.Context) error {
			return a.Bot.AskForWebhook(ctx, a.WebhookURL(), a.Config.WebhookSecret)
		})
	}
	var watch vigil
	defer watch.end()
	return a.leases.Hold(ctx, "poller", func(inner context.Context, fence int64) error {
		watch.end()
		err := a.Bot.Poll(inner, fence)
		if errors.Is(context.Cause(inner), lease.ErrLost) {
			watch.begin(ctx, a.Bot.Vigil)
		}
		return err
	})
}

// vigil is work that goes on beside the waiting for a lease. Begin and end take turns.
type vigil struct {
	cancel context.CancelFunc
	done   sync.WaitGroup
}

func (v *vigil) begin(ctx context.Context, keep func(context.Context)) {
	ctx, v.cancel = context.WithCancel(ctx)
	v.done.Go(func() { keep(ctx) })
}

// end returns when nothing of it is left.
func (v *vigil) end() {
	if v.cancel != nil {
		v.cancel()
	}
	v.done.Wait()
}
