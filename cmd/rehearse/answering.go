package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"briefbot/briefings"
	"briefbot/briefings/vietnamese"
)

// answer lets everybody answer who does so by themselves.
func (d *day) answer(ctx context.Context) error {
	answering := some(d.w.called, func(p *person) bool { return p.wants != silent && !p.afterReminder })
	if err := d.each(ctx, answering, d.answerOne); err != nil {
		return err
	}
	n := map[intent]int{}
	for _, p := range answering {
		n[p.wants]++
	}
	d.note("%d come, %d ask leave, %d send a deputy; some changed their minds first, or pressed twice", n[accepts], n[leaves], n[sends])
	return d.phones.quiet(ctx, 300*time.Millisecond)
}

// answerLate lets those answer who needed the reminder, on the reminder's own buttons.
func (d *day) answerLate(ctx context.Context) error {
	reminded := some(d.w.called, func(p *person) bool { return p.afterReminder })
	d.note("%d answered on the buttons of the reminder", len(reminded))
	err := d.each(ctx, reminded, func(ctx context.Context, p *person) error {
		return d.accept(ctx, p, 0)
	})
	if err != nil {
		return err
	}
	return d.phones.quiet(ctx, 300*time.Millisecond)
}

func (d *day) answerOne(ctx context.Context, p *person) error {
	if p.fromList {
		if err := d.openFromList(ctx, p); err != nil {
			return err
		}
	}
	if err := d.changeable(ctx, p); err != nil {
		return err
	}
	switch p.wants {
	case accepts:
		if p.twice {
			return d.acceptTwice(ctx, p)
		}
		return d.accept(ctx, p, p.card)
	case leaves:
		return d.askLeave(ctx, p, p.reason, p.note)
	case sends:
		return d.sendDeputy(ctx, p)
	}
	return nil
}

// changeable gives the answer that will be changed, and takes it up again.
func (d *day) changeable(ctx context.Context, p *person) error {
	switch p.first {
	case accepts:
		if err := d.accept(ctx, p, p.card); err != nil {
			return err
		}
	case leaves:
		if err := d.askLeave(ctx, p, briefings.WorkTrip, ""); err != nil {
			return err
		}
	default:
		return nil
	}
	_, err := d.press(ctx, p, p.card, "btn.rsvp_change")
	return err
}

// openFromList finds the notice again below /lichhop.
func (d *day) openFromList(ctx context.Context, p *person) error {
	list, err := d.tell(ctx, p, "/lichhop", "meetings.list")
	if err != nil {
		return err
	}
	if len(list.Buttons) != 1 {
		return fmt.Errorf("/lichhop lists %d meetings, must list 1", len(list.Buttons))
	}
	if _, err := d.phones.tap(ctx, p.user, list.Buttons[0][0].Text, list.ID); err != nil {
		return err
	}
	m, err := d.phones.await(ctx, p.user, "📌", list.ID)
	p.card = m.ID
	return err
}

// recorded is what the bot says when it has taken an answer.
func (d *day) recorded(p *person, what intent) (key string, pairs []any) {
	if p.first != silent && p.first != what {
		return "rsvp.changed", []any{"old", d.w.text(p, "choice."+answerNames[p.first]), "new", d.w.text(p, "choice."+answerNames[what])}
	}
	return "rsvp.recorded", []any{"answer", d.w.text(p, "choice."+answerNames[what])}
}

func (d *day) accept(ctx context.Context, p *person, message int) error {
	key, pairs := d.recorded(p, accepts)
	if err := d.saysYes(ctx, p, message, key, pairs...); err != nil {
		return err
	}
	d.tally.answered(p, accepts)
	return nil
}

// saysYes presses yes and wants it recorded: as a yes, or as one that waits for a place where the hall may be full.
func (d *day) saysYes(ctx context.Context, p *person, message int, key string, pairs ...any) error {
	t, err := d.press(ctx, p, message, "btn.rsvp_yes")
	if err != nil {
		return err
	}
	said := d.w.opening(p, key, pairs...)
	waits := d.w.text(p, "rsvp.recorded", "answer", d.w.text(p, "choice.waiting"))
	p.waits = t.Text == waits
	if t.Text != waits && !strings.HasPrefix(t.Text, said) || t.Text == waits && p.venue != d.w.small {
		return fmt.Errorf("after a yes the bot said %q, not %q", t.Text, said)
	}
	return nil
}

