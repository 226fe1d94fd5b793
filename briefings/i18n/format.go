package i18n

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"briefbot/briefings/vietnamese"
)

// Number prints n with the language's mark between thousands: 1.300, 1,300.
func (l Lang) Number(n int) string { return vietnamese.Group(n, l.thousands()) }

// comrade is the Vietnamese form of address before a name, short or in full.
var comrade = regexp.MustCompile(`(?i)(^|[^\p{L}])(?:đ/c|đồng chí)[.:]?\s+`)

// Contact prints whom to ask, which an administrator or organizer wrote down once for everybody. In English the Vietnamese form of address before a
// name says nothing and is left out.
func (l Lang) Contact(s string) string {
	if l != En {
		return s
	}
	return comrade.ReplaceAllString(s, "$1")
}

// Padded prints a count as formal Vietnamese does, 01 to 09; English does not pad.
func (l Lang) Padded(n int) string {
	if l == En {
		return l.Number(n)
	}
	return vietnamese.Padded(n)
}

// Percent prints n of total with one decimal, half up, and the sign: 88,7%,
// 88.7%. A total of 0 is a dash.
func (l Lang) Percent(n, total int) string {
	if total == 0 {
		return "–"
	}
	return l.rate(n, total) + "%"
}

func (l Lang) rate(n, total int) string {
	return vietnamese.Tenths(vietnamese.PerMille(n, total), l.decimal())
}

// Size prints a number of bytes: 820 KB, 1,2 MB.
func (l Lang) Size(bytes int64) string {
	const kilo, mega = 1 << 10, 1 << 20
	switch {
	case bytes < kilo:
		return strconv.FormatInt(bytes, 10) + " B"
	case bytes < mega:
		return strconv.FormatInt((bytes+kilo/2)/kilo, 10) + " KB"
	}
	return vietnamese.Tenths(int((bytes*10+mega/2)/mega), l.decimal()) + " MB"
}

// Long prints a moment in full, in the location it carries:
// 14 giờ 00, Thứ Năm, ngày 03/12/2026; 14:00, Thursday, 3 December 2026.
func (l Lang) Long(t time.Time) string {
	if l == En {
		return t.Format("15:04, Monday, 2 January 2006")
	}
	return vietnamese.LongTime(t)
}

// Hour prints an hour as it stands beside a long moment: 16 giờ 30; 16:30.
func (l Lang) Hour(t time.Time) string {
	if l == En {
		return t.Format("15:04")
	}
	return fmt.Sprintf("%02d giờ %02d", t.Hour(), t.Minute())
}

// Short prints a moment for a button: 14:00 T5 03/12; 14:00 Thu 3 Dec.
func (l Lang) Short(t time.Time) string {
	if l == En {
		return t.Format("15:04 Mon 2 Jan")
	}
	return vietnamese.ShortTime(t)
}

// Clock prints the hour: 14:00.
func (l Lang) Clock(t time.Time) string { return vietnamese.Clock(t) }

// Date prints the date: 03/12/2026; 3 December 2026.
func (l Lang) Date(t time.Time) string {
	if l == En {
		return t.Format("2 January 2006")
	}
	return vietnamese.Date(t)
}

// DocumentDate prints the date as documents write it: ngày 03 tháng 12 năm
// 2026; 3 December 2026.
func (l Lang) DocumentDate(t time.Time) string {
	if l == En {
		return l.Date(t)
	}
	return vietnamese.DocumentDate(t)
}

// Weekday names a day of the week: Thứ Năm; Thursday.
func (l Lang) Weekday(d time.Weekday) string {
	if l == En {
		return d.String()
	}
	return vietnamese.Weekday(d)
}

// Month names a month of a year: tháng 11 năm 2026; November 2026.
func (l Lang) Month(m time.Month, year int) string {
	if l == En {
		return fmt.Sprintf("%s %d", m, year)
	}
	return fmt.Sprintf("tháng %d năm %d", int(m), year)
}

// Period names what is reported on by its key: 2026-11, 2026-Q4, 2026-H1,
// 2026. Anything else is returned as it is.
func (l Lang) Period(key string) string {
	year, part, _ := strings.Cut(key, "-")
	y, err := strconv.Atoi(year)
	if err != nil || len(year) != 4 {
		return key
	}
	names := map[string][2]string{
		"":   {"năm %d", "%d"},
		"Q1": {"quý I năm %d", "first quarter of %d"}, "Q2": {"quý II năm %d", "second quarter of %d"},
		"Q3": {"quý III năm %d", "third quarter of %d"}, "Q4": {"quý IV năm %d", "fourth quarter of %d"},
		"H1": {"6 tháng đầu năm %d", "first half of %d"}, "H2": {"6 tháng cuối năm %d", "second half of %d"},
	}
	if name, ok := names[part]; ok {
		if l == En {
			return fmt.Sprintf(name[1], y)
		}
		return fmt.Sprintf(name[0], y)
	}
	if m, err := strconv.Atoi(part); err == nil && len(part) == 2 && m >= 1 && m <= 12 {
		return l.Month(time.Month(m), y)
	}
	return key
}

// Title writes the first letter large: for a name at the head of a line.
func Title(s string) string {
	for i, r := range s {
		if i > 0 {
			return strings.ToUpper(s[:i]) + s[i:]
		}
		_ = r
	}
	return strings.ToUpper(s)
}

func (l Lang) thousands() byte {
	if l == En {
		return ','
	}
	return '.'
}

func (l Lang) decimal() byte {
	if l == En {
		return '.'
	}
	return ','
}
