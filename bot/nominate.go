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
	case m.Status != briefings.MeetingOpen || !t.Now().Before(m.AnswersUntil()):
		return briefings.Refuse("rsvp.closed", "deadline", m.AnswersUntil())
	}
	seats, err := t.Store.Invitations(t.ctx, m.ID)
	if err != nil {
		return err
	}
	if k.Limit = q.Left(declinedOf(q, seats)); k.Limit == 0 {
		return t.toast("quota.too_many", "left", 0, "n", 1)
	}
	taken := map[briefings.MemberID]bool{}
	for i := range seats {
		taken[seats[i].Member] = true
		if d := seats[i].Answer.Deputy; d != nil && d.State != briefings.DeputyRefused {
			taken[d.Member] = true
		}
	}
	var free []briefings.Member
	for _, c := range roster.Members {
		if c.Status == briefings.Active && roster.Tree().Contains(k.Unit, c.Unit) && !taken[c.ID] && !m.Named(c.ID) {
			free = append(free, c)
		}
	}
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

// declinedOf counts the people of a quota who asked leave: their places are free again.
func declinedOf(q *briefings.Quota, seats []briefings.Invitation) (n int) {
	for i := range seats {
		if seats[i].Standing() == briefings.Declined && slices.ContainsFunc(q.Named, func(one briefings.Naming) bool { return one.Member == seats[i].Member }) {
			n++
		}
	}
	return n
}

// nominateMarked notes whom the unit names; the planner makes the seats and calls them.
func (t *turn) nominateMarked(m briefings.Meeting, roster *briefings.Roster, k ticks) error {
	chosen := k.marked(markYes)
	if len(chosen) == 0 {
		return t.toast("quota.nobody")
	}
	seats, err := t.Store.Invitations(t.ctx, m.ID)
	if err != nil {
		return err
	}
	_, err = t.Store.UpdateMeeting(t.ctx, m.ID, func(m *briefings.Meeting) error {
		declined := 0
		if q := m.Quota(k.Unit); q != nil {
			declined = declinedOf(q, seats)
		}
		return m.Nominate(k.Unit, chosen, declined, t.member.ID, t.Now())
	})
	if err != nil {
		return err
	}
	t.Nudge()
	return errors.Join(t.show(t.p.T("quota.done", "unit", roster.Tree().Name(k.Unit), "n", len(chosen)), nil), t.leave())
}

// quotaCard is what the officers of a unit read: how many to name, until when, and whom they named.
func quotaCard(p view.Voice, roster *briefings.Roster, m briefings.Meeting, q *briefings.Quota) (string, *tgbotapi.InlineKeyboardMarkup) {
	text := p.T("quota.ask", "unit", roster.Tree().Name(q.Unit), "n", q.Seats, "title", m.Title, "time_text", m.Starts, "deadline", m.AnswersUntil())
	var named []briefings.MemberID
	for _, n := range q.Named {
		named = append(named, n.Member)
	}
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
func quotaLines(p view.Voice, roster *briefings.Roster, m briefings.Meeting) []string {
	var lines []string
	for _, q := range m.Quotas {
		lines = append(lines, p.T("quota.line", "unit", roster.Tree().Name(q.Unit), "named", len(q.Named), "n", q.Seats))
	}
	return lines
}
