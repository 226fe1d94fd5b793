package form

import (
	"fmt"
	"time"

	"briefbot/briefings"
	"briefbot/briefings/vietnamese"
)

// Meeting builds a meeting from a draft. It marks refused lines in the draft and returns a complaint for each, then one for each
// line that is missing. The rules that look at several lines are asked once every line is read. The meeting is usable only when
// there are no complaints.
func (w World) Meeting(d *Draft) (briefings.Meeting, []Complaint) {
	var m briefings.Meeting
	m.Starts = w.starts(d)
	complaints := d.read(func(l Line) error { return w.meetingLine(&m, l) })
	complaints = append(complaints, d.missing(meant(complaints, MeetingFields), briefings.FieldTitle, briefings.FieldTime, briefings.FieldVenue, briefings.FieldAudience)...)
	complaints = append(complaints, w.hoursAmiss(d, m)...)
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
		m.Ends, err = w.end(l.Value, m.Starts)
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
	case briefings.FieldQuota:
		m.Quotas, err = w.quotas(l.Value)
	case briefings.FieldLeave:
		m.Leave, err = leave(l.Value)
	case briefings.FieldDress:
		m.Dress, err = l.Value, short(l.Value, LineLimit)
	case briefings.FieldNote:
		m.Note, err = l.Value, short(l.Value, LineLimit)
	case briefings.FieldPeriod:
		m.Periods, err = periods(l.Value)
	case briefings.FieldLabel:
		m.Label, err = label(l.Value)
	default:
		err = w.moreOfMeeting(m, l)
	}
	return err
}

// moreOfMeeting reads the lines that few meetings have.
func (w World) moreOfMeeting(m *briefings.Meeting, l Line) error {
	var err error
	switch l.Field {
	case briefings.FieldDoc:
		m.DocType, err = document(l.Value)
	case briefings.FieldDocNo:
		m.DocNo, err = l.Value, short(l.Value, NumberLimit)
	case briefings.FieldInvited:
		m.Invited, err = l.Value, short(l.Value, LineLimit)
	case briefings.FieldSummons:
		m.Summons, err = w.audience(l.Value)
	case briefings.FieldPaper:
		m.Papers, err = append(m.Papers, l.Value), short(l.Value, LineLimit)
	case briefings.FieldRelay:
		m.Relay, err = relay(l.Value)
	case briefings.FieldUrgency:
		m.Urgency, err = urgency(l.Value)
	case briefings.FieldLate:
		m.LateAfter, err = minutes(l.Value)
	default:
		err = unknown(l, MeetingFields)
	}
	return err
}

// starts is when the meeting begins, wherever that line stands; zero when there is none that can be read.
func (w World) starts(d *Draft) time.Time {
	var at time.Time
	for _, l := range d.Lines {
		if l.Field == briefings.FieldTime {
			at, _ = w.moment(l.Value) // the line itself is refused where it is read
		}
	}
	return at
}

// end reads when a meeting ends: a moment, or an hour alone, which is of the day it starts. Until that day is known, an hour says
// nothing.
func (w World) end(s string, starts time.Time) (time.Time, error) {
	hour, minute, err := vietnamese.ParseClock(s)
	switch {
	case err != nil:
		return w.moment(s)
	case starts.IsZero():
		return time.Time{}, nil
	}
	return time.Date(starts.Year(), starts.Month(), starts.Day(), hour, minute, 0, 0, w.Zone), nil
}

// blamed says which line a rule of the whole speaks of, so that the person knows what to send again.
var blamed = map[string]briefings.Field{
	"form.past_time":            briefings.FieldTime,
	"form.end_before_start":     briefings.FieldEnd,
	"form.deadline_after_start": briefings.FieldDeadline,
	"form.deadline_past":        briefings.FieldDeadline,
}

// hoursAmiss complains of every hour that does not go with the others, at once, whatever else is missing.
func (w World) hoursAmiss(d *Draft, m briefings.Meeting) (complaints []Complaint) {
	if m.Starts.IsZero() {
		return nil
	}
	m.Title, m.Venues, m.Audience, m.Label = briefings.Text{Vi: "-"}, make([]briefings.Venue, 1), make(briefings.Audience, 1), briefings.Public
	for range blamed {
		r := briefings.AsRefusal(m.Check(w.Now))
		if r == nil {
			break
		}
		switch blamed[r.Key] {
		case briefings.FieldTime: // the others are measured by it
			return append(complaints, blame(d, r))
		case briefings.FieldEnd:
			m.Ends = time.Time{}
		case briefings.FieldDeadline:
			m.Deadline = time.Time{}
		default:
			return complaints
		}
		complaints = append(complaints, blame(d, r))
	}
	return complaints
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
