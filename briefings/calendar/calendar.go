package calendar

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode"

	"briefbot/briefings"
	"briefbot/briefings/i18n"

	ics "github.com/arran4/golang-ical"
)

const (
	// product names the writer of the file.
	product = "-//briefbot//meetings//VI"
	// alarm is how long before the start the recipient's calendar speaks up.
	alarm = "-PT2H"

	local = "20060102T150405"
	utc   = "20060102T150405Z"
)

var errNoStart = errors.New("the meeting has no start")

// ContentType is the media type of a file.
const ContentType = "text/calendar; charset=utf-8"

// nowhere is the domain of the addresses in a file. Readers of invitations want addresses, and answers are given in the chat: no mail
// may ever arrive at one of these.
const nowhere = "@briefbot.invalid"

// Guest is who the file is for.
type Guest struct {
	ID       briefings.MemberID
	Name     string
	Standing briefings.Choice // what the person has answered
	Waiting  bool             // for a place: whether they can come is not settled
}

// UID is the lasting identity of a meeting in calendars.
func UID(id briefings.MeetingID) string { return string(id) + "@briefbot" }

// Meeting writes the file of a meeting for somebody who is called to a venue, in that person's language: a request, or, for a
// meeting that was cancelled, the cancellation of what an earlier file said. Its sequence is the revision of the meeting, so that a
// calendar takes a later file for a change of the earlier one. Organizer and guest have addresses that nobody can write to, as
// answers are given in the chat. Times are those of loc; now is when the file is made.
//
// The description holds only lines that need no label, so that the file has no words of its own.
func Meeting(
	m briefings.Meeting, venue briefings.Venue, guest Guest, lang briefings.Lang, org string, loc *time.Location, now time.Time,
) ([]byte, error) {
	if m.Starts.IsZero() {
		return nil, fmt.Errorf("write calendar of meeting %s: %w", m.ID, errNoStart)
	}
	cancelled := m.Status == briefings.MeetingCancelled
	cal := ics.NewCalendar()
	cal.SetProductId(product)
	cal.SetCalscale("GREGORIAN")
	method, status, sequence := ics.MethodRequest, ics.ObjectStatusConfirmed, m.Revision
	if cancelled {
		// above the last notice: readers ignore a cancellation that is not newer than what they have
		method, status, sequence = ics.MethodCancel, ics.ObjectStatusCancelled, m.Revision+1
	}
	cal.SetMethod(method)

	clock := newClock(loc)
	if zone := clock.zone(m.Starts, m.Held()); zone != nil {
		cal.AddVTimezone(zone)
	}
	e := cal.AddEvent(clean(UID(m.ID)))
	e.SetProperty(ics.ComponentPropertyDtstamp, now.UTC().Format(utc))
	clock.set(&e.ComponentBase, ics.ComponentPropertyDtStart, m.Starts)
	if !m.Ends.IsZero() {
		clock.set(&e.ComponentBase, ics.ComponentPropertyDtEnd, m.Ends)
	}
	e.SetSequence(sequence)
	e.SetStatus(status)
	if m.Label != briefings.Public {
		e.SetClass(ics.ClassificationPrivate)
	}
	people(e, guest, line(org))
	title := line(m.Title.In(lang))
	e.SetSummary(title)
	if where := location(venue, lang); where != "" {
		e.SetLocation(where)
	}
	if text := description(m, venue, lang, org); text != "" {
		e.SetDescription(text)
	}
	if link := secure(venue.Link); link != "" {
		e.SetURL(link)
	}
	if !cancelled {
		a := e.AddAlarm()
		a.SetAction(ics.ActionDisplay)
		a.SetTrigger(alarm)
		a.SetProperty(ics.ComponentPropertyDescription, title)
	}
	var b bytes.Buffer
	if err := cal.SerializeTo(&b, ics.WithNewLineWindows); err != nil {
		return nil, fmt.Errorf("write calendar of meeting %s: %w", m.ID, err)
	}
	return b.Bytes(), nil
}

// people names who calls and who is called. What the guest has answered stands beside the name, so that their calendar shows it.
func people(e *ics.VEvent, guest Guest, org string) {
	e.SetOrganizer("mailto:noreply"+nowhere, ics.WithCN(quotable(org)))
	part := ics.ParticipationStatusNeedsAction
	switch guest.Standing {
	case briefings.Accepted:
		if guest.Waiting {
			part = ics.ParticipationStatusTentative
			break
		}
		part = ics.ParticipationStatusAccepted
	case briefings.Declined:
		part = ics.ParticipationStatusDeclined
	case briefings.Delegated:
		part = ics.ParticipationStatusDelegated
	}
	e.AddAttendee("mailto:"+mailable(string(guest.ID))+nowhere, ics.WithCN(quotable(line(guest.Name))), part, ics.WithRSVP(false))
}

// quotable takes the characters out that a parameter cannot hold in any writing.
func quotable(s string) string { return strings.ReplaceAll(s, `"`, "'") }

// mailable makes an id one that can stand before the @ of an address.
func mailable(id string) string {
	return strings.Map(func(r rune) rune {
		if r < 128 && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return unicode.ToLower(r)
		}
		return '-'
	}, id)
}

// location is the venue's name and address on one line.
func location(v briefings.Venue, lang briefings.Lang) string {
	return joined(", ", line(v.Name.In(lang)), line(v.Address))
}

// description is the document, who calls, the agenda, the link, the note and the contact, a line each; empty ones are dropped.
func description(m briefings.Meeting, v briefings.Venue, lang briefings.Lang, org string) string {
	lines := []string{joined(" ", line(m.DocType), line(m.DocNo)), line(org)}
	for _, point := range m.Agenda {
		if point = line(point); point != "" {
			lines = append(lines, "– "+point)
		}
	}
	lines = append(lines, secure(v.Link), clean(m.Note), i18n.Lang(lang).Contact(line(m.Contact)))
	return joined("\n", lines...)
}

// joined joins the parts that are not empty.
func joined(by string, parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, by)
}

// clean makes a text one that a calendar file can hold: valid UTF-8, line feeds alone between lines, no control characters. The
// library escapes commas, semicolons, backslashes and line feeds, but lets a carriage return through, which would end the line.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\t", " ").Replace(s)
	s = strings.Map(func(r rune) rune {
		if r != '\n' && unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

// line is clean on a single line.
func line(s string) string { return strings.Join(strings.Fields(clean(s)), " ") }

// secure returns a link that a calendar may open, or nothing.
func secure(link string) string {
	u, err := url.Parse(line(link))
	if err != nil || u.Scheme != "https" || u.Host == "" {
		return ""
	}
	return u.String()
}
