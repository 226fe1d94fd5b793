package bot

import (
	"bytes"
	"errors"
	"strings"

	"briefbot/bot/internal/namelist"
	"briefbot/bot/internal/telegram"
	"briefbot/briefings"
	"briefbot/briefings/i18n"
	"briefbot/briefings/rosterfile"
)

// paperBytes is how large an uploaded list may be.
const paperBytes = 5 << 20

// askPaper asks for a list that was kept on paper: typed, uploaded, photographed.
func (t *turn) askPaper(m briefings.Meeting, id briefings.VenueID) error {
	if err := m.Counting(id, t.Now()); err != nil {
		return err
	}
	if err := t.enter("paper", bulk{Meeting: m.ID, Venue: id}); err != nil {
		return err
	}
	_, err := t.say(t.p.T("paper.ask", "venue", m.Venue(id).Name), rows(t.doorButton("btn.back", "list", m, id)))
	return err
}

// paperTyped takes the list: names in a message, a file, or a photograph, which is kept and read by nobody here.
func (t *turn) paperTyped() error {
	var b bulk
	if err := t.recall("paper", &b); err != nil {
		return err
	}
	m, v, err := t.venueAs(helper, string(b.Meeting), string(b.Venue))
	if err != nil {
		return err
	}
	switch {
	case len(t.message.Photo) > 0:
		return t.keepProof(m, v.ID)
	case t.message.Document != nil:
		return t.paperFile(m, v.ID)
	case strings.TrimSpace(t.message.Text) == "":
		return t.tell("paper.ask", "venue", v.Name)
	}
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return err
	}
	seats, err := t.Store.Invitations(t.ctx, m.ID)
	if err != nil {
		return err
	}
	return t.confirmPaper(m, v, seats, roster, namelist.Lines(t.message.Text))
}

// paperFile reads an uploaded list.
func (t *turn) paperFile(m briefings.Meeting, id briefings.VenueID) error {
	if err := t.door.SendAction(t.ctx, t.chat(), "typing"); err != nil {
		t.Log.DebugContext(t.ctx, "action not shown", "err", err)
	}
	content, err := t.door.FileBytes(t.ctx, t.message.Document.FileID, paperBytes)
	if errors.Is(err, telegram.ErrTooBig) {
		return briefings.Refuse("paper.too_big", "megabytes", paperBytes>>20)
	}
	if err != nil {
		return err
	}
	rows, err := rosterfile.Cells(bytes.NewReader(content), t.message.Document.FileName)
	if err != nil {
		return err
	}
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return err
	}
	seats, err := t.Store.Invitations(t.ctx, m.ID)
	if err != nil {
		return err
	}
	return t.confirmPaper(m, m.Venue(id), seats, roster, namelist.Rows(rows, t.everybody(id, seats, roster)))
}

// everybody is whom a line of a paper list may mean: the seats of the venue, those of others, deputies, and the rest of the roll. The
// roll comes last, so that a namesake without a seat does not make a name doubtful.
func (t *turn) everybody(id briefings.VenueID, seats []briefings.Invitation, roster *briefings.Roster) []namelist.Person {
	var here, there, rest []namelist.Person
	seated := map[briefings.MemberID]bool{}
	for i := range seats {
		s := &seats[i]
		seated[s.Member] = true
		if d := s.Answer.Deputy; d != nil && s.Standing() == briefings.Delegated {
			seated[d.Member] = true
		}
		if s.Venue == id {
			here = append(here, t.onList(s, roster)...)
		} else {
			there = append(there, t.onList(s, roster)...)
		}
	}
	for _, who := range roster.Members {
		if who.Status == briefings.Active && !seated[who.ID] {
			rest = append(rest, namelist.Person{ID: who.ID, Name: who.Name, Where: roster.Tree().Name(who.Unit).In(t.p.Lang()) + " " + who.Position, Phone: who.Phone})
		}
	}
	return append(append(here, there...), rest...)
}

