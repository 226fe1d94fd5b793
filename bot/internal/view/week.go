package view

import (
	"strings"

	"briefbot/briefings"
	"briefbot/briefings/i18n"
)

// Week is a weekly schedule as one of those who are called reads it: by day, each meeting with its hour and the reader's own venue. It
// stands in place of invitations, and says so.
func Week(p Voice, meetings []briefings.Meeting, venue func(briefings.Meeting) *briefings.Venue, to briefings.Member) string {
	var b strings.Builder
	first, last := meetings[0].Starts, meetings[0].Starts
	for _, m := range meetings {
		if m.Starts.Before(first) {
			first = m.Starts
		}
		if m.Starts.After(last) {
			last = m.Starts
		}
	}
	b.WriteString(p.T("week.head", "from", p.Date(first), "to", p.Date(last), "recipient", recipient(p, to)))
	day := ""
	for _, m := range meetings {
		if d := p.Date(m.Starts); d != day {
			day = d
			b.WriteString("\n\n" + p.T("week.day", "weekday", p.local(m.Starts).Weekday(), "date", d))
		}
		clock := any(p.Clock(m.Starts))
		if m.Status == briefings.MeetingCancelled || m.Status == briefings.MeetingPostponed {
			clock = i18n.HTML("<s>" + i18n.Escape(p.Clock(m.Starts)) + "</s> " + i18n.Escape(p.Plain("state.meeting_"+string(m.Status))))
		}
		b.WriteString("\n" + p.T("week.line", "clock", clock, "title", m.Title, "venue", VenueLine(p, m, venue(m)), "chair", m.Chair))
	}
	b.WriteString("\n\n" + p.T("week.tap"))
	return b.String()
}
