package bot

import (
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/briefings"
)

// previewText says exactly how many people a draft concerns, by way of reaching them.
func (t *turn) previewText(key string, roster *briefings.Roster, audience []briefings.Member, terms briefings.Audience, label briefings.Label, when string) string {
	reachable, otherwise := briefings.Reach(audience)
	return t.p.T(key, "n", len(audience), "reachable", len(reachable), "offline", len(otherwise),
		"units", scopeWords(roster, terms, t.p), "label", t.p.Plain("label."+string(label)), "when", when)
}

// sayPreview sends the preview with what an organizer would want to know, and remembers which message it is.
func (t *turn) sayPreview(c composing, html string, warn []string, markup *tgbotapi.InlineKeyboardMarkup) error {
	for _, w := range warn {
		html += "\n⚠️ " + w
	}
	id, err := t.say(html, markup)
	if err != nil {
		return err
	}
	c.Preview = id
	if err := t.keep(c.Kind, c); err != nil { // it stands in the chat; a second one would be of no more use
		t.Log.WarnContext(t.ctx, "preview not remembered", "update", t.update, "err", err)
	}
	return nil
}

// settlePreview makes the preview of what was sent say what became of it: when it goes out, without the question and the warnings
// that were of use before. It is a message that was read already, so that nothing hangs on it.
func (t *turn) settlePreview(message int, html string) {
	if message == 0 || html == "" {
		return
	}
	if err := t.reply(func() error { return t.door.EditText(t.ctx, t.chat(), message, html, nil) }); err != nil {
		t.Log.WarnContext(t.ctx, "preview not settled", "update", t.update, "err", err)
	}
}

// goesOut says when what is sent at a moment goes out: then, or when the quiet hours end that hold it.
func (t *turn) goesOut(kind briefings.Kind, at time.Time, urgent bool) string {
	at = at.In(t.Zone)
	calm, err := t.Store.Calm(t.ctx)
	if err != nil { // the message below it says it as well
		t.Log.WarnContext(t.ctx, "quiet hours not read", "err", err)
	}
	if !urgent && calm.Quiet(kind, at) {
		at = calm.End(kind, at)
	}
	return t.p.Time(at)
}

// urgently says what it means that a draft is urgent. Of quiet hours it speaks only where there are any.
func (t *turn) urgently() string {
	calm, err := t.Store.Calm(t.ctx)
	if err != nil {
		t.Log.WarnContext(t.ctx, "quiet hours not read", "err", err)
	}
	var hours []string
	for _, q := range []briefings.QuietHours{calm.Night, calm.Noon} {
		if q.From != q.To {
			hours = append(hours, t.hoursWords(q))
		}
	}
	return t.p.T("urgency.preview", "night", strings.Join(hours, ", "))
}
