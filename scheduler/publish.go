package scheduler

import (
	"context"
	"errors"
	"time"

	"briefbot/briefings"
)

// briefings plans all active briefings.
func (t *tick) briefings(ctx context.Context) error {
	active, err := t.facts.ActiveBriefings(ctx)
	if err != nil || len(active) == 0 {
		return err
	}
	cal, err := t.facts.Calendar(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, b := range active {
		errs = append(errs, t.subject(ctx, "briefing "+string(b.ID), func(ctx context.Context) error {
			return t.briefing(ctx, b, cal)
		}))
	}
	return errors.Join(errs...)
}

// briefing judges the slots of one briefing since the last that was judged. The newest goes into the outbox when it is not too
// late; older ones are missed, as nobody wants two editions at once. Put comes before Record: after a crash in between, the next
// tick puts the same key again, which changes nothing, and records it.
func (t *tick) briefing(ctx context.Context, b briefings.Briefing, cal briefings.Calendar) error {
	if b.Status != briefings.BriefingActive {
		return nil
	}
	since := b.Planned
	if since.IsZero() {
		since = b.Created
	}
	slots := Due(b.Cadence, since, t.at, cal, t.zone)
	if len(slots) == 0 {
		return nil
	}
	editions := make([]briefings.Edition, 0, len(slots))
	for i, s := range slots {
		e := briefings.Edition{Occasion: s.Occasion, Due: s.At, State: briefings.EditionMissed}
		if i == 0 && b.SkipNext {
			e.State = briefings.EditionSkipped
		} else if i == len(slots)-1 {
			m, verdict := t.edition(b, s)
			switch verdict {
			case wait:
				return nil
			case tell:
				if err := t.publish(ctx, b, m); err != nil {
					return err
				}
				e.State, e.Mailing = briefings.EditionPut, m.Key()
			}
		}
		editions = append(editions, e)
	}
	return t.record(ctx, b.ID, editions)
}

// verdict is what a tick does about something whose time has come.
type verdict int

const (
	tell verdict = iota
	wait         // for the end of the quiet hours
	late         // it is no longer of use
)

// edition returns the mailing of a slot and whether it is to be put now.
func (t *tick) edition(b briefings.Briefing, s Slot) (briefings.Mailing, verdict) {
	grace := t.grace.Repeating
	if b.Cadence.Every == briefings.Once {
		grace = t.grace.Once
	}
	due := Settled(briefings.KindBriefing, s.At, t.quiet)
	until := lastCall(due, grace, t.quiet)
	m := briefings.Mailing{
		Kind: briefings.KindBriefing, Subject: string(b.ID), Occasion: s.Occasion,
		Due:     due,
		Expires: until.Add(grace), // the grace is for the start; the sending itself may take as long again
		By:      b.Author,
	}
	switch {
	case t.at.After(until):
		return m, late
	case t.at.Before(due), t.held(m.Kind):
		return m, wait
	}
	return m, tell
}

// publish puts an edition to everybody it concerns now. Whom no message reaches is in the audience too: delivery lists them, so
// that they are told by other means.
func (t *tick) publish(ctx context.Context, b briefings.Briefing, m briefings.Mailing) error {
	roster, err := t.roll(ctx)
	if err != nil {
		return err
	}
	audience := b.Audience
	if len(audience) == 0 {
		audience = briefings.Audience{{Kind: briefings.TermTopic, Name: string(b.Topic)}}
	}
	return t.put(ctx, m, numbers(roster.Resolve(audience)))
}

// record writes what became of slots, in one update.
func (t *tick) record(ctx context.Context, id briefings.BriefingID, editions []briefings.Edition) error {
	_, err := t.facts.UpdateBriefing(ctx, id, func(b *briefings.Briefing) error {
		status, changed := b.Status, false
		for _, e := range editions {
			switch err := b.Record(e); {
			case err == nil:
				changed = true
			case !errors.Is(err, briefings.ErrUnchanged):
				return err
			}
		}
		if !changed {
			return briefings.ErrUnchanged
		}
		if status == briefings.BriefingRecalled { // somebody was faster; a recall stands
			b.Status = status
		}
		return nil
	})
	if err != nil && !errors.Is(err, briefings.ErrUnchanged) {
		return err
	}
	for _, e := range editions {
		if e.State != briefings.EditionPut {
			t.log.WarnContext(ctx, "edition left out", "briefing", id, "occasion", e.Occasion, "state", e.State,
				"after", t.at.Sub(e.Due).Truncate(time.Second))
		}
	}
	return nil
}

// numbers returns the members' numbers.
func numbers(members []briefings.Member) []briefings.MemberNo {
	nos := make([]briefings.MemberNo, len(members))
	for i, m := range members {
		nos[i] = m.No
	}
	return nos
}
