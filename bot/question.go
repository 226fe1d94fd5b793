package bot

import (
	"errors"
	"slices"
	"strconv"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/briefings"
	"briefbot/briefings/vietnamese"
)

// asking is a question that somebody puts together.
type asking struct {
	Meeting briefings.MeetingID `json:"meeting"`
	Text    string              `json:"text,omitempty"`
	Unnamed bool                `json:"unnamed,omitempty"`
}

// askNamed is what the button says that gives the name after all.
const askNamed = "n"

// askSpeaker offers the meetings whose speaker the person may ask, and those of which there is something to read: what became of what
// they asked, the meeting over or called off, and they of its audience or not.
func (t *turn) askSpeaker() error {
	list, err := t.Store.Meetings(t.ctx)
	if err != nil {
		return err
	}
	var open []briefings.Meeting
	for _, m := range slices.Backward(list) { // the soonest first
		if m.Revision == 0 || m.Invites.IsZero() || !t.Now().Before(m.ForgetsInquiries(t.Now())) || len(open) == 20 {
			continue
		}
		asks, err := t.asksNow(m)
		if err != nil {
			return err
		}
		if !asks && t.joined() {
			q, err := t.Store.Inquiries(t.ctx, m.ID)
			if err != nil {
				return err
			}
			asks = len(q.Of(t.member.ID)) > 0
		}
		if asks {
			open = append(open, m)
		}
	}
	switch len(open) {
	case 0:
		return t.tell("question.none")
	case 1:
		return t.askScreen(open[0])
	}
	var buttons []tgbotapi.InlineKeyboardButton
	for _, m := range open {
		buttons = append(buttons, button(clip(t.p.Short(m.Starts)+" · "+m.Title.In(t.p.Lang()), 60), "ask", string(m.ID), "o"))
	}
	_, err = t.say(t.p.T("question.pick"), rows(buttons...))
	return err
}

// asksNow reports whether the person may ask the speaker of a meeting now.
func (t *turn) asksNow(m briefings.Meeting) (bool, error) {
	if !m.TakesInquiries(t.Now()) {
		return false, nil
	}
	_, err := t.asksFrom(m)
	if briefings.AsRefusal(err) != nil {
		return false, nil
	}
	return err == nil, err
}

// asksFrom is the venue from which the person asks: where they sit, sit for somebody, or walked in.
func (t *turn) asksFrom(m briefings.Meeting) (briefings.VenueID, error) {
	if !t.joined() {
		return "", briefings.Refuse("rsvp.not_invited")
	}
	if at := m.WalkedIn(t.member.ID); at != "" {
		return at, nil
	}
	seat, deputy, err := t.Store.SeatOf(t.ctx, m.ID, t.member.ID)
	switch {
	case errors.Is(err, briefings.ErrNotFound):
		return "", briefings.Refuse("rsvp.not_invited")
	case err != nil:
		return "", err
	case deputy && (seat.Answer.Deputy == nil || seat.Answer.Deputy.State == briefings.DeputyRefused):
		return "", briefings.Refuse("rsvp.not_invited")
	}
	return seat.Venue, nil
}

// askScreen asks for the words, and says what became of what the person asked before.
func (t *turn) askScreen(m briefings.Meeting) error {
	q, err := t.Store.Inquiries(t.ctx, m.ID)
	if err != nil {
		return err
	}
	asks, err := t.asksNow(m)
	if err != nil {
		return err
	}
	html := t.p.T("question.over", "title", m.Title)
	if asks {
		if err := t.enter("question", asking{Meeting: m.ID}); err != nil {
			return err
		}
		html = t.p.T("question.ask", "title", m.Title, "max", briefings.InquiryLong)
	}
	var lines []string
	var buttons []tgbotapi.InlineKeyboardButton
	for i, own := range q.Of(t.member.ID) {
		fate := q.Fate(own.N)
		line := t.p.T("question.own", "i", i+1, "text", own.Text, "state", t.p.Plain("question.state_"+string(fate.State)))
		if fate.State == briefings.InquiryReplied {
			line += "\n" + t.p.T("question.reply_line", "text", fate.Reply)
		}
		lines = append(lines, line)
		if !own.State.Decided() {
			buttons = append(buttons, button(t.p.Plain("btn.ask_withdraw", "i", i+1), "ask", string(m.ID), "w", strconv.Itoa(own.N)))
		}
	}
	if len(lines) > 0 {
		return t.sayLong(html+"\n\n"+t.p.T("question.earlier"), lines, rows(buttons...))
	}
	_, err = t.say(html, nil)
	return err
}

