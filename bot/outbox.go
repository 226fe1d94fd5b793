package bot

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/bot/internal/pace"
	"briefbot/bot/internal/view"
	"briefbot/briefings"
	"briefbot/briefings/i18n"
)

// outboxShown is how many mailings the list shows.
const outboxShown = 8

// outbox shows what is being sent, and what was.
func (t *turn) outbox() error {
	html, markup, err := t.outboxScreen()
	if err != nil {
		return err
	}
	_, err = t.say(html, markup)
	return err
}

func (t *turn) outboxScreen() (string, *tgbotapi.InlineKeyboardMarkup, error) {
	list, err := t.Bot.Outbox.Mailings(t.ctx, 5*outboxShown)
	if err != nil {
		return "", nil, err
	}
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return "", nil, err
	}
	var lines []string
	names := outboxNames
	markup := rows()
	for _, g := range list {
		if len(lines) == outboxShown {
			break
		}
		if g.Mailing.Kind == briefings.KindCorrected && g.Over() {
			continue // nobody was sent anything: the cards are right now
		}
		if g.Mailing.Kind.Confidential() {
			continue
		}
		title, author, m, err := t.subject(g.Mailing)
		if errors.Is(err, briefings.ErrNotFound) || err == nil && !t.manages(author, roster) {
			continue
		}
		if err != nil {
			return "", nil, err
		}
		why, untold, err := t.causes(g, roster, &names)
		if err != nil {
			return "", nil, err
		}
		fail := min(untold, g.Settled()-g.Sent)
		n := len(lines) + 1
		lines = append(lines, t.p.T("outbox.line", "i", n, "kind", t.p.Plain("kind."+string(g.Mailing.Kind)), "title", clip(title.In(t.p.Lang()), 80),
			"state", t.p.Plain("mailing."+g.State), "bar", view.Bar(g.Settled(), g.Total), "done", g.Settled(), "total", g.Total,
			"fail", some(fail), "moot", some(g.Settled()-g.Sent-fail), "retry", some(g.Retry), "next", t.nextTry(g),
			"eta", t.expected(g)))
		if stopped := t.stopped(g, roster); stopped != "" {
			lines[n-1] += "\n" + i18n.Escape(stopped)
		}
		if len(why) > 0 {
			lines[n-1] += "\n" + strings.Join(why, "\n")
		}
		row := t.outboxButtons(n, g, untold > 0)
		if m.Expected(t.Now()) && g.Mailing.Kind == briefings.KindInvitation {
			row = append(row, button(fmt.Sprintf("%d. %s", n, t.p.Plain("btn.manage_one")), "sched", "m", g.Mailing.Subject))
		}
		if len(row) > 0 {
			markup.InlineKeyboard = append(markup.InlineKeyboard, row)
		}
	}
	if len(lines) == 0 {
		return t.p.T("outbox.none"), nil, nil
	}
	markup.InlineKeyboard = append(markup.InlineKeyboard, []tgbotapi.InlineKeyboardButton{button(t.p.Plain("btn.refresh"), "box", "list")})
	return t.p.T("outbox.list", "lines", i18n.HTML(strings.Join(lines, "\n\n"))), markup, nil
}

// expected is when a mailing under way will be done at the pace of now, as if it were the only one; nil when nobody can say.
func (t *turn) expected(g Progress) any {
	if g.State != "running" && g.State != "ready" || g.Total == g.Settled() {
		return nil
	}
	state, err := t.Bot.pace.State(t.ctx, pace.Bulk)
	if err != nil || state.Rate <= 0 {
		return nil
	}
	left := time.Duration(float64(g.Total-g.Settled()) / state.Rate * float64(time.Second))
	return t.Now().Add(state.Blocked + left)
}

