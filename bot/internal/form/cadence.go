package form

import (
	"regexp"
	"strconv"
	"strings"

	"briefbot/briefings"
	"briefbot/briefings/vietnamese"
)

// A cadence is read by taking it apart: first what becomes of days off, then the hour at either end, then the period, and what is left
// names the day. All patterns read folded text. They hold what the documentation says, and what the bot itself says of a cadence, so
// that it can be typed back.

const clockPattern = `\d{1,2}(?: ?: ?\d{2}| ?(?:h|g|gio)(?: ?\d{2})?(?: ?(?:'|p|phut))?)(?: (?:sang|trua|chieu|toi|am|pm))?`

var (
	clockLast  = regexp.MustCompile(`^(.+?),? (?:at |luc )?(` + clockPattern + `)$`)
	clockFirst = regexp.MustCompile(`^(?:at |luc )?(` + clockPattern + `),? (.+)$`)
	tooOften   = regexp.MustCompile(`^(?:every|moi|cu|hang)(?: (\d{1,4}))? ?(seconds?|giay|minutes?|phut)\b`)
)

// shifts are the ways to say what becomes of a slot on a day off.
var shifts = []struct {
	shift briefings.Shift
	words *regexp.Regexp
}{
	{briefings.ToNext, offDay(`(?:(?:sang|vao|chuyen sang) )?ngay lam viec (?:ke tiep|tiep theo|sau)`, `(?:next|following) working day`)},
	{briefings.ToBefore, offDay(`(?:(?:len|vao|chuyen len) )?ngay lam viec (?:lien truoc|truoc do|truoc)`, `(?:working day before|(?:previous|preceding) working day)`)},
	{briefings.LeavesOut, regexp.MustCompile(`,? ?(?:\b(?:tru|khong gui) (?:cac )?(?:ngay nghi|ngay le)|\bexcept (?:on )?(?:days off|holidays))\b`)},
}

// offDay puts together the Vietnamese and the English way to say where a slot goes.
func offDay(vi, en string) *regexp.Regexp {
	return regexp.MustCompile(`,? ?(?:\b(?:(?:neu|gap|khi)(?: la| nham| trung| gap)? ngay (?:nghi|le),? (?:thi )?)?` + vi +
		`|\b(?:on )?(?:the )?` + en + `(?: (?:if|when) (?:(?:that day|it) is )?(?:a )?(?:holiday|off|day off))?)\b`)
}

// paces are the ways to say how often a day of a month comes, the longest first.
var paces = []struct {
	every briefings.Every
	words *regexp.Regexp
}{
	{briefings.Quarterly, regexp.MustCompile(`,? ?\b(?:cua )?thang (dau|giua|cuoi|thu [123])(?: tien| cung)? (?:cua )?(?:moi|hang) quy\b`)},
	{briefings.Quarterly, regexp.MustCompile(`,? ?\b(?:of |in )?(?:the )?(first|second|middle|third|last) month of (?:every|each) quarter\b`)},
	{briefings.Quarterly, regexp.MustCompile(`,? ?\b(?:(?:of )?(?:every|each) quarter|quarterly|(?:hang|moi) quy)()\b`)},
	{briefings.Yearly, regexp.MustCompile(`,? ?\b(?:(?:of )?(?:every|each) year|yearly|(?:hang|moi) nam)\b`)},
	{briefings.Monthly, regexp.MustCompile(`,? ?\b(?:(?:of )?(?:every|each|the) month|monthly|(?:hang|moi) thang)\b`)},
	{briefings.Weekly, regexp.MustCompile(`,? ?\b(?:weekly|(?:hang|moi) tuan)\b`)},
}

