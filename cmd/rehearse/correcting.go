package main

import (
	"context"
	"fmt"
)

// reopened are the venues whose roll is opened again: the first three.
func (w *world) reopened() []*person {
	var officers []*person
	for _, v := range w.venues[:min(3, len(w.venues))] {
		officers = append(officers, v.officer)
	}
	return officers
}

// reopenReason is why the roll is opened again.
const reopenReason = "Danh sách giấy đến sau"

// reopen takes the closing of some venues back, with a reason.
func (d *day) reopen(ctx context.Context) error {
	return d.each(ctx, d.w.reopened(), func(ctx context.Context, p *person) error {
		v := d.w.venues[p.venue]
		if _, err := d.press(ctx, p, v.shut, "btn.reopen"); err != nil {
			return err
		}
		if _, err := d.hear(ctx, p, v.shut, "reopen.ask", "venue", v.name, "heads", v.heads, "max", gap); err != nil {
			return err
		}
		if _, err := d.tell(ctx, p, reopenReason, "reopen.done", "venue", v.name, "reason", reopenReason); err != nil {
			return err
		}
		d.tally.reopen(p.venue)
		d.tally.amends(1)
		return nil
	})
}

// bringPaper lets those officers type a signed list: some who were not seen, one name that nobody has. It is undone, and done again.
func (d *day) bringPaper(ctx context.Context) error {
	return d.each(ctx, d.w.reopened(), func(ctx context.Context, p *person) error {
		missing := some(d.w.called, func(q *person) bool { return q.venue == p.venue && q.wants == accepts && !q.comes && q.elsewhere < 0 })
		missing = missing[:min(3, len(missing))]
		if len(missing) == 0 {
			return nil
		}
		for _, undone := range []bool{true, false} {
			if err := d.bringList(ctx, p, missing, undone); err != nil {
				return err
			}
		}
		for _, q := range missing {
			d.tally.arrived(q, p.venue, false, false)
		}
		d.tally.amends(3 * len(missing)) // written, taken back and written again
		return nil
	})
}

func (d *day) bringList(ctx context.Context, p *person, missing []*person, undone bool) error {
	v := d.w.venues[p.venue]
	m, err := d.tell(ctx, p, "/diemdanhthay", "list.head", "venue", v.name, "here", gap)
	if err != nil {
		return err
	}
	for _, label := range []string{"btn.more", "btn.paper"} {
		if _, err := d.press(ctx, p, m.ID, label); err != nil {
			return err
		}
	}
	asked, err := d.hear(ctx, p, m.ID, "paper.ask", "venue", v.name)
	if err != nil {
		return err
	}
	if !undone { // the second time with a photograph of the signed list
		id, err := d.phones.attach(ctx, p.user, "anh.png", picture(), true)
		if err != nil {
			return err
		}
		if _, err := d.hear(ctx, p, id, "paper.photo_kept", "venue", v.name, "n", 1); err != nil {
			return err
		}
	}
	id, err := d.handInList(ctx, p, missing, undone && p.venue%2 == 1)
	if err != nil {
		return err
	}
	confirm, err := d.hear(ctx, p, max(id, asked.ID), "paper.confirm", "venue", v.name, "lines", len(missing)+1, "n", len(missing), "moved", gap)
	if err != nil {
		return err
	}
	if _, err := d.phones.tap(ctx, p.user, d.w.text(p, "btn.note_all", "n", len(missing)), confirm.ID); err != nil {
		return err
	}
	if _, err := d.hear(ctx, p, confirm.ID, "bulk.done", "venue", v.name, "n", len(missing)); err != nil {
		return err
	}
	if !undone {
		return nil
	}
	said, err := d.phones.tap(ctx, p.user, d.w.text(p, "btn.undo", "n", len(missing)), confirm.ID)
	if err != nil {
		return err
	}
	if want := d.w.opening(p, "list.undone", "n", len(missing)); said.Text != want {
		return fmt.Errorf("the bot said %q, not %q", said.Text, want)
	}
	return nil
}

// handInList types the list, or uploads it as a table. One of its names nobody has.
func (d *day) handInList(ctx context.Context, p *person, missing []*person, asFile bool) (int, error) {
	if asFile {
		table := "TT;Họ và tên;Mã;Ký\n1;Người Không Có Trên Đời;;đã ký\n"
		for i, q := range missing {
			table += fmt.Sprintf("%d;;%s;đã ký\n", i+2, q.code)
		}
		return d.phones.attach(ctx, p.user, "danh-sach-ky.csv", []byte(table), false)
	}
	list := "1. Người Không Có Trên Đời\n"
	for i, q := range missing {
		list += fmt.Sprintf("%d. %s – %s\n", i+2, q.code, "đã ký")
	}
	return d.phones.say(ctx, p.user, list)
}

// closeAgain closes those venues with the corrected number.
func (d *day) closeAgain(ctx context.Context) error {
	for _, p := range d.w.reopened() {
		v := d.w.venues[p.venue]
		heads := d.tally.inside(p.venue) + v.guests
		if heads != v.heads {
			d.tally.amends(1)
		}
		v.heads = heads
	}
	return d.each(ctx, d.w.reopened(), d.closeDoor)
}
