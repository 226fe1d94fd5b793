package bot

import (
	"slices"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/briefings"
)

// The choices of the rules, in the order in which a button goes through them.
var (
	windows  = []time.Duration{15 * time.Minute, time.Hour, 6 * time.Hour, 24 * time.Hour, 72 * time.Hour}
	catchUps = []briefings.CatchUp{briefings.CatchUpLatest, briefings.CatchUpAll, briefings.CatchUpSkip}
	overlaps = []briefings.Overlap{briefings.OverlapWait, briefings.OverlapSkip, briefings.OverlapAllow, briefings.OverlapCancel}
)

// rulesPressed shows what becomes of late slots and of slots that meet, and changes it. Each button names the value it sets, so that a
// button that is pressed twice sets it once.
func (t *turn) rulesPressed(b briefings.Briefing) error {
	rule, value := t.arg(3), t.arg(4)
	if rule != "" {
		var err error
		b, err = t.Store.UpdateBriefing(t.ctx, b.ID, func(b *briefings.Briefing) error {
			r := b.Rules
			switch rule {
			case "late":
				d, err := time.ParseDuration(value)
				if err != nil || !slices.Contains(windows, d) {
					return briefings.Refuse("err.expired")
				}
				r.Window = d
			case "catch":
				r.CatchUp = briefings.CatchUp(value)
			case "meet":
				r.Overlap = briefings.Overlap(value)
			}
			return b.Obey(r)
		})
		if err != nil {
			return err
		}
		t.Nudge()
	}
	r := b.Rules.Usual(b.Cadence.Every)
	html := t.p.T("rules.card", "title", b.Title, "late", lasting(t.p, r.Window), "catch", t.p.Plain("rules.catch_"+string(r.CatchUp)),
		"meet", t.p.Plain("rules.meet_"+string(r.Overlap)))
	set := func(label, rule, value string) tgbotapi.InlineKeyboardButton {
		return button(label, "sched", "b", string(b.ID), "rules", rule, value)
	}
	window, catchUp, overlap := following(windows, r.Window), following(catchUps, r.CatchUp), following(overlaps, r.Overlap)
	markup := rows(set(t.p.Plain("rules.set_catch", "value", t.p.Plain("rules.catch_"+string(catchUp))), "catch", string(catchUp)))
	if r.CatchUp != briefings.CatchUpSkip {
		markup.InlineKeyboard = append(markup.InlineKeyboard, rows(set(t.p.Plain("rules.set_late", "value", lasting(t.p, window)), "late", window.String())).InlineKeyboard...)
	}
	markup.InlineKeyboard = append(markup.InlineKeyboard, rows(set(t.p.Plain("rules.set_meet", "value", t.p.Plain("rules.meet_"+string(overlap))), "meet", string(overlap)),
		button(t.p.Plain("btn.back"), "sched", "b", string(b.ID), "card")).InlineKeyboard...)
	return t.show(html, markup)
}

// following is what comes after a value, around the end.
func following[T comparable](list []T, value T) T {
	return list[(slices.Index(list, value)+1)%len(list)]
}
