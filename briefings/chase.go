package briefings

import "time"

// Chase is a reminder beyond the ladder's own: somebody who organizes the meeting asks those who have not answered once more.
type Chase struct {
	At time.Time `json:"at"`
	By MemberID  `json:"by"`
}

const (
	// ChaseLimit is how many chases a meeting may have, so that nobody is pestered.
	ChaseLimit = 3
	// ChaseEvery is the least time between two of them.
	ChaseEvery = 2 * time.Hour
)

// Chase notes that the silent are to be reminded now. It is refused when answers are no longer taken, before anybody was called, too
// soon after the last one, and after ChaseLimit of them. A second press of the same person within a minute is the first one.
func (m *Meeting) Chase(by MemberID, now time.Time) error {
	switch {
	case m.Status != MeetingOpen || !now.Before(m.AnswersUntil()):
		return Refuse("rsvp.closed", "deadline", m.AnswersUntil())
	case m.Invites.IsZero():
		return Refuse("remind.not_called")
	case m.chasedJustNow(by, now):
		return ErrUnchanged
	case len(m.Chases) >= ChaseLimit:
		return Refuse("remind.too_many", "n", ChaseLimit)
	}
	if n := len(m.Chases); n > 0 && now.Before(m.Chases[n-1].At.Add(ChaseEvery)) {
		return Refuse("remind.too_soon", "time", m.Chases[n-1].At, "hours", int(ChaseEvery/time.Hour))
	}
	m.Chases = append(m.Chases, Chase{At: now, By: by})
	return nil
}

func (m *Meeting) chasedJustNow(by MemberID, now time.Time) bool {
	n := len(m.Chases)
	return n > 0 && m.Chases[n-1].By == by && now.Before(m.Chases[n-1].At.Add(time.Minute))
}
