package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// keepLists lets every officer keep the list at the door: people without a telephone at hand, a mistake that is taken back, somebody
// without an invitation, and guests.
func (d *day) keepLists(ctx context.Context) error {
	officers := make([]*person, len(d.w.venues))
	for i, v := range d.w.venues {
		officers[i] = v.officer
	}
	walkers := some(d.w.spares, func(p *person) bool { return p.principal == nil })
	lent := walkers[:min(helpers, len(walkers))]
	walkers = walkers[len(lent):]
	if err := d.each(ctx, officers, func(ctx context.Context, p *person) error {
		writer := p
		if p.venue == 1 && len(lent) == helpers {
			var err error
			if writer, err = d.lend(ctx, p, lent); err != nil {
				return fmt.Errorf("let %s help: %w", lent[0].code, err)
			}
		}
		own := some(d.w.called, func(q *person) bool { return q.venue == p.venue })
		for _, q := range some(own, func(q *person) bool { return q.comes && q.byList && !q.late && q.elsewhere < 0 }) {
			if err := d.writeDown(ctx, writer, q); err != nil {
				return fmt.Errorf("write down %s: %w", q.code, err)
			}
		}
		for _, q := range some(d.w.called, func(q *person) bool { return q.comes && q.byList && !q.late && q.elsewhere == p.venue }) {
			if err := d.writeDown(ctx, writer, q); err != nil {
				return fmt.Errorf("write down %s of another venue: %w", q.code, err)
			}
		}
		for _, q := range some(own, func(q *person) bool { return q.wants == accepts && !q.comes })[:min(1, len(some(own, func(q *person) bool { return q.wants == accepts && !q.comes })))] {
			if err := d.mistake(ctx, p, q); err != nil {
				return fmt.Errorf("take %s back: %w", q.code, err)
			}
		}
		if p.venue < len(walkers) {
			if err := d.walkIn(ctx, p, walkers[p.venue]); err != nil {
				return fmt.Errorf("let %s walk in: %w", walkers[p.venue].code, err)
			}
		}
		return d.countGuests(ctx, p, p.venue%3)
	}); err != nil {
		return err
	}
	walked, guests := 0, 0
	for i := range d.w.venues {
		walked, guests = walked+len(d.tally.walked[i]), guests+d.tally.counted[i]
	}
	d.note("%d people were written down without a telephone, %d walked in, %d guests were counted; at %s with a door pass",
		len(some(d.w.called, func(q *person) bool { return q.comes && q.byList && !q.late })), walked, guests, d.w.venues[1].name)
	return nil
}

// lend gives somebody a pass for the day, who keeps the list from then on. Whoever opens it second is told that it is taken, and who does
// not help at a door has no list.
func (d *day) lend(ctx context.Context, officer *person, lent []*person) (*person, error) {
	v := d.w.venues[officer.venue]
	if _, err := d.tell(ctx, lent[0], "/diemdanhthay", "door.not_officer"); err != nil {
		return nil, err
	}
	m, err := d.tell(ctx, officer, "/diemdanhthay", "list.head", "venue", v.name, "here", gap)
	if err != nil {
		return nil, err
	}
	for _, key := range []string{"btn.more", "btn.pass"} {
		if _, err := d.press(ctx, officer, m.ID, key); err != nil {
			return nil, err
		}
	}
	pass, err := d.hear(ctx, officer, m.ID, "pass.given", "venue", v.name, "title", title, "date", gap)
	if err != nil {
		return nil, err
	}
	link := passLink.FindString(pass.Text)
	for i, key := range []string{"pass.taken_now", "pass.used"} {
		id, err := d.phones.open(ctx, lent[i].user, link)
		if err != nil {
			return nil, err
		}
		if _, err := d.hear(ctx, lent[i], id, key, "venue", v.name, "title", title, "from", gap); err != nil {
			return nil, err
		}
	}
	helper := *lent[0]
	helper.venue = officer.venue
	return &helper, nil
}

