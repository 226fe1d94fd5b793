package briefings

import (
	"slices"
	"strconv"
	"strings"
)

// ShortestBeat is the least number of minutes between two slots of a line.
const ShortestBeat = 5

// field is one of the five of a line.
type field struct {
	low, high int
	names     []string // from low on
}

var lineFields = []field{
	{0, 59, nil},
	{0, 23, nil},
	{1, 31, nil},
	{1, 12, []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}},
	{0, 6, []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}},
}

// CheckLine refuses a cron line that no reader would take as it is meant, that comes too often or that never comes. The grammar is
// narrower than that of cron programs, which take an empty item for all, a step beyond the range for once, and a day of the month
// beside a weekday for either of them.
func CheckLine(line string) error {
	lower := strings.ToLower(line)
	switch {
	case strings.Contains(lower, "tz="):
		return Refuse("cadence.line_zone")
	case strings.HasPrefix(strings.TrimSpace(lower), "@"):
		return Refuse("cadence.line_at", "line", line)
	}
	parts := strings.Fields(lower)
	if len(parts) != len(lineFields) || line != strings.Join(strings.Fields(line), " ") {
		return Refuse("cadence.line_fields", "n", len(parts))
	}
	sets := make([][]int, len(parts))
	for i, part := range parts {
		set, ok := lineFields[i].read(part)
		if !ok {
			return Refuse("cadence.line_part", "part", part)
		}
		sets[i] = set
	}
	minutes, hours, days, months := sets[0], sets[1], sets[2], sets[3]
	switch {
	case beat(minutes, hours) < ShortestBeat:
		return Refuse("cadence.line_often", "n", ShortestBeat)
	case len(days) < 31 && len(sets[4]) < 7:
		return Refuse("cadence.line_either")
	case days[0] > longest(months):
		return Refuse("cadence.line_never")
	case days[0] == 29 && len(months) == 1 && months[0] == 2:
		return Refuse("cadence.line_leap")
	}
	return nil
}

// read lists the values of a part in their order: *, 5, 1-5, */10, 1-30/5, and these joined by commas.
func (f field) read(part string) ([]int, bool) {
	var set []int
	for item := range strings.SplitSeq(part, ",") {
		span, step, stepped := strings.Cut(item, "/")
		by := 1
		if stepped {
			n, ok := digits(step)
			if !ok || n < 1 || n > f.high-f.low {
				return nil, false
			}
			by = n
		}
		low, high := f.low, f.high
		if span != "*" {
			from, to, ranged := strings.Cut(span, "-")
			var ok bool
			if low, ok = f.value(from); !ok {
				return nil, false
			}
			high = low
			if ranged {
				if high, ok = f.value(to); !ok || high < low {
					return nil, false
				}
			} else if stepped {
				return nil, false // "5/10" means different things to different programs
			}
		}
		for v := low; v <= high; v += by {
			set = append(set, v)
		}
	}
	slices.Sort(set)
	return slices.Compact(set), true
}

func (f field) value(s string) (int, bool) {
	if i := slices.Index(f.names, s); i >= 0 {
		return f.low + i, true
	}
	n, ok := digits(s)
	return n, ok && n >= f.low && n <= f.high
}

// digits reads one or two digits and nothing else.
func digits(s string) (int, bool) {
	if len(s) == 0 || len(s) > 2 || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}

// beat is the least number of minutes between two slots of a day, across midnight too.
func beat(minutes, hours []int) int {
	const day = 24 * 60
	first, last, least := -1, -1, day
	for _, h := range hours {
		for _, m := range minutes {
			at := h*60 + m
			if last >= 0 {
				least = min(least, at-last)
			} else {
				first = at
			}
			last = at
		}
	}
	return min(least, first+day-last)
}

func longest(months []int) int {
	days := 0
	for _, m := range months {
		days = max(days, MonthDays(m))
	}
	return days
}
