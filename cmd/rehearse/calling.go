package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// bigRoom is the capacity of the halls in which nobody waits for a place.
const bigRoom = 3000

// callByButtons composes the conference by buttons alone, but for what has to be typed: the names, the number of places, the exact hour.
func (d *day) callByButtons() *composer {
	w := d.w
	c := &composer{day: d, who: w.organizer}
	clock := func(t time.Time) string { return t.In(w.zone).Format("15:04 02/01/2006") }
	c.fills = map[string]func(context.Context) error{
		"title": func(ctx context.Context) error { return c.say(ctx, title) },
		"time": func(ctx context.Context) error { // an hour of those that are offered; the right one is put in from the preview
			if err := c.pickDay(ctx, w.starts); err != nil {
				return err
			}
			return c.pick(ctx, ":")
		},
		"venue":    func(ctx context.Context) error { return c.venues(ctx) },
		"audience": func(ctx context.Context) error { return c.audience(ctx) },
		"chair":    func(ctx context.Context) error { return c.say(ctx, "Thường trực Tỉnh ủy") },
		"agenda": func(ctx context.Context) error {
			if err := c.say(ctx, "Thông tin thời sự trong nước và quốc tế\nNhiệm vụ trọng tâm quý IV"); err != nil {
				return err
			}
			return c.leave(ctx)
		},
		"deadline": func(ctx context.Context) error { return c.say(ctx, clock(w.deadline)) },
		"deputies": func(ctx context.Context) error { return c.push(ctx, "btn.wiz_yes") },
		"leave":    func(ctx context.Context) error { return c.push(ctx, "btn.wiz_leave_unit") },
		"summons": func(ctx context.Context) error {
			if err := c.push(ctx, "btn.wiz_sets"); err != nil {
				return err
			}
			if err := c.pick(ctx, group+" ("); err != nil {
				return err
			}
			c.counted(len(some(w.people, func(p *person) bool { return p.summoned })))
			return c.leave(ctx)
		},
	}
	return c
}

// venues puts the venues in, one by one: which is the main hall, how many places each has, whose people go there, who keeps it.
func (c *composer) venues(ctx context.Context) error {
	var names []string
	for _, v := range c.w.venues {
		names = append(names, v.name)
	}
	if err := c.say(ctx, strings.Join(names, "\n")); err != nil {
		return err
	}
	for i, v := range c.w.venues {
		if err := c.venue(ctx, i, v); err != nil {
			return fmt.Errorf("%s: %w", v.name, err)
		}
	}
	return c.leave(ctx)
}

func (c *composer) venue(ctx context.Context, i int, v *venue) error {
	if err := c.tap(ctx, fmt.Sprintf("%d. %s", i+1, v.name)); err != nil {
		return err
	}
	room := bigRoom
	if c.w.small > 0 && i == c.w.small {
		room = c.w.room
	}
	if err := c.push(ctx, "wiz.part_capacity"); err != nil {
		return err
	}
	if err := c.say(ctx, strconv.Itoa(room)); err != nil {
		return err
	}
	if i == 0 {
		if err := c.push(ctx, "wiz.part_main"); err != nil {
			return err
		}
	} else {
		if err := c.push(ctx, "wiz.part_units"); err != nil {
			return err
		}
		if err := c.pick(ctx, "☐ "+c.w.heads[v.head]+" ("); err != nil {
			return err
		}
		if err := c.leave(ctx); err != nil {
			return err
		}
	}
	if err := c.push(ctx, "wiz.part_officer"); err != nil {
		return err
	}
	if err := c.say(ctx, v.officer.code); err != nil {
		return err
	}
	if err := c.pick(ctx, v.officer.name); err != nil {
		return err
	}
	if err := c.leave(ctx); err != nil {
		return err
	}
	return c.push(ctx, "btn.wiz_venues")
}

