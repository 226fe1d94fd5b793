package main

import (
	"context"
	"fmt"
	"time"
)

// judges finds who decides about a person's leave: the officer nearest above them, or the organizer.
func (w *world) judges(p *person) *person {
	if p.unit == w.delegation() {
		return w.quota[0]
	}
	if v := w.venues[p.head]; p.head%2 == 1 && v.officer != p {
		return v.officer
	}
	return w.organizer
}

// judge lets everybody decide about the leave they were asked for: some is granted, some denied, some left lying, which is neither.
func (d *day) judge(ctx context.Context) error {
	waiting := d.tally.waiting()
	if err := d.lie(ctx, d.w.organizer, len(waiting)); err != nil { // the organizer sees them all
		return err
	}
	asking := some(d.w.called, func(p *person) bool { return waiting[p] })
	if err := d.each(ctx, asking, d.judgeOne); err != nil {
		return err
	}
	if err := d.phones.quiet(ctx, 300*time.Millisecond); err != nil {
		return err
	}
	d.note("of %d who asked leave %d still wait for a decision", len(waiting), len(d.tally.waiting()))
	return d.lie(ctx, d.w.organizer, len(d.tally.waiting()))
}

// lie wants so many requests to lie before somebody who decides.
func (d *day) lie(ctx context.Context, p *person, n int) error {
	key, pairs := "request.none", []any(nil)
	if n > 0 {
		key, pairs = "request.list", []any{"n", n}
	}
	_, err := d.tell(ctx, p, "/xinvang", key, pairs...)
	return err
}

func (d *day) judgeOne(ctx context.Context, p *person) error {
	judge := d.w.judges(p)
	position := p.position
	if position == "" {
		position = d.w.text(judge, "member.plain")
	}
	asked, err := d.hear(ctx, judge, 0, "request.leave", "name", p.name, "position", position, "unit", gap, "title", title, "time_text", gap, "reason", gap)
	if err != nil {
		return err
	}
	button, said := "btn.approve", "rsvp.no_approved"
	switch p.leave {
	case pending:
		return nil
	case denied:
		button, said = "btn.refuse", "request.no_refused"
	case granted:
	}
	if _, err := d.press(ctx, judge, asked.ID, button); err != nil {
		return err
	}
	d.tally.judged(p, p.leave)
	if _, err := d.hear(ctx, p, p.card, said, "title", title, "contact", gap); err != nil {
		return fmt.Errorf("after %s: %w", button, err)
	}
	return nil
}
