package form

import (
	"unicode/utf8"

	"briefbot/briefings"
	"briefbot/briefings/richtext"
)

// Briefing builds a briefing from a draft, with complaints as Meeting has them. The cadence is zero when the form has no Send line:
// the preview's buttons then ask.
func (w World) Briefing(d *Draft) (briefings.Briefing, []Complaint) {
	var b briefings.Briefing
	var complaints []Complaint
	for i := range d.Lines {
		l := &d.Lines[i]
		if err := w.briefingLine(&b, *l); err != nil {
			l.Bad = true
			complaints = append(complaints, Complaint{Text: l.Text, Why: refusal(err)})
		} else {
			l.Bad = false
		}
	}
	if len(complaints) > 0 {
		return b, complaints
	}
	whole := func(key string, pairs ...any) {
		complaints = append(complaints, Complaint{Why: briefings.Refuse(key, pairs...)})
	}
	if b.Title.Vi == "" {
		whole("form.missing", "field", briefings.FieldTitle)
	}
	if b.Topic == "" && len(b.Audience) == 0 {
		whole("form.topic_or_audience")
	}
	switch text, err := richtext.ParseHTML(d.Body); {
	case err != nil:
		whole("form.bad_body")
	case text.Plain() == "":
		whole("form.no_body")
	case utf8.RuneCountInString(text.Plain()) > BodyLimit:
		whole("form.body_too_long", "n", utf8.RuneCountInString(text.Plain()), "max", BodyLimit)
	default:
		b.Body.Vi = d.Body
	}
	if b.Label == "" && len(complaints) == 0 {
		whole("send.ask_label")
	}
	return b, complaints
}

func (w World) briefingLine(b *briefings.Briefing, l Line) error {
	var err error
	switch l.Field {
	case briefings.FieldTitle:
		b.Title.Vi, err = l.Value, short(l.Value, TitleLimit)
	case briefings.FieldTopic:
		t, ok := w.Roster.Topic(l.Value)
		if !ok {
			return briefings.Refuse("form.unknown_topic", "value", l.Value)
		}
		b.Topic = t.ID
	case briefings.FieldAudience:
		b.Audience, err = w.audience(l.Value)
	case briefings.FieldSend:
		b.Cadence, err = w.Cadence(l.Value)
	case briefings.FieldLabel:
		b.Label, err = label(l.Value)
	default:
		err = briefings.Refuse("form.unknown_key", "line", l.Text)
	}
	return err
}
