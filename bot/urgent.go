package bot

import (
	"fmt"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/briefings"
)

// What an organizer says of an urgent mailing that would go out in quiet hours. They are also the verbs of the draft's buttons.
const (
	goInQuiet    = "urge"
	waitForQuiet = "hold"
)

// askQuiet asks the organizer's word before something urgent wakes people: at which hour, how many. It reports whether it asked, and
// then nothing is sent before the answer. Where waiting would take longer than answers are taken (zero: there is no such time) it is not
// offered: the planner would not wait either.
func (t *turn) askQuiet(c composing, u briefings.Urgency, kind briefings.Kind, at, until time.Time, cadence *briefings.Cadence, n int) (bool, error) {
	if !u.Presses() || c.Quiet != "" {
		return false, nil
	}
	at = at.In(t.Zone)
	calm, err := t.Store.Calm(t.ctx)
	if err != nil {
		return false, fmt.Errorf("read quiet hours: %w", err)
	}
	if !calm.Quiet(kind, at) {
		return false, nil
	}
	c.When = cadence
	if err := t.keep(c.Kind, c); err != nil {
		return false, err
	}
	if err := t.clearPreview(); err != nil {
		t.Log.WarnContext(t.ctx, "buttons not taken off a preview", "update", t.update, "err", err)
	}
	stamp := c.stamp()
	question := t.p.T("urgency.ask", "time", at, "n", n)
	if calm.Resting(kind, at) {
		question = t.p.T("urgency.ask_noon", "time", at, "n", n)
	}
	buttons := []tgbotapi.InlineKeyboardButton{button(t.p.Plain("btn.urgent_now"), "draft", c.Kind, goInQuiet, stamp)}
	if end := calm.End(kind, at); until.IsZero() || end.Before(until) {
		buttons = append(buttons, button(t.p.Plain("btn.urgent_wait", "time", end), "draft", c.Kind, waitForQuiet, stamp))
	}
	_, err = t.say(question, rows(append(buttons, button(t.p.Plain("btn.cancel"), "draft", c.Kind, "drop", stamp))...))
	return true, err
}
