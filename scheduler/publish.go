package scheduler

import (
	"context"
	"errors"
	"slices"
	"time"

	"briefbot/briefings"
)

// briefings plans all briefings that come by their cadence or of which an edition waits.
func (t *tick) briefings(ctx context.Context) error {
	watched, err := t.facts.ActiveBriefings(ctx)
	if err != nil || len(watched) == 0 {
		return err
	}
	calm, err := t.calmness(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, b := range watched {
		calm := calm
		calm.Waived = b.AtOnce
		errs = append(errs, t.subject(ctx, "briefing "+string(b.ID), func(ctx context.Context) error {
			return t.briefing(ctx, b, calm)
		}))
	}
	return errors.Join(errs...)
}

// briefing judges the slots of one briefing since the last that was judged, and then puts what waits. Each step is decided by a write
// that fails when somebody else was faster, and before the outbox hears of it: of several planners one decides what becomes of a slot,
// and after a crash any of them finds an edition that waits and puts it again under the same key, which changes nothing.
func (t *tick) briefing(ctx context.Context, b briefings.Briefing, calm briefings.Calm) error {
	if judged := t.judge(b, calm); len(judged) > 0 {
		after, err := t.record(ctx, b.ID, judged)
		if err != nil {
			return err
		}
		b = after
	}
	return t.settle(ctx, b, calm)
}

// judge says what becomes of the slots that have come since the cursor.
func (t *tick) judge(b briefings.Briefing, calm briefings.Calm) []briefings.Edition {
	if b.Status != briefings.BriefingActive {
		return nil
	}
	since := b.Planned
	if since.IsZero() {
		since = b.Created
	}
	rules := b.Rules.Usual(b.Cadence.Every)
	most := 1
	if rules.CatchUp == briefings.CatchUpAll {
		most = rules.Most
	}
	slots := Due(b.Cadence, since, t.at, calm.Days, t.zone)
	judged := make([]briefings.Edition, 0, len(slots))
	for i, s := range slots {
		if b.Edition(s.Occasion) != nil {
			continue // judged under another date, before a holiday was declared
		}
		e := briefings.Edition{Occasion: s.Occasion, Due: s.At, State: briefings.EditionDue}
		switch {
		case b.SkipNext && i == 0, b.Skipped(s.Occasion):
			e.State, e.Why = briefings.EditionSkipped, briefings.WhyAsked
		case t.at.After(t.window(b, e, calm).until):
			e.State, e.Why = briefings.EditionMissed, briefings.WhyDown
		case i < len(slots)-most:
			e.State, e.Why = briefings.EditionMissed, briefings.WhyNewer
		}
		judged = append(judged, e)
	}
	return judged
}

// window is when an edition may start.
type window struct{ due, until time.Time }

func (t *tick) window(b briefings.Briefing, e briefings.Edition, calm briefings.Calm) window {
	rules := b.Rules.Usual(b.Cadence.Every)
	if e.Extra { // a person asked for it now, whatever the slots of the briefing do when they are late
		rules = briefings.Rules{}.Usual(briefings.Once)
	}
	due := Settled(briefings.KindBriefing, e.Due.In(t.zone), calm)
	return window{due, lastCall(briefings.KindBriefing, due, rules.Window, calm)}
}

// settle puts what waits, oldest first, and says what becomes of what cannot be put any more.
func (t *tick) settle(ctx context.Context, b briefings.Briefing, calm briefings.Calm) error {
	rules := b.Rules.Usual(b.Cadence.Every)
	var ready []briefings.Edition
	for _, e := range b.Editions {
		if e.State != briefings.EditionDue {
			continue
		}
		w, err := t.window(b, e, calm), error(nil)
		switch {
		case e.Going: // decided, and perhaps put, before a crash
			err = t.publish(ctx, b, e, calm)
		case b.Status == briefings.BriefingRecalled:
			err = t.give(ctx, b.ID, e, briefings.EditionSkipped, briefings.WhyPaused)
		case t.at.After(w.until):
			err = t.give(ctx, b.ID, e, briefings.EditionMissed, briefings.WhyDown)
		case !t.at.Before(w.due) && !calm.Quiet(briefings.KindBriefing, t.at):
			ready = append(ready, e)
		}
		if err != nil {
			return err
		}
	}
	last := lastPut(b)
	for i, e := range ready {
		if err := t.meet(ctx, b, e, last, rules, calm, hasSlot(ready[i+1:])); err != nil {
			return err
		}
	}
	return nil
}

// meet puts an edition whose time has come, unless a newer one takes its place or the one before it is still being sent.
func (t *tick) meet(ctx context.Context, b briefings.Briefing, e briefings.Edition, last *briefings.Edition, rules briefings.Rules, calm briefings.Calm, newer bool) error {
	if e.Extra { // a person asked for it
		return t.publish(ctx, b, e, calm)
	}
	if newer && rules.CatchUp != briefings.CatchUpAll {
		return t.give(ctx, b.ID, e, briefings.EditionMissed, briefings.WhyNewer)
	}
	if last == nil || rules.Overlap == briefings.OverlapAllow {
		return t.publish(ctx, b, e, calm)
	}
	over, err := t.outbox.Over(ctx, last.Mailing)
	if err != nil {
		return err
	}
	switch {
	case over:
	case rules.Overlap == briefings.OverlapSkip:
		return t.give(ctx, b.ID, e, briefings.EditionSkipped, briefings.WhyOverlap)
	case rules.Overlap == briefings.OverlapWait:
		return nil
	default: // OverlapCancel
		if err := t.outbox.Cancel(ctx, last.Mailing); err != nil && !errors.Is(err, briefings.ErrNotFound) {
			return err
		}
	}
	return t.publish(ctx, b, e, calm)
}

// hasSlot reports whether any of the editions is a slot of the cadence.
func hasSlot(editions []briefings.Edition) bool {
	return slices.ContainsFunc(editions, func(e briefings.Edition) bool { return !e.Extra })
}

// lastPut is the newest edition in the outbox before this tick; nil when there is none.
func lastPut(b briefings.Briefing) *briefings.Edition {
	var last *briefings.Edition
	for i := range b.Editions {
		if e := &b.Editions[i]; e.State == briefings.EditionPut && e.Mailing != "" && (last == nil || !e.Put.Before(last.Put)) {
			last = e
		}
	}
	return last
}

// publish puts an edition to everybody it concerns now. Whom no message reaches is in the audience too: delivery lists them, so
// that they are told by other means.
func (t *tick) publish(ctx context.Context, b briefings.Briefing, e briefings.Edition, calm briefings.Calm) error {
	roster, err := t.roll(ctx)
	if err != nil {
		return err
	}
	w := t.window(b, e, calm)
	if !e.Going {
		after, err := t.facts.UpdateBriefing(ctx, b.ID, func(b *briefings.Briefing) error {
			return b.Go(e.Occasion, t.at, t.at.Sub(w.due) > briefings.OnTime)
		})
		if err != nil {
			return err
		}
		now := after.Edition(e.Occasion)
		if now == nil || !now.Going {
			return nil // somebody else decided, or has put it
		}
		e = *now
	}
	m := briefings.Mailing{
		Kind: briefings.KindBriefing, Subject: string(b.ID), Occasion: e.Occasion,
		Due:     w.due,
		Expires: w.until.Add(max(b.Rules.Usual(b.Cadence.Every).Window, sending)), // the window is for the start; the sending itself takes its time
		By:      b.Author,
		Late:    e.Late,
		Urgent:  b.Urgency.Presses(),
	}
	if err := t.put(ctx, m, numbers(roster.Resolve(b.To()))); err != nil {
		return err
	}
	e.State, e.Mailing = briefings.EditionPut, m.Key()
	return t.resolve(ctx, b.ID, e)
}

// sending is how long an edition may be under way at least.
const sending = 6 * time.Hour

// record writes what became of slots, in one update. Those that another planner judged meanwhile stand.
func (t *tick) record(ctx context.Context, id briefings.BriefingID, judged []briefings.Edition) (briefings.Briefing, error) {
	var written []briefings.Edition
	after, err := t.facts.UpdateBriefing(ctx, id, func(b *briefings.Briefing) error {
		written = nil
		if b.Status != briefings.BriefingActive { // somebody paused it meanwhile
			return briefings.ErrUnchanged
		}
		for _, e := range judged {
			if b.Skipped(e.Occasion) && e.State == briefings.EditionDue {
				e.State, e.Why = briefings.EditionSkipped, briefings.WhyAsked
			}
			switch err := b.Record(e); {
			case err == nil:
				written = append(written, e)
			case !errors.Is(err, briefings.ErrUnchanged):
				return err
			}
		}
		if len(written) == 0 {
			return briefings.ErrUnchanged
		}
		return nil
	})
	if err != nil {
		return after, err
	}
	if len(judged) == DueLimit {
		t.log.WarnContext(ctx, "more slots were missed than are kept", "briefing", id)
	}
	for _, e := range written {
		t.leftOut(ctx, id, e)
	}
	return after, nil
}

// give up on an edition that waited.
func (t *tick) give(ctx context.Context, id briefings.BriefingID, e briefings.Edition, state briefings.EditionState, why briefings.Cause) error {
	e.State, e.Why = state, why
	return t.resolve(ctx, id, e)
}

// resolve writes what became of an edition that waited.
func (t *tick) resolve(ctx context.Context, id briefings.BriefingID, e briefings.Edition) error {
	changed := false
	_, err := t.facts.UpdateBriefing(ctx, id, func(b *briefings.Briefing) error {
		err := b.Settle(e)
		changed = err == nil
		return err
	})
	if err == nil && changed {
		t.leftOut(ctx, id, e)
	}
	return err
}

func (t *tick) leftOut(ctx context.Context, id briefings.BriefingID, e briefings.Edition) {
	if e.State == briefings.EditionMissed || e.State == briefings.EditionSkipped {
		t.log.WarnContext(ctx, "edition left out", "briefing", id, "occasion", e.Occasion, "state", e.State, "why", e.Why,
			"after", t.at.Sub(e.Due).Truncate(time.Second))
	}
}

// numbers returns the members' numbers.
func numbers(members []briefings.Member) []briefings.MemberNo {
	nos := make([]briefings.MemberNo, len(members))
	for i, m := range members {
		nos[i] = m.No
	}
	return nos
}
