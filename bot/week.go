package bot

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/bot/internal/form"
	"briefbot/bot/internal/view"
	"briefbot/briefings"
	"briefbot/briefings/i18n"
)

// composeWeek is the dialogue of a weekly schedule: one message with many meetings, each with its own card.
const composeWeek = "week"

func (t *turn) startWeek() error {
	c := t.compose(composeWeek)
	if err := t.keep(c.Kind, c); err != nil {
		return err
	}
	return t.askLabel(c)
}

// weekHelp says how a schedule is written, or shows what there is of it.
func (t *turn) weekHelp(c composing) error {
	if len(c.Week) > 0 {
		return t.weekDrafted(c)
	}
	return t.show(t.p.T("week.help"), nil)
}

// numbered begins a line that mends one meeting of the schedule: "2. Thời gian: …".
var numbered = regexp.MustCompile(`^\s*(\d{1,2})\s*[.)]\s*(.+)$`)

// weekTyped takes a schedule, or later lines for one of its meetings.
func (t *turn) weekTyped() error {
	c, _, err := t.draft(composeWeek)
	if err != nil {
		return err
	}
	if !t.holds(briefings.RoleOrganizer) {
		return briefings.Refuse("err.permission")
	}
	text := t.message.Text
	if text == "" {
		return t.tell("form.text_only")
	}
	if stamp := form.Stamp(text); stamp != "" {
		return t.secret(briefings.Refuse("send.refused_secret", "label", stamp))
	}
	labelled := c.Draft.Value(briefings.FieldLabel) != ""
	switch {
	case c.Update != t.update:
	case !labelled:
		return t.askLabel(c)
	default:
		return t.weekDrafted(c)
	}
	w, err := t.world()
	if err != nil {
		return err
	}
	c.Update = t.update
	if drafts := w.Week(text, func(f briefings.Field) string { return t.p.Plain("field." + string(f)) }); len(drafts) > 0 {
		c.Week = drafts
	} else if !labelled {
		return t.askLabel(c)
	} else if !t.mendWeek(&c, text) {
		return t.tell("week.not_read")
	}
	if !labelled { // it is kept until the label is known
		if len(c.Week) > form.WeekLimit {
			return briefings.Refuse("form.too_many", "n", len(c.Week), "max", form.WeekLimit)
		}
		return errors.Join(t.keep(c.Kind, c), t.askLabel(c))
	}
	return t.weekDrafted(c)
}

// mendWeek puts later lines into the meetings they name by number; a line without one goes to the first meeting that lacks it.
func (t *turn) mendWeek(c *composing, text string) bool {
	any := false
	for line := range strings.Lines(text) {
		at := -1
		if g := numbered.FindStringSubmatch(line); g != nil {
			n, _ := strconv.Atoi(g[1]) // two digits at most
			at, line = n-1, g[2]
		}
		lines := form.Scan(line, form.MeetingFields)
		if !form.Knows(lines) {
			continue
		}
		for i := range c.Week {
			if at < 0 && lacks(c.Week[i], lines[0].Field) {
				at = i
			}
		}
		if at >= 0 && at < len(c.Week) {
			c.Week[at].Amend(lines)
			any = true
		}
	}
	return any
}

// lacks reports whether a draft has no good line of a field.
func lacks(d form.Draft, f briefings.Field) bool {
	for _, l := range d.Lines {
		if l.Field == f && !l.Bad {
			return false
		}
	}
	return true
}

// weekOf reads the meetings of a schedule, and names every line that cannot be read with the number of its meeting.
func (t *turn) weekOf(c *composing, w form.World) ([]briefings.Meeting, []form.Complaint) {
	var meetings []briefings.Meeting
	var complaints []form.Complaint
	for i := range c.Week {
		d := &c.Week[i]
		if d.Value(briefings.FieldLabel) == "" {
			d.Set(briefings.FieldLabel, c.Draft.Value(briefings.FieldLabel))
		}
		m, bad := w.Meeting(d)
		for _, b := range bad {
			text := d.Value(briefings.FieldTitle)
			if b.Text != "" {
				text = b.Text
			}
			complaints = append(complaints, form.Complaint{Text: strconv.Itoa(i+1) + ". " + text, Why: b.Why})
		}
		m.ID = briefings.MeetingID(c.ID + "n" + strconv.Itoa(i+1))
		m.Week, m.WeekSize = briefings.WeekID(c.ID), len(c.Week)
		meetings = append(meetings, m)
	}
	return meetings, complaints
}

// weekDrafted keeps the schedule and answers it: with what cannot be read, or with the preview.
func (t *turn) weekDrafted(c composing) error {
	w, err := t.world()
	if err != nil {
		return err
	}
	if len(c.Week) > form.WeekLimit {
		return briefings.Refuse("form.too_many", "n", len(c.Week), "max", form.WeekLimit)
	}
	meetings, complaints := t.weekOf(&c, w)
	for _, complaint := range complaints {
		if complaint.Why.Key == "send.refused_secret" {
			return errors.Join(t.drop(), t.secret(complaint.Why))
		}
	}
	if err := t.keep(c.Kind, c); err != nil {
		return err
	}
	if len(complaints) > 0 {
		return t.complain(complaints)
	}
	return t.previewWeek(c, w, meetings)
}

