package bot

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/bot/internal/form"
	"briefbot/briefings"
	"briefbot/briefings/i18n"
)

// setsCalendar reports whether the person may change days and hours, which hold for the whole organisation: an administrator, or an
// organizer over all of it.
func (t *turn) setsCalendar() (bool, error) {
	if t.holds(briefings.RoleAdmin) {
		return true, nil
	}
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return false, err
	}
	roots := roster.Tree().Roots()
	return len(roots) > 0 && !slices.ContainsFunc(roots, func(u briefings.UnitID) bool {
		return !t.over(briefings.RoleOrganizer, u, roster.Tree())
	}), nil
}

// mustSetCalendar refuses those who may only look.
func (t *turn) mustSetCalendar() error {
	may, err := t.setsCalendar()
	if err == nil && !may {
		err = briefings.Refuse("holidays.not_yours")
	}
	return err
}

// holidaysPressed shows the days that are not what their weekday says, and changes them.
func (t *turn) holidaysPressed() error {
	verb, value := t.arg(2), t.arg(3)
	if verb != "show" && verb != "del" || value != "" {
		if err := t.mustSetCalendar(); err != nil {
			return err
		}
	}
	switch verb {
	case "add":
		if err := t.enter("holidays", ""); err != nil {
			return err
		}
		return t.tell("holidays.ask")
	case "del":
		return t.deleteHolidays(value)
	case "year":
		return t.adoptYear(value)
	}
	return t.showHolidays(t.show)
}

// screen puts a screen where it belongs.
type screen func(html string, markup *tgbotapi.InlineKeyboardMarkup) error

// holidaysShown is how many days a screen lists.
const holidaysShown = 20

// toCome are the declared days from today on.
func (t *turn) toCome() ([]briefings.Holiday, error) {
	list, err := t.Store.Holidays(t.ctx)
	if err != nil {
		return nil, err
	}
	today := t.now().Format(time.DateOnly)
	return slices.DeleteFunc(list, func(h briefings.Holiday) bool { return h.Day < today }), nil
}

func (t *turn) showHolidays(put screen) error {
	list, err := t.toCome()
	if err != nil {
		return err
	}
	may, err := t.setsCalendar()
	if err != nil {
		return err
	}
	var lines []string
	for _, h := range list[:min(len(list), holidaysShown)] {
		lines = append(lines, "• "+i18n.Escape(t.holidayWords(h)))
	}
	html := t.p.T("holidays.none")
	if len(lines) > 0 {
		html = t.p.T("holidays.list", "n", len(list), "lines", i18n.HTML(strings.Join(lines, "\n")))
	}
	markup := rows()
	if may {
		if year, offered := t.yearToAdopt(list); offered {
			markup.InlineKeyboard = append(markup.InlineKeyboard, []tgbotapi.InlineKeyboardButton{
				button(t.p.Plain("btn.holidays_year", "year", strconv.Itoa(year)), "sched", "h", "", "year", strconv.Itoa(year)),
			})
		}
		row := []tgbotapi.InlineKeyboardButton{button(t.p.Plain("btn.holidays_add"), "sched", "h", "", "add")}
		if len(list) > 0 {
			row = append(row, button(t.p.Plain("btn.holidays_del"), "sched", "h", "", "del"))
		}
		markup.InlineKeyboard = append(markup.InlineKeyboard, row)
	}
	markup.InlineKeyboard = append(markup.InlineKeyboard, []tgbotapi.InlineKeyboardButton{button(t.p.Plain("btn.back_list"), "sched", "list")})
	return put(html, markup)
}

// holidayWords says a day, its weekday and what it is.
func (t *turn) holidayWords(h briefings.Holiday) string {
	what := "off"
	switch {
	case h.Working && !h.Still:
		what = "working"
	case h.Working:
		what = "still"
	case h.Still:
		what = "off_still"
	}
	words := t.p.Plain("holidays.day", "weekday", h.Date().Weekday(), "date", t.p.Printer().Lang.Date(h.Date()), "what", t.p.Plain("holidays."+what))
	if name := h.Name.In(t.p.Lang()); name != "" {
		words += " · " + clip(name, 60)
	}
	return words
}

