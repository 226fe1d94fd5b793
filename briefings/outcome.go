package briefings

import (
	"slices"
	"time"
)

// Outcome is what a meeting led to: its conclusions and the materials that came with them. Those who came read it, and those excused
// read with it what they missed. Telling it anew is another revision.
type Outcome struct {
	Revision int        `json:"revision"`
	Text     string     `json:"text,omitempty"` // HTML of Telegram's subset
	Files    []Material `json:"files,omitempty"`
	By       MemberID   `json:"by,omitempty"`
	At       time.Time  `json:"at"`
}

// Conclude sends the outcome of a meeting on its way, once its roll is closed. The same words and files by the same person, sent once more
// because no answer came, are told once.
func (m *Meeting) Conclude(o Outcome) error {
	switch {
	case m.Status != MeetingClosed:
		return Refuse("outcome.not_closed")
	case o.Text == "" && len(o.Files) == 0:
		return Refuse("outcome.empty")
	case len(o.Files) > MaterialLimit:
		return Refuse("outcome.too_many", "max", MaterialLimit)
	}
	if old := m.Outcome; old != nil {
		same := func(a, b Material) bool { return a.File == b.File }
		if old.Text == o.Text && old.By == o.By && slices.EqualFunc(old.Files, o.Files, same) && m.ClosedAt.Before(old.At) {
			return ErrUnchanged
		}
		o.Revision = old.Revision
	}
	o.Revision++
	m.Outcome = &o
	return nil
}

// Came lists the members who were at a meeting, each once: on a seat of their own, on another's, or without one. Somebody outside the
// roll cannot be told anything.
func (m *Meeting) Came(seats []Invitation) []MemberID {
	var came []MemberID
	seen := map[MemberID]bool{"": true}
	add := func(id MemberID) {
		if !seen[id] {
			seen[id] = true
			came = append(came, id)
		}
	}
	for i := range seats {
		add(seats[i].Here())
	}
	for _, v := range m.Venues {
		for _, w := range v.WalkIns {
			add(w.Member)
		}
	}
	return came
}

// Excused lists the members who were excused.
func (m *Meeting) Excused(seats []Invitation) []MemberID {
	var out []MemberID
	for i := range seats {
		if seats[i].Attendance(m) == AttendExcused {
			out = append(out, seats[i].Member)
		}
	}
	return out
}

// Question is something those who came are asked about a meeting.
type Question string

const (
	AskContent Question = "content"
	AskRunning Question = "running" // how it was organised
	AskHearing Question = "hearing" // whether sound and picture were good
)

// Questions lists what is asked, one tap each.
var Questions = []Question{AskContent, AskRunning, AskHearing}

// Mark is what somebody says to a question.
type Mark string

const (
	Good Mark = "good"
	Fair Mark = "fair"
	Poor Mark = "poor"
)

// Marks lists the answers, the best first.
var Marks = []Mark{Good, Fair, Poor}

// Opinion is how often each mark was given to each question. Who gave which is not kept.
type Opinion map[Question]map[Mark]int

// Known reports whether the question and the mark are among those asked.
func Known(q Question, mark Mark) bool {
	return slices.Contains(Questions, q) && slices.Contains(Marks, mark)
}