// The days of a month.
var (
	dayNumber  = regexp.MustCompile(`^(?:on )?(?:the )?(?:day |vao )?(?:ngay )?(\d{1,2})(?:st|nd|rd|th)?$`)
	dayLast    = regexp.MustCompile(`^(?:on )?(?:the )?(?:vao )?(?:last day|ngay cuoi(?: cung| thang)?)$`)
	viWorkday  = regexp.MustCompile(`^(?:vao )?ngay lam viec (dau tien|cuoi cung|cuoi|thu (?:nhat|hai|ba|tu|[1-4]))$`)
	enWorkday  = regexp.MustCompile(`^(?:on )?(?:the )?(first|second|third|fourth|last) (?:working day|workday)$`)
	viWeekday  = regexp.MustCompile(`^(?:vao )?(thu (?:hai|ba|tu|nam|sau|bay|[2-7])|t[2-7]|cn|chu nhat)( lam viec)? (dau tien|cuoi cung|cuoi|(?:lan )?thu (?:nhat|hai|ba|tu|[1-4]))$`)
	enWeekday  = regexp.MustCompile(`^(?:on )?(?:the )?(first|second|third|fourth|last)( working)? ((?:mon|tues|wednes|thurs|fri|satur|sun)day)$`)
	viMonth    = regexp.MustCompile(`^(.+?),? (?:cua )?thang (\d{1,2})$`)
	enMonth    = regexp.MustCompile(`^(.+?),?(?: of)? (january|february|march|april|may|june|july|august|september|october|november|december)$`)
	slashMonth = regexp.MustCompile(`^((?:on )?(?:vao )?(?:ngay )?\d{1,2})/(\d{1,2})$`)
	everyDay   = regexp.MustCompile(`^(?:every|each|moi|hang) (.+)$`)
	theWorkday = regexp.MustCompile(`^(?:cac )?(?:ngay lam viec|weekdays|working days|weekday|workday|working day)$`)
)

const months = "january february march april may june july august september october november december"

// Cadence reads when a briefing comes: now, a moment, "every weekday 07:00", "every day 07:00", "every Monday 07:00",
// "monthly 5 07:30", "last working Friday of every month 16:00", "quarterly 5 07:30", "2 September every year 07:00", each with what
// becomes of days off, a cron line, and the same in Vietnamese.
func (w World) Cadence(s string) (briefings.Cadence, error) {
	folded := strings.Join(strings.Fields(vietnamese.Fold(s)), " ")
	if folded == "now" || folded == "ngay" || folded == "ngay bay gio" {
		return briefings.Cadence{Every: briefings.Once, At: w.Now}, nil
	}
	if line, ok := cronLine(s); ok {
		c := briefings.Cadence{Every: briefings.ByLine, Line: line}
		return c, c.Check()
	}
	if g := tooOften.FindStringSubmatch(folded); g != nil {
		if n, _ := strconv.Atoi("0" + g[1]); g[2][0] == 's' || g[2][0] == 'g' || n < briefings.ShortestBeat {
			return briefings.Cadence{}, briefings.Refuse("cadence.line_often", "n", briefings.ShortestBeat)
		}
	}
	c, clock, ok := repeating(folded)
	if !ok {
		return w.once(s)
	}
	var err error
	if c.Hour, c.Minute, err = vietnamese.ParseClock(clock); err != nil {
		return c, briefings.Refuse("form.bad_cadence")
	}
	return c, c.Check()
}

// cronLine takes what looks like a line for cron, as it is or as the bot says it.
func cronLine(s string) (string, bool) {
	line := strings.Join(strings.Fields(strings.ToLower(s)), " ")
	for _, lead := range []string{"theo lịch cron ", "by the cron line ", "cron "} {
		if rest, ok := strings.CutPrefix(line, lead); ok {
			return rest, true
		}
	}
	return line, strings.HasPrefix(line, "@") || strings.Contains(line, "tz=") || strings.Contains(line, "* ") || strings.HasSuffix(line, "*")
}

// repeating reads a folded cadence that repeats, and leaves its hour to be read.
func repeating(folded string) (c briefings.Cadence, clock string, ok bool) {
	for _, s := range shifts {
		if at := s.words.FindStringIndex(folded); at != nil {
			folded, c.Shift = strings.Trim(folded[:at[0]]+" "+folded[at[1]:], " ,"), s.shift
			folded = strings.Join(strings.Fields(strings.ReplaceAll(folded, " ,", ",")), " ")
			break
		}
	}
	var rhythm string
	if g := clockLast.FindStringSubmatch(folded); g != nil {
		rhythm, clock = g[1], g[2]
	} else if g := clockFirst.FindStringSubmatch(folded); g != nil {
		rhythm, clock = g[2], g[1]
	} else {
		return c, "", false
	}
	return c, clock, read(&c, strings.Trim(rhythm, " ,"))
}

