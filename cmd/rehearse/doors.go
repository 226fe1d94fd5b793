package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
)

var sixDigits = regexp.MustCompile(`\b\d{6}\b`)

// openDoors lets every officer open the venue and read out what the bot gave: the code, and the link in the QR.
func (d *day) openDoors(ctx context.Context) error {
	officers := make([]*person, len(d.w.venues))
	for i, v := range d.w.venues {
		officers[i] = v.officer
	}
	return d.each(ctx, officers, func(ctx context.Context, p *person) error {
		v := d.w.venues[p.venue]
		m, err := d.tell(ctx, p, "/modiemdanh", "door.open", "venue", v.name, "title", title, "code", gap)
		if err != nil {
			return err
		}
		v.code = sixDigits.FindString(m.Caption)
		v.screen.Lock()
		defer v.screen.Unlock()
		v.looks(m)
		switch {
		case v.code == "" || v.link == "":
			return fmt.Errorf("the door's code or link is missing: %q", m.Caption)
		case m.Photo == nil:
			return errors.New("there is no QR")
		}
		return nil
	})
}

// looks takes in what the screen shows.
func (v *venue) looks(m message) {
	v.shown, v.drawn = m.ID, time.Now()
	for _, e := range m.Entities {
		if e.Type == "text_link" {
			v.link = e.URL
		}
	}
}

// fresh is how long a QR is shown before the officer asks for a new one; the service takes it for a minute and more.
const fresh = 30 * time.Second

// scan reads the QR off the screen, which the officer keeps fresh.
func (d *day) scan(ctx context.Context, v *venue) (string, error) {
	v.screen.Lock()
	defer v.screen.Unlock()
	if time.Since(v.drawn) < fresh {
		return v.link, nil
	}
	if _, err := d.press(ctx, v.officer, v.shown, "btn.new_code"); err != nil {
		return "", err
	}
	chat, err := d.phones.chat(ctx, v.officer.user, 0)
	if err != nil {
		return "", err
	}
	for _, m := range chat {
		if m.ID == v.shown {
			v.looks(m)
		}
	}
	return v.link, nil
}

// checkIn lets those come who are in time. One who would change their answer after the deadline is offered a request.
func (d *day) checkIn(ctx context.Context) error {
	for _, p := range some(d.w.called, func(p *person) bool {
		return p.wants == accepts && p.first == silent && !p.twice && !p.fromList && !p.afterReminder && d.tally.seats[p].answer == accepts
	})[:1] {
		_, err := d.press(ctx, p, 0, "btn.rsvp_change")
		if err == nil {
			_, err = d.hear(ctx, p, p.card-1, "request.ask")
		}
		if err == nil {
			_, err = d.press(ctx, p, 0, "btn.back")
		}
		if err != nil {
			d.complain("%s: after the deadline: %v", p.name, err)
		}
	}
	arriving := some(d.w.called, func(p *person) bool { return (p.comes && !p.late && !p.byList) || p.locked })
	if err := d.each(ctx, arriving, d.arrive); err != nil {
		return err
	}
	d.note("%d showed the code or followed the link, %d of them at another venue than theirs", len(arriving),
		len(some(arriving, func(p *person) bool { return p.elsewhere >= 0 })))
	return d.phones.quiet(ctx, 300*time.Millisecond)
}

// comeLate moves the clock behind the start.
func (d *day) comeLate(ctx context.Context) error {
	if err := d.serveFrom(ctx, d.w.starts.Add(20*time.Minute)); err != nil {
		return err
	}
	d.w.fade()
	late := some(d.w.called, func(p *person) bool { return p.comes && p.late })
	if err := d.each(ctx, late, d.arrive); err != nil {
		return err
	}
	d.note("%d came after the start", len(late))
	return d.phones.quiet(ctx, 300*time.Millisecond)
}

// fade makes what the screens show old, after the clock was moved.
func (w *world) fade() {
	for _, v := range w.venues {
		v.drawn = time.Time{}
	}
}

