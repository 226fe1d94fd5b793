package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// difference is a figure that is not as it must be.
type difference struct{ source, key, own, said string }

func (d difference) String() string {
	return fmt.Sprintf("%s: %s is %s, must be %s", d.source, d.key, orNothing(d.said), orNothing(d.own))
}

func orNothing(s string) string {
	if s == "" {
		return "missing"
	}
	return s
}

// compare lays a source beside the own tally, both ways: what differs, what is missing and what nobody expected.
func compare(own figures, s source) []difference {
	var out []difference
	for _, key := range slices.Sorted(maps.Keys(own)) {
		if s.shows(key) && s.says[key] != own[key] {
			out = append(out, difference{s.name, key, own[key], s.says[key]})
		}
	}
	for _, key := range slices.Sorted(maps.Keys(s.says)) {
		if _, ok := own[key]; !ok {
			out = append(out, difference{s.name, key, "", s.says[key]})
		}
	}
	return out
}

// totals are those in the order of the printed table.
var totals = strings.Fields("invited accepted declined delegated none present represented excused unexcused pending late headcount guests rate")

// count compares every place where the service says its figures with the tally of now, and prints the totals side by side.
func (d *day) count(ctx context.Context, when string) error {
	return d.countOf(ctx, d.conference, when)
}

// countOf does so for one of the meetings.
func (d *day) countOf(ctx context.Context, c *conference, when string) error {
	sources, err := d.sources(ctx, c)
	if err != nil {
		return err
	}
	own := c.tally.figures()
	shown, err := d.onBoard(ctx, c, own)
	if err != nil {
		return err
	}
	sources = append(sources, shown)
	compared := 0
	fmt.Fprintf(d.out, "\nFigures %s\n%-13s %10s", when, "", "own tally")
	for _, s := range sources {
		fmt.Fprintf(d.out, " %14s", s.name)
	}
	fmt.Fprintln(d.out)
	for _, key := range totals {
		fmt.Fprintf(d.out, "%-13s %10s", key, own[key])
		for _, s := range sources {
			value := "·"
			if s.shows(key) {
				value = orNothing(s.says[key])
				if value != own[key] {
					value = "≠ " + value
				}
			}
			fmt.Fprintf(d.out, " %14s", value)
		}
		fmt.Fprintln(d.out)
	}
	wrong := 0
	for _, s := range sources {
		for key := range own {
			if s.shows(key) {
				compared++
			}
		}
		for _, diff := range compare(own, s) {
			wrong++
			d.complain("%s", diff)
		}
	}
	fmt.Fprintf(d.out, "%d figures compared (totals, by venue, by unit, by person), %d differ\n", compared, wrong)
	return nil
}

// verdict is what the sandbox noticed over the whole day.
func (d *day) verdict(ctx context.Context) (report, error) {
	r, err := d.phones.report(ctx)
	if err != nil {
		return r, err
	}
	// A tap and the planner may draw the same card in the same moment; it must stay rare.
	same := r.unchanged()
	if most := 1 + len(d.w.called)/100; same > most {
		d.complain("%d edits would have changed nothing, there may be %d", same, most)
	}
	if r.RefusedTotal > same {
		d.complain("the sandbox refused %d calls: %v", r.RefusedTotal, r.RefusedBy)
		for i, one := range r.Refused {
			if i < 5 && !one.Injected && !strings.Contains(one.Description, notModified) {
				d.complain("chat %d: %s: %s", one.Chat, one.Method, one.Description)
			}
		}
	}
	if r.Callbacks.Unanswered > 0 || r.Callbacks.Late > 0 || r.Callbacks.Twice > 0 {
		d.complain("of %d presses %d were not answered, %d too late, %d twice", r.Callbacks.Pressed, r.Callbacks.Unanswered, r.Callbacks.Late, r.Callbacks.Twice)
	}
	if r.Dropped > 0 || r.Pending > 0 {
		d.complain("%d updates were dropped, %d are waiting", r.Dropped, r.Pending)
	}
	again := map[int64]bool{} // they asked for the notice a second time
	for _, p := range d.w.called {
		again[p.user] = p.fromList
	}
	for _, author := range []*person{d.w.organizer, d.w.venues[1].officer} {
		again[author.user] = true // the preview says word for word what the notice will say
	}
	for _, dup := range r.Duplicates {
		if !again[dup.Chat] && strings.HasPrefix(dup.Text, "📌") {
			d.complain("chat %d was told %d times: %s", dup.Chat, dup.Times, dup.Text)
		}
	}
	return r, nil
}
