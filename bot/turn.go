package bot

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/bot/internal/callback"
	"briefbot/bot/internal/easel"
	"briefbot/bot/internal/pace"
	"briefbot/bot/internal/telegram"
	"briefbot/bot/internal/view"
	"briefbot/briefings"
	"briefbot/briefings/i18n"
)

// turn is one update of one person: who speaks, in which language, and the ways to answer.
type turn struct {
	*Bot
	ctx    context.Context
	update int
	user   tgbotapi.User
	member briefings.Member // zero for a stranger
	p      view.Voice

	message *tgbotapi.Message       // nil for a press
	query   *tgbotapi.CallbackQuery // nil for a message
	args    []string                // what the button or the command carries
	toasted bool
	action  string           // what the pressed button does
	said    string           // the field that was filled just now, for the next screen to confirm
	read    briefings.Seated // what seat read last
	owed    []easel.Card     // what is drawn anew when the turn is over
}

// joined reports whether the person is an active member.
func (t *turn) joined() bool { return t.member.ID != "" && t.member.Status == briefings.Active }

// holds reports whether the person has the role anywhere: by the roll, or as an administrator by configuration.
func (t *turn) holds(role briefings.Role) bool {
	if t.admin(briefings.UserID(t.user.ID)) && (role == briefings.RoleAdmin || role == briefings.RoleOrganizer) {
		return true
	}
	return t.joined() && t.member.Has(role)
}

// over reports whether the person holds the role over a unit.
func (t *turn) over(role briefings.Role, unit briefings.UnitID, tree *briefings.Tree) bool {
	if t.admin(briefings.UserID(t.user.ID)) && (role == briefings.RoleAdmin || role == briefings.RoleOrganizer) {
		return true
	}
	return t.joined() && t.member.May(role, unit, tree)
}

func (t *turn) now() time.Time { return t.Now().In(t.Zone) }

func (t *turn) chat() int64 { return t.user.ID }

// reply waits for a slot of the replies' lane and calls the door. A 429 pauses the lane for everybody. What the chat is owed goes first.
func (t *turn) reply(call func() error) error { return t.replyIn(0, call) }

// replyIn is reply for a call that replaces a message, so that nothing of what the message is owed comes after it.
func (t *turn) replyIn(message int, call func() error) error {
	if err := t.settleCards(message); err != nil {
		return err
	}
	return t.Bot.paced(t.ctx, pace.Replies, t.chat(), call)
}

// paced takes a slot of a lane for a call. It tries again after the pause that a 429 asks for, when it is short, and after no answer or
// none that says what became of it: somebody waits, and a reply that is said twice does less harm than none. A 429 that concerns the chat
// alone, because it was just written to, holds nobody else up.
func (b *Bot) paced(ctx context.Context, lane pace.Lane, chat int64, call func() error) error {
	return persist(ctx, func() error {
		_, wait, err := b.pace.Enter(ctx, chat)
		if err != nil {
			return err
		}
		if wait > 0 {
			return crowded{wait}
		}
		if err := b.pace.Wait(ctx, lane); err != nil {
			return err
		}
		err = call()
		var refused *telegram.Error
		switch {
		case err == nil:
			b.crowd.tell(chat, time.Now())
		case errors.As(err, &refused) && refused.RetryAfter() > 0 && b.crowd.alone(chat, time.Now()):
			b.hold(ctx, chat, refused.RetryAfter())
		case refused != nil && refused.RetryAfter() > 0:
			if blockErr := b.pace.Block(ctx, lane, refused.RetryAfter()); blockErr != nil {
				b.Log.WarnContext(ctx, "pace not slowed", "err", blockErr)
			}
		}
		return err
	})
}

// say sends a new message and returns its id. What is too long for one message goes in several: the buttons hang on the last, whose id
// it is.
func (t *turn) say(html string, markup any) (int, error) {
	pieces := pieces(html)
	id := 0
	for i, piece := range pieces {
		var below any
		if i == len(pieces)-1 {
			below = markup
		}
		if err := t.reply(func() (err error) {
			id, err = t.door.SendText(t.ctx, t.chat(), piece, below)
			return err
		}); err != nil {
			return id, err
		}
	}
	return id, nil
}

// pressedOn is the message whose button was pressed; zero after a command.
func (t *turn) pressedOn() int {
	if t.query == nil || t.query.Message == nil {
		return 0
	}
	return t.query.Message.MessageID
}

// tell sends a new message of the catalogue.
func (t *turn) tell(key string, pairs ...any) error {
	_, err := t.say(t.p.T(key, pairs...), nil)
	return err
}

