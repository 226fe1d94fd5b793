package bot

import (
	"slices"
	"strconv"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/bot/internal/wizard"
	"briefbot/briefings"
)

// maker makes a button of a dialogue: its words, its verb and a value.
type maker func(text, verb, value string) tgbotapi.InlineKeyboardButton

// The layouts in which days and moments stand in buttons.
const (
	monthLayout  = "200601"
	dayLayout    = "20060102"
	momentLayout = "200601021504"
)

// blank is a place of a grid where there is nothing to press. Telegram wants a text and a press all the same; it is answered with
// nothing.
const blank = "·"

// monthRows is a page of a calendar: the months beside it, the names of the days, the weeks. Holidays are
// marked; a weekend is seen by its column.
func (t *turn) monthRows(month, from time.Time, cal briefings.Calendar, make maker) [][]tgbotapi.InlineKeyboardButton {
	nothing := func(text string) tgbotapi.InlineKeyboardButton { return make(text, "-", "") }
	head := []tgbotapi.InlineKeyboardButton{nothing(blank), nothing(t.p.Plain("picker.month", "month", int(month.Month()), "year", strconv.Itoa(month.Year()))),
		make("›", "mon", month.AddDate(0, 1, 1-month.Day()).Format(monthLayout))}
	if before := month.AddDate(0, 0, -month.Day()); !before.Before(from.AddDate(0, 0, 1-from.Day())) || sameMonth(before, from) {
		head[0] = make("‹", "mon", before.Format(monthLayout))
	}
	out := [][]tgbotapi.InlineKeyboardButton{head}
	var names []tgbotapi.InlineKeyboardButton
	for i := range 7 {
		names = append(names, nothing(t.p.Plain("picker.weekday_"+strconv.Itoa(i))))
	}
	out = append(out, names)
	for _, week := range wizard.Month(month, from) {
		if !slices.ContainsFunc(week, func(c wizard.Cell) bool { return c.Open }) {
			continue // gone by
		}
		var row []tgbotapi.InlineKeyboardButton
		for _, cell := range week {
			switch label := strconv.Itoa(cell.Day.Day()); {
			case cell.Day.IsZero() || !cell.Open:
				row = append(row, nothing(blank))
			case cal[cell.Day.Format(time.DateOnly)].Name != (briefings.Text{}) && !cal.Working(cell.Day):
				row = append(row, make(label+"*", "day", cell.Day.Format(dayLayout)))
			default:
				row = append(row, make(label, "day", cell.Day.Format(dayLayout)))
			}
		}
		out = append(out, row)
	}
	return out
}

func sameMonth(a, b time.Time) bool { return a.Year() == b.Year() && a.Month() == b.Month() }

// hourRows offers the hours of a day after a moment, four a row.
func (t *turn) hourRows(day time.Time, after time.Time, make maker) [][]tgbotapi.InlineKeyboardButton {
	from := ""
	if after.Format(dayLayout) == day.Format(dayLayout) {
		from = after.Format("15:04")
	}
	var buttons []tgbotapi.InlineKeyboardButton
	for _, h := range wizard.Hours(from) {
		buttons = append(buttons, make(h, "at", day.Format(dayLayout)+h[:2]+h[3:]))
	}
	return grid(4, buttons...).InlineKeyboard
}

// picked reads a day or a moment out of a button; false for one that nobody offered.
func (t *turn) picked(layout, value string) (time.Time, bool) {
	at, err := time.ParseInLocation(layout, value, t.Zone)
	return at, err == nil
}
