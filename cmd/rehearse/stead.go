package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// answerForOthers lets the organizer answer for the silent of one unit: the first on the list stays away, the second is left open, the
// others come. Who can be reached is told, and nobody else is.
func (d *day) answerForOthers(ctx context.Context) error {
	o := d.w.organizer
	last := map[*person]int{}
	for _, p := range d.w.called {
		chat, err := d.phones.chat(ctx, p.user, 1)
		if err != nil {
			return err
		}
		if len(chat) > 0 {
			last[p] = chat[len(chat)-1].ID
		}
	}
	pick, err := d.tell(ctx, o, "/traloithay", "stead.pick")
	if err != nil {
		return err
	}
	if len(pick.Buttons) != 1 {
		return fmt.Errorf("/traloithay offers %d meetings, must offer 1", len(pick.Buttons))
	}
	if _, err := d.phones.tap(ctx, o.user, pick.Buttons[0][0].Text, pick.ID); err != nil {
		return err
	}
	list, err := d.lastSaid(ctx, o)
	if err != nil {
		return err
	}
	if len(namesOn(list)) == 0 { // several units have silent people: the first of them
		if len(list.Buttons) == 0 {
			return fmt.Errorf("no unit is offered: %s", list.Text)
		}
		if _, err := d.phones.tap(ctx, o.user, list.Buttons[0][0].Text, list.ID); err != nil {
			return err
		}
		if list, err = d.lastSaid(ctx, o); err != nil {
			return err
		}
	}
	shown := namesOn(list)
	if len(shown) == 0 {
		return errors.New("the list of the silent is empty")
	}
	first, err := d.w.byName(shown[0])
	if err != nil {
		return err
	}
	quiet := some(d.w.called, func(p *person) bool { return d.tally.seats[p].standing() == silent && p != o })
	elsewhere := some(quiet, func(p *person) bool { return p.head != first.head })
	people := some(quiet, func(p *person) bool {
		return p.head == first.head && (len(elsewhere) > 0 || p.unit == first.unit) // inside a single commune its own units are offered
	})
	if len(people) == 0 {
		return errors.New("the list shows people who are not silent")
	}
	marks := map[*person]intent{}
	for _, p := range people {
		marks[p] = accepts
	}
	press := func(name string) error { _, err := d.phones.tap(ctx, o.user, name, list.ID); return err }
	if err := press(shown[0]); err != nil {
		return err
	}
	marks[first] = leaves
	if len(shown) > 1 {
		second, err := d.w.byName(shown[1])
		if err != nil {
			return err
		}
		if err := errors.Join(press(shown[1]), press(shown[1])); err != nil {
			return err
		}
		marks[second] = silent
	}
	if _, err := d.press(ctx, o, list.ID, "btn.review"); err != nil {
		return err
	}
	if _, err := d.press(ctx, o, list.ID, "btn.record"); err != nil {
		return err
	}
	yes := 0
	for p, mark := range marks {
		if mark == accepts {
			yes++
		}
		if mark != silent {
			d.tally.answered(p, mark)
		}
	}
	if _, err := d.hear(ctx, o, pick.ID-1, "stead.done", "unit", gap, "yes", yes, "no", 1); err != nil {
		return err
	}
	d.note("%d answered for: %d come, 1 does not; who can be reached was told", yes+1, yes)
	if err := d.phones.quiet(ctx, 500*time.Millisecond); err != nil {
		return err
	}
	return d.each(ctx, d.w.called, func(ctx context.Context, p *person) error {
		if p == o {
			return nil
		}
		got, err := d.told(ctx, p, last[p], "✍️")
		if err != nil {
			return err
		}
		want := 0
		if mark, there := marks[p]; there && mark != silent && !p.blocks {
			want = 1
		}
		if len(got) != want {
			return fmt.Errorf("was told %d times of an answer in their stead, must be told %d times", len(got), want)
		}
		return nil
	})
}

// lastSaid is the bot's last message to somebody, once it has nothing more to say.
func (d *day) lastSaid(ctx context.Context, p *person) (message, error) {
	if err := d.phones.quiet(ctx, settled); err != nil {
		return message{}, err
	}
	chat, err := d.phones.chat(ctx, p.user, 1)
	if err != nil {
		return message{}, err
	}
	if len(chat) == 0 {
		return message{}, errors.New("the chat is empty")
	}
	return chat[0], nil
}

// namesOn are the people on a list with marks.
func namesOn(m message) (names []string) {
	for _, row := range m.Buttons {
		for _, b := range row {
			for _, mark := range []string{"✅ ", "🙏 ", "▫️ "} {
				if rest, ok := strings.CutPrefix(b.Text, mark); ok && !strings.HasPrefix(rest, "Ghi nhận") {
					name, _, _ := strings.Cut(rest, " · ")
					names = append(names, name)
				}
			}
		}
	}
	return names
}

// byName finds who is called by this name. A long one is cut on a button.
func (w *world) byName(name string) (*person, error) {
	short, cut := strings.CutSuffix(name, "…")
	is := func(p *person) bool { return p.name == name || cut && strings.HasPrefix(p.name, short) }
	if i := slices.IndexFunc(w.called, is); i >= 0 {
		return w.called[i], nil
	}
	return nil, fmt.Errorf("nobody called is %q", name)
}

// changeLate lets some who said yes ask, after the answers were locked, to stay away. The organizer agrees with every other one.
func (d *day) changeLate(ctx context.Context) error {
	asking := some(d.w.called, func(p *person) bool {
		return p.wants == accepts && !p.comes && !p.locked && !p.blocks && d.tally.seats[p].answer == accepts
	})
	asking = asking[:min(len(asking), 12)]
	d.note("%d asked to stay away after the deadline, %d of them with success", len(asking), (len(asking)+1)/2)
	for i, p := range asking {
		if err := d.askLate(ctx, p, i%2 == 0); err != nil {
			d.complain("%s: a change after the deadline: %v", p.name, err)
		}
	}
	return d.phones.quiet(ctx, 300*time.Millisecond)
}

func (d *day) askLate(ctx context.Context, p *person, agrees bool) error {
	o := d.w.organizer
	chat, err := d.phones.chat(ctx, o.user, 1)
	if err != nil {
		return err
	}
	after := chat[len(chat)-1].ID
	if _, err := d.press(ctx, p, 0, "btn.rsvp_change"); err != nil {
		return err
	}
	if _, err := d.press(ctx, p, 0, "btn.rsvp_no"); err != nil {
		return err
	}
	if err := d.pressed(ctx, p, 0, "btn.reason_cong_tac", "request.sent"); err != nil {
		return err
	}
	asked, err := d.hear(ctx, o, after, "request.change_leave", "name", p.name, "position", gap, "unit", gap, "title", gap, "time_text", gap, "reason", gap)
	if err != nil {
		return err
	}
	button, said := "btn.refuse", "request.no_refused"
	if agrees {
		button, said = "btn.approve", "rsvp.no_approved"
	}
	if _, err := d.press(ctx, o, asked.ID, button); err != nil {
		return err
	}
	if agrees {
		d.tally.answered(p, leaves)
	}
	_, err = d.hear(ctx, p, p.card, said, "title", title, "contact", gap)
	return err
}
