package view

import (
	"strings"

	"briefbot/briefings"
)

// marks are what stands above a card that was put right: what changed since it was sent, as far as it concerns its reader.
func marks(p Voice, c Card) string {
	m := c.Meeting
	switch m.Status {
	case briefings.MeetingCancelled:
		return p.T("card.cancelled")
	case briefings.MeetingPostponed:
		return p.T("card.postponed")
	}
	own := briefings.VenueID("")
	if v := c.Venue; v != nil {
		own = v.ID
	} else if v := m.MainVenue(); v != nil {
		own = v.ID
	}
	var when, where, what []string
	for i := range m.Changes {
		change := &m.Changes[i]
		switch {
		case m.Overtaken(change):
		case change.Kind == briefings.ChangedTime:
			when = append(when, p.T("card.changed_time", "was", When(p, change.Was.Starts, change.Was.Ends)))
		case change.Kind == briefings.ChangedVenue && change.Venue == own:
			where = append(where, p.T("card.changed_venue", "was", placeFor(p, change.Was.Place, change.Was.Place)))
		case change.Kind == briefings.ChangedAgenda:
			what = append(what, p.T("card.changed_agenda"))
		}
	}
	return strings.Join(append(append(when, where...), what...), "\n")
}

// PlaceLine names a place with its address and its link.
func PlaceLine(p Voice, at briefings.Place) string {
	s := at.Name.In(p.Lang())
	for _, more := range []string{at.Address, at.Link} {
		if more != "" {
			s += " – " + more
		}
	}
	return s
}

// placeFor names a place for those who are called. Its link is not for everybody: that it is another is said, what it is stands on the
// cards of those who join by it.
func placeFor(p Voice, at, other briefings.Place) string {
	link := at.Link
	at.Link = ""
	s := PlaceLine(p, at)
	if link != "" && link != other.Link {
		s += " – " + p.Plain("change.link")
	}
	return s
}

// Change is what somebody concerned reads of a change. again says that their answer was for another time or place.
func Change(p Voice, m briefings.Meeting, c *briefings.Change, venue *briefings.Venue, seat briefings.Invitation, asks bool) string {
	var text string
	title, reason := m.Title, c.Reason
	switch c.Kind {
	case briefings.ChangedTime:
		text = p.Lines("change.time", "title", title, "new_time", When(p, c.Is.Starts, c.Is.Ends), "old_time", When(p, c.Was.Starts, c.Was.Ends),
			"venue", VenueLine(p, m, venue), "reason", reason)
	case briefings.ChangedVenue:
		text = p.Lines("change.venue", "title", title, "venue", placeFor(p, c.Is.Place, c.Was.Place),
			"old_venue", placeFor(p, c.Was.Place, c.Was.Place),
			"time_text", timeLine(p, m), "reason", reason)
	case briefings.ChangedAgenda:
		text = p.Lines("change.agenda", "title", title, "agenda", Bullets(c.Is.Agenda), "time_text", timeLine(p, m), "reason", reason)
	case briefings.Postponed:
		text = p.Lines("change.postponed", "title", title, "old_time", When(p, c.Was.Starts, c.Was.Ends), "reason", reason)
	case briefings.CalledOff:
		text = p.Lines("change.cancelled", "title", title, "old_time", When(p, c.Was.Starts, c.Was.Ends), "reason", reason)
	}
	switch {
	case !asks:
	case seat.Asked >= c.Revision:
		text += "\n" + p.T("change.ask_again")
	default:
		text += "\n" + p.T("change.ask", "deadline", m.AnswersUntil())
	}
	return text
}