// yearToAdopt is the year whose holidays by law are offered: this one or the next, where the list does not hold them yet.
func (t *turn) yearToAdopt(list []briefings.Holiday) (int, bool) {
	for year := t.now().Year(); year <= t.now().Year()+1; year++ {
		if len(t.missingOf(year, list)) > 0 {
			return year, true
		}
	}
	return 0, false
}

// missingOf are the holidays of a year by law, from today on, on dates of which the list says nothing.
func (t *turn) missingOf(year int, list []briefings.Holiday) []briefings.Holiday {
	days, _ := briefings.Statutory(year)
	today := t.now().Format(time.DateOnly)
	return slices.DeleteFunc(days, func(h briefings.Holiday) bool {
		return h.Day < today || slices.ContainsFunc(list, func(old briefings.Holiday) bool { return old.Day == h.Day })
	})
}

// adoptYear declares the holidays of a year by law. What somebody declared by hand stands.
func (t *turn) adoptYear(value string) error {
	year, err := strconv.Atoi(value)
	if err != nil {
		return briefings.Refuse("err.expired")
	}
	added := 0
	_, err = t.Store.UpdateHolidays(t.ctx, func(list *[]briefings.Holiday) error {
		days := t.missingOf(year, *list)
		if added = len(days); added == 0 {
			return briefings.ErrUnchanged
		}
		next, err := briefings.Declare(*list, days, t.now())
		*list = next
		return err
	})
	if err != nil {
		return err
	}
	t.Nudge()
	if err := t.showHolidays(t.show); err != nil {
		return err
	}
	return t.toast("holidays.adopted", "n", added)
}

// deleteHolidays offers the days to come, each with a button that takes it out.
func (t *turn) deleteHolidays(day string) error {
	if day != "" {
		if _, err := t.Store.UpdateHolidays(t.ctx, func(list *[]briefings.Holiday) error {
			next, err := briefings.Revoke(*list, day)
			if err == nil {
				*list = next
			}
			return err
		}); err != nil {
			return err
		}
		t.Nudge()
	}
	if err := t.mustSetCalendar(); err != nil {
		return err
	}
	list, err := t.toCome()
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return t.showHolidays(t.show)
	}
	var buttons []tgbotapi.InlineKeyboardButton
	for _, h := range list[:min(len(list), holidaysShown)] {
		buttons = append(buttons, button("❌ "+clip(t.holidayWords(h), 60), "sched", "h", "", "del", h.Day))
	}
	buttons = append(buttons, button(t.p.Plain("btn.back"), "sched", "h", "", "show"))
	return t.show(t.p.T("holidays.ask_delete"), rows(buttons...))
}

// holidaysTyped takes days, one a line.
func (t *turn) holidaysTyped() error {
	if err := t.mustSetCalendar(); err != nil {
		return err
	}
	days, complaints := form.Holidays(t.message.Text, t.Zone, t.now())
	if len(days) > 0 { // the lines that can be read are kept; only the others are sent again
		if _, err := t.Store.UpdateHolidays(t.ctx, func(list *[]briefings.Holiday) error {
			next, err := briefings.Declare(*list, days, t.now())
			*list = next
			return err
		}); err != nil {
			return err
		}
		t.Nudge()
		var said []string
		for _, h := range days[:min(len(days), holidaysShown)] {
			said = append(said, "• "+i18n.Escape(t.holidayWords(h)))
		}
		if _, err := t.say(t.p.T("holidays.added", "n", len(days), "lines", i18n.HTML(strings.Join(said, "\n"))), nil); err != nil {
			return err
		}
	}
	if len(complaints) > 0 {
		return t.complain(complaints)
	}
	if err := t.leave(); err != nil {
		return err
	}
	return t.showHolidays(func(html string, markup *tgbotapi.InlineKeyboardMarkup) error {
		_, err := t.say(html, markup)
		return err
	})
}