// show puts a screen in place of the message whose button was pressed; after a command it sends a new one.
func (t *turn) show(html string, markup *tgbotapi.InlineKeyboardMarkup) error {
	if t.query == nil || t.query.Message == nil || len(pieces(html)) > 1 {
		_, err := t.say(html, keyboard(markup))
		return err
	}
	err := t.replyIn(t.query.Message.MessageID, func() error {
		return t.door.EditText(t.ctx, t.chat(), t.query.Message.MessageID, html, keyboard(markup))
	})
	var refused *telegram.Error
	if errors.As(err, &refused) && refused.Gone() {
		_, err = t.say(html, keyboard(markup))
	}
	return err
}

// keyboard keeps a nil keyboard a nil interface.
func keyboard(markup *tgbotapi.InlineKeyboardMarkup) any {
	if markup == nil {
		return nil
	}
	return markup
}

// toast ends the waiting of a pressed button with a sentence; after a command it is said as a message.
func (t *turn) toast(key string, pairs ...any) error {
	key, pairs = t.fitting(key, pairs)
	return t.answer(t.p.Plain(key, pairs...), false)
}

func (t *turn) answer(text string, alert bool) error {
	if t.query == nil {
		_, err := t.say(i18n.Escape(text), nil)
		return err
	}
	if t.toasted {
		return nil
	}
	t.toasted = true
	if t.excused.take(t.query.ID) {
		return nil // it came again after an outage, and its one answer was given then
	}
	const limit = 200 // Telegram's, in characters
	if r := []rune(text); len(r) > limit {
		text = string(r[:limit-1]) + "…"
	}
	err := persist(t.ctx, func() error { return t.door.AnswerCallback(t.ctx, t.query.ID, text, alert) })
	var refused *telegram.Error
	if errors.As(err, &refused) && refused.TooOld() {
		return nil // the press itself was handled; nobody waits any more
	}
	return err
}

// refuse says a rule's no to the person: over the button that was pressed, or as a message.
func (t *turn) refuse(r *briefings.Refusal) error {
	key, pairs := t.p.Refusal(r)
	key, pairs = t.fitting(key, pairs)
	if t.query != nil {
		return t.answer(capital(t.p.Plain(key, pairs...)), true)
	}
	_, err := t.say(capital(t.p.T(key, pairs...)), nil)
	return err
}

// fail tells the person that something broke, with a code that the log knows too.
func (t *turn) fail(err error) error {
	code := errorCode()
	t.Log.ErrorContext(t.ctx, "update failed", "update", t.update, "member", string(t.member.ID), "code", code, "err", err)
	if t.query != nil {
		return t.answer(t.p.Plain("err.generic", "code", code), true)
	}
	return t.tell("err.generic", "code", code)
}

// errorCode is short enough to be read out over the telephone.
func errorCode() string {
	var b [3]byte
	_, _ = rand.Read(b[:])
	return strings.TrimRight(base32.StdEncoding.EncodeToString(b[:]), "=")
}

// button makes an inline button that does action with args.
func button(text, action string, args ...string) tgbotapi.InlineKeyboardButton {
	data, err := callback.Encode(callback.Press{Action: action, Args: args})
	if err != nil { // ids are ours and short: too long a button is a programming error that tests see
		data = "!"
	}
	return tgbotapi.NewInlineKeyboardButtonData(text, data)
}

// rows stacks buttons one a row.
func rows(buttons ...tgbotapi.InlineKeyboardButton) *tgbotapi.InlineKeyboardMarkup {
	m := &tgbotapi.InlineKeyboardMarkup{InlineKeyboard: [][]tgbotapi.InlineKeyboardButton{}}
	for _, b := range buttons {
		m.InlineKeyboard = append(m.InlineKeyboard, []tgbotapi.InlineKeyboardButton{b})
	}
	return m
}

// grid lays buttons out n a row.
func grid(n int, buttons ...tgbotapi.InlineKeyboardButton) *tgbotapi.InlineKeyboardMarkup {
	m := &tgbotapi.InlineKeyboardMarkup{InlineKeyboard: [][]tgbotapi.InlineKeyboardButton{}}
	for len(buttons) > 0 {
		k := min(n, len(buttons))
		m.InlineKeyboard = append(m.InlineKeyboard, buttons[:k:k])
		buttons = buttons[k:]
	}
	return m
}

// rollAndMeetings reads what every choice of a meeting by somebody who looks after some begins with.
func (t *turn) rollAndMeetings() (*briefings.Roster, []briefings.Meeting, error) {
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return nil, nil, err
	}
	list, err := t.Store.Meetings(t.ctx)
	return roster, list, err
}
