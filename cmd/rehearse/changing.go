package main

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// concerned are the people whom a change concerns: those called who have not asked leave, and whoever sits for them.
func (d *day) concerned(venue int) map[*person]bool {
	told := map[*person]bool{}
	for _, p := range d.w.called {
		s := d.tally.seats[p]
		if s.standing() == leaves || venue >= 0 && s.venue != venue {
			continue
		}
		told[p] = true
		if p.deputy != nil && s.answer == sends && !s.refused {
			told[p.deputy] = true
		}
	}
	return told
}

// askAgain takes the answers back in the own tally that a change made void, and returns whose they were.
func (t *tally) askAgain(venue int) map[*person]bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	asked := map[*person]bool{}
	for p, s := range t.seats {
		if s.answer == accepts && !s.here && (venue < 0 || s.venue == venue) {
			asked[p] = true
			s.answer = silent
		}
	}
	return asked
}

// postpone moves the start by an hour: everybody concerned is told once, who said yes is asked again, and all cards say the new hour.
func (d *day) postpone(ctx context.Context) error {
	d.w.starts, d.w.deadline = d.w.starts.Add(time.Hour), d.w.deadline.Add(time.Hour)
	return d.change(ctx, -1, "change.time", func(ctx context.Context, card message) (message, error) {
		if _, err := d.press(ctx, d.w.organizer, card.ID, "btn.change_time"); err != nil {
			return message{}, err
		}
		if _, err := d.press(ctx, d.w.organizer, card.ID, "btn.later_60"); err != nil {
			return message{}, err
		}
		return d.read(ctx, d.w.organizer, card.ID)
	})
}

// moveVenue gives a hall another address: only its people are told and asked.
func (d *day) moveVenue(ctx context.Context) error {
	o, at := d.w.organizer, len(d.w.venues)-1
	name := d.w.venues[at].name
	return d.change(ctx, at, "change.venue", func(ctx context.Context, card message) (message, error) {
		if _, err := d.press(ctx, o, card.ID, "btn.change_venue"); err != nil {
			return message{}, err
		}
		if len(d.w.venues) > 1 {
			if _, err := d.phones.tap(ctx, o.user, name, card.ID); err != nil {
				return message{}, err
			}
		}
		return d.tell(ctx, o, name+"; địa chỉ "+newAddress, "change.preview", "title", title, "what", gap, "was", gap, "now", gap, "reason", "", "told", gap,
			"reachable", gap, "offline", gap, "asked", gap, "cards", gap, "deadline", gap)
	})
}

const newAddress = "số 9 đường Mẫu Mới"

