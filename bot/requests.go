package bot

import (
	"errors"
	"slices"
	"strconv"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/bot/internal/view"
	"briefbot/briefings"
)

// requestPressed takes what an invitee asks for once answers are locked.
func (t *turn) requestPressed() error {
	m, seat, err := t.seat(briefings.MeetingID(t.args0()))
	if err != nil {
		return err
	}
	if seat.Member != t.member.ID {
		return briefings.Refuse("rsvp.not_invited")
	}
	if m.Status == briefings.MeetingOpen && t.Now().Before(m.AnswersUntil()) { // the deadline was moved: answers are open again
		return t.redraw(t.query.Message.MessageID, m, seat)
	}
	if !locked(m, t.Now()) {
		if m.Status != briefings.MeetingOpen {
			return takesNone(m, t.Now())
		}
		return briefings.Refuse("request.too_late")
	}
	switch t.arg(1) {
	case "c":
		return t.offerRequest(m, seat)
	case "w":
		n, err := strconv.Atoi(t.arg(2))
		if err != nil {
			return t.toast("err.expired")
		}
		seat, err = t.change(m, t.member.ID, t.pressedOn(), func(m *briefings.Meeting, i *briefings.Invitation) error {
			return i.TakeBack(m, n, t.Now())
		})
		if err != nil {
			return err
		}
		t.Nudge()
		return errors.Join(t.toast("request.taken_back"), t.redraw(t.pressedOn(), m, seat))
	case "n":
		return t.below(m, seat, "rsvp.ask_reason", t.reasonButtons(m))
	case "y":
		return t.record(m, func(m *briefings.Meeting, i *briefings.Invitation) error {
			return i.AskFor(m, briefings.Answer{Choice: briefings.Accepted, At: t.Now()})
		})
	}
	return t.toast("err.expired")
}

// locked reports whether answers can only be changed by a request: after the deadline, until the meeting begins.
func locked(m briefings.Meeting, now time.Time) bool {
	return m.Status == briefings.MeetingOpen && !now.Before(m.AnswersUntil()) && now.Before(m.Starts)
}

// offerRequest asks what change is wanted, below the card.
func (t *turn) offerRequest(m briefings.Meeting, seat briefings.Invitation) error {
	if seat.CheckIn != nil {
		return briefings.Refuse("rsvp.already_here")
	}
	id := string(m.ID)
	var buttons []tgbotapi.InlineKeyboardButton
	if seat.Standing() != briefings.Accepted {
		buttons = append(buttons, button(t.p.Plain("btn.rsvp_yes"), "req", id, "y"))
	}
	if seat.Standing() != briefings.Declined {
		buttons = append(buttons, button(t.p.Plain("btn.rsvp_no"), "req", id, "n"))
	}
	return t.below(m, seat, "request.ask", rows(append(buttons, button(t.p.Plain("btn.back"), "ans", id, "b"))...))
}

// decides reports whether the person may decide what a seat asks for: whoever organizes the meeting, and, where the unit decides about
// leave, whoever approves or organizes over the invitee's unit. Nobody decides about their own.
func (t *turn) decides(m briefings.Meeting, seat briefings.Invitation, roster *briefings.Roster) bool {
	switch {
	case t.joined() && seat.Member == t.member.ID:
		return false
	case t.seesCounts(m, roster):
		return true
	case m.Leave != briefings.LeaveByUnit || seat.Answer.Leave == "":
		return false
	}
	return t.over(briefings.RoleApprover, seat.Unit, roster.Tree()) || t.over(briefings.RoleOrganizer, seat.Unit, roster.Tree())
}

// leaves lists what waits for the person's decision.
func (t *turn) leaves() error {
	roster, list, err := t.rollAndMeetings()
	if err != nil {
		return err
	}
	var buttons []tgbotapi.InlineKeyboardButton
	n := 0
	for _, m := range slices.Backward(list) { // the soonest first
		if m.Invites.IsZero() || m.Status == briefings.MeetingCancelled || m.Status == briefings.MeetingDraft ||
			t.Now().After(m.Held().Add(briefings.ReopenWithin)) {
			continue
		}
		seats, err := t.Store.Invitations(t.ctx, m.ID)
		if err != nil {
			return err
		}
		for _, s := range seats {
			if s.Request == nil || s.Request.State != briefings.RequestPending || !t.decides(m, s, roster) {
				continue
			}
			n++
			if who, ok := roster.Member(s.Member); ok && len(buttons) < 40 {
				label := who.Name + " · " + t.p.Plain("choice."+string(s.Request.Answer.Choice)) + " · " + m.Title.In(t.p.Lang())
				buttons = append(buttons, button(clip(label, 60), "judge", string(m.ID), string(s.Member), strconv.Itoa(s.Request.N), "s"))
			}
		}
	}
	if n == 0 {
		return t.tell("request.none")
	}
	_, err = t.say(t.p.T("request.list", "n", n), rows(buttons...))
	return err
}

