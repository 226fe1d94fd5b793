package bot

import (
	"slices"
	"strconv"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/briefings"
	"briefbot/briefings/vietnamese"
)

// questionsPage is how many questions stand on one page.
const questionsPage = 8

// answering is a written reply that an organizer puts together.
type answering struct {
	Meeting briefings.MeetingID `json:"meeting"`
	N       int                 `json:"n"`
	Text    string              `json:"text,omitempty"`
}

// questionSigns are what the states look like.
var questionSigns = map[briefings.InquiryState]string{
	briefings.InquiryNew: "🆕", briefings.InquiryListed: "📺", briefings.InquiryAnswered: "✅", briefings.InquiryReplied: "✍️",
	briefings.InquiryMerged: "🔗", briefings.InquiryDeclined: "▫️",
}

// questions lists the meetings with questions that the person decides about.
func (t *turn) questions() error {
	roster, list, err := t.rollAndMeetings()
	if err != nil {
		return err
	}
	var buttons []tgbotapi.InlineKeyboardButton
	var only briefings.Meeting
	for _, m := range slices.Backward(list) {
		if m.Invites.IsZero() || !t.seesCounts(m, roster) || len(buttons) == 20 {
			continue
		}
		q, err := t.Store.Inquiries(t.ctx, m.ID)
		if err != nil {
			return err
		}
		if asked, in := q.Count(); asked > 0 {
			only = m
			label := t.p.Plain("question.meeting", "new", in[briefings.InquiryNew], "n", asked, "title", t.p.Short(m.Starts)+" · "+m.Title.In(t.p.Lang()))
			buttons = append(buttons, button(clip(label, 60), "quest", string(m.ID), "l"))
		}
	}
	switch len(buttons) {
	case 0:
		return t.tell("question.nobody")
	case 1:
		return t.questionList(only, 0)
	}
	_, err = t.say(t.p.T("question.pick_list"), rows(buttons...))
	return err
}

// questionPressed shows and decides. Who may is judged at every press.
func (t *turn) questionPressed() error {
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return err
	}
	m, err := t.watched(roster, briefings.MeetingID(t.args0()))
	if err != nil {
		return err
	}
	n, _ := strconv.Atoi(t.arg(2)) // 0 is no question and the first page
	switch t.arg(1) {
	case "l":
		return t.questionList(m, n)
	case "h":
		return t.hallList(m)
	}
	q, err := t.Store.Inquiries(t.ctx, m.ID)
	if err != nil {
		return err
	}
	i := q.Get(n)
	if i == nil || i.State == briefings.InquiryWithdrawn {
		return briefings.Refuse("question.gone")
	}
	v := briefings.Verdict{By: t.member.ID, At: t.Now()}
	switch t.arg(1) {
	case "o":
		return t.questionCard(roster, m, q, n)
	case "m":
		page, _ := strconv.Atoi(t.arg(3)) // nothing is the first page
		return t.pickMerge(m, q, *i, page)
	case "w":
		if err := t.enter("qreply", answering{Meeting: m.ID, N: n}); err != nil {
			return err
		}
		return t.tell("question.write", "text", i.Text, "max", briefings.InquiryReplyLong)
	case "r":
		var a answering
		if err := t.recall("qreply", &a); err != nil {
			return err
		}
		if a.Meeting != m.ID || a.N != n || a.Text == "" {
			return t.toast("err.expired")
		}
		v.State, v.Reply = briefings.InquiryReplied, a.Text
	case "i":
		v.State = briefings.InquiryMerged
		if v.Into, err = strconv.Atoi(t.arg(3)); err != nil {
			return t.toast("err.expired")
		}
	case "s":
		v.State = briefings.InquiryState(t.arg(3))
		switch v.State {
		case briefings.InquiryNew, briefings.InquiryListed, briefings.InquiryAnswered, briefings.InquiryDeclined:
		default:
			return t.toast("err.expired")
		}
	default:
		return t.toast("err.expired")
	}
	q, err = t.Store.UpdateInquiries(t.ctx, m.ID, func(_ *briefings.Meeting, q *briefings.Inquiries) error { return q.Judge(n, v) })
	if err != nil {
		return err
	}
	if v.State.Decided() {
		if m, err = t.keepInSight(m); err != nil {
			return err
		}
	}
	t.Nudge()
	if v.State == briefings.InquiryReplied {
		if err := t.finish("qreply", endedSent); err != nil {
			return err
		}
	}
	return t.questionCard(roster, m, q, n)
}

