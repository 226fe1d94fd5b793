package bot

import (
	"encoding/json"
	"fmt"
	"slices"

	"briefbot/bot/internal/session"
	"briefbot/briefings"
)

// A person has two places: the dialogue they are in, which the next command or dialogue replaces, and the draft they compose, which
// stays until it is sent, dropped or replaced by another draft. What is typed belongs to the dialogue first, then to the draft.

// enter puts the person into a dialogue, over whatever they were in. Their draft stays, and so does a patient dialogue.
func (t *turn) enter(name string, about any) error {
	data, err := json.Marshal(about)
	if err != nil {
		return fmt.Errorf("write dialogue: %w", err)
	}
	return t.amend(func(s *session.Session) {
		if s.Name != name {
			aside(s, t.Now())
		}
		under(s, name)
		s.Name, s.Step, s.Data = name, "", data
	})
}

// keep keeps the draft, in place of another. The dialogue that was in the way is left for it.
func (t *turn) keep(name string, c composing) error {
	if err := t.put(t.drafts, session.Session{Name: name, Draft: true}, c); err != nil {
		return err
	}
	return t.setAside()
}

func (t *turn) put(into *session.Store, next session.Session, about any) error {
	s, err := into.Load(t.ctx, t.user.ID)
	if err != nil {
		return fmt.Errorf("load dialogue: %w", err)
	}
	next.Version = s.Version
	if next.Data, err = json.Marshal(about); err != nil {
		return fmt.Errorf("write dialogue: %w", err)
	}
	if err := into.Save(t.ctx, t.user.ID, next); err != nil {
		return fmt.Errorf("save dialogue: %w", err)
	}
	return nil
}

// recall reads what the dialogue of this name remembers, also where it was set aside; a Refusal when there is none.
func (t *turn) recall(name string, into any) error {
	s, err := t.sessions.Load(t.ctx, t.user.ID)
	if err != nil {
		return fmt.Errorf("load dialogue: %w", err)
	}
	data := s.Data
	if s.Name != name {
		i := slices.IndexFunc(s.Under, func(a session.Aside) bool { return a.Name == name })
		if i < 0 {
			return briefings.Refuse("err.expired")
		}
		data = s.Under[i].Data
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("read dialogue: %w", err)
	}
	return nil
}

// draft reads the person's draft and which of its dialogues it is in; a Refusal when there is no draft of this kind.
func (t *turn) draft(kind string) (c composing, step string, err error) {
	s, c, err := t.underWay()
	if err != nil {
		return c, "", err
	}
	if !s.Active() || c.Kind != kind {
		return c, "", briefings.Refuse("form.gone", "command", t.command(startOf(kind)))
	}
	return c, s.Name, nil
}

// underWay reads the draft that the person composes, of whatever kind; the session is not active when there is none.
func (t *turn) underWay() (s session.Session, c composing, err error) {
	if s, err = t.drafts.Load(t.ctx, t.user.ID); err != nil {
		return s, c, fmt.Errorf("load draft: %w", err)
	}
	if !s.Active() {
		return s, c, nil
	}
	if err := json.Unmarshal(s.Data, &c); err != nil {
		return s, c, fmt.Errorf("read draft: %w", err)
	}
	return s, c, nil
}

// startOf is the command that begins a draft of a kind.
func startOf(kind string) string {
	if kind == composeBriefing {
		return "newbriefing"
	}
	return "newmeeting"
}

// current is the dialogue that the next typed words belong to; "" when there is none.
func (t *turn) current() (string, error) {
	for _, place := range []*session.Store{t.sessions, t.drafts} {
		s, err := place.Load(t.ctx, t.user.ID)
		if err != nil {
			return "", fmt.Errorf("load dialogue: %w", err)
		}
		if s.Active() && s.Step != stepTold {
			return s.Name, nil
		}
	}
	return "", nil
}

// stepTold marks a draft of which the person was told what became of it.
const stepTold = "told"

// stepLeaving marks a draft that goes when /cancel is typed once more. Whatever is done with the draft in between takes the mark away.
const stepLeaving = "leaving"

// told reports whether the person was told what became of the draft.
func (t *turn) told() (bool, error) {
	s, err := t.drafts.Load(t.ctx, t.user.ID)
	if err != nil {
		return false, fmt.Errorf("load draft: %w", err)
	}
	return s.Active() && s.Step == stepTold, nil
}

// noteTold remembers that the person was told.
func (t *turn) noteTold() error { return t.noteStep(stepTold) }

// noteStep marks the draft.
func (t *turn) noteStep(step string) error {
	s, err := t.drafts.Load(t.ctx, t.user.ID)
	if err != nil {
		return fmt.Errorf("load draft: %w", err)
	}
	if !s.Active() {
		return nil
	}
	s.Step = step
	if err := t.drafts.Save(t.ctx, t.user.ID, s); err != nil {
		return fmt.Errorf("save draft: %w", err)
	}
	return nil
}

// leave ends the dialogue that the person is in and keeps the draft.
func (t *turn) leave() error {
	return t.amend(func(s *session.Session) { s.Name, s.Step, s.Data = "", "", nil })
}

// drop forgets the draft, and leaves the dialogue.
func (t *turn) drop() error {
	if err := t.drafts.Clear(t.ctx, t.user.ID); err != nil {
		return fmt.Errorf("drop draft: %w", err)
	}
	return t.setAside()
}