// questionTyped takes the words and shows what would be asked.
func (t *turn) questionTyped() error {
	var a asking
	if err := t.recall("question", &a); err != nil {
		return err
	}
	m, err := t.Store.Meeting(t.ctx, a.Meeting)
	if err != nil {
		return err
	}
	if a.Text = vietnamese.CleanText(t.message.Text); a.Text == "" {
		return t.tell("question.only_text")
	}
	venue, err := t.asksFrom(m)
	if err != nil {
		return err
	}
	q, err := t.Store.Inquiries(t.ctx, m.ID)
	if err != nil {
		return err
	}
	// What the meeting would not take is said before the person confirms it.
	if err := q.Ask(&m, t.inquiry(a, venue)); errors.Is(err, briefings.ErrUnchanged) {
		return t.tell("question.same")
	} else if err != nil {
		return err
	}
	if err := t.enter("question", a); err != nil {
		return err
	}
	html, markup := t.askConfirm(m, a, venue)
	_, err = t.say(html, markup)
	return err
}

func (t *turn) inquiry(a asking, venue briefings.VenueID) briefings.Inquiry {
	return briefings.Inquiry{Member: t.member.ID, No: t.member.No, Venue: venue, Text: a.Text, Unnamed: a.Unnamed, At: t.Now()}
}

func (t *turn) askConfirm(m briefings.Meeting, a asking, venue briefings.VenueID) (string, *tgbotapi.InlineKeyboardMarkup) {
	name, toggle, to := t.member.Name, "btn.ask_unnamed", ""
	if a.Unnamed {
		name, toggle, to = t.p.Plain("question.unnamed"), "btn.ask_named", askNamed
	}
	id := string(m.ID)
	return t.p.T("question.confirm", "title", m.Title, "text", a.Text, "name", name, "venue", venueOf(m, venue)),
		rows(button(t.p.Plain("btn.ask_send"), "ask", id, "y", stampOf(a)), button(t.p.Plain(toggle), "ask", id, "u", to), button(t.p.Plain("btn.cancel"), "ask", id, "x"))
}

// askPressed opens, sends, changes or drops a question, or takes one back. Dropping what is written and taking back one's own question is
// open to everybody, of the audience still or not.
func (t *turn) askPressed() error {
	m, err := t.Store.Meeting(t.ctx, briefings.MeetingID(t.args0()))
	if err != nil {
		return err
	}
	switch t.arg(1) {
	case "o":
		return t.askOpened(m)
	case "w":
		return t.askWithdrawn(m)
	case "x":
		var a asking
		if err := t.recall("question", &a); err == nil && a.Meeting == m.ID {
			if err := t.finish("question", endedDropped); err != nil {
				return err
			}
		}
		return t.show(t.p.T("cancel.question"), nil)
	case "y", "u":
	default:
		return t.toast("err.expired")
	}
	venue, err := t.asksFrom(m)
	if err != nil {
		return err
	}
	var a asking
	if err := t.recall("question", &a); err != nil {
		return err
	}
	if a.Meeting != m.ID || a.Text == "" || t.arg(1) == "y" && t.arg(2) != "" && t.arg(2) != stampOf(a) {
		return t.toast("err.expired")
	}
	if t.arg(1) == "u" {
		a.Unnamed = t.arg(2) != askNamed // the button says what shall be: a press that comes twice does not give the name away
		if err := t.enter("question", a); err != nil {
			return err
		}
		html, markup := t.askConfirm(m, a, venue)
		return t.show(html, markup)
	}
	if _, err := t.Store.UpdateInquiries(t.ctx, m.ID, func(m *briefings.Meeting, q *briefings.Inquiries) error {
		return q.Ask(m, t.inquiry(a, venue))
	}); err != nil {
		return err
	}
	if _, err := t.keepInSight(m); err != nil {
		return err
	}
	t.Nudge()
	if err := t.show(t.p.T("question.sent", "title", m.Title, "text", a.Text), nil); err != nil {
		return err
	}
	return t.finish("question", endedSent)
}

// askOpened shows the screen for whoever may ask, or has asked.
func (t *turn) askOpened(m briefings.Meeting) error {
	asks, err := t.asksNow(m)
	switch {
	case err != nil:
		return err
	case asks:
		return t.askScreen(m)
	}
	q, err := t.Store.Inquiries(t.ctx, m.ID)
	if err != nil {
		return err
	}
	if t.joined() && len(q.Of(t.member.ID)) > 0 {
		return t.askScreen(m)
	}
	if _, err := t.asksFrom(m); err != nil {
		return err
	}
	return briefings.Refuse("question.closed")
}

// askWithdrawn takes a question of the person's own back.
func (t *turn) askWithdrawn(m briefings.Meeting) error {
	n, err := strconv.Atoi(t.arg(2))
	if err != nil || !t.joined() {
		return t.toast("err.expired")
	}
	if _, err := t.Store.UpdateInquiries(t.ctx, m.ID, func(_ *briefings.Meeting, q *briefings.Inquiries) error {
		return q.Withdraw(n, t.member.ID, t.Now())
	}); err != nil {
		return err
	}
	return t.show(t.p.T("question.withdrawn"), nil)
}