// inSightFor is how exactly the meeting notes when its questions were last moved: often enough, and not at every one of them.
const inSightFor = time.Hour

// keepInSight has the planner look at a meeting for as long as something may be told of its questions, over or not.
func (t *turn) keepInSight(m briefings.Meeting) (briefings.Meeting, error) {
	if t.Now().Sub(m.Heeded) < inSightFor {
		return m, nil
	}
	return t.Store.UpdateMeeting(t.ctx, m.ID, func(m *briefings.Meeting) error {
		m.Heeded = t.Now()
		return nil
	})
}

// questionList shows a page of the questions: what waits first.
func (t *turn) questionList(m briefings.Meeting, page int) error {
	q, err := t.Store.Inquiries(t.ctx, m.ID)
	if err != nil {
		return err
	}
	var list []briefings.Inquiry
	for _, state := range []briefings.InquiryState{
		briefings.InquiryNew, briefings.InquiryListed, briefings.InquiryAnswered, briefings.InquiryReplied, briefings.InquiryMerged, briefings.InquiryDeclined,
	} {
		for _, i := range q.List {
			if i.State == state {
				list = append(list, i)
			}
		}
	}
	if len(list) == 0 {
		return t.tell("question.nobody")
	}
	pages := (len(list) + questionsPage - 1) / questionsPage
	page = (page%pages + pages) % pages
	id := string(m.ID)
	markup := &tgbotapi.InlineKeyboardMarkup{}
	add := func(row ...tgbotapi.InlineKeyboardButton) { markup.InlineKeyboard = append(markup.InlineKeyboard, row) }
	for _, i := range list[page*questionsPage : min(len(list), (page+1)*questionsPage)] {
		add(button(clip(questionSigns[i.State]+" "+strconv.Itoa(i.N)+". "+vietnamese.Clean(i.Text), 60), "quest", id, "o", strconv.Itoa(i.N)))
	}
	if pages > 1 {
		add(button("◀", "quest", id, "l", strconv.Itoa((page+pages-1)%pages)), button("▶", "quest", id, "l", strconv.Itoa((page+1)%pages)))
	}
	add(button(t.p.Plain("btn.question_hall"), "quest", id, "h"))
	asked, in := q.Count()
	return t.show(t.p.T("question.list", "title", m.Title, "n", asked, "new", in[briefings.InquiryNew], "listed", in[briefings.InquiryListed],
		"answered", in[briefings.InquiryAnswered], "replied", in[briefings.InquiryReplied], "merged", in[briefings.InquiryMerged],
		"declined", in[briefings.InquiryDeclined], "page", page+1, "pages", pages), markup)
}

// questionCard shows one question with what can be done about it.
func (t *turn) questionCard(roster *briefings.Roster, m briefings.Meeting, q briefings.Inquiries, n int) error {
	i := q.Get(n)
	name := t.p.Plain("question.unnamed")
	if who, ok := roster.Member(i.Member); ok && !i.Unnamed {
		name = who.Name + " (" + position(t.p, who) + ", " + roster.Tree().Short(who.Unit).In(t.p.Lang()) + ")"
	}
	html := t.p.T("question.card", "n", n, "title", m.Title, "text", i.Text, "name", name, "venue", venueOf(m, i.Venue), "at", i.At,
		"state", t.p.Plain("question.state_"+string(i.State)))
	if i.State == briefings.InquiryMerged {
		if into := q.Get(i.Into); into != nil {
			html += "\n" + t.p.T("question.merged_into", "n", into.N, "text", clip(into.Text, 80))
		}
	}
	if i.Reply != "" {
		html += "\n" + t.p.T("question.reply_line", "text", i.Reply)
	}
	if i.State != briefings.InquiryNew && !i.Judged.IsZero() {
		by := t.p.Plain("request.by_admin")
		if judge, ok := roster.Member(i.By); ok {
			by = judge.Name
		}
		html += "\n" + t.p.T("question.by", "name", by, "at", i.Judged)
	}
	id, k := string(m.ID), strconv.Itoa(n)
	state := func(label string, to briefings.InquiryState) tgbotapi.InlineKeyboardButton {
		return button(t.p.Plain(label), "quest", id, "s", k, string(to))
	}
	var buttons []tgbotapi.InlineKeyboardButton
	switch i.State {
	case briefings.InquiryNew:
		buttons = append(buttons, state("btn.question_list", briefings.InquiryListed))
	case briefings.InquiryListed:
		buttons = append(buttons, state("btn.question_unlist", briefings.InquiryNew))
	}
	if !i.State.Decided() {
		buttons = append(buttons, state("btn.question_answered", briefings.InquiryAnswered), button(t.p.Plain("btn.question_write"), "quest", id, "w", k),
			button(t.p.Plain("btn.question_merge"), "quest", id, "m", k), state("btn.question_decline", briefings.InquiryDeclined))
	} else if i.State == briefings.InquiryAnswered {
		buttons = append(buttons, button(t.p.Plain("btn.question_write"), "quest", id, "w", k))
	}
	return t.show(html, rows(append(buttons, button(t.p.Plain("btn.question_all"), "quest", id, "l"))...))
}

