package bot

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"briefbot/bot/internal/form"
	"briefbot/bot/internal/view"
	"briefbot/briefings"
)

// quickTimes are the moments offered as buttons, as a form would say them.
var quickTimes = map[string]string{
	"work": "every weekday 07:00",
	"mon":  "every Monday 07:00",
	"day5": "monthly 5 07:30",

	"lastfri": "last working Friday of every month 16:00",
}

// askWhen asks when a draft goes out.
func (t *turn) askWhen(c composing) error {
	stamp := c.stamp()
	buttons := []string{"tomorrow"}
	if c.Kind == composeBriefing {
		buttons = append(buttons, "work", "mon", "lastfri", "day5")
	}
	markup := rows()
	for _, b := range buttons {
		markup.InlineKeyboard = append(markup.InlineKeyboard, rows(button(t.p.Plain("btn.when_"+b), "draft", c.Kind, "at", stamp, b)).InlineKeyboard...)
	}
	key := "when.ask_meeting"
	if c.Kind == composeBriefing {
		key = "when.ask_briefing"
	}
	_, err := t.say(t.p.T(key), markup)
	return err
}

// whenTyped takes a moment or a cadence in words. Lines of the form still reach the draft.
func (t *turn) whenTyped() error {
	s, err := t.drafts.Load(t.ctx, t.user.ID)
	if err != nil {
		return fmt.Errorf("load draft: %w", err)
	}
	var c composing
	if err := json.Unmarshal(s.Data, &c); err != nil {
		return fmt.Errorf("read draft: %w", err)
	}
	if form.Knows(form.Scan(t.message.Text, c.fields())) {
		return t.dialogues()[c.Kind](t)
	}
	w, err := t.world()
	if err != nil {
		return err
	}
	cadence, err := w.Cadence(strings.TrimSpace(t.message.Text))
	if err != nil {
		return t.unread(err)
	}
	return t.send(c, &cadence)
}

// at takes one of the offered moments.
func (t *turn) at(c composing, name string) error {
	w, err := t.world()
	if err != nil {
		return err
	}
	if name == "tomorrow" {
		now := t.now()
		return t.send(c, &briefings.Cadence{Every: briefings.Once, At: time.Date(now.Year(), now.Month(), now.Day()+1, 7, 30, 0, 0, t.Zone)})
	}
	cadence, err := w.Cadence(quickTimes[name])
	if err != nil {
		return err
	}
	return t.send(c, &cadence)
}

// send makes the draft a fact: the planner does the rest. Without a cadence it goes out as its form says, else now.
func (t *turn) send(c composing, cadence *briefings.Cadence) error {
	w, err := t.world()
	if err != nil {
		return err
	}
	if c.Kind == composeMeeting {
		m, complaints := w.Meeting(&c.Draft)
		if len(complaints) > 0 {
			return t.unsent(c, complaints)
		}
		m.ID, m.Materials = briefings.MeetingID(c.ID), c.Files
		at := t.Now()
		if cadence != nil {
			at = cadence.At
		}
		if asked, err := t.askQuiet(c, m.Urgency, briefings.KindInvitation, at, m.AnswersUntil(), cadence, len(w.Roster.Resolve(m.Audience))); asked || err != nil {
			return err
		}
		m.AtOnce = m.Urgency.Presses() && c.Quiet == goInQuiet
		return t.sendMeeting(c, w, m, cadence)
	}
	b, complaints := w.Briefing(&c.Draft)
	if cadence != nil { // a form's own time may have passed meanwhile; the one just given counts
		c.Draft.Lines = without(c.Draft.Lines, briefings.FieldSend)
		b, complaints = w.Briefing(&c.Draft)
		b.Cadence = *cadence
	}
	if len(complaints) > 0 {
		return t.unsent(c, complaints)
	}
	b.ID = briefings.BriefingID(c.ID)
	if b.Cadence.Every == "" || b.Cadence.Every == briefings.Once {
		at := t.Now()
		if b.Cadence.At.After(at) {
			at = b.Cadence.At
		}
		if asked, err := t.askQuiet(c, b.Urgency, briefings.KindBriefing, at, time.Time{}, cadence, len(w.Roster.Resolve(b.To()))); asked || err != nil {
			return err
		}
		b.AtOnce = b.Urgency.Presses() && c.Quiet == goInQuiet
	}
	return t.sendBriefing(c, w, b)
}

// unsent keeps a draft that was in order when it was shown and is not any more: its hour has passed, somebody left the roll.
func (t *turn) unsent(c composing, complaints []form.Complaint) error {
	if err := t.keep(c.Kind, c); err != nil {
		return err
	}
	return t.complain(complaints)
}

func without(lines []form.Line, f briefings.Field) []form.Line {
	var out []form.Line
	for _, l := range lines {
		if l.Field != f {
			out = append(out, l)
		}
	}
	return out
}

