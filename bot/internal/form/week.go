package form

import (
	"regexp"
	"strings"

	"briefbot/briefings"
	"briefbot/briefings/vietnamese"
)

// WeekLimit is how many meetings a weekly schedule may have: it is one message.
const WeekLimit = 30

var (
	entryLine = regexp.MustCompile(`(?i)^(?:[-–•*+]\s*)?(?:(?:sáng|trưa|chiều|tối)\s*[:,–-]?\s*)?(?:lúc\s+)?(\d{1,2}\s*(?:giờ|[hg:])\s*(?:\d{2})?(?:\s*phút|['’])?)\s*[:.–-]?\s+(.+)$`)
	partOfDay = regexp.MustCompile(`(?i)^(?:sáng|trưa|chiều|tối)\s*:?$`)
)

// Week takes a weekly schedule apart: lines before the first day hold for every meeting; then a day, and below it a meeting a line,
// which begins with its hour: "07:30 Giao ban tuần; Địa điểm: Phòng họp số 2; Chủ trì: …". Lines "Key: value" below a meeting belong to
// it. Each meeting is a draft like any other.
func (w World) Week(text string, name func(briefings.Field) string) []Draft {
	s := week{world: w, name: name}
	for raw := range strings.Lines(text) {
		if line := vietnamese.Clean(raw); line != "" {
			s.read(line)
		}
	}
	for i := range s.drafts {
		for _, l := range s.common {
			if len(s.drafts[i].Values(l.Field)) == 0 || l.Bad {
				s.drafts[i].Lines = append(s.drafts[i].Lines, l)
			}
		}
	}
	return s.drafts
}

type week struct {
	world  World
	name   func(briefings.Field) string
	day    string // dd/mm/yyyy
	common []Line
	drafts []Draft
}

func (s *week) read(line string) {
	if day, err := vietnamese.ParseDate(strings.TrimRight(line, ":"), s.world.Zone, s.world.Now); err == nil {
		s.day = vietnamese.Date(day.Time)
		return
	}
	if partOfDay.MatchString(line) {
		return
	}
	if m := entryLine.FindStringSubmatch(line); m != nil && s.day != "" {
		parts := strings.Split(m[2], ";")
		d := Draft{Lines: []Line{
			Lined(briefings.FieldTitle, s.name(briefings.FieldTitle), strings.TrimRight(strings.TrimSpace(parts[0]), ".")),
			Lined(briefings.FieldTime, s.name(briefings.FieldTime), strings.TrimSpace(m[1])+" "+s.day),
		}}
		s.drafts = append(s.drafts, d)
		for _, part := range parts[1:] {
			if part = strings.TrimSpace(part); part != "" {
				s.add(s.line(part))
			}
		}
		return
	}
	if len(s.drafts) == 0 {
		if l := s.line(line); l.Field != "" { // a heading such as "LỊCH TUẦN 50" says nothing
			s.common = append(s.common, l)
			if l.Field == briefings.FieldInvited {
				s.propose(l.Value, func(l Line) { s.common = append(s.common, l) })
			}
		}
		return
	}
	s.add(s.line(line))
}

// add puts a line into the last meeting.
func (s *week) add(l Line) {
	last := &s.drafts[len(s.drafts)-1]
	last.Lines = append(last.Lines, l)
	if l.Field == briefings.FieldInvited {
		s.propose(l.Value, func(l Line) { last.Lines = append(last.Lines, l) })
	}
}

func (s *week) propose(words string, add func(Line)) {
	if terms := s.world.proposed(words); terms != "" {
		add(Lined(briefings.FieldAudience, s.name(briefings.FieldAudience), terms))
	}
}

// line reads "Key: value". An audience in words, not in terms, is what is printed of it.
func (s *week) line(text string) Line {
	l := Scan(text, MeetingFields)[0]
	if l.Field == "" {
		if f, rest, ok := headed(text); ok && f != "" {
			l = Lined(f, s.name(f), rest)
		}
	}
	if l.Field == briefings.FieldAudience {
		if _, err := briefings.ParseAudience(l.Value); err != nil {
			l = Lined(briefings.FieldInvited, s.name(briefings.FieldInvited), l.Value)
		}
	}
	return l
}
