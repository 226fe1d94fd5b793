package view

import (
	"strings"

	"briefbot/briefings"
	"briefbot/briefings/i18n"
)

// Counts is the attendance of a meeting as a chat message: answers first, then, once somebody is there, who came; by venue; by unit.
func Counts(p Voice, r briefings.Roll) string {
	var b strings.Builder
	a, t := r.Answers, r.Total
	b.WriteString(p.Lines("counts.rsvp", "title", r.Title.In(p.Lang()), "invited", t.Invited, "yes", a.Accepted,
		"yes_pct", i18n.Percent{N: a.Accepted, Of: t.Invited}, "proxy", a.Delegated, "queued", some(t.Waiting), "no", a.Declined,
		// Nobody waits for a word from those who are there already: they stand on a line of their own, so that “no reply” is one number
		// here, on the board and in the reminders, and the answers still add up to everybody.
		"pending", r.Silent, "unannounced", some(r.Unannounced()),
		"time", p.Clock(r.AsOf), "date", p.Date(r.AsOf)))
	if r.Closed || t.Attended() > 0 {
		key := "counts.so_far"
		if r.Closed {
			key = "counts.final"
		}
		b.WriteString("\n\n")
		b.WriteString(p.T(key, "title", r.Title.In(p.Lang()), "invited", t.Invited, "attended", t.Attended(),
			"pct", i18n.Percent{N: t.Attended(), Of: t.Invited}, "proxy", t.Represented, "excused", t.Excused,
			"unexcused", t.Unexcused, "waiting", t.Pending))
		if r.Late > 0 {
			b.WriteString("\n" + p.T("counts.late", "n", r.Late))
		}
		if r.Headcount > 0 {
			b.WriteString("\n" + p.T("counts.headcount", "heads", r.Headcount, "guests", r.Guests))
		}
	}
	if len(r.Venues) > 1 {
		b.WriteString("\n\n" + p.T("counts.by_venue"))
		for i, v := range r.Venues {
			b.WriteString("\n" + line(p, r, i+1, v.Name.In(p.Lang()), v.Tally, v.Accepted))
			switch {
			case v.Closed:
				b.WriteString(" ☑️")
			case v.Light != briefings.Dark:
				b.WriteString(" " + Lights[v.Light])
			}
		}
	}
	if len(r.Units) > 1 {
		b.WriteString("\n\n" + p.T("counts.by_unit"))
		for i, u := range r.Units {
			b.WriteString("\n" + line(p, r, i+1, u.Name.In(p.Lang()), u.Tally, u.Answers.Accepted+u.Answers.Delegated))
		}
	}
	return b.String()
}

// Lights are what a venue's readiness looks like.
var Lights = map[briefings.Light]string{briefings.Dark: "⚪", briefings.Yellow: "🟡", briefings.Green: "🟢", briefings.Red: "🔴"}

// line is one row: who came once somebody has, before that who says they will.
func line(p Voice, r briefings.Roll, i int, name string, t briefings.Tally, coming int) string {
	n := coming
	if r.Closed || r.Total.Attended() > 0 {
		n = t.Attended()
	}
	queued := t.Waiting
	if r.Closed {
		queued = 0 // nobody waits at a door that is shut; the answers above still say it
	}
	return p.T("counts.venue_line", "i", i, "venue", name, "attended", n, "invited", t.Invited, "pct", i18n.Percent{N: n, Of: t.Invited},
		"queued", some(queued))
}

// some is a count that is only spoken of where there is one.
func some(n int) any {
	if n == 0 {
		return ""
	}
	return n
}
