package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// of are the people of some units that are reported, those included who were not called to the conference but named for it.
func (w *world) of(heads ...int) []*person {
	return some(w.people, func(p *person) bool {
		for _, h := range heads {
			if p.head == h {
				return true
			}
		}
		return false
	})
}

// near are the first two communes, or the only one.
func (w *world) near() []int {
	if len(w.heads) > 2 {
		return []int{1, 2}
	}
	return []int{1}
}

// moment is a day and hour as a sentence says it to somebody.
func (w *world) moment(p *person, at time.Time) string {
	_, said, _ := strings.Cut(w.text(p, "relay.stays", "title", "", "time_text", at), "🕒 ")
	return said
}

// dayWords is the day of a moment: Thứ Hai, ngày 14/12/2026.
func (w *world) dayWords(at time.Time) string {
	_, day, _ := strings.Cut(w.moment(w.organizer, at), ", ")
	return day
}

// on is an hour of the day so many days after the conference.
func (w *world) on(days, hour, minute int) time.Time {
	day := w.starts.In(w.zone).AddDate(0, 0, days)
	return time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, w.zone)
}

// place is the venue that a notice names.
func place(notice string) string {
	for line := range strings.Lines(notice) {
		if strings.HasPrefix(line, "📍") {
			_, place, _ := strings.Cut(strings.TrimSpace(line), ": ")
			return place
		}
	}
	return ""
}

// notices wants exactly one notice of a meeting in the chat of everybody who is called to it and can be reached, at the right venue, and
// none in the others. It returns the messages. The author's preview shows the notice as well: theirs counts from there on.
func (d *day) notices(ctx context.Context, c *conference, author *person, preview int) (map[*person]int, error) {
	cards := map[*person]int{}
	err := d.each(ctx, append(d.w.people[:len(d.w.people):len(d.w.people)], d.w.strangers...), func(ctx context.Context, p *person) error {
		after := 0
		if p == author {
			after = preview
		}
		all, err := d.told(ctx, p, after, "📌")
		if err != nil {
			return err
		}
		var own []message
		for _, m := range all {
			if strings.Contains(m.Text, "\n"+c.title+"\n") {
				own = append(own, m)
			}
		}
		seat, called := c.tally.seats[p]
		want := 0
		if called && !p.blocks {
			want = 1
		}
		if len(own) != want {
			return fmt.Errorf("has %d notices of “%s”, must have %d", len(own), c.title, want)
		}
		if want == 0 {
			return nil
		}
		if at := c.tally.venues[seat.venue].name; !strings.HasPrefix(place(own[0].Text), at) {
			return fmt.Errorf("is called to %q, must be called to %q", place(own[0].Text), at)
		}
		d.mu.Lock()
		cards[p] = own[0].ID
		d.mu.Unlock()
		return nil
	})
	return cards, err
}

// reply answers a meeting on its card. Where somebody decides about leave, it waits for that.
func (d *day) reply(ctx context.Context, c *conference, p *person, card int, what intent, judged bool) error {
	switch what {
	case accepts:
		if err := d.pressed(ctx, p, card, "btn.rsvp_yes", "rsvp.recorded", "answer", d.w.text(p, "choice.accepted")); err != nil {
			return err
		}
		c.tally.answered(p, accepts)
	case leaves:
		if _, err := d.press(ctx, p, card, "btn.rsvp_no"); err != nil {
			return err
		}
		if judged {
			if err := d.pressed(ctx, p, card, "btn.reason_cong_tac", "request.leave_sent"); err != nil {
				return err
			}
			c.tally.asksLeave(p)
			return nil
		}
		if err := d.pressed(ctx, p, card, "btn.reason_cong_tac", "rsvp.recorded", "answer", d.w.text(p, "choice.declined")); err != nil {
			return err
		}
		c.tally.answered(p, leaves)
	case silent, sends:
	}
	return nil
}

// replies lets those who were called answer: three in five come, one asks leave, one says nothing.
func (d *day) replies(ctx context.Context, c *conference, cards map[*person]int, judged bool) error {
	var people []*person
	intends := map[*person]intent{}
	for _, p := range d.w.people {
		if cards[p] != 0 {
			intends[p] = []intent{accepts, leaves, accepts, silent, accepts}[len(people)%5]
			people = append(people, p)
		}
	}
	if err := d.each(ctx, people, func(ctx context.Context, p *person) error {
		return d.reply(ctx, c, p, cards[p], intends[p], judged)
	}); err != nil {
		return err
	}
	return d.phones.quiet(ctx, settled)
}

// follow opens the board of a meeting and compares its figures everywhere.
func (d *day) follow(ctx context.Context, c *conference, when string) error {
	if c == nil {
		return errors.New("the meeting was not composed")
	}
	if c.board == "" {
		if err := d.openBoardOf(ctx, c); err != nil {
			return err
		}
	}
	return d.countOf(ctx, c, when)
}
