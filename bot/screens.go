package bot

import (
	"slices"
	"strconv"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/bot/internal/form"
	"briefbot/bot/internal/view"
	"briefbot/bot/internal/wizard"
	"briefbot/briefings"
	"briefbot/briefings/i18n"
	"briefbot/briefings/richtext"
)

// page is a screen that is being drawn.
type page struct {
	*turn
	c      composing
	w      form.World
	m      briefings.Meeting // as far as it can be read
	bad    map[string]string // what the form has against a line, by its text
	html   string
	markup *tgbotapi.InlineKeyboardMarkup
}

// draw makes the screen on which the person is.
func (t *turn) draw(c composing) (string, *tgbotapi.InlineKeyboardMarkup, error) {
	w, err := t.world()
	if err != nil {
		return "", nil, err
	}
	g := &page{turn: t, c: c, w: w, bad: map[string]string{}, markup: rows()}
	tried := c.Draft.Clone()
	m, complaints := w.Meeting(&tried)
	g.m = m
	for _, complaint := range complaints {
		key, pairs := t.p.Refusal(complaint.Why)
		g.bad[complaint.Text] = t.p.T(key, pairs...)
	}
	switch c.At.Screen {
	case wizard.Text, wizard.Choice, wizard.Files:
		g.value()
	case wizard.Calendar, wizard.Hour:
		err = g.when()
	case wizard.List:
		g.list()
	case wizard.Venues:
		g.venues()
	case wizard.Venue:
		g.venue()
	case wizard.Tree:
		g.tree()
	case wizard.Sets:
		g.sets()
	case wizard.People:
		g.people()
	default:
		g.hub(c.At.Screen == wizard.More)
	}
	g.html = g.confirmed() + g.html
	return g.html, g.markup, err
}

// confirmed says what was taken just now, where the screen speaks of something else, and which step of how many this is.
func (g *page) confirmed() string {
	said := ""
	if f := g.said; f != "" && g.has(f) && g.c.At.Screen != wizard.Hub {
		said = g.p.T("wiz.taken", "field", g.name(f), "value", clip(g.inWords(f), 160)) + "\n\n"
	}
	return said + g.stepOf(g.c.At)
}

// stepOf says which step of the tour a screen is; nothing where the person goes their own way.
func (t *turn) stepOf(at wizard.State) string {
	i, n := at.Place()
	if i == 0 {
		return ""
	}
	return t.p.T("wiz.step", "i", i, "n", n) + "\n"
}

// firstStep is the question that comes before the first field, as the first step of the tour where there is one.
func (t *turn) firstStep(at wizard.State, key string) string {
	if _, n := at.Place(); at.Tour {
		return t.p.T("wiz.step", "i", 1, "n", n) + "\n" + t.p.T(key)
	}
	return t.p.T(key)
}

func (g *page) row(buttons ...tgbotapi.InlineKeyboardButton) {
	if len(buttons) > 0 {
		g.markup.InlineKeyboard = append(g.markup.InlineKeyboard, buttons)
	}
}

func (g *page) rows(more [][]tgbotapi.InlineKeyboardButton) {
	g.markup.InlineKeyboard = append(g.markup.InlineKeyboard, more...)
}

func (g *page) name(field string) string { return g.p.Plain("field." + field) }

// required are the fields without which there is no notice.
var required = []string{"title", "time", "venue", "audience", "label"}

// mark says at a glance how a field stands: refused or needed, there, or empty.
func (g *page) mark(field string) string {
	bad := slices.ContainsFunc(g.c.Draft.Lines, func(l form.Line) bool {
		return string(l.Field) == field && g.bad[l.Text] != ""
	})
	switch has := g.has(field); {
	case bad || !has && slices.Contains(required, field):
		return "❗"
	case has:
		return "✅"
	}
	return "▫️"
}

func (g *page) has(field string) bool {
	if field == "files" {
		return len(g.c.Files) > 0
	}
	return len(g.c.Draft.Values(briefings.Field(field))) > 0
}