// read reads how often and on which day.
func read(c *briefings.Cadence, rhythm string) bool {
	if theWorkday.MatchString(rhythm) {
		c.Every = briefings.EveryWorkday
		return true
	}
	for _, p := range paces {
		at := p.words.FindStringSubmatchIndex(rhythm)
		if at == nil {
			continue
		}
		day := strings.Trim(rhythm[:at[0]]+" "+rhythm[at[1]:], " ,")
		c.Every = p.every
		switch p.every {
		case briefings.Weekly:
			var ok bool
			c.Weekday, ok = vietnamese.ParseWeekday(bare(strings.TrimPrefix(day, "cac ")))
			return ok
		case briefings.Quarterly:
			c.Month = 1
			if at[2] < at[3] {
				c.Month = quarterMonth(rhythm[at[2]:at[3]])
			}
		case briefings.Yearly:
			var ok bool
			if day, c.Month, ok = ofMonth(day); !ok {
				return false
			}
		}
		return dayOfMonth(c, day)
	}
	g := everyDay.FindStringSubmatch(rhythm)
	if g == nil {
		return false
	}
	switch {
	case g[1] == "day" || g[1] == "ngay":
		c.Every = briefings.EveryDay
		if c.Shift == briefings.LeavesOut { // every day that is worked
			c.Every, c.Shift = briefings.EveryWorkday, briefings.Stays
		}
		return true
	case theWorkday.MatchString(g[1]):
		c.Every = briefings.EveryWorkday
		return true
	}
	weekday, ok := vietnamese.ParseWeekday(g[1])
	c.Every, c.Weekday = briefings.Weekly, weekday
	return ok
}

// bare takes "on" and the like off the head of a day.
func bare(s string) string {
	for _, lead := range []string{"on ", "vao "} {
		s = strings.TrimPrefix(s, lead)
	}
	return s
}

func quarterMonth(word string) int {
	switch word {
	case "giua", "second", "middle", "thu 2":
		return 2
	case "cuoi", "third", "last", "thu 3":
		return 3
	}
	return 1
}

// ofMonth takes the month off a day of the year.
func ofMonth(s string) (day string, month int, ok bool) {
	for _, p := range []*regexp.Regexp{slashMonth, viMonth} {
		if g := p.FindStringSubmatch(s); g != nil {
			month, _ = strconv.Atoi(g[2]) // two digits at most
			return g[1], month, true
		}
	}
	if g := enMonth.FindStringSubmatch(s); g != nil {
		return g[1], 1 + strings.Count(months[:strings.Index(months, g[2])], " "), true
	}
	return "", 0, false
}

// dayOfMonth reads which day of its month a cadence is.
func dayOfMonth(c *briefings.Cadence, day string) bool {
	if g := dayNumber.FindStringSubmatch(day); g != nil {
		c.Day, _ = strconv.Atoi(g[1]) // two digits at most
		return true
	}
	if dayLast.MatchString(day) {
		c.Day = 31
		return true
	}
	for _, p := range []*regexp.Regexp{viWorkday, enWorkday} {
		if g := p.FindStringSubmatch(day); g != nil {
			c.Nth, c.Of = ordinal(g[1]), briefings.NthWorkday
			return true
		}
	}
	var weekday, nth string
	var worked bool
	if g := viWeekday.FindStringSubmatch(day); g != nil {
		weekday, nth, worked = g[1], g[3], g[2] != ""
	} else if g := enWeekday.FindStringSubmatch(day); g != nil {
		weekday, nth, worked = g[3], g[1], g[2] != ""
	} else {
		return false
	}
	c.Nth, c.Of = ordinal(nth), briefings.NthWeekday
	if worked {
		c.Of = briefings.NthWorked
	}
	var ok bool
	c.Weekday, ok = vietnamese.ParseWeekday(weekday)
	return ok
}

// ordinal reads which of several is meant.
func ordinal(word string) int {
	word = strings.TrimPrefix(strings.TrimPrefix(word, "lan "), "thu ")
	switch word {
	case "cuoi", "cuoi cung", "last":
		return briefings.Last
	case "hai", "2", "second":
		return 2
	case "ba", "3", "third":
		return 3
	case "tu", "4", "fourth":
		return 4
	}
	return 1
}

// once reads a single moment to come.
func (w World) once(s string) (briefings.Cadence, error) {
	at, err := w.moment(s)
	switch r := briefings.AsRefusal(err); {
	case r != nil && r.Key == "err.date":
		return briefings.Cadence{}, briefings.Refuse("form.bad_cadence")
	case err != nil:
		return briefings.Cadence{}, err
	case !at.After(w.Now):
		return briefings.Cadence{}, briefings.Refuse("form.past_time")
	}
	return briefings.Cadence{Every: briefings.Once, At: at}, nil
}
