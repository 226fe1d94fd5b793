package bot

import (
	"encoding/json"
	"fmt"

	"briefbot/briefings"
)

// enter puts the person into a dialogue, over whatever they were in.
func (t *turn) enter(name string, data any) error { return t.keep(name, data, false) }

// keep enters a dialogue; a draft is kept for days.
func (t *turn) keep(name string, data any, draft bool) error {
	s, err := t.sessions.Load(t.ctx, t.user.ID)
	if err != nil {
		return fmt.Errorf("load dialogue: %w", err)
	}
	if s.Data, err = json.Marshal(data); err != nil {
		return fmt.Errorf("write dialogue: %w", err)
	}
	s.Name, s.Draft = name, draft
	if err := t.sessions.Save(t.ctx, t.user.ID, s); err != nil {
		return fmt.Errorf("save dialogue: %w", err)
	}
	return nil
}

// recall reads what the dialogue of this name remembers; a Refusal when the person is not in it.
func (t *turn) recall(name string, into any) error {
	s, err := t.sessions.Load(t.ctx, t.user.ID)
	if err != nil {
		return fmt.Errorf("load dialogue: %w", err)
	}
	if s.Name != name {
		return briefings.Refuse("err.expired")
	}
	if err := json.Unmarshal(s.Data, into); err != nil {
		return fmt.Errorf("read dialogue: %w", err)
	}
	return nil
}

// leave ends the dialogue.
func (t *turn) leave() error {
	if err := t.sessions.Clear(t.ctx, t.user.ID); err != nil {
		return fmt.Errorf("leave dialogue: %w", err)
	}
	return nil
}
