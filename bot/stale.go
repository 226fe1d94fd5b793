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

// confirming says, by what a button does, which dialogue it confirms: what its button says, where in its arguments, and where the stamp
// of what is confirmed stands. How the dialogue ended is said then: a thing that was sent, one that was dropped and one that was lost are
// three.
var confirming = map[string]struct {
	dialogue, verb      string
	at, stamp           int
	sent, dropped, lost string
}{
	"chg":   {dialogueChange, "go", 0, 2, "stale.change_sent", "stale.change_dropped", "stale.change_lost"},
	"ask":   {"question", "y", 1, 2, "stale.question_sent", "stale.question_dropped", "stale.question_lost"},
	"told":  {"outcome", "send", 1, 2, "stale.outcome_sent", "stale.outcome_dropped", "stale.outcome_lost"},
	"quest": {"qreply", "r", 1, 0, "stale.reply_sent", "stale.reply_dropped", "stale.reply_lost"},
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
	if confirms, ok := confirming[t.action]; ok {
		stamp, confirm := "", t.arg(confirms.at) == confirms.verb
		if confirm && confirms.stamp > 0 {
			stamp = t.arg(confirms.stamp)
		}
		switch t.ended(confirms.dialogue, stamp) {
		case endedSent:
			return confirms.sent, pairs
		case endedDropped:
			return confirms.dropped, pairs
		}
		// Of a change or conclusions a later preview, with a reason or a file more, may have been sent in place of this one.
		if confirm && (confirms.dialogue == "question" || t.ended(confirms.dialogue, "") == "") {
			return confirms.lost, pairs
		}
	}
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
