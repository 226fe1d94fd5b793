package vietnamese

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// written is what a text says of a moment, before the calendar is asked.
type written struct {
	year, day    int // 0: not written
	month        time.Month
	hour, minute int
	weekday      time.Weekday
	days         int // from today, with relative
	hasClock     bool
	hasWeekday   bool
	relative     bool
	ignored      bool // a part of the day or a length stood there without an hour
}

func (w written) hasDate() bool { return w.month != 0 || w.relative || w.hasWeekday }

// The patterns read folded text. They are tried in this order and each takes
// its words away, so that the hour's minutes cannot swallow the day of a date.
var (
	isoDate    = regexp.MustCompile(`\b(\d{4})-(\d{1,2})-(\d{1,2})(?:t|\b)`)
	wordDate   = regexp.MustCompile(`\b(\d{1,2}) ?thang ?(\d{1,2})(?:,? ?nam ?(\d{4}))?\b`)
	slashDate  = regexp.MustCompile(`\b(\d{1,2}) ?/ ?(\d{1,2})(?: ?/ ?(\d{4}|\d{2}))?\b`)
	dotDate    = regexp.MustCompile(`\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b`)
	dashDate   = regexp.MustCompile(`\b(\d{1,2})-(\d{1,2})(?:-(\d{4}|\d{2}))?\b`)
	monthDate  = regexp.MustCompile(`\b(\d{1,2}) (jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?(?:,? (\d{4}))?\b`)
	clockTime  = regexp.MustCompile(`\b(\d{1,2}) ?(?:(?:h|g|gio) ?(\d{2})?|: ?(\d{2})(?::00)?)(?: ?(?:'|p|phut))?(?:[^a-z0-9]|$)`)
	weekdayRef = regexp.MustCompile(`\b(?:thu (hai|ba|tu|nam|sau|bay|[2-7])|t([2-7])|(cn|chu ?nhat)|(mon|tue|wed|thu|fri|sat|sun)[a-z]*)\b`)
	relatives  = regexp.MustCompile(`\b(?:(hom nay|today)|(ngay mai|tomorrow|mai))\b`)
	dayPart    = regexp.MustCompile(`\b(?:(sang|am)|(trua)|(chieu|pm)|(toi)|(dem))\b`)
	lengths    = regexp.MustCompile(`\(? ?\b(?:ca ngay|\d{1,2} buoi|1/2 ngay)\b ?\)?|½ ngay`)
	filler     = regexp.MustCompile(`\b(?:ngay|luc|vao|buoi|at|on|gmt ?\+7)\b|[.,;()'–-]`)
)

// read takes s apart, or says that something in it is neither date nor hour.
func read(s string) (written, error) {
	var w written
	r := rest(Fold(s))
	if m := r.take(lengths); m != nil {
		w.ignored = true
	}
	if err := w.readDate(&r); err != nil {
		return w, err
	}
	if err := w.readClock(&r); err != nil {
		return w, err
	}
	if m := r.take(relatives); m != nil {
		if w.month != 0 {
			return w, ErrUnreadable
		}
		w.relative = true
		if m[2] != "" {
			w.days = 1
		}
	}
	if m := r.take(weekdayRef); m != nil {
		w.weekday, w.hasWeekday = weekdayOf(m), true
	}
	if strings.TrimSpace(filler.ReplaceAllString(string(r), " ")) != "" {
		return w, ErrUnreadable
	}
	return w, nil
}

func (w *written) readDate(r *rest) error {
	m := r.take(isoDate)
	if m != nil {
		m[1], m[3] = m[3], m[1]
	}
	for _, p := range []*regexp.Regexp{wordDate, slashDate, dotDate, monthDate, dashDate} {
		if m != nil {
			break
		}
		if m = r.take(p); m != nil && p == monthDate {
			m[2] = strconv.Itoa(strings.Index("janfebmaraprmayjunjulaugsepoctnovdec", m[2])/3 + 1)
		}
	}
	if m == nil {
		return nil
	}
	w.day, w.year = number(m[1]), number(m[3])
	if len(m[3]) == 2 {
		w.year += 2000
	}
	month := number(m[2])
	if w.day < 1 || w.day > 31 || month < 1 || month > 12 {
		return ErrNoSuchDay
	}
	w.month = time.Month(month)
	return nil
}

func (w *written) readClock(r *rest) error {
	if m := r.take(clockTime); m != nil {
		w.hasClock = true
		w.hour, w.minute = number(m[1]), number(m[2]+m[3])
	}
	part := r.take(dayPart)
	switch {
	case part == nil:
	case !w.hasClock:
		w.ignored = true
	case !w.shift(part):
		return ErrNoSuchHour
	}
	if w.hour > 23 || w.minute > 59 {
		return ErrNoSuchHour
	}
	return nil
}

// shift moves an hour of twelve into its part of the day; an hour that does not
// lie in that part is refused.
func (w *written) shift(part []string) bool {
	morning, noon, afternoon, evening, night := part[1] != "", part[2] != "", part[3] != "", part[4] != "", part[5] != ""
	from, to := 0, 0
	switch {
	case morning:
		from, to = 0, 11
	case noon:
		from, to = 10, 13
	case afternoon:
		from, to = 12, 18
	case evening:
		from, to = 17, 23
	case night:
		from, to = 21, 23
	}
	if (afternoon || evening || night) && w.hour < 12 || noon && w.hour < 3 {
		w.hour += 12
	}
	return w.hour >= from && w.hour <= to
}

// ParseWeekday reads the name of a day of the week, Vietnamese or English, long
// or short: Thứ Hai, thứ 2, T2, Chủ nhật, CN, Monday, Mon.
func ParseWeekday(s string) (time.Weekday, bool) {
	s = Fold(s)
	m := weekdayRef.FindStringSubmatch(s)
	if m == nil || m[0] != s {
		return 0, false
	}
	return weekdayOf(m), true
}

func weekdayOf(m []string) time.Weekday {
	switch {
	case m[2] != "":
		m[1] = m[2]
		fallthrough
	case m[1] != "":
		return map[string]time.Weekday{
			"hai": time.Monday, "ba": time.Tuesday, "tu": time.Wednesday, "nam": time.Thursday, "sau": time.Friday, "bay": time.Saturday,
			"2": time.Monday, "3": time.Tuesday, "4": time.Wednesday, "5": time.Thursday, "6": time.Friday, "7": time.Saturday,
		}[m[1]]
	case m[3] != "":
		return time.Sunday
	}
	return time.Weekday(strings.Index("sunmontuewedthufrisat", m[4]) / 3)
}

// rest is the text that nothing has read yet.
type rest string

// take returns the first match with its groups and puts a space where it stood.
func (r *rest) take(p *regexp.Regexp) []string {
	at := p.FindStringSubmatchIndex(string(*r))
	if at == nil {
		return nil
	}
	m := make([]string, len(at)/2)
	for i := range m {
		if at[2*i] >= 0 {
			m[i] = string((*r)[at[2*i]:at[2*i+1]])
		}
	}
	*r = (*r)[:at[0]] + " " + (*r)[at[1]:]
	return m
}

// number reads at most four digits; the patterns let nothing else through.
func number(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}
