package form

import (
	"briefbot/briefings"
	"briefbot/briefings/richtext"
)

// Briefing builds a briefing from a draft, with complaints as Meeting has them. The cadence is zero when the form has no Send line:
// the preview's buttons then ask.
func (w World) Briefing(d *Draft) (briefings.Briefing, []Complaint) {
	var b briefings.Briefing
	complaints := d.read(func(l Line) error { return w.briefingLine(&b, l) })
	slips := meant(complaints, BriefingFields)
	complaints = append(complaints, d.missing(slips, briefings.FieldTitle)...)
	whole := func(key string, pairs ...any) {
		complaints = append(complaints, Complaint{Why: briefings.Refuse(key, pairs...)})
	}
	if len(d.missing(slips, briefings.FieldTopic, briefings.FieldAudience)) == 2 {
		whole("form.topic_or_audience")
	}
	switch text, err := richtext.ParseHTML(d.Body); {
	case err != nil:
		whole("form.bad_body")
	case text.Empty():
		whole("form.no_body")
	case Stamp(text.Plain()) != "":
		whole("send.refused_secret", "label", Stamp(text.Plain()))
	case text.Units() > BodyLimit:
		whole("form.body_too_long", "n", text.Units(), "max", BodyLimit)
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
	case briefings.FieldUrgency:
		b.Urgency, err = urgency(l.Value)
	default:
		err = unknown(l, BriefingFields)
	}
	return err
}