// pickMerge asks into which question one goes: those that still wait first.
func (t *turn) pickMerge(m briefings.Meeting, q briefings.Inquiries, i briefings.Inquiry, page int) error {
	id, k := string(m.ID), strconv.Itoa(i.N)
	var open, decided []briefings.Inquiry
	for _, other := range q.List {
		switch {
		case other.N == i.N || other.State == briefings.InquiryMerged || other.State == briefings.InquiryWithdrawn:
		case other.State.Decided():
			decided = append(decided, other)
		default:
			open = append(open, other)
		}
	}
	list := append(open, decided...)
	if len(list) == 0 {
		return briefings.Refuse("question.alone")
	}
	pages := (len(list) + questionsPage - 1) / questionsPage
	page = (page%pages + pages) % pages
	markup := &tgbotapi.InlineKeyboardMarkup{}
	add := func(row ...tgbotapi.InlineKeyboardButton) { markup.InlineKeyboard = append(markup.InlineKeyboard, row) }
	for _, other := range list[page*questionsPage : min(len(list), (page+1)*questionsPage)] {
		add(button(clip(strconv.Itoa(other.N)+". "+vietnamese.Clean(other.Text), 60), "quest", id, "i", k, strconv.Itoa(other.N)))
	}
	if pages > 1 {
		add(button("◀", "quest", id, "m", k, strconv.Itoa((page+pages-1)%pages)), button("▶", "quest", id, "m", k, strconv.Itoa((page+1)%pages)))
	}
	add(button(t.p.Plain("btn.back"), "quest", id, "o", k))
	return t.show(t.p.T("question.pick_merge", "text", i.Text), markup)
}

// questionReplied takes the words of a written reply and shows them.
func (t *turn) questionReplied() error {
	var a answering
	if err := t.recall("qreply", &a); err != nil {
		return err
	}
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return err
	}
	m, err := t.watched(roster, a.Meeting)
	if err != nil {
		return err
	}
	q, err := t.Store.Inquiries(t.ctx, m.ID)
	if err != nil {
		return err
	}
	if a.Text = vietnamese.CleanText(t.message.Text); a.Text == "" {
		return t.tell("question.only_text")
	}
	if err := q.Judge(a.N, briefings.Verdict{State: briefings.InquiryReplied, Reply: a.Text}); err != nil { // on a copy: said before it is confirmed
		return err
	}
	if err := t.enter("qreply", a); err != nil {
		return err
	}
	id, k := string(m.ID), strconv.Itoa(a.N)
	_, err = t.say(t.p.T("question.reply_confirm", "question", q.Get(a.N).Text, "text", a.Text),
		grid(2, button(t.p.Plain("btn.send"), "quest", id, "r", k), button(t.p.Plain("btn.back"), "quest", id, "o", k)))
	return err
}

// hallList is what is read out or shown in the hall: no names.
func (t *turn) hallList(m briefings.Meeting) error {
	q, err := t.Store.Inquiries(t.ctx, m.ID)
	if err != nil {
		return err
	}
	list := q.Hall()
	if len(list) == 0 {
		return briefings.Refuse("question.hall_empty")
	}
	var lines []string
	for i, one := range list {
		lines = append(lines, t.p.T("question.hall_line", "i", i+1, "text", one.Text, "venue", venueOf(m, one.Venue)))
	}
	var markup *tgbotapi.InlineKeyboardMarkup
	if links := m.Watched(t.Now()); len(links) > 0 && t.PublicURL != "" {
		url := t.BoardURL(&m, links[0]) + "?view=questions&lang=" + string(t.p.Lang())
		markup = &tgbotapi.InlineKeyboardMarkup{InlineKeyboard: [][]tgbotapi.InlineKeyboardButton{{tgbotapi.NewInlineKeyboardButtonURL(t.p.Plain("btn.question_screen"), url)}}}
	}
	return t.sayLong(t.p.T("question.hall", "title", m.Title), lines, markup)
}
