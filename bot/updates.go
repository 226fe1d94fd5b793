package bot

import (
	"context"
	"net/http"

	"briefbot/bot/internal/telegram"
)

// dispatcher hands updates to people's flows: of different people side by side, of one person in order.
func (b *Bot) dispatcher() *telegram.Dispatcher {
	return telegram.NewDispatcher(telegram.DispatcherConfig{
		Handle: b.Handle, Seen: telegram.NewRedisSeen(b.Redis, b.Prefix), Log: b.Log,
	})
}

// Poll asks Telegram for updates and handles them until ctx ends. One replica at a time may poll: hold a lease around it. It returns
// an error only when Telegram does not accept the token.
func (b *Bot) Poll(ctx context.Context) error {
	return telegram.NewPoller(telegram.PollerConfig{
		Door: b.door, Offsets: telegram.NewRedisOffsets(b.Redis, b.Prefix+":offset"), Handle: b.dispatcher().Handle,
		Allowed: allowedUpdates, TakeOver: true, Log: b.Log,
	}).Run(ctx)
}

// Webhook receives updates over HTTP, for when Telegram is told to bring them; secret is what it proves itself with.
func (b *Bot) Webhook(secret string) (http.Handler, error) {
	return telegram.NewReceiver(telegram.ReceiverConfig{Secret: telegram.NewSecret(secret), Handle: b.dispatcher().Handle, Log: b.Log})
}

// AskForWebhook tells Telegram to bring updates to an address.
func (b *Bot) AskForWebhook(ctx context.Context, url, secret string) error {
	return b.door.SetWebhook(ctx, telegram.Webhook{URL: url, Secret: telegram.NewSecret(secret), Allowed: allowedUpdates})
}
