package sample

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"briefbot/briefings"
	"briefbot/briefings/vietnamese"
)

var zone = time.FixedZone("ICT", 7*3600)

func load(t *testing.T) (*Sample, *briefings.Roster) {
	t.Helper()
	s, err := Load(zone)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, zone)
	return s, briefings.NewRoster(s.Roster.Units, s.Roster.Members, s.Roster.Groups, s.Roster.Topics, now)
}

func TestTheMeetingsComeToTheExpectedFigures(t *testing.T) {
	s, roster := load(t)
	for id, want := range map[briefings.MeetingID]Figures{"MT1": s.Expected.MT1, "MT2": s.Expected.MT2, "MT3": s.Expected.MT3} {
		m := s.Meeting(id)
		roll := briefings.Count(&m.Meeting, m.Seats, roster.Tree(), m.Ends)
		if roll.Total.Invited != want.Invited {
			t.Errorf("%s: invited %d, want %d", id, roll.Total.Invited, want.Invited)
		}
		if got := (Answers{roll.Answers.Accepted, roll.Answers.Declined, roll.Answers.Delegated, roll.Answers.None}); got != want.Answers {
			t.Errorf("%s: answers %+v, want %+v", id, got, want.Answers)
		}
		if !roll.Total.Balanced() {
			t.Errorf("%s: %+v does not balance", id, roll.Total)
		}
	}
	want := s.Expected.MT1
	m := s.Meeting("MT1")
	roll := briefings.Count(&m.Meeting, m.Seats, roster.Tree(), m.Ends)
	tally := func(t briefings.Tally) Tally {
		return Tally{t.Invited, t.Present, t.Represented, t.Excused, t.Unexcused}
	}
	want.Attendance.Invited = want.Invited
	if got := tally(roll.Total); got != want.Attendance {
		t.Errorf("attendance %+v, want %+v", got, want.Attendance)
	}
	if roll.Total.Attended() != want.Attended || vietnamese.Percent(roll.Total.Attended(), roll.Total.Invited) != want.Rate {
		t.Errorf("rate %s of %d, want %s of %d", vietnamese.Percent(roll.Total.Attended(), roll.Total.Invited), roll.Total.Attended(), want.Rate, want.Attended)
	}
	if roll.Guests != want.Guests || roll.Headcount != want.Headcount {
		t.Errorf("closing numbers %d and %d, want %d and %d", roll.Headcount, roll.Guests, want.Headcount, want.Guests)
	}
	for _, v := range roll.Venues {
		if got := tally(v.Tally); got != want.ByVenue[v.ID] {
			t.Errorf("%s: %+v, want %+v", v.ID, got, want.ByVenue[v.ID])
		}
	}
}

func TestTheAudiencesAreTheExpectedPeople(t *testing.T) {
	s, roster := load(t)
	sizes := map[briefings.GroupID]int{"G1": 10, "G2": 5, "G3": 11, "G4": 8, "G5": 55}
	for id, want := range sizes {
		if got := len(roster.Resolve(briefings.Audience{{Kind: briefings.TermGroup, Name: string(id)}})); got != want {
			t.Errorf("%s has %d members, want %d", id, got, want)
		}
	}
	for _, m := range s.Meetings {
		var want, got []briefings.MemberID
		for _, seat := range m.Seats {
			want = append(want, seat.Member)
		}
		for _, member := range roster.Resolve(m.Audience) {
			got = append(got, member.ID)
		}
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s calls %v, the sample has seats for %v", m.ID, got, want)
		}
	}
	all := roster.Resolve(briefings.Audience{{Kind: briefings.TermAll}})
	reachable, _ := briefings.Reach(all)
	if len(roster.Members) != s.Expected.Members.Total || len(all) != s.Expected.Members.ByStatus["active"] || len(reachable) != s.Expected.Members.Reachable {
		t.Errorf("%d members, %d active, %d reachable, want %+v", len(roster.Members), len(all), len(reachable), s.Expected.Members)
	}
}

func TestTheActivitiesSumToTheExpectedTotals(t *testing.T) {
	s, _ := load(t)
	for name, want := range s.Expected.Activities {
		period := briefings.Period(strings.TrimSuffix(name, "-to-date"))
		from, to, err := period.Days(zone)
		if err != nil {
			t.Fatal(err)
		}
		total := briefings.SumActivities(s.Activities, from, to)
		got := map[string]briefings.Sum{}
		for form, sum := range total.Conferences {
			got[string(form)] = sum
		}
		if total.OralWork != (briefings.Sum{}) {
			got[string(briefings.OralWork)] = total.OralWork
		}
		if !maps.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

func TestTheTargetIsReachedByTheExpectedPeople(t *testing.T) {
	s, roster := load(t)
	from, to, err := briefings.Period("2026").Days(zone)
	if err != nil {
		t.Fatal(err)
	}
	done := briefings.SessionsBy(s.Activities, from, to)
	people := roster.Resolve(briefings.Audience{{Kind: briefings.TermGroup, Name: "G3"}})
	var reached []briefings.MemberID
	for _, m := range people {
		if done[m.ID] != s.Expected.Target.Done[m.ID] {
			t.Errorf("%s did %d, want %d", m.ID, done[m.ID], s.Expected.Target.Done[m.ID])
		}
		if done[m.ID] >= s.Expected.Target.PerPerson {
			reached = append(reached, m.ID)
		}
	}
	if len(people) != s.Expected.Target.People || !slices.Equal(reached, s.Expected.Target.Reached) {
		t.Errorf("%d people, reached by %v, want %d and %v", len(people), reached, s.Expected.Target.People, s.Expected.Target.Reached)
	}
}

func TestNamesAreListedByGivenName(t *testing.T) {
	s, roster := load(t)
	list := slices.Clone(roster.Members)
	slices.SortStableFunc(list, func(a, b briefings.Member) int {
		return strings.Compare(vietnamese.SortKey(a.SortGiven, a.SortFamily, a.Name), vietnamese.SortKey(b.SortGiven, b.SortFamily, b.Name))
	})
	for i, want := range s.Expected.ByName {
		if list[i].Name != want {
			t.Errorf("place %d is %s, want %s", i+1, list[i].Name, want)
		}
	}
	for _, pair := range s.Expected.Homonyms {
		a, _ := roster.Member(pair[0])
		b, _ := roster.Member(pair[1])
		if a.Name != b.Name || a.Unit == b.Unit {
			t.Errorf("%s and %s are no namesakes of different units", a.ID, b.ID)
		}
	}
}

func TestWhatPeopleTypeMeansWhatItShould(t *testing.T) {
	s, roster := load(t)
	for _, f := range s.Fixtures.Search {
		var found []briefings.MemberID
		for _, m := range roster.Members {
			if vietnamese.Match(f.Typed, m.Name) {
				found = append(found, m.ID)
			}
		}
		for _, id := range f.Must {
			if !slices.Contains(found, id) {
				t.Errorf("%q finds %v, not %s", f.Typed, found, id)
			}
		}
	}
	for _, f := range s.Fixtures.Phones {
		if got, err := vietnamese.ParsePhone(f.Typed); err != nil || got != f.E164 {
			t.Errorf("%q is %q, %v, want %s", f.Typed, got, err, f.E164)
		}
	}
}
