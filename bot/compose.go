package bot

import (
	"encoding/json"
	"errors"
	"hash/crc32"
	"slices"
	"strconv"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/bot/internal/form"
	"briefbot/bot/internal/telegram"
	"briefbot/bot/internal/view"
	"briefbot/bot/internal/wizard"
	"briefbot/briefings"
	"briefbot/briefings/i18n"
	"briefbot/briefings/richtext"
)

// The two dialogues in which something is composed. Their names are also the first argument of the draft's buttons.
const (
	composeMeeting  = "meeting"
	composeBriefing = "briefing"
	composeWhen     = "when" // the draft stands, and the person is asked when it goes out
)

// composing is a draft and what will become of it. The subject's id is given when the draft begins, so that however often "send" is
// pressed, and whichever of the presses is handled again, one draft makes one subject.
type composing struct {
	ID    string     `json:"id"`
	Kind  string     `json:"kind"`
	Draft form.Draft `json:"draft"`
	// Update is the last message whose lines are in the draft. The same message once more, after a crash, must not be put in again: a
	// line that replaced an unreadable one would now replace its good neighbours.
	Update int `json:"update,omitempty"`

	At     wizard.State `json:"at,omitzero"`      // where the person is in the dialogue of buttons; zero: writes the form
	Screen int          `json:"screen,omitempty"` // the message that shows it
	// Preview is the message that says how many people it concerns, and Settled what it says once the draft is sent: when it goes out,
	// without the warnings.
	Preview int                  `json:"preview,omitempty"`
	Settled string               `json:"-"`
	Files   []briefings.Material `json:"files,omitempty"`
	Week    []form.Draft         `json:"week,omitempty"` // the meetings of a weekly schedule

	When  *briefings.Cadence `json:"when,omitempty"`  // what was chosen, while the person is asked about quiet hours
	Quiet string             `json:"quiet,omitempty"` // what they said: goInQuiet, waitForQuiet; "": they were not asked
}

// compose begins a draft. It is named after the update that begins it.
func (t *turn) compose(kind string) composing {
	return composing{ID: kind[:1] + base36(t.update), Kind: kind}
}

// fields are what the form of this draft may say.
func (c composing) fields() []briefings.Field {
	if c.Kind == composeBriefing {
		return form.BriefingFields
	}
	return form.MeetingFields
}

// begun reports whether there is anything in the draft that it would be a pity to lose: more than its label.
func (c composing) begun() bool {
	return len(c.Files) > 0 || len(c.Week) > 0 || c.Draft.Body != "" ||
		slices.ContainsFunc(c.Draft.Lines, func(l form.Line) bool { return l.Field != briefings.FieldLabel })
}

// stamp tells one state of a draft from another, so that a button of an old preview cannot send a newer text.
func (c composing) stamp() string {
	c.At, c.Screen, c.Preview = wizard.State{}, 0, 0 // where the person looks changes nothing of what is sent
	raw, _ := json.Marshal(c)                        // a draft of strings always marshals
	return strconv.FormatUint(uint64(crc32.ChecksumIEEE(raw)), 36)
}

// newMeeting starts a meeting's draft: from the form that came with the command, or with an explanation of the form.
func (t *turn) newMeeting() error {
	c := t.compose(composeMeeting)
	if t.args0() == "" {
		return t.startMeeting()
	}
	if form.IsLetter(t.args0()) {
		return t.letter(c, t.args0())
	}
	c.Draft.Lines = form.Scan(t.args0(), form.MeetingFields)
	return t.drafted(c)
}

// newBriefing starts a briefing's draft likewise. The body keeps the formatting it was typed with.
func (t *turn) newBriefing() error {
	c := t.compose(composeBriefing)
	if t.args0() == "" {
		if err := t.keep(c.Kind, c); err != nil {
			return err
		}
		return t.tell("form.briefing_help")
	}
	from := len(t.message.Text) - len(t.args0())
	head, body := t.parts(from)
	c.Draft.Lines, c.Draft.Body = form.Scan(head, form.BriefingFields), body
	return t.drafted(c)
}

// parts takes a message apart, from a byte on, into its lines of keys and its formatted body.
func (t *turn) parts(from int) (head, body string) {
	text := t.message.Text
	head, at := form.Split(text[from:])
	at += from
	if at >= len(text) {
		return head, ""
	}
	return head, t.formatted(at)
}

