package bot

import (
	"encoding/json"
	"fmt"
	"hash/crc32"
	"slices"
	"strconv"
	"time"

	"briefbot/bot/internal/session"
)

// patient are the dialogues that end with a preview of its own button: what was written stays under whatever the person does next, so
// that the button still does what it says. Nothing of them is sent without it.
var patient = []string{dialogueChange, "question", "outcome", "qreply"}

const (
	endedSent    = "sent"
	endedDropped = "dropped"
	// endedKept is of how many dialogues it is known how they ended.
	endedKept = 8
	// resumedFor is how long words that belong to nothing else go on with the dialogue that was set aside.
	resumedFor = time.Hour
)

// stampOf tells one state of a dialogue from another, so that an old preview confirms nothing new.
func stampOf(about any) string {
	raw, _ := json.Marshal(about) // strings and times always marshal
	return strconv.FormatUint(uint64(crc32.ChecksumIEEE(raw)), 36)
}

// aside puts the dialogue that a session is in under it, where it is a patient one.
func aside(s *session.Session, now time.Time) {
	if slices.Contains(patient, s.Name) {
		under(s, s.Name)
		s.Under = append(s.Under, session.Aside{Name: s.Name, Data: s.Data, At: now})
	}
	s.Name, s.Step, s.Data = "", "", nil
}

// under takes a dialogue away that lies under a session.
func under(s *session.Session, name string) {
	s.Under = slices.DeleteFunc(s.Under, func(a session.Aside) bool { return a.Name == name })
}

// amend loads where the person is, changes it, and keeps it as long as there is anything to keep.
func (t *turn) amend(change func(*session.Session)) error {
	s, err := t.sessions.Load(t.ctx, t.user.ID)
	if err != nil {
		return fmt.Errorf("load dialogue: %w", err)
	}
	change(&s)
	if !s.Active() && len(s.Under)+len(s.Ended) == 0 {
		return t.sessions.Clear(t.ctx, t.user.ID)
	}
	if err := t.sessions.Save(t.ctx, t.user.ID, s); err != nil {
		return fmt.Errorf("save dialogue: %w", err)
	}
	return nil
}

// setAside leaves the dialogue that the person is in for something else. A patient one stays under it.
func (t *turn) setAside() error {
	return t.amend(func(s *session.Session) { aside(s, t.Now()) })
}

// finish ends a dialogue, wherever it lies, and remembers how, so that its old buttons tell the truth.
func (t *turn) finish(name, how string) error {
	return t.amend(func(s *session.Session) {
		data := s.Data
		if s.Name == name {
			s.Name, s.Step, s.Data = "", "", nil
		} else if i := slices.IndexFunc(s.Under, func(a session.Aside) bool { return a.Name == name }); i >= 0 {
			data = s.Under[i].Data
			under(s, name)
		} else {
			return
		}
		s.Ended = append(s.Ended, session.Ended{Name: name, Stamp: stampOf(data), How: how})
		if n := len(s.Ended) - endedKept; n > 0 {
			s.Ended = slices.Clone(s.Ended[n:])
		}
	})
}

// ended is how a dialogue ended, of which a button is pressed; "" where that is not known. Without a stamp the last of its name counts.
func (t *turn) ended(name, stamp string) string {
	s, err := t.sessions.Load(t.ctx, t.user.ID)
	if err != nil {
		t.Log.WarnContext(t.ctx, "dialogue not read", "update", t.update, "err", err)
		return ""
	}
	for _, e := range slices.Backward(s.Ended) {
		if e.Name == name && (stamp == "" || e.Stamp == stamp) {
			return e.How
		}
	}
	return ""
}

// interrupted is the dialogue that words belong to which belong to nothing else: the last that was set aside, not long ago.
func (t *turn) interrupted() (string, error) {
	s, err := t.sessions.Load(t.ctx, t.user.ID)
	if err != nil {
		return "", fmt.Errorf("load dialogue: %w", err)
	}
	if n := len(s.Under); !s.Active() && n > 0 && t.Now().Sub(s.Under[n-1].At) < resumedFor {
		return s.Under[n-1].Name, nil
	}
	return "", nil
}
