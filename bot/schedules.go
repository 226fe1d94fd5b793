package bot

import (
	"errors"
	"slices"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/bot/internal/view"
	"briefbot/briefings"
	"briefbot/briefings/i18n"
)

// manages reports whether the person looks after what a member made: as its author, an administrator, or an organizer over the
// author's unit.
func (t *turn) manages(author briefings.MemberID, roster *briefings.Roster) bool {
	if t.holds(briefings.RoleAdmin) || t.joined() && author == t.member.ID {
		return true
	}
	m, ok := roster.Member(author)
	return ok && t.over(briefings.RoleOrganizer, m.Unit, roster.Tree())
}

// lately is how long a missed slot marks its briefing in the list.
const lately = 7 * 24 * time.Hour

// planned is a briefing in the list, with its next slot.
type planned struct {
	briefing briefings.Briefing
	next     time.Time // zero: none
}

// mark shows at a glance how a briefing stands.
func (l planned) mark(now time.Time) string {
	switch {
	case l.briefing.Missed(now.Add(-lately)):
		return "⚠️ "
	case l.briefing.Status == briefings.BriefingPaused:
		return "⏸ "
	}
	return "📰 "
}

// schedules shows what will happen: briefings by their cadence, the soonest first, meetings, and the days and hours that hold for all.
// A briefing that missed a slot of late is among them even when it has ended.
func (t *turn) schedules() error {
	html, markup, err := t.scheduleList()
	if err != nil {
		return err
	}
	_, err = t.say(html, markup)
	return err
}

func (t *turn) scheduleList() (string, *tgbotapi.InlineKeyboardMarkup, error) {
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return "", nil, err
	}
	list, err := t.plans(roster)
	if err != nil {
		return "", nil, err
	}
	var coming []ahead
	missed := 0
	for _, l := range list[:min(len(list), 40)] {
		if l.briefing.Missed(t.Now().Add(-lately)) {
			missed++
		}
		label := l.mark(t.Now())
		if !l.next.IsZero() {
			label += t.p.Short(l.next) + " · "
		}
		coming = append(coming, ahead{l.next, button(label+clip(l.briefing.Title.In(t.p.Lang()), 40), "sched", "b", string(l.briefing.ID))})
	}
	meetings, err := t.Store.Meetings(t.ctx)
	if err != nil {
		return "", nil, err
	}
	for _, m := range slices.Backward(meetings) { // the soonest first
		if m.Expected(t.Now()) && t.manages(m.Author, roster) && len(coming) < 60 {
			mark, at := "📌 ", m.Starts
			if m.Status == briefings.MeetingPostponed { // the time it had is past or void
				mark, at = "⏸ ", time.Time{}
			}
			coming = append(coming, ahead{at, button(mark+t.p.Short(m.Starts)+" · "+clip(m.Title.In(t.p.Lang()), 40), "sched", "m", string(m.ID))})
		}
	}
	buttons := soonestFirst(coming)
	html := t.p.T("schedules.list")
	if len(buttons) == 0 {
		html = t.p.T("schedules.none")
	}
	if missed > 0 {
		html += "\n" + t.p.T("schedules.missed", "n", missed)
	}
	markup := rows(buttons...)
	markup.InlineKeyboard = append(markup.InlineKeyboard, []tgbotapi.InlineKeyboardButton{
		button(t.p.Plain("btn.holidays"), "sched", "h", "", "show"), button(t.p.Plain("btn.hours"), "sched", "q", "", "show"),
	})
	return html, markup, nil
}

// ahead is a button of something that comes, and when; zero: not known.
type ahead struct {
	at     time.Time
	button tgbotapi.InlineKeyboardButton
}

// soonestFirst orders what comes by when it comes; what has no time stands last.
func soonestFirst(list []ahead) (buttons []tgbotapi.InlineKeyboardButton) {
	slices.SortStableFunc(list, func(a, b ahead) int {
		if a.at.IsZero() != b.at.IsZero() {
			return map[bool]int{true: 1, false: -1}[a.at.IsZero()]
		}
		return a.at.Compare(b.at)
	})
	for _, one := range list {
		buttons = append(buttons, one.button)
	}
	return buttons
}

