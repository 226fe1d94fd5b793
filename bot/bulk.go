package bot

import (
	"slices"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/bot/internal/namelist"
	"briefbot/briefings"
	"briefbot/briefings/i18n"
	"briefbot/briefings/vietnamese"
)

// bulk is a list of people that waits for the officer's word: those who are away, or those on a signed list.
type bulk struct {
	Meeting briefings.MeetingID  `json:"meeting"`
	Venue   briefings.VenueID    `json:"venue"`
	People  []briefings.MemberID `json:"people,omitempty"`
	Coming  []briefings.MemberID `json:"coming,omitempty"` // whose number the officer read and agrees to; none: nobody was away
}

// away reports whether a seat's invitee, or the deputy on it, was named.
func (b *bulk) away(seat briefings.MemberID) bool {
	return slices.Contains(b.People, seat) || slices.Contains(b.People, deputyMark+seat)
}

// askExcept asks who of the venue is not there; everybody else is written down at once.
func (t *turn) askExcept(m briefings.Meeting, id briefings.VenueID) error {
	if err := m.Counting(id, t.Now()); err != nil {
		return err
	}
	if err := t.enter("except", bulk{Meeting: m.ID, Venue: id}); err != nil {
		return err
	}
	waiting, waits, err := t.waiting(m, id)
	if err != nil {
		return err
	}
	if len(waiting) == 0 {
		return t.toast("list.all_here")
	}
	_, err = t.say(t.p.T("except.ask", "venue", m.Venue(id).Name, "n", len(waiting), "queued", queued(waiting, waits)),
		rows(button(t.p.Plain("btn.except_none"), "bulk", string(m.ID), string(id), "except"), t.doorButton("btn.back", "list", m, id)))
	return err
}

// waiting are the venue's seats whose people are not there and did not ask leave, and which of them wait for a place.
func (t *turn) waiting(m briefings.Meeting, id briefings.VenueID) (out []briefings.Invitation, waits map[briefings.MemberID]int, err error) {
	seats, err := t.Store.Invitations(t.ctx, m.ID)
	if err != nil {
		return nil, nil, err
	}
	for _, s := range seats {
		if s.Venue == id && s.CheckIn == nil && s.Answer.Choice != briefings.Declined {
			out = append(out, s)
		}
	}
	return out, m.Waits(seats), nil
}

// queued counts those of some seats who wait for a place; nothing to say where nobody does.
func queued(seats []briefings.Invitation, waits map[briefings.MemberID]int) any {
	n := 0
	for i := range seats {
		if waits[seats[i].Member] > 0 {
			n++
		}
	}
	return some(n)
}

// exceptTyped takes the names of those who are away and asks for the last word. Names that mean nobody are named again; the others
// are kept.
func (t *turn) exceptTyped() error {
	var b bulk
	if err := t.recall("except", &b); err != nil {
		return err
	}
	m, v, err := t.venueAs(helper, string(b.Meeting), string(b.Venue))
	if err != nil {
		return err
	}
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return err
	}
	waiting, waits, err := t.waiting(m, v.ID)
	if err != nil {
		return err
	}
	var people []namelist.Person
	for i := range waiting {
		people = append(people, t.onList(&waiting[i], roster)...)
	}
	lines := namelist.Match(namelist.Lines(t.message.Text), people)
	if len(lines) == 0 {
		return t.tell("except.ask", "venue", v.Name, "n", len(waiting), "queued", queued(waiting, waits))
	}
	for _, l := range lines {
		if l.Person != "" && !slices.Contains(b.People, l.Person) {
			b.People = append(b.People, l.Person)
		}
	}
	b.Coming = nil
	for i := range waiting {
		if !b.away(waiting[i].Member) {
			b.Coming = append(b.Coming, waiting[i].Member)
		}
	}
	if err := t.enter("except", b); err != nil {
		return err
	}
	return t.confirmExcept(m, v, waiting, waits, b, t.doubts(lines))
}