// formatted is the message's text from a byte on, with the formatting it was typed with, as HTML.
func (t *turn) formatted(from int) string {
	var entities []richtext.Entity
	for _, e := range t.message.Entities {
		entities = append(entities, richtext.Entity{Type: e.Type, Offset: e.Offset, Length: e.Length, URL: e.URL, Language: e.Language})
	}
	whole := richtext.FromEntities(t.message.Text, entities)
	return whole.Cut(from, len(t.message.Text)).Trim().HTML()
}

// meetingTyped takes what is typed while a meeting is composed: a letter, lines of the form, or what the screen asks for.
func (t *turn) meetingTyped() error {
	c, _, err := t.draft(composeMeeting)
	if err != nil {
		return err
	}
	if !t.holds(briefings.RoleOrganizer) {
		return briefings.Refuse("err.permission")
	}
	if t.message.Document != nil || len(t.message.Photo) > 0 {
		return t.attach(c)
	}
	text := t.message.Text
	if text == "" {
		return t.tell("form.text_only")
	}
	if c.Update == t.update { // its words are in already
		return t.shown(c)
	}
	if form.IsLetter(text) {
		return t.letter(c, text)
	}
	lines := form.Scan(text, form.MeetingFields)
	switch known := form.Knows(lines); {
	case known:
		c.Draft.Amend(lines)
		c.Update = t.update
		c.At = c.At.Rest()
		return t.shown(c)
	case c.At.Waits():
		return t.step(c, wizard.Input{Text: text})
	}
	if slips := form.Slips(lines, form.MeetingFields); len(slips) > 0 {
		return t.complain(slips)
	}
	if c.At.Screen == "" {
		return t.tell("form.not_lines")
	}
	return t.step(c, wizard.Input{Text: text})
}

// shown answers with where the draft stands: its screen in the dialogue of buttons, else what drafted says.
func (t *turn) shown(c composing) error {
	if c.At.Screen == "" {
		return t.drafted(c)
	}
	if err := t.keep(c.Kind, c); err != nil {
		return err
	}
	if t.continues(c) {
		return nil
	}
	return t.screen(c)
}

// briefingTyped takes later lines, or the body, of a briefing's draft.
func (t *turn) briefingTyped() error {
	c, _, err := t.draft(composeBriefing)
	if err != nil {
		return err
	}
	if t.message.Text == "" {
		return t.tell("form.text_only")
	}
	head, body := t.parts(0)
	lines := form.Scan(head, form.BriefingFields)
	slips := form.Slips(lines, form.BriefingFields)
	switch {
	case c.Update == t.update: // its lines are in already
	case len(slips) > 0 && len(slips) == len(lines) && body == "": // lines that were meant for the form, and no text
		return t.complain(slips)
	case form.Knows(lines):
		c.Draft.Amend(lines)
		if body != "" {
			c.Draft.Body = body
		}
	default:
		c.Draft.Body = t.formatted(0)
	}
	c.Update = t.update
	return t.drafted(c)
}

// world is what drafts are read against.
func (t *turn) world() (form.World, error) {
	roster, err := t.Store.Roster(t.ctx)
	if err != nil {
		return form.World{}, err
	}
	return form.World{Roster: roster, Zone: t.Zone, Now: t.now()}, nil
}

// drafted keeps the draft and answers it: with what cannot be read, with the question for the label, or with the preview.
func (t *turn) drafted(c composing) error {
	if !t.holds(briefings.RoleOrganizer) { // the role may have been taken away since the draft was begun
		return briefings.Refuse("err.permission")
	}
	w, err := t.world()
	if err != nil {
		return err
	}
	var m briefings.Meeting
	var b briefings.Briefing
	var complaints []form.Complaint
	if c.Kind == composeMeeting {
		m, complaints = w.Meeting(&c.Draft)
	} else {
		b, complaints = w.Briefing(&c.Draft)
	}
	for _, complaint := range complaints {
		if complaint.Why.Key == "send.refused_secret" { // nothing of it is kept
			return errors.Join(t.drop(), t.secret(complaint.Why))
		}
	}
	if err := t.keep(c.Kind, c); err != nil {
		return err
	}
	switch {
	case t.continues(c):
		return nil
	case len(complaints) == 1 && complaints[0].Why.Key == "send.ask_label":
		return t.askLabel(c)
	case len(complaints) > 0:
		return t.complain(complaints, t.pruneButton(c)...)
	case c.Kind == composeMeeting:
		return t.previewMeeting(c, w, m)
	}
	return t.previewBriefing(c, w, b)
}

