package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/briefings/richtext"
)

// Option adds to the parameters of a sending.
type Option func(Params)

// Silent delivers without a sound.
func Silent() Option { return With("disable_notification", "true") }

// Protect forbids forwarding and saving.
func Protect() Option { return With("protect_content", "true") }

// Paid lets the message go out above the free rate, at a price.
func Paid() Option { return With("allow_paid_broadcast", "true") }

// Preview shows the preview of the first link, which is off otherwise.
func Preview() Option { return With("link_preview_options", `{"is_disabled":false}`) }

// With sets any parameter by its name.
func With(key, value string) Option { return func(p Params) { p[key] = value } }

// Me asks who the bot is: the cheapest proof that token and server work.
func (d *Door) Me(ctx context.Context) (tgbotapi.User, error) {
	var me tgbotapi.User
	err := d.into(ctx, &me, "getMe", nil)
	return me, err
}

// SendText sends html to chat and returns the message's id, which is 0 when
// the server scheduled the message by itself and it cannot be edited. markup
// is a keyboard value of the library, or nil.
func (d *Door) SendText(ctx context.Context, chat int64, html string, markup any, opts ...Option) (int, error) {
	params, err := textParams(chat, html, markup, opts)
	if err != nil {
		return 0, broken("sendMessage", err)
	}
	var sent struct {
		ID int `json:"message_id"`
	}
	err = d.into(ctx, &sent, "sendMessage", params)
	return sent.ID, err
}

// EditText replaces a message's text and inline keyboard; a nil markup takes
// the keyboard away. An edit that changes nothing is a success.
func (d *Door) EditText(ctx context.Context, chat int64, message int, html string, markup any, opts ...Option) error {
	params, err := textParams(chat, html, markup, opts)
	if err != nil {
		return broken("editMessageText", err)
	}
	params["message_id"] = strconv.Itoa(message)
	return d.edit(ctx, "editMessageText", params)
}

// EditMarkup replaces a message's inline keyboard; nil takes it away. An edit
// that changes nothing is a success.
func (d *Door) EditMarkup(ctx context.Context, chat int64, message int, markup any) error {
	params := Params{"chat_id": id(chat), "message_id": strconv.Itoa(message)}
	if err := addMarkup(params, markup); err != nil {
		return broken("editMessageReplyMarkup", err)
	}
	return d.edit(ctx, "editMessageReplyMarkup", params)
}

// Delete removes a message. One that is not there is a success; one that is
// older than 48 hours is a Gone error.
func (d *Door) Delete(ctx context.Context, chat int64, message int) error {
	params := Params{"chat_id": id(chat), "message_id": strconv.Itoa(message)}
	d.drawn.forget(params)
	_, err := d.Call(ctx, "deleteMessage", params)
	var e *Error
	if errors.As(err, &e) && e.Gone() && e.Reason() == "gone" {
		return nil
	}
	return err
}

// AnswerCallback ends the waiting of a pressed button, with up to 200
// characters of text, or none; alert shows them in a box. A TooOld error needs
// no action: the press itself is already handled.
func (d *Door) AnswerCallback(ctx context.Context, query, text string, alert bool) error {
	params := Params{"callback_query_id": query}
	params.AddNonEmpty("text", text)
	params.AddBool("show_alert", alert)
	_, err := d.Call(ctx, "answerCallbackQuery", params)
	return err
}

// Scope says whose menu a list of commands is; zero: everybody's default.
type Scope struct {
	// Chat is the one chat the list is for.
	Chat int64
}

// SetMyCommands sets the menu for scope and language (two letters; empty:
// every language without a list of its own). An empty list removes the menu.
func (d *Door) SetMyCommands(ctx context.Context, scope Scope, language string, commands []tgbotapi.BotCommand) error {
	where := tgbotapi.BotCommandScope{Type: "default"}
	if scope.Chat != 0 {
		where = tgbotapi.BotCommandScope{Type: "chat", ChatID: scope.Chat}
	}
	params := Params{}
	params.AddNonEmpty("language_code", language)
	method := "setMyCommands"
	if len(commands) == 0 {
		method = "deleteMyCommands"
	} else if err := addJSON(params, "commands", commands); err != nil {
		return broken(method, err)
	}
	if err := addJSON(params, "scope", where); err != nil {
		return broken(method, err)
	}
	_, err := d.Call(ctx, method, params)
	return err
}

// SendAction shows for up to five seconds that the bot is busy: "typing",
// "upload_document", "upload_photo".
func (d *Door) SendAction(ctx context.Context, chat int64, action string) error {
	_, err := d.Call(ctx, "sendChatAction", Params{"chat_id": id(chat), "action": action})
	return err
}

// edit makes a call that changes a message. One that repeats the last edit of
// the message within moments makes no call.
func (d *Door) edit(ctx context.Context, method string, params Params) error {
	if d.drawn.same(method, params) {
		return nil
	}
	_, err := d.Call(ctx, method, params)
	var e *Error
	if errors.As(err, &e) && e.NotModified() {
		err = nil
	}
	if err != nil {
		d.drawn.forget(params)
		return err
	}
	d.drawn.note(method, params)
	return nil
}

// into makes a call and decodes its result.
func (d *Door) into(ctx context.Context, result any, method string, params Params, files ...tgbotapi.RequestFile) error {
	raw, err := d.Call(ctx, method, params, files...)
	if err != nil {
		return err
	}
	return d.decode(method, raw, result)
}

// decode reads a result. One that cannot be read is ambiguous: the call
// itself succeeded.
func (d *Door) decode(method string, raw json.RawMessage, result any) error {
	if err := json.Unmarshal(raw, result); err != nil {
		return &Error{
			Method: method, Description: "unreadable result",
			kind: kindAmbiguous, reason: "no_answer", cause: d.token.redactError(err),
		}
	}
	return nil
}

func textParams(chat int64, html string, markup any, opts []Option) (Params, error) {
	params := Params{
		"chat_id":              id(chat),
		"text":                 cut(html, richtext.MessageLimit),
		"parse_mode":           tgbotapi.ModeHTML,
		"link_preview_options": `{"is_disabled":true}`,
	}
	if err := addMarkup(params, markup); err != nil {
		return nil, err
	}
	for _, opt := range opts {
		opt(params)
	}
	return params, nil
}

func addMarkup(params Params, markup any) error {
	if markup == nil {
		return nil
	}
	return addJSON(params, "reply_markup", markup)
}

// addJSON sets key to value as JSON, unless value is a nil of some type.
func addJSON(params Params, key string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("write %s: %w", key, err)
	}
	if string(text) != "null" {
		params[key] = string(text)
	}
	return nil
}

// broken is the error of a message that cannot even be written.
func broken(method string, err error) *Error {
	return &Error{Method: method, Description: "cannot be written", kind: kindContent, reason: "request", cause: err}
}

func id(n int64) string { return strconv.FormatInt(n, 10) }
