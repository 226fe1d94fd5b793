package main

import (
	"context"
	"fmt"
	"strings"
	"time"
)

const repeatTitle = "Giao ban trực tuyến toàn tỉnh kỳ tới"

// nextMonth is the same weekday at the same place of the next month; where it has no fifth, the last.
func nextMonth(day time.Time) time.Time {
	next := day.AddDate(0, 0, 28)
	nth := func(t time.Time) int { return (t.Day() - 1) / 7 }
	if next.Month() == day.Month() || nth(next) < nth(day) && next.AddDate(0, 0, 7).Month() == next.Month() {
		next = next.AddDate(0, 0, 7)
	}
	return next
}

// repeat takes the conference up again for the next month, with the same venues; its title is changed, and of its audience two communes
// are left.
func (d *day) repeat(ctx context.Context) error {
	w, o := d.w, d.w.organizer
	named := map[*person]bool{}
	for _, p := range w.quota {
		named[p] = true
	}
	people := some(w.of(w.near()...), func(p *person) bool { return !named[p] })
	before := len(some(w.called, func(p *person) bool { return !named[p] }))
	c := &composer{day: d, who: o}
	var err error
	if c.at, err = d.tell(ctx, o, "/soanhop", "wiz.start"); err != nil {
		return err
	}
	if err := c.push(ctx, "btn.wiz_repeat"); err != nil {
		return err
	}
	c.taps++
	if err := d.choose(ctx, o, c.at, title); err != nil {
		return err
	}
	if err := c.turned(ctx); err != nil {
		return err
	}
	starts := nextMonth(w.starts.In(w.zone))
	_, size, _ := strings.Cut(w.text(o, "wiz.people", "who", gap, "n", before), gap)
	for _, want := range []string{w.moment(o, starts), size, w.venues[0].name, w.venues[len(w.venues)-1].name} {
		if len(w.venues) > 6 && want == w.venues[len(w.venues)-1].name {
			continue // a long list is cut on the screen
		}
		if !strings.Contains(c.at.Text, want) {
			d.complain("the repeated conference does not say %q: %s", want, c.at.Text)
		}
	}
	c.fills = map[string]func(context.Context) error{
		"title": func(ctx context.Context) error { return c.say(ctx, repeatTitle) },
		"audience": func(ctx context.Context) error {
			for _, h := range w.near() {
				if err := c.pick(ctx, w.heads[h]+" ("); err != nil {
					return err
				}
				c.counted(before)
			}
			if err := c.pick(ctx, w.opening(o, "wiz.whole_unit", "unit", rootUnit, "n", gap)); err != nil {
				return err
			}
			c.counted(len(people))
			return c.leave(ctx)
		},
	}
	if err := c.finish(ctx, "title", "audience"); err != nil {
		return err
	}
	if err := c.preview(ctx, people); err != nil {
		return err
	}
	preview := c.at.ID
	if err := c.send(ctx, people); err != nil {
		return err
	}
	own := tallyOf(w.venues, w.heads, people, func(p *person) int { return p.head })
	own.quota = true // the places are asked for again, and nobody is named
	if d.parent, err = d.begin(ctx, repeatTitle, own); err != nil {
		return err
	}
	cards, err := d.notices(ctx, d.parent, o, preview)
	if err != nil {
		return err
	}
	if err := d.replies(ctx, d.parent, cards, true); err != nil {
		return err
	}
	d.note("the conference taken up again for %s with %d taps and 1 typed line: %d venues as they were, %d people left of %d",
		w.moment(o, starts), c.taps, len(w.venues), len(people), before)
	return nil
}

const (
	relayTitle = "Hội nghị tiếp sóng tại xã"
	relayHall  = "Nhà văn hóa xã"
)

// relay lets the organizer of a commune write the form in one message, with a line that cannot be read, and say from the preview which
// meeting it relays.
func (d *day) relay(ctx context.Context) error {
	w, o := d.w, d.w.venues[1].officer
	people := w.of(1)
	starts := nextMonth(w.starts.In(w.zone))
	form := fmt.Sprintf("/soanhop\nTên: %s\nThời gian: %s\nKết thúc: 25:99\nĐiểm cầu: %s; chính; cán bộ %s\nThành phần: unit:%s\nChủ trì: Đồng chí Bí thư xã\nMức phổ biến: công khai",
		relayTitle, starts.Format("15:04 02/01/2006"), relayHall, o.code, w.units[rootUnit+" / "+w.heads[1]])
	complaint, err := d.tell(ctx, o, form, "form.complaints", "n", 1, "lines", gap)
	if err != nil {
		return err
	}
	if !strings.Contains(complaint.Text, "25:99") {
		d.complain("the refused line is not named: %s", complaint.Text)
	}
	reachable := len(some(people, func(p *person) bool { return !p.blocks }))
	c := &composer{day: d, who: o}
	if c.at, err = d.tell(ctx, o, "Kết thúc: "+starts.Add(2*time.Hour).Format("15:04 02/01/2006"), "send.preview", "n", len(people), "reachable", reachable,
		"offline", len(people)-reachable, "units", gap, "label", gap, "when", gap); err != nil {
		return err
	}
	if err := c.push(ctx, "btn.edit"); err != nil {
		return err
	}
	c.fills = map[string]func(context.Context) error{"relay": func(ctx context.Context) error { return c.pick(ctx, repeatTitle) }}
	if err := c.finish(ctx, "relay"); err != nil {
		return err
	}
	if err := c.preview(ctx, people); err != nil {
		return err
	}
	preview := c.at.ID
	if err := c.send(ctx, people); err != nil {
		return err
	}
	own := tallyOf([]*venue{{name: relayHall}}, w.heads, people, func(*person) int { return 0 })
	if d.child, err = d.begin(ctx, relayTitle, own); err != nil {
		return err
	}
	cards, err := d.notices(ctx, d.child, o, preview)
	if err != nil {
		return err
	}
	d.childCards = cards
	if err := d.replies(ctx, d.child, cards, false); err != nil {
		return err
	}
	d.note("the form of one message, 1 line of it mended; relays “%s”, %d people called", repeatTitle, len(people))
	return nil
}

