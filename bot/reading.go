package bot

import (
	"slices"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/bot/internal/view"
	"briefbot/briefings"
	"briefbot/briefings/i18n"
)

// briefingCard is a briefing as its readers see it.
func (b *Bot) briefingCard(p view.Voice, roster *briefings.Roster, item briefings.Briefing, at time.Time, late bool) string {
	topic := ""
	if found, ok := roster.Topic(string(item.Topic)); ok {
		topic = found.Name.In(p.Lang())
	}
	delayed := ""
	if late {
		delayed = p.Plain("briefing.late")
	}
	stamp := view.Stamp(p, item.Urgency)
	if stamp != "" {
		stamp += "\n"
	}
	return stamp + p.Lines("briefing.sent", "title", item.Title, "topic", topic, "org", b.Org, "date", at, "late", delayed,
		"body", i18n.HTML(item.Body.In(p.Lang())), "source", item.Source)
}

// readable are the briefings that were sent and concern the person, newest first.
func (t *turn) readable(roster *briefings.Roster) ([]briefings.Briefing, error) {
	list, err := t.Store.Briefings(t.ctx)
	if err != nil {
		return nil, err
	}
	var mine []briefings.Briefing
	for _, b := range list {
		sent := slices.ContainsFunc(b.Editions, func(e briefings.Edition) bool { return e.State == briefings.EditionPut })
		if sent && b.Status != briefings.BriefingRecalled && t.concerns(roster, b) {
			mine = append(mine, b)
		}
	}
	slices.SortStableFunc(mine, func(a, b briefings.Briefing) int { return last(b).Compare(last(a)) })
	return mine, nil
}

// last is when a briefing was last sent.
func last(b briefings.Briefing) time.Time {
	for _, e := range slices.Backward(b.Editions) {
		if e.State == briefings.EditionPut {
			return e.Due
		}
	}
	return time.Time{}
}

func (t *turn) concerns(roster *briefings.Roster, b briefings.Briefing) bool {
	if !t.joined() {
		return t.holds(briefings.RoleAdmin)
	}
	return slices.ContainsFunc(roster.Resolve(b.To()), func(m briefings.Member) bool { return m.ID == t.member.ID })
}

// briefings lists what the person was sent.
func (t *turn) briefings() error {
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return err
	}
	list, err := t.readable(roster)
	if err != nil {
		return err
	}
	var buttons []tgbotapi.InlineKeyboardButton
	for _, b := range list[:min(10, len(list))] {
		buttons = append(buttons, button(t.p.Date(last(b))+" · "+clip(b.Title.In(t.p.Lang()), 44), "brief", string(b.ID)))
	}
	if len(buttons) == 0 {
		return t.tell("briefings.none")
	}
	_, err = t.say(t.p.T("briefings.list"), rows(buttons...))
	return err
}

// briefingPressed opens one that concerns the person.
func (t *turn) briefingPressed() error {
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return err
	}
	list, err := t.readable(roster)
	if err != nil {
		return err
	}
	for _, b := range list {
		if string(b.ID) == t.args0() {
			_, err := t.say(t.briefingCard(t.p, roster, b, last(b), false), nil)
			return err
		}
	}
	return t.toast("err.expired")
}
