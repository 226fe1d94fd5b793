package main

import (
	"context"
	"fmt"
	"strings"
)

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
