package wizard

import (
	"fmt"
	"time"
)

// Cell is a day of a month's page. The zero Day is a blank before the first or after the last.
type Cell struct {
	Day  time.Time
	Open bool // may be chosen: it is not before the first day that may
}

// Month lays a month out in weeks that begin on Monday. month is any moment of it; from is the first day that may be chosen.
func Month(month, from time.Time) [][]Cell {
	first := time.Date(month.Year(), month.Month(), 1, 0, 0, 0, 0, month.Location())
	from = time.Date(from.Year(), from.Month(), from.Day(), 0, 0, 0, 0, month.Location())
	week := make([]Cell, (int(first.Weekday())+6)%7, 7)
	var weeks [][]Cell
	for day := first; day.Month() == first.Month(); day = day.AddDate(0, 0, 1) {
		week = append(week, Cell{Day: day, Open: !day.Before(from)})
		if len(week) == 7 {
			weeks, week = append(weeks, week), make([]Cell, 0, 7)
		}
	}
	if len(week) > 0 {
		weeks = append(weeks, append(week, make([]Cell, 7-len(week))...))
	}
	return weeks
}

// The hours that are offered: every half hour of the day in which meetings are held. Others are typed.
const (
	firstHour = 6*60 + 30
	lastHour  = 20 * 60
	stepHour  = 30
)

// Hours lists the hours that are offered after an hour of the day ("" for all of them), as 07:00.
func Hours(after string) []string {
	var out []string
	for at := firstHour; at <= lastHour; at += stepHour {
		if h := fmt.Sprintf("%02d:%02d", at/60, at%60); h > after {
			out = append(out, h)
		}
	}
	return out
}
