package bot

import (
	"errors"
	"slices"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/briefings"
)

// answerFor offers the meetings in which the person may answer for others.
func (t *turn) answerFor() error {
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return err
	}
	if t.args0() != "" {
		return t.pickSteadUnit(roster, briefings.MeetingID(strings.TrimSpace(t.args0())))
	}
	list, err := t.Store.Meetings(t.ctx)
	if err != nil {
		return err
	}
	var buttons []tgbotapi.InlineKeyboardButton
	for _, m := range slices.Backward(list) { // the soonest first
		if len(buttons) == 12 {
			break
		}
		if !m.TakesAnswers(t.Now()) {
			continue
		}
		seats, err := t.Store.Invitations(t.ctx, m.ID)
		if err != nil {
			return err
		}
		if len(t.silentUnits(m, seats, roster)) > 0 {
			buttons = append(buttons, button(t.p.Short(m.Starts)+" · "+clip(m.Title.In(t.p.Lang()), 44), "stead", "m", string(m.ID)))
		}
	}
	if len(buttons) == 0 {
		return t.tell("stead.none")
	}
	_, err = t.say(t.p.T("stead.pick"), rows(buttons...))
	return err
}

// silentUnits are the units in which somebody is silent for whom the person may answer, with the people: the units by which members are
// reported, or, inside a single one of them, the units themselves.
func (t *turn) silentUnits(m briefings.Meeting, seats []briefings.Invitation, roster *briefings.Roster) map[briefings.UnitID][]briefings.MemberID {
	all := t.seesCounts(m, roster)
	heads, units := map[briefings.UnitID][]briefings.MemberID{}, map[briefings.UnitID][]briefings.MemberID{}
	for _, s := range seats {
		if s.Standing() != briefings.NoAnswer || s.CheckIn != nil || s.Member == t.member.ID || !all && !t.officerOver(s.Unit, roster) {
			continue
		}
		head := roster.Tree().Head(s.Unit)
		if !all && !t.officerOver(head, roster) {
			head = s.Unit
		}
		heads[head] = append(heads[head], s.Member)
		units[s.Unit] = append(units[s.Unit], s.Member)
	}
	if len(heads) == 1 {
		return units
	}
	return heads
}

// pickSteadUnit asks for which unit, where there are several.
func (t *turn) pickSteadUnit(roster *briefings.Roster, id briefings.MeetingID) error {
	m, units, err := t.stead(roster, id)
	if err != nil {
		return err
	}
	order := t.inTreeOrder(roster, units)
	if len(order) == 1 {
		return t.startStead(roster, m, order[0], units[order[0]])
	}
	var buttons []tgbotapi.InlineKeyboardButton
	for _, u := range order[:min(len(order), 80)] {
		label := t.p.Plain("stead.unit", "unit", clip(roster.Tree().Short(u).In(t.p.Lang()), 40), "n", len(units[u]))
		buttons = append(buttons, button(label, "stead", "u", string(m.ID), string(u)))
	}
	_, err = t.say(t.p.T("stead.pick_unit", "title", m.Title), rows(buttons...))
	return err
}

func (t *turn) inTreeOrder(roster *briefings.Roster, units map[briefings.UnitID][]briefings.MemberID) (order []briefings.UnitID) {
	for _, u := range roster.Tree().Walk() {
		if len(units[u]) > 0 {
			order = append(order, u)
		}
	}
	return order
}

// stead reads a meeting and for whom the person may answer in it.
func (t *turn) stead(roster *briefings.Roster, id briefings.MeetingID) (briefings.Meeting, map[briefings.UnitID][]briefings.MemberID, error) {
	m, err := t.Store.Meeting(t.ctx, id)
	if err != nil {
		return m, nil, err
	}
	if m.Status != briefings.MeetingOpen || !t.Now().Before(m.AnswersUntil()) {
		return m, nil, briefings.Refuse("rsvp.closed", "deadline", m.AnswersUntil())
	}
	seats, err := t.Store.Invitations(t.ctx, id)
	if err != nil {
		return m, nil, err
	}
	units := t.silentUnits(m, seats, roster)
	if len(t.inTreeOrder(roster, units)) == 0 {
		return m, nil, briefings.Refuse("stead.none")
	}
	return m, units, nil
}

// steadPressed takes a meeting or a unit from the lists.
func (t *turn) steadPressed() error {
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return err
	}
	id, unit := briefings.MeetingID(t.arg(1)), briefings.UnitID(t.arg(2))
	if t.args0() == "m" {
		return t.pickSteadUnit(roster, id)
	}
	m, units, err := t.stead(roster, id)
	if err != nil {
		return err
	}
	if len(units[unit]) == 0 {
		return briefings.Refuse("stead.none")
	}
	return t.startStead(roster, m, unit, units[unit])
}

// startStead opens the list of a unit's silent people, everybody put down as coming.
func (t *turn) startStead(roster *briefings.Roster, m briefings.Meeting, unit briefings.UnitID, people []briefings.MemberID) error {
	slices.SortFunc(people, func(a, b briefings.MemberID) int {
		x, _ := roster.Member(a)
		y, _ := roster.Member(b)
		return byName(x, y)
	})
	k := ticks{For: forStead, Meeting: m.ID, Unit: unit, People: people, Marks: []byte(strings.Repeat(string(rune(markYes)), len(people)))}
	if err := t.enter("ticks", k); err != nil {
		return err
	}
	return t.showTicks(m, roster, k)
}

// answerMarked records what the list says. Who has answered in the meantime keeps their word.
func (t *turn) answerMarked(m briefings.Meeting, roster *briefings.Roster, k ticks) error {
	now := t.Now()
	done := map[byte]int{}
	skipped := 0
	var came []briefings.Invitation
	for i, id := range k.People {
		if k.Marks[i] == markOpen {
			continue
		}
		seat, err := t.change(m, id, 0, func(m *briefings.Meeting, i2 *briefings.Invitation) error {
			decides := t.seesCounts(*m, roster) || m.Leave == briefings.LeaveByUnit
			return i2.InStead(m, t.member.ID, k.Marks[i] == markYes, decides, now)
		})
		r := briefings.AsRefusal(err)
		switch {
		case r != nil && (r.Key == "stead.answered" || r.Key == "rsvp.already_here"), errors.Is(err, briefings.ErrNotFound):
			skipped++
		case err != nil:
			return err
		default:
			done[k.Marks[i]]++
			came = append(came, seat)
		}
	}
	t.Nudge()
	queued := 0
	for i := range came {
		place, err := t.inQueue(t.ctx, &m, &came[i])
		if err != nil {
			return err
		}
		if place > 0 {
			queued++
		}
	}
	text := t.p.T("stead.done", "unit", roster.Tree().Name(k.Unit), "yes", done[markYes], "queued", some(queued), "no", done[markNo])
	if skipped > 0 {
		text += "\n" + t.p.T("stead.skipped", "n", skipped)
	}
	return errors.Join(t.show(text, nil), t.leave())
}
