package bot

import (
	"errors"
	"strconv"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/bot/internal/form"
	"briefbot/bot/internal/view"
	"briefbot/briefings"
	"briefbot/briefings/vietnamese"
)

// dialogueChange is the dialogue in which a meeting that was announced is changed.
const dialogueChange = "change"

// changing is a change that is being composed. Nothing of the meeting moves before it is confirmed.
type changing struct {
	Meeting  briefings.MeetingID  `json:"meeting"`
	Revision int                  `json:"revision"` // of the meeting when it began: a change of somebody else in between is seen
	Kind     briefings.ChangeKind `json:"kind"`
	Venue    briefings.VenueID    `json:"venue,omitempty"`
	Day      string               `json:"day,omitempty"` // picked, its hour is awaited
	Starts   time.Time            `json:"starts,omitzero"`
	Place    briefings.Place      `json:"place,omitzero"`
	Agenda   []string             `json:"agenda,omitempty"`
	Reason   string               `json:"reason,omitempty"`
	Ready    bool                 `json:"ready,omitempty"` // it can be confirmed; what is typed now is the reason
}

// stamp tells one state of the change from another, so that an old preview confirms nothing new.
func (c changing) stamp() string { return stampOf(c) }

// apply makes the change on a meeting. A meeting that moves keeps its length.
func (c changing) apply(m *briefings.Meeting, by briefings.MemberID, now time.Time) error {
	if m.Revision != c.Revision {
		return briefings.Refuse("change.meanwhile")
	}
	why := briefings.Why{By: by, Reason: c.Reason}
	switch c.Kind {
	case briefings.ChangedTime:
		ends := m.Ends
		if !ends.IsZero() {
			ends = c.Starts.Add(ends.Sub(m.Starts))
		}
		return m.Reschedule(c.Starts, ends, why, now)
	case briefings.ChangedVenue:
		return m.MoveVenue(c.Venue, c.Place, why, now)
	case briefings.ChangedAgenda:
		return m.SetAgenda(c.Agenda, why, now)
	case briefings.Postponed:
		return m.Postpone(why, now)
	case briefings.CalledOff:
		return m.Cancel(why, now)
	}
	return briefings.Refuse("err.expired")
}

// editMeeting offers the meetings to come that the person looks after.
func (t *turn) editMeeting() error {
	roster, list, err := t.rollAndMeetings()
	if err != nil {
		return err
	}
	var buttons []tgbotapi.InlineKeyboardButton
	for i := len(list) - 1; i >= 0 && len(buttons) < 40; i-- { // the soonest first
		if m := list[i]; m.Expected(t.Now()) && t.manages(m.Author, roster) {
			mark := "📌 "
			if m.Status == briefings.MeetingPostponed {
				mark = "⏸ "
			}
			buttons = append(buttons, button(mark+t.p.Short(m.Starts)+" · "+clip(m.Title.In(t.p.Lang()), 40), "sched", "m", string(m.ID)))
		}
	}
	if len(buttons) == 0 {
		return t.tell("change.none")
	}
	_, err = t.say(t.p.T("change.pick"), rows(buttons...))
	return err
}

// managed finds a meeting and refuses those who do not look after it. It is asked at every press: roles come and go.
func (t *turn) managed(id string) (briefings.Meeting, error) {
	if !t.holds(briefings.RoleOrganizer) {
		return briefings.Meeting{}, briefings.Refuse("err.permission")
	}
	m, err := t.Store.Meeting(t.ctx, briefings.MeetingID(id))
	if err != nil {
		return m, err
	}
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return m, err
	}
	if !t.manages(m.Author, roster) {
		return m, briefings.Refuse("err.permission")
	}
	return m, nil
}

// changePressed goes through the dialogue of a change.
func (t *turn) changePressed() error {
	verb := t.args0()
	switch verb {
	case "-":
		return nil
	case "list":
		if !t.holds(briefings.RoleOrganizer) {
			return briefings.Refuse("err.permission")
		}
		return t.editMeeting()
	}
	m, err := t.managed(t.arg(1))
	if err != nil {
		return err
	}
	switch verb {
	case "time", "venue", "agenda", "off", "cancel":
		return t.beginChange(m, verb)
	case "follow":
		return t.followParent(m, t.arg(2))
	case "stay":
		return t.show(t.p.T("relay.stays", "title", m.Title, "time_text", m.Starts), nil)
	case "back":
		if err := t.finish(dialogueChange, endedDropped); err != nil {
			return err
		}
		return t.showMeeting(m)
	}
	var c changing
	if err := t.recall(dialogueChange, &c); err != nil {
		return err
	}
	if c.Meeting != m.ID || verb == "go" && c.stamp() != t.arg(2) && t.ended(dialogueChange, t.arg(2)) != "" {
		return briefings.Refuse("err.expired")
	}
	switch verb {
	case "mon":
		if at, ok := t.picked(monthLayout, t.arg(2)); ok {
			return t.askNewDay(m, at)
		}
	case "day":
		if at, ok := t.picked(dayLayout, t.arg(2)); ok {
			c.Day = t.arg(2)
			return errors.Join(t.enter(dialogueChange, c), t.askNewHour(m, at))
		}
	case "at":
		if at, ok := t.picked(momentLayout, t.arg(2)); ok {
			return t.newTime(m, c, at)
		}
	case "by":
		if minutes, err := strconv.Atoi(t.arg(2)); err == nil {
			return t.newTime(m, c, m.Starts.Add(time.Duration(minutes)*time.Minute))
		}
	case "at_venue":
		c.Venue = briefings.VenueID(t.arg(2))
		return t.askPlace(m, c)
	case "why":
		return t.tell("change.ask_reason", "max", briefings.ReasonLimit)
	case "go":
		if c.stamp() != t.arg(2) {
			return t.toast("form.stale")
		}
		return t.confirmChange(c)
	}
	return t.toast("err.expired")
}

