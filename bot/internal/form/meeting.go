package form

import (
	"fmt"

	"briefbot/briefings"
)

// Meeting builds a meeting from a draft. It marks refused lines in the draft and returns a complaint for each, then one for what the
// whole lacks. The meeting is usable only when there are no complaints.
func (w World) Meeting(d *Draft) (briefings.Meeting, []Complaint) {
	var m briefings.Meeting
	var complaints []Complaint
	for i := range d.Lines {
		l := &d.Lines[i]
		if err := w.meetingLine(&m, *l); err != nil {
			l.Bad = true
			complaints = append(complaints, Complaint{Text: l.Text, Why: refusal(err)})
		} else {
			l.Bad = false
		}
	}
	if len(complaints) > 0 {
		return m, complaints
	}
	if len(m.Venues) > 0 && m.MainVenue() == &m.Venues[0] {
		m.Venues[0].Main = true
	}
	if err := m.Check(w.Now); err != nil {
		complaints = append(complaints, blame(d, err))
	}
	return m, complaints
}

func (w World) meetingLine(m *briefings.Meeting, l Line) error {
	var err error
	switch l.Field {
	case briefings.FieldTitle:
		m.Title.Vi, err = l.Value, short(l.Value, TitleLimit)
	case briefings.FieldTime:
		m.Starts, err = w.moment(l.Value)
	case briefings.FieldEnd:
		m.Ends, err = w.moment(l.Value)
	case briefings.FieldDeadline:
		m.Deadline, err = w.moment(l.Value)
	case briefings.FieldVenue:
		var v briefings.Venue
		v, err = w.venue(l.Value, briefings.VenueID(fmt.Sprintf("v%d", len(m.Venues)+1)))
		m.Venues = append(m.Venues, v)
	case briefings.FieldAudience:
		m.Audience, err = w.audience(l.Value)
	case briefings.FieldChair:
		m.Chair, err = l.Value, short(l.Value, LineLimit)
	case briefings.FieldSpeaker:
		m.Speakers, err = append(m.Speakers, l.Value), short(l.Value, LineLimit)
	case briefings.FieldAgenda:
		m.Agenda, err = append(m.Agenda, l.Value), short(l.Value, LineLimit)
	case briefings.FieldDeputies:
		m.Deputies, err = yes(l.Value)
	case briefings.FieldDress:
		m.Dress, err = l.Value, short(l.Value, LineLimit)
	case briefings.FieldNote:
		m.Note, err = l.Value, short(l.Value, LineLimit)
	case briefings.FieldPeriod:
		m.Periods, err = periods(l.Value)
	case briefings.FieldLabel:
		m.Label, err = label(l.Value)
	default:
		err = briefings.Refuse("form.unknown_key", "line", l.Text)
	}
	return err
}

// blamed says which line a rule of the whole speaks of, so that the person knows what to send again.
var blamed = map[string]briefings.Field{
	"form.past_time":            briefings.FieldTime,
	"form.end_before_start":     briefings.FieldEnd,
	"form.deadline_after_start": briefings.FieldDeadline,
	"form.deadline_past":        briefings.FieldDeadline,
}

func blame(d *Draft, err error) Complaint {
	r := refusal(err)
	for i := range d.Lines {
		if l := &d.Lines[i]; l.Field != "" && l.Field == blamed[r.Key] {
			l.Bad = true
			return Complaint{Text: l.Text, Why: r}
		}
	}
	return Complaint{Why: r}
}
