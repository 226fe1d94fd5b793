package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

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
	d.note("%d reminded once, nobody else", len(expected))
	words := func(p *person) string {
		if p.principal != nil && key == "remind.rsvp" {
			return d.w.opening(p, "remind.deputy", "name", p.principal.name, "title", title, "time_text", gap)
		}
		if p.waits && key == "remind.soon" { // who waits for a place reads so, and is not called to the hall
			return d.w.opening(p, "remind.waiting", "title", title, "time_text", gap, "venue", gap)
		}
		return d.w.opening(p, key, "title", title, "time_text", gap, "deadline", gap, "left", gap, "venue", gap)
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
		reminders = slices.DeleteFunc(reminders, func(m message) bool { return d.pressing(m, p) })
		want := 0
		if concerns(p) {
			want = 1
		}
		if len(reminders) != want {
			var texts []string
			for _, m := range reminders {
				texts = append(texts, tail(m.Text, 200))
			}
			return fmt.Errorf("got %d messages with %s, must get %d: %s", len(reminders), key, want, strings.Join(texts, " | "))
		}
		return nil
	})
}

// pressing reports whether a message puts a leave once more that waits for somebody to decide, as it is put before the start.
func (d *day) pressing(m message, to *person) bool {
	for p := range d.tally.waiting() {
		if strings.HasPrefix(m.Text, d.w.opening(to, "request.leave", "name", p.name, "position", gap, "unit", gap, "title", gap, "time_text", gap, "reason", gap)) {
			d.mu.Lock()
			d.urged[p] = true
			d.mu.Unlock()
			return true
		}
	}
	return false
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
	d.urged = map[*person]bool{}
	if err := d.remind(ctx, d.w.starts.Add(-90*time.Minute), "remind.soon", func(p *person) bool {
		if p.principal != nil { // a deputy who has not said no
			s := d.tally.seats[p.principal]
			return s.standing() == sends && p.principal.deputy == p
		}
		s, called := d.tally.seats[p]
		return called && !p.blocks && s.standing() == accepts
	}); err != nil {
		return err
	}
	waiting := d.tally.waiting()
	for p := range waiting {
		if !d.urged[p] {
			d.complain("%s (%s): the leave that waits was not put once more the day before", p.name, p.code)
		}
	}
	d.note("%d leaves that wait for a decision were put once more", len(waiting))
	return nil
}
