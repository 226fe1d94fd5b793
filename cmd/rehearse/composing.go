package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// composer writes a meeting by buttons, as somebody does who never learned the form. It answers whatever the dialogue asks next, so that
// the order of the questions is the dialogue's own affair.
type composer struct {
	*day
	who   *person
	at    message // the screen it looks at
	fills map[string]func(context.Context) error
	taps  int
	lines int // typed
}

// start opens the dialogue by one of its ways and chooses the label, which comes before everything else.
func (c *composer) start(ctx context.Context, way string) error {
	m, err := c.tell(ctx, c.who, "/soanhop", "wiz.start")
	if err != nil {
		return err
	}
	c.at = m
	if err := c.push(ctx, way); err != nil {
		return err
	}
	return c.push(ctx, "label.public")
}

// turned waits until the bot shows another screen: a new message with buttons, or other words or buttons in the old one.
func (c *composer) turned(ctx context.Context) error {
	looks := func(m message) string { return fmt.Sprint(m.ID, m.Text, m.Buttons) }
	for until := time.Now().Add(patience); ; {
		chat, err := c.phones.chat(ctx, c.who.user, 8)
		if err != nil {
			return err
		}
		for _, m := range slices.Backward(chat) {
			if m.From != "bot" || len(m.Buttons) == 0 {
				continue
			}
			if looks(m) != looks(c.at) {
				c.at = m
				return nil
			}
			break
		}
		if time.Now().After(until) {
			return fmt.Errorf("the screen stays as it was: %s", c.at.Text)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// tap presses a button of the screen and waits for the next one.
func (c *composer) tap(ctx context.Context, label string) error { return c.tapBeside(ctx, label, "") }

func (c *composer) tapBeside(ctx context.Context, label, beside string) error {
	c.taps++
	if _, err := c.phones.tapBeside(ctx, c.who.user, label, beside, c.at.ID); err != nil {
		return err
	}
	return c.turned(ctx)
}

// push presses a button of the catalogue.
func (c *composer) push(ctx context.Context, key string, pairs ...any) error {
	if err := c.tap(ctx, c.w.text(c.who, key, pairs...)); err != nil {
		return fmt.Errorf("%s: %w", key, err)
	}
	return nil
}

// say types a text and waits for the next screen.
func (c *composer) say(ctx context.Context, text string) error {
	c.lines++
	if _, err := c.phones.say(ctx, c.who.user, text); err != nil {
		return err
	}
	return c.turned(ctx)
}

// shown is the whole label of the button of the screen that has these words.
func (c *composer) shown(words string) (label string, ok bool) {
	for _, row := range c.at.Buttons {
		for _, b := range row {
			if strings.Contains(b.Text, words) {
				return b.Text, true
			}
		}
	}
	return "", false
}

// seek turns the pages of a list to the end and back until a button has these words, and returns its label.
func (c *composer) seek(ctx context.Context, words string) (string, error) {
	for _, turn := range []string{"›", "‹"} {
		for {
			if label, ok := c.shown(words); ok {
				return label, nil
			}
			if _, more := c.shown(turn); !more {
				break
			}
			if err := c.tap(ctx, turn); err != nil {
				return "", fmt.Errorf("look for %q: %w", words, err)
			}
		}
	}
	return "", fmt.Errorf("%q is on no page: %v", words, c.at.Buttons)
}

// pick seeks a button and presses it.
func (c *composer) pick(ctx context.Context, words string) error {
	label, err := c.seek(ctx, words)
	if err != nil {
		return err
	}
	return c.tap(ctx, label)
}

// leave goes on from a screen that stays until it is left.
func (c *composer) leave(ctx context.Context) error {
	for _, key := range []string{"btn.wiz_next", "btn.wiz_done", "btn.wiz_all"} {
		if label, ok := c.shown(c.w.text(c.who, key)); ok {
			return c.tap(ctx, label)
		}
	}
	return fmt.Errorf("no way out of the screen: %s", c.at.Text)
}

// asks reports whether the screen asks for a field; above the question it may confirm the one before and count the steps.
func (c *composer) asks(field string) bool {
	words := c.w.opening(c.who, "wiz.chosen", "field", c.w.text(c.who, "field."+field), "who", gap, "n", gap, "reachable", gap, "offline", gap)
	if field != "audience" && field != "summons" {
		words = c.w.opening(c.who, "wiz.ask_"+field)
	}
	return strings.Contains("\n"+c.at.Text, "\n"+words)
}

// whole reports whether the screen is the one that shows all fields.
func (c *composer) whole() bool {
	_, preview := c.shown(c.w.text(c.who, "btn.wiz_preview"))
	return preview
}

// tour answers what the dialogue asks until it shows everything.
func (c *composer) tour(ctx context.Context) error {
	for range 40 {
		if c.whole() {
			return nil
		}
		asked := ""
		for field := range c.fills {
			if c.asks(field) {
				asked = field
			}
		}
		if asked == "" {
			if err := c.leave(ctx); err != nil {
				return err
			}
			continue
		}
		if err := c.fill(ctx, asked); err != nil {
			return err
		}
	}
	return fmt.Errorf("the dialogue asks and asks: %s", c.at.Text)
}

// fill fills a field, once.
func (c *composer) fill(ctx context.Context, field string) error {
	does := c.fills[field]
	delete(c.fills, field)
	if err := does(ctx); err != nil {
		return fmt.Errorf("field %s: %w", field, err)
	}
	return nil
}

// open opens a field from the whole, or from the fields that few meetings have.
func (c *composer) open(ctx context.Context, field string) error {
	name := c.w.text(c.who, "field."+field)
	if _, ok := c.shown(name); !ok {
		if err := c.push(ctx, "btn.wiz_more"); err != nil {
			return err
		}
	}
	return c.tap(ctx, name)
}

// finish fills what the tour did not ask for.
func (c *composer) finish(ctx context.Context, fields ...string) error {
	for _, field := range fields {
		if c.fills[field] == nil {
			continue
		}
		if err := c.open(ctx, field); err != nil {
			return fmt.Errorf("open %s: %w", field, err)
		}
		if err := c.fill(ctx, field); err != nil {
			return err
		}
	}
	return nil
}

// pickDay turns the calendar to a day and takes it.
func (c *composer) pickDay(ctx context.Context, day time.Time) error {
	month := c.w.text(c.who, "picker.month", "month", int(day.Month()), "year", strconv.Itoa(day.Year()))
	for range 24 {
		if _, ok := c.shown(month); ok {
			break
		}
		if err := c.tap(ctx, "›"); err != nil {
			return err
		}
	}
	for _, row := range c.at.Buttons {
		for _, b := range row {
			if strings.TrimSuffix(b.Text, "*") == strconv.Itoa(day.Day()) {
				return c.tap(ctx, b.Text)
			}
		}
	}
	return fmt.Errorf("day %d is not in the calendar: %v", day.Day(), c.at.Buttons)
}

// counted wants so many people where the finger is.
func (c *composer) counted(n int) {
	if _, ok := c.shown("👥 " + strconv.Itoa(n)); !ok {
		c.complain("the choice of the audience must come to %d people: %s %v", n, c.at.Text, c.at.Buttons)
	}
}

// preview asks for the preview and wants exactly these numbers in it.
func (c *composer) preview(ctx context.Context, people []*person) error {
	n, reachable := len(people), len(some(people, func(p *person) bool { return !p.blocks }))
	c.taps++
	if _, err := c.press(ctx, c.who, c.at.ID, "btn.wiz_preview"); err != nil {
		return err
	}
	m, err := c.hear(ctx, c.who, c.at.ID, "send.preview", "n", n, "reachable", reachable, "offline", n-reachable, "units", gap, "label", gap, "when", gap)
	c.at = m
	return err
}

// send presses "send" on the preview and waits until everybody who can be reached has been told.
func (c *composer) send(ctx context.Context, people []*person) error {
	c.taps++
	n, reachable := len(people), len(some(people, func(p *person) bool { return !p.blocks }))
	if _, err := c.press(ctx, c.who, c.at.ID, "btn.send"); err != nil {
		return err
	}
	done := "send.done"
	if reachable == n {
		done = "send.done_all"
	}
	if _, err := c.hear(ctx, c.who, c.at.ID, done, "ok", reachable, "fail", n-reachable); err != nil {
		c.complain("the progress message did not end: %v", err)
	}
	return c.phones.quiet(ctx, 400*time.Millisecond)
}