// moveParent postpones the upper meeting by an hour. Its own people are told and asked again; of the meeting that relays it only the
// organizer hears of it, and moves it with two taps: then its people are told.
func (d *day) moveParent(ctx context.Context) error {
	w, o, below := d.w, d.w.organizer, d.w.venues[1].officer
	last, err := d.lastOf(ctx, w.people)
	if err != nil {
		return err
	}
	if err := d.later(ctx, o, d.parent, last, "btn.later_60"); err != nil {
		return fmt.Errorf("the upper meeting: %w", err)
	}
	asked, err := d.hear(ctx, below, last[below], "relay.time", "parent", repeatTitle, "new", gap, "title", gap, "time_text", gap)
	if err != nil {
		return err
	}
	early, err := d.told(ctx, below, last[below], d.changeWords(below, d.child))
	if err != nil {
		return err
	}
	if len(early) > 0 {
		d.complain("the meeting that relays moved before its organizer said so: %s", early[0].Text)
	}
	for _, key := range []string{"btn.relay_follow", "btn.change_go"} {
		if _, err := d.press(ctx, below, asked.ID, key); err != nil {
			return err
		}
	}
	if err := d.moves(ctx, d.child, last); err != nil {
		return fmt.Errorf("the meeting that relays: %w", err)
	}
	return d.each(ctx, some(w.people, func(p *person) bool { return d.childCards[p] != 0 }), func(ctx context.Context, p *person) error {
		card, err := d.read(ctx, p, d.childCards[p])
		if err == nil && !strings.Contains(card.Text, w.opening(p, "card.changed_time", "was", gap)) {
			err = fmt.Errorf("the card is not put right: %s", card.Text)
		}
		return err
	})
}

// changeWords is how somebody is told that a meeting has another hour.
func (d *day) changeWords(p *person, c *conference) string {
	return d.w.opening(p, "change.time", "title", c.title, "new_time", gap, "old_time", gap, "venue", gap, "reason", "")
}

// lastOf is the last message of each chat.
func (d *day) lastOf(ctx context.Context, people []*person) (map[*person]int, error) {
	last := map[*person]int{}
	for _, p := range people {
		chat, err := d.phones.chat(ctx, p.user, 1)
		if err != nil {
			return nil, err
		}
		if len(chat) > 0 {
			last[p] = chat[len(chat)-1].ID
		}
	}
	return last, nil
}

// later lets somebody postpone a meeting by one of the offered steps.
func (d *day) later(ctx context.Context, who *person, c *conference, last map[*person]int, step string) error {
	list, err := d.tell(ctx, who, "/suahop", "change.pick")
	if err != nil {
		return err
	}
	if err := d.choose(ctx, who, list, c.title); err != nil {
		return err
	}
	card, err := d.hear(ctx, who, list.ID, "schedules.meeting", "title", c.title, "state", gap, "time_text", gap, "announce", gap,
		"deadline", gap, "venues", gap, "invited", gap, "yes", gap, "pending", gap)
	if err != nil {
		return err
	}
	for _, key := range []string{"btn.change_time", step, "btn.change_go"} {
		if _, err := d.press(ctx, who, card.ID, key); err != nil {
			return err
		}
	}
	return d.moves(ctx, c, last)
}

// moves wants that everybody called to a meeting who has not asked leave is told once of its new hour, and nobody else; and notes who is
// asked again.
func (d *day) moves(ctx context.Context, c *conference, last map[*person]int) error {
	if err := d.phones.quiet(ctx, time.Second); err != nil {
		return err
	}
	concerned := map[*person]bool{}
	for p, s := range c.tally.seats {
		concerned[p] = s.standing() != leaves
	}
	asked := c.tally.askAgain(-1)
	told := 0
	for p, is := range concerned {
		if is && !p.blocks {
			told++
		}
	}
	d.note("“%s” has a new hour: %d told, %d of them asked again", c.title, told, len(asked))
	return d.each(ctx, d.w.people, func(ctx context.Context, p *person) error {
		news, err := d.told(ctx, p, last[p], d.changeWords(p, c))
		if err != nil {
			return err
		}
		want := 0
		if concerned[p] && !p.blocks {
			want = 1
		}
		if len(news) != want {
			return fmt.Errorf("has %d messages of the new hour of “%s”, must have %d", len(news), c.title, want)
		}
		if want == 1 && strings.Contains(news[0].Text, d.w.text(p, "change.ask_again")) != asked[p] {
			return fmt.Errorf("is asked again: %t, must be: %t: %s", !asked[p], asked[p], news[0].Text)
		}
		return nil
	})
}