// plans are the briefings that the person looks after, the soonest first.
func (t *turn) plans(roster *briefings.Roster) ([]planned, error) {
	list, err := t.Store.Briefings(t.ctx)
	if err != nil {
		return nil, err
	}
	var out []planned
	for _, b := range list {
		shown := b.Status == briefings.BriefingActive || b.Status == briefings.BriefingPaused || b.Missed(t.Now().Add(-lately))
		if !shown || !t.manages(b.Author, roster) {
			continue
		}
		l := planned{briefing: b}
		if b.Status == briefings.BriefingActive {
			slots, err := t.slots(b.Cadence, 5)
			if err != nil {
				return nil, err
			}
			for i, s := range slots { // one that is skipped does not come
				if l.next.IsZero() && !b.Skipped(s.Occasion) && (i > 0 || !b.SkipNext) {
					l.next = s.At
				}
			}
		}
		out = append(out, l)
	}
	slices.SortStableFunc(out, func(a, b planned) int {
		if a.next.IsZero() != b.next.IsZero() { // what does not come stands last
			return map[bool]int{true: 1, false: -1}[a.next.IsZero()]
		}
		return a.next.Compare(b.next)
	})
	return out, nil
}

// schedulePressed opens one schedule, or changes it.
func (t *turn) schedulePressed() error {
	if !t.holds(briefings.RoleOrganizer) {
		return briefings.Refuse("err.permission")
	}
	switch t.args0() {
	case "list":
		html, markup, err := t.scheduleList()
		if err != nil {
			return err
		}
		return t.show(html, markup)
	case "h":
		return t.holidaysPressed()
	case "q":
		return t.hoursPressed()
	}
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return err
	}
	if t.args0() == "m" {
		return t.meetingSchedule(roster)
	}
	b, err := t.managedBriefing(roster, briefings.BriefingID(t.arg(1)))
	if err != nil {
		return err
	}
	switch t.arg(2) {
	case "rules":
		return t.rulesPressed(b)
	case "stop":
		return t.show(t.p.T("schedules.stop_sure", "title", b.Title),
			grid(2, button(t.p.Plain("btn.stop_sure"), "sched", "b", string(b.ID), "stopped"), button(t.p.Plain("btn.back"), "sched", "b", string(b.ID), "card")))
	case "when":
		if err := t.enter("recadence", b.ID); err != nil {
			return err
		}
		return t.tell("schedules.ask_cadence", "when", view.Cadence(t.p, b.Cadence, t.now()))
	}
	return t.changeSchedule(roster, b)
}

// managedBriefing finds a briefing and refuses those who do not look after it.
func (t *turn) managedBriefing(roster *briefings.Roster, id briefings.BriefingID) (briefings.Briefing, error) {
	b, err := t.Store.Briefing(t.ctx, id)
	if err == nil && !t.manages(b.Author, roster) {
		err = briefings.Refuse("err.permission")
	}
	return b, err
}

// changeSchedule does what a button of the card says, and shows the card as it stands then.
func (t *turn) changeSchedule(roster *briefings.Roster, b briefings.Briefing) error {
	verb := t.arg(2)
	change := map[string]func(*briefings.Briefing) error{
		"pause":   func(b *briefings.Briefing) error { return b.Pause("") },
		"resume":  func(b *briefings.Briefing) error { return b.Resume(t.Now()) },
		"stopped": func(b *briefings.Briefing) error { return b.Stop() },
		"skip":    func(b *briefings.Briefing) error { return t.skip(b, briefings.Occasion(t.arg(3))) },
		"now":     func(b *briefings.Briefing) error { return b.RunNow(t.now()) },
	}[verb]
	if change == nil {
		return t.showSchedule(roster, b)
	}
	b, err := t.Store.UpdateBriefing(t.ctx, b.ID, change)
	if err != nil {
		return err
	}
	t.Nudge()
	if err := t.showSchedule(roster, b); err != nil {
		return err
	}
	if err := t.toast("schedules.changed_" + verb); err != nil {
		return err
	}
	switch verb {
	case "pause": // it is paused already: the reason may follow, or not
		if err := t.enter("pausenote", b.ID); err != nil {
			return err
		}
		return t.tell("schedules.ask_note")
	case "now":
		if hold := t.quietly(briefings.KindBriefing, t.now()); len(hold) > 0 {
			_, err := t.say(hold[0], nil)
			return err
		}
	}
	return nil
}

// skip leaves out the slot that the button named. A button of an older screen names none: it means the next.
func (t *turn) skip(b *briefings.Briefing, o briefings.Occasion) error {
	if o == "" {
		slots, err := t.slots(b.Cadence, 1)
		if err != nil {
			return err
		}
		if len(slots) == 0 {
			return briefings.Refuse("err.already_done")
		}
		o = slots[0].Occasion
	}
	if at, err := o.Time(t.Zone); err != nil || at.After(t.Now().AddDate(9, 0, 0)) {
		return briefings.Refuse("err.expired")
	}
	return b.Skip(o)
}

// pauseNoted takes why a briefing is paused.
func (t *turn) pauseNoted() error {
	var id briefings.BriefingID
	if err := t.recall("pausenote", &id); err != nil {
		return err
	}
	note := strings.Join(strings.Fields(t.message.Text), " ")
	if n := briefings.Length(note); n == 0 || n > noteLimit {
		return briefings.Refuse("schedules.bad_note", "max", noteLimit)
	}
	return t.rewrite(id, func(b *briefings.Briefing) error { return b.Explain(note) })
}

