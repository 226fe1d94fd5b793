package bot

import (
	"context"
	"net/http"
	"time"

	"briefbot/bot/internal/telegram"
	"briefbot/briefings"
)

// dispatcher hands updates to people's flows: of different people side by side, of one person in order.
func (b *Bot) dispatcher() *telegram.Dispatcher {
	return telegram.NewDispatcher(telegram.DispatcherConfig{
		Handle: b.Handle, Seen: telegram.NewRedisSeen(b.Redis, b.Prefix, b.Replica), Unkept: b.unkept, Log: b.Log,
	})
}

// unkept tells a person whose tap cannot be stored now that it is not, so that they tap again and do not wait. A message needs no such
// word: nobody sees it wait, and it is handled as soon as it can be.
func (b *Bot) unkept(ctx context.Context, u telegram.Update) {
	b.unkeptStatus(ctx, u)
	q := u.CallbackQuery
	if q == nil || q.From == nil {
		return
	}
	p := b.printer(briefings.Member{}, q.From.LanguageCode) // who it is stands in the store that does not answer
	if err := b.door.AnswerCallback(ctx, q.ID, p.Plain("err.not_kept"), true); err != nil {
		b.Log.WarnContext(ctx, "tap neither stored nor answered", "update", u.UpdateID, "err", err)
		return
	}
	b.excused.add(q.ID)
}

// Poll asks Telegram for updates and handles them until ctx ends. One replica at a time may poll: hold a lease around it and give its
// fence. It returns an error only when Telegram does not accept the token.
func (b *Bot) Poll(ctx context.Context, fence int64) error {
	return telegram.NewPoller(telegram.PollerConfig{
		Door: b.door, Offsets: placeHeld{telegram.NewRedisOffsets(b.Redis, b.Prefix+":offset", fence), &b.place}, Handle: b.updates.Handle,
		Allowed: allowedUpdates, TakeOver: true, Log: b.Log, Sleep: b.Sleep, Now: b.Now,
		Hindered: func(ctx context.Context, by telegram.Hindrance, since time.Time) { b.Hindered(ctx, string(by), since) },
	}).Run(ctx)
}

// Webhook receives updates over HTTP, for when Telegram is told to bring them; secret is what it proves itself with.
func (b *Bot) Webhook(secret string) (http.Handler, error) {
	return telegram.NewReceiver(telegram.ReceiverConfig{Secret: telegram.NewSecret(secret), Handle: b.updates.Handle, Log: b.Log})
}

// webhookConnections is how many deliveries Telegram may have under way: the most that it opens.
const webhookConnections = 100

// AskForWebhook tells Telegram to bring updates to an address.
func (b *Bot) AskForWebhook(ctx context.Context, url, secret string) error {
	return b.door.SetWebhook(ctx, telegram.Webhook{
		URL: url, Secret: telegram.NewSecret(secret), Allowed: allowedUpdates, Connections: webhookConnections,
	})
}
