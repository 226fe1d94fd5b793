package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"briefbot/briefings"
	"briefbot/briefings/rosterfile"
)

// hear waits until the bot says a sentence of the catalogue to the person, as far as its values are known.
func (d *day) hear(ctx context.Context, p *person, after int, key string, pairs ...any) (message, error) {
	words := d.w.opening(p, key, pairs...)
	m, err := d.phones.await(ctx, p.user, words, after)
	if err != nil {
		return m, fmt.Errorf("wait for %s: %w", key, err)
	}
	return m, nil
}

// hearOne waits until the bot says one of several sentences in a new message.
func (d *day) hearOne(ctx context.Context, p *person, after int, keys []string, pairs ...any) (message, error) {
	for until := time.Now().Add(patience); ; {
		for _, key := range keys {
			said, err := d.told(ctx, p, after, d.w.opening(p, key, pairs...))
			if err != nil || len(said) > 0 {
				return append(said, message{})[0], err
			}
		}
		if time.Now().After(until) {
			return message{}, fmt.Errorf("none of %v was said", keys)
		}
		select {
		case <-ctx.Done():
			return message{}, ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// tell types a text and waits for a sentence.
func (d *day) tell(ctx context.Context, p *person, text, key string, pairs ...any) (message, error) {
	id, err := d.phones.say(ctx, p.user, text)
	if err != nil {
		return message{}, err
	}
	return d.hear(ctx, p, id, key, pairs...)
}

// press taps a button of the catalogue on a message, as soon as it stands there, and returns what flies by over the chat.
func (d *day) press(ctx context.Context, p *person, message int, key string, pairs ...any) (tapped, error) {
	return d.phones.tap(ctx, p.user, d.w.text(p, key, pairs...), message)
}

// pressed taps and wants a certain toast.
func (d *day) pressed(ctx context.Context, p *person, message int, button, key string, pairs ...any) error {
	t, err := d.press(ctx, p, message, button)
	if err != nil {
		return err
	}
	if want := d.w.opening(p, key, pairs...); !strings.HasPrefix(t.Text, want) {
		return fmt.Errorf("after %s the bot said %q, not %q", button, t.Text, want)
	}
	return nil
}

var listed = regexp.MustCompile(`^\s+(\S+) · (.+)$`)

// importRoll brings the roll in as the office would: looks first, then writes, and a second time nothing is new.
func (d *day) importRoll(ctx context.Context) error {
	file := filepath.Join(d.dir, "roster.xlsx")
	if err := d.w.writeRoster(file); err != nil {
		return err
	}
	if _, err := d.command(ctx, "roster", "import", file, "--dry-run"); err != nil {
		return err
	}
	out, err := d.command(ctx, "roster", "import", file, "--all")
	if err != nil {
		return err
	}
	paths := map[string]bool{}
	for _, p := range d.w.people {
		steps := strings.Split(p.unit, " / ")
		for n := range steps {
			paths[strings.Join(steps[:n+1], " / ")] = true
		}
	}
	for line := range strings.Lines(string(out)) {
		if m := listed.FindStringSubmatch(strings.TrimRight(line, "\n")); m != nil && paths[m[2]] {
			d.w.units[m[2]] = briefings.UnitID(m[1])
		}
	}
	if len(d.w.units) != len(paths) {
		return fmt.Errorf("the import made %d units of %d:\n%s", len(d.w.units), len(paths), tail(string(out), 2000))
	}
	if out, err = d.command(ctx, "roster", "import", file); err != nil {
		return err
	}
	if same := d.w.text(d.w.organizer, "roster.no_change"); !strings.Contains(string(out), same) {
		d.complain("a second import of the same file changes something: %s", tail(string(out), 400))
	}
	var accounts []account
	for _, p := range append(d.w.people[:len(d.w.people):len(d.w.people)], d.w.strangers...) {
		accounts = append(accounts, p.account())
	}
	d.note("%d people in %d units, of a list as an office sends it; the same list once more changed nothing", len(d.w.people), len(d.w.units))
	return d.phones.add(ctx, accounts)
}

// join brings everybody in: those with a telephone on the roll share it, the others follow their links.
func (d *day) join(ctx context.Context) error {
	if err := d.handOutLinks(ctx); err != nil {
		return err
	}
	if err := d.each(ctx, d.w.people, d.joinOne); err != nil {
		return err
	}
	byLink := len(some(d.w.people, func(p *person) bool { return p.byLink }))
	blocked := some(d.w.called, func(p *person) bool { return p.blocks })
	d.note("%d shared their telephone, %d followed their link, %d blocked the bot afterwards", len(d.w.people)-byLink, byLink, len(blocked))
	return d.each(ctx, blocked, func(ctx context.Context, p *person) error {
		return d.phones.block(ctx, p.user)
	})
}

// handOutLinks takes the invite links from the exported roll.
func (d *day) handOutLinks(ctx context.Context) error {
	file := filepath.Join(d.dir, "links.csv")
	if _, err := d.command(ctx, "roster", "export", file); err != nil {
		return err
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("read exported roll: %w", err)
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(raw), "\ufeff")))
	r.Comma = ';'
	lines, err := r.ReadAll()
	if err != nil {
		return fmt.Errorf("read exported roll: %w", err)
	}
	links := map[string]string{}
	for _, line := range lines[min(1, len(lines)):] {
		if len(line) > int(rosterfile.Link) {
			links[line[rosterfile.Code]] = line[rosterfile.Link]
		}
	}
	for _, p := range d.w.people {
		if p.link = links[p.code]; p.link == "" {
			return fmt.Errorf("the exported roll has no link for %s (%s)", p.name, p.code)
		}
	}
	return nil
}

func (d *day) joinOne(ctx context.Context, p *person) error {
	var id int
	if p.byLink {
		opened, err := d.phones.open(ctx, p.user, p.link)
		if err != nil {
			return err
		}
		asked, err := d.hear(ctx, p, opened, "start.link_found", "name", p.name, "position", gap, "unit", gap)
		if err != nil {
			return err
		}
		if _, err := d.press(ctx, p, asked.ID, "btn.correct"); err != nil {
			return err
		}
		id = opened
	} else {
		unknown := &person{user: p.user, lang: p.lang} // the bot does not know yet how the person is addressed
		if _, err := d.tell(ctx, unknown, "/start", "start.stranger"); err != nil {
			return err
		}
		var err error
		if id, err = d.phones.share(ctx, p.user, "", 0); err != nil {
			return err
		}
	}
	_, err := d.hear(ctx, p, id, "start.approved", "unit", gap)
	return err
}

// refuse lets people in who have no business here: each is told kindly, and nobody gets in.
func (d *day) refuse(ctx context.Context) error {
	if err := d.each(ctx, d.w.strangers, func(ctx context.Context, p *person) error {
		if _, err := d.tell(ctx, p, "/start", "start.stranger"); err != nil {
			return err
		}
		for _, text := range []string{"Xin chào", "/thongke", "123456"} {
			if _, err := d.tell(ctx, p, text, "start.stranger"); err != nil {
				return err
			}
		}
		id, err := d.phones.share(ctx, p.user, "", 0)
		if err != nil {
			return err
		}
		if _, err := d.hear(ctx, p, id, "start.not_on_roll"); err != nil {
			return err
		}
		if id, err = d.phones.share(ctx, p.user, "84100000001", d.w.organizer.user); err != nil {
			return err
		}
		if _, err := d.hear(ctx, p, id, "start.not_your_phone"); err != nil {
			return err
		}
		// A link that was used already does not let a second person in.
		if id, err = d.phones.open(ctx, p.user, d.w.organizer.link); err != nil {
			return err
		}
		_, err = d.hear(ctx, p, id, "start.code_invalid")
		return err
	}); err != nil {
		return err
	}
	return d.phones.quiet(ctx, 300*time.Millisecond)
}
