package bot

import (
	"errors"
	"strings"

	"briefbot/briefings"
	"briefbot/briefings/vietnamese"
)

// askReopening asks why a closed venue is opened again.
func (t *turn) askReopening(m briefings.Meeting, id briefings.VenueID) error {
	v := m.Venue(id)
	if v.Closing == nil {
		return briefings.Refuse("reopen.not_closed", "venue", v.Name)
	}
	if err := t.enter("reopen", bulk{Meeting: m.ID, Venue: id}); err != nil {
		return err
	}
	return t.tell("reopen.ask", "venue", v.Name, "heads", v.Closing.Headcount, "max", briefings.NoteLimit)
}

// reopenTyped takes the reason and opens the list.
func (t *turn) reopenTyped() error {
	var b bulk
	if err := t.recall("reopen", &b); err != nil {
		return err
	}
	m, v, err := t.keptVenue(string(b.Meeting), string(b.Venue))
	if err != nil {
		return err
	}
	reason := vietnamese.Clean(t.message.Text)
	if v.Closing == nil { // somebody else opened it meanwhile, or the store went away just after this person did
		return errors.Join(t.tell("reopen.not_closed", "venue", v.Name), t.listFrom(m, v.ID))
	}
	switch n := briefings.Length(reason); {
	case n == 0:
		return t.tell("reopen.ask", "venue", v.Name, "heads", v.Closing.Headcount, "max", briefings.NoteLimit)
	case n > briefings.NoteLimit:
		return briefings.Refuse("question.long", "n", n, "max", briefings.NoteLimit)
	}
	m, err = t.Store.UpdateMeeting(t.ctx, m.ID, func(m *briefings.Meeting) error {
		return m.Reopen(v.ID, t.member.ID, reason, t.Now())
	})
	if err != nil {
		return err
	}
	t.Nudge()
	said, markup := t.p.T("reopen.done", "venue", v.Name, "reason", reason), rows()
	if _, until := m.CheckInWindow(); t.Now().After(until) {
		said += "\n" + t.p.T("reopen.codes_over")
	} else {
		said += "\n" + t.p.T("reopen.codes", "until", until)
		markup = rows(t.doorButton("btn.open_door", "open", m, v.ID))
	}
	if _, err := t.say(said, markup); err != nil {
		return err
	}
	l := listing{Meeting: m.ID, Venue: v.ID}
	if err := t.enter("list", l); err != nil {
		return err
	}
	return t.showList(m, l, showWaiting, 0)
}

// amendments lists what was changed on a roll after its venues had closed: who, when, what.
func (t *turn) amendments(roster *briefings.Roster, id briefings.MeetingID) error {
	m, seats, err := t.rolls(roster, id)
	if err != nil {
		return err
	}
	list := briefings.Amendments(&m, seats)
	if len(list) == 0 {
		return t.tell("amend.none")
	}
	var lines []string
	for _, a := range list {
		lines = append(lines, t.p.T("amend.line", "at", t.p.Short(a.At), "by", t.nameOf(a.By), "venue", venueOf(m, a.Venue), "what", t.amendment(a)))
	}
	return t.sayLong(t.p.T("amend.list", "title", m.Title, "n", len(list)), lines, nil)
}

// amendment is one late change in words.
func (t *turn) amendment(a briefings.Amendment) string {
	switch a.What {
	case briefings.AmendedSeat:
		return t.p.Plain("amend.seat", "name", t.nameOf(a.Member), "was", t.p.Plain("sheet.att_"+a.Was), "is", t.p.Plain("sheet.att_"+a.Is))
	case briefings.AmendedWalkIn:
		if a.Is == "0" {
			return t.p.Plain("amend.walked_out", "name", t.nameOf(a.Member))
		}
		return t.p.Plain("amend.walked_in", "name", t.nameOf(a.Member))
	case briefings.AmendedGuests:
		return t.p.Plain("amend.guests", "was", a.Was, "is", a.Is)
	case briefings.AmendedHeads:
		return t.p.Plain("amend.heads", "was", a.Was, "is", a.Is)
	case briefings.AmendedOpen:
		return t.p.Plain("amend.reopened", "was", a.Was, "reason", strings.TrimSpace(a.Reason))
	}
	return ""
}
