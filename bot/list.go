package bot

import (
	"fmt"
	"slices"
	"strconv"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/briefings"
	"briefbot/briefings/vietnamese"
)

// listPage is how many people one screen of the door's list shows.
const listPage = 8

// listing is what the list at a door remembers between presses: what was searched, and whom the last act wrote down together.
type listing struct {
	Meeting briefings.MeetingID  `json:"meeting"`
	Venue   briefings.VenueID    `json:"venue"`
	Query   string               `json:"query,omitempty"`
	Last    []briefings.MemberID `json:"last,omitempty"`   // seats, to be taken back at once
	Walked  []briefings.MemberID `json:"walked,omitempty"` // walk-ins likewise
}

// Which people a list shows.
const (
	showWaiting = "w" // not here yet
	showHere    = "h"
	showAll     = "a"
)

// checkInFor opens the list at a door, or asks at which; words after the command are searched at once.
func (t *turn) checkInFor() error { return t.pickVenue("list", "list.pick") }

// listFrom opens the list anew.
func (t *turn) listFrom(m briefings.Meeting, id briefings.VenueID) error {
	l := listing{Meeting: m.ID, Venue: id}
	if err := m.Counting(id, t.Now()); err != nil {
		return err
	}
	if t.query == nil {
		l.Query = vietnamese.Clean(t.args0())
	} else if err := t.recallListing(&l, m.ID, id); err != nil {
		return err
	}
	if err := t.enter("list", l); err != nil {
		return err
	}
	return t.showList(m, l, showWaiting, 0)
}

// recallListing takes up what the list of this door remembers; another door's is left alone.
func (t *turn) recallListing(l *listing, m briefings.MeetingID, id briefings.VenueID) error {
	var old listing
	err := t.recall("list", &old)
	switch {
	case briefings.AsRefusal(err) != nil:
		return nil
	case err != nil:
		return err
	case old.Meeting == m && old.Venue == id:
		*l = old
	}
	return nil
}

// listTyped searches the list, and keeps a photograph of the signed one.
func (t *turn) listTyped() error {
	var l listing
	if err := t.recall("list", &l); err != nil {
		return err
	}
	m, v, err := t.venueAs(helper, string(l.Meeting), string(l.Venue))
	if err != nil {
		return err
	}
	if len(t.message.Photo) > 0 {
		return t.keepProof(m, v.ID)
	}
	if t.message.Document != nil {
		return t.paperFile(m, v.ID)
	}
	l.Query = vietnamese.Clean(t.message.Text)
	if vietnamese.NewQuery(l.Query).Empty() {
		return t.tell("list.search_help")
	}
	if err := t.enter("list", l); err != nil {
		return err
	}
	return t.showList(m, l, showAll, 0)
}

// entry is one row of the list: a seat, somebody who walked in, or somebody on the roll who might.
type entry struct {
	id    briefings.MemberID
	here  bool
	label string
	rank  int // of a search
	group int
	name  string
}

