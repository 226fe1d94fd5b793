package rosterfile

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"briefbot/briefings"
	"briefbot/briefings/i18n"
)

var now = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func unit(id, parent, name string) briefings.Unit {
	return briefings.Unit{ID: briefings.UnitID(id), Versions: []briefings.UnitVersion{{
		Parent: briefings.UnitID(parent), Name: briefings.Text{Vi: name}, Type: "loai"}}}
}

func sample() *briefings.Roster {
	closed := unit("H01", "T01", "Huyện ủy Cũ")
	closed.Versions[0].To = time.Date(2025, 6, 30, 0, 0, 0, 0, time.UTC)
	return briefings.NewRoster(
		[]briefings.Unit{
			unit("T01", "", "Tỉnh ủy Minh Giang"), unit("X01", "T01", "Đảng ủy xã Đồi Chè"), unit("X01C1", "X01", "Chi bộ 1"),
			unit("X02", "T01", "Đảng ủy xã Ao Sen"), unit("X02C1", "X02", "Chi bộ 1"), closed,
		},
		[]briefings.Member{
			{ID: "M001", No: 1, Name: "Nguyễn Mẫu An", Unit: "T01", Phone: "+84100000001", Position: "Phó Bí thư", Status: briefings.Active, User: 11,
				Roles: []briefings.Grant{{Role: briefings.RoleOrganizer, Scope: "X01"}}, Lang: briefings.English},
			{ID: "M002", No: 2, Name: "Trần Mẫu Ánh", Unit: "X01C1", Phone: "+84100000002", Status: briefings.Active, Groups: []briefings.GroupID{"G1"}},
			{ID: "M003", No: 3, Name: "Đỗ Mẫu Dũng", Unit: "X01C1", Status: briefings.Active, User: 13},
			{ID: "M004", No: 4, Name: "Lê Mẫu Ân", Unit: "X02C1", Status: briefings.Left, User: 14, Phone: "+84100000004"},
			{ID: "M005", No: 5, Name: "Phạm Mẫu Chờ", Unit: "X02C1", Status: briefings.Pending, User: 15, Phone: "+84100000005"},
			{ID: "M006", No: 6, Name: "Vũ Mẫu Rút", Unit: "H01", Status: briefings.Withdrawn},
		},
		[]briefings.Group{{ID: "G1", Name: briefings.Text{Vi: "Bí thư chi bộ"}}, {ID: "G2", Name: briefings.Text{Vi: "Báo cáo viên"}, Members: []briefings.MemberID{"M003"}}},
		nil, now)
}