// The hours that are offered as buttons.
var (
	nights = []string{"20:00-06:00", "21:00-06:00", "22:00-05:30"}
	noons  = []string{"11:30-13:30", "12:00-13:30"}
)

// hoursPressed shows the quiet hours and the rest at noon, and changes them.
func (t *turn) hoursPressed() error {
	which, value := t.arg(3), t.arg(4)
	switch t.arg(2) {
	case "ask":
		if err := t.mustSetCalendar(); err != nil {
			return err
		}
		return t.askHours(which)
	case "set":
		if err := t.setHours(which, value); err != nil {
			return err
		}
		if err := t.leave(); err != nil {
			return err
		}
		if err := t.showHours(t.show); err != nil {
			return err
		}
		return t.toast("hours.changed")
	}
	return t.showHours(t.show)
}

func (t *turn) showHours(put screen) error {
	calm, err := t.Store.Calm(t.ctx)
	if err != nil {
		return err
	}
	may, err := t.setsCalendar()
	if err != nil {
		return err
	}
	var buttons []tgbotapi.InlineKeyboardButton
	if may {
		buttons = append(buttons, button(t.p.Plain("btn.hours_night"), "sched", "q", "", "ask", "night"),
			button(t.p.Plain("btn.hours_noon"), "sched", "q", "", "ask", "noon"))
	}
	buttons = append(buttons, button(t.p.Plain("btn.back_list"), "sched", "list"))
	return put(t.p.T("hours.card", "night", t.hoursWords(calm.Night), "noon", t.hoursWords(calm.Noon)), rows(buttons...))
}

// hoursWords says from when to when, or that there are none.
func (t *turn) hoursWords(q briefings.QuietHours) string {
	if q.From == q.To {
		return t.p.Plain("hours.none")
	}
	return fmt.Sprintf("%02d:%02d–%02d:%02d", q.From/60, q.From%60, q.To/60, q.To%60)
}

func (t *turn) askHours(which string) error {
	offered := map[string][]string{"night": nights, "noon": noons}[which]
	if offered == nil {
		return briefings.Refuse("err.expired")
	}
	if err := t.enter("hours", which); err != nil {
		return err
	}
	var buttons []tgbotapi.InlineKeyboardButton
	for _, span := range offered {
		buttons = append(buttons, button(strings.Replace(span, "-", "–", 1), "sched", "q", "", "set", which, span))
	}
	buttons = append(buttons, button(t.p.Plain("btn.hours_none"), "sched", "q", "", "set", which, "none"),
		button(t.p.Plain("btn.back"), "sched", "q", "", "show"))
	return t.show(t.p.T("hours.ask_"+which), rows(buttons...))
}

// hoursTyped takes hours as somebody wrote them.
func (t *turn) hoursTyped() error {
	var which string
	if err := t.recall("hours", &which); err != nil {
		return err
	}
	if err := t.setHours(which, t.message.Text); err != nil {
		return err
	}
	if err := t.leave(); err != nil {
		return err
	}
	return t.showHours(func(html string, markup *tgbotapi.InlineKeyboardMarkup) error {
		_, err := t.say(html, markup)
		return err
	})
}

func (t *turn) setHours(which, value string) error {
	if err := t.mustSetCalendar(); err != nil {
		return err
	}
	span, err := form.Hours(value)
	if err != nil {
		return err
	}
	_, err = t.Store.UpdateHours(t.ctx, func(h *briefings.Hours) error {
		next := *h
		switch which {
		case "night":
			next.Night = span
		case "noon":
			next.Noon = span
		default:
			return briefings.Refuse("err.expired")
		}
		if err := next.Check(); err != nil {
			return err
		}
		if next == *h {
			return briefings.ErrUnchanged
		}
		*h = next
		return nil
	})
	if err != nil && !errors.Is(err, briefings.ErrUnchanged) {
		return err
	}
	t.Nudge()
	return nil
}
