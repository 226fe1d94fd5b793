package form

import (
	"slices"
	"strings"

	"briefbot/briefings"
	"briefbot/briefings/vietnamese"
)

// Line is one line of a draft.
type Line struct {
	Field briefings.Field `json:"field"` // empty when the key is unknown
	Text  string          `json:"text"`  // as the person wrote it, for naming it in a complaint
	Value string          `json:"value"`
	Bad   bool            `json:"bad,omitempty"`
}

// Draft is what has been read so far. It is kept between messages.
type Draft struct {
	Lines []Line `json:"lines"`
	Body  string `json:"body,omitempty"` // HTML of Telegram's subset; for briefings
}

// Complaint is one line and why it is refused. A complaint without a line is about the whole.
type Complaint struct {
	Text string // the line as written; empty for the whole
	Why  *briefings.Refusal
}

// MeetingFields and BriefingFields are what each form may say.
var (
	MeetingFields = []briefings.Field{
		briefings.FieldTitle, briefings.FieldTime, briefings.FieldEnd, briefings.FieldDeadline, briefings.FieldVenue,
		briefings.FieldAudience, briefings.FieldChair, briefings.FieldSpeaker, briefings.FieldAgenda, briefings.FieldDeputies, briefings.FieldLeave,
		briefings.FieldQuota, briefings.FieldLate,
		briefings.FieldDress, briefings.FieldNote, briefings.FieldPeriod, briefings.FieldLabel, briefings.FieldDoc, briefings.FieldDocNo,
		briefings.FieldInvited, briefings.FieldSummons, briefings.FieldPaper, briefings.FieldRelay, briefings.FieldUrgency,
	}
	BriefingFields = []briefings.Field{
		briefings.FieldTitle, briefings.FieldTopic, briefings.FieldAudience, briefings.FieldSend, briefings.FieldLabel, briefings.FieldUrgency,
	}
)

// repeated are the fields of which a draft may have several lines.
var repeated = []briefings.Field{briefings.FieldVenue, briefings.FieldSpeaker, briefings.FieldAgenda, briefings.FieldPaper}

// Scan reads lines of "Key: value". Lines whose key is not among the allowed fields are kept as bad, so that they are named and
// nothing is lost. Empty lines are passed over.
func Scan(text string, allowed []briefings.Field) []Line {
	var lines []Line
	for raw := range strings.Lines(text) {
		written := vietnamese.Clean(raw)
		if written == "" {
			continue
		}
		key, value, found := strings.Cut(written, ":")
		l := Line{Text: written}
		if found {
			l.Field, l.Value = fieldOf(key, allowed), strings.TrimSpace(value)
		}
		l.Bad = l.Field == ""
		lines = append(lines, l)
	}
	return lines
}

// Knows reports whether any of the lines was recognised.
func Knows(lines []Line) bool {
	return slices.ContainsFunc(lines, func(l Line) bool { return l.Field != "" })
}

// Split parts a message into its lines of keys and the text after the first empty line, and says where that text begins, in bytes
// of text. Without an empty line there is no body and at is len(text).
func Split(text string) (head string, at int) {
	start := 0
	for start < len(text) && (text[start] == '\n' || text[start] == '\r') {
		start++
	}
	offset := start
	for raw := range strings.Lines(text[start:]) {
		if strings.TrimSpace(raw) == "" {
			return text[start:offset], offset + len(raw)
		}
		offset += len(raw)
	}
	return text[start:], len(text)
}

// Amend takes later lines into the draft. Lines of a field first replace the refused lines of that field; where there is none, they
// replace the field. Lines with unknown keys that were refused before are dropped: they have been answered.
func (d *Draft) Amend(lines []Line) {
	d.Lines = slices.DeleteFunc(d.Lines, func(l Line) bool { return l.Field == "" })
	cleared := map[briefings.Field]bool{}
	for _, l := range lines {
		if l.Field == "" {
			d.Lines = append(d.Lines, l)
			continue
		}
		bad := slices.IndexFunc(d.Lines, func(old Line) bool { return old.Field == l.Field && old.Bad })
		switch {
		case bad >= 0:
			d.Lines[bad] = l
			cleared[l.Field] = true // what follows of this field is added to what was good
		case !cleared[l.Field] || !slices.Contains(repeated, l.Field):
			d.Lines = slices.DeleteFunc(d.Lines, func(old Line) bool { return old.Field == l.Field })
			d.Lines = append(d.Lines, l)
			cleared[l.Field] = true
		default:
			d.Lines = append(d.Lines, l)
		}
	}
}

// Set puts one value in place of a field's lines, as a button does.
func (d *Draft) Set(f briefings.Field, value string) {
	d.Lines = slices.DeleteFunc(d.Lines, func(l Line) bool { return l.Field == f })
	d.Lines = append(d.Lines, Line{Field: f, Value: value, Text: value})
}

// read takes every line in turn, marks those that are refused and complains of each.
func (d *Draft) read(take func(Line) error) []Complaint {
	var complaints []Complaint
	for i := range d.Lines {
		l := &d.Lines[i]
		err := l.stamped()
		if err == nil {
			err = take(*l)
		}
		l.Bad = err != nil
		if err != nil {
			complaints = append(complaints, Complaint{Text: l.Text, Why: refusal(err)})
		}
	}
	return complaints
}

// missing complains of every field that has no line at all, not of those for which a line is meant whose key is a slip.
func (d *Draft) missing(meant []briefings.Field, fields ...briefings.Field) []Complaint {
	var complaints []Complaint
	for _, f := range fields {
		if !slices.Contains(meant, f) && !slices.ContainsFunc(d.Lines, func(l Line) bool { return l.Field == f }) {
			complaints = append(complaints, Complaint{Why: briefings.Refuse("form.missing", "field", f)})
		}
	}
	return complaints
}

// Clean reports whether no line is refused.
func (d *Draft) Clean() bool {
	return !slices.ContainsFunc(d.Lines, func(l Line) bool { return l.Bad })
}
