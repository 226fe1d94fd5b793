package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/redis/go-redis/v9"

	"briefbot/bot"
)

// Redis is the connection that all parts share.
func (a *App) Redis() redis.UniversalClient { return a.client }

// nameKey holds the bot's username, so that commands can write links without asking Telegram.
func (a *App) nameKey() string { return a.Config.RedisPrefix + ":bot" }

// leaveName writes down the name under which the service serves.
func (a *App) leaveName(ctx context.Context) error {
	if err := a.client.Set(ctx, a.nameKey(), a.Bot.Username(), 0).Err(); err != nil {
		return fmt.Errorf("leave the bot's name: %w", err)
	}
	return nil
}

// Username is the bot's own name for links: Telegram's answer where there is a token, else the name that the service left when it
// last started. It is empty when nobody knows it.
func (a *App) Username(ctx context.Context) (string, error) {
	if a.Config.TelegramToken != "" {
		found, err := a.Inspect(ctx)
		if err == nil {
			return found.Username, nil
		}
		a.log.DebugContext(ctx, "telegram does not tell the bot's name", "err", err)
	}
	name, err := a.client.Get(ctx, a.nameKey()).Result()
	if err != nil && !errors.Is(err, redis.Nil) {
		return "", fmt.Errorf("read the bot's name: %w", err)
	}
	return name, nil
}

// Inspect asks Telegram who the bot is and how updates come.
func (a *App) Inspect(ctx context.Context) (bot.Inspection, error) {
	c := a.Config
	return bot.Inspect(ctx, bot.Config{Token: c.TelegramToken, APIURL: c.TelegramAPIURL, Proxy: c.TelegramProxy, Log: a.log, Now: c.Now})
}

// WebhookURL is where Telegram is asked to bring updates.
func (a *App) WebhookURL() string { return a.Config.PublicURL + webhookPath }