// continues reports whether the person has sent further lines of the draft already. Their answer speaks of the whole draft; an
// answer in between would complain about a line that is mended.
func (t *turn) continues(c composing) bool {
	for _, u := range telegram.Waiting(t.ctx) {
		if u.Message != nil && form.Knows(form.Scan(u.Message.Text, c.fields())) {
			if _, _, command := commandOf(u.Message.Text); !command {
				return true
			}
		}
	}
	return false
}

// pruneButton offers to go on without the lines whose key nobody knows, where there are any.
func (t *turn) pruneButton(c composing) []tgbotapi.InlineKeyboardButton {
	if !slices.ContainsFunc(c.Draft.Lines, func(l form.Line) bool { return l.Field == "" }) {
		return nil
	}
	return []tgbotapi.InlineKeyboardButton{button(t.p.Plain("btn.drop_unknown"), "draft", c.Kind, "prune", c.stamp())}
}

// complain names every line that cannot be read; the rest is kept.
func (t *turn) complain(complaints []form.Complaint, buttons ...tgbotapi.InlineKeyboardButton) error {
	var lines []string
	for _, c := range complaints {
		key, pairs := t.p.Refusal(c.Why)
		why := i18n.HTML(t.p.T(key, pairs...))
		if c.Text == "" {
			lines = append(lines, t.p.T("form.complaint_whole", "why", why))
		} else {
			lines = append(lines, t.p.T("form.complaint", "line", clip(c.Text, 120), "why", why))
		}
	}
	_, err := t.say(t.p.T("form.complaints", "n", len(lines), "lines", i18n.HTML(strings.Join(lines, "\n"))), rows(buttons...))
	return err
}

// askLabel asks how far the text may spread. There is a third button for stamped papers: it leads to the refusal, not to a draft.
func (t *turn) askLabel(c composing) error {
	text := t.p.T("send.ask_label")
	if !c.begun() || c.At.Tour { // nothing is to be sent yet
		text = t.firstStep(c.At, "wiz.ask_label")
	}
	markup := rows(button(t.p.Plain("label.public"), "label", c.Kind, string(briefings.Public), c.ID),
		button(t.p.Plain("label.internal"), "label", c.Kind, string(briefings.UnitOnly), c.ID),
		button(t.p.Plain("label.secret"), "label", c.Kind, "secret", c.ID))
	_, err := t.say(text, markup)
	return err
}

// labelPressed takes the label of the draft whose question it was, not of one that was begun since.
func (t *turn) labelPressed() error {
	c, _, err := t.draft(t.args0())
	if err != nil {
		return err
	}
	if c.ID != t.arg(2) {
		return t.toast("stale.step", "command", t.command("newmeeting"))
	}
	switch label := briefings.Label(t.arg(1)); label {
	case briefings.Public, briefings.UnitOnly:
		c.Draft.Take(briefings.FieldLabel, -1)
		c.Draft.Put(0, form.Lined(briefings.FieldLabel, t.p.Plain("field.label"), t.p.Plain("label.value_"+string(label))))
		if c.Kind == composeWeek {
			return errors.Join(t.keep(c.Kind, c), t.weekHelp(c))
		}
		if c.At.Screen == wizard.Choice { // the label was opened from the whole
			c.At = wizard.State{Screen: wizard.Hub}
		}
		if c.At.Screen != "" {
			t.said = "label"
			return t.shown(c)
		}
		if err := t.show(t.p.T("label.chosen", "label", t.p.Plain("label."+string(label))), nil); err != nil {
			return err
		}
		return t.shown(c)
	case "secret":
		return errors.Join(t.drop(), t.show(t.p.T("send.refused_secret", "label", t.p.Plain("label.stamps")), nil))
	}
	return t.toast("err.expired")
}

// secret refuses a message that carries a stamp of secrecy, and keeps nothing of it, not even the message in the chat. What was under
// way before it is not touched. Who sent it is logged, what it said is not.
func (t *turn) secret(why *briefings.Refusal) error {
	t.Log.WarnContext(t.ctx, "stamped text refused", "update", t.update, "member", string(t.member.ID))
	if t.message != nil {
		if err := t.door.Delete(t.ctx, t.chat(), t.message.MessageID); err != nil {
			t.Log.WarnContext(t.ctx, "stamped message not deleted", "update", t.update, "err", err)
		}
	}
	if err := t.refuse(why); err != nil {
		return err
	}
	if name, err := t.current(); err != nil || name == "" {
		return err
	}
	return t.tell("send.draft_stays")
}