// noteLimit is how long the reason for a pause may be, in characters.
const noteLimit = 200

// cadenceTyped takes another cadence for a briefing.
func (t *turn) cadenceTyped() error {
	var id briefings.BriefingID
	if err := t.recall("recadence", &id); err != nil {
		return err
	}
	w, err := t.world()
	if err != nil {
		return err
	}
	c, err := w.Cadence(strings.TrimSpace(t.message.Text))
	if err != nil {
		return t.unread(err)
	}
	if slots, err := t.slots(c, 1); err != nil {
		return err
	} else if len(slots) == 0 {
		return t.unread(briefings.Refuse("cadence.never"))
	}
	return t.rewrite(id, func(b *briefings.Briefing) error { return b.Reschedule(c, t.Now()) })
}

// unread says why a line that stands alone is refused: the sentence is written for a list of lines, without a capital.
func (t *turn) unread(err error) error {
	why := briefings.AsRefusal(err)
	if why == nil {
		return err
	}
	key, pairs := t.p.Refusal(why)
	_, err = t.say(i18n.Title(t.p.T(key, pairs...)), nil)
	return err
}

// rewrite changes a briefing by what was typed, ends the dialogue and shows the card.
func (t *turn) rewrite(id briefings.BriefingID, change func(*briefings.Briefing) error) error {
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return err
	}
	if !t.holds(briefings.RoleOrganizer) { // the role may have been taken away since
		return briefings.Refuse("err.permission")
	}
	b, err := t.managedBriefing(roster, id)
	if err != nil {
		return err
	}
	if b, err = t.Store.UpdateBriefing(t.ctx, b.ID, change); err != nil {
		return err
	}
	t.Nudge()
	if err := t.leave(); err != nil {
		return err
	}
	return t.showSchedule(roster, b)
}

// showSchedule says when a briefing comes next, what became of it lately, and what can be done about it.
func (t *turn) showSchedule(roster *briefings.Roster, b briefings.Briefing) error {
	var slots []Slot
	if b.Status == briefings.BriefingActive {
		var err error
		if slots, err = t.slots(b.Cadence, 5); err != nil {
			return err
		}
	}
	html := t.p.Lines("schedules.card", "title", b.Title, "state", t.p.Plain("state.briefing_"+string(b.Status)), "note", b.Note,
		"when", view.Cadence(t.p, b.Cadence, t.now()), "audience", scopeWords(roster, b.To(), t.p),
		"dates", t.nextDates(&b, slots), "past", section(t.p.T("schedules.past"), t.pastLines(b)))
	for _, s := range slots[:min(len(slots), 1)] {
		for _, hold := range t.quietly(briefings.KindBriefing, s.At) {
			html += "\n\n⚠️ " + hold
		}
	}
	return t.showAs("sched", html, t.scheduleButtons(b, slots))
}

// nextDates says the next slots as a sentence, those that are skipped struck out.
func (t *turn) nextDates(b *briefings.Briefing, slots []Slot) i18n.HTML {
	var dates []string
	for i, s := range slots {
		date := i18n.Escape(t.p.Short(s.At))
		if i == 0 && b.SkipNext || b.Skipped(s.Occasion) {
			date = "<s>" + date + "</s> " + t.p.T("schedules.skipped_date")
		}
		dates = append(dates, date)
	}
	switch n := len(dates); n {
	case 0:
		return ""
	case 1:
		return i18n.HTML(t.p.T("schedules.next_one", "date", i18n.HTML(dates[0])))
	default:
		return i18n.HTML(t.p.T("schedules.next_dates", "n", n, "dates", i18n.HTML(strings.Join(dates[:n-1], ", ")), "last", i18n.HTML(dates[n-1])))
	}
}

// pastLines says what became of the last slots.
func (t *turn) pastLines(b briefings.Briefing) []string {
	var past []string
	for i := len(b.Editions) - 1; i >= 0 && len(past) < 5; i-- {
		e := b.Editions[i]
		said := t.p.Plain("edition." + string(e.State))
		switch {
		case e.Late:
			said = t.p.Plain("edition.put_late", "time", e.Put)
		case e.Why != "":
			said += " (" + t.p.Plain("edition.why_"+string(e.Why)) + ")"
		}
		if e.Extra {
			said += " (" + t.p.Plain("edition.extra") + ")"
		}
		mark := map[briefings.EditionState]string{briefings.EditionMissed: "⚠️ ", briefings.EditionDue: "⏳ "}[e.State]
		if e.Why == briefings.WhyNewer {
			mark = ""
		}
		past = append(past, "• "+mark+i18n.Escape(t.p.Short(e.Due)+" – "+said))
	}
	return past
}

