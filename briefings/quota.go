package briefings

import (
	"slices"
	"time"
)

// Quota is how many people a unit is asked to name for a meeting, and whom it named. The seats follow from it.
type Quota struct {
	Unit  UnitID   `json:"unit"`
	Seats int      `json:"seats"`
	Named []Naming `json:"named,omitempty"`
}

// Naming is one person a unit sends.
type Naming struct {
	Member MemberID  `json:"member"`
	By     MemberID  `json:"by,omitempty"`
	At     time.Time `json:"at"`
}

// QuotaLimit is how many people one unit may be asked to name.
const QuotaLimit = 500

// Quota returns what a unit is asked for; nil when it is asked for nothing.
func (m *Meeting) Quota(unit UnitID) *Quota {
	for i := range m.Quotas {
		if m.Quotas[i].Unit == unit {
			return &m.Quotas[i]
		}
	}
	return nil
}

// Left is how many places of the quota are free; declined is how many of those named have asked leave since, whose places may be given
// to others.
func (q *Quota) Left(declined int) int { return max(0, q.Seats+declined-len(q.Named)) }

// Nominate names people of a unit, up to its quota, while answers are taken. Who is named already is passed over.
func (m *Meeting) Nominate(unit UnitID, people []MemberID, declined int, by MemberID, now time.Time) error {
	q := m.Quota(unit)
	switch {
	case m.Status == MeetingCancelled:
		return Refuse("rsvp.cancelled")
	case q == nil:
		return Refuse("quota.none")
	case m.Status != MeetingOpen || !now.Before(m.AnswersUntil()):
		return Refuse("rsvp.closed", "deadline", m.AnswersUntil())
	}
	var fresh []Naming
	for _, id := range people {
		if !slices.ContainsFunc(q.Named, func(n Naming) bool { return n.Member == id }) {
			fresh = append(fresh, Naming{Member: id, By: by, At: now})
		}
	}
	if len(fresh) == 0 {
		return ErrUnchanged
	}
	if left := q.Left(declined); len(fresh) > left {
		return Refuse("quota.too_many", "left", left, "n", len(fresh))
	}
	q.Named = append(slices.Clone(q.Named), fresh...)
	return nil
}

// Named reports whether a unit's quota brought the member in.
func (m *Meeting) Named(id MemberID) bool {
	for _, q := range m.Quotas {
		if slices.ContainsFunc(q.Named, func(n Naming) bool { return n.Member == id }) {
			return true
		}
	}
	return false
}
