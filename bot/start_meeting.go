package bot

import (
	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/bot/internal/wizard"
	"briefbot/briefings"
)

// startMeeting offers the ways to a notice. A draft that is there already is never lost by asking.
func (t *turn) startMeeting() error {
	s, c, err := t.underWay()
	if err != nil {
		return err
	}
	var buttons []tgbotapi.InlineKeyboardButton
	key, title := "wiz.start", ""
	switch {
	case !s.Active(): // lines that are typed now are those of a meeting
		if err := t.keep(composeMeeting, t.compose(composeMeeting)); err != nil {
			return err
		}
	case c.Kind == composeMeeting && c.begun():
		key, title = "wiz.start_over", t.titleOf(c)
		buttons = append(buttons, button(t.p.Plain("btn.wiz_go_on"), "new", "on", c.ID))
	}
	buttons = append(buttons, button(t.p.Plain("btn.wiz_steps"), "new", "steps"), button(t.p.Plain("btn.wiz_repeat"), "new", "repeat"),
		button(t.p.Plain("btn.wiz_letter"), "new", "letter"), button(t.p.Plain("btn.wiz_week"), "new", "week"),
		button(t.p.Plain("btn.wiz_form"), "new", "form"))
	_, err = t.say(t.p.T(key, "title", title), rows(buttons...))
	return err
}

// formOffered offers the form: with the lines that are there already and what is wrong with them, else an empty one.
func (t *turn) formOffered(fresh composing) error {
	s, c, err := t.underWay()
	if err != nil {
		return err
	}
	if !s.Active() || c.Kind != composeMeeting || !c.begun() {
		if err := t.keep(fresh.Kind, fresh); err != nil {
			return err
		}
		return t.tell("form.meeting_help")
	}
	c.At, c.Screen = wizard.State{}, 0
	if _, err := t.say(t.p.T("form.kept", "lines", t.linesOf(c)), rows(button(t.p.Plain("btn.wiz_blank"), "new", "blank"))); err != nil {
		return err
	}
	return t.drafted(c)
}

// startPressed takes one of the ways.
func (t *turn) startPressed() error {
	if !t.holds(briefings.RoleOrganizer) {
		return briefings.Refuse("err.permission")
	}
	c := t.compose(composeMeeting)
	switch t.args0() {
	case "on":
		c, _, err := t.draft(composeMeeting)
		if err != nil {
			return err
		}
		c.At = wizard.State{Screen: wizard.Hub}
		return t.shown(c)
	case "steps":
		c.At = wizard.Start()
		if err := t.keep(c.Kind, c); err != nil {
			return err
		}
		return t.askLabel(c)
	case "letter":
		c.At = wizard.State{Screen: wizard.Hub}
		if err := t.keep(c.Kind, c); err != nil {
			return err
		}
		return t.askLabel(c)
	case "form":
		return t.formOffered(c)
	case "blank":
		if err := t.keep(c.Kind, c); err != nil {
			return err
		}
		return t.tell("form.meeting_help")
	case "repeat":
		return t.askRepeat()
	case "from":
		return t.repeat(c, t.arg(1))
	case "week":
		return t.startWeek()
	}
	return t.toast("err.expired")
}