// showList draws one page.
func (t *turn) showList(m briefings.Meeting, l listing, show string, page int) error {
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return err
	}
	seats, err := t.Store.Invitations(t.ctx, m.ID)
	if err != nil {
		return err
	}
	v := m.Venue(l.Venue)
	waits := m.Waits(seats)
	entries := t.entries(&m, v, seats, waits, roster, l.Query, show)
	pages := max(1, (len(entries)+listPage-1)/listPage)
	page = min(max(page, 0), pages-1)
	id, at := string(m.ID), string(v.ID)
	markup := &tgbotapi.InlineKeyboardMarkup{InlineKeyboard: [][]tgbotapi.InlineKeyboardButton{}}
	add := func(row ...tgbotapi.InlineKeyboardButton) { markup.InlineKeyboard = append(markup.InlineKeyboard, row) }
	for _, e := range entries[page*listPage : min(len(entries), (page+1)*listPage)] {
		act := "+" // the button says what shall be, so that a press that comes twice does nothing twice
		if e.here {
			act = "-"
		}
		add(button(clip(e.label, 56), "seat", id, at, string(e.id), show+strconv.Itoa(page), act))
	}
	turnTo := func(label, show string, page int) tgbotapi.InlineKeyboardButton {
		return button(label, "list", id, at, show+strconv.Itoa(page))
	}
	if pages > 1 {
		add(turnTo("‹", show, (page+pages-1)%pages), turnTo(fmt.Sprintf("%d/%d", page+1, pages), show, page), turnTo("›", show, (page+1)%pages))
	}
	row := venueRow(briefings.Count(&m, seats, roster.Tree(), t.now()), v.ID)
	if l.Query == "" {
		add(turnTo(t.p.Plain("btn.list_waiting", "n", row.Invited-row.CheckedIn), showWaiting, 0),
			turnTo(t.p.Plain("btn.list_here", "n", row.CheckedIn+row.WalkIns), showHere, 0))
	} else {
		add(button(t.p.Plain("btn.list_whole"), "list", id, at, showWaiting+"0", "x"))
	}
	if n := len(l.Last) + len(l.Walked); n > 0 {
		add(button(t.p.Plain("btn.undo", "n", n), "door", "undo", id, at))
	}
	add(t.doorButton("btn.except", "except", m, v.ID), t.doorButton("btn.more", "more", m, v.ID))
	text := t.p.Lines("list.head", "venue", v.Name, "here", row.CheckedIn, "invited", row.Invited, "proxy", row.Represented,
		"queued", some(row.Waiting), "walkins", row.WalkIns, "guests", v.Guests)
	switch {
	case l.Query != "" && len(entries) == 0:
		text += "\n\n" + t.p.T("list.nobody", "query", l.Query)
	case l.Query != "":
		text += "\n\n" + t.p.T("list.found", "query", l.Query, "n", len(entries))
	case len(entries) == 0:
		text += "\n\n" + t.p.T("list.empty_"+show)
	default:
		text += "\n\n" + t.p.T("list.help")
	}
	if t.query != nil && t.query.Message != nil && len(t.query.Message.Photo) > 0 { // below the QR, which stays
		_, err := t.say(text, markup)
		return err
	}
	return t.show(text, markup)
}

// venueRow is a venue's row of a roll.
func venueRow(r briefings.Roll, id briefings.VenueID) briefings.VenueTally {
	for _, v := range r.Venues {
		if v.ID == id {
			return v
		}
	}
	return briefings.VenueTally{}
}

