package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// conclusions are what came of the conference, with letters that have broken software before.
const conclusions = "Đồng chí Chủ trì kết luận: triển khai trước ngày 15, báo cáo <b>kết quả</b> & kiến nghị."

// handout is the name of the paper that is handed out afterwards.
const handout = "de-cuong.docx"

var (
	questions = []string{"content", "running", "hearing"}
	marks     = []string{"good", "fair", "poor"}
	signs     = map[string]string{"good": "👍", "fair": "😐", "poor": "👎"}
)

// askOpinions looks into every chat: those who were there when the roll was closed first have been asked once how it was, nobody else has.
// Every third of them says so with three taps, and the organizer reads the sums.
func (d *day) askOpinions(ctx context.Context) error {
	w, o := d.w, d.w.organizer
	var asked []*person
	for _, p := range w.people {
		if d.seen[p] {
			asked = append(asked, p)
		}
	}
	words := func(p *person) string {
		return w.opening(p, "opinion.ask", "title", title, "i", 1, "of", len(questions), "question", gap)
	}
	said := map[*person]message{}
	for _, p := range w.people {
		got, err := d.told(ctx, p, 0, words(p))
		if err != nil {
			return err
		}
		want := 0
		if d.seen[p] {
			want = 1
		}
		if len(got) != want {
			d.complain("%s (%s): was asked %d times how it was, must be asked %d times", p.name, p.code, len(got), want)
		}
		if len(got) == 1 {
			said[p] = got[0]
		}
	}
	sums := map[string]map[string]int{}
	for _, q := range questions {
		sums[q] = map[string]int{}
	}
	var speaking []*person
	chosen := map[*person][]string{}
	for i, p := range asked {
		if _, ok := said[p]; !ok || i%3 != 0 {
			continue
		}
		speaking = append(speaking, p)
		for n, q := range questions {
			mark := marks[(i/3+n*(i%2))%len(marks)]
			chosen[p] = append(chosen[p], mark)
			sums[q][mark]++
		}
	}
	if err := d.each(ctx, speaking, func(ctx context.Context, p *person) error {
		for n, mark := range chosen[p] {
			if _, err := d.phones.await(ctx, p.user, w.opening(p, "opinion.ask", "title", title, "i", n+1, "of", len(questions), "question", gap), said[p].ID-1); err != nil {
				return err
			}
			t, err := d.press(ctx, p, said[p].ID, "opinion.mark_"+mark, "mark", signs[mark])
			if err != nil {
				return err
			}
			if want := w.text(p, "opinion.noted", "mark", signs[mark]); t.Text != want {
				return fmt.Errorf("after a mark the bot said %q, not %q", t.Text, want)
			}
		}
		_, err := d.hear(ctx, p, said[p].ID-1, "opinion.thanks", "title", title)
		return err
	}); err != nil {
		return err
	}
	card, err := d.countsCard(ctx)
	if err != nil {
		return err
	}
	if _, err := d.press(ctx, o, card.ID, "btn.opinions"); err != nil {
		return err
	}
	read, err := d.hear(ctx, o, card.ID, "opinion.head", "title", title)
	if err != nil {
		return err
	}
	var lines []string
	for _, q := range questions {
		var parts []string
		for _, mark := range marks {
			parts = append(parts, w.text(o, "opinion.count", "mark", signs[mark], "n", sums[q][mark]))
		}
		line := w.text(o, "opinion.line", "question", w.text(o, "opinion."+q), "counts", strings.Join(parts, " · "))
		lines = append(lines, line)
		if !strings.Contains(read.Text, line) {
			d.complain("the organizer does not read %q: %s", line, read.Text)
		}
	}
	d.note("%d were asked how it was and %d said so with three taps each: %s", len(asked), len(speaking), strings.Join(lines, "; "))
	return nil
}

// countsCard lets the organizer open the figures of the conference, and returns the message with its buttons.
func (d *day) countsCard(ctx context.Context) (message, error) {
	o := d.w.organizer
	pick, err := d.tell(ctx, o, "/thongke", "counts.pick")
	if err != nil {
		return message{}, err
	}
	if err := d.choose(ctx, o, pick, d.title); err != nil {
		return message{}, err
	}
	return d.lastSaid(ctx, o)
}

