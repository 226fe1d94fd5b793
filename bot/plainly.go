package bot

import (
	"time"
	"unicode"
	"unicode/utf8"

	"briefbot/bot/internal/view"
	"briefbot/briefings"
)

// lasting says a length of time as people do: “2 giờ”, not “120 phút”.
func lasting(p view.Voice, d time.Duration) string {
	hours, minutes := int(d/time.Hour), int(d%time.Hour/time.Minute)
	switch {
	case hours == 0:
		return p.Plain("rules.minutes", "n", minutes)
	case minutes == 0:
		return p.Plain("rules.hours", "n", hours)
	}
	return p.Plain("rules.hours", "n", hours) + " " + p.Plain("rules.minutes", "n", minutes)
}

// fileDay is a meeting's day as it stands in the name of a file: it sorts, and no system objects to it.
func (t *turn) fileDay(m *briefings.Meeting) string { return m.Starts.In(t.Zone).Format(time.DateOnly) }

// capital begins a sentence with a capital letter that otherwise stands after the line it is about.
func capital(html string) string {
	first, size := utf8.DecodeRuneInString(html)
	if size == 0 {
		return html
	}
	return string(unicode.ToUpper(first)) + html[size:]
}
