package main

import (
	"context"
	"fmt"
)

// question is one to the speaker and what the organizer is to make of it.
type question struct {
	asker *person
	text  string
	fate  string // a state, as the catalogue names it
	into  int    // for a merged one: which of the list
}

// written is the organizer's written reply.
const written = "Nội dung này đã nêu tại mục 3 của báo cáo, gửi kèm tài liệu sau hội nghị."

// askers are people who came, from as many venues as there are.
func (d *day) askers() []*person {
	var out []*person
	seen := map[int]bool{}
	for _, p := range d.w.called {
		if s := d.tally.seats[p]; s.here && !s.stood && p.user != 0 && !seen[s.venue] && len(out) < 12 && p != d.w.organizer {
			seen[s.venue] = true
			out = append(out, p)
		}
	}
	return out
}

// askSpeaker lets people at the venues ask the speaker, and the organizer decide: each asker reads what became of it.
func (d *day) askSpeaker(ctx context.Context) error {
	o := d.w.organizer
	fates := []string{"answered", "merged", "replied", "declined"}
	var list []question
	for i, p := range d.askers() {
		list = append(list, question{asker: p, text: fmt.Sprintf("Câu hỏi số %d: bao giờ có tài liệu?", i+1), fate: fates[i%len(fates)], into: i - i%len(fates)})
	}
	for _, q := range list { // one after the other, so that their numbers are known
		if _, err := d.tell(ctx, q.asker, "/hoi", "question.ask", "title", title, "max", gap); err != nil {
			return err
		}
		card, err := d.tell(ctx, q.asker, q.text, "question.confirm", "title", title, "text", q.text, "name", gap, "venue", gap)
		if err != nil {
			return err
		}
		if _, err := d.press(ctx, q.asker, card.ID, "btn.ask_send"); err != nil {
			return err
		}
		if _, err := d.hear(ctx, q.asker, card.ID-1, "question.sent", "title", title, "text", gap); err != nil {
			return err
		}
	}
	for i := range list { // whatever another is merged into is decided first here; the other order is played by the tests
		if err := d.decideQuestion(ctx, list, i); err != nil {
			return fmt.Errorf("question %d: %w", i+1, err)
		}
	}
	n := map[string]int{}
	for _, q := range list {
		n[q.fate]++
	}
	_, err := d.tell(ctx, o, "/cauhoi", "question.list", "title", title, "n", len(list), "new", 0, "listed", 0, "answered", n["answered"],
		"replied", n["replied"], "merged", n["merged"], "declined", n["declined"], "page", 1, "pages", (len(list)+7)/8)
	if err != nil {
		return fmt.Errorf("count the questions: %w", err)
	}
	d.note("%d asked: %d answered in the hall, %d in writing, %d merged, %d declined; each asker read what became of it", len(list),
		n["answered"], n["replied"], n["merged"], n["declined"])
	return nil
}

func (d *day) decideQuestion(ctx context.Context, list []question, i int) error {
	o, q := d.w.organizer, list[i]
	page, err := d.tell(ctx, o, "/cauhoi", "question.list", "title", title, "n", gap, "new", gap, "listed", gap, "answered", gap, "replied", gap,
		"merged", gap, "declined", gap, "page", gap, "pages", gap)
	if err != nil {
		return err
	}
	tap := func(label string) error {
		_, err := d.phones.tap(ctx, o.user, label, page.ID)
		return err
	}
	opened := func(n int) string { return fmt.Sprintf("Câu hỏi số %d:", n) }
	if err := tap(opened(i + 1)); err != nil {
		return err
	}
	told := "question.told_" + q.fate
	switch q.fate {
	case "answered":
		err = tap(d.w.text(o, "btn.question_answered"))
	case "declined":
		err = tap(d.w.text(o, "btn.question_decline"))
	case "merged":
		told = "question.told_" + list[q.into].fate
		err = d.merge(ctx, page, opened(i+1), opened(q.into+1))
	case "replied":
		if err = tap(d.w.text(o, "btn.question_write")); err != nil {
			return err
		}
		if _, err = d.hear(ctx, o, page.ID, "question.write", "text", gap, "max", gap); err != nil {
			return err
		}
		var confirm message
		if confirm, err = d.tell(ctx, o, written, "question.reply_confirm", "question", q.text, "text", written); err != nil {
			return err
		}
		_, err = d.press(ctx, o, confirm.ID, "btn.send")
	}
	if err != nil {
		return err
	}
	_, err = d.hear(ctx, q.asker, 0, told, "title", title, "text", gap)
	return err
}

// merge picks the question into which the opened one goes, on whatever page of the list it stands.
func (d *day) merge(ctx context.Context, page message, own, into string) error {
	o := d.w.organizer
	c := &composer{day: d, who: o, at: page}
	var err error
	if c.at, err = d.phones.await(ctx, o.user, own, page.ID-1); err != nil {
		return err
	}
	if err := c.push(ctx, "btn.question_merge"); err != nil {
		return err
	}
	for range 6 {
		if label, ok := c.shown(into); ok {
			_, err := d.phones.tap(ctx, o.user, label, c.at.ID)
			return err
		}
		if err := c.tap(ctx, "▶"); err != nil {
			return err
		}
	}
	return fmt.Errorf("%q is on no page", into)
}