// stamped finds a stamp of secrecy in what somebody sends: in its text, in a file's caption or in its name.
func stamped(m *tgbotapi.Message) *briefings.Refusal {
	stamp := form.Stamp(m.Text + m.Caption) // a message has one of them
	if stamp == "" && m.Document != nil {
		stamp = form.StampName(m.Document.FileName)
	}
	if stamp == "" {
		return nil
	}
	return briefings.Refuse("send.refused_secret", "label", stamp)
}

// inScope refuses an audience that reaches beyond the units the person organizes.
func (t *turn) inScope(roster *briefings.Roster, audience []briefings.Member) error {
	outside := 0
	for _, m := range audience {
		if !t.over(briefings.RoleOrganizer, m.Unit, roster.Tree()) {
			outside++
		}
	}
	if outside > 0 {
		return briefings.Refuse("audience.out_of_scope", "n", outside)
	}
	return nil
}

func (t *turn) previewMeeting(c composing, w form.World, m briefings.Meeting) error {
	audience := w.Roster.Resolve(m.Audience)
	if err := errors.Join(t.inScope(w.Roster, audience), t.quotasInScope(w.Roster, m)); err != nil {
		return err
	}
	t.sign(&m)
	m.Materials = c.Files
	cal, err := t.Store.Calendar(t.ctx)
	if err != nil {
		return err
	}
	card := view.Notice(t.p, view.Card{
		Meeting: m, Venue: t.ownVenue(m, w.Roster), To: t.member, Org: t.Org, Issuer: issuer(w.Roster, m, t.p),
		Summoned: w.Roster.Includes(m.Summons, t.member),
	})
	if err := t.allFit(m, w.Roster, audience); err != nil {
		return err
	}
	if _, err := t.say(card, nil); err != nil {
		return err
	}
	stamp := c.stamp()
	markup := &tgbotapi.InlineKeyboardMarkup{InlineKeyboard: [][]tgbotapi.InlineKeyboardButton{
		{button(t.p.Plain("btn.send"), "draft", c.Kind, "send", stamp), button(t.p.Plain("btn.schedule"), "draft", c.Kind, "when", stamp)},
		{button(t.p.Plain("btn.edit"), "draft", c.Kind, "edit", stamp), button(t.p.Plain("btn.cancel"), "draft", c.Kind, "drop", stamp)},
	}}
	html := t.previewText("send.preview", w.Roster, audience, m.Audience, m.Label, t.p.Plain("when.ask"))
	return t.sayPreview(c, html, t.warnings(c, m, w, audience, cal), markup)
}

// sign says who calls a meeting, so that the preview and what goes out say the same.
func (t *turn) sign(m *briefings.Meeting) {
	m.Author, m.Issuer, m.Contact = t.member.ID, t.member.Unit, t.Contact
}

func (t *turn) ownVenue(m briefings.Meeting, roster *briefings.Roster) *briefings.Venue {
	return m.Venue(m.VenueFor(t.member.Unit, roster.Tree()))
}

// quietly warns that what would go out at a moment has to wait.
func (t *turn) quietly(kind briefings.Kind, at time.Time) []string {
	calm, err := t.Store.Calm(t.ctx)
	if err != nil { // it is a warning; the planner asks again
		t.Log.WarnContext(t.ctx, "quiet hours not read", "err", err)
	}
	if !calm.Quiet(kind, at) {
		return nil
	}
	until := calm.End(kind, at)
	switch now, rest := !at.After(t.Now()), calm.Resting(kind, at); {
	case now && rest:
		return []string{t.p.T("send.noon_hold", "time", until)}
	case now:
		return []string{t.p.T("send.quiet_hold", "time", until)}
	case rest:
		return []string{t.p.T("warn.noon", "time", until)}
	}
	return []string{t.p.T("warn.quiet", "time", until)}
}

// scopeWords says an audience in words.
func scopeWords(roster *briefings.Roster, a briefings.Audience, p view.Voice) string {
	var words []string
	for _, term := range a {
		word := ""
		switch term.Kind {
		case briefings.TermAll:
			word = p.Plain("audience.all")
		case briefings.TermUnit:
			word = roster.Tree().Name(briefings.UnitID(term.Name)).In(p.Lang())
		case briefings.TermOnly:
			word = p.Plain("audience.only", "unit", roster.Tree().Name(briefings.UnitID(term.Name)))
		case briefings.TermGroup:
			g, _ := roster.Group(briefings.GroupID(term.Name))
			word = g.Name.In(p.Lang())
		case briefings.TermTopic:
			topic, _ := roster.Topic(term.Name)
			word = p.Plain("audience.followers", "topic", topic.Name)
		case briefings.TermRole:
			word = p.Plain("role." + term.Name)
		case briefings.TermMember:
			m, _ := roster.Member(briefings.MemberID(term.Name))
			word = m.Name
		}
		if term.Exclude {
			word = p.Plain("audience.without", "what", word)
		}
		words = append(words, word)
	}
	return strings.Join(words, ", ")
}

