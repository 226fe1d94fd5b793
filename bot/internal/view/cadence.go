package view

import (
	"strconv"
	"time"

	"briefbot/briefings"
)

// Cadence says when a briefing comes, in words that can be typed back.
func Cadence(p Voice, c briefings.Cadence, now time.Time) string {
	clock := p.Clock(time.Date(2026, 1, 1, c.Hour, c.Minute, 0, 0, now.Location()))
	if p.printer.Location != nil { // the hour is one of the wall clock there already
		clock = p.Clock(time.Date(2026, 1, 1, c.Hour, c.Minute, 0, 0, p.printer.Location))
	}
	said := ""
	switch c.Every {
	case briefings.Once:
		if !c.At.After(now.Add(time.Minute)) {
			return p.Plain("when.now")
		}
		return p.Time(c.At)
	case briefings.ByLine:
		return p.Plain("when.line", "line", c.Line)
	case briefings.EveryDay:
		return p.Plain("when.every_day", "clock", clock)
	case briefings.EveryWorkday:
		return p.Plain("when.every_workday", "clock", clock)
	case briefings.Weekly:
		said = p.Plain("when.weekly", "weekday", c.Weekday, "clock", clock)
	case briefings.Monthly:
		said = p.Plain("when.of_month", "day", dayOfMonth(p, c), "clock", clock)
	case briefings.Quarterly:
		said = p.Plain("when.of_quarter", "day", dayOfMonth(p, c), "month", p.Plain("when.quarter_"+strconv.Itoa(c.Month)), "clock", clock)
	case briefings.Yearly:
		if c.Nth == 0 {
			said = p.Plain("when.of_date", "day", c.Day, "month", p.Plain("month."+strconv.Itoa(c.Month)), "clock", clock)
		} else {
			said = p.Plain("when.of_year", "day", dayOfMonth(p, c), "month", p.Plain("month."+strconv.Itoa(c.Month)), "clock", clock)
		}
	}
	if c.Shift != briefings.Stays {
		said += p.Plain("when.shift_" + string(c.Shift))
	}
	return said
}

func dayOfMonth(p Voice, c briefings.Cadence) string {
	if c.Nth == 0 {
		return p.Plain("when.day", "day", c.Day)
	}
	nth := strconv.Itoa(c.Nth)
	if c.Nth == briefings.Last {
		nth = "last"
	}
	if c.Of == briefings.NthWorkday {
		return p.Plain("when.nth_workday", "nth", p.Plain("nth."+nth))
	}
	return p.Plain("when.nth_"+string(c.Of), "nth", p.Plain("nth.time_"+nth), "weekday", c.Weekday)
}