// audience chooses by the tree: the whole organisation without the unit that stands by and the one that names its own people. One more is
// taken away by name and put back, and a group that is in already changes nothing. The count is wanted at every step.
func (c *composer) audience(ctx context.Context) error {
	w := c.w
	all := len(w.called) + len(w.quota)
	steps := []struct {
		do func() error
		n  int
	}{
		{func() error { return c.pick(ctx, w.opening(c.who, "wiz.whole_unit", "unit", rootUnit, "n", gap)) }, len(w.people)},
		{func() error { return c.push(ctx, "btn.wiz_minus_1") }, len(w.people)},
		{func() error { return c.pick(ctx, spare+" (") }, all},
		{func() error {
			beside, err := c.seek(ctx, w.heads[1]+" (")
			if err != nil {
				return err
			}
			return c.tapBeside(ctx, w.text(c.who, "btn.wiz_into"), beside)
		}, all},
		{func() error { return c.pick(ctx, delegates+" (") }, len(w.called)},
		{func() error { return c.push(ctx, "btn.wiz_people") }, len(w.called)},
		{func() error { return c.say(ctx, w.admin.code) }, len(w.called)},
		{func() error { return c.pick(ctx, w.admin.name) }, len(w.called) - 1},
		{func() error { return c.pick(ctx, w.admin.name) }, len(w.called)},
		{func() error { return c.push(ctx, "btn.wiz_minus_0") }, len(w.called)},
		{func() error { return c.push(ctx, "btn.wiz_sets") }, len(w.called)},
		{func() error { return c.pick(ctx, group+" (") }, len(w.called)},
		{func() error { return c.pick(ctx, group+" (") }, len(w.called)},
	}
	for i, step := range steps {
		if err := step.do(); err != nil {
			return fmt.Errorf("step %d: %w", i+1, err)
		}
		c.counted(step.n)
	}
	return c.leave(ctx)
}

// call composes the conference with a paper, mends the hour from the preview, and sends.
func (d *day) call(ctx context.Context) error {
	w, o := d.w, d.w.organizer
	c := d.callByButtons()
	if err := c.start(ctx, "btn.wiz_steps"); err != nil {
		return err
	}
	if err := c.tour(ctx); err != nil {
		return err
	}
	if err := c.finish(ctx, "title", "time", "venue", "audience", "chair", "agenda", "deadline", "deputies", "leave", "summons"); err != nil {
		return err
	}
	// Places that a unit fills with people of its choice are a line of the form.
	if err := c.say(ctx, fmt.Sprintf("Suất: %s %d", w.units[w.delegation()], places)); err != nil {
		return err
	}
	if err := c.attachPaper(ctx, programme); err != nil {
		return err
	}
	if err := c.preview(ctx, w.called); err != nil {
		return err
	}
	if err := c.push(ctx, "btn.edit"); err != nil {
		return err
	}
	c.fills = map[string]func(context.Context) error{
		"time": func(ctx context.Context) error {
			if err := c.pickDay(ctx, w.starts); err != nil {
				return err
			}
			return c.say(ctx, w.starts.In(w.zone).Format("15:04"))
		},
		"end": func(ctx context.Context) error { return c.say(ctx, w.ends().In(w.zone).Format("15:04 02/01/2006")) },
	}
	if err := c.finish(ctx, "time", "end"); err != nil {
		return err
	}
	if err := c.preview(ctx, w.called); err != nil {
		return err
	}
	preview := c.at
	if err := c.send(ctx, w.called); err != nil {
		return err
	}
	d.note("%d venues, %d people and 1 paper put in with %d taps and %d typed lines; the count was right at every step",
		len(w.venues), len(w.called), c.taps, c.lines)
	var err error
	if d.conference, err = d.begin(ctx, title, d.tally); err != nil {
		return err
	}
	return d.each(ctx, append(w.people[:len(w.people):len(w.people)], w.strangers...), func(ctx context.Context, p *person) error {
		after := 0
		if p == o {
			after = preview.ID // the preview shows the notice as well
		}
		return d.findCard(ctx, p, after)
	})
}