// beginChange opens one of the changes of a meeting.
func (t *turn) beginChange(m briefings.Meeting, verb string) error {
	if !m.Expected(t.Now()) {
		return briefings.Refuse("err.already_done")
	}
	c := changing{Meeting: m.ID, Revision: m.Revision}
	switch verb {
	case "time":
		c.Kind = briefings.ChangedTime
		return errors.Join(t.enter(dialogueChange, c), t.askNewDay(m, later(m.Starts, t.Now()).In(t.Zone)))
	case "venue":
		c.Kind = briefings.ChangedVenue
		if len(m.Venues) == 1 {
			c.Venue = m.Venues[0].ID
			return t.askPlace(m, c)
		}
		return errors.Join(t.enter(dialogueChange, c), t.askVenue(m))
	case "agenda":
		c.Kind = briefings.ChangedAgenda
		return errors.Join(t.enter(dialogueChange, c),
			t.show(t.p.T("change.ask_agenda", "title", m.Title, "agenda", orDash(view.Bullets(m.Agenda))), rows(t.backTo(m))))
	case "off":
		c.Kind = briefings.Postponed
	case "cancel":
		c.Kind = briefings.CalledOff
	}
	c.Ready = true
	return t.previewChange(m, c)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// orDash stands in for a text that is not there.
func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

func (t *turn) backTo(m briefings.Meeting) tgbotapi.InlineKeyboardButton {
	return button(t.p.Plain("btn.back"), "chg", "back", string(m.ID))
}

// changeButton makes the buttons of a meeting's pickers.
func changeButton(m briefings.Meeting) maker {
	return func(text, verb, value string) tgbotapi.InlineKeyboardButton {
		return button(text, "chg", verb, string(m.ID), value)
	}
}

func (t *turn) askNewDay(m briefings.Meeting, month time.Time) error {
	cal, err := t.Store.Calendar(t.ctx)
	if err != nil {
		return err
	}
	var quick []tgbotapi.InlineKeyboardButton
	if m.Status == briefings.MeetingOpen {
		for _, minutes := range []string{"30", "60", "1440", "10080"} {
			quick = append(quick, button(t.p.Plain("btn.later_"+minutes), "chg", "by", string(m.ID), minutes))
		}
	}
	markup := grid(4, quick...)
	markup.InlineKeyboard = append(markup.InlineKeyboard, t.monthRows(month, t.now(), cal, changeButton(m))...)
	markup.InlineKeyboard = append(markup.InlineKeyboard, []tgbotapi.InlineKeyboardButton{t.backTo(m)})
	html := t.p.T("change.ask_time", "title", m.Title, "time_text", view.When(t.p, m.Starts, m.Ends)) + "\n" + t.p.T("picker.legend")
	return t.show(html, markup)
}

func (t *turn) askNewHour(m briefings.Meeting, day time.Time) error {
	markup := &tgbotapi.InlineKeyboardMarkup{InlineKeyboard: append(t.hourRows(day, t.now(), changeButton(m)),
		[]tgbotapi.InlineKeyboardButton{button(t.p.Plain("btn.back"), "chg", "time", string(m.ID))})}
	return t.show(t.p.T("change.ask_hour", "title", m.Title, "date", day), markup)
}

func (t *turn) newTime(m briefings.Meeting, c changing, at time.Time) error {
	c.Starts, c.Day, c.Ready = at, "", true
	return t.previewChange(m, c)
}

func (t *turn) askVenue(m briefings.Meeting) error {
	var buttons []tgbotapi.InlineKeyboardButton
	for _, v := range m.Venues {
		if v.Closing == nil {
			buttons = append(buttons, button(clip(v.Name.In(t.p.Lang()), 60), "chg", "at_venue", string(m.ID), string(v.ID)))
		}
	}
	return t.show(t.p.T("change.ask_venue", "title", m.Title), rows(append(buttons, t.backTo(m))...))
}

func (t *turn) askPlace(m briefings.Meeting, c changing) error {
	v := m.Venue(c.Venue)
	if v == nil {
		return briefings.Refuse("err.expired")
	}
	return errors.Join(t.enter(dialogueChange, c),
		t.show(t.p.T("change.ask_place", "title", m.Title, "venue", t.placeWords(v.Place())), rows(t.backTo(m))))
}

// changeTyped takes what is typed in the dialogue: the new time, place or agenda, then the reason.
func (t *turn) changeTyped() error {
	var c changing
	if err := t.recall(dialogueChange, &c); err != nil {
		return err
	}
	text := strings.TrimSpace(t.message.Text)
	if text == "" {
		return t.tell("change.text_only")
	}
	m, err := t.managed(string(c.Meeting))
	if err != nil {
		return err
	}
	if stamp := form.Stamp(text); stamp != "" {
		return t.secret(briefings.Refuse("send.refused_secret", "label", stamp))
	}
	w, err := t.world()
	if err != nil {
		return err
	}
	switch {
	case c.Ready:
		c.Reason = vietnamese.Clean(text)
		if n := briefings.Length(c.Reason); n > briefings.ReasonLimit {
			return briefings.Refuse("question.long", "n", n, "max", briefings.ReasonLimit)
		}
	case c.Kind == briefings.ChangedTime:
		if c.Starts, err = t.typedTime(w, m, c, text); err != nil {
			return err
		}
	case c.Kind == briefings.ChangedVenue && c.Venue != "":
		v := m.Venue(c.Venue)
		if v == nil {
			return briefings.Refuse("err.expired")
		}
		if c.Place, err = w.Place(text, v.Place()); err != nil {
			return err
		}
	case c.Kind == briefings.ChangedVenue:
		return t.askVenue(m)
	case c.Kind == briefings.ChangedAgenda:
		if c.Agenda, err = form.Agenda(text); err != nil {
			return err
		}
	}
	c.Ready = true
	return t.previewChange(m, c)
}

// typedTime reads a moment, or an hour alone: of the day that was picked, else of the day on which the meeting is now.
func (t *turn) typedTime(w form.World, m briefings.Meeting, c changing, text string) (time.Time, error) {
	hour, minute, err := vietnamese.ParseClock(text)
	if err != nil {
		return w.Moment(text)
	}
	day, ok := t.picked(dayLayout, c.Day)
	if !ok {
		day = m.Starts.In(t.Zone)
	}
	return time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, t.Zone), nil
}

