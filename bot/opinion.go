package bot

import (
	"context"
	"errors"
	"slices"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/bot/internal/view"
	"briefbot/briefings"
)

// opinionScreen asks somebody who came how it was, one question after the other in one message: three taps in one place.
func (b *Bot) opinionScreen(ctx context.Context, p view.Voice, m briefings.Meeting, who briefings.MemberID) (string, *tgbotapi.InlineKeyboardMarkup, error) {
	heard, err := b.Store.Heard(ctx, m.ID, who)
	if err != nil {
		return "", nil, err
	}
	for i, q := range briefings.Questions {
		if slices.Contains(heard, q) {
			continue
		}
		var row []tgbotapi.InlineKeyboardButton
		for _, mark := range briefings.Marks {
			row = append(row, button(p.Plain("opinion.mark_"+string(mark), "mark", markSigns[mark]), "opine", string(m.ID), string(q), string(mark)))
		}
		return p.T("opinion.ask", "title", m.Title, "i", i+1, "of", len(briefings.Questions), "question", p.Plain("opinion."+string(q))), grid(3, row...), nil
	}
	return p.T("opinion.thanks", "title", m.Title), nil, nil
}

// markSigns are what the marks look like.
var markSigns = map[briefings.Mark]string{briefings.Good: "👍", briefings.Fair: "😐", briefings.Poor: "👎"}

// came reports whether a member was at a meeting.
func (b *Bot) came(ctx context.Context, m briefings.Meeting, who briefings.MemberID) (bool, error) {
	if m.WalkedIn(who) != "" {
		return true, nil
	}
	seat, _, err := b.Store.SeatOf(ctx, m.ID, who)
	if errors.Is(err, briefings.ErrNotFound) {
		return false, nil
	}
	return err == nil && seat.Here() == who, err
}

// opinePressed counts a tap, once for each question.
func (t *turn) opinePressed() error {
	if !t.joined() {
		return briefings.Refuse("err.permission")
	}
	m, err := t.Store.Meeting(t.ctx, briefings.MeetingID(t.args0()))
	if err != nil {
		return err
	}
	q, mark := briefings.Question(t.arg(1)), briefings.Mark(t.arg(2))
	there, err := t.came(t.ctx, m, t.member.ID)
	switch {
	case err != nil:
		return err
	case !there:
		return briefings.Refuse("opinion.not_there")
	case !briefings.Known(q, mark):
		return t.toast("err.expired")
	}
	first, err := t.Store.Opine(t.ctx, m.ID, t.member.ID, q, mark)
	if err != nil {
		return err
	}
	text, markup, err := t.opinionScreen(t.ctx, t.p, m, t.member.ID)
	if err != nil {
		return err
	}
	if err := t.show(text, markup); err != nil {
		return err
	}
	if !first {
		return t.toast("opinion.already")
	}
	return t.toast("opinion.noted", "mark", markSigns[mark])
}

// opinions shows the organizer what was said, as counts.
func (t *turn) opinions(roster *briefings.Roster, id briefings.MeetingID) error {
	m, _, err := t.rolls(roster, id)
	if err != nil {
		return err
	}
	said, err := t.Store.Opinion(t.ctx, id)
	if err != nil {
		return err
	}
	if len(said) == 0 {
		return t.tell("opinion.none")
	}
	var lines []string
	for _, q := range briefings.Questions {
		var parts []string
		for _, mark := range briefings.Marks {
			parts = append(parts, t.p.Plain("opinion.count", "mark", markSigns[mark], "n", said[q][mark]))
		}
		lines = append(lines, t.p.T("opinion.line", "question", t.p.Plain("opinion."+string(q)), "counts", strings.Join(parts, " · ")))
	}
	return t.sayLong(t.p.T("opinion.head", "title", m.Title), lines, nil)
}
