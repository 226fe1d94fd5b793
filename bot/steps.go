package bot

import (
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/bot/internal/form"
	"briefbot/bot/internal/wizard"
	"briefbot/briefings"
	"briefbot/briefings/vietnamese"
)

// wizardPressed goes through the dialogue of buttons. A button of another draft than the one at hand is stale.
func (t *turn) wizardPressed() error {
	if !t.holds(briefings.RoleOrganizer) {
		return briefings.Refuse("err.permission")
	}
	c, _, err := t.draft(composeMeeting)
	if err != nil {
		return err
	}
	if c.ID != t.args0() || len(t.args) < 2 {
		return t.toast("stale.step", "command", t.command("newmeeting"))
	}
	return t.step(c, wizard.Input{Verb: t.arg(1), Args: t.args[2:]})
}

// step takes what the person did, and keeps it if the form can read it. What cannot be read changes nothing: not the draft, not the
// place in the dialogue.
func (t *turn) step(c composing, in wizard.Input) error {
	switch {
	case in.Verb == "-":
		return nil
	case c.Update == t.update: // the program ended after it was taken in
		return t.screen(c)
	}
	in.Text = t.whole(c, in.Text)
	state, out := wizard.Step(c.At, in)
	switch {
	case out.Stale && in.Verb == "":
		return t.tell("wiz.tap_first")
	case out.Stale:
		return t.toast("stale.step", "command", t.command("newmeeting"))
	case out.Act == wizard.Drop:
		if err := t.drop(); err != nil {
			return err
		}
		return t.show(t.dropped(c), nil)
	}
	if in.Verb == "next" || len(out.Edits) > 0 {
		if state.Field != c.At.Field && state.Screen != wizard.Hub {
			t.said = c.At.Field
		}
	}
	c, err := t.edited(c, out.Edits)
	if err != nil {
		if r := briefings.AsRefusal(err); r != nil && r.Key == "send.refused_secret" {
			return t.secret(r)
		}
		return err
	}
	c.At, c.Update = state, t.update
	if out.Act == wizard.Preview {
		return t.drafted(c)
	}
	if err := t.keep(c.Kind, c); err != nil {
		return err
	}
	if c.At.Tour && c.Draft.Value(briefings.FieldLabel) == "" { // the title was typed where the label was asked: both are wanted, in this order
		return t.askLabel(c)
	}
	return t.screen(c)
}

// whole completes an hour that is typed alone: for the day that was picked, else for the day that the field says already.
func (t *turn) whole(c composing, text string) string {
	at := c.At
	if at.Screen != wizard.Hour && at.Screen != wizard.Calendar || at.Field == "end" || text == "" {
		return text
	}
	if _, _, err := vietnamese.ParseClock(text); err != nil {
		return text
	}
	day, ok := t.picked(dayLayout, at.Day)
	if !ok {
		known, err := vietnamese.ParseTime(c.Draft.Value(briefings.Field(at.Field)), t.Zone, t.now())
		if err != nil {
			return text
		}
		day = known.Time
	}
	return text + " " + vietnamese.Date(day)
}

// edited makes the edits on a copy of the draft, and refuses them with the first reason the form has against them.
func (t *turn) edited(c composing, edits []wizard.Edit) (composing, error) {
	if len(edits) == 0 {
		return c, nil
	}
	w, err := t.world()
	if err != nil {
		return c, err
	}
	next := c
	next.Draft = c.Draft.Clone()
	if parent, ok := strings.CutPrefix(edits[0].Value, "@"); ok && edits[0].Field == "relay" {
		t.takeOver(&next.Draft, briefings.MeetingID(parent))
	}
	for _, e := range edits {
		if e.Field == "files" {
			next.Files = withoutFile(c.Files, e.Index)
			continue
		}
		t.apply(&next.Draft, e)
	}
	known := map[string]bool{}
	for _, l := range c.Draft.Lines {
		known[l.Text] = true
	}
	m, complaints := w.Meeting(&next.Draft)
	for _, complaint := range complaints { // of a line that was there before, the person has been told
		if complaint.Text != "" && !known[complaint.Text] {
			return c, complaint.Why
		}
	}
	switch edits[0].Field {
	case "time", "end", "deadline":
		if r := w.Times(&next.Draft); r != nil {
			return c, r
		}
	case "audience":
		if err := t.inScope(w.Roster, w.Roster.Resolve(m.Audience)); err != nil {
			return c, err
		}
	}
	return next, nil
}

// apply makes one edit.
func (t *turn) apply(d *form.Draft, e wizard.Edit) {
	f := briefings.Field(e.Field)
	line := func(value string) form.Line { return form.Lined(f, t.p.Plain("field."+e.Field), value) }
	put := func(i int, value string) {
		if value == "" {
			d.Take(f, i)
			return
		}
		d.Put(i, line(value))
	}
	at := func(i int) string {
		if v := d.Values(f); i >= 0 && i < len(v) {
			return v[i]
		}
		return ""
	}
	switch e.Op {
	case wizard.Put:
		value := t.valueOf(e.Field, e.Value)
		if e.Field == "venue" {
			value = form.WithVenueName(at(e.Index), value)
		}
		put(e.Index, value)
	case wizard.Append:
		for text := range strings.Lines(e.Value) {
			if text = vietnamese.Clean(text); text != "" {
				put(len(d.Values(f)), text)
			}
		}
	case wizard.Take:
		d.Take(f, e.Index)
	case wizard.Term, wizard.Unterm:
		put(0, form.WithTerm(d.Value(f), e.Value, e.Op == wizard.Term))
	case wizard.PartPut, wizard.PartTake, wizard.PartTerm, wizard.PartDrop:
		t.applyPart(d, e)
	}
}

