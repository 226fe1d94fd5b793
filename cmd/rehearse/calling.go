package main

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// form is the conference as a practised organizer writes it, with one line that cannot be read.
func (w *world) form() string {
	var b strings.Builder
	line := func(name, value string) { fmt.Fprintf(&b, "%s: %s\n", name, value) }
	when := func(t time.Time) string { return t.In(w.zone).Format("15:04 02/01/2006") }
	b.WriteString("/soanhop\n")
	line("Tên", title)
	line("Thời gian", when(w.starts))
	line("Kết thúc", "25:99")
	line("Hạn xác nhận", when(w.deadline))
	for i, v := range w.venues {
		room := 3000
		if w.small > 0 && i == w.small {
			room = w.room
		}
		place := fmt.Sprintf("%s; sức chứa %d; cán bộ %s", v.name, room, v.officer.code)
		if i == 0 {
			place += "; chính"
		} else {
			place += "; đơn vị " + string(w.units[rootUnit+" / "+w.heads[v.head]])
		}
		line("Điểm cầu", place)
	}
	line("Thành phần", fmt.Sprintf("unit:%s, -unit:%s, -unit:%s", w.units[rootUnit], w.units[rootUnit+" / "+spare], w.units[w.delegation()]))
	line("Suất", fmt.Sprintf("%s %d", w.units[w.delegation()], places))
	line("Chủ trì", "Thường trực Tỉnh ủy")
	line("Nội dung", "Thông tin thời sự trong nước và quốc tế")
	line("Nội dung", "Nhiệm vụ trọng tâm quý IV")
	line("Dự thay", "có")
	line("Duyệt vắng", "đơn vị")
	line("Mức phổ biến", "công khai")
	return b.String()
}

// call writes the conference, mends the line that was refused, reads the preview and sends.
func (d *day) call(ctx context.Context) error {
	w, o := d.w, d.w.organizer
	complaint, err := d.tell(ctx, o, w.form(), "form.complaints", "n", 1, "lines", gap)
	if err != nil {
		return err
	}
	if !strings.Contains(complaint.Text, "25:99") {
		d.complain("the refused line is not named: %s", complaint.Text)
	}
	reachable := len(some(w.called, func(p *person) bool { return !p.blocks }))
	preview, err := d.tell(ctx, o, "Kết thúc: "+w.starts.Add(150*time.Minute).Format("15:04 02/01/2006"),
		"send.preview", "n", len(w.called), "reachable", reachable, "offline", len(w.called)-reachable, "units", gap, "label", gap, "when", gap)
	if err != nil {
		return err
	}
	if _, err := d.press(ctx, o, preview.ID, "btn.send"); err != nil {
		return err
	}
	done := "send.done"
	if reachable == len(w.called) {
		done = "send.done_all"
	}
	if _, err := d.hear(ctx, o, preview.ID, done, "ok", reachable, "fail", len(w.called)-reachable); err != nil {
		d.complain("the progress message did not end: %v", err)
	}
	if err := d.phones.quiet(ctx, 500*time.Millisecond); err != nil {
		return err
	}
	if d.meeting, err = d.meetingID(ctx); err != nil {
		return err
	}
	return d.each(ctx, append(w.people[:len(w.people):len(w.people)], w.strangers...), func(ctx context.Context, p *person) error {
		after := 0
		if p == o {
			after = preview.ID // the preview shows the notice as well
		}
		return d.findCard(ctx, p, after)
	})
}

// findCard wants exactly one notice in the chat of everybody who was called and can be reached, and none in the others.
func (d *day) findCard(ctx context.Context, p *person, after int) error {
	notices, err := d.told(ctx, p, after, "📌")
	if err != nil {
		return err
	}
	_, called := d.tally.seats[p]
	want := 0
	if called && !p.blocks {
		want = 1
	}
	if len(notices) != want {
		return fmt.Errorf("has %d notices, must have %d", len(notices), want)
	}
	if want == 0 {
		return nil
	}
	card := notices[0]
	p.card, p.notice = card.ID, card.ID
	if !strings.Contains(card.Text, title) || !strings.Contains(card.Text, p.name) {
		return fmt.Errorf("the notice does not name the conference and the person: %s", card.Text)
	}
	place := "?"
	for line := range strings.Lines(card.Text) {
		if strings.HasPrefix(line, "📍") {
			_, place, _ = strings.Cut(strings.TrimSpace(line), ": ")
		}
	}
	if own := d.w.venues[p.venue].name; place != own {
		return fmt.Errorf("is called to %q, must be called to %q", place, own)
	}
	return nil
}

// told are the bot's messages of a chat that begin in a certain way, after a message.
func (d *day) told(ctx context.Context, p *person, after int, begins string) ([]message, error) {
	chat, err := d.phones.chat(ctx, p.user, 0)
	if err != nil {
		return nil, err
	}
	var out []message
	for _, m := range chat {
		if m.From == "bot" && m.ID > after && strings.HasPrefix(m.Text, begins) {
			out = append(out, m)
		}
	}
	return out, nil
}

// remind moves the clock and lets the planner do what is due, then wants exactly one reminder in the chat of everybody it concerns
// and none in the others.
func (d *day) remind(ctx context.Context, at time.Time, key string, concerns func(*person) bool) error {
	last := map[*person]int{}
	for _, p := range d.w.people {
		chat, err := d.phones.chat(ctx, p.user, 1)
		if err != nil {
			return err
		}
		if len(chat) > 0 {
			last[p] = chat[len(chat)-1].ID
		}
	}
	if err := d.serveFrom(ctx, at); err != nil {
		return err
	}
	expected := some(d.w.people, concerns)
	words := func(p *person) string {
		if p.principal != nil && key == "remind.rsvp" {
			return d.w.opening(p, "remind.deputy", "name", p.principal.name, "title", title, "time_text", gap)
		}
		return d.w.opening(p, key, "title", title, "time_text", gap, "deadline", gap, "minutes", gap, "venue", gap)
	}
	if err := d.each(ctx, expected, func(ctx context.Context, p *person) error {
		_, err := d.phones.await(ctx, p.user, words(p), last[p])
		return err
	}); err != nil {
		return err
	}
	if err := d.phones.quiet(ctx, 700*time.Millisecond); err != nil {
		return err
	}
	return d.each(ctx, d.w.people, func(ctx context.Context, p *person) error {
		reminders, err := d.told(ctx, p, last[p], "")
		if err != nil {
			return err
		}
		want := 0
		if concerns(p) {
			want = 1
		}
		if len(reminders) != want {
			return fmt.Errorf("got %d messages with %s, must get %d", len(reminders), key, want)
		}
		return nil
	})
}

// remindSilent is a day and a bit before the answers end.
func (d *day) remindSilent(ctx context.Context) error {
	return d.remind(ctx, d.w.deadline.Add(-23*time.Hour), "remind.rsvp", func(p *person) bool {
		if p.principal != nil { // who was asked to be a deputy and said nothing
			return p.principal.deputySays == nothing && d.tally.seats[p.principal].standing() == sends
		}
		s, called := d.tally.seats[p]
		return called && !p.blocks && s.standing() == silent
	})
}

// remindComing is an hour and a half before the start.
func (d *day) remindComing(ctx context.Context) error {
	return d.remind(ctx, d.w.starts.Add(-90*time.Minute), "remind.soon", func(p *person) bool {
		if p.principal != nil { // a deputy who has not said no
			s := d.tally.seats[p.principal]
			return s.standing() == sends && p.principal.deputy == p
		}
		s, called := d.tally.seats[p]
		return called && !p.blocks && s.standing() == accepts
	})
}