func (t *turn) outboxButtons(n int, g Progress, missed bool) []tgbotapi.InlineKeyboardButton {
	key := string(g.Mailing.Key())
	label := func(text string) string { return fmt.Sprintf("%d. %s", n, t.p.Plain(text)) }
	var who []tgbotapi.InlineKeyboardButton
	if missed {
		who = append(who, button(label("btn.untold"), "box", "who", key))
	}
	switch {
	case g.State == "running" || g.State == "ready":
		return append(who, button(label("btn.pause"), "box", "pause", key), button(label("btn.stop"), "box", "cancel", key))
	case g.State == "paused":
		return append(who, button(label("btn.resume"), "box", "resume", key), button(label("btn.stop"), "box", "cancel", key))
	case g.Over() && missed:
		row := who
		if g.Failed > 0 && g.State == "done" {
			row = append(row, button(label("btn.resend"), "box", "resend", key))
		}
		if g.Unknown > 0 && g.State == "done" {
			row = append(row, button(label("btn.resend_unsure"), "box", "unsure", key))
		}
		return row
	}
	return nil
}

// subject is what a mailing speaks of, and who made it.
func (t *turn) subject(m briefings.Mailing) (title briefings.Text, author briefings.MemberID, meeting briefings.Meeting, err error) {
	if m.Kind == briefings.KindBriefing {
		b, err := t.Store.Briefing(t.ctx, briefings.BriefingID(m.Subject))
		return b.Title, b.Author, meeting, err
	}
	if m.Kind == briefings.KindWeekly {
		return t.weekSubject(briefings.WeekID(m.Subject))
	}
	meeting, err = t.Store.Meeting(t.ctx, briefings.MeetingID(m.Subject))
	return meeting.Title, meeting.Author, meeting, err
}

func (t *turn) outboxPressed() error {
	if !t.holds(briefings.RoleOrganizer) {
		return briefings.Refuse("err.permission")
	}
	if act := t.args0(); act != "list" {
		if err := t.outboxAct(Act(act), briefings.Key(t.arg(1))); err != nil {
			return err
		}
		if act == "who" {
			return nil
		}
	}
	html, markup, err := t.outboxScreen()
	if err != nil {
		return err
	}
	return t.show(html, markup)
}

// outboxAct does what was asked to one mailing, if the person looks after its subject.
func (t *turn) outboxAct(act Act, key briefings.Key) error {
	if key.Kind().Confidential() {
		return briefings.Refuse("err.permission")
	}
	g, err := t.Bot.Outbox.Mailing(t.ctx, key)
	if err != nil {
		return err
	}
	_, author, _, err := t.subject(g.Mailing)
	if err != nil {
		return err
	}
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return err
	}
	if !t.manages(author, roster) {
		return briefings.Refuse("err.permission")
	}
	switch act {
	case "who":
		return t.untold(key, roster)
	case ActPause, ActResume, ActCancel, ActResend, ActUnsure:
		if err := t.Bot.Outbox.Control(t.ctx, key, act, t.member.ID); err != nil {
			return err
		}
		return t.toast("outbox.act_" + string(act))
	}
	return briefings.Refuse("err.expired")
}

// untold lists whom a mailing did not reach, so that they are told otherwise: by name, with the way to reach them.
func (t *turn) untold(key briefings.Key, roster *briefings.Roster) error {
	list, err := t.Bot.Outbox.Untold(t.ctx, key)
	if err != nil {
		return err
	}
	slices.SortStableFunc(list, func(a, b Untold) int { return strings.Compare(a.Why, b.Why) })
	var lines []string
	for _, u := range list {
		m, ok := roster.MemberByNo(u.No)
		if !ok {
			continue
		}
		lines = append(lines, t.p.T("outbox.untold_line", "name", m.Name, "unit", roster.Tree().Short(m.Unit), "phone", phoneOf(m),
			"why", t.p.Plain("why."+u.Why)))
	}
	if len(lines) == 0 {
		return t.tell("outbox.all_told")
	}
	return t.sayLong(t.p.T("outbox.untold", "n", len(lines)), lines, nil)
}

// sayLong says a head and lines in as many messages as they need; the buttons hang on the last.
func (t *turn) sayLong(head string, lines []string, markup *tgbotapi.InlineKeyboardMarkup) error {
	const room = 3800 // bytes of HTML are more than the characters Telegram counts, so this is safe
	text := head
	for _, line := range lines {
		if len(text)+len(line) > room {
			if _, err := t.say(text, nil); err != nil {
				return err
			}
			text = line
			continue
		}
		text += "\n" + line
	}
	_, err := t.say(text, keyboard(markup))
	return err
}