// arrive is one seat's check-in: by the invitee or by the deputy.
func (d *day) arrive(ctx context.Context, seat *person) error {
	who, stood := seat, false
	if seat.wants == sends && seat.deputy != nil {
		who, stood = seat.deputy, true
	}
	if seat.locked {
		return d.guess(ctx, who, 5)
	}
	if err := d.guess(ctx, who, seat.wrong); err != nil {
		return err
	}
	at := seat.venue
	if seat.elsewhere >= 0 {
		at = seat.elsewhere
	}
	v := d.w.venues[at]
	id, err := d.enter(ctx, who, v)
	if err != nil {
		return err
	}
	if at != seat.venue {
		asked, err := d.hear(ctx, who, id, "checkin.other_venue", "assigned", d.w.venues[seat.venue].name, "actual", v.name)
		if err != nil {
			return err
		}
		if _, err := d.press(ctx, who, asked.ID, "btn.check_in_here"); err != nil {
			return err
		}
	}
	welcome := "checkin.ok"
	if stood {
		welcome = "checkin.ok_proxy"
	}
	done, err := d.hear(ctx, who, id, welcome, "time", gap)
	if err != nil {
		return err
	}
	if !strings.Contains(done.Text, v.name) || stood && !strings.Contains(done.Text, seat.name) {
		return fmt.Errorf("checked in with the wrong words: %s", done.Text)
	}
	d.tally.arrived(seat, at, stood, seat.late)
	return nil
}

// enter shows the code or follows the link.
func (d *day) enter(ctx context.Context, who *person, v *venue) (int, error) {
	switch who.entry {
	case byLink:
		link, err := d.scan(ctx, v)
		if err != nil {
			return 0, err
		}
		return d.phones.open(ctx, who.user, link)
	case byCommand:
		if _, err := d.tell(ctx, who, "/diemdanh", "checkin.prompt", "n", 6, "venue", gap); err != nil {
			return 0, err
		}
	}
	return d.phones.say(ctx, who.user, v.code[:3]+" "+v.code[3:])
}

// guess types codes that open nothing. After the fifth nothing is taken any more.
func (d *day) guess(ctx context.Context, who *person, times int) error {
	for i := range times {
		id, err := d.phones.say(ctx, who.user, d.noCode())
		if err != nil {
			return err
		}
		if i == 4 {
			_, err = d.hear(ctx, who, id, "checkin.locked", "venue", gap)
		} else {
			_, err = d.hear(ctx, who, id, "checkin.wrong", "left", 4-i)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// noCode is a code that no door has.
func (d *day) noCode() string {
	used := map[string]bool{}
	for _, v := range d.w.venues {
		used[v.code] = true
	}
	for i := 0; ; i++ {
		if code := fmt.Sprintf("%06d", i); !used[code] {
			return code
		}
	}
}

// closeDoors lets every officer close with a headcount: who checked in, and some guests.
func (d *day) closeDoors(ctx context.Context) error {
	officers := make([]*person, len(d.w.venues))
	for i, v := range d.w.venues {
		officers[i] = v.officer
		v.guests = d.tally.seatless(i) + i%5
		v.heads = d.tally.inside(i) + v.guests
	}
	if err := d.each(ctx, officers, d.closeDoor); err != nil {
		return err
	}
	if err := d.remember(ctx); err != nil {
		return err
	}
	heads, guests := 0, 0
	for _, v := range d.w.venues {
		heads, guests = heads+v.heads, guests+v.guests
	}
	d.note("%d venues closed with %d people in the rooms, %d of them guests", len(officers), heads, guests)
	return nil
}

func (d *day) closeDoor(ctx context.Context, p *person) error {
	v := d.w.venues[p.venue]
	m, err := d.tell(ctx, p, fmt.Sprintf("/chot %d %d", v.heads, v.guests), "close.confirm",
		"venue", v.name, "heads", v.heads, "guests", v.guests, "n", v.heads-v.guests)
	if err != nil {
		return err
	}
	if _, err := d.press(ctx, p, m.ID, "btn.close_yes"); err != nil {
		return err
	}
	if _, err := d.hear(ctx, p, m.ID, "close.done", "venue", v.name, "heads", v.heads, "guests", v.guests, "n", v.heads-v.guests); err != nil {
		return err
	}
	v.shut = m.ID
	d.tally.close(p.venue, closing{v.heads, v.guests})
	return nil
}
