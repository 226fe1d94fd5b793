package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// bigRoom is the capacity of the halls in which nobody waits for a place.
const bigRoom = 3000

// callByButtons composes the conference by buttons alone, but for what has to be typed: the names, the number of places, the exact hour.
func (d *day) callByButtons() *composer {
	w := d.w
	c := &composer{day: d, who: w.organizer}
	clock := func(t time.Time) string { return t.In(w.zone).Format("15:04 02/01/2006") }
	c.fills = map[string]func(context.Context) error{
		"title": func(ctx context.Context) error { return c.say(ctx, title) },
		"time": func(ctx context.Context) error { // an hour of those that are offered; the right one is put in from the preview
			if err := c.pickDay(ctx, w.starts); err != nil {
				return err
			}
			return c.pick(ctx, ":")
		},
		"venue":    func(ctx context.Context) error { return c.venues(ctx) },
		"audience": func(ctx context.Context) error { return c.audience(ctx) },
		"chair":    func(ctx context.Context) error { return c.say(ctx, "Thường trực Tỉnh ủy") },
		"agenda": func(ctx context.Context) error {
			if err := c.say(ctx, "Thông tin thời sự trong nước và quốc tế\nNhiệm vụ trọng tâm quý IV"); err != nil {
				return err
			}
			return c.leave(ctx)
		},
		"deadline": func(ctx context.Context) error { return c.say(ctx, clock(w.deadline)) },
		"deputies": func(ctx context.Context) error { return c.push(ctx, "btn.wiz_yes") },
		"leave":    func(ctx context.Context) error { return c.push(ctx, "btn.wiz_leave_unit") },
		"summons": func(ctx context.Context) error {
			if err := c.push(ctx, "btn.wiz_sets"); err != nil {
				return err
			}
			if err := c.pick(ctx, group+" ("); err != nil {
				return err
			}
			c.counted(len(some(w.people, func(p *person) bool { return p.summoned })))
			return c.leave(ctx)
		},
	}
	return c
}

// venues puts the venues in, one by one: which is the main hall, how many places each has, whose people go there, who keeps it.
func (c *composer) venues(ctx context.Context) error {
	var names []string
	for _, v := range c.w.venues {
		names = append(names, v.name)
	}
	if err := c.say(ctx, strings.Join(names, "\n")); err != nil {
		return err
	}
	for i, v := range c.w.venues {
		if err := c.venue(ctx, i, v); err != nil {
			return fmt.Errorf("%s: %w", v.name, err)
		}
	}
	return c.leave(ctx)
}

func (c *composer) venue(ctx context.Context, i int, v *venue) error {
	if err := c.tap(ctx, fmt.Sprintf("%d. %s", i+1, v.name)); err != nil {
		return err
	}
	room := bigRoom
	if c.w.small > 0 && i == c.w.small {
		room = c.w.room
	}
	if err := c.push(ctx, "wiz.part_capacity"); err != nil {
		return err
	}
	if err := c.say(ctx, strconv.Itoa(room)); err != nil {
		return err
	}
	if i == 0 {
		if err := c.push(ctx, "wiz.part_main"); err != nil {
			return err
		}
	} else {
		if err := c.push(ctx, "wiz.part_units"); err != nil {
			return err
		}
		if err := c.pick(ctx, "☐ "+c.w.heads[v.head]+" ("); err != nil {
			return err
		}
		if err := c.leave(ctx); err != nil {
			return err
		}
	}
	if err := c.push(ctx, "wiz.part_officer"); err != nil {
		return err
	}
	if err := c.say(ctx, v.officer.code); err != nil {
		return err
	}
	if err := c.pick(ctx, v.officer.name); err != nil {
		return err
	}
	if err := c.leave(ctx); err != nil {
		return err
	}
	return c.push(ctx, "btn.wiz_venues")
}

// audience chooses by the tree: the whole organisation without the unit that stands by and the one that names its own people. One more is
// taken away by name and put back, and a group that is in already changes nothing. The count is wanted at every step.
func (c *composer) audience(ctx context.Context) error {
	w := c.w
	all := len(w.called) + len(w.quota)
	steps := []struct {
		do func() error
		n  int
	}{
		{func() error { return c.pick(ctx, w.opening(c.who, "wiz.whole_unit", "unit", rootUnit, "n", gap)) }, len(w.people)},
		{func() error { return c.push(ctx, "btn.wiz_minus_1") }, len(w.people)},
		{func() error { return c.pick(ctx, spare+" (") }, all},
		{func() error {
			beside, err := c.seek(ctx, w.heads[1]+" (")
			if err != nil {
				return err
			}
			return c.tapBeside(ctx, w.text(c.who, "btn.wiz_into"), beside)
		}, all},
		{func() error { return c.pick(ctx, delegates+" (") }, len(w.called)},
		{func() error { return c.push(ctx, "btn.wiz_people") }, len(w.called)},
		{func() error { return c.say(ctx, w.admin.code) }, len(w.called)},
		{func() error { return c.pick(ctx, w.admin.name) }, len(w.called) - 1},
		{func() error { return c.pick(ctx, w.admin.name) }, len(w.called)},
		{func() error { return c.push(ctx, "btn.wiz_minus_0") }, len(w.called)},
		{func() error { return c.push(ctx, "btn.wiz_sets") }, len(w.called)},
		{func() error { return c.pick(ctx, group+" (") }, len(w.called)},
		{func() error { return c.pick(ctx, group+" (") }, len(w.called)},
	}
	for i, step := range steps {
		if err := step.do(); err != nil {
			return fmt.Errorf("step %d: %w", i+1, err)
		}
		c.counted(step.n)
	}
	return c.leave(ctx)
}
