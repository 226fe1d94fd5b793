package view

import (
	"strings"
	"time"

	"briefbot/briefings"
	"briefbot/briefings/i18n"
)

// Card is a meeting as one invitee sees it.
type Card struct {
	Meeting briefings.Meeting
	Venue   *briefings.Venue      // the invitee's own; nil: the main hall
	Seat    *briefings.Invitation // nil in a preview: then nothing is said of an answer
	To      briefings.Member      // whom it is addressed to
	For     string                // for a deputy: on whose seat
	Org     string                // who calls
	Issuer  string                // the unit that calls, empty: Org
	Now     time.Time             // links are shown when their time has come; zero: never
	Place   int                   // in the queue of the venue, from 1; 0: the seat does not wait

	Summoned bool // the reader belongs to those who are summoned, not invited
}

// Notice is a meeting notice in the canonical order, with the invitee's own venue; lines without a value are left out. Below it
// stands the answer that counts.
func Notice(p Voice, c Card) string {
	m := c.Meeting
	issuer := c.Issuer
	if issuer == "" {
		issuer = c.Org
	}
	lead := "notice.lead_invite"
	if c.Summoned || len(m.Summons) == 0 && strings.HasPrefix(m.DocType, "thong_bao_trieu_tap") {
		lead = "notice.lead_summon"
	}
	if c.Seat != nil && c.Seat.Member != c.To.ID {
		lead = "notice.lead_deputy"
	}
	docType := p.Plain("doc.notice")
	if m.DocType != "" {
		docType = p.Plain("doc." + m.DocType)
	}
	text := p.Lines("notice.full",
		"doc_type", docType, "doc_no", m.DocNo, "title", m.Title.In(p.Lang()),
		"recipient", recipient(p, c.To), "lead", i18n.HTML(p.T(lead, "org", issuer, "name", c.For)),
		"time_text", timeLine(p, m), "venue", VenueLine(p, m, c.Venue), "map", mapLink(p, c),
		"link", link(p, c), "venue_chair", venueChair(c), "relay", relay(m), "audience", m.Invited,
		"agenda", Bullets(m.Agenda), "chair", m.Chair, "speakers", strings.Join(m.Speakers, "; "),
		"documents", strings.Join(papers(m), "; "), "dress", m.Dress, "notes", m.Note,
		"ask", ask(p, c), "contact", p.Contact(m.Contact))
	text = strings.ReplaceAll(text, "</b> \n", "</b>\n") // a list stands below its heading
	if stamp := Stamp(p, m.Urgency); stamp != "" {
		text = stamp + "\n" + text
	}
	if marks := marks(p, c); marks != "" {
		text = marks + "\n\n" + text
	}
	if c.Seat == nil {
		return text
	}
	if state := standing(p, c); state != "" {
		text += "\n\n" + state
	}
	return text
}

// Stamp is the mark of what is urgent; empty for what is not.
func Stamp(p Voice, u briefings.Urgency) string {
	if !u.Presses() {
		return ""
	}
	return p.T("urgency.stamp", "degree", p.Plain("urgency."+string(u)))
}

// timeLine is when the meeting takes place; struck out where it does not any more.
func timeLine(p Voice, m briefings.Meeting) any {
	at := When(p, m.Starts, m.Ends)
	if m.Status == briefings.MeetingPostponed || m.Status == briefings.MeetingCancelled {
		return i18n.HTML("<s>" + i18n.Escape(at) + "</s>")
	}
	return at
}

// ask says until when an answer is awaited, or may be changed; nothing where none is taken any more.
func ask(p Voice, c Card) any {
	m, key := c.Meeting, "notice.ask"
	if m.Status == briefings.MeetingPostponed || m.Status == briefings.MeetingCancelled {
		return ""
	}
	if c.Seat != nil {
		deputy := c.Seat.Answer.Deputy
		switch {
		case c.Seat.CheckIn != nil:
			return ""
		case c.Seat.Member != c.To.ID: // the deputy looks at the card
			if deputy != nil && deputy.State != briefings.DeputyWaiting {
				return ""
			}
		case deputy != nil && deputy.State == briefings.DeputyRefused: // the answer is open again
		case c.Seat.Answer.Choice != briefings.NoAnswer:
			key = "notice.change"
		}
	}
	return i18n.HTML(p.T(key, "deadline", m.AnswersUntil()))
}

// relay names the place of the broadcast that the meeting shows.
func relay(m briefings.Meeting) string {
	if m.Relay == nil {
		return ""
	}
	return m.Relay.Origin
}