// entries are the people of a list. A search looks beyond the venue's own seats: at those of other venues, and at the roll.
func (t *turn) entries(m *briefings.Meeting, v *briefings.Venue, seats []briefings.Invitation, waits map[briefings.MemberID]int, roster *briefings.Roster, query, show string) []entry {
	q := vietnamese.NewQuery(query)
	var list []entry
	seated := map[briefings.MemberID]bool{}
	for i := range seats {
		s := &seats[i]
		who, _ := roster.Member(s.Member)
		if who.ID == "" {
			who = briefings.Member{ID: s.Member, Name: string(s.Member)}
		}
		seated[s.Member] = true
		e := entry{id: s.Member, here: s.CheckIn != nil && s.CheckIn.Venue == v.ID}
		deputy := s.Answer.Deputy
		if s.Standing() == briefings.Delegated && deputy != nil {
			seated[deputy.Member] = true
			e.rank = q.Rank(deputy.Name)
		}
		if !q.Empty() {
			e.rank = max(e.rank, q.Rank(who.Name), codeRank(query, who.ID))
			if e.rank == 0 || s.Venue != v.ID && s.CheckIn != nil && s.CheckIn.Venue == v.ID {
				continue
			}
		} else if s.Venue != v.ID || show == showWaiting && s.CheckIn != nil || show == showHere && s.CheckIn == nil {
			continue
		}
		e.label, e.name = t.seatLabel(m, v, s, waits[s.Member], who, roster), vietnamese.SortKey(who.SortGiven, who.SortFamily, who.Name)
		if s.Venue != v.ID {
			e.group = 2
		} else if place := waits[s.Member]; place > 0 { // after those who have a place, in the order of the queue
			e.group = 1
			if q.Empty() {
				e.rank = -place
			}
		} else if s.Answer.Choice == briefings.Declined && s.CheckIn == nil {
			e.group = 3
		}
		list = append(list, e)
	}
	for _, w := range v.WalkIns {
		who, ok := roster.Member(w.Member)
		if !ok || seated[w.Member] || q.Empty() && show == showWaiting || !q.Empty() && q.Rank(who.Name) == 0 && codeRank(query, who.ID) == 0 {
			continue
		}
		list = append(list, entry{id: w.Member, here: true, group: 4, rank: q.Rank(who.Name), name: vietnamese.SortKey(who.SortGiven, who.SortFamily, who.Name),
			label: "✅ ➕ " + who.Name + " · " + roster.Tree().Short(who.Unit).In(t.p.Lang())})
		seated[w.Member] = true
	}
	if !q.Empty() {
		for _, who := range search(roster, query, 3*listPage) {
			if !seated[who.ID] {
				list = append(list, entry{id: who.ID, group: 5, rank: max(q.Rank(who.Name), codeRank(query, who.ID)), name: vietnamese.SortKey(who.SortGiven, who.SortFamily, who.Name),
					label: "➕ " + who.Name + " · " + roster.Tree().Short(who.Unit).In(t.p.Lang())})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b entry) int {
		switch {
		case a.group != b.group:
			return a.group - b.group
		case a.rank != b.rank:
			return b.rank - a.rank
		case a.name < b.name:
			return -1
		case a.name > b.name:
			return 1
		}
		return 0
	})
	return list
}

// codeRank puts a person whose code was typed before everybody.
func codeRank(query string, id briefings.MemberID) int {
	if vietnamese.Fold(query) == vietnamese.Fold(string(id)) {
		return 1 << 10
	}
	return 0
}

// seatLabel is a seat's row: what is known of it, the name, and where the person stands.
func (t *turn) seatLabel(m *briefings.Meeting, v *briefings.Venue, s *briefings.Invitation, place int, who briefings.Member, roster *briefings.Roster) string {
	mark := "⬜"
	switch {
	case s.CheckIn != nil:
		mark = "✅ " + t.p.Clock(s.CheckIn.At)
	case place > 0:
		mark = t.p.Plain("list.waiting", "place", place)
	case s.Answer.Choice == briefings.Declined:
		mark = "🙏"
	}
	name := who.Name
	if d := s.Answer.Deputy; d != nil && s.Standing() == briefings.Delegated && (s.CheckIn == nil || s.CheckIn.Deputy) {
		name = t.p.Plain("list.deputy", "deputy", d.Name, "name", who.Name)
	}
	where := roster.Tree().Short(s.Unit).In(t.p.Lang())
	if s.Venue != v.ID {
		where = "📍 " + venueOf(*m, s.Venue).In(t.p.Lang())
	}
	return mark + " " + name + " · " + where
}

// listPressed turns the pages, and leaves a search.
func (t *turn) listPressed() error {
	m, v, err := t.venueAs(helper, t.args0(), t.arg(1))
	if err != nil {
		return err
	}
	l := listing{Meeting: m.ID, Venue: v.ID}
	if err := t.recallListing(&l, m.ID, v.ID); err != nil {
		return err
	}
	if t.arg(3) == "x" {
		l.Query = ""
	}
	if err := t.enter("list", l); err != nil {
		return err
	}
	show, page := spot(t.arg(2))
	return t.showList(m, l, show, page)
}

// spot reads which people and which page a button belongs to.
func spot(s string) (show string, page int) {
	if s == "" {
		return showWaiting, 0
	}
	page, _ = strconv.Atoi(s[1:]) // anything else is the first page
	return s[:1], page
}
