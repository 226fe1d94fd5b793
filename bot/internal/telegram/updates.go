package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// Update is one thing that happened, as the library decodes it and as it came.
type Update struct {
	tgbotapi.Update
	// Raw is the whole update, for fields that the library does not know. It
	// holds what people wrote: it is not for logs.
	Raw json.RawMessage
	// Broken says why the update could not be decoded; then UpdateID and Raw
	// are all there is.
	Broken error
}

// Updates polls once: it waits up to timeout for updates from offset on and
// forgets, at the server, those below it. A timeout of 0 does not wait; the
// server waits at most 50 s. allowed names the kinds of update wanted; nil
// keeps what was asked for last.
//
// Each update is decoded alone, so one that cannot be does not hold up the
// others: it comes with Broken set.
func (d *Door) Updates(ctx context.Context, offset int, timeout time.Duration, allowed []string) ([]Update, error) {
	const method = "getUpdates"
	params := Params{
		"timeout": strconv.Itoa(int(timeout / time.Second)),
		"limit":   "100",
	}
	params.AddNonZero("offset", offset)
	if allowed != nil {
		if err := addJSON(params, "allowed_updates", allowed); err != nil {
			return nil, broken(method, err)
		}
	}
	raw, err := d.call(ctx, timeout+d.timeouts.PollSlack, method, params, nil)
	if err != nil {
		return nil, err
	}
	var all []json.RawMessage
	if err := d.decode(method, raw, &all); err != nil {
		return nil, err
	}
	updates := make([]Update, 0, len(all))
	last := offset - 1
	for _, one := range all {
		u := decodeUpdate(one)
		if u.UpdateID == 0 {
			// Ids follow each other, and the first is the offset unless that
			// was never set.
			if last < 0 {
				return nil, &Error{
					Method: method, Description: "update without an id",
					kind: kindOther, reason: reasonOther, cause: u.Broken,
				}
			}
			u.UpdateID = last + 1
		}
		last = u.UpdateID
		updates = append(updates, u)
	}
	return updates, nil
}

// decodeUpdate reads one update. UpdateID is 0 when not even that is legible.
func decodeUpdate(raw json.RawMessage) Update {
	u := Update{Raw: raw}
	if err := json.Unmarshal(raw, &u.Update); err != nil {
		u.Update = tgbotapi.Update{UpdateID: updateID(raw)}
		u.Broken = fmt.Errorf("decode update: %w", withoutContent(err))
		return u
	}
	if u.UpdateID == 0 {
		u.Broken = errors.New("decode update: no update_id")
	}
	return u
}

// updateID reads the id alone, as a number or as text.
func updateID(raw json.RawMessage) int {
	var only struct {
		ID json.RawMessage `json:"update_id"`
	}
	if json.Unmarshal(raw, &only) != nil {
		return 0
	}
	text := string(only.ID)
	if unquoted, err := strconv.Unquote(text); err == nil {
		text = unquoted
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return n
}

// withoutContent keeps of a decoding error where it happened, and drops what
// stood there.
func withoutContent(err error) error {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return fmt.Errorf("field %s is not of type %s", wrong.Field, wrong.Type)
	}
	return errors.New("not JSON")
}

// Person is the Telegram id of whoever caused the update; without one, the
// chat's id; 0: neither. Updates with the same Person are handled in order.
func (u Update) Person() int64 {
	switch {
	case u.CallbackQuery != nil && u.CallbackQuery.From != nil:
		return u.CallbackQuery.From.ID
	case u.MyChatMember != nil:
		return u.MyChatMember.From.ID
	case u.ChatMember != nil:
		return u.ChatMember.From.ID
	case u.InlineQuery != nil && u.InlineQuery.From != nil:
		return u.InlineQuery.From.ID
	case u.ChatJoinRequest != nil:
		return u.ChatJoinRequest.From.ID
	}
	if m := u.message(); m != nil {
		if m.From != nil {
			return m.From.ID
		}
		if m.Chat != nil {
			return m.Chat.ID
		}
	}
	return 0
}

// message is the message the update is about, if it is about one.
func (u Update) message() *tgbotapi.Message {
	for _, m := range []*tgbotapi.Message{u.Message, u.EditedMessage, u.ChannelPost, u.EditedChannelPost} {
		if m != nil {
			return m
		}
	}
	return nil
}

// Kind names the update by its field, for logs and counters.
func (u Update) Kind() string {
	switch {
	case u.Broken != nil:
		return "broken"
	case u.Message != nil:
		return "message"
	case u.CallbackQuery != nil:
		return "callback_query"
	case u.MyChatMember != nil:
		return "my_chat_member"
	case u.EditedMessage != nil:
		return "edited_message"
	default:
		return "other"
	}
}

// Webhook says where and how the server shall deliver updates.
type Webhook struct {
	// URL is the https:// address.
	URL string
	// Secret comes back in a header of every delivery: 1 to 256 of A-Z, a-z,
	// 0-9, _ and -.
	Secret Secret
	// Allowed names the kinds of update wanted; nil keeps what was asked for.
	Allowed []string
	// Connections is how many deliveries may be under way; 0: 40.
	Connections int
}

// SetWebhook makes the server deliver updates instead of being polled.
func (d *Door) SetWebhook(ctx context.Context, w Webhook) error {
	params := Params{"url": w.URL}
	params.AddNonEmpty("secret_token", w.Secret.Reveal())
	params.AddNonZero("max_connections", w.Connections)
	if w.Allowed != nil {
		if err := addJSON(params, "allowed_updates", w.Allowed); err != nil {
			return broken("setWebhook", err)
		}
	}
	_, err := d.Call(ctx, "setWebhook", params)
	return err
}

// DeleteWebhook lets the server be polled again. Waiting updates are kept.
func (d *Door) DeleteWebhook(ctx context.Context) error {
	_, err := d.Call(ctx, "deleteWebhook", nil)
	return err
}