// inWords is what a field says, in words that a person reads.
func (g *page) inWords(field string) string {
	values := g.c.Draft.Values(briefings.Field(field))
	for _, l := range g.c.Draft.Lines {
		if string(l.Field) == field && g.bad[l.Text] != "" { // as it was written, with the reason
			return clip(l.Value, 60) + " – " + plainOf(g.bad[l.Text])
		}
	}
	switch field {
	case "time":
		if !g.m.Starts.IsZero() {
			return g.p.Time(g.m.Starts)
		}
	case "end":
		if !g.m.Ends.IsZero() {
			if g.p.Date(g.m.Ends) != g.p.Date(g.m.Starts) {
				return g.p.Time(g.m.Ends)
			}
			return g.p.Clock(g.m.Ends)
		}
	case "deadline":
		if !g.m.Deadline.IsZero() {
			return g.p.Time(g.m.Deadline)
		}
	case "audience", "summons":
		terms := g.terms(field)
		if len(terms) > 0 {
			return g.p.Plain("wiz.people", "who", scopeWords(g.w.Roster, terms, g.p), "n", len(g.w.Roster.Resolve(terms)))
		}
	case "venue":
		var names []string
		for _, v := range values {
			names = append(names, form.VenueName(v))
		}
		return strings.Join(names, "; ")
	case "label":
		if g.m.Label != "" {
			return g.p.Plain("label." + string(g.m.Label))
		}
	case "doc":
		if g.m.DocType != "" {
			return g.p.Plain("doc." + g.m.DocType)
		}
	case "files":
		var names []string
		for _, f := range g.c.Files {
			names = append(names, f.Name)
		}
		return strings.Join(names, "; ")
	}
	return strings.Join(values, "; ")
}

// terms are the terms of a field; nil where they cannot be read.
func (g *page) terms(field string) briefings.Audience {
	a, err := briefings.ParseAudience(g.c.Draft.Value(briefings.Field(field)))
	if err != nil || g.w.Roster.Check(a) != nil {
		return nil
	}
	return a
}

// hub shows the whole draft and a button for every field.
func (g *page) hub(more bool) {
	common, rare := wizard.Fields()
	var lines []string
	for _, f := range append(slices.Clone(common), rare...) {
		if !g.has(f) && (slices.Contains(rare, f) || !slices.Contains(required, f)) {
			continue
		}
		lines = append(lines, g.p.T("wiz.line", "mark", g.mark(f), "field", g.name(f), "value", orDash(clip(g.inWords(f), 200))))
	}
	shown := common
	if more {
		shown = rare
	}
	var buttons []tgbotapi.InlineKeyboardButton
	for _, f := range shown {
		buttons = append(buttons, g.c.key(g.mark(f)+" "+g.name(f), "open", f))
	}
	g.rows(grid(2, buttons...).InlineKeyboard)
	if more {
		g.html = g.p.T("wiz.more")
		g.row(g.c.key(g.p.Plain("btn.back"), "hub"))
		return
	}
	hint := "wiz.hub_missing"
	if len(g.bad) == 0 {
		hint = "wiz.hub_ready"
	}
	g.html = g.p.T("wiz.hub", "lines", i18n.HTML(strings.Join(lines, "\n")), "hint", i18n.HTML(g.p.T(hint)))
	g.row(g.c.key(g.p.Plain("btn.wiz_more"), "more"), g.c.key(g.p.Plain("btn.wiz_drop"), wizard.Drop))
	g.row(g.c.key(g.p.Plain("btn.wiz_preview"), wizard.Preview))
}

// ways are the ways out of a field: on to the next or back to the whole, and emptying it.
func (g *page) ways() {
	var out []tgbotapi.InlineKeyboardButton
	f := g.c.At.Field
	if g.has(f) && f != "files" && f != "venue" { // a venue is taken off the list one by one
		out = append(out, g.c.key(g.p.Plain("btn.wiz_clear"), "clear"))
	}
	switch {
	case g.c.At.Tour && (g.has(f) || !slices.Contains(required, f)):
		out = append(out, g.c.key(g.p.Plain("btn.wiz_next"), "next"))
	case g.has(f) && (g.c.At.Screen == wizard.List || g.c.At.Screen == wizard.Venues || g.c.At.Screen == wizard.Files || f == "period"):
		out = append(out, g.c.key(g.p.Plain("btn.wiz_done"), "hub"))
		g.row(out...)
		return
	}
	g.row(append(out, g.c.key(g.p.Plain("btn.wiz_all"), "hub"))...)
}

