package bot

import (
	"errors"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/bot/internal/view"
	"briefbot/briefings"
	"briefbot/briefings/i18n"
)

// manages reports whether the person looks after what a member made: as its author, an administrator, or an organizer over the
// author's unit.
func (t *turn) manages(author briefings.MemberID, roster *briefings.Roster) bool {
	if t.holds(briefings.RoleAdmin) || t.joined() && author == t.member.ID {
		return true
	}
	m, ok := roster.Member(author)
	return ok && t.over(briefings.RoleOrganizer, m.Unit, roster.Tree())
}

// schedules shows what will happen: briefings by their cadence, meetings whose notice waits for its hour.
func (t *turn) schedules() error {
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return err
	}
	list, err := t.Store.Briefings(t.ctx)
	if err != nil {
		return err
	}
	var buttons []tgbotapi.InlineKeyboardButton
	for _, b := range list {
		if (b.Status == briefings.BriefingActive || b.Status == briefings.BriefingPaused) && t.manages(b.Author, roster) && len(buttons) < 40 {
			mark := "📰 "
			if b.Status == briefings.BriefingPaused {
				mark = "⏸ "
			}
			buttons = append(buttons, button(mark+clip(b.Title.In(t.p.Lang()), 50), "sched", "b", string(b.ID)))
		}
	}
	meetings, err := t.Store.Meetings(t.ctx)
	if err != nil {
		return err
	}
	for _, m := range meetings {
		if m.Expected(t.Now()) && t.manages(m.Author, roster) && len(buttons) < 60 {
			buttons = append(buttons, button("📌 "+t.p.Short(m.Starts)+" · "+clip(m.Title.In(t.p.Lang()), 40), "sched", "m", string(m.ID)))
		}
	}
	if len(buttons) == 0 {
		return t.tell("schedules.none")
	}
	_, err = t.say(t.p.T("schedules.list"), rows(buttons...))
	return err
}

// schedulePressed opens one schedule, or changes it.
func (t *turn) schedulePressed() error {
	if !t.holds(briefings.RoleOrganizer) {
		return briefings.Refuse("err.permission")
	}
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return err
	}
	if t.args0() == "m" {
		return t.meetingSchedule(roster)
	}
	b, err := t.Store.Briefing(t.ctx, briefings.BriefingID(t.arg(1)))
	if err != nil {
		return err
	}
	if !t.manages(b.Author, roster) {
		return briefings.Refuse("err.permission")
	}
	change := map[string]func(*briefings.Briefing) error{
		"pause":  func(b *briefings.Briefing) error { return b.Pause("") },
		"resume": func(b *briefings.Briefing) error { return b.Resume(t.Now()) },
		"stop":   func(b *briefings.Briefing) error { return b.Stop() },
		"skip": func(b *briefings.Briefing) error {
			if b.Status != briefings.BriefingActive {
				return briefings.Refuse("err.already_done")
			}
			b.SkipNext = !b.SkipNext
			return nil
		},
	}[t.arg(2)]
	if change != nil {
		if b, err = t.Store.UpdateBriefing(t.ctx, b.ID, change); err != nil {
			return err
		}
		t.Nudge()
		if err := t.showSchedule(b); err != nil {
			return err
		}
		return t.toast("schedules.changed")
	}
	return t.showSchedule(b)
}