// previewChange shows old and new, and exactly whom it concerns. It keeps what was entered also where the rule says no.
func (t *turn) previewChange(m briefings.Meeting, c changing) error {
	after, whom, err := t.foresee(m, c)
	if err != nil {
		return err
	}
	if err := t.stillFits(after); err != nil {
		return err
	}
	places, err := t.placesAfter(m, after, c)
	if err != nil {
		return err
	}
	if err := t.enter(dialogueChange, c); err != nil {
		return err
	}
	was, now := t.changeWords(m, after, c)
	pairs := []any{"title", m.Title, "what", t.p.Plain("change.what_" + string(c.Kind)), "was", was, "now", now, "reason", c.Reason}
	key := "change.preview_quiet"
	switch {
	case m.Told() && c.resizes(m):
		key = "change.preview_capacity"
	case m.Told():
		key = "change.preview"
		deadline := any("")
		if asks := c.Kind == briefings.ChangedTime || c.Kind == briefings.ChangedVenue; asks {
			deadline = after.AnswersUntil()
		}
		pairs = append(pairs, "told", whom.told, "reachable", whom.reachable, "offline", whom.told-whom.reachable, "asked", some(whom.asked),
			"cards", whom.cards, "deadline", deadline)
	}
	id := string(m.ID)
	confirm := "btn.change_go"
	switch {
	case c.Kind == briefings.CalledOff:
		confirm = "btn.cancel_meeting"
	case c.resizes(m):
		confirm = "btn.change_capacity"
	}
	markup := &tgbotapi.InlineKeyboardMarkup{InlineKeyboard: [][]tgbotapi.InlineKeyboardButton{
		{button(t.p.Plain(confirm), "chg", "go", id, c.stamp())},
		{button(t.p.Plain("btn.change_reason"), "chg", "why", id), t.backTo(m)},
	}}
	return t.show(t.p.Lines(key, pairs...)+places, markup)
}