// value asks for a field of one value.
func (g *page) value() {
	f := g.c.At.Field
	g.html = g.p.T("wiz.ask_" + f)
	if said := g.inWords(f); said != "" {
		g.html += "\n\n" + g.p.T("wiz.now", "value", said)
	}
	set := func(text, value string) tgbotapi.InlineKeyboardButton { return g.c.key(text, "set", value) }
	switch f {
	case "deputies":
		g.row(set(g.p.Plain("btn.wiz_yes"), "y"), set(g.p.Plain("btn.wiz_no"), "n"))
	case "leave":
		for _, rule := range []string{"free", "organizer", "unit"} {
			g.row(set(g.p.Plain("btn.wiz_leave_"+rule), rule))
		}
	case "late":
		var minutes []tgbotapi.InlineKeyboardButton
		for _, n := range []string{"5", "10", "15", "20", "30", "45"} {
			minutes = append(minutes, set(n, n))
		}
		g.rows(grid(3, minutes...).InlineKeyboard)
	case "urgency":
		for _, u := range []briefings.Urgency{briefings.Urgent, briefings.VeryUrgent, briefings.Immediate} {
			g.row(set("🔴 "+g.p.Plain("urgency."+string(u)), string(u)))
		}
	case "doc":
		var buttons []tgbotapi.InlineKeyboardButton
		for _, d := range form.Documents {
			buttons = append(buttons, set(g.p.Plain("doc."+d), d))
		}
		g.rows(rows(buttons...).InlineKeyboard)
	case "label":
		for _, l := range []string{string(briefings.Public), string(briefings.UnitOnly), "secret"} {
			g.row(button(g.p.Plain("label."+l), "label", g.c.Kind, l, g.c.ID))
		}
	case "period":
		g.rows(grid(2, g.periods()...).InlineKeyboard)
	case "relay":
		g.rows(rows(g.parents()...).InlineKeyboard)
	case "files":
		for i, file := range g.c.Files {
			g.row(g.c.key("🗑 "+clip(file.Name, 40), "del", strconv.Itoa(i)))
		}
	}
	g.ways()
}

// periods offers the periods around the meeting's day.
func (g *page) periods() []tgbotapi.InlineKeyboardButton {
	at := g.m.Starts
	if at.IsZero() {
		at = g.now()
	}
	year, month := at.Year(), int(at.Month())
	y := strconv.Itoa(year)
	offered := []string{at.Format("2006-01"), y + "-Q" + strconv.Itoa((month+2)/3), y + "-H" + strconv.Itoa((month+5)/6), y}
	chosen := g.c.Draft.Value(briefings.FieldPeriod)
	for _, p := range strings.Split(chosen, ",") {
		if p = strings.TrimSpace(p); p != "" && !slices.Contains(offered, p) {
			offered = append(offered, p)
		}
	}
	var buttons []tgbotapi.InlineKeyboardButton
	for _, p := range offered {
		mark, sign := "▫️ ", "+"
		if form.HasTerm(chosen, p) {
			mark, sign = "✅ ", "x"
		}
		buttons = append(buttons, g.c.key(mark+p, "set", p, sign))
	}
	return buttons
}