// papers names the documents: those that are listed, then those that come as files.
func papers(m briefings.Meeting) []string {
	names := append([]string(nil), m.Papers...)
	for _, f := range m.Materials {
		names = append(names, orElse(f.Title, f.Name))
	}
	return names
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// recipient is how a notice addresses a person: form of address, full name, position.
func recipient(p Voice, m briefings.Member) string {
	if m.Name == "" {
		return ""
	}
	s := m.Name
	if p.Lang() == briefings.Vietnamese {
		s = p.Addr(true) + " " + s
	}
	if m.Position != "" {
		s += " – " + m.Position
	}
	return s
}

// When is the time of a meeting: 14 giờ 00, Thứ Năm, ngày 03/12/2026, with the hour it ends on the same day, or the day and the hour where
// it ends on another.
func When(p Voice, starts, ends time.Time) string {
	s := p.Time(starts)
	switch {
	case ends.IsZero():
	case p.Date(starts) == p.Date(ends):
		s += p.Plain("notice.until", "end", ends)
	default:
		s += p.Plain("notice.until_day", "end", ends)
	}
	return s
}

// VenueLine names a venue with its address.
func VenueLine(p Voice, m briefings.Meeting, v *briefings.Venue) string {
	if v == nil {
		if v = m.MainVenue(); v == nil {
			return ""
		}
	}
	s := v.Name.In(p.Lang())
	if v.Address != "" {
		s += " – " + v.Address
	}
	return s
}

// place is the venue a card names.
func (c Card) place() *briefings.Venue {
	if c.Venue != nil {
		return c.Venue
	}
	return c.Meeting.MainVenue()
}

// mapLink leads to the venue on a map; the form took it as an https address.
func mapLink(p Voice, c Card) any {
	v := c.place()
	if v == nil || v.Map == "" {
		return ""
	}
	return i18n.HTML(`<a href="` + i18n.Escape(v.Map) + `">` + i18n.Escape(p.Plain("card.venue_map")) + `</a>`)
}

// link is the venue's link for those who come, from its hour on; before that, when it will be there. Others read nothing of it.
func link(p Voice, c Card) string {
	v := c.place()
	switch {
	case c.Seat == nil || c.Now.IsZero() || v == nil || !c.Meeting.NeedsLink(c.Seat):
		return ""
	case c.Meeting.ShowsLink(c.Seat, c.Now):
		return v.Link
	case c.Now.Before(c.Meeting.LinkFrom()):
		return p.Plain("card.venue_link_at", "time", p.Clock(c.Meeting.LinkFrom()))
	}
	return ""
}

// venueChair is who leads at a venue, where that is not the main hall, whose chair leads the meeting.
func venueChair(c Card) string {
	if v := c.place(); v != nil && v.Chair != c.Meeting.Chair {
		return v.Chair
	}
	return ""
}

// Bullets puts several items on lines of their own; a single one stays on its line.
func Bullets(items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	return "\n• " + strings.Join(items, "\n• ")
}

// Waiting says, for one person, that a seat waits for a place. The queue moves on while the card stands, so it says as of when.
func Waiting(p Voice, seat briefings.Invitation, who briefings.MemberID, place int, now time.Time) string {
	if seat.Member == who && seat.Answer.Choice == briefings.Accepted {
		return p.T("card.waiting", "place", place, "at", now)
	}
	return p.T("card.waiting_seat", "place", place, "at", now)
}

// standing says, for one person, the answer that counts on a seat; empty when there is none.
func standing(p Voice, c Card) string {
	m, seat, who := c.Meeting, *c.Seat, c.To.ID
	waiting := ""
	if c.Place > 0 {
		waiting = Waiting(p, seat, who, c.Place, c.Now)
	}
	switch {
	case m.Status == briefings.MeetingCancelled, m.Status == briefings.MeetingPostponed:
		return "" // said at the head of the card
	case seat.CheckIn != nil:
		return p.T("card.here", "time", p.Clock(seat.CheckIn.At))
	}
	a := seat.Answer
	if seat.Member != who && a.Deputy != nil { // the deputy looks at the card
		return strings.TrimSuffix(p.T("card.deputy_"+string(a.Deputy.State))+"\n"+waiting, "\n")
	}
	text := ""
	switch {
	case a.Choice == briefings.Accepted && a.Online:
		text = p.T("card.accepted_online")
	case a.Choice == briefings.Accepted && waiting != "":
		text = waiting
	case a.Choice == briefings.Accepted:
		text = p.T("card.accepted", "at", a.At)
	case a.Choice == briefings.Declined && a.Leave != "":
		text = p.T("card.leave_"+string(a.Leave), "reason", Reason(p, a))
	case a.Choice == briefings.Declined:
		text = p.T("card.declined", "reason", Reason(p, a))
	case a.Choice == briefings.Delegated && a.Deputy != nil:
		text = strings.TrimSuffix(p.T("card.delegated_"+string(a.Deputy.State), "proxy_name", a.Deputy.Name)+"\n"+waiting, "\n")
	}
	if r := seat.Request; r != nil && r.State == briefings.RequestPending && a.Leave != briefings.LeavePending {
		text += "\n" + p.T("card.change_pending", "answer", p.Plain("choice."+string(r.Answer.Choice)))
	}
	return strings.TrimPrefix(text, "\n")
}

// Reason is why somebody asked leave, in words.
func Reason(p Voice, a briefings.Answer) string {
	if a.Reason == briefings.OtherReason && a.Note != "" {
		return a.Note
	}
	return p.Plain("reason." + string(a.Reason))
}
