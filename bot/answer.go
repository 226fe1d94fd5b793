package bot

import (
	"errors"
	"slices"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/bot/internal/view"
	"briefbot/briefings"
	"briefbot/briefings/failpoint"
	"briefbot/briefings/vietnamese"
)

// answerPressed takes the one tap: attend, ask leave, send a deputy, change.
func (t *turn) answerPressed() error {
	m, seat, err := t.seat(briefings.MeetingID(t.args0()))
	if err != nil {
		return err
	}
	if seat.Member != t.member.ID {
		return briefings.Refuse("rsvp.not_invited")
	}
	if t.arg(1) != "b" && locked(m, t.Now()) { // the card is from before the deadline
		return t.offerRequest(m, seat)
	}
	switch t.arg(1) {
	case "y":
		return t.record(m, func(m *briefings.Meeting, i *briefings.Invitation) error { return i.Accept(m, t.Now()) })
	case "o":
		return t.record(m, func(m *briefings.Meeting, i *briefings.Invitation) error { return i.AcceptOnline(m, t.Now()) })
	case "n":
		return t.ask(m, seat, "rsvp.ask_reason", t.reasonButtons(m))
	case "d":
		if !m.Deputies {
			return briefings.Refuse("proxy.not_allowed")
		}
		return t.pickDeputy(m)
	case "c":
		return t.ask(m, seat, "", t.choiceButtons(m, seat))
	case "b":
		return t.redraw(t.query.Message.MessageID, m, seat)
	}
	return t.toast("err.expired")
}

// ask keeps the card and puts a question and its buttons below it.
func (t *turn) ask(m briefings.Meeting, seat briefings.Invitation, key string, markup *tgbotapi.InlineKeyboardMarkup) error {
	if err := takesNone(m, t.Now()); err != nil {
		return err
	}
	return t.below(m, seat, key, markup)
}

// takesNone says why a meeting takes no answers; nil where it does.
func takesNone(m briefings.Meeting, now time.Time) error {
	switch {
	case m.Status == briefings.MeetingCancelled:
		return briefings.Refuse("rsvp.cancelled")
	case m.Status == briefings.MeetingPostponed:
		return briefings.Refuse("rsvp.postponed")
	case m.Status != briefings.MeetingOpen || !now.Before(m.AnswersUntil()):
		return briefings.Refuse("rsvp.closed", "deadline", m.AnswersUntil())
	}
	return nil
}

// below shows the card with a question and its buttons under it.
func (t *turn) below(m briefings.Meeting, seat briefings.Invitation, key string, markup *tgbotapi.InlineKeyboardMarkup) error {
	html, err := t.card(t.ctx, t.p, m, seat, t.member)
	if err != nil {
		return err
	}
	if key != "" {
		html += "\n\n" + t.p.T(key)
	}
	t.drawing(m, seat, t.pressedOn())
	return t.show(html, markup)
}

func (t *turn) choiceButtons(m briefings.Meeting, seat briefings.Invitation) *tgbotapi.InlineKeyboardMarkup {
	return rows(append(answerButtons(t.p, m, seat), button(t.p.Plain("btn.back"), "ans", string(m.ID), "b"))...)
}

// answerButtons are the answers that a seat may give.
func answerButtons(p view.Voice, m briefings.Meeting, seat briefings.Invitation) []tgbotapi.InlineKeyboardButton {
	id := string(m.ID)
	buttons := []tgbotapi.InlineKeyboardButton{button(p.Plain("btn.rsvp_yes"), "ans", id, "y")}
	if v := m.Venue(seat.Venue); v != nil && v.Link != "" {
		buttons = append(buttons, button(p.Plain("btn.rsvp_online"), "ans", id, "o"))
	}
	buttons = append(buttons, button(p.Plain("btn.rsvp_no"), "ans", id, "n"))
	if m.Deputies {
		buttons = append(buttons, button(p.Plain("btn.rsvp_proxy"), "ans", id, "d"))
	}
	return buttons
}