func (t *turn) sendMeeting(c composing, w form.World, m briefings.Meeting, cadence *briefings.Cadence) error {
	at := t.Now()
	if cadence != nil {
		if cadence.Every != briefings.Once {
			return briefings.Refuse("when.once_only")
		}
		at = cadence.At
	}
	audience := w.Roster.Resolve(m.Audience)
	if err := errors.Join(t.inScope(w.Roster, audience), t.quotasInScope(w.Roster, m)); err != nil {
		return err
	}
	m.Created, m.Status = t.Now(), briefings.MeetingDraft
	t.sign(&m)
	if err := m.AnnounceAt(at, t.Now()); err != nil {
		return err
	}
	if err := t.Store.AddMeeting(t.ctx, &m); err != nil && !errors.Is(err, briefings.ErrExists) {
		return err
	}
	t.Nudge()
	mailing := briefings.Mailing{Kind: briefings.KindInvitation, Subject: string(m.ID), Revision: m.Revision, Urgent: m.AtOnce}
	c.Settled = t.previewText("send.previewed", w.Roster, audience, m.Audience, m.Label, t.goesOut(mailing.Kind, at, mailing.Urgent))
	return t.sent(c, mailing, len(audience), at, t.p.Time(at))
}

func (t *turn) sendBriefing(c composing, w form.World, b briefings.Briefing) error {
	audience := w.Roster.Resolve(b.To())
	if err := t.inScope(w.Roster, audience); err != nil {
		return err
	}
	if len(audience) == 0 {
		return briefings.Refuse("audience.nobody")
	}
	cadence := b.Cadence
	if cadence.Every == "" || cadence.Every == briefings.Once && !cadence.At.After(t.Now()) {
		cadence = briefings.Cadence{Every: briefings.Once, At: t.now().Truncate(time.Minute)}
	}
	if cadence.Every != briefings.Once {
		if slots, err := t.slots(cadence, 1); err != nil {
			return err
		} else if len(slots) == 0 {
			return briefings.Refuse("cadence.never")
		}
	}
	b.Author, b.Created, b.Status = t.member.ID, t.Now(), briefings.BriefingDraft
	b.Cadence = briefings.Cadence{}
	if err := b.Activate(cadence, t.Now()); err != nil {
		return err
	}
	if err := t.Store.AddBriefing(t.ctx, &b); err != nil && !errors.Is(err, briefings.ErrExists) {
		return err
	}
	t.Nudge()
	if cadence.Every != briefings.Once {
		slots, err := t.slots(cadence, 5)
		if err != nil {
			return err
		}
		c.Settled = t.previewText("send.previewed", w.Roster, audience, b.To(), b.Label, view.Cadence(t.p, cadence, t.now()))
		return t.concluded(c, func() error {
			return t.tell("when.repeating", "when", view.Cadence(t.p, cadence, t.now()), "dates", t.nextDates(&b, slots))
		})
	}
	mailing := briefings.Mailing{Kind: briefings.KindBriefing, Subject: string(b.ID), Occasion: briefings.OccasionAt(cadence.At.In(t.Zone)),
		Urgent: b.AtOnce}
	c.Settled = t.previewText("send.previewed", w.Roster, audience, b.To(), b.Label, t.goesOut(mailing.Kind, cadence.At, mailing.Urgent))
	return t.sent(c, mailing, len(audience), cadence.At, t.p.Time(cadence.At))
}

// sent tells what became of the draft, for what goes out now by a message that shows the progress, and closes it.
func (t *turn) sent(c composing, m briefings.Mailing, total int, at time.Time, when string) error {
	quietly := t.quietly
	if m.Urgent { // it may go out in quiet hours
		quietly = func(briefings.Kind, time.Time) []string { return nil }
	}
	return t.concluded(c, func() error {
		if at.After(t.Now().Add(time.Minute)) {
			said := append([]string{t.p.T("when.scheduled", "when", when, "n", total)}, quietly(m.Kind, at.In(t.Zone))...)
			_, err := t.say(strings.Join(said, "\n"), nil)
			return err
		}
		if hold := quietly(m.Kind, t.now()); len(hold) > 0 {
			_, err := t.say(hold[0], nil)
			return err
		}
		if total == 0 { // units name the people first
			return t.tell("quota.sent")
		}
		said := progressText(t.p, Progress{State: "ready", Total: total})
		id, err := t.say(said, nil)
		if err != nil {
			return err
		}
		return t.live.watch(t.ctx, watched{Chat: t.chat(), Message: id, Key: m.Key(), Member: t.member.ID, Since: t.Now(), Said: said})
	})
}

// concluded tells the person what became of the draft, takes the buttons off its preview and forgets it, in this order: when the
// program ends in between, the press comes again, finds the draft, and does what is left. What was told is not told again.
func (t *turn) concluded(c composing, tell func() error) error {
	told, err := t.told()
	if err != nil {
		return err
	}
	if !told {
		if err := errors.Join(tell(), t.noteTold()); err != nil {
			return err
		}
	}
	if t.query == nil || t.query.Message == nil || t.query.Message.MessageID != c.Preview {
		if err := t.clearPreview(); err != nil { // the buttons that stay are those of a draft that is gone
			t.Log.WarnContext(t.ctx, "buttons not taken off a preview", "update", t.update, "err", err)
		}
	}
	t.settlePreview(c.Preview, c.Settled)
	return t.drop()
}

// clearPreview takes the buttons off the preview, so that nothing is sent twice.
func (t *turn) clearPreview() error {
	if t.query == nil || t.query.Message == nil {
		return nil
	}
	return t.reply(func() error { return t.door.EditMarkup(t.ctx, t.chat(), t.query.Message.MessageID, nil) })
}
