package main

import (
	"context"
	"fmt"
)

// nominate lets the officer of a unit name its delegates: first as the bot asked, up to one place less, then by command, when somebody
// has asked leave and so gave a place back. One more than the places is refused.
func (d *day) nominate(ctx context.Context) error {
	chief := d.w.quota[0]
	asked, err := d.hear(ctx, chief, 0, "quota.ask", "unit", delegates, "n", places, "title", title, "time_text", gap, "deadline", gap)
	if err != nil {
		return err
	}
	if _, err := d.press(ctx, chief, asked.ID, "btn.nominate"); err != nil {
		return err
	}
	if err := d.name(ctx, asked.ID, d.w.quota[1:places], nil); err != nil {
		return err
	}
	if err := d.judgeOne(ctx, d.w.quota[3]); err != nil { // who has leave gives the place back
		return err
	}
	pick, err := d.tell(ctx, chief, "/cudaibieu", "quota.pick")
	if err != nil {
		return err
	}
	if len(pick.Buttons) != 1 {
		return fmt.Errorf("/cudaibieu offers %d meetings, must offer 1", len(pick.Buttons))
	}
	if _, err := d.phones.tap(ctx, chief.user, pick.Buttons[0][0].Text, pick.ID); err != nil {
		return err
	}
	if err := d.name(ctx, pick.ID, d.w.quota[places:places+2], d.w.quota[places+2]); err != nil {
		return err
	}
	d.note("%d named for %d places, 1 of whom asked leave and was replaced; one too many was refused", places+1, places)
	return d.askPaper(ctx, d.w.quota[places]) // named after the paper went out, and has it with one tap
}

// name marks people on a list, confirms them and lets those answer who were named. One too many is marked first, and refused.
func (d *day) name(ctx context.Context, list int, people []*person, tooMany *person) error {
	chief := d.w.quota[0]
	for _, p := range people {
		if _, err := d.phones.tap(ctx, chief.user, p.name, list); err != nil {
			return err
		}
	}
	if tooMany != nil {
		said, err := d.phones.tap(ctx, chief.user, tooMany.name, list)
		if err != nil {
			return err
		}
		if want := d.w.text(chief, "quota.too_many", "left", len(people), "n", len(people)+1); said.Text != want {
			return fmt.Errorf("after one too many the bot said %q, not %q", said.Text, want)
		}
	}
	for _, button := range []string{"btn.review", "btn.record"} {
		if _, err := d.press(ctx, chief, list, button); err != nil {
			return err
		}
	}
	if _, err := d.hear(ctx, chief, list, "quota.done", "unit", delegates, "n", len(people)); err != nil {
		return err
	}
	for _, p := range people {
		d.tally.calls(p)
		d.w.called = append(d.w.called, p)
	}
	return d.each(ctx, people, func(ctx context.Context, p *person) error {
		if _, err := d.phones.await(ctx, p.user, "📌", 0); err != nil {
			return err
		}
		if err := d.findCard(ctx, p, 0); err != nil {
			return err
		}
		return d.answerOne(ctx, p)
	})
}
