package briefings

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Period is a stretch that is reported on: 2026-11, 2026-Q4, 2026-H1 or 2026. It is not the date of an event: a conference may
// serve the half-year before it.
type Period string

var periodShape = regexp.MustCompile(`^(\d{4})(?:-(?:Q([1-4])|H([12])|(0[1-9]|1[0-2])))?$`)

// turnedPeriod is a period as people write it, the year last: Q4/2026, 11/2026.
var turnedPeriod = regexp.MustCompile(`^(?:([QH]\d)|(\d{1,2}))[/-](\d{4})$`)

// ParsePeriod reads a period, in either order and letter case.
func ParsePeriod(s string) (Period, error) {
	typed := s
	s = strings.ToUpper(strings.TrimSpace(s))
	if g := turnedPeriod.FindStringSubmatch(s); g != nil {
		part := g[1]
		if part == "" {
			part = fmt.Sprintf("%02s", g[2])
		}
		s = g[3] + "-" + part
	}
	if !periodShape.MatchString(s) {
		return "", Refuse("form.bad_period", "value", typed)
	}
	return Period(s), nil
}

// Days returns the first day of the period and the first day after it, in loc.
func (p Period) Days(loc *time.Location) (from, to time.Time, err error) {
	g := periodShape.FindStringSubmatch(string(p))
	if g == nil {
		return from, to, fmt.Errorf("read period %q: %w", p, Refuse("form.bad_period", "value", string(p)))
	}
	year, _ := strconv.Atoi(g[1])
	first, months := 1, 12
	switch {
	case g[2] != "":
		q, _ := strconv.Atoi(g[2])
		first, months = q*3-2, 3
	case g[3] != "":
		h, _ := strconv.Atoi(g[3])
		first, months = h*6-5, 6
	case g[4] != "":
		first, _ = strconv.Atoi(g[4])
		months = 1
	}
	from = time.Date(year, time.Month(first), 1, 0, 0, 0, 0, loc)
	return from, from.AddDate(0, months, 0), nil
}