// onList are the people by whose name a seat may stand on a list: the invitee, and a deputy, who counts for the seat.
func (t *turn) onList(s *briefings.Invitation, roster *briefings.Roster) []namelist.Person {
	who, _ := roster.Member(s.Member)
	where := roster.Tree().Name(s.Unit).In(t.p.Lang()) + " " + who.Position
	out := []namelist.Person{{ID: s.Member, Name: who.Name, Where: where, Phone: who.Phone}}
	if d := s.Answer.Deputy; d != nil && s.Standing() == briefings.Delegated {
		out = append(out, namelist.Person{ID: deputyMark + s.Member, Name: d.Name, Where: where})
	}
	return out
}

// deputyMark before an invitee's code means the deputy on that seat. No code begins so.
const deputyMark = "~"

// seatOn takes a person of a list apart: the seat, and whether it is the deputy.
func seatOn(id briefings.MemberID) (seat briefings.MemberID, deputy bool) {
	rest, deputy := strings.CutPrefix(string(id), deputyMark)
	return briefings.MemberID(rest), deputy
}

// doubts names the lines that mean nobody.
func (t *turn) doubts(lines []namelist.Line) string {
	var out []string
	for _, l := range lines {
		if l.Why == namelist.Unknown || l.Why == namelist.Several {
			key := "bulk." + string(l.Why)
			if _, err := vietnamese.ParsePhone(l.Text); err == nil && l.Why == namelist.Unknown {
				key = "bulk.no_phone"
			}
			out = append(out, t.p.T(key, "line", clip(l.Text, 80))+t.choices(l.Among))
		}
		if len(out) == 15 {
			out = append(out, "…")
			break
		}
	}
	return strings.Join(out, "\n")
}

// choicesShown is how many people a doubtful line is explained with.
const choicesShown = 6

// choices lists the codes of those whom a line may mean, each with the unit that tells them apart: ready to be copied.
func (t *turn) choices(among []namelist.Person) string {
	var out strings.Builder
	for _, p := range among[:min(len(among), choicesShown)] {
		seat, deputy := seatOn(p.ID)
		if deputy { // no code of their own here: the invitee's, who is on the list as well
			continue
		}
		out.WriteString("\n" + t.p.T("bulk.choice", "code", seat, "name", p.Name, "where", clip(strings.TrimSpace(p.Where), 60)))
	}
	if len(among) > choicesShown {
		out.WriteString("\n   …")
	}
	return out.String()
}

func (t *turn) confirmExcept(m briefings.Meeting, v *briefings.Venue, waiting []briefings.Invitation, waits map[briefings.MemberID]int, b bulk, doubts string) error {
	var away []string
	var coming []briefings.Invitation
	for i := range waiting {
		if s := &waiting[i]; b.away(s.Member) {
			away = append(away, t.nameOf(s.Member))
		} else {
			coming = append(coming, *s)
		}
	}
	text := t.p.T("except.confirm", "venue", v.Name, "n", len(coming), "queued", queued(coming, waits), "away", len(away), "names", strings.Join(away, ", "))
	if doubts != "" {
		text += "\n\n" + t.p.T("bulk.doubts", "lines", i18n.HTML(doubts))
	}
	_, err := t.say(text, rows(button(t.p.Plain("btn.note_all", "n", len(coming)), "bulk", string(m.ID), string(v.ID), "except"), t.doorButton("btn.back", "list", m, v.ID)))
	return err
}

// bulkPressed writes down everybody of a list at once. What was already written stands; the whole can be taken back.
func (t *turn) bulkPressed() error {
	m, v, err := t.venueAs(helper, t.args0(), t.arg(1))
	if err != nil {
		return err
	}
	name := t.arg(2)
	if name != "except" && name != "paper" {
		return t.toast("err.expired")
	}
	var b bulk
	if err := t.recall(name, &b); err != nil {
		return err
	}
	if b.Meeting != m.ID || b.Venue != v.ID {
		return t.toast("err.expired")
	}
	if err := m.Counting(v.ID, t.Now()); err != nil {
		return err
	}
	l := listing{Meeting: m.ID, Venue: v.ID}
	if name == "except" {
		err = t.noteAllBut(m, v.ID, b, &l)
	} else {
		err = t.notePaper(m, v.ID, b.People, &l)
	}
	t.Nudge()
	if err != nil {
		return err
	}
	if err := t.enter("list", l); err != nil {
		return err
	}
	if err := t.show(t.p.T("bulk.done", "venue", v.Name, "n", len(l.Last)+len(l.Walked)), undoButtons(t, m, v.ID, l)); err != nil {
		return err
	}
	return nil
}

