package briefings

import (
	"slices"
	"testing"
	"time"
)

func smallRoster() *Roster {
	unit := func(id, parent UnitID, order int) Unit {
		return Unit{ID: id, Versions: []UnitVersion{{Parent: parent, Name: Text{Vi: "Đơn vị " + string(id)}, Order: order}}}
	}
	old := unit("H01", "T01", 9)
	old.Versions[0].To = time.Date(2025, 6, 30, 0, 0, 0, 0, zone)
	return NewRoster(
		[]Unit{unit("T01", "", 1), unit("X01", "T01", 3), unit("X02", "T01", 2), unit("X01C1", "X01", 4), old},
		[]Member{
			{ID: "M1", No: 1, Unit: "T01", Status: Active, Position: "Bí thư", Roles: []Grant{{Role: RoleAdmin}}},
			{ID: "M2", No: 2, Unit: "X01", Status: Active, Topics: []TopicID{"TP2"}},
			{ID: "M3", No: 3, Unit: "X01C1", Status: Active, Position: "Bí thư Chi bộ, Hiệu trưởng", User: 33},
			{ID: "M4", No: 4, Unit: "X02", Status: Left},
			{ID: "M5", No: 5, Unit: "X02", Status: Active, Roles: []Grant{{Role: RoleOrganizer, Scope: "X02"}}},
		},
		[]Group{{ID: "G1", Rule: GroupRule{PositionPrefix: "Bí thư Chi bộ"}, Members: []MemberID{"M2"}}},
		[]Topic{{ID: "TP1", Slug: "chung", Mandatory: true}, {ID: "TP2", Slug: "y-te"}}, start)
}

func TestAnAudienceIsEachMatchedActiveMemberOnce(t *testing.T) {
	r := smallRoster()
	for _, c := range []struct {
		audience string
		want     []MemberID
	}{
		{"all", []MemberID{"M1", "M2", "M3", "M5"}},
		{"unit:X01", []MemberID{"M2", "M3"}},
		{"only:X01", []MemberID{"M2"}},
		{"unit:X01, only:X01, member:M2", []MemberID{"M2", "M3"}},
		{"group:G1", []MemberID{"M2", "M3"}},
		{"topic:y-te", []MemberID{"M2"}},
		{"topic:TP1", []MemberID{"M1", "M2", "M3", "M5"}},
		{"role:organizer", []MemberID{"M1", "M5"}},
		{"-member:M3, unit:T01, -unit:X02", []MemberID{"M1", "M2"}},
		{"-all", nil},
		{"member:M4", nil},
	} {
		a, err := ParseAudience(c.audience)
		if err != nil {
			t.Fatalf("%s: %v", c.audience, err)
		}
		if err := r.Check(a); err != nil {
			t.Fatalf("%s: %v", c.audience, err)
		}
		var got []MemberID
		for _, m := range r.Resolve(a) {
			got = append(got, m.ID)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.audience, got, c.want)
		}
		again, err := ParseAudience(a.String())
		if err != nil || !slices.Equal(again, a) {
			t.Errorf("%s does not survive being written: %v", c.audience, err)
		}
	}
}

func TestATermThatCannotBeReadOrNamesNothingIsNamed(t *testing.T) {
	r := smallRoster()
	for text, term := range map[string]string{"unit": "unit", "all:x": "all:x", "everybody": "everybody", "unit:T01, ?": "?"} {
		_, err := ParseAudience(text)
		refusedAs(t, err, "audience.bad_term")
		if got := AsRefusal(err).Args["term"]; got != term {
			t.Errorf("%s: named %v", text, got)
		}
	}
	for _, text := range []string{"unit:H01", "group:G9", "topic:none", "role:king", "member:M9"} {
		a, err := ParseAudience(text)
		if err != nil {
			t.Fatal(err)
		}
		refusedAs(t, r.Check(a), "audience.unknown")
	}
	_, err := ParseAudience(" , ")
	refusedAs(t, err, "audience.empty")
}

func TestTheTreeIsTheOneOfItsDay(t *testing.T) {
	r := smallRoster()
	if _, ok := r.Tree().Unit("H01"); ok {
		t.Error("a closed unit stands in today's tree")
	}
	then := TreeAt(r.Units, time.Date(2025, 6, 30, 18, 0, 0, 0, zone))
	if _, ok := then.Unit("H01"); !ok {
		t.Error("the last day of a unit does not count")
	}
	if got := r.Tree().Walk(); !slices.Equal(got, []UnitID{"T01", "X02", "X01", "X01C1"}) {
		t.Errorf("walk %v", got)
	}
	if got := r.Tree().Head("X01C1"); got != "X01" {
		t.Errorf("head %s", got)
	}
	if !r.Tree().Contains("T01", "X01C1") || r.Tree().Contains("X02", "X01C1") {
		t.Error("containment is wrong")
	}
}

func TestARoleHoldsUnderItsUnitOnly(t *testing.T) {
	r := smallRoster()
	admin, _ := r.Member("M1")
	organizer, _ := r.Member("M5")
	for _, c := range []struct {
		m    Member
		role Role
		unit UnitID
		want bool
	}{
		{admin, RoleOrganizer, "X01C1", true},
		{admin, RoleApprover, "X01C1", false},
		{organizer, RoleOrganizer, "X02", true},
		{organizer, RoleOrganizer, "T01", false},
		{organizer, RoleAdmin, "X02", false},
	} {
		if got := c.m.May(c.role, c.unit, r.Tree()); got != c.want {
			t.Errorf("%s %s over %s: %v", c.m.ID, c.role, c.unit, got)
		}
	}
}

func TestTheVenueIsTheNearestThatServesTheUnit(t *testing.T) {
	r, m := smallRoster(), openMeeting()
	for unit, want := range map[UnitID]VenueID{"X01": "v2", "X01C1": "v2", "X02": "v1", "T01": "v1"} {
		if got := m.VenueFor(unit, r.Tree()); got != want {
			t.Errorf("%s goes to %s, want %s", unit, got, want)
		}
	}
}

func TestJoiningLinksOneAccount(t *testing.T) {
	m := Member{ID: "M1", Status: Active}
	if err := m.Join(7, English, start); err != nil || m.User != 7 || m.Lang != English {
		t.Fatalf("%v %+v", err, m)
	}
	m.Blocked = BlockedBot
	if err := m.Join(7, Vietnamese, start); err != nil || m.Blocked != "" || m.Lang != English {
		t.Errorf("coming back: %v %+v", err, m)
	}
	refusedAs(t, m.Join(8, Vietnamese, start), "start.already_linked")
	gone := Member{Status: Left}
	refusedAs(t, gone.Join(9, Vietnamese, start), "start.code_invalid")
}