func (t *turn) reasonButtons(m briefings.Meeting) *tgbotapi.InlineKeyboardMarkup {
	var buttons []tgbotapi.InlineKeyboardButton
	for _, r := range briefings.Reasons {
		buttons = append(buttons, button(t.p.Plain("btn.reason_"+string(r)), "why", string(m.ID), string(r)))
	}
	return rows(append(buttons, button(t.p.Plain("btn.back"), "ans", string(m.ID), "b"))...)
}

// record changes the person's own seat, shows the card as it now stands and says what was recorded. The person reads it only after
// the store has it.
func (t *turn) record(m briefings.Meeting, change func(*briefings.Meeting, *briefings.Invitation) error) error {
	return t.recordAt(0, m, change)
}

func (t *turn) recordAt(message int, m briefings.Meeting, change func(*briefings.Meeting, *briefings.Invitation) error) error {
	if pressed := t.pressedOn(); pressed != 0 {
		message = pressed
	}
	var old briefings.Answer
	seat, err := t.changeFrom(t.read, m, t.member.ID, message, func(m *briefings.Meeting, i *briefings.Invitation) error {
		old = i.Answer
		return change(m, i)
	})
	if errors.Is(err, briefings.ErrNotFound) {
		return briefings.Refuse("rsvp.not_invited")
	}
	if err != nil {
		return err
	}
	failpoint.Hit("answer-stored")
	t.Nudge()
	w, unclaimed := t.claim(&m, &seat) // without it the answer is said all the same
	// The button first: its answer waits for no slot, while redrawing cards is paced, and in a rush queues for seconds. The update is
	// handled when both are done, so that a crash in between brings it again.
	told := errors.Join(unclaimed, t.toastRecorded(old, seat, w.place))
	failpoint.Hit("answer-toasted")
	if err := t.redrawAt(message, m, seat, w.place); err != nil {
		return errors.Join(told, err)
	}
	return errors.Join(told, t.tellWait(&m, &seat, w))
}

// toastRecorded says over the button what was recorded; of somebody in the queue for a place, that they wait.
func (t *turn) toastRecorded(old briefings.Answer, seat briefings.Invitation, place int) error {
	name := func(a briefings.Answer) string {
		if a.Online {
			return t.p.Plain("choice.online")
		}
		return t.p.Plain("choice." + orNone(a.Choice))
	}
	if r := seat.Request; r != nil && r.State == briefings.RequestPending {
		if seat.Answer.Leave == briefings.LeavePending {
			return t.toastOnly("request.leave_sent")
		}
		return t.toastOnly("request.sent")
	}
	now := name(seat.Answer)
	if place > 0 {
		now = t.p.Plain("choice.waiting")
	}
	if old.Choice != briefings.NoAnswer && old.Choice != seat.Answer.Choice {
		return t.toastOnly("rsvp.changed", "old", name(old), "new", now)
	}
	return t.toastOnly("rsvp.recorded", "answer", now)
}

// toastOnly ends a press with a sentence, and says nothing after a message: there the card says it.
func (t *turn) toastOnly(key string, pairs ...any) error {
	if t.query == nil {
		return nil
	}
	return t.toast(key, pairs...)
}

func orNone(c briefings.Choice) string {
	if c == briefings.NoAnswer {
		return "none"
	}
	return string(c)
}

// asked is what a dialogue about one meeting remembers.
type asked struct {
	Meeting briefings.MeetingID `json:"meeting"`
	Message int                 `json:"message"` // the card to redraw
	Names   []string            `json:"names,omitempty"`
	Outside bool                `json:"outside,omitempty"` // somebody who is not on the roll is asked for
}

