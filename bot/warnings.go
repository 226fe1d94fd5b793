package bot

import (
	"slices"
	"time"

	"briefbot/bot/internal/form"
	"briefbot/briefings"
	"briefbot/briefings/vietnamese"
)

// noticeDays is how many whole working days a notice comes before its meeting at least.
const noticeDays = 3

// warnings are what an organizer would want to know before sending: they do not stop anything.
func (t *turn) warnings(c composing, m briefings.Meeting, w form.World, audience []briefings.Member, cal briefings.Calendar) []string {
	out := append(t.twins(m), t.venueWarnings(c, m, w, audience)...)
	if m.Chair == "" {
		out = append(out, t.p.T("warn.no_chair"))
	}
	starts := m.Starts.In(t.Zone)
	switch h, off := cal[starts.Format(time.DateOnly)]; {
	case off && !h.Working:
		out = append(out, t.p.T("warn.holiday", "date", starts, "name", h.Name))
	case !cal.Working(starts):
		out = append(out, t.p.T("warn.weekend", "weekday", starts.Weekday()))
	}
	if !m.Urgency.Presses() && workdays(t.now(), m.Starts, cal) < noticeDays { // what is urgent is exempt from the rule
		out = append(out, t.p.T("warn.short_notice"))
	}
	if m.Leave != briefings.LeaveFree {
		out = append(out, t.p.T("leave."+string(m.Leave)))
	}
	if m.Urgency.Presses() {
		return append(out, t.urgently())
	}
	return append(out, t.quietly(briefings.KindInvitation, t.now())...)
}

// twins warn that people were called to the same meeting already: the same title, day and main hall. The form may have been sent twice.
func (t *turn) twins(m briefings.Meeting) []string {
	list, err := t.Store.Meetings(t.ctx)
	if err != nil { // it is a warning; the meeting itself can be sent without it
		t.Log.WarnContext(t.ctx, "meetings not read", "err", err)
	}
	hall := func(m *briefings.Meeting) string {
		if v := m.MainVenue(); v != nil {
			return vietnamese.Fold(v.Name.Vi)
		}
		return ""
	}
	day := func(at time.Time) string { return at.In(t.Zone).Format(time.DateOnly) }
	for i := range list {
		one := &list[i]
		if one.ID == m.ID || one.Revision == 0 || one.Status == briefings.MeetingCancelled || day(one.Starts) != day(m.Starts) ||
			vietnamese.Fold(one.Title.Vi) != vietnamese.Fold(m.Title.Vi) || hall(one) != hall(&m) {
			continue
		}
		return []string{t.p.T("warn.twin", "title", one.Title, "time", one.Announce)}
	}
	return nil
}

// venueWarnings look at who goes where.
func (t *turn) venueWarnings(c composing, m briefings.Meeting, w form.World, audience []briefings.Member) []string {
	var out []string
	tree := w.Roster.Tree()
	expected := map[briefings.VenueID]int{}
	homeless := 0
	for _, a := range audience {
		expected[m.VenueFor(a.Unit, tree)]++
		if !m.Serves(a.Unit, tree) {
			homeless++
		}
	}
	for _, v := range m.Venues {
		if v.Capacity > 0 && expected[v.ID] > v.Capacity {
			out = append(out, t.p.T("warn.capacity", "venue", v.Name, "n", expected[v.ID], "capacity", v.Capacity))
		}
	}
	if len(m.Venues) < 2 {
		return out
	}
	if !namesMain(c) {
		out = append(out, t.p.T("warn.no_main", "venue", m.MainVenue().Name))
	}
	if homeless > 0 {
		out = append(out, t.p.T("warn.no_venue", "n", homeless, "venue", m.MainVenue().Name))
	}
	return out
}

// namesMain reports whether the draft itself calls a venue the main hall; the form takes the first where it does not.
func namesMain(c composing) bool {
	return slices.ContainsFunc(c.Draft.Values(briefings.FieldVenue), func(line string) bool {
		_, main := form.VenuePart(line, "main")
		return main
	})
}

// workdays counts the whole working days between two moments.
func workdays(from, to time.Time, cal briefings.Calendar) int {
	n := 0
	to = to.In(from.Location())
	for d := from.AddDate(0, 0, 1); d.Before(to) && n < noticeDays; d = d.AddDate(0, 0, 1) {
		if cal.Working(d) && d.Format(time.DateOnly) != to.Format(time.DateOnly) {
			n++
		}
	}
	return n
}