func undoButtons(t *turn, m briefings.Meeting, id briefings.VenueID, l listing) *tgbotapi.InlineKeyboardMarkup {
	buttons := []tgbotapi.InlineKeyboardButton{t.doorButton("btn.list", "list", m, id)}
	if n := len(l.Last) + len(l.Walked); n > 0 {
		buttons = append(buttons, button(t.p.Plain("btn.undo", "n", n), "door", "undo", string(m.ID), string(id)))
	}
	return rows(buttons...)
}

// noteAllBut writes down everybody of the venue who is not named and did not ask leave. On a delegated seat it is the deputy who came. Who
// was not expected here yet when the officer read how many it would be is left to the list.
func (t *turn) noteAllBut(m briefings.Meeting, id briefings.VenueID, b bulk, l *listing) error {
	waiting, _, err := t.waiting(m, id)
	if err != nil {
		return err
	}
	for _, s := range waiting {
		if b.away(s.Member) || len(b.Coming) > 0 && !slices.Contains(b.Coming, s.Member) {
			continue
		}
		noted, err := t.note(m, id, s.Member, briefings.ByOfficer, s.Standing() == briefings.Delegated)
		if err != nil {
			return err
		}
		if noted {
			l.Last = append(l.Last, s.Member)
		}
	}
	return nil
}

// note writes one seat down; false when somebody did before, or the rules do not let it be.
func (t *turn) note(m briefings.Meeting, id briefings.VenueID, seat briefings.MemberID, how briefings.Method, deputy bool) (bool, error) {
	_, err := t.change(m, seat, 0, func(m *briefings.Meeting, i *briefings.Invitation) error {
		return i.Present(m, t.byHand(m, id, how, deputy))
	})
	if briefings.AsRefusal(err) != nil {
		return false, nil
	}
	return err == nil, err
}

// undo takes back what the last list wrote down.
func (t *turn) undo(m briefings.Meeting, id briefings.VenueID) error {
	l := listing{Meeting: m.ID, Venue: id}
	if err := t.recallListing(&l, m.ID, id); err != nil {
		return err
	}
	n := 0
	for _, seat := range l.Last {
		back := false
		_, err := t.change(m, seat, 0, func(m *briefings.Meeting, i *briefings.Invitation) error {
			back = false
			if c := i.CheckIn; c == nil || c.Venue != id || !c.Method.ByHand() || c.By != t.member.ID { // another saw to it since
				return briefings.ErrUnchanged
			}
			err := i.Absent(m, t.member.ID, t.Now())
			back = err == nil
			return err
		})
		if err != nil {
			return err
		}
		if back {
			n++
		}
	}
	if len(l.Walked) > 0 {
		out := 0
		if _, err := t.Store.UpdateMeeting(t.ctx, m.ID, func(m *briefings.Meeting) error {
			out = 0
			for _, who := range l.Walked {
				if err := m.WalkOut(id, who, t.member.ID, t.Now()); err == nil {
					out++
				} else if briefings.AsRefusal(err) != nil {
					return err
				}
			}
			if out == 0 {
				return briefings.ErrUnchanged
			}
			return nil
		}); err != nil {
			return err
		}
		n += out
	}
	l.Last, l.Walked = nil, nil
	if err := t.enter("list", l); err != nil {
		return err
	}
	t.Nudge()
	m, err := t.Store.Meeting(t.ctx, m.ID)
	if err != nil {
		return err
	}
	if err := t.showList(m, l, showWaiting, 0); err != nil {
		return err
	}
	return t.toast("list.undone", "n", n)
}
