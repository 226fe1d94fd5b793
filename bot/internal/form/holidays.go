package form

import (
	"regexp"
	"strings"
	"time"

	"briefbot/briefings"
	"briefbot/briefings/vietnamese"
)

// Lines that declare days: "02/09/2026 Quốc khánh", "04/02/2027 - 10/02/2027 Tết", "31/08/2026 làm bù", "15/02/2027 chỉ tin khẩn".
var (
	dayLine     = regexp.MustCompile(`^(?:(?i:từ|tu|from|ngày|ngay)\s+)?(\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{4})?|\d{4}-\d{2}-\d{2})(?:\s*(?:-|–|—|(?i:đến|den|to))\s*(?:(?i:ngày|ngay)\s+)?(\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{4})?|\d{4}-\d{2}-\d{2}))?(?:[\s:,–—-]+(.*))?$`)
	workedWords = regexp.MustCompile(`(?i)\s*[(,·–-]*\s*(?:đi làm bù|di lam bu|làm bù|lam bu|đi làm|di lam|working day|worked|working)\s*\)?`)
	stillWords  = regexp.MustCompile(`(?i)\s*[(,·–-]*\s*(?:chỉ (?:gửi )?tin khẩn|chi (?:gui )?tin khan|urgent only|only urgent)\s*\)?`)
)

const (
	// rangeLimit is how many days one line may declare.
	rangeLimit = 31
	// namesLimit is how long the name of a holiday may be, in characters.
	namesLimit = 100
)

// Holidays reads days, one or a range a line, each with its name. A day is off unless the line says that it is worked in lieu; on one of
// which the line says that only what is urgent is sent, work goes on unless it is a weekend.
func Holidays(text string, zone *time.Location, now time.Time) ([]briefings.Holiday, []Complaint) {
	var days []briefings.Holiday
	var complaints []Complaint
	for raw := range strings.Lines(text) {
		line := vietnamese.Clean(raw)
		if line == "" {
			continue
		}
		read, err := holidayLine(line, zone, now)
		if err != nil {
			complaints = append(complaints, Complaint{Text: line, Why: refusal(err)})
		}
		days = append(days, read...)
	}
	if len(days) == 0 && len(complaints) == 0 {
		complaints = append(complaints, Complaint{Why: briefings.Refuse("holidays.bad_line")})
	}
	return days, complaints
}

func holidayLine(line string, zone *time.Location, now time.Time) ([]briefings.Holiday, error) {
	if Stamp(line) != "" {
		return nil, briefings.Refuse("send.refused_secret", "label", Stamp(line))
	}
	g := dayLine.FindStringSubmatch(line)
	if g == nil {
		return nil, briefings.Refuse("holidays.bad_line")
	}
	from, err := vietnamese.ParseDate(g[1], zone, now)
	if err != nil {
		return nil, briefings.Refuse("form.no_such_day", "value", g[1])
	}
	to := from
	if g[2] != "" {
		if to, err = vietnamese.ParseDate(g[2], zone, from.Time); err != nil {
			return nil, briefings.Refuse("form.no_such_day", "value", g[2])
		}
	}
	name, h := g[3], briefings.Holiday{}
	if workedWords.MatchString(name) {
		h.Working, name = true, workedWords.ReplaceAllString(name, "")
	}
	if stillWords.MatchString(name) {
		h.Still, name = true, stillWords.ReplaceAllString(name, "")
	}
	name = strings.Trim(name, " -–—,·:")
	if name != "" {
		if err := short(name, namesLimit); err != nil {
			return nil, err
		}
	}
	h.Name = briefings.Text{Vi: name}
	first, last := from.Time, to.Time
	if last.Before(first) || last.Sub(first) > rangeLimit*24*time.Hour {
		return nil, briefings.Refuse("holidays.bad_range", "n", rangeLimit)
	}
	if first.Year() < now.Year()-1 || last.Year() > now.Year()+10 {
		return nil, briefings.Refuse("holidays.bad_year")
	}
	var days []briefings.Holiday
	for d := first; !d.After(last); d = d.AddDate(0, 0, 1) {
		one := h
		one.Day = d.Format(time.DateOnly)
		if weekend := d.Weekday() == time.Saturday || d.Weekday() == time.Sunday; one.Still && !one.Working {
			one.Working = !weekend
		}
		days = append(days, one)
	}
	return days, nil
}

// span is how hours are written: 21:00-06:00, 21h - 6h, 11h30 đến 13h30.
var span = regexp.MustCompile(`^(?:tu |from )?(.+?) ?(?:-|–|—|den|to) ?(.+)$`)

// Hours reads from when to when something holds; "none" and the like is the zero value.
func Hours(s string) (briefings.QuietHours, error) {
	folded := strings.Join(strings.Fields(vietnamese.Fold(s)), " ")
	switch folded {
	case "none", "khong", "khong dat", "tat", "off", "bo":
		return briefings.QuietHours{}, nil
	}
	bad := briefings.Refuse("hours.bad")
	g := span.FindStringSubmatch(folded)
	if g == nil {
		return briefings.QuietHours{}, bad
	}
	var at [2]int
	for i, text := range g[1:] {
		hour, minute, err := vietnamese.ParseClock(text)
		if err != nil {
			return briefings.QuietHours{}, bad
		}
		at[i] = hour*60 + minute
	}
	if at[0] == at[1] {
		return briefings.QuietHours{}, bad
	}
	return briefings.QuietHours{From: at[0], To: at[1]}, nil
}
