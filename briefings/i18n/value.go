package i18n

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"briefbot/briefings"
)

// HTML is a value that is already Telegram's HTML and is inserted as it is.
type HTML string

// Percent is a rate; it prints without the sign, which the template carries:
// "{n}/{of}, đạt {pct}%". Of 0 prints a dash and the template's sign goes.
type Percent struct{ N, Of int }

// Size is a number of bytes.
type Size int64

// Format prints a value in this language. How decides between the ways of
// printing a time (long, short, clock, hour, date, document), a whole number (grouped,
// plain, padded) or a string that is a period's key (period); empty is the
// first of each. A value of another sort ignores how, so that a template may
// say {time:clock} and be given a text that is ready. Slices of strings are
// joined with commas. The second result is false for a value that no sentence
// can hold.
func (l Lang) Format(v any, how string) (string, bool) {
	switch v := v.(type) {
	case nil:
		return "", true
	case string:
		if how == "period" {
			return l.Period(v), true
		}
		return v, true
	case HTML:
		return string(v), true
	case Percent:
		if v.Of == 0 {
			return "–", true
		}
		return l.rate(v.N, v.Of), true
	case Size:
		return l.Size(int64(v)), true
	case time.Time:
		return l.time(v, how), true
	case time.Weekday:
		return l.Weekday(v), true
	case []string:
		return strings.Join(v, ", "), true
	case briefings.Period:
		return l.Period(string(v)), true
	case briefings.Text:
		return v.In(briefings.Lang(l)), true
	case time.Duration, bool:
		// How long and yes or no are words, which the catalogue has to say.
		return "", false
	}
	r := reflect.ValueOf(v)
	switch {
	case r.Kind() == reflect.String:
		return l.Format(r.String(), how)
	case r.CanInt():
		return l.number(r.Int(), how), true
	case r.CanUint():
		return l.number(int64(r.Uint()), how), true
	}
	if s, ok := v.(fmt.Stringer); ok {
		return s.String(), true
	}
	return "", false
}

func (l Lang) time(t time.Time, how string) string {
	if t.IsZero() {
		return ""
	}
	switch how {
	case "short":
		return l.Short(t)
	case "clock":
		return l.Clock(t)
	case "hour":
		return l.Hour(t)
	case "date":
		return l.Date(t)
	case "document":
		return l.DocumentDate(t)
	}
	return l.Long(t)
}

func (l Lang) number(n int64, how string) string {
	switch how {
	case "plain":
		return strconv.FormatInt(n, 10)
	case "padded":
		return l.Padded(int(n))
	}
	return l.Number(int(n))
}

// formats are the words a template may put after the colon.
func formats() []string {
	return []string{"long", "short", "clock", "hour", "date", "document", "grouped", "plain", "padded", "period"}
}
