package bot

import "briefbot/briefings"

// outlived says, by what a button does, how it reads when the time of the button is over: a sentence for a dialogue that ended, else
// the command that opens its screen anew.
var outlived = map[string]struct{ key, command string }{
	"chg": {"stale.change", "editmeeting"}, "close": {"stale.closing", "closecheckin"}, "told": {"stale.outcome", "counts"},
	"ask": {"stale.question", "ask"}, "quest": {"stale.reply", "questions"}, "ticks": {"stale.list", "answerfor"}, "dep": {"stale.deputy", "meetings"},
	"w": {"stale.step", "newmeeting"}, "new": {"", "newmeeting"}, "draft": {"", "newmeeting"}, "label": {"", "newmeeting"}, "week": {"", "newmeeting"},
	"stead": {"", "answerfor"}, "quota": {"", "nominate"}, "judge": {"", "leaves"}, "sched": {"", "schedules"}, "box": {"", "outbox"},
	"stat": {"", "status"}, "count": {"", "counts"}, "chase": {"", "remind"}, "board": {"", "board"},
	"door": {"", "opencheckin"}, "ready": {"", "opencheckin"}, "list": {"", "checkinfor"}, "seat": {"", "checkinfor"}, "guest": {"", "checkinfor"},
	"bulk": {"", "checkinfor"}, "in": {"", "checkin"}, "topic": {"", "topics"}, "brief": {"", "briefings"}, "lang": {"", "language"}, "join": {"", "start"},
}

// fitting makes of the sentence for any old button the one that fits the button that was pressed.
func (t *turn) fitting(key string, pairs []any) (string, []any) {
	if t.query == nil || key != "err.expired" {
		return key, pairs
	}
	fit, ok := outlived[t.action]
	if !ok {
		return key, pairs
	}
	pairs = []any{"command", t.command(fit.command)}
	if fit.key != "" {
		return fit.key, pairs
	}
	return "err.reopen", pairs
}

// command is how a command is typed in the person's language.
func (t *turn) command(name string) string {
	for _, c := range t.commands() {
		if c.name == name && t.p.Lang() == briefings.Vietnamese {
			return "/" + c.alias
		}
	}
	return "/" + name
}
