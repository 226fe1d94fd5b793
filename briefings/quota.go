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
	Given  bool      `json:"given,omitempty"` // they do not come, and the unit has named somebody in their place
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

// Standing lists those named in whose place nobody else was.
func (q *Quota) Standing() []MemberID {
	var ids []MemberID
	for _, n := range q.Named {
		if !n.Given {
			ids = append(ids, n.Member)
		}
	}
	return ids
}

// Gone lists those of them who do not come, so that the unit may name others: first who has left the roll, then whose leave stands, not one
// that waits for approval. Their places are given away in this order: whoever can still come is the last to lose theirs.
func (q *Quota) Gone(seats []Invitation, roster *Roster) []MemberID {
	excused := map[MemberID]bool{}
	for i := range seats {
		if seats[i].Answer.Excused() && seats[i].CheckIn == nil {
			excused[seats[i].Member] = true
		}
	}
	var left, away []MemberID
	for _, id := range q.Standing() {
		switch who, ok := roster.Member(id); {
		case !ok || who.Status != Active:
			left = append(left, id)
		case excused[id]:
			away = append(away, id)
		}
	}
	return append(left, away...)
}

// Left is how many places of the quota are free when some of those named do not come, see Gone.
func (q *Quota) Left(gone []MemberID) int {
	return max(0, q.Seats-len(q.Kept(gone)))
}

// Kept lists whom the unit sends, without those who do not come.
func (q *Quota) Kept(gone []MemberID) []MemberID {
	return slices.DeleteFunc(q.Standing(), func(id MemberID) bool { return slices.Contains(gone, id) })
}

// Nominate names people of a unit, up to its quota, while answers are taken. Who is named already, by whichever unit, is passed over. Whose
// place is given to somebody else by it cannot take it up again.
func (m *Meeting) Nominate(unit UnitID, people, gone []MemberID, by MemberID, now time.Time) error {
	q := m.Quota(unit)
	switch {
	case m.Status == MeetingCancelled:
		return Refuse("rsvp.cancelled")
	case m.Status == MeetingPostponed:
		return Refuse("rsvp.postponed")
	case q == nil:
		return Refuse("quota.none")
	case m.Status != MeetingOpen || !now.Before(m.AnswersUntil()):
		return Refuse("rsvp.closed", "deadline", m.AnswersUntil())
	}
	var fresh []Naming
	for _, id := range people {
		if !m.Named(id) && !slices.ContainsFunc(fresh, func(n Naming) bool { return n.Member == id }) {
			fresh = append(fresh, Naming{Member: id, By: by, At: now})
		}
	}
	if len(fresh) == 0 {
		return ErrUnchanged
	}
	if left := q.Left(gone); len(fresh) > left {
		return Refuse("quota.too_many", "left", left, "n", len(fresh))
	}
	named := append(slices.Clone(q.Named), fresh...)
	over := len(q.Standing()) + len(fresh) - q.Seats
	for _, id := range gone[:max(0, min(over, len(gone)))] {
		at := slices.IndexFunc(named, func(n Naming) bool { return n.Member == id && !n.Given })
		if at >= 0 {
			named[at].Given = true
		}
	}
	q.Named = named
	return nil
}

// given reports whether the place of somebody whom a unit had named is another's by now.
func (m *Meeting) given(id MemberID) bool {
	for _, q := range m.Quotas {
		if slices.ContainsFunc(q.Named, func(n Naming) bool { return n.Member == id && n.Given }) {
			return true
		}
	}
	return false
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
