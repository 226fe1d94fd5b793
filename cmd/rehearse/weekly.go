package main

import (
	"context"
	"fmt"
	"strings"
)

// weekMeeting is one of the meetings of the week.
type weekMeeting struct {
	title, hall string
	people      []*person
	*conference // once it was sent
}

// week are the meetings of the week after the conference: of one commune, of two, and of those at the root.
func (w *world) week() []*weekMeeting {
	return []*weekMeeting{
		{title: "Giao ban khối xã", hall: "Phòng họp số 2", people: w.of(1)},
		{title: "Tập huấn nghiệp vụ tuyên truyền", hall: "Phòng họp số 1", people: w.of(w.near()...)},
		{title: "Họp mặt cán bộ cấp tỉnh", hall: "Phòng họp số 1", people: w.of(0)},
	}
}

// schedule is the week as an office writes it, with an hour that does not exist.
func (w *world) schedule(list []*weekMeeting) string {
	unit := func(h int) string { return "unit:" + string(w.units[rootUnit+" / "+w.heads[h]]) }
	var both []string
	for _, h := range w.near() {
		both = append(both, unit(h))
	}
	return fmt.Sprintf(`LỊCH TUẦN
Thành phần: %s
Điểm cầu: %s
Chủ trì: Đồng chí Chánh Văn phòng

%s
Sáng:
7 giờ 30: %s; Địa điểm: %s
Chiều:
14h00: %s; Thành phần: %s

%s
08:00 %s; Thành phần: only:%s
Thời gian: 08:00 30/02/2027
`, unit(1), list[1].hall, w.dayWords(w.on(3, 7, 30)), list[0].title, list[0].hall, list[1].title, strings.Join(both, ", "),
		w.dayWords(w.on(5, 8, 0)), list[2].title, w.units[rootUnit])
}

// sendWeek sends the schedule of the week: one message to each, with a button for every meeting they are called to, and for no other.
// Each opens its own card, and is answered there.
func (d *day) sendWeek(ctx context.Context) error {
	w, o := d.w, d.w.organizer
	d.weekly = w.week()
	called := map[*person][]*weekMeeting{}
	for _, m := range d.weekly {
		for _, p := range m.people {
			called[p] = append(called[p], m)
		}
	}
	whole := some(w.people, func(p *person) bool { return len(called[p]) > 0 })
	c := &composer{day: d, who: o}
	m, err := d.tell(ctx, o, "/soanhop", "wiz.start")
	if err != nil {
		return err
	}
	c.at = m
	if err := c.push(ctx, "btn.wiz_week"); err != nil {
		return err
	}
	if _, err := d.press(ctx, o, c.at.ID, "label.public"); err != nil {
		return err
	}
	if _, err := d.hear(ctx, o, c.at.ID-1, "week.help"); err != nil {
		return err
	}
	if _, err := d.tell(ctx, o, w.schedule(d.weekly), "form.complaints", "n", 1, "lines", gap); err != nil {
		return err
	}
	reachable := len(some(whole, func(p *person) bool { return !p.blocks }))
	c.at, err = d.tell(ctx, o, "3. Thời gian: "+w.on(5, 8, 0).Format("15:04 02/01/2006"), "week.preview", "n", len(whole), "reachable", reachable,
		"offline", len(whole)-reachable, "lines", gap)
	if err != nil {
		return err
	}
	for i, m := range d.weekly {
		if line := w.text(o, "week.counted", "i", i+1, "title", m.title, "n", len(m.people)); !strings.Contains(c.at.Text, line) {
			d.complain("the preview of the week does not say %q: %s", line, c.at.Text)
		}
	}
	preview := c.at.ID
	if err := c.send(ctx, whole); err != nil {
		return err
	}
	for _, m := range d.weekly {
		if m.conference, err = d.begin(ctx, m.title, tallyOf([]*venue{{name: m.hall}}, w.heads, m.people, func(*person) int { return 0 })); err != nil {
			return err
		}
	}
	if err := d.answerWeek(ctx, called, preview); err != nil {
		return err
	}
	answers := 0
	for _, m := range d.weekly {
		for _, s := range m.tally.seats {
			if s.answer != silent {
				answers++
			}
		}
	}
	d.note("one message to each of %d people for %d meetings; %d answers on the cards that it opened", reachable, len(d.weekly), answers)
	return d.phones.quiet(ctx, settled)
}

// answerWeek finds the message of the week in every chat and answers on the cards behind its buttons.
func (d *day) answerWeek(ctx context.Context, called map[*person][]*weekMeeting, preview int) error {
	place := map[*person]int{}
	for i, p := range d.w.people {
		place[p] = i
	}
	return d.each(ctx, d.w.people, func(ctx context.Context, p *person) error {
		after := 0
		if p == d.w.organizer {
			after = preview
		}
		got, err := d.told(ctx, p, after, d.w.opening(p, "week.head", "from", gap, "to", gap, "recipient", gap))
		if err != nil {
			return err
		}
		want := 0
		if len(called[p]) > 0 && !p.blocks {
			want = 1
		}
		if len(got) != want {
			return fmt.Errorf("has %d schedules of the week, must have %d", len(got), want)
		}
		if want == 0 {
			return nil
		}
		if len(got[0].Buttons) != len(called[p]) {
			return fmt.Errorf("the schedule opens %d meetings, must open %d: %v", len(got[0].Buttons), len(called[p]), got[0].Buttons)
		}
		for k, m := range called[p] {
			what := []intent{accepts, silent, leaves, accepts}[(place[p]+k)%4]
			if what == silent {
				continue
			}
			if err := d.choose(ctx, p, got[0], m.title); err != nil {
				return err
			}
			card, err := d.phones.await(ctx, p.user, "\n"+m.title+"\n", got[0].ID)
			if err != nil {
				return err
			}
			if err := d.reply(ctx, m.conference, p, card.ID, what, false); err != nil {
				return fmt.Errorf("“%s”: %w", m.title, err)
			}
		}
		return nil
	})
}

// countWeek compares the figures of every meeting of the week.
func (d *day) countWeek(ctx context.Context) error {
	for _, m := range d.weekly {
		if err := d.follow(ctx, m.conference, "of “"+m.title+"”"); err != nil {
			return err
		}
	}
	return nil
}

// moveOne postpones one of the meetings of the week by half an hour: only its people are told and asked again, and the schedule that was
// sent says the new hour.
func (d *day) moveOne(ctx context.Context) error {
	m := d.weekly[0]
	last, err := d.lastOf(ctx, d.w.people)
	if err != nil {
		return err
	}
	if err := d.later(ctx, d.w.organizer, m.conference, last, "btn.later_30"); err != nil {
		return err
	}
	return d.each(ctx, some(m.people, func(p *person) bool { return !p.blocks }), func(ctx context.Context, p *person) error {
		head := d.w.opening(p, "week.head", "from", gap, "to", gap, "recipient", gap)
		got, err := d.told(ctx, p, 0, head)
		if err != nil {
			return err
		}
		if line := "08:00 " + m.title; len(got) == 0 || !strings.Contains(got[len(got)-1].Text, line) {
			return fmt.Errorf("the schedule does not say %q: %v", line, got)
		}
		return nil
	})
}