// scheduleButtons are what can be done about a briefing.
func (t *turn) scheduleButtons(b briefings.Briefing, slots []Slot) *tgbotapi.InlineKeyboardMarkup {
	id := string(b.ID)
	do := func(key, verb string, more ...string) tgbotapi.InlineKeyboardButton {
		return button(t.p.Plain(key), "sched", append([]string{"b", id, verb}, more...)...)
	}
	markup := rows()
	add := func(row ...tgbotapi.InlineKeyboardButton) { markup.InlineKeyboard = append(markup.InlineKeyboard, row) }
	if b.Cadence.Every != briefings.Once && b.Status == briefings.BriefingActive {
		offered := false
		for _, s := range slots { // every one that is skipped can be taken back; the first that is not can be skipped
			key := "btn.unskip_date"
			if !b.Skipped(s.Occasion) {
				if offered {
					continue
				}
				key, offered = "btn.skip_date", true
			}
			add(button(t.p.Plain(key, "date", t.p.Short(s.At)), "sched", "b", id, "skip", string(s.Occasion)))
		}
	}
	switch b.Status {
	case briefings.BriefingActive:
		add(do("btn.run_now", "now"), do("btn.pause", "pause"))
	case briefings.BriefingPaused:
		add(do("btn.run_now", "now"), do("btn.resume", "resume"))
	case briefings.BriefingFinished:
		add(do("btn.run_now", "now"))
	}
	if b.Status == briefings.BriefingActive || b.Status == briefings.BriefingPaused {
		add(do("btn.recadence", "when"), do("btn.rules", "rules"))
		add(do("btn.stop", "stop"), button(t.p.Plain("btn.back_list"), "sched", "list"))
	}
	return markup
}

// slots are the next n slots of a cadence.
func (t *turn) slots(c briefings.Cadence, n int) ([]Slot, error) {
	return t.Slots.Upcoming(t.ctx, c, t.Now(), n)
}

// section is a heading and its lines, or nothing.
func section(heading string, lines []string) i18n.HTML {
	if len(lines) == 0 {
		return ""
	}
	return i18n.HTML(heading + "\n" + strings.Join(lines, "\n"))
}

// showAs edits the screen in place when the button belongs to a screen of the same sort, and sends a new one below a list.
func (t *turn) showAs(_ string, html string, markup *tgbotapi.InlineKeyboardMarkup) error {
	if len(t.args) > 2 || t.args0() == "back" {
		return t.show(html, markup)
	}
	_, err := t.say(html, markup)
	return err
}

// meetingSchedule shows a meeting that is to come.
func (t *turn) meetingSchedule(roster *briefings.Roster) error {
	m, err := t.Store.Meeting(t.ctx, briefings.MeetingID(t.arg(1)))
	if err != nil {
		return err
	}
	if !t.manages(m.Author, roster) {
		return briefings.Refuse("err.permission")
	}
	switch t.arg(2) {
	case "cancel", "yes": // of a screen that asked by itself; what it asked is previewed now
		return t.beginChange(m, "cancel")
	}
	return t.showMeeting(m)
}

// showMeeting is a meeting as its organizer sees it, with what can be done about it.
func (t *turn) showMeeting(m briefings.Meeting) error {
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return err
	}
	seats, err := t.Store.Invitations(t.ctx, m.ID)
	if err != nil && !errors.Is(err, briefings.ErrNotFound) {
		return err
	}
	roll := briefings.Count(&m, seats, roster.Tree(), t.now())
	html := t.p.Lines("schedules.meeting", "title", m.Title, "time_text", m.Starts, "announce", m.Announce, "deadline", m.AnswersUntil(),
		"venues", len(m.Venues), "invited", roll.Total.Invited, "yes", roll.Answers.Accepted, "queued", some(roll.Total.Waiting), "pending", roll.Silent,
		"state", t.p.Plain("state.meeting_"+string(m.Status)))
	id := string(m.ID)
	var buttons []tgbotapi.InlineKeyboardButton
	if m.Expected(t.Now()) {
		buttons = append(buttons, button(t.p.Plain("btn.change_time"), "chg", "time", id), button(t.p.Plain("btn.change_venue"), "chg", "venue", id),
			button(t.p.Plain("btn.change_agenda"), "chg", "agenda", id))
		if m.Status == briefings.MeetingOpen {
			buttons = append(buttons, button(t.p.Plain("btn.postpone"), "chg", "off", id))
		}
		buttons = append(buttons, button(t.p.Plain("btn.counts"), "count", "show", id), button(t.p.Plain("btn.cancel_meeting"), "chg", "cancel", id))
	}
	return t.showAs("sched", html, grid(2, buttons...))
}
