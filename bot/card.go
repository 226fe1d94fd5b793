package bot

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/bot/internal/telegram"
	"briefbot/bot/internal/view"
	"briefbot/briefings"
	"briefbot/briefings/calendar"
)

// card makes a meeting notice for one person: their seat, or the seat they sit on for somebody.
func (b *Bot) card(ctx context.Context, p view.Voice, m briefings.Meeting, seat briefings.Invitation, to briefings.Member) (string, error) {
	place, err := b.inQueue(ctx, &m, &seat)
	if err != nil {
		return "", err
	}
	if place > 0 {
		if err := b.noteWait(ctx, &m, &seat, place); err != nil {
			return "", err
		}
	}
	return b.cardAt(ctx, p, m, seat, to, place)
}

// cardAt is card where it is known already which place in the queue the seat has.
func (b *Bot) cardAt(ctx context.Context, p view.Voice, m briefings.Meeting, seat briefings.Invitation, to briefings.Member, place int) (string, error) {
	roster, err := b.Store.Roster(ctx)
	if err != nil {
		return "", err
	}
	c := view.Card{
		Meeting: m, Venue: m.Venue(seat.Venue), Seat: &seat, To: to, Org: b.Org, Issuer: issuer(roster, m, p),
		Summoned: roster.Includes(m.Summons, to), Now: b.Now(), Place: place,
	}
	if seat.Member != to.ID {
		if principal, ok := roster.Member(seat.Member); ok {
			c.For = principal.Name
		}
	}
	return view.Notice(p, c), nil
}

func issuer(roster *briefings.Roster, m briefings.Meeting, p view.Voice) string {
	if m.Issuer == "" {
		return ""
	}
	return roster.Tree().Name(m.Issuer).In(p.Lang())
}

// cardButtons are what a person can do with a notice now: answer, change the answer, take it into their calendar.
func (b *Bot) cardButtons(p view.Voice, m briefings.Meeting, seat briefings.Invitation, who briefings.MemberID) *tgbotapi.InlineKeyboardMarkup {
	id := string(m.ID)
	calendarButton := []tgbotapi.InlineKeyboardButton{button(p.Plain("btn.calendar"), "ics", id)}
	markup := &tgbotapi.InlineKeyboardMarkup{InlineKeyboard: [][]tgbotapi.InlineKeyboardButton{}}
	add := func(row ...tgbotapi.InlineKeyboardButton) { markup.InlineKeyboard = append(markup.InlineKeyboard, row) }
	takes := m.Status == briefings.MeetingOpen && b.Now().Before(m.AnswersUntil()) && seat.CheckIn == nil
	switch {
	case m.Status == briefings.MeetingPostponed:
	case m.Status == briefings.MeetingCancelled:
		add(button(p.Plain("btn.uncalendar"), "ics", id))
	case seat.Member != who: // a deputy
		d := seat.Answer.Deputy
		if m.Status == briefings.MeetingOpen && seat.CheckIn == nil && d != nil && d.Member == who {
			if d.State == briefings.DeputyWaiting {
				add(button(p.Plain("btn.proxy_accept"), "sit", id, string(seat.Member), "y"))
			}
			if d.State != briefings.DeputyRefused {
				add(button(p.Plain("btn.proxy_refuse"), "sit", id, string(seat.Member), "n"))
			}
		}
		if d == nil || d.State != briefings.DeputyRefused {
			add(calendarButton...)
		}
	case takes && seat.Standing() == briefings.NoAnswer:
		for _, choice := range answerButtons(p, m, seat) {
			add(choice)
		}
	case takes:
		add(button(p.Plain("btn.rsvp_change"), "ans", id, "c"))
		if seat.Standing() != briefings.Declined { // who stays away has nothing to put into a calendar
			add(calendarButton...)
		}
	case m.Status == briefings.MeetingOpen:
		switch r := seat.Request; {
		case !b.Now().Before(m.Starts) || seat.CheckIn != nil:
		case r != nil && r.State == briefings.RequestPending:
			add(button(p.Plain("btn.request_back"), "req", id, "w", strconv.Itoa(r.N)))
		default:
			add(button(p.Plain("btn.request"), "req", id, "c"))
		}
		if seat.Standing() != briefings.Declined {
			add(calendarButton...)
		}
	}
	if b.switches(m, seat) {
		add(button(p.Plain("btn.switch_venue"), "venue", id))
	}
	if len(m.Speakers) > 0 && m.TakesInquiries(b.Now()) && (seat.CheckIn != nil || seat.Standing() == briefings.Accepted) {
		add(button(p.Plain("btn.ask_speaker"), "ask", id, "o"))
	}
	if n := len(m.Materials); n > 0 && m.Status != briefings.MeetingCancelled {
		add(button(p.Plain("btn.materials", "n", n), "file", id))
	}
	return markup
}

// seat finds the meeting and the person's seat in it, their own or one they sit on.
func (t *turn) seat(id briefings.MeetingID) (briefings.Meeting, briefings.Invitation, error) {
	if !t.joined() {
		return briefings.Meeting{}, briefings.Invitation{}, briefings.Refuse("rsvp.not_invited")
	}
	at, err := t.Store.Seated(t.ctx, id, t.member.ID)
	if err == nil && at.Seat.Member == "" {
		err = briefings.Refuse("rsvp.not_invited")
	}
	t.read = at
	return at.Meeting, at.Seat, err
}

