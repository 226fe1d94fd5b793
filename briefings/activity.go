package briefings

import "time"

// Activity is a session logged by a propagandist or a unit, for reports.
type Activity struct {
	ID          ActivityID `json:"id"`
	Date        time.Time  `json:"date"`
	Unit        UnitID     `json:"unit"`
	Family      Family     `json:"family"`
	Form        Form       `json:"form"`
	Topic       TopicID    `json:"topic,omitempty"`
	Sessions    int        `json:"sessions"`
	Attendances int        `json:"attendances"` // participations (lượt), not people
	By          MemberID   `json:"by,omitempty"`
}

// Family keeps apart two sorts of totals that are never added together.
type Family string

const (
	Conferences Family = "hoi_nghi"           // hội nghị, quán triệt
	OralWork    Family = "tuyen_truyen_mieng" // tuyên truyền miệng
)

// Form is how a session was held.
type Form string

const (
	Online   Form = "truc_tuyen"
	InPerson Form = "truc_tiep"
	InCell   Form = "long_ghep_chi_bo"
)

// Sum counts sessions and participations.
type Sum struct {
	Sessions    int `json:"sessions"`
	Attendances int `json:"attendances"`
}

// ActivityTotals are the totals of a period: conferences by form, and oral work apart.
type ActivityTotals struct {
	Conferences map[Form]Sum `json:"conferences"`
	OralWork    Sum          `json:"oral_work"`
}

// SumActivities totals the activities of [from, to).
func SumActivities(list []Activity, from, to time.Time) ActivityTotals {
	t := ActivityTotals{Conferences: map[Form]Sum{}}
	for _, a := range list {
		if a.Date.Before(from) || !a.Date.Before(to) {
			continue
		}
		if a.Family == OralWork {
			t.OralWork.Sessions += a.Sessions
			t.OralWork.Attendances += a.Attendances
			continue
		}
		s := t.Conferences[a.Form]
		s.Sessions += a.Sessions
		s.Attendances += a.Attendances
		t.Conferences[a.Form] = s
	}
	return t
}

// SessionsBy counts each member's own oral sessions of [from, to), for the yearly target.
func SessionsBy(list []Activity, from, to time.Time) map[MemberID]int {
	done := map[MemberID]int{}
	for _, a := range list {
		if a.Family == OralWork && a.By != "" && !a.Date.Before(from) && a.Date.Before(to) {
			done[a.By] += a.Sessions
		}
	}
	return done
}
