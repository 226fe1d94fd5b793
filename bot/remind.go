package bot

import (
	"maps"
	"slices"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/briefings"
)

// remind offers the meetings whose silent may be reminded, or shows the one that is named.
func (t *turn) remind() error {
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return err
	}
	if t.args0() != "" {
		return t.showChase(roster, briefings.MeetingID(strings.TrimSpace(t.args0())))
	}
	list, err := t.Store.Meetings(t.ctx)
	if err != nil {
		return err
	}
	var buttons []tgbotapi.InlineKeyboardButton
	for _, m := range slices.Backward(list) { // the soonest first
		if !m.TakesAnswers(t.Now()) || !t.seesCounts(m, roster) {
			continue
		}
		if len(buttons) == 12 {
			break
		}
		buttons = append(buttons, button(t.p.Short(m.Starts)+" · "+clip(m.Title.In(t.p.Lang()), 44), "chase", "show", string(m.ID)))
	}
	if len(buttons) == 0 {
		return t.tell("remind.none")
	}
	_, err = t.say(t.p.T("remind.pick"), rows(buttons...))
	return err
}

// chasePressed takes the buttons of the card: the card itself, the reminder in one tap, the list for phoning.
func (t *turn) chasePressed() error {
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return err
	}
	id := briefings.MeetingID(t.arg(1))
	switch t.args0() {
	case "show":
		return t.showChase(roster, id)
	case "go":
		return t.chase(roster, id)
	case "phone":
		return t.phoneList(roster, id)
	}
	return t.toast("err.expired")
}

// silence is who has not answered: those whom a message reaches, and those who have to be phoned.
func silence(roster *briefings.Roster, seats []briefings.Invitation) (reached, others []briefings.Member) {
	for _, s := range seats {
		if s.Standing() != briefings.NoAnswer || s.CheckIn != nil {
			continue
		}
		m, ok := roster.Member(s.Member)
		switch {
		case !ok:
		case m.Reachable():
			reached = append(reached, m)
		default:
			others = append(others, m)
		}
	}
	return reached, others
}

// unsaid are those who were asked to sit for somebody, have said nothing yet, and are reached by a message.
func unsaid(roster *briefings.Roster, seats []briefings.Invitation) (list []briefings.Member) {
	for i := range seats {
		if m, ok := roster.Member(seats[i].WaitsForDeputy()); ok && m.Reachable() {
			list = append(list, m)
		}
	}
	return list
}

// showChase says how many are silent and by which way they can be reminded.
func (t *turn) showChase(roster *briefings.Roster, id briefings.MeetingID) error {
	m, seats, err := t.rolls(roster, id)
	if err != nil {
		return err
	}
	reached, others := silence(roster, seats)
	html := t.p.T("remind.card", "title", m.Title, "deadline", m.AnswersUntil(), "silent", len(reached)+len(others), "reached", len(reached), "others", len(others))
	asked := unsaid(roster, seats)
	if n := len(asked); n > 0 {
		html += "\n" + t.p.T("remind.deputies", "n", n)
	}
	if n := len(m.Chases); n > 0 {
		html += "\n" + t.p.T("remind.chased", "n", n, "time", m.Chases[n-1].At)
	}
	for _, hold := range t.quietly(briefings.KindRemindSilent, t.now()) {
		html += "\n" + hold
	}
	var buttons []tgbotapi.InlineKeyboardButton
	if len(reached)+len(asked) > 0 && m.Status == briefings.MeetingOpen && t.Now().Before(m.AnswersUntil()) {
		buttons = append(buttons, button(t.p.Plain("btn.chase"), "chase", "go", string(id)))
	}
	if len(others) > 0 {
		buttons = append(buttons, button(t.p.Plain("btn.phone_list"), "chase", "phone", string(id)))
	}
	if len(reached)+len(others) > 0 {
		buttons = append(buttons, button(t.p.Plain("btn.silent"), "count", "silent", string(id)), button(t.p.Plain("btn.stead"), "stead", "m", string(id)))
	}
	_, err = t.say(html, keyboard(rows(buttons...)))
	return err
}

// chase notes that the silent are to be reminded; the planner does it, and the message shows how far it is.
func (t *turn) chase(roster *briefings.Roster, id briefings.MeetingID) error {
	m, seats, err := t.rolls(roster, id)
	if err != nil {
		return err
	}
	reached, _ := silence(roster, seats)
	reached = append(reached, unsaid(roster, seats)...)
	if len(reached) == 0 {
		return t.toast("remind.nobody")
	}
	calm, err := t.Store.Calm(t.ctx)
	if err != nil {
		return err
	}
	if end := calm.End(briefings.KindRemindSilent, t.now()); calm.Quiet(briefings.KindRemindSilent, t.now()) && !end.Before(m.AnswersUntil()) {
		return briefings.Refuse("remind.too_late", "time", end) // it would wait for the morning and come to nothing
	}
	m, err = t.Store.UpdateMeeting(t.ctx, m.ID, func(m *briefings.Meeting) error { return m.Chase(t.member.ID, t.Now()) })
	if err != nil {
		return err
	}
	t.Nudge()
	if hold := t.quietly(briefings.KindRemindSilent, t.now()); len(hold) > 0 {
		return t.show(hold[0], nil)
	}
	said := progressText(t.p, Progress{State: "ready", Total: len(reached)})
	if err := t.show(said, nil); err != nil {
		return err
	}
	at := m.Chases[len(m.Chases)-1].At.In(t.Zone)
	mailing := briefings.Mailing{Kind: briefings.KindRemindSilent, Subject: string(m.ID), Occasion: briefings.OccasionAt(at)}
	return t.live.watch(t.ctx, watched{
		Chat: t.chat(), Message: t.query.Message.MessageID, Key: mailing.Key(), Member: t.member.ID, Since: at.Round(time.Second), Said: said,
	})
}

// phoneList lists those who are silent and not on Telegram, unit by unit, each with the number to call.
func (t *turn) phoneList(roster *briefings.Roster, id briefings.MeetingID) error {
	m, seats, err := t.rolls(roster, id)
	if err != nil {
		return err
	}
	_, others := silence(roster, seats)
	if len(others) == 0 {
		return t.tell("remind.nobody_to_phone")
	}
	byUnit := map[briefings.UnitID][]briefings.Member{}
	for _, o := range others {
		byUnit[o.Unit] = append(byUnit[o.Unit], o)
	}
	var lines []string
	n := 0
	units := roster.Tree().Walk()
	for _, unit := range slices.Sorted(maps.Keys(byUnit)) { // closed ones come last
		if !slices.Contains(units, unit) {
			units = append(units, unit)
		}
	}
	for _, unit := range units {
		group := byUnit[unit]
		if len(group) == 0 {
			continue
		}
		slices.SortFunc(group, byName)
		lines = append(lines, t.p.T("remind.phone_unit", "unit", roster.Tree().Name(unit)))
		for _, o := range group {
			n++
			phone := phoneOf(o)
			if phone == "" {
				phone = t.p.Plain("remind.no_phone")
			}
			lines = append(lines, t.p.T("remind.phone_line", "i", n, "name", o.Name, "phone", phone))
		}
	}
	return t.sayLong(t.p.T("remind.phone", "title", m.Title, "n", n), lines, nil)
}