// showSchedule says when a briefing comes next, and what can be done about it.
func (t *turn) showSchedule(b briefings.Briefing) error {
	var dates []string
	if b.Status == briefings.BriefingActive {
		next, err := t.slots(b.Cadence, 5)
		if err != nil {
			return err
		}
		for i, s := range next {
			line := "• " + t.p.Time(s.At)
			if i == 0 && b.SkipNext || b.Skipped(s.Occasion) {
				line = "• <s>" + i18n.Escape(t.p.Time(s.At)) + "</s>"
			}
			dates = append(dates, line)
		}
	}
	var past []string
	for i := len(b.Editions) - 1; i >= 0 && len(past) < 3; i-- {
		e := b.Editions[i]
		past = append(past, "• "+i18n.Escape(t.p.Short(e.Due)+" – "+t.p.Plain("edition."+string(e.State))))
	}
	html := t.p.Lines("schedules.card", "title", b.Title, "state", t.p.Plain("state.briefing_"+string(b.Status)),
		"when", view.Cadence(t.p, b.Cadence, t.now()), "dates", section(t.p.T("schedules.next"), dates), "past", section(t.p.T("schedules.past"), past))
	id := string(b.ID)
	var buttons []tgbotapi.InlineKeyboardButton
	switch b.Status {
	case briefings.BriefingActive:
		if b.Cadence.Every != briefings.Once {
			skip := "btn.skip_next"
			if b.SkipNext {
				skip = "btn.skip_undo"
			}
			buttons = append(buttons, button(t.p.Plain(skip), "sched", "b", id, "skip"))
		}
		buttons = append(buttons, button(t.p.Plain("btn.pause"), "sched", "b", id, "pause"), button(t.p.Plain("btn.stop"), "sched", "b", id, "stop"))
	case briefings.BriefingPaused:
		buttons = append(buttons, button(t.p.Plain("btn.resume"), "sched", "b", id, "resume"), button(t.p.Plain("btn.stop"), "sched", "b", id, "stop"))
	}
	return t.showAs("sched", html, grid(2, buttons...))
}

// slots are the next n slots of a cadence.
func (t *turn) slots(c briefings.Cadence, n int) ([]Slot, error) {
	return t.Slots.Upcoming(t.ctx, c, t.Now(), n)
}

// section is a heading and its lines, or nothing.
func section(heading string, lines []string) i18n.HTML {
	if len(lines) == 0 {
		return ""
	}
	return i18n.HTML(heading + "\n" + strings.Join(lines, "\n"))
}

// showAs edits the screen in place when the button belongs to a screen of the same sort, and sends a new one below a list.
func (t *turn) showAs(_ string, html string, markup *tgbotapi.InlineKeyboardMarkup) error {
	if len(t.args) > 2 || t.args0() == "back" {
		return t.show(html, markup)
	}
	_, err := t.say(html, markup)
	return err
}

// meetingSchedule shows a meeting that is to come.
func (t *turn) meetingSchedule(roster *briefings.Roster) error {
	m, err := t.Store.Meeting(t.ctx, briefings.MeetingID(t.arg(1)))
	if err != nil {
		return err
	}
	if !t.manages(m.Author, roster) {
		return briefings.Refuse("err.permission")
	}
	switch t.arg(2) {
	case "cancel", "yes": // of a screen that asked by itself; what it asked is previewed now
		return t.beginChange(m, "cancel")
	}
	return t.showMeeting(m)
}

// showMeeting is a meeting as its organizer sees it, with what can be done about it.
func (t *turn) showMeeting(m briefings.Meeting) error {
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return err
	}
	seats, err := t.Store.Invitations(t.ctx, m.ID)
	if err != nil && !errors.Is(err, briefings.ErrNotFound) {
		return err
	}
	roll := briefings.Count(&m, seats, roster.Tree(), t.now())
	html := t.p.Lines("schedules.meeting", "title", m.Title, "time_text", m.Starts, "announce", m.Announce, "deadline", m.AnswersUntil(),
		"venues", len(m.Venues), "invited", roll.Total.Invited, "yes", roll.Answers.Accepted, "pending", roll.Answers.None,
		"state", t.p.Plain("state.meeting_"+string(m.Status)))
	id := string(m.ID)
	var buttons []tgbotapi.InlineKeyboardButton
	if m.Expected(t.Now()) {
		buttons = append(buttons, button(t.p.Plain("btn.change_time"), "chg", "time", id), button(t.p.Plain("btn.change_venue"), "chg", "venue", id),
			button(t.p.Plain("btn.change_agenda"), "chg", "agenda", id))
		if m.Status == briefings.MeetingOpen {
			buttons = append(buttons, button(t.p.Plain("btn.postpone"), "chg", "off", id))
		}
		buttons = append(buttons, button(t.p.Plain("btn.counts"), "count", "show", id), button(t.p.Plain("btn.cancel_meeting"), "chg", "cancel", id))
	}
	return t.showAs("sched", html, grid(2, buttons...))
}
