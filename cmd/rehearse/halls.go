package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"briefbot/briefings"
)

// fillHall lets three people choose the small hall, in which one place is left: the first has it, the others wait. The second goes where
// there is room; somebody of the hall asks leave, and the third is told of the place.
func (d *day) fillHall(ctx context.Context) error {
	w := d.w
	if w.small == 0 {
		return nil
	}
	hall := w.venues[w.small].name
	movers := some(w.called, func(p *person) bool {
		return p.venue != w.small && !w.official(p) && p.wants == accepts && p.comes && !p.afterReminder && p.elsewhere < 0 &&
			d.tally.seats[p].answer == accepts
	})
	leaving := some(w.called, func(p *person) bool {
		return p.venue == w.small && !w.official(p) && p.wants == accepts && d.tally.seats[p].answer == accepts
	})
	if len(movers) < 3 || len(leaving) == 0 {
		return nil // a conference too small for it
	}
	wait := make([]message, 3)
	for i, p := range movers[:3] {
		if _, err := d.press(ctx, p, p.card, "btn.switch_venue"); err != nil {
			return err
		}
		offer := w.text(p, "venue.expected_of", "venue", hall, "n", d.tally.expects(w.small), "capacity", w.room)
		if i == 2 { // one waits already
			offer = w.text(p, "venue.expected_waiting", "venue", hall, "n", w.room, "capacity", w.room, "queued", 1)
		}
		said, err := d.phones.tap(ctx, p.user, offer, p.card)
		if err != nil {
			return err
		}
		key := "venue.switched"
		if i > 0 {
			key = "venue.switched_waiting"
		}
		if want := w.text(p, key, "venue", hall); said.Text != want {
			return fmt.Errorf("after the choice of a venue the bot said %q, not %q", said.Text, want)
		}
		d.moved(p, w.small)
		if i == 0 {
			continue
		}
		if wait[i], err = d.hear(ctx, p, p.card, "venue.full_near", "venue", hall, "capacity", w.room, "place", i, "near", gap); err != nil {
			return err
		}
	}
	if err := d.goNear(ctx, movers[1], wait[1]); err != nil {
		return err
	}
	leaver := leaving[0]
	leaver.wants, leaver.comes, leaver.locked, leaver.leave = leaves, false, false, pending
	if _, err := d.press(ctx, leaver, leaver.card, "btn.rsvp_change"); err != nil {
		return err
	}
	if err := d.askLeave(ctx, leaver, briefings.WorkTrip, ""); err != nil {
		return err
	}
	d.note("3 chose %s with 1 place left: 1 has it, 1 went where there is room, 1 waited and got the place that was given back", hall)
	_, err := d.hear(ctx, movers[2], wait[2].ID, "venue.place", "venue", hall, "title", title, "time_text", gap)
	return err
}

// goNear takes the offer of the venue with room.
func (d *day) goNear(ctx context.Context, p *person, m message) error {
	for i, v := range d.w.venues {
		if label := d.w.text(p, "btn.switch_to", "venue", v.name); len(m.Buttons) == 1 && m.Buttons[0][0].Text == label {
			if _, err := d.phones.tap(ctx, p.user, label, m.ID); err != nil {
				return err
			}
			d.moved(p, i)
			return nil
		}
	}
	return fmt.Errorf("no venue with room is offered: %v", m.Buttons)
}

// moved notes that somebody will come to another venue.
func (d *day) moved(p *person, venue int) {
	p.venue = venue
	d.tally.moves(p, venue)
}

// troubled is the venue where something does not work; mended the one where it was a mistake.
func (w *world) troubled() int { return 1 }
func (w *world) mended() int   { return (w.troubled() + 1) % len(w.venues) }

// officers are those of all venues.
func (w *world) officers() []*person {
	var all []*person
	for _, v := range w.venues {
		all = append(all, v.officer)
	}
	return all
}

// makeReady is an hour before the start: every hall's officer is asked and says what works.
func (d *day) makeReady(ctx context.Context) error {
	return d.askHalls(ctx, d.w.starts.Add(-55*time.Minute), func(ctx context.Context, p *person, asked int) error {
		switch p.venue {
		case d.w.troubled():
			if err := d.says(ctx, p, asked, "btn.bad_sound", "🔴"); err != nil {
				return err
			}
			if _, err := d.press(ctx, p, asked, "btn.incident"); err != nil {
				return err
			}
			if _, err := d.hear(ctx, p, asked, "ready.ask_incident", "venue", d.w.venues[p.venue].name, "max", gap); err != nil {
				return err
			}
			_, err := d.tell(ctx, p, incident, "ready.ask", "venue", d.w.venues[p.venue].name, "title", title, "time", gap)
			return err
		case d.w.mended():
			if err := d.says(ctx, p, asked, "btn.bad_line", "🔴"); err != nil {
				return err
			}
			if err := d.says(ctx, p, asked, "btn.good_line", "🟡"); err != nil {
				return err
			}
		}
		return d.says(ctx, p, asked, "btn.ready_all", "🟢")
	})
}

const incident = "Micro <chính> hỏng & chưa có máy thay"

// readyAgain is ten minutes before the start: the organizer has been told once of the hall that is not ready, which is mended now.
func (d *day) readyAgain(ctx context.Context) error {
	o, bad := d.w.organizer, d.w.troubled()
	err := d.askHalls(ctx, d.w.starts.Add(-9*time.Minute), func(ctx context.Context, p *person, asked int) error {
		if p.venue != bad {
			return d.says(ctx, p, asked, "", "🟢")
		}
		if _, err := d.hear(ctx, o, 0, "ready.red", "venue", d.w.venues[bad].name, "title", gap, "time", gap, "bad", gap, "incident", gap, "staff", gap); err != nil {
			return err
		}
		if err := d.says(ctx, p, asked, "btn.incident_over", "🔴"); err != nil {
			return err
		}
		return d.says(ctx, p, asked, "btn.ready_all", "🟢")
	})
	if err != nil {
		return err
	}
	red, err := d.told(ctx, o, 0, "🔴")
	if err != nil {
		return err
	}
	if len(red) != 1 || !strings.Contains(red[0].Text, d.w.venues[bad].name) || !strings.Contains(red[0].Text, incident) {
		d.complain("the organizer was told of halls that are not ready: %v", red)
	}
	return nil
}

// askHalls moves the clock and lets every officer answer the question about the hall.
func (d *day) askHalls(ctx context.Context, at time.Time, answer func(ctx context.Context, p *person, asked int) error) error {
	last := map[*person]int{}
	for _, p := range d.w.officers() {
		chat, err := d.phones.chat(ctx, p.user, 1)
		if err != nil {
			return err
		}
		last[p] = chat[len(chat)-1].ID
	}
	if err := d.serveFrom(ctx, at); err != nil {
		return err
	}
	d.w.fade()
	if err := d.each(ctx, d.w.officers(), func(ctx context.Context, p *person) error {
		asked, err := d.hear(ctx, p, last[p], "ready.ask", "venue", d.w.venues[p.venue].name, "title", title, "time", gap)
		if err != nil {
			return err
		}
		return answer(ctx, p, asked.ID)
	}); err != nil {
		return err
	}
	return d.phones.quiet(ctx, 300*time.Millisecond)
}

// says presses what works or does not, and wants the hall in a certain light.
func (d *day) says(ctx context.Context, p *person, message int, button, light string) error {
	if button != "" {
		if err := d.pressed(ctx, p, message, button, "ready.noted", "light", light); err != nil {
			return err
		}
	}
	d.tally.shines(p.venue, light)
	return nil
}