// file reads rows written as CSV below the usual heading.
func file(t *testing.T, lines ...string) []Row {
	t.Helper()
	rows, err := Read(strings.NewReader("code,full_name,phone,unit,position,groups,role,language,address\n"+strings.Join(lines, "\n")), "roll.csv")
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

const (
	an   = "M001,Nguyễn Mẫu An,0100 000 001,T01,Phó Bí thư,,organizer@X01,en,"
	anh  = "M002,Trần Mẫu Ánh,0100.000.002,Tỉnh ủy Minh Giang / Đảng ủy xã Đồi Chè / Chi bộ 1,,Bí thư chi bộ,member,,đồng chí"
	dung = "M003,Đỗ Mẫu Dũng,,X01C1,,G2,,,"
	rut  = "M006,Vũ Mẫu Rút,,H01,,,,,"
)

func TestAFileThatSaysWhatTheRollSaysChangesNothing(t *testing.T) {
	c := Plan(file(t, an, anh, dung, rut), sample(), Options{Now: now})
	if !c.Empty() || c.Same != 4 {
		t.Fatalf("%+v", c)
	}
	if out, err := c.RosterChange(); err != nil || !out.Empty() {
		t.Fatalf("%+v, %v", out, err)
	}
}

func TestTheDiffNamesNewMovedChangedAndLeft(t *testing.T) {
	c := Plan(file(t,
		"M001,Nguyễn Mẫu An,0100 000 001,T01,Bí thư,,organizer@X01;approver,,",
		"M002,Trần Mẫu Ánh,0100000002,X02C1,,Bí thư chi bộ; Nhóm mới,,,",
		",Hồ Mẫu Mới,0912345678,Tỉnh uỷ Minh Giang/Đảng uỷ xã Ao Sen/Chi bộ 2,,nhóm MỚI,,en,bà",
		"M004,Lê Mẫu Ân,0100000004,X02C1,,,,,",
		rut,
	), sample(), Options{Now: now})
	if len(c.BadRows) > 0 {
		t.Fatalf("bad rows: %+v", c.BadRows[0].Reason)
	}
	out, err := c.RosterChange()
	if err != nil {
		t.Fatal(err)
	}
	if len(c.New) != 1 || c.New[0].After.ID != "M0007" || c.New[0].After.Unit != "U001" || c.New[0].After.Phone != "+84912345678" ||
		c.New[0].After.Address != "bà" || c.New[0].After.Lang != briefings.English || c.New[0].After.Status != briefings.Active || c.New[0].Row != 4 {
		t.Errorf("new: %+v", c.New)
	}
	if len(c.Moved) != 1 || c.Moved[0].After.Unit != "X02C1" || len(c.Moved[0].Edits) != 1 || c.Moved[0].Edits[0].Column != Groups {
		t.Errorf("moved: %+v", c.Moved)
	}
	if len(c.Changed) != 2 {
		t.Fatalf("changed: %+v", c.Changed)
	}
	if m := c.Changed[0].After; m.Position != "Bí thư" || m.User != 11 || m.Lang != briefings.English || len(m.Roles) != 2 {
		t.Errorf("changed: %+v", m)
	}
	if m := c.Changed[1].After; m.Status != briefings.Active || m.User != 14 {
		t.Errorf("somebody who comes back keeps the account: %+v", m)
	}
	if !slices.Equal(out.Left, []briefings.MemberID{"M003"}) {
		t.Errorf("left: %v", out.Left)
	}
	if len(out.Units) != 1 || out.Units[0].Versions[0].Parent != "X02" || out.Units[0].Versions[0].Type != "loai" {
		t.Errorf("units: %+v", out.Units)
	}
	if len(out.Groups) != 1 || out.Groups[0].ID != "G3" || out.Groups[0].Name.Vi != "Nhóm mới" {
		t.Errorf("groups: %+v", out.Groups)
	}
	if len(out.Members) != 4 {
		t.Errorf("members: %+v", out.Members)
	}
}

func TestAPersonWithoutACodeIsRecognised(t *testing.T) {
	for name, row := range map[string]string{
		"by phone":                 ",Tên Khác,0100 000 002,X01C1,,G1,,,",
		"by name and unit":         ",Trần Mẫu Ánh,0100 000 002,X01C1,,G1,,,",
		"by name without accents":  ",tran mau anh,0912 000 000,X01C1,,G1,,,",
		"by code in another case":  "m002,Trần Mẫu Ánh,0100 000 002,X01C1,,G1,,,",
		"by name in composed form": ",Tra\u0302\u0300n Ma\u0302\u0303u A\u0301nh,0100 000 002,X01C1,,G1,,,",
	} {
		t.Run(name, func(t *testing.T) {
			c := Plan(file(t, row), sample(), Options{Now: now, Part: true})
			if len(c.New) > 0 || len(c.BadRows) > 0 || c.Same+len(c.Changed) != 1 {
				t.Errorf("%+v", c)
			}
		})
	}
}

func TestABadRowIsNamedWithItsNumberAndReason(t *testing.T) {
	for name, test := range map[string]struct {
		lines []string
		want  string // key@row, …
	}{
		"no name":              {[]string{an, ",,,T01,,,,,"}, "roster.no_name@3"},
		"no unit":              {[]string{",Người Mới,,,,,,,"}, "roster.no_unit@2"},
		"unknown id":           {[]string{",Người Mới,,X99,,,,,"}, "roster.unknown_unit@2"},
		"unknown name alone":   {[]string{",Người Mới,,Chi bộ 9,,,,,"}, "roster.unknown_unit@2"},
		"a name of two units":  {[]string{",Người Mới,,Chi bộ 1,,,,,"}, "roster.several_units@2"},
		"a closed unit":        {[]string{",Người Mới,,H01,,,,,"}, "roster.closed_unit@2"},
		"bad phone":            {[]string{",Người Mới,12345,T01,,,,,"}, "roster.bad_phone@2"},
		"one phone, two":       {[]string{",Một,0912345678,T01,,,,,", ",Hai,+84912345678,T01,,,,,"}, "roster.phone_twice@2 roster.phone_twice@3"},
		"duplicate code":       {[]string{an, "m001,Hai,,T01,,,,,"}, "roster.code_twice@2 roster.code_twice@3"},
		"bad code":             {[]string{"M 1:2,Hai,,T01,,,,,"}, "roster.bad_code@2"},
		"bad role":             {[]string{",Người Mới,,T01,,,vua,,"}, "roster.bad_role@2"},
		"member with scope":    {[]string{",Người Mới,,T01,,,member@X01,,"}, "roster.role_without_scope@2"},
		"bad scope":            {[]string{",Người Mới,,T01,,,organizer@X99,,"}, "roster.bad_scope@2"},
		"bad language":         {[]string{",Người Mới,,T01,,,,fr,"}, "roster.bad_language@2"},
		"bad address":          {[]string{",Người Mới,,T01,,,,,bạn"}, "roster.bad_address@2"},
		"long name":            {[]string{"," + strings.Repeat("ầ", 201) + ",,T01,,,,,"}, "roster.name_too_long@2"},
		"namesakes":            {[]string{",Người Mới,,T01,,,,,", ",Người Mới,,T01,,,,,"}, "roster.same_name@2 roster.same_name@3"},
		"a phone that stays":   {[]string{anh, "M777,Người Mới,0100000005,T01,,,,,"}, "roster.phone_taken@3"},
		"a new code, same man": {[]string{"M777,Trần Mẫu Ánh,0100000002,X01C1,,,,,"}, "roster.phone_taken@2"},
		"two mistakes at once": {[]string{",,abc,T01,,,,,"}, "roster.bad_phone@2 roster.no_name@2"},
		"after an empty row":   {[]string{an, "", ",,,,,,,,", ",,,T01,,,,,"}, "roster.no_name@5"},
	} {
		t.Run(name, func(t *testing.T) {
			c := Plan(file(t, test.lines...), sample(), Options{Now: now})
			var got []string
			for _, b := range c.BadRows {
				got = append(got, b.Reason.Key+"@"+itoa(b.Row))
				for _, lang := range i18n.Languages() {
					say(t, lang).Refusal(b.Reason)
				}
			}
			if strings.Join(got, " ") != test.want {
				t.Errorf("got %v, want %s", got, test.want)
			}
			_, err := c.RosterChange()
			if r := briefings.AsRefusal(err); r == nil || r.Key != "roster.bad_rows" || !errors.As(err, &r) {
				t.Errorf("a change with a bad row was given: %v", err)
			}
		})
	}
}

func TestStrangeNamesAreFine(t *testing.T) {
	for _, name := range []string{"<b>A & B</b>", "Nguyễn 🎉 Mẫu", strings.Repeat("ầ", 200), "H'Mẫu Niê", "=1+1", "Ðỗ Mẫu"} {
		rows := []Row{{Number: 2, Columns: AllColumns}}
		rows[0].Cells[FullName], rows[0].Cells[Unit] = name, "T01"
		if c := Plan(rows, sample(), Options{Now: now, Part: true}); len(c.BadRows) > 0 || c.New[0].After.Name != name {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

func TestAMissingColumnSaysNothing(t *testing.T) {
	rows, err := Read(strings.NewReader("Mã;Họ và tên;Đơn vị\nM001;Nguyễn Mẫu An;T01\nM002;Trần Mẫu Ánh;X01C1\n"), "")
	if err != nil {
		t.Fatal(err)
	}
	if c := Plan(rows, sample(), Options{Now: now, Part: true}); !c.Empty() {
		t.Errorf("%+v", c)
	}
}

func TestAPartOfTheRollLetsNobodyLeave(t *testing.T) {
	if c := Plan(file(t, an), sample(), Options{Now: now, Part: true}); !c.Empty() {
		t.Errorf("%+v", c)
	}
	if c := Plan(file(t, an), sample(), Options{Now: now}); len(c.Left) != 3 {
		t.Errorf("the whole: %+v", c.Left)
	}
}

func TestABadRowStillSaysThatItsPersonIsThere(t *testing.T) {
	c := Plan(file(t, an, anh, rut, "M003,Đỗ Mẫu Dũng,xyz,X01C1,,G2,,,"), sample(), Options{Now: now})
	if len(c.Left) > 0 || len(c.BadRows) != 1 {
		t.Errorf("%+v", c)
	}
	c = Plan(file(t, an, anh, rut, ",Đỗ Mẫu Dũng,,X77,,G2,,,"), sample(), Options{Now: now})
	if len(c.Left) > 0 || len(c.BadRows) != 1 {
		t.Errorf("without code and with an unknown unit: %+v", c)
	}
}

func TestANumberPassesFromWhoeverLeftToTheNewHolder(t *testing.T) {
	c := Plan(file(t, an, anh, dung, rut, "M900,Người Mới,0100000004,T01,,,,,"), sample(), Options{Now: now})
	out, err := c.RosterChange()
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Members) != 2 || out.Members[0].ID != "M004" || out.Members[0].Phone != "" || out.Members[1].ID != "M900" {
		t.Errorf("%+v", out.Members)
	}
}

func TestTwoPeopleMaySwapNumbers(t *testing.T) {
	c := Plan(file(t, strings.Replace(an, "0100 000 001", "0100000002", 1), strings.Replace(anh, "0100.000.002", "0100000001", 1), dung, rut),
		sample(), Options{Now: now})
	if len(c.BadRows) > 0 || len(c.Changed) != 2 {
		t.Errorf("%+v", c)
	}
}

func TestTheFirstFileMakesTheOrganisation(t *testing.T) {
	empty := briefings.NewRoster(nil, nil, nil, nil, now)
	c := Plan(file(t, ",Một,,Tỉnh ủy,,,approver@Tỉnh ủy / Xã A / Chi bộ 1,,", ",Hai,,Tỉnh ủy / Xã A / Chi bộ 1,,,organizer@Tỉnh ủy / Xã A,,", ",Ba,,TỈNH UỶ / XÃ A,,,,,"), empty, Options{Now: now})
	out, err := c.RosterChange()
	if err != nil {
		t.Fatal(c.BadRows[0].Reason.Key, err)
	}
	if len(out.Units) != 3 || out.Units[1].Versions[0].Parent != out.Units[0].ID || len(out.Members) != 3 || out.Members[2].Unit != out.Units[1].ID ||
		out.Members[1].Roles[0].Scope != out.Units[1].ID || out.Members[0].Roles[0].Scope != out.Units[2].ID {
		t.Errorf("%+v", out)
	}
}

func TestAFileOfOneUnitTakenForTheWholeIsNoticed(t *testing.T) {
	var members []briefings.Member
	for i := range 30 {
		members = append(members, briefings.Member{ID: briefings.MemberID("A" + itoa(i)), No: briefings.MemberNo(i), Name: "A", Unit: "T01", Status: briefings.Active})
	}
	r := briefings.NewRoster([]briefings.Unit{unit("T01", "", "Tỉnh ủy")}, members, nil, nil, now)
	if c := Plan(file(t, "A1,A,,T01,,,,,"), r, Options{Now: now}); !c.LooksPartial() {
		t.Error("29 of 30 left without a word")
	}
}