// takeOver fills what the draft does not say yet from the meeting that it relays.
func (t *turn) takeOver(d *form.Draft, parent briefings.MeetingID) {
	m, err := t.Store.Meeting(t.ctx, parent)
	if err != nil {
		return // the line itself says that there is no such meeting
	}
	fill := func(f briefings.Field, values ...string) {
		if len(d.Values(f)) > 0 {
			return
		}
		for i, v := range values {
			d.Put(i, form.Lined(f, t.p.Plain("field."+string(f)), v))
		}
	}
	fill(briefings.FieldTitle, m.Title.In(t.p.Lang()))
	fill(briefings.FieldTime, m.Starts.In(t.Zone).Format("15:04 02/01/2006"))
	if !m.Ends.IsZero() {
		fill(briefings.FieldEnd, m.Ends.In(t.Zone).Format("15:04 02/01/2006"))
	}
	fill(briefings.FieldAgenda, m.Agenda...)
	fill(briefings.FieldSpeaker, m.Speakers...)
}

// applyPart writes a part of a venue's line. Of the venues one is the main hall.
func (t *turn) applyPart(d *form.Draft, e wizard.Edit) {
	venues := d.Values(briefings.FieldVenue)
	if e.Index < 0 || e.Index >= len(venues) {
		return
	}
	put := func(i int, value string) {
		d.Put(i, form.Lined(briefings.FieldVenue, t.p.Plain("field.venue"), value))
	}
	line := venues[e.Index]
	if e.Part == "name" {
		put(e.Index, form.WithVenueName(line, e.Value))
		return
	}
	word := t.p.Plain("venuepart." + e.Part)
	switch {
	case e.Op == wizard.PartTake:
		put(e.Index, form.WithVenuePart(line, e.Part, ""))
	case e.Part == "main":
		for i, v := range venues {
			put(i, form.WithVenuePart(v, "main", ""))
		}
		put(e.Index, form.WithVenuePart(form.WithVenuePart(line, "main", ""), "main", word))
	case e.Op == wizard.PartPut:
		put(e.Index, form.WithVenuePart(line, e.Part, word+" "+form.OneLine(e.Value)))
	default:
		has, _ := form.VenuePart(line, e.Part)
		ids := strings.ReplaceAll(form.WithTerm(strings.Join(strings.FieldsFunc(has, func(r rune) bool { return r == ' ' || r == ',' }), ","),
			e.Value, e.Op == wizard.PartTerm), ",", "")
		if ids != "" {
			ids = word + " " + ids
		}
		put(e.Index, form.WithVenuePart(line, e.Part, ids))
	}
}

// valueOf is what a button's short value says in the form.
func (t *turn) valueOf(field, value string) string {
	switch field {
	case "deputies":
		if value == "y" || value == "n" {
			return t.p.Plain("wiz.value_" + value)
		}
	case "leave":
		if value == "free" || value == "organizer" || value == "unit" {
			return t.p.Plain("wiz.leave_" + value)
		}
	case "urgency":
		if u := briefings.Urgency(value); u == briefings.Urgent || u == briefings.VeryUrgent || u == briefings.Immediate {
			return t.p.Plain("urgency." + value)
		}
	case "relay":
		return t.origin(value)
	case "doc":
		for _, known := range form.Documents {
			if value == known {
				return t.p.Plain("wiz.doc_" + value)
			}
		}
	}
	return vietnamese.Clean(strings.Join(strings.Fields(value), " "))
}

func withoutFile(files []briefings.Material, i int) []briefings.Material {
	var out []briefings.Material
	for n, f := range files {
		if n != i {
			out = append(out, f)
		}
	}
	return out
}

// screen shows where the person is: in place of the message whose button was pressed, else below what was typed, and then the
// buttons of the screen above go.
func (t *turn) screen(c composing) error {
	html, markup, err := t.draw(c)
	if err != nil {
		return err
	}
	if t.query != nil && t.query.Message != nil {
		return t.show(html, markup)
	}
	id, err := t.say(html, keyboard(markup))
	if err != nil {
		return err
	}
	old := c.Screen
	c.Screen = id
	if err := t.keep(c.Kind, c); err != nil {
		return err
	}
	if old == 0 {
		return nil
	}
	if err := t.reply(func() error { return t.door.EditMarkup(t.ctx, t.chat(), old, nil) }); err != nil {
		t.Log.DebugContext(t.ctx, "old screen keeps its buttons", "update", t.update, "err", err) // they are stale or still right
	}
	return nil
}

// key makes a button of the dialogue.
func (c composing) key(text, verb string, args ...string) tgbotapi.InlineKeyboardButton {
	return button(text, "w", append([]string{c.ID, verb}, args...)...)
}