// previewWeek shows the schedule as somebody who is called to all of it reads it, and how many people each meeting concerns.
func (t *turn) previewWeek(c composing, w form.World, meetings []briefings.Meeting) error {
	var lines []string
	whom := map[briefings.MemberID]briefings.Member{}
	for i, m := range meetings {
		audience := w.Roster.Resolve(m.Audience)
		if err := t.inScope(w.Roster, audience); err != nil {
			return err
		}
		for _, a := range audience {
			whom[a.ID] = a
		}
		line := t.p.T("week.counted", "i", i+1, "title", clip(m.Title.In(t.p.Lang()), 60), "n", len(audience))
		if m.Chair == "" {
			line += " · " + t.p.T("warn.no_chair")
		}
		lines = append(lines, line)
	}
	all := make([]briefings.Member, 0, len(whom))
	for _, a := range whom {
		all = append(all, a)
	}
	reachable, otherwise := briefings.Reach(all)
	card := view.Week(t.p, meetings, func(m briefings.Meeting) *briefings.Venue { return m.MainVenue() }, t.member)
	if err := t.fits(card, messageLimit); err != nil {
		return err
	}
	if _, err := t.say(card, nil); err != nil {
		return err
	}
	stamp := c.stamp()
	_, err := t.say(t.p.T("week.preview", "n", len(all), "reachable", len(reachable), "offline", len(otherwise),
		"lines", i18n.HTML(strings.Join(lines, "\n"))),
		grid(2, button(t.p.Plain("btn.send"), "week", "send", stamp), button(t.p.Plain("btn.cancel"), "week", "drop", stamp)))
	return err
}

// weekPressed sends the schedule, or drops it.
func (t *turn) weekPressed() error {
	if !t.holds(briefings.RoleOrganizer) {
		return briefings.Refuse("err.permission")
	}
	c, _, err := t.draft(composeWeek)
	if err != nil {
		return err
	}
	if c.stamp() != t.arg(1) {
		return t.toast("form.stale")
	}
	switch t.args0() {
	case "send":
		return t.sendWeek(c)
	case "drop":
		return errors.Join(t.drop(), t.show(t.dropped(c), nil))
	}
	return t.toast("err.expired")
}

// sendWeek makes every meeting a fact. They know how many they are, so that a crash in between sends no half of a schedule: the press
// comes again and adds the rest.
func (t *turn) sendWeek(c composing) error {
	w, err := t.world()
	if err != nil {
		return err
	}
	meetings, complaints := t.weekOf(&c, w)
	if len(complaints) > 0 {
		return t.unsent(c, complaints)
	}
	called := map[briefings.MemberID]bool{}
	for _, m := range meetings {
		audience := w.Roster.Resolve(m.Audience)
		if err := t.inScope(w.Roster, audience); err != nil {
			return err
		}
		for _, a := range audience {
			called[a.ID] = true
		}
	}
	for i := range meetings {
		m := &meetings[i]
		t.sign(m)
		m.Created, m.Status = t.Now(), briefings.MeetingDraft
		if err := m.AnnounceAt(t.Now(), t.Now()); err != nil {
			return err
		}
		if err := t.Store.AddMeeting(t.ctx, m); err != nil && !errors.Is(err, briefings.ErrExists) {
			return err
		}
	}
	t.Nudge()
	return t.sent(c, briefings.Mailing{Kind: briefings.KindWeekly, Subject: c.ID, Revision: 1}, len(called), t.Now(), "")
}

// weekly are the words of a schedule for one of those who are called: only the meetings in which they have a seat.
func (b *Bot) weekly(ctx context.Context, p view.Voice, id briefings.WeekID, to briefings.Member) (string, *tgbotapi.InlineKeyboardMarkup, error) {
	own, venues, err := b.weekFor(ctx, id, to.ID)
	if err != nil {
		return "", nil, err
	}
	if len(own) == 0 {
		return "", nil, moot{"the person is called to none of them"}
	}
	var buttons []tgbotapi.InlineKeyboardButton
	for _, m := range own {
		if m.Expected(b.Now()) {
			buttons = append(buttons, button(p.Short(m.Starts)+" · "+clip(m.Title.In(p.Lang()), 40), "meet", string(m.ID)))
		}
	}
	return view.Week(p, own, func(m briefings.Meeting) *briefings.Venue { return m.Venue(venues[m.ID]) }, to), rows(buttons...), nil
}

// weekFor finds the meetings of a week in which somebody has a seat, the earliest first, and where they go.
func (b *Bot) weekFor(ctx context.Context, id briefings.WeekID, who briefings.MemberID) ([]briefings.Meeting, map[briefings.MeetingID]briefings.VenueID, error) {
	list, err := b.Store.Meetings(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("read week: %w", err)
	}
	var own []briefings.Meeting
	venues := map[briefings.MeetingID]briefings.VenueID{}
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].Week != id {
			continue
		}
		seat, _, err := b.Store.SeatOf(ctx, list[i].ID, who)
		if errors.Is(err, briefings.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, nil, fmt.Errorf("read week: %w", err)
		}
		own = append(own, list[i])
		venues[list[i].ID] = seat.Venue
	}
	return own, venues, nil
}

// weekSubject is what a mailing of a schedule speaks of: the first of its meetings stands for all.
func (t *turn) weekSubject(id briefings.WeekID) (title briefings.Text, author briefings.MemberID, meeting briefings.Meeting, err error) {
	list, err := t.Store.Meetings(t.ctx)
	if err != nil {
		return title, "", meeting, err
	}
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].Week == id {
			return briefings.Text{Vi: t.p.Date(list[i].Starts)}, list[i].Author, briefings.Meeting{}, nil
		}
	}
	return title, "", meeting, briefings.ErrNotFound
}