// findCard wants exactly one notice in the chat of everybody who was called and can be reached, and none in the others.
func (d *day) findCard(ctx context.Context, p *person, after int) error {
	notices, err := d.told(ctx, p, after, "📌")
	if err != nil {
		return err
	}
	_, called := d.tally.seats[p]
	want := 0
	if called && !p.blocks {
		want = 1
	}
	if len(notices) != want {
		return fmt.Errorf("has %d notices, must have %d", len(notices), want)
	}
	if want == 0 {
		return nil
	}
	card := notices[0]
	p.card, p.notice = card.ID, card.ID
	if !strings.Contains(card.Text, title) || !strings.Contains(card.Text, p.name) {
		return fmt.Errorf("the notice does not name the conference and the person: %s", card.Text)
	}
	place := "?"
	for line := range strings.Lines(card.Text) {
		if strings.HasPrefix(line, "📍") {
			_, place, _ = strings.Cut(strings.TrimSpace(line), ": ")
		}
	}
	if own := d.w.venues[p.venue].name; place != own {
		return fmt.Errorf("is called to %q, must be called to %q", place, own)
	}
	lead := "notice.lead_invite"
	if p.summoned {
		lead = "notice.lead_summon"
	}
	if want := d.w.text(p, lead, "org", rootUnit); !strings.Contains(card.Text, want) {
		return fmt.Errorf("the notice does not say %q: %s", want, card.Text)
	}
	return nil
}

// told are the bot's messages of a chat that begin in a certain way, after a message.
func (d *day) told(ctx context.Context, p *person, after int, begins string) ([]message, error) {
	chat, err := d.phones.chat(ctx, p.user, 0)
	if err != nil {
		return nil, err
	}
	var out []message
	for _, m := range chat {
		if m.From == "bot" && m.ID > after && strings.HasPrefix(m.Text, begins) {
			out = append(out, m)
		}
	}
	return out, nil
}

// remind moves the clock and lets the planner do what is due, then wants exactly one reminder in the chat of everybody it concerns
// and none in the others.
func (d *day) remind(ctx context.Context, at time.Time, key string, concerns func(*person) bool) error {
	last := map[*person]int{}
	for _, p := range d.w.people {
		chat, err := d.phones.chat(ctx, p.user, 1)
		if err != nil {
			return err
		}
		if len(chat) > 0 {
			last[p] = chat[len(chat)-1].ID
		}
	}
	if err := d.serveFrom(ctx, at); err != nil {
		return err
	}
	expected := some(d.w.people, concerns)
	words := func(p *person) string {
		if p.principal != nil && key == "remind.rsvp" {
			return d.w.opening(p, "remind.deputy", "name", p.principal.name, "title", title, "time_text", gap)
		}
		return d.w.opening(p, key, "title", title, "time_text", gap, "deadline", gap, "minutes", gap, "venue", gap)
	}
	if err := d.each(ctx, expected, func(ctx context.Context, p *person) error {
		_, err := d.phones.await(ctx, p.user, words(p), last[p])
		return err
	}); err != nil {
		return err
	}
	if err := d.phones.quiet(ctx, 700*time.Millisecond); err != nil {
		return err
	}
	return d.each(ctx, d.w.people, func(ctx context.Context, p *person) error {
		reminders, err := d.told(ctx, p, last[p], "")
		if err != nil {
			return err
		}
		want := 0
		if concerns(p) {
			want = 1
		}
		if len(reminders) != want {
			return fmt.Errorf("got %d messages with %s, must get %d", len(reminders), key, want)
		}
		return nil
	})
}

// remindSilent is a day and a bit before the answers end.
func (d *day) remindSilent(ctx context.Context) error {
	return d.remind(ctx, d.w.deadline.Add(-23*time.Hour), "remind.rsvp", func(p *person) bool {
		if p.principal != nil { // who was asked to be a deputy and said nothing
			return p.principal.deputySays == nothing && d.tally.seats[p.principal].standing() == sends
		}
		s, called := d.tally.seats[p]
		return called && !p.blocks && s.standing() == silent
	})
}

// remindComing is an hour and a half before the start.
func (d *day) remindComing(ctx context.Context) error {
	return d.remind(ctx, d.w.starts.Add(-90*time.Minute), "remind.soon", func(p *person) bool {
		if p.principal != nil { // a deputy who has not said no
			s := d.tally.seats[p.principal]
			return s.standing() == sends && p.principal.deputy == p
		}
		s, called := d.tally.seats[p]
		return called && !p.blocks && s.standing() == accepts
	})
}