// conclude lets the organizer tell what came of it, with a paper and a photograph: those who were there read the conclusions, those
// excused what they missed, the others nothing. Some take the paper.
func (d *day) conclude(ctx context.Context) error {
	w, o := d.w, d.w.organizer
	came, excused := d.tally.came(), d.tally.excused()
	card, err := d.countsCard(ctx)
	if err != nil {
		return err
	}
	if _, err := d.press(ctx, o, card.ID, "btn.outcome"); err != nil {
		return err
	}
	if _, err := d.hear(ctx, o, card.ID, "outcome.ask", "title", title, "came", len(came), "excused", len(excused), "label", gap, "max", gap); err != nil {
		return err
	}
	confirm := func(id, files int, err error) (message, error) {
		if err != nil {
			return message{}, err
		}
		return d.hear(ctx, o, id, "outcome.confirm", "came", len(came), "excused", len(excused), "files", files)
	}
	id, err := d.phones.say(ctx, o.user, conclusions)
	if _, err = confirm(id, 0, err); err != nil {
		return err
	}
	id, err = d.phones.attach(ctx, o.user, handout, pdf(handout), false)
	if _, err = confirm(id, 1, err); err != nil {
		return err
	}
	id, err = d.phones.attach(ctx, o.user, "anh.png", picture(), true)
	asked, err := confirm(id, 2, err)
	if err != nil {
		return err
	}
	if _, err := d.press(ctx, o, asked.ID, "btn.send"); err != nil {
		return err
	}
	if _, err := d.hear(ctx, o, asked.ID-1, "outcome.sent"); err != nil {
		return err
	}
	words := func(p *person, key string) string {
		return w.opening(p, key, "title", title, "date", gap, "agenda", gap, "body", gap)
	}
	wanted := map[*person]string{}
	for p := range came {
		wanted[p] = words(p, "outcome.told")
	}
	for p := range excused {
		wanted[p] = words(p, "outcome.missed")
	}
	people := some(w.people, func(p *person) bool { return wanted[p] != "" && !p.blocks })
	if err := d.each(ctx, people, func(ctx context.Context, p *person) error {
		after := 0
		if p == o {
			after = asked.ID // the preview shows the conclusions as well
		}
		m, err := d.phones.await(ctx, p.user, wanted[p], after)
		if err == nil && !strings.Contains(m.Text, conclusions) {
			err = fmt.Errorf("the conclusions are not as they were typed: %s", m.Text)
		}
		return err
	}); err != nil {
		return err
	}
	if err := d.each(ctx, w.people, func(ctx context.Context, p *person) error {
		after, n := 0, 0
		if p == o {
			after = asked.ID
		}
		for _, key := range []string{"outcome.told", "outcome.missed"} {
			got, err := d.told(ctx, p, after, words(p, key))
			if err != nil {
				return err
			}
			n += len(got)
		}
		want := 0
		if wanted[p] != "" && !p.blocks {
			want = 1
		}
		if n != want {
			return fmt.Errorf("was told %d times what came of it, must be told %d times", n, want)
		}
		return nil
	}); err != nil {
		return err
	}
	taking := 0
	for i, p := range people {
		if i%60 != 0 {
			continue
		}
		if err := d.takeHandout(ctx, p, wanted[p]); err != nil {
			d.complain("%s (%s): %v", p.name, p.code, err)
		}
		taking++
	}
	d.note("%d who were there read the conclusions, %d excused what they missed, %d took the paper", len(came), len(excused), taking)
	return nil
}

// takeHandout presses the button of the paper below the conclusions.
func (d *day) takeHandout(ctx context.Context, p *person, words string) error {
	got, err := d.told(ctx, p, 0, words)
	if err != nil {
		return err
	}
	last := got[len(got)-1]
	if _, err := d.phones.tap(ctx, p.user, "📎 "+handout, last.ID); err != nil {
		return err
	}
	if err := d.phones.quiet(ctx, 0); err != nil {
		return err
	}
	chat, err := d.phones.chat(ctx, p.user, 3)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(chat, func(m message) bool { return m.ID > last.ID && m.Document != nil && m.Document.Name == handout }) {
		return fmt.Errorf("%s did not come", handout)
	}
	return nil
}

// lookAtCorrections lets the organizer read what was changed after the first closing, and by whom it was opened again and why.
func (d *day) lookAtCorrections(ctx context.Context) error {
	o := d.w.organizer
	card, err := d.countsCard(ctx)
	if err != nil {
		return err
	}
	if _, err := d.press(ctx, o, card.ID, "btn.amendments"); err != nil {
		return err
	}
	if _, err := d.hear(ctx, o, card.ID, "amend.list", "title", title, "n", d.tally.amended); err != nil {
		return err
	}
	if err := d.phones.quiet(ctx, 0); err != nil {
		return err
	}
	said, err := d.told(ctx, o, card.ID, "")
	if err != nil {
		return err
	}
	var text strings.Builder
	for _, m := range said {
		text.WriteString(m.Text + "\n")
	}
	if n := strings.Count(text.String(), reopenReason); n != len(d.w.reopened()) {
		d.complain("the reason for which the roll was opened again is given %d times, must be %d times: %s", n, len(d.w.reopened()), text.String())
	}
	d.note("%d changes after the closing, each with who made it and when; opened again %d times: %s", d.tally.amended, len(d.w.reopened()), reopenReason)
	return nil
}

// remember notes who is there when the roll is closed first: they are asked how it was, and whoever is put in later is not. It waits for
// the question, as the service looks whom to ask a moment after the closing.
func (d *day) remember(ctx context.Context) error {
	d.seen = maps.Clone(d.tally.came())
	for _, p := range d.w.people {
		if d.seen[p] && !p.blocks {
			_, err := d.phones.await(ctx, p.user, d.w.opening(p, "opinion.ask", "title", title, "i", 1, "of", len(questions), "question", gap), 0)
			return err
		}
	}
	return nil
}
