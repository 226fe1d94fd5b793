package bot

import (
	"errors"
	"slices"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/bot/internal/view"
	"briefbot/briefings"
)

// nominate offers the quotas that the person may fill.
func (t *turn) nominate() error {
	roster, list, err := t.rollAndMeetings()
	if err != nil {
		return err
	}
	var buttons []tgbotapi.InlineKeyboardButton
	for _, m := range slices.Backward(list) { // the soonest first
		if !m.TakesAnswers(t.Now()) {
			continue
		}
		for _, q := range m.Quotas {
			if (t.officerOver(q.Unit, roster) || t.seesCounts(m, roster)) && len(buttons) < 40 {
				label := clip(roster.Tree().Short(q.Unit).In(t.p.Lang()), 24) + " · " + t.p.Short(m.Starts) + " · " + m.Title.In(t.p.Lang())
				buttons = append(buttons, button(clip(label, 60), "quota", string(m.ID), string(q.Unit)))
			}
		}
	}
	if len(buttons) == 0 {
		return t.tell("quota.nothing")
	}
	_, err = t.say(t.p.T("quota.pick"), rows(buttons...))
	return err
}

// quotaPressed opens the list of a unit's people who are not called yet.
func (t *turn) quotaPressed() error {
	k := ticks{For: forQuota, Meeting: briefings.MeetingID(t.args0()), Unit: briefings.UnitID(t.arg(1))}
	m, roster, err := t.ticking(k)
	if err != nil {
		return err
	}
	q := m.Quota(k.Unit)
	switch {
	case q == nil:
		return briefings.Refuse("quota.none")
	case m.Status == briefings.MeetingPostponed:
		return briefings.Refuse("rsvp.postponed")
	case m.Status != briefings.MeetingOpen || !t.Now().Before(m.AnswersUntil()):
		return briefings.Refuse("rsvp.closed", "deadline", m.AnswersUntil())
	}
	seats, err := t.Store.Invitations(t.ctx, m.ID)
	if err != nil {
		return err
	}
	if k.Limit = q.Left(q.Gone(seats, roster)); k.Limit == 0 {
		return t.toast("quota.too_many", "left", 0, "n", 1)
	}
	free := nameable(m, k.Unit, seats, roster)
	if len(free) == 0 {
		return t.toast("quota.everybody")
	}
	slices.SortFunc(free, byName)
	for _, c := range free {
		k.People = append(k.People, c.ID)
	}
	k.Marks = []byte(strings.Repeat(string(rune(markOpen)), len(free)))
	if err := t.enter("ticks", k); err != nil {
		return err
	}
	return t.showTicks(m, roster, k)
}

// nameable are the people of a unit whom it may name: who is not called already, sits for nobody, and was named by no unit.
func nameable(m briefings.Meeting, unit briefings.UnitID, seats []briefings.Invitation, roster *briefings.Roster) []briefings.Member {
	taken := map[briefings.MemberID]bool{}
	for i := range seats {
		taken[seats[i].Member] = true
		if d := seats[i].Answer.Deputy; d != nil && d.State != briefings.DeputyRefused {
			taken[d.Member] = true
		}
	}
	var free []briefings.Member
	for _, c := range roster.Members {
		if c.Status == briefings.Active && roster.Tree().Contains(unit, c.Unit) && !taken[c.ID] && !m.Named(c.ID) {
			free = append(free, c)
		}
	}
	return free
}

// nominateMarked notes whom the unit names; the planner makes the seats and calls them. Who was called otherwise since the list was opened,
// or is not of the unit any more, is left out and said.
func (t *turn) nominateMarked(m briefings.Meeting, roster *briefings.Roster, k ticks) error {
	marked := k.marked(markYes)
	if len(marked) == 0 {
		return t.toast("quota.nobody")
	}
	seats, err := t.Store.Invitations(t.ctx, m.ID)
	if err != nil {
		return err
	}
	var chosen []briefings.MemberID
	_, err = t.Store.UpdateMeeting(t.ctx, m.ID, func(m *briefings.Meeting) error {
		q := m.Quota(k.Unit)
		if q == nil {
			return briefings.Refuse("quota.none")
		}
		free := nameable(*m, k.Unit, seats, roster)
		standing := q.Standing() // the same press, brought again
		chosen = nil
		for _, id := range marked {
			if slices.Contains(standing, id) || slices.ContainsFunc(free, func(c briefings.Member) bool { return c.ID == id }) {
				chosen = append(chosen, id)
			}
		}
		if len(chosen) == 0 {
			return briefings.Refuse("quota.taken")
		}
		return m.Nominate(k.Unit, chosen, q.Gone(seats, roster), t.member.ID, t.Now())
	})
	if err != nil {
		return err
	}
	t.Nudge()
	text := t.p.T("quota.done", "unit", roster.Tree().Name(k.Unit), "n", len(chosen))
	if out := len(marked) - len(chosen); out > 0 {
		text += "\n" + t.p.T("quota.left_out", "n", out)
	}
	return errors.Join(t.show(text, nil), t.leave())
}

// quotaCard is what the officers of a unit read: how many to name, until when, and whom they named.
func quotaCard(p view.Voice, roster *briefings.Roster, m briefings.Meeting, q *briefings.Quota, named []briefings.MemberID) (string, *tgbotapi.InlineKeyboardMarkup) {
	text := p.T("quota.ask", "unit", roster.Tree().Name(q.Unit), "n", q.Seats, "title", m.Title, "time_text", m.Starts, "deadline", m.AnswersUntil())
	if len(named) > 0 {
		text += "\n" + p.T("quota.named", "named", len(named), "n", q.Seats, "names", names(roster, named, 40))
	}
	return text, rows(button(p.Plain("btn.nominate"), "quota", string(m.ID), string(q.Unit)))
}

// quotasInScope refuses a meeting that asks units beyond those the person organizes.
func (t *turn) quotasInScope(roster *briefings.Roster, m briefings.Meeting) error {
	for _, q := range m.Quotas {
		if !t.over(briefings.RoleOrganizer, q.Unit, roster.Tree()) {
			return briefings.Refuse("quota.out_of_scope", "unit", roster.Tree().Name(q.Unit))
		}
	}
	return nil
}

// quotaLines say how far each unit is with naming people.
func quotaLines(p view.Voice, roster *briefings.Roster, m briefings.Meeting, seats []briefings.Invitation) []string {
	var lines []string
	for i := range m.Quotas {
		q := &m.Quotas[i]
		lines = append(lines, p.T("quota.line", "unit", roster.Tree().Name(q.Unit), "named", len(q.Kept(q.Gone(seats, roster))), "n", q.Seats))
	}
	return lines
}
