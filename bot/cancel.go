package bot

import (
	"errors"

	"briefbot/briefings"
)

// cancel leaves the dialogue that the person is in and says what was not done by that. A draft stays, as it took effort: it is dropped
// when it is said once more.
func (t *turn) cancel() error {
	in, err := t.sessions.Load(t.ctx, t.user.ID)
	if err != nil {
		return err
	}
	s, c, err := t.underWay()
	if err != nil {
		return err
	}
	drafting := s.Active() && s.Step != stepTold
	switch {
	case in.Active():
		said := t.leaving(in.Name)
		if drafting && c.begun() {
			said += "\n" + t.p.T("cancel.draft_stays", "title", t.titleOf(c))
			if err := t.noteStep(stepLeaving); err != nil {
				return err
			}
		}
		if err := t.finish(in.Name, endedDropped); err != nil {
			return err
		}
		_, err := t.say(said, nil)
		return err
	case drafting && c.begun() && s.Step != stepLeaving:
		return errors.Join(t.noteStep(stepLeaving), t.tell("cancel.draft_stays", "title", t.titleOf(c)))
	case drafting:
		if err := t.drop(); err != nil {
			return err
		}
		_, err := t.say(t.dropped(c), nil)
		return err
	}
	return errors.Join(t.drop(), t.tell("cancel.nothing"))
}

// leaving says what is not done when a dialogue is left. It is asked before the dialogue is forgotten: a venue and a list are named.
func (t *turn) leaving(name string) string {
	switch name {
	case "close", "closing":
		var c closing
		if err := t.recall(name, &c); err == nil {
			return t.notClosed(c)
		}
	case "ticks":
		var k ticks
		if err := t.recall(name, &k); err == nil {
			return t.p.T("cancel.ticks_" + k.For)
		}
	}
	if key := "cancel." + name; t.p.Has(key) {
		return t.p.T(key)
	}
	return t.p.T("cancel.done")
}

// notClosed says that a venue stays open, with the figure that is forgotten.
func (t *turn) notClosed(c closing) string {
	m, err := t.Store.Meeting(t.ctx, c.Meeting)
	if err != nil {
		return t.p.T("cancel.done")
	}
	key := "cancel.closing"
	if c.Remark != "" {
		key = "cancel.closing_remark"
	}
	return t.p.T(key, "venue", venueOf(m, c.Venue))
}

// dropped says which draft is gone, and that nothing of it was sent.
func (t *turn) dropped(c composing) string {
	if !c.begun() {
		return t.p.T("cancel.done")
	}
	return t.p.T("cancel.draft", "title", t.titleOf(c))
}

// titleOf names a draft.
func (t *turn) titleOf(c composing) string {
	if title := c.Draft.Value(briefings.FieldTitle); title != "" {
		return title
	}
	return t.p.Plain("draft.untitled")
}
