package form

import (
	"regexp"
	"strconv"

	"briefbot/briefings"
	"briefbot/briefings/vietnamese"
)

// The shapes of a repeating cadence, folded, each with its hour last. They hold what the documentation says, and what the bot itself
// says of a cadence, so that it can be typed back.
var (
	everyShape    = shape(`(?:every|moi|hang)\s+(.+?)`)
	workdaysShape = shape(`(?:cac\s+)?(ngay lam viec|weekdays|working days)`)
	weeklyShape   = shape(`(?:cac\s+)?(.+?)\s+hang tuan`)
	weekShape     = shape(`(?:weekly|hang tuan)\s+(?:on\s+|vao\s+)?(.+?)`)
	monthlyShape  = shape(`(?:monthly|every month|hang thang)\s+(?:on\s+)?(?:the\s+)?(?:day\s+|ngay\s+)?(\d{1,2})(?:st|nd|rd|th)?`)
	dayOfShape    = shape(`(?:on\s+)?(?:day|ngay)\s+(\d{1,2})\s+(?:of every month|hang thang)`)
)

// shape ends a pattern with the hour: 07:00, 7h30, 7 giờ.
func shape(s string) *regexp.Regexp {
	return regexp.MustCompile(`^` + s + `,?\s+(?:at\s+|luc\s+)?(\d{1,2}\s?(?:[:hg]|gio).*)$`)
}

// Cadence reads when a briefing comes: now, a moment, "every weekday 07:00", "every day 07:00", "every Monday 07:00",
// "monthly 5 07:30", and the same in Vietnamese.
func (w World) Cadence(s string) (briefings.Cadence, error) {
	folded := vietnamese.Fold(s)
	if folded == "now" || folded == "ngay" || folded == "ngay bay gio" {
		return briefings.Cadence{Every: briefings.Once, At: w.Now}, nil
	}
	c, clock, ok := rhythm(folded)
	if !ok {
		return w.once(s)
	}
	var err error
	if c.Hour, c.Minute, err = vietnamese.ParseClock(clock); err != nil {
		return c, briefings.Refuse("form.bad_cadence")
	}
	return c, c.Check()
}

// rhythm reads a folded cadence that repeats, and leaves its hour to be read.
func rhythm(folded string) (c briefings.Cadence, clock string, ok bool) {
	for _, month := range []*regexp.Regexp{monthlyShape, dayOfShape} {
		if g := month.FindStringSubmatch(folded); g != nil {
			c.Every = briefings.Monthly
			c.Day, _ = strconv.Atoi(g[1]) // two digits at most
			return c, g[2], true
		}
	}
	if g := workdaysShape.FindStringSubmatch(folded); g != nil {
		c.Every = briefings.EveryWorkday
		return c, g[2], true
	}
	for _, every := range []*regexp.Regexp{weeklyShape, weekShape, everyShape} {
		g := every.FindStringSubmatch(folded)
		if g == nil {
			continue
		}
		switch g[1] {
		case "weekday", "workday", "working day", "ngay lam viec":
			c.Every = briefings.EveryWorkday
			return c, g[2], true
		case "day", "ngay":
			c.Every = briefings.EveryDay
			return c, g[2], true
		}
		if day, found := vietnamese.ParseWeekday(g[1]); found {
			c.Every, c.Weekday = briefings.Weekly, day
			return c, g[2], true
		}
	}
	return c, "", false
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