// passLink is the link that is to be forwarded.
var passLink = regexp.MustCompile(`https://t\.me/\S+\?start=d\S+`)

// find searches somebody on the list by code and returns the message and the one row that it has.
func (d *day) find(ctx context.Context, officer, who *person) (message, string, error) {
	v := d.w.venues[officer.venue]
	m, err := d.tell(ctx, officer, "/diemdanhthay "+strings.ToLower(who.code), "list.head", "venue", v.name, "here", gap)
	if err != nil {
		return m, "", err
	}
	if len(m.Buttons) == 0 || len(m.Buttons[0]) != 1 {
		return m, "", fmt.Errorf("the list does not show one person: %v", m.Buttons)
	}
	return m, m.Buttons[0][0].Text, nil
}

// writeDown notes a person, or the deputy, by the list.
func (d *day) writeDown(ctx context.Context, officer, who *person) error {
	m, row, err := d.find(ctx, officer, who)
	if err != nil {
		return err
	}
	said, err := d.phones.tap(ctx, officer.user, row, m.ID)
	if err != nil {
		return err
	}
	stood := who.wants == sends && who.deputy != nil
	if stood || who.elsewhere >= 0 { // it asks who came, or whether the seat is moved; the deputy stands first
		again, err := d.message(ctx, officer, m.ID)
		if err != nil {
			return err
		}
		if said, err = d.phones.tap(ctx, officer.user, again.Buttons[0][0].Text, m.ID); err != nil {
			return err
		}
	}
	if !strings.HasPrefix(said.Text, "✅") {
		return fmt.Errorf("the bot said %q", said.Text)
	}
	d.tally.arrived(who, officer.venue, stood, false)
	return nil
}

// message reads one message of a chat as it now stands.
func (d *day) message(ctx context.Context, p *person, id int) (message, error) {
	chat, err := d.phones.chat(ctx, p.user, 0)
	if err != nil {
		return message{}, err
	}
	for _, m := range chat {
		if m.ID == id && len(m.Buttons) > 0 {
			return m, nil
		}
	}
	return message{}, errors.New("the message has no buttons")
}

// mistake notes somebody who is not there, and takes it back.
func (d *day) mistake(ctx context.Context, officer, who *person) error {
	m, row, err := d.find(ctx, officer, who)
	if err != nil {
		return err
	}
	if _, err := d.phones.tap(ctx, officer.user, row, m.ID); err != nil {
		return err
	}
	again, err := d.message(ctx, officer, m.ID)
	if err != nil {
		return err
	}
	said, err := d.phones.tap(ctx, officer.user, again.Buttons[0][0].Text, m.ID)
	if err != nil {
		return err
	}
	if want := d.w.opening(officer, "list.taken_back", "name", gap); !strings.HasPrefix(said.Text, want) {
		return fmt.Errorf("the bot said %q", said.Text)
	}
	return nil
}

// walkIn notes somebody on the roll who has no seat.
func (d *day) walkIn(ctx context.Context, officer, who *person) error {
	m, row, err := d.find(ctx, officer, who)
	if err != nil {
		return err
	}
	said, err := d.phones.tap(ctx, officer.user, row, m.ID)
	if err != nil {
		return err
	}
	if !strings.HasPrefix(said.Text, "➕") {
		return fmt.Errorf("the bot said %q", said.Text)
	}
	d.tally.walkIn(officer.venue, who)
	return nil
}

// countGuests presses +1 for every guest.
func (d *day) countGuests(ctx context.Context, officer *person, n int) error {
	v := d.w.venues[officer.venue]
	m, err := d.tell(ctx, officer, "/diemdanhthay", "list.head", "venue", v.name, "here", gap)
	if err != nil {
		return err
	}
	if _, err := d.press(ctx, officer, m.ID, "btn.more"); err != nil {
		return err
	}
	for range n {
		if _, err := d.phones.tap(ctx, officer.user, "👤 +1", m.ID); err != nil {
			return err
		}
		d.tally.guest(officer.venue, 1)
	}
	return nil
}