// meetings lists what the person is called to from now on, and what they sit in for.
func (t *turn) meetings() error {
	list, err := t.Store.Meetings(t.ctx)
	if err != nil {
		return err
	}
	var buttons []tgbotapi.InlineKeyboardButton
	for i := len(list) - 1; i >= 0 && len(buttons) < 20; i-- { // the soonest first
		m := list[i]
		if !m.Expected(t.Now()) || m.Revision == 0 || !t.joined() {
			continue
		}
		seat, deputy, err := t.Store.SeatOf(t.ctx, m.ID, t.member.ID)
		if errors.Is(err, briefings.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		mark := map[briefings.Choice]string{briefings.Accepted: "✅", briefings.Declined: "🙏", briefings.Delegated: "👥"}[seat.Standing()]
		if deputy {
			mark = "🪑"
		}
		switch {
		case m.Status == briefings.MeetingPostponed:
			mark = "⏸"
		case mark == "":
			mark = "▫️"
		}
		place, err := t.inQueue(t.ctx, &m, &seat)
		if err != nil {
			return err
		}
		if place > 0 {
			mark = t.p.Plain("meetings.waiting")
		}
		buttons = append(buttons, button(clip(mark+" "+t.p.Short(m.Starts)+" · "+clip(m.Title.In(t.p.Lang()), 40), 64), "meet", string(m.ID)))
	}
	key := "meetings.list"
	if len(buttons) == 0 {
		key = "meetings.none"
	}
	if t.holds(briefings.RoleOrganizer) {
		buttons = append(buttons, button(t.p.Plain("btn.manage"), "chg", "list"))
	}
	_, err = t.say(t.p.T(key), keyboard(rows(buttons...)))
	return err
}

// clip shortens a text for a button.
func clip(s string, limit int) string {
	if r := []rune(s); len(r) > limit {
		return string(r[:limit-1]) + "…"
	}
	return s
}

// meetingPressed opens a meeting's card below the list.
func (t *turn) meetingPressed() error {
	m, seat, err := t.seat(briefings.MeetingID(t.args0()))
	if err != nil {
		return err
	}
	html, err := t.card(t.ctx, t.p, m, seat, t.member)
	if err != nil {
		return err
	}
	message, err := t.say(html, keyboard(t.cardButtons(t.p, m, seat, t.member.ID)))
	if err == nil {
		t.drawn(m, seat, message)
	}
	return err
}

// redraw puts the card as it now stands in place of the message with the given id; 0 sends a new one.
func (t *turn) redraw(message int, m briefings.Meeting, seat briefings.Invitation) error {
	place, err := t.inQueue(t.ctx, &m, &seat)
	if err != nil {
		return err
	}
	if place > 0 {
		if err := t.noteWait(t.ctx, &m, &seat, place); err != nil {
			return err
		}
	}
	return t.redrawAt(message, m, seat, place)
}

// redrawOwn puts the person's card in place of a message, as the meeting and the seat stand now.
func (t *turn) redrawOwn(message int, id briefings.MeetingID) error {
	m, seat, err := t.seat(id)
	if err != nil {
		return err
	}
	return t.redraw(message, m, seat)
}

// calendarPressed sends the meeting as a calendar file.
func (t *turn) calendarPressed() error {
	m, seat, err := t.seat(briefings.MeetingID(t.args0()))
	if err != nil {
		return err
	}
	var venue briefings.Venue
	if v := m.Venue(seat.Venue); v != nil {
		venue = *v
	}
	if m.Status == briefings.MeetingPostponed { // it has no time to stand in a calendar with
		return briefings.Refuse("rsvp.postponed")
	}
	caption := t.p.T("card.calendar")
	if m.Status == briefings.MeetingCancelled {
		caption = t.p.T("card.uncalendar")
	}
	if !m.ShowsLink(&seat, t.Now()) {
		venue.Link = ""
	}
	place, err := t.inQueue(t.ctx, &m, &seat)
	if err != nil {
		return err
	}
	guest := calendar.Guest{ID: t.member.ID, Name: t.member.Name, Standing: seat.Standing(), Waiting: place > 0}
	if seat.Member != t.member.ID { // a deputy: what they said themselves stands on the seat of another
		guest.Standing = briefings.NoAnswer
		if d := seat.Answer.Deputy; d != nil && d.State == briefings.DeputyAccepted {
			guest.Standing = briefings.Accepted
		}
	}
	file, err := calendar.Meeting(m, venue, guest, t.p.Lang(), t.Org, t.Zone, t.Now())
	if err != nil {
		return fmt.Errorf("make calendar file: %w", err)
	}
	return t.reply(func() error {
		_, err := t.door.SendDocument(t.ctx, t.chat(), telegram.File{Name: t.p.Plain("file.calendar", "day", t.fileDay(&m)) + ".ics", Bytes: file}, caption, nil)
		return err
	})
}