func (t *turn) previewBriefing(c composing, w form.World, b briefings.Briefing) error {
	audience := w.Roster.Resolve(b.To())
	if err := t.inScope(w.Roster, audience); err != nil {
		return err
	}
	if len(audience) == 0 {
		return briefings.Refuse("audience.nobody")
	}
	for _, lang := range []briefings.Lang{briefings.Vietnamese, briefings.English} {
		if err := t.fits(t.briefingCard(t.printer(briefings.Member{Lang: lang}, ""), w.Roster, b, t.now(), true), messageLimit); err != nil {
			return err
		}
	}
	card := t.briefingCard(t.p, w.Roster, b, t.now(), false)
	if _, err := t.say(card, nil); err != nil {
		return err
	}
	stamp := c.stamp()
	send := "btn.send"
	when := t.p.Plain("when.ask")
	var warn []string
	if b.Cadence.Every != "" {
		when = view.Cadence(t.p, b.Cadence, t.now())
		if b.Cadence.Every != briefings.Once || b.Cadence.At.After(t.Now().Add(time.Minute)) {
			send = "btn.confirm"
		}
		slots, err := t.slots(b.Cadence, 1)
		if err != nil {
			return err
		}
		if len(slots) == 0 && b.Cadence.Every != briefings.Once {
			return briefings.Refuse("cadence.never")
		}
		for _, s := range slots {
			if !b.Urgency.Presses() {
				warn = t.quietly(briefings.KindBriefing, s.At)
			}
		}
	}
	if b.Urgency.Presses() {
		warn = append(warn, t.urgently())
	}
	markup := &tgbotapi.InlineKeyboardMarkup{InlineKeyboard: [][]tgbotapi.InlineKeyboardButton{
		{button(t.p.Plain(send), "draft", c.Kind, "send", stamp), button(t.p.Plain("btn.schedule"), "draft", c.Kind, "when", stamp)},
		{button(t.p.Plain("btn.edit"), "draft", c.Kind, "edit", stamp), button(t.p.Plain("btn.cancel"), "draft", c.Kind, "drop", stamp)},
	}}
	return t.sayPreview(c, t.previewText("send.preview", w.Roster, audience, b.To(), b.Label, when), warn, markup)
}

// draftPressed acts on a preview: send, schedule, edit, drop. A button of an older preview is stale.
func (t *turn) draftPressed() error {
	if !t.holds(briefings.RoleOrganizer) {
		return briefings.Refuse("err.permission")
	}
	c, _, err := t.draft(t.args0())
	if err != nil {
		return err
	}
	if c.stamp() != t.arg(2) {
		return t.toast("form.stale")
	}
	switch t.arg(1) {
	case "send":
		c.Quiet = ""
		return t.send(c, nil)
	case goInQuiet, waitForQuiet:
		c.Quiet = t.arg(1)
		return t.send(c, c.When)
	case "when":
		if err := t.keep(composeWhen, c); err != nil {
			return err
		}
		return t.askWhen(c)
	case "at":
		return t.at(c, t.arg(3))
	case "edit":
		if err := t.keep(c.Kind, c); err != nil {
			return err
		}
		if c.Kind == composeMeeting {
			c.At = wizard.State{Screen: wizard.Hub}
			return t.shown(c)
		}
		return t.tell("form.edit_hint", "lines", t.linesOf(c))
	case "prune":
		c.Draft.Lines = slices.DeleteFunc(c.Draft.Lines, func(l form.Line) bool { return l.Field == "" })
		return errors.Join(t.clearPreview(), t.drafted(c))
	case "drop":
		return errors.Join(t.drop(), t.show(t.dropped(c), nil))
	}
	return t.toast("err.expired")
}

// linesOf writes a draft's lines as they can be sent again.
func (t *turn) linesOf(c composing) string {
	var out []string
	for _, l := range c.Draft.Lines {
		if text := l.Text; text != l.Value || l.Field == "" {
			out = append(out, text)
			continue
		}
		out = append(out, t.p.Plain("field."+string(l.Field))+": "+l.Value) // a button wrote it, without its key
	}
	return strings.Join(out, "\n")
}