// judgePressed shows a request, or takes the decision.
func (t *turn) judgePressed() error {
	m, err := t.Store.Meeting(t.ctx, briefings.MeetingID(t.args0()))
	if err != nil {
		return err
	}
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return err
	}
	who := briefings.MemberID(t.arg(1))
	n, err := strconv.Atoi(t.arg(2))
	if err != nil {
		return t.toast("err.expired")
	}
	seat, deputy, err := t.Store.SeatOf(t.ctx, m.ID, who)
	switch {
	case errors.Is(err, briefings.ErrNotFound) || err == nil && (deputy || seat.Request == nil || seat.Request.N != n):
		gone := briefings.Refuse("request.gone")
		if t.arg(3) == "s" { // on the list, where others wait
			return gone
		}
		return errors.Join(t.refuse(briefings.AsRefusal(gone)), t.show(t.p.T("request.gone"), nil))
	case err != nil:
		return err
	case !t.decides(m, seat, roster):
		return briefings.Refuse("err.permission")
	}
	switch verdict := t.arg(3); verdict {
	case "s":
		html, markup := t.requestCard(t.p, roster, m, seat)
		_, err = t.say(html, keyboard(markup))
		return err
	case "y", "n":
		seat, err = t.change(m, who, 0, func(m *briefings.Meeting, i *briefings.Invitation) error {
			return i.Decide(m, t.member.ID, n, verdict == "y", t.Now())
		})
		if r := briefings.AsRefusal(err); r != nil { // somebody else decided, or it was taken back
			return errors.Join(t.refuse(r), t.showRequest(roster, m, who, n))
		}
	default:
		return t.toast("err.expired")
	}
	if err != nil {
		return err
	}
	t.Nudge()
	html, markup := t.requestCard(t.p, roster, m, seat)
	return t.show(html, markup)
}

// showRequest puts a request as it now stands in place of the message that was pressed.
func (t *turn) showRequest(roster *briefings.Roster, m briefings.Meeting, who briefings.MemberID, n int) error {
	seat, _, err := t.Store.SeatOf(t.ctx, m.ID, who)
	if err != nil {
		return err
	}
	if r := seat.Request; r == nil || r.N != n {
		return t.show(t.p.T("request.gone"), nil)
	}
	html, markup := t.requestCard(t.p, roster, m, seat)
	return t.show(html, markup)
}

// requestCard is what somebody reads who decides: who asks for what, and the two buttons; or what was decided, by whom and when.
func (b *Bot) requestCard(p view.Voice, roster *briefings.Roster, m briefings.Meeting, seat briefings.Invitation) (string, *tgbotapi.InlineKeyboardMarkup) {
	r := seat.Request
	who, _ := roster.Member(seat.Member)
	key := "request.change_attend"
	switch {
	case r.Answer.Leave != "":
		key = "request.leave"
	case r.Answer.Choice == briefings.Declined:
		key = "request.change_leave"
	}
	reason := ""
	if r.Answer.Choice == briefings.Declined {
		reason = view.Reason(p, r.Answer)
	}
	html := p.T(key, "name", who.Name, "position", position(p, who), "unit", roster.Tree().Short(seat.Unit), "title", m.Title,
		"time_text", m.Starts, "reason", reason)
	switch r.State {
	case briefings.RequestPending:
		id, n := string(m.ID), strconv.Itoa(r.N)
		return html, grid(2, button(p.Plain("btn.approve"), "judge", id, string(seat.Member), n, "y"),
			button(p.Plain("btn.refuse"), "judge", id, string(seat.Member), n, "n"))
	case briefings.RequestWithdrawn:
		return html + "\n\n" + p.T("request.withdrawn"), nil
	}
	by := p.Plain("request.by_admin")
	if judge, ok := roster.Member(r.By); ok {
		by = judge.Name
	}
	return html + "\n\n" + p.T("request.by", "state", p.Plain("request."+string(r.State)), "name", by, "time", r.Judged), nil
}

// decisionText is what the invitee reads of a decision.
func decisionText(p view.Voice, m briefings.Meeting, r briefings.Request, venue string) string {
	key := "rsvp.no_approved"
	switch {
	case r.Answer.Choice == briefings.Declined && r.State == briefings.RequestRefused:
		key = "request.no_refused"
	case r.Answer.Choice == briefings.Accepted && r.State == briefings.RequestApproved:
		key = "request.attend_approved"
	case r.Answer.Choice == briefings.Accepted:
		key = "request.attend_refused"
	}
	return p.T(key, "title", m.Title, "time_text", m.Starts, "venue", venue)
}