// change goes through the organizer's dialogue, compares the numbers of its preview with the own ones, confirms it and looks into every
// chat. venue is the hall that moves; -1: the whole meeting does.
func (d *day) change(ctx context.Context, venue int, key string, choose func(context.Context, message) (message, error)) error {
	w, o := d.w, d.w.organizer
	list, err := d.tell(ctx, o, "/suahop", "change.pick")
	if err != nil {
		return err
	}
	if len(list.Buttons) != 1 {
		return fmt.Errorf("/suahop lists %d meetings, must list 1", len(list.Buttons))
	}
	if _, err := d.phones.tap(ctx, o.user, list.Buttons[0][0].Text, list.ID); err != nil {
		return err
	}
	card, err := d.phones.await(ctx, o.user, w.opening(o, "schedules.meeting", "title", title, "state", gap, "time_text", gap, "announce", gap,
		"deadline", gap, "venues", gap, "invited", gap, "yes", gap, "pending", gap), list.ID)
	if err != nil {
		return err
	}
	preview, err := choose(ctx, card)
	if err != nil {
		return err
	}
	told := d.concerned(venue)
	reachable, cards := 0, len(some(w.called, func(p *person) bool { return !p.blocks && (venue < 0 || d.tally.seats[p].venue == venue) }))
	for p := range told {
		if !p.blocks {
			reachable++
		}
	}
	last := map[*person]int{}
	for _, p := range w.people {
		chat, err := d.phones.chat(ctx, p.user, 1)
		if err != nil {
			return err
		}
		if len(chat) > 0 {
			last[p] = chat[len(chat)-1].ID
		}
	}
	asked := d.tally.askAgain(venue)
	d.note("%d concerned, %d of them reached; %d are asked again, %d cards put right", len(told), reachable, len(asked), cards)
	for line := range strings.Lines(w.text(o, "change.preview", "title", title, "what", "", "was", "", "now", "", "reason", "", "told", len(told),
		"reachable", reachable, "offline", len(told)-reachable, "asked", len(asked), "cards", cards, "deadline", "")) {
		if line = strings.TrimSpace(line); (strings.HasPrefix(line, "👥") || strings.HasPrefix(line, "🔁") && len(asked) > 0 || strings.HasPrefix(line, "✏️")) && !strings.Contains(preview.Text, line) {
			d.complain("the preview of the change does not say %q: %s", line, preview.Text)
		}
	}
	if _, err := d.press(ctx, o, preview.ID, "btn.change_go"); err != nil {
		return err
	}
	if err := d.phones.quiet(ctx, 1500*time.Millisecond); err != nil {
		return err
	}
	words := func(p *person) string {
		return w.opening(p, key, "title", title, "new_time", gap, "old_time", gap, "venue", gap, "old_venue", gap, "time_text", gap, "reason", "")
	}
	return d.each(ctx, w.people, func(ctx context.Context, p *person) error {
		return d.lookAtChange(ctx, p, venue, last[p], words(p), told[p] && !p.blocks, asked[p])
	})
}

// lookAtChange wants exactly one word of the change in the chat of somebody it concerns, and the card put right of everybody called.
func (d *day) lookAtChange(ctx context.Context, p *person, venue, last int, words string, told, asked bool) error {
	news, err := d.told(ctx, p, last, words)
	if err != nil {
		return err
	}
	want := 0
	if told {
		want = 1
	}
	if len(news) != want {
		return fmt.Errorf("has %d messages of the change, must have %d", len(news), want)
	}
	if again := d.w.text(p, "change.ask_again"); told && strings.Contains(news[0].Text, again) != asked {
		return fmt.Errorf("is asked again: %t, must be: %t: %s", !asked, asked, news[0].Text)
	}
	if _, called := d.tally.seats[p]; !called || p.blocks {
		return nil
	}
	if asked {
		p.card = news[0].ID // answered on from now on: its buttons are the newest
	}
	card, err := d.read(ctx, p, p.notice)
	if err != nil {
		return err
	}
	moved := strings.Contains(card.Text, d.w.opening(p, "card.changed_time", "was", gap))
	if venue >= 0 {
		moved = strings.Contains(card.Text, newAddress) == (d.tally.seats[p].venue == venue)
	}
	if !moved {
		return fmt.Errorf("the card is not put right: %s", card.Text)
	}
	return nil
}

// read finds a message of a chat as it stands now.
func (d *day) read(ctx context.Context, p *person, id int) (message, error) {
	chat, err := d.phones.chat(ctx, p.user, 0)
	if err != nil {
		return message{}, err
	}
	for _, m := range chat {
		if m.ID == id {
			return m, nil
		}
	}
	return message{}, fmt.Errorf("message %d is not in the chat", id)
}

// answerAnew lets those say yes again who wanted to come and were asked, on the buttons of the change.
func (d *day) answerAnew(ctx context.Context) error {
	again := some(d.w.called, func(p *person) bool {
		return p.wants == accepts && !p.afterReminder && d.tally.seats[p].answer == silent
	})
	d.note("%d said yes again", len(again))
	if err := d.each(ctx, again, func(ctx context.Context, p *person) error {
		if err := d.saysYes(ctx, p, p.card, "rsvp.recorded", "answer", d.w.text(p, "choice.accepted")); err != nil {
			return err
		}
		d.tally.answered(p, accepts)
		return nil
	}); err != nil {
		return err
	}
	return d.phones.quiet(ctx, 300*time.Millisecond)
}
