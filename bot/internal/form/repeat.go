package form

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"briefbot/briefings"
)

// Words are how a venue's parts are written, so that the form reads them: by part.
type Words func(part string) string

// Again writes the lines of a meeting held before for the next time: the same weekday at the same place of the month, one month later
// or as many as it takes to lie ahead; the deadline at the same distance, the periods moved along, the number of the month in title
// and agenda changed, and venues and audience as they were.
func (w World) Again(m briefings.Meeting, name func(briefings.Field) string, words Words) Draft {
	old := m.Starts.In(w.Zone)
	months := 1
	for !sameWeekday(old, months).After(w.Now.Add(24 * time.Hour)) {
		months++
	}
	starts := sameWeekday(old, months)
	var d Draft
	add := func(f briefings.Field, value string) {
		if value != "" {
			d.Lines = append(d.Lines, Lined(f, name(f), value))
		}
	}
	when := func(t time.Time) string { return t.In(w.Zone).Format("15:04 02/01/2006") }
	add(briefings.FieldTitle, retitled(m.Title.Vi, old, starts))
	add(briefings.FieldTime, when(starts))
	if !m.Ends.IsZero() {
		add(briefings.FieldEnd, when(starts.Add(m.Ends.Sub(m.Starts))))
	}
	if !m.Deadline.IsZero() {
		if until := starts.Add(m.Deadline.Sub(m.Starts)); until.After(w.Now) {
			add(briefings.FieldDeadline, when(until))
		}
	}
	for _, v := range m.Venues {
		add(briefings.FieldVenue, VenueLine(v, words))
	}
	add(briefings.FieldAudience, m.Audience.String())
	add(briefings.FieldInvited, m.Invited)
	add(briefings.FieldSummons, m.Summons.String())
	add(briefings.FieldChair, m.Chair)
	for _, s := range m.Speakers {
		add(briefings.FieldSpeaker, s)
	}
	for _, a := range m.Agenda {
		add(briefings.FieldAgenda, retitled(a, old, starts))
	}
	add(briefings.FieldDeputies, map[bool]string{true: words("yes"), false: words("no")}[m.Deputies])
	if m.Leave != briefings.LeaveFree {
		add(briefings.FieldLeave, words("leave_"+string(m.Leave)))
	}
	var quotas []string
	for _, q := range m.Quotas { // how many, not whom they named
		quotas = append(quotas, fmt.Sprintf("%s %d", q.Unit, q.Seats))
	}
	add(briefings.FieldQuota, strings.Join(quotas, "; "))
	if m.LateAfter > 0 {
		add(briefings.FieldLate, strconv.Itoa(int(m.LateAfter.Minutes())))
	}
	add(briefings.FieldDress, m.Dress)
	add(briefings.FieldNote, m.Note)
	add(briefings.FieldPeriod, moved(m.Periods, old, starts))
	if m.Relay != nil {
		add(briefings.FieldRelay, m.Relay.Origin)
	}
	add(briefings.FieldLabel, words("label_"+string(m.Label)))
	return d
}

// VenueLine writes a venue as the form reads it.
func VenueLine(v briefings.Venue, words Words) string {
	line := OneLine(v.Name.Vi)
	part := func(name, value string) {
		if value != "" {
			line += "; " + strings.TrimSpace(words(name)+" "+OneLine(value))
		}
	}
	if v.Main {
		line += "; " + words("main")
	}
	if v.Capacity > 0 {
		part("capacity", strconv.Itoa(v.Capacity))
	}
	part("units", joinIDs(v.Units))
	part("officer", joinIDs(v.Officers))
	part("technician", joinIDs(v.Technicians))
	part("address", v.Address)
	part("map", v.Map)
	part("link", v.Link)
	part("chair", v.Chair)
	return line
}

func joinIDs[T ~string](ids []T) string {
	var out []string
	for _, id := range ids {
		out = append(out, string(id))
	}
	return strings.Join(out, " ")
}

// sameWeekday returns the day in a later month that has the same weekday at the same place in its month: the first Thursday, the last
// Friday. A fifth weekday that the month does not have is its last.
func sameWeekday(day time.Time, months int) time.Time {
	first := time.Date(day.Year(), day.Month(), 1, day.Hour(), day.Minute(), 0, 0, day.Location()).AddDate(0, months, 0)
	next := first.AddDate(0, 0, (int(day.Weekday())-int(first.Weekday())+7)%7+(day.Day()-1)/7*7)
	if next.Month() != first.Month() {
		next = next.AddDate(0, 0, -7)
	}
	return next
}

var (
	monthWord   = regexp.MustCompile(`(?i)(tháng\s+)(0?)(\d{1,2})\b`)
	quarterWord = regexp.MustCompile(`(?i)(quý\s+)(IV|III|II|I|[1-4])\b`)
	roman       = []string{"", "I", "II", "III", "IV"}
)

// retitled puts the month, the quarter and the year of the new day where the title says those of the old.
func retitled(title string, old, next time.Time) string {
	title = monthWord.ReplaceAllStringFunc(title, func(s string) string {
		g := monthWord.FindStringSubmatch(s)
		if n, _ := strconv.Atoi(g[3]); n != int(old.Month()) {
			return s
		}
		if g[2] != "" || len(g[3]) == 2 && int(next.Month()) < 10 && strings.HasPrefix(g[3], "0") {
			return g[1] + fmt.Sprintf("%02d", int(next.Month()))
		}
		return g[1] + strconv.Itoa(int(next.Month()))
	})
	quarter := func(t time.Time) int { return (int(t.Month()) + 2) / 3 }
	title = quarterWord.ReplaceAllStringFunc(title, func(s string) string {
		g := quarterWord.FindStringSubmatch(s)
		upper := strings.ToUpper(g[2])
		switch {
		case upper == roman[quarter(old)]:
			return g[1] + roman[quarter(next)]
		case g[2] == strconv.Itoa(quarter(old)):
			return g[1] + strconv.Itoa(quarter(next))
		}
		return s
	})
	if old.Year() != next.Year() {
		title = strings.ReplaceAll(title, strconv.Itoa(old.Year()), strconv.Itoa(next.Year()))
	}
	return title
}

// moved shifts periods along with the day: one of a month by months, one of a quarter by quarters, and so on, so that a conference that
// looks at the quarter before it still does.
func moved(periods []briefings.Period, old, next time.Time) string {
	length := func(p briefings.Period) int {
		switch s := string(p); {
		case strings.Contains(s, "Q"):
			return 3
		case strings.Contains(s, "H"):
			return 6
		case len(s) > 4:
			return 1
		}
		return 12
	}
	count := func(t time.Time, months int) int { return (t.Year()*12 + int(t.Month()) - 1) / months }
	var out []string
	for _, p := range periods {
		from, _, err := p.Days(old.Location())
		if err != nil {
			continue
		}
		months := length(p)
		n := (count(from, months) + count(next, months) - count(old, months)) * months // months since the year 0
		year, month := n/12, n%12
		s := fmt.Sprintf("%04d", year)
		switch months {
		case 1:
			s += fmt.Sprintf("-%02d", month+1)
		case 3:
			s += fmt.Sprintf("-Q%d", month/3+1)
		case 6:
			s += fmt.Sprintf("-H%d", month/6+1)
		}
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return strings.Join(out, ", ")
}
