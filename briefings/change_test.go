package briefings

import (
	"strings"
	"testing"
	"time"
)

func told(now time.Time) *Meeting {
	return &Meeting{
		ID: "m1", Title: Text{Vi: "Hội nghị"}, Starts: now.Add(72 * time.Hour), Ends: now.Add(74 * time.Hour), Deadline: now.Add(24 * time.Hour),
		Venues: []Venue{{ID: "v1", Name: Text{Vi: "A"}, Main: true}}, Audience: Audience{{Kind: TermAll}}, Label: Public,
		Status: MeetingOpen, Revision: 1, Invites: now, Agenda: []string{"a"},
	}
}

func TestAChangeKeepsWhatWasAndIs(t *testing.T) {
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	m := told(now)
	was := m.Starts
	if err := m.Reschedule(was.Add(time.Hour), m.Ends.Add(time.Hour), Why{By: "an", Reason: " trùng lịch "}, now); err != nil {
		t.Fatal(err)
	}
	if err := m.MoveVenue("v1", Place{Name: Text{Vi: "B"}}, Why{}, now); err != nil {
		t.Fatal(err)
	}
	if err := m.SetAgenda([]string{"b"}, Why{}, now); err != nil {
		t.Fatal(err)
	}
	if m.Revision != 4 || len(m.Changes) != 3 || !m.Deadline.Equal(now.Add(25*time.Hour)) {
		t.Fatalf("meeting %+v", m)
	}
	c := m.Changed(2)
	if c.Kind != ChangedTime || !c.Was.Starts.Equal(was) || !c.Is.Starts.Equal(was.Add(time.Hour)) || c.Reason != "trùng lịch" || c.By != "an" {
		t.Errorf("change %+v", c)
	}
	if c := m.Changed(3); c.Was.Place.Name.Vi != "A" || c.Is.Place.Name.Vi != "B" || m.Venues[0].Name.Vi != "B" {
		t.Errorf("change %+v", c)
	}
	if m.Overtaken(m.Changed(2)) || m.Overtaken(m.Changed(4)) {
		t.Error("changes of other sorts overtake each other")
	}
	if err := m.Postpone(Why{}, now); err != nil || !m.Overtaken(m.Changed(2)) {
		t.Errorf("a postponed meeting still says its old time: %v", err)
	}
}

func TestWhatCannotChangeIsRefused(t *testing.T) {
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	tests := map[string]struct {
		change func(*Meeting) error
		want   string
	}{
		"the same time":   {func(m *Meeting) error { return m.Reschedule(m.Starts, m.Ends, Why{}, now) }, "change.same"},
		"a time gone by":  {func(m *Meeting) error { return m.Reschedule(now, time.Time{}, Why{}, now) }, "form.past_time"},
		"an end too soon": {func(m *Meeting) error { return m.Reschedule(m.Ends, m.Starts, Why{}, now) }, "form.end_before_start"},
		"a closed one": {func(m *Meeting) error {
			m.Status = MeetingClosed
			return m.Reschedule(m.Ends, time.Time{}, Why{}, now)
		}, "err.already_done"},
		"no such venue": {func(m *Meeting) error { return m.MoveVenue("v9", Place{Name: Text{Vi: "B"}}, Why{}, now) }, "err.expired"},
		"the same place": {func(m *Meeting) error {
			return m.MoveVenue("v1", Place{Name: Text{Vi: "A"}}, Why{}, now)
		}, "change.same"},
		"a closed venue": {func(m *Meeting) error {
			m.Venues[0].Closing = &Closing{}
			return m.MoveVenue("v1", Place{Name: Text{Vi: "B"}}, Why{}, now)
		}, "checkin.venue_closed"},
		"no agenda":     {func(m *Meeting) error { return m.SetAgenda(nil, Why{}, now) }, "form.empty"},
		"a long reason": {func(m *Meeting) error { return m.Postpone(Why{Reason: strings.Repeat("ộ", ReasonLimit+1)}, now) }, "question.long"},
		"postponed twice": {func(m *Meeting) error {
			m.Status = MeetingPostponed
			return m.Postpone(Why{}, now)
		}, "err.already_done"},
		"cancelled twice": {func(m *Meeting) error {
			m.Status = MeetingCancelled
			return m.Cancel(Why{}, now)
		}, "err.already_done"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if r := AsRefusal(test.change(told(now))); r == nil || r.Key != test.want {
				t.Errorf("got %v, want %s", r, test.want)
			}
		})
	}
}