// nearest reads lines against the venue's own people first, and what is left against everybody.
func (t *turn) nearest(lines []string, id briefings.VenueID, seats []briefings.Invitation, roster *briefings.Roster) []namelist.Line {
	var own []namelist.Person
	for i := range seats {
		if seats[i].Venue == id {
			own = append(own, t.onList(&seats[i], roster)...)
		}
	}
	read := namelist.Match(lines, own)
	all := namelist.Match(lines, t.everybody(id, seats, roster))
	taken := map[briefings.MemberID]bool{}
	for _, l := range read {
		taken[l.Person] = true
	}
	for i := range read {
		switch {
		case read[i].Why != namelist.Unknown:
		case all[i].Person != "" && taken[all[i].Person]:
			read[i].Why = namelist.Twice
		default:
			read[i] = all[i]
			taken[all[i].Person] = true
		}
	}
	return read
}

// confirmPaper says what the list means before anything of it is written.
func (t *turn) confirmPaper(m briefings.Meeting, v *briefings.Venue, seats []briefings.Invitation, roster *briefings.Roster, lines []string) error {
	read := t.nearest(lines, v.ID, seats, roster)
	bySeat := map[briefings.MemberID]*briefings.Invitation{}
	for i := range seats {
		bySeat[seats[i].Member] = &seats[i]
	}
	b := bulk{Meeting: m.ID, Venue: v.ID}
	var fresh, moved, deputies, walking, already int
	for _, l := range read {
		if l.Person == "" {
			continue
		}
		id, deputy := seatOn(l.Person)
		s := bySeat[id]
		switch {
		case s == nil && m.WalkedIn(id) != "", s != nil && s.CheckIn != nil:
			already++
			continue
		case s == nil:
			walking++
		case s.Venue != v.ID:
			moved++
		}
		if deputy {
			deputies++
		}
		fresh++
		b.People = append(b.People, l.Person)
	}
	if err := t.enter("paper", b); err != nil {
		return err
	}
	text := t.p.T("paper.confirm", "venue", v.Name, "lines", len(read), "n", fresh, "moved", moved, "proxy", deputies, "walkins", walking, "already", already)
	if doubts := t.doubts(read); doubts != "" {
		text += "\n\n" + t.p.T("bulk.doubts", "lines", i18n.HTML(doubts))
	}
	markup := rows(t.doorButton("btn.back", "list", m, v.ID))
	if fresh > 0 {
		markup = rows(button(t.p.Plain("btn.note_all", "n", fresh), "bulk", string(m.ID), string(v.ID), "paper"), t.doorButton("btn.back", "list", m, v.ID))
	}
	_, err := t.say(text, markup)
	return err
}

// notePaper writes a confirmed list down: seats of whatever venue, and those who walked in.
func (t *turn) notePaper(m briefings.Meeting, id briefings.VenueID, people []briefings.MemberID, l *listing) error {
	var walking []briefings.MemberID
	for _, p := range people {
		who, deputy := seatOn(p)
		seat, sits, err := t.Store.SeatOf(t.ctx, m.ID, who)
		if errors.Is(err, briefings.ErrNotFound) {
			walking = append(walking, who)
			continue
		}
		if err != nil {
			return err
		}
		noted, err := t.note(m, id, seat.Member, briefings.FromPaper, deputy || sits)
		if err != nil {
			return err
		}
		if noted {
			l.Last = append(l.Last, seat.Member)
		}
	}
	if len(walking) == 0 {
		return nil
	}
	_, err := t.Store.UpdateMeeting(t.ctx, m.ID, func(m *briefings.Meeting) error {
		l.Walked = nil
		for _, who := range walking {
			err := m.WalkIn(id, briefings.WalkIn{Member: who, At: t.Now(), By: t.member.ID})
			if r := briefings.AsRefusal(err); r != nil && r.Key != "walkin.already" {
				return err
			}
			if err == nil {
				l.Walked = append(l.Walked, who)
			}
		}
		if len(l.Walked) == 0 {
			return briefings.ErrUnchanged
		}
		return nil
	})
	return err
}