// reasonPressed takes a coded reason, or asks for words.
func (t *turn) reasonPressed() error {
	m, seat, err := t.seat(briefings.MeetingID(t.args0()))
	if err != nil {
		return err
	}
	reason := briefings.Reason(t.arg(1))
	if !slices.Contains(briefings.Reasons, reason) {
		return t.toast("err.expired")
	}
	if reason != briefings.OtherReason {
		return t.record(m, t.staysAway(reason, ""))
	}
	if seat.Member != t.member.ID {
		return briefings.Refuse("rsvp.not_invited")
	}
	if err := t.enter("reason", asked{Meeting: m.ID, Message: t.query.Message.MessageID}); err != nil {
		return err
	}
	return t.tell("rsvp.ask_reason_text")
}

// staysAway asks leave while answers are taken, and asks for the change of an answer once they are locked.
func (t *turn) staysAway(reason briefings.Reason, note string) func(*briefings.Meeting, *briefings.Invitation) error {
	return func(m *briefings.Meeting, i *briefings.Invitation) error {
		if t.Now().Before(m.AnswersUntil()) {
			return i.Decline(m, reason, note, t.Now())
		}
		a, err := briefings.LeaveFor(reason, note, t.Now())
		if err != nil {
			return err
		}
		return i.AskFor(m, a)
	}
}

// reasonTyped takes the words.
func (t *turn) reasonTyped() error {
	var a asked
	if err := t.recall("reason", &a); err != nil {
		return err
	}
	m, err := t.Store.Meeting(t.ctx, a.Meeting)
	if err != nil {
		return err
	}
	note := vietnamese.Clean(t.message.Text)
	err = t.recordAt(a.Message, m, t.staysAway(briefings.OtherReason, note))
	r := briefings.AsRefusal(err)
	if r != nil && r.Key == "rsvp.ask_reason_text" {
		return err // too long, or no text: asked once more, the dialogue stays
	}
	if r != nil { // the card still asks for the reason
		err = errors.Join(t.refuse(r), t.redrawOwn(a.Message, m.ID))
		return errors.Join(err, t.leave())
	}
	return errors.Join(err, t.leave(), t.confirmDeclined(err, m, note))
}

func (t *turn) confirmDeclined(err error, m briefings.Meeting, note string) error {
	if err != nil {
		return nil
	}
	return t.tell("rsvp.no_recorded", "title", m.Title.In(t.p.Lang()), "reason", note)
}

// pickDeputy offers colleagues of the same unit and asks for a name.
func (t *turn) pickDeputy(m briefings.Meeting) error {
	if err := takesNone(m, t.Now()); err != nil {
		return err
	}
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return err
	}
	var near []briefings.Member
	for _, c := range roster.MembersOf(t.member.Unit) {
		if c.ID != t.member.ID && c.Status == briefings.Active {
			near = append(near, c)
		}
	}
	free, err := t.freeOf(m, near, 8)
	if err != nil {
		return err
	}
	if err := t.enter("deputy", asked{Meeting: m.ID, Message: t.pressedOn()}); err != nil {
		return err
	}
	key := "proxy.pick"
	if len(free) == 0 {
		key = "proxy.pick_empty"
	}
	_, err = t.say(t.p.T(key, "unit", unitName(roster, t.member.Unit, t.p)), keyboard(t.deputyButtons(roster, m.ID, free, false)))
	return err
}

// freeOf keeps those who hold no seat of the meeting, at most n.
func (t *turn) freeOf(m briefings.Meeting, candidates []briefings.Member, n int) ([]briefings.Member, error) {
	var free []briefings.Member
	for _, c := range candidates {
		if len(free) == n {
			break
		}
		_, _, err := t.Store.SeatOf(t.ctx, m.ID, c.ID)
		if errors.Is(err, briefings.ErrNotFound) {
			free = append(free, c)
		} else if err != nil {
			return nil, err
		}
	}
	return free, nil
}

