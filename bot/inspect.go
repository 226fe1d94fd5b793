package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"briefbot/bot/internal/telegram"
)

// Inspection is what Telegram says of the bot.
type Inspection struct {
	Username string
	Webhook  string // where updates are brought; empty: the bot asks for them
	Waiting  int    // updates not yet taken
	// LastError is Telegram's reason why it could not bring an update, and FailedAt when; empty: none.
	LastError string
	FailedAt  time.Time
}

// inspectLimit bounds each question, so that a command does not wait where a service would.
const inspectLimit = 8 * time.Second

// Inspect asks Telegram who the bot is and how updates come, and changes nothing. Of the configuration it needs Token, APIURL,
// Proxy, Log and Now. The error says Unauthorized() when Telegram does not know the token.
func Inspect(ctx context.Context, c Config) (Inspection, error) {
	door, err := telegram.New(telegram.Config{
		Token: telegram.NewSecret(c.Token), BaseURL: c.APIURL, Proxy: c.Proxy, Log: c.Log, Now: c.Now,
		Timeouts: telegram.Timeouts{Call: inspectLimit},
	})
	if err != nil {
		return Inspection{}, fmt.Errorf("open door to Telegram: %w", err)
	}
	defer door.Close()
	me, err := door.Me(ctx)
	if err != nil {
		return Inspection{}, fmt.Errorf("ask who the bot is: %w", err)
	}
	raw, err := door.Call(ctx, "getWebhookInfo", nil)
	if err != nil {
		return Inspection{}, fmt.Errorf("ask how updates come: %w", err)
	}
	var hook struct {
		URL       string `json:"url"`
		Waiting   int    `json:"pending_update_count"`
		FailedAt  int64  `json:"last_error_date"`
		LastError string `json:"last_error_message"`
	}
	if err := json.Unmarshal(raw, &hook); err != nil {
		return Inspection{}, fmt.Errorf("read how updates come: %w", err)
	}
	found := Inspection{Username: me.UserName, Webhook: hook.URL, Waiting: hook.Waiting, LastError: hook.LastError}
	if hook.FailedAt > 0 {
		found.FailedAt = time.Unix(hook.FailedAt, 0)
	}
	return found, nil
}