// acceptTwice presses twice before the first press is answered, as impatient fingers do, and then once more through the change.
func (d *day) acceptTwice(ctx context.Context, p *person) error {
	if err := d.phones.tapAndGo(ctx, p.user, d.w.text(p, "btn.rsvp_yes"), p.card); err != nil {
		return err
	}
	// The second press may come after the first has changed the buttons; then there is nothing to press.
	if err := d.phones.tapAndGo(ctx, p.user, d.w.text(p, "btn.rsvp_yes"), p.card); err != nil && !strings.Contains(err.Error(), "no button") {
		return err
	}
	if _, err := d.hear(ctx, p, p.card, "card.accepted", "at", gap); err != nil {
		return err
	}
	d.tally.answered(p, accepts)
	if _, err := d.press(ctx, p, p.card, "btn.rsvp_change"); err != nil {
		return err
	}
	_, err := d.press(ctx, p, p.card, "btn.rsvp_yes")
	return err
}

func (d *day) askLeave(ctx context.Context, p *person, reason briefings.Reason, note string) error {
	if _, err := d.press(ctx, p, p.card, "btn.rsvp_no"); err != nil {
		return err
	}
	if reason != briefings.OtherReason {
		if err := d.pressed(ctx, p, p.card, "btn.reason_"+string(reason), "request.leave_sent"); err != nil {
			return err
		}
		d.tally.asksLeave(p)
		return nil
	}
	if _, err := d.press(ctx, p, p.card, "btn.reason_khac"); err != nil {
		return err
	}
	asked, err := d.hear(ctx, p, p.card, "rsvp.ask_reason_text")
	if err != nil {
		return err
	}
	if _, err := d.tell(ctx, p, strings.Repeat("quá dài ", 40), "rsvp.ask_reason_text"); err != nil { // asked once more
		return err
	}
	id, err := d.phones.say(ctx, p.user, note)
	if err != nil {
		return err
	}
	if _, err := d.hear(ctx, p, id, "rsvp.no_recorded", "title", title, "reason", note); err != nil {
		return fmt.Errorf("after message %d: %w", asked.ID, err)
	}
	d.tally.asksLeave(p)
	return nil
}

// sendDeputy names somebody: a member found by search, who is asked, or a name from outside the roll.
func (d *day) sendDeputy(ctx context.Context, p *person) error {
	if _, err := d.press(ctx, p, p.card, "btn.rsvp_proxy"); err != nil {
		return err
	}
	if _, err := d.hearOne(ctx, p, p.card, []string{"proxy.pick", "proxy.pick_empty"}, "unit", gap); err != nil {
		return err
	}
	if p.deputy == nil {
		found, err := d.tell(ctx, p, p.deputyName, "proxy.not_found", "name", p.deputyName)
		if err != nil {
			return err
		}
		if err := d.pressed(ctx, p, found.ID, "btn.proxy_outside", "rsvp.recorded", "answer", d.w.text(p, "choice.delegated")); err != nil {
			return err
		}
		d.tally.answered(p, sends)
		return nil
	}
	typed := vietnamese.Fold(p.deputy.name)
	if p.byCode {
		typed = p.deputy.code
	}
	found, err := d.tell(ctx, p, typed, "proxy.found", "name", typed, "n", gap)
	if err != nil {
		return err
	}
	before, err := d.phones.chat(ctx, p.deputy.user, 1)
	if err != nil {
		return err
	}
	t, err := d.phones.tap(ctx, p.user, p.deputy.name, found.ID)
	if err != nil {
		return err
	}
	if want := d.w.text(p, "rsvp.recorded", "answer", d.w.text(p, "choice.delegated")); t.Text != want {
		return fmt.Errorf("after the choice of a deputy the bot said %q, not %q", t.Text, want)
	}
	d.tally.answered(p, sends)
	return d.replyAsDeputy(ctx, p, before[len(before)-1].ID)
}

// replyAsDeputy is the other telephone: the request comes, and the deputy says yes, no or nothing.
func (d *day) replyAsDeputy(ctx context.Context, p *person, after int) error {
	position := p.position
	if position == "" {
		position = d.w.text(p.deputy, "member.plain")
	}
	request, err := d.hear(ctx, p.deputy, after, "proxy.request", "from_name", p.name, "position", position, "title", title, "time_text", gap)
	if err != nil {
		return err
	}
	switch p.deputySays {
	case yes:
		if err := d.pressed(ctx, p.deputy, request.ID, "btn.proxy_accept", "proxy.said_accepted"); err != nil {
			return err
		}
		_, err = d.hear(ctx, p, p.card, "proxy.accepted", "proxy_name", p.deputy.name, "title", title)
	case no:
		if err := d.pressed(ctx, p.deputy, request.ID, "btn.proxy_refuse", "proxy.said_refused"); err != nil {
			return err
		}
		d.tally.deputyRefused(p)
		_, err = d.hear(ctx, p, p.card, "proxy.refused", "proxy_name", p.deputy.name)
	case nothing:
	}
	return err
}
