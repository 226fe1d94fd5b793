package bot

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/bot/internal/telegram"
	"briefbot/bot/internal/view"
	"briefbot/briefings"
	"briefbot/briefings/report"
	"briefbot/briefings/vietnamese"
)

// counts offers the meetings whose attendance the person may see.
func (t *turn) counts() error {
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return err
	}
	if t.args0() != "" {
		return t.showCounts(roster, briefings.MeetingID(strings.TrimSpace(t.args0())))
	}
	list, err := t.Store.Meetings(t.ctx)
	if err != nil {
		return err
	}
	var buttons []tgbotapi.InlineKeyboardButton
	for _, m := range list {
		if m.Revision > 0 && t.seesCounts(m, roster) && len(buttons) < 12 {
			buttons = append(buttons, button(t.p.Short(m.Starts)+" · "+clip(m.Title.In(t.p.Lang()), 44), "count", "show", string(m.ID)))
		}
	}
	if len(buttons) == 0 {
		return t.tell("counts.none")
	}
	_, err = t.say(t.p.T("counts.pick"), rows(buttons...))
	return err
}

func (t *turn) seesCounts(m briefings.Meeting, roster *briefings.Roster) bool {
	return t.holds(briefings.RoleOrganizer) && t.manages(m.Author, roster)
}

// showCounts says the attendance of one meeting.
func (t *turn) showCounts(roster *briefings.Roster, id briefings.MeetingID) error {
	m, seats, err := t.rolls(roster, id)
	if err != nil {
		return err
	}
	lines := strings.Split(view.Counts(t.p, briefings.Count(&m, seats, roster.Tree(), t.now())), "\n")
	lines = append(lines, quotaLines(t.p, roster, m, seats)...)
	buttons := []tgbotapi.InlineKeyboardButton{button(t.p.Plain("btn.xlsx"), "count", "xlsx", string(id))}
	q, err := t.Store.Inquiries(t.ctx, m.ID)
	if err != nil {
		return err
	}
	if asked, in := q.Count(); asked > 0 {
		lines = append(lines, t.p.T("question.counted", "n", asked, "done", in[briefings.InquiryAnswered]+in[briefings.InquiryReplied]))
		buttons = append(buttons, button(t.p.Plain("btn.question_all"), "quest", string(id), "l"))
	}
	if m.Status != briefings.MeetingClosed && m.Status != briefings.MeetingCancelled {
		buttons = append(buttons, button(t.p.Plain("btn.silent"), "count", "silent", string(id)))
	}
	buttons = append(buttons, button(t.p.Plain("btn.refresh"), "count", "again", string(id)))
	if m.Status == briefings.MeetingOpen || m.Status == briefings.MeetingClosed {
		buttons = append(buttons, button(t.p.Plain("btn.board"), "board", "show", string(id)))
	}
	markup := grid(2, buttons...)
	if m.Status == briefings.MeetingOpen && t.Now().Before(m.AnswersUntil()) {
		markup.InlineKeyboard = append(markup.InlineKeyboard, []tgbotapi.InlineKeyboardButton{button(t.p.Plain("btn.remind"), "chase", "show", string(id))})
	}
	if slices.ContainsFunc(m.Venues, func(v briefings.Venue) bool { return len(v.Earlier) > 0 }) {
		markup.InlineKeyboard = append(markup.InlineKeyboard, []tgbotapi.InlineKeyboardButton{button(t.p.Plain("btn.amendments"), "count", "late", string(id))})
	}
	if m.Status == briefings.MeetingClosed {
		markup.InlineKeyboard = append(markup.InlineKeyboard, grid(2, button(t.p.Plain("btn.outcome"), "count", "outcome", string(id)),
			button(t.p.Plain("btn.opinions"), "count", "opinions", string(id))).InlineKeyboard...)
	}
	if t.args0() == "again" {
		html := strings.Join(lines, "\n")
		if t.fits(html, messageLimit) == nil {
			return t.show(html, markup)
		}
	}
	return t.sayLong(lines[0], lines[1:], markup)
}

// rolls reads a meeting and its seats for somebody who may see them.
func (t *turn) rolls(roster *briefings.Roster, id briefings.MeetingID) (briefings.Meeting, []briefings.Invitation, error) {
	m, err := t.Store.Meeting(t.ctx, id)
	if errors.Is(err, briefings.ErrNotFound) {
		return m, nil, briefings.Refuse("counts.unknown", "meeting", string(id))
	}
	if err != nil {
		return m, nil, err
	}
	if !t.seesCounts(m, roster) {
		return m, nil, briefings.Refuse("err.permission")
	}
	seats, err := t.Store.Invitations(t.ctx, id)
	return m, seats, err
}

func (t *turn) countPressed() error {
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return err
	}
	id := briefings.MeetingID(t.arg(1))
	switch t.args0() {
	case "show", "again":
		return t.showCounts(roster, id)
	case "silent":
		return t.silent(roster, id)
	case "xlsx":
		return t.countsFile(roster, id)
	case "outcome":
		return t.askOutcome(roster, id)
	case "opinions":
		return t.opinions(roster, id)
	case "late":
		return t.amendments(roster, id)
	}
	return t.toast("err.expired")
}

// silent lists the names of those who have not answered, with the telephone of those who are not on Telegram.
func (t *turn) silent(roster *briefings.Roster, id briefings.MeetingID) error {
	_, seats, err := t.rolls(roster, id)
	if err != nil {
		return err
	}
	var quiet []briefings.Member
	for _, s := range seats {
		if s.Standing() == briefings.NoAnswer && s.CheckIn == nil {
			if m, ok := roster.Member(s.Member); ok {
				quiet = append(quiet, m)
			}
		}
	}
	if len(quiet) == 0 {
		return t.tell("counts.all_answered")
	}
	slices.SortFunc(quiet, byName)
	var lines []string
	for i, m := range quiet {
		phone := ""
		if !m.Reachable() {
			phone = phoneOf(m)
		}
		lines = append(lines, t.p.T("counts.silent_line", "i", i+1, "name", m.Name, "unit", roster.Tree().Short(m.Unit), "phone", phone))
	}
	return t.sayLong(t.p.T("counts.silent", "n", len(quiet)), lines, nil)
}

func phoneOf(m briefings.Member) string {
	if m.Phone == "" {
		return ""
	}
	return vietnamese.PrintPhone(m.Phone)
}

// countsFile sends the roll as a spreadsheet.
func (t *turn) countsFile(roster *briefings.Roster, id briefings.MeetingID) error {
	m, seats, err := t.rolls(roster, id)
	if err != nil {
		return err
	}
	if err := t.door.SendAction(t.ctx, t.chat(), "upload_document"); err != nil {
		t.Log.DebugContext(t.ctx, "action not shown", "err", err)
	}
	var file bytes.Buffer
	sheet := report.Sheet{
		Roll: briefings.Count(&m, seats, roster.Tree(), t.now()), Meeting: &m, Seats: report.Seats(&m, seats, roster, t.p.Lang()),
		Org: t.Org, Say: t.p.Printer(),
	}
	if err := report.CountsXLSX(&file, sheet); err != nil {
		return fmt.Errorf("make spreadsheet: %w", err)
	}
	name := t.p.Plain("file.counts", "day", t.fileDay(&m)) + ".xlsx"
	return t.reply(func() error {
		_, err := t.door.SendDocument(t.ctx, t.chat(), telegram.File{Name: name, Bytes: file.Bytes()}, t.p.T("counts.file", "title", m.Title), nil)
		return err
	})
}