func TestADeadlineThatWouldHavePassedIsGivenUp(t *testing.T) {
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	m := told(now)
	if err := m.Reschedule(m.Starts.Add(-36*time.Hour), time.Time{}, Why{}, now); err != nil {
		t.Fatal(err)
	}
	if !m.Deadline.IsZero() || !m.AnswersUntil().Equal(m.Starts) {
		t.Errorf("deadline %s", m.Deadline)
	}
}

func TestSomebodyWhoIsThereIsNotAskedAgain(t *testing.T) {
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	c := &Change{Kind: ChangedTime, Revision: 2, At: now}
	seat := Invitation{Answer: Answer{Choice: Accepted, At: now.Add(-time.Hour)}}
	if !c.Asks(&seat) {
		t.Error("who said yes is not asked")
	}
	there := seat
	there.CheckIn = &CheckIn{}
	later := seat
	later.Answer.At = now.Add(time.Second)
	if c.Asks(&there) || c.Asks(&later) {
		t.Error("somebody is asked twice")
	}
	if err := seat.AskAgain(c); err != nil || seat.Standing() != NoAnswer || len(seat.History) != 1 || c.Asks(&seat) {
		t.Errorf("seat %+v, %v", seat, err)
	}
}

func TestAnAudienceIncludesWhomItResolvesTo(t *testing.T) {
	unit := func(id, parent UnitID) Unit { return Unit{ID: id, Versions: []UnitVersion{{Parent: parent}}} }
	r := NewRoster([]Unit{unit("T", ""), unit("A", "T"), unit("B", "T")}, []Member{
		{ID: "1", No: 1, Unit: "A", Status: Active}, {ID: "2", No: 2, Unit: "B", Status: Active}, {ID: "3", No: 3, Unit: "B", Status: Active},
	}, nil, nil, time.Now())
	for _, text := range []string{"all", "unit:T", "unit:T, -only:B", "-member:2, all", "member:2, -unit:A", "-all"} {
		a, err := ParseAudience(text)
		if err != nil {
			t.Fatal(err)
		}
		in := map[MemberID]bool{}
		for _, m := range r.Resolve(a) {
			in[m.ID] = true
		}
		for _, m := range r.Members {
			if r.Includes(a, m) != in[m.ID] {
				t.Errorf("%s: %s is included: %t", text, m.ID, !in[m.ID])
			}
		}
	}
}

// A venue that moves takes nothing of the old place along; one that only has more chairs is told to nobody.
func TestAMovedVenueLeavesItsCapacityBehind(t *testing.T) {
	now := time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC)
	small := Place{Name: Text{Vi: "A"}, Map: "https://map.example.vn/a", Capacity: 2}
	m := Meeting{Status: MeetingOpen, Starts: now.Add(48 * time.Hour), Revision: 1, Invites: now,
		Venues: []Venue{{ID: "v1", Name: small.Name, Map: small.Map, Capacity: small.Capacity}}}
	more := small
	more.Capacity = 10
	if err := m.MoveVenue("v1", more, Why{}, now); err != nil || m.Venues[0].Capacity != 10 || m.Revision != 1 || len(m.Changes) != 0 {
		t.Errorf("more chairs: %v, %+v, %d changes", err, m.Venues[0], len(m.Changes))
	}
	if err := m.MoveVenue("v1", Place{Name: Text{Vi: "B"}}, Why{}, now); err != nil || m.Venues[0].Capacity != 0 || m.Venues[0].Map != "" || len(m.Changes) != 1 {
		t.Errorf("another hall: %v, %+v, %d changes", err, m.Venues[0], len(m.Changes))
	}
}