// foresee makes the change on a copy of the meeting and counts whom it concerns.
func (t *turn) foresee(m briefings.Meeting, c changing) (after briefings.Meeting, who whom, err error) {
	after = m
	after.Venues = append([]briefings.Venue(nil), m.Venues...)
	after.Changes = append([]briefings.Change(nil), m.Changes...)
	if err := c.apply(&after, t.member.ID, t.Now()); err != nil || !m.Told() || c.resizes(m) {
		return after, who, err
	}
	who, err = t.whom(m, after.Changes[len(after.Changes)-1])
	return after, who, err
}

// changeWords is the old and the new in words.
func (t *turn) changeWords(m, after briefings.Meeting, c changing) (was, now string) {
	switch c.Kind {
	case briefings.ChangedTime:
		return view.When(t.p, m.Starts, m.Ends), view.When(t.p, after.Starts, after.Ends)
	case briefings.ChangedVenue:
		return t.placeWords(m.Venue(c.Venue).Place()), t.placeWords(c.Place)
	case briefings.ChangedAgenda:
		return orDash(strings.Join(m.Agenda, "; ")), strings.Join(c.Agenda, "; ")
	}
	return view.When(t.p, m.Starts, m.Ends), t.p.Plain("change.now_" + string(c.Kind))
}

// watchedFrom is from how many people on the telling of a change takes long enough to be watched.
const watchedFrom = 30

// some is a count that is only spoken of where there is one.
func some(n int) any {
	if n == 0 {
		return ""
	}
	return n
}

// whom counts the people of a change as the planner will reach them.
type whom struct{ told, reachable, asked, cards int }

func (t *turn) whom(m briefings.Meeting, c briefings.Change) (whom, error) {
	var w whom
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return w, err
	}
	seats, err := t.Store.Invitations(t.ctx, m.ID)
	if err != nil {
		return w, err
	}
	told := map[briefings.MemberID]bool{}
	for i := range seats {
		if !c.Concerns(&seats[i]) {
			continue
		}
		told[seats[i].Member] = true
		if d := seats[i].Answer.Deputy; d != nil && d.State != briefings.DeputyRefused {
			if _, ok := roster.Member(d.Member); ok {
				told[d.Member] = true
			}
		}
		if c.Asks(&seats[i]) {
			w.asked++
		}
	}
	w.told = len(told)
	for id := range told {
		if member, ok := roster.Member(id); ok && member.Reachable() {
			w.reachable++
		}
	}
	sent, err := t.Bot.Outbox.Receipts(t.ctx, firstTold(m).Key())
	if err != nil && !errors.Is(err, briefings.ErrNotFound) {
		return w, err
	}
	for i := range seats {
		if !c.Touches(&seats[i]) {
			continue
		}
		message := int(sent[seats[i].No].Message)
		if message == 0 && m.Named(seats[i].Member) {
			if message, err = t.calledAlone(t.ctx, alone(m, seats[i].Member), seats[i].No); err != nil {
				return w, err
			}
		}
		if message != 0 {
			w.cards++
		}
	}
	return w, nil
}

// confirmChange makes the change a fact. The planner does the telling.
func (t *turn) confirmChange(c changing) error {
	before, err := t.managed(string(c.Meeting))
	if err != nil {
		return err
	}
	resizes := c.resizes(before)
	// Counted before it is a fact: the planner begins at once to take answers back.
	after, who, err := t.foresee(before, c)
	if err != nil {
		return err
	}
	if _, err := t.placesAfter(before, after, c); err != nil {
		return err
	}
	told := before.Told()
	m, err := t.Store.UpdateMeeting(t.ctx, c.Meeting, func(m *briefings.Meeting) error {
		told = m.Told()
		return c.apply(m, t.member.ID, t.Now())
	})
	if err != nil {
		return err
	}
	defer t.Nudge() // after the words below, so that they come before those of the change
	if err := errors.Join(t.finish(dialogueChange, endedSent), t.clearPreview()); err != nil {
		return err
	}
	switch {
	case !told:
		return t.tell("change.done_quiet")
	case resizes:
		return t.tell("change.done_capacity", "venue", c.Place.Name, "capacity", c.Place.Capacity)
	}
	last := m.Changes[len(m.Changes)-1]
	if err := t.tell("change.done", "told", who.told, "asked", some(who.asked)); err != nil {
		return err
	}
	mailing := briefings.Mailing{Kind: briefings.KindChanged, Subject: string(m.ID), Revision: last.Revision}
	if last.Kind == briefings.CalledOff {
		mailing = briefings.Mailing{Kind: briefings.KindCancelled, Subject: string(m.ID)}
	}
	if who.told < watchedFrom {
		return nil
	}
	said := progressText(t.p, Progress{State: "ready", Total: who.told})
	id, err := t.say(said, nil)
	if err != nil {
		return err
	}
	return t.live.watch(t.ctx, watched{Chat: t.chat(), Message: id, Key: mailing.Key(), Member: t.member.ID, Since: t.Now(), Said: said})
}