func (t *turn) deputyButtons(roster *briefings.Roster, id briefings.MeetingID, list []briefings.Member, typed bool) *tgbotapi.InlineKeyboardMarkup {
	var buttons []tgbotapi.InlineKeyboardButton
	for _, c := range list {
		label := c.Name + " · " + clip(position(t.p, c), 24)
		if typed { // namesakes are told apart by their unit
			label += " · " + clip(roster.Tree().Short(c.Unit).In(t.p.Lang()), 24)
		}
		buttons = append(buttons, button(clip(label, 64), "dep", string(id), string(c.ID)))
	}
	buttons = append(buttons, button(t.p.Plain("btn.proxy_outside"), "dep", string(id), "*"))
	return rows(append(buttons, button(t.p.Plain("btn.back"), "dep", string(id), "-"))...)
}

// deputyTyped searches the roll for a typed name, accents optional.
func (t *turn) deputyTyped() error {
	var a asked
	if err := t.recall("deputy", &a); err != nil {
		return err
	}
	name := vietnamese.Clean(t.message.Text)
	if n := briefings.Length(name); n < 2 || n > 200 {
		return t.tell("proxy.name_length")
	}
	m, err := t.Store.Meeting(t.ctx, a.Meeting)
	if err != nil {
		return err
	}
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return err
	}
	found := t.deputiesNear(roster, search(roster, name, len(roster.Members)))
	found = found[:min(len(found), 60)] // each is asked for a seat
	if a.Outside && len(found) == 0 {
		return t.delegate(m, a, briefings.Deputy{Name: name})
	}
	free, err := t.freeOf(m, found, 8)
	if err != nil {
		return err
	}
	a.Names, a.Outside = []string{name}, false
	if err := t.enter("deputy", a); err != nil {
		return err
	}
	key := "proxy.found"
	switch {
	case len(found) == 0:
		key = "proxy.not_found"
	case len(free) == 0:
		key = "proxy.all_invited"
	}
	_, err = t.say(t.p.T(key, "name", name, "n", len(free)), keyboard(t.deputyButtons(roster, m.ID, free, true)))
	return err
}

// deputyPressed puts the chosen deputy on the seat.
func (t *turn) deputyPressed() error {
	m, seat, err := t.seat(briefings.MeetingID(t.args0()))
	if err != nil {
		return err
	}
	if seat.Member != t.member.ID {
		return briefings.Refuse("rsvp.not_invited")
	}
	var a asked
	if err := t.recall("deputy", &a); err != nil || a.Meeting != m.ID {
		a = asked{Meeting: m.ID}
	}
	var d briefings.Deputy
	switch id := t.arg(1); id {
	case "-":
		if err := t.leave(); err != nil {
			return err
		}
		return t.show(t.p.T("proxy.left"), nil)
	case "*":
		if len(a.Names) == 0 {
			return t.askOutside(a)
		}
		d = briefings.Deputy{Name: a.Names[0]}
	default:
		roster, err := t.Store.Roster(t.ctx)
		if err != nil {
			return err
		}
		c, ok := roster.Member(briefings.MemberID(id))
		if !ok || c.Status != briefings.Active {
			return t.toast("err.expired")
		}
		d = briefings.Deputy{Member: c.ID, Name: c.Name}
	}
	return t.delegate(m, a, d)
}

// sitPressed takes a deputy's own yes or no.
func (t *turn) sitPressed() error {
	if !t.joined() {
		return briefings.Refuse("proxy.no_longer")
	}
	m, err := t.Store.Meeting(t.ctx, briefings.MeetingID(t.args0()))
	if err != nil {
		return err
	}
	principal, comes := briefings.MemberID(t.arg(1)), t.arg(2) == "y"
	seat, err := t.change(m, principal, t.pressedOn(), func(m *briefings.Meeting, i *briefings.Invitation) error {
		return i.DeputyAnswers(m, t.member.ID, comes)
	})
	if errors.Is(err, briefings.ErrNotFound) {
		return briefings.Refuse("proxy.no_longer")
	}
	if err != nil {
		return err
	}
	t.Nudge()
	if err := t.redraw(t.query.Message.MessageID, m, seat); err != nil {
		return err
	}
	return t.toast("proxy.said_" + string(seat.Answer.Deputy.State))
}