// when picks a day and its hour.
func (g *page) when() error {
	at, f := g.c.At, g.c.At.Field
	press := func(text, verb, value string) tgbotapi.InlineKeyboardButton { return g.c.key(text, verb, value) }
	if at.Screen == wizard.Hour {
		day, ok := g.picked(dayLayout, at.Day)
		after := g.now()
		if f == "end" {
			if g.m.Starts.IsZero() {
				g.html = g.p.T("wiz.time_first")
				g.row(g.c.key(g.name("time"), "open", "time"), g.c.key(g.p.Plain("btn.wiz_all"), "hub"))
				return nil
			}
			day, ok, after = g.m.Starts, true, g.m.Starts
		}
		if !ok {
			return briefings.Refuse("err.expired")
		}
		g.html = g.p.T("wiz.ask_hour", "field", g.name(f), "date", day)
		g.rows(g.hourRows(day, after, press))
		g.ways()
		return nil
	}
	month, ok := g.picked(monthLayout, at.Month)
	if !ok {
		month = g.now()
		if known := map[string]time.Time{"time": g.m.Starts, "deadline": g.m.Deadline}[f]; known.After(month) {
			month = known
		}
	}
	cal, err := g.Store.Calendar(g.ctx)
	if err != nil {
		return err
	}
	g.html = g.p.T("wiz.ask_"+f) + "\n" + g.p.T("picker.legend")
	if said := g.inWords(f); said != "" {
		g.html += "\n\n" + g.p.T("wiz.now", "value", said)
	}
	if f == "deadline" && !g.m.Starts.IsZero() {
		var quick []tgbotapi.InlineKeyboardButton
		for _, days := range []int{1, 2, 3} {
			d := g.m.Starts.AddDate(0, 0, -days)
			d = time.Date(d.Year(), d.Month(), d.Day(), 17, 0, 0, 0, g.Zone)
			if d.After(g.now()) {
				quick = append(quick, g.c.key(g.p.Short(d), "set", d.Format("15:04 02/01/2006")))
			}
		}
		g.row(quick...)
	}
	g.rows(g.monthRows(month, g.now(), cal, press))
	g.ways()
	return nil
}

// list shows the lines of a field that may have several.
func (g *page) list() {
	f := g.c.At.Field
	g.html = g.p.T("wiz.ask_" + f)
	for i, v := range g.c.Draft.Values(briefings.Field(f)) {
		g.html += "\n" + g.p.T("wiz.numbered", "i", i+1, "value", v)
		n := strconv.Itoa(i)
		g.row(g.c.key("✏️ "+strconv.Itoa(i+1)+". "+clip(v, 30), "item", n), g.c.key("🗑", "del", n))
	}
	if i := g.c.At.Index; i > 0 {
		g.html += "\n\n" + g.p.T("wiz.ask_line", "i", i)
	}
	g.ways()
}

// parents offers the meetings that the person is called to or looks after, as what this one relays.
func (g *page) parents() []tgbotapi.InlineKeyboardButton {
	list, err := g.Store.Meetings(g.ctx)
	if err != nil {
		return nil // only a convenience: the origin can be typed
	}
	var buttons []tgbotapi.InlineKeyboardButton
	for _, m := range list {
		if len(buttons) == 5 || !m.Expected(g.Now()) || m.Revision == 0 {
			continue
		}
		if _, _, err := g.Store.SeatOf(g.ctx, m.ID, g.member.ID); err != nil && !g.manages(m.Author, g.w.Roster) {
			continue
		}
		if main := m.MainVenue(); main != nil {
			buttons = append(buttons, g.c.key("📡 "+g.p.Short(m.Starts)+" · "+clip(m.Title.In(g.p.Lang()), 36), "set", "@"+string(m.ID)))
		}
	}
	return buttons
}

// plainOf takes the formatting out of a sentence that becomes a value of another.
func plainOf(html string) string {
	text, err := richtext.ParseHTML(html)
	if err != nil {
		return html
	}
	return text.Plain()
}

// origin writes what a relayed meeting's button carries as the form says it.
func (t *turn) origin(value string) string {
	id, ok := strings.CutPrefix(value, "@")
	if !ok {
		return value
	}
	m, err := t.Store.Meeting(t.ctx, briefings.MeetingID(id))
	if err != nil || m.MainVenue() == nil {
		return value
	}
	return form.OneLine(view.VenueLine(t.p, briefings.Meeting{Venues: []briefings.Venue{{Name: m.MainVenue().Name}}}, nil)) + "; " + t.p.Plain("wiz.relay_meeting") + " " + id
}
