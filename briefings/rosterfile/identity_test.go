package rosterfile

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"briefbot/briefings"
	"briefbot/briefings/i18n"
)

// rosters draws rolls as bad as they come: siblings of one name, groups named like ids, homonyms, closed units, lists in groups.
var rosters = rapid.Custom(func(t *rapid.T) *briefings.Roster {
	names := rapid.SampledFrom([]string{"Chi bộ 1", "CHI BO 1", "Chi bộ 1/2", "Đảng ủy / xã", "U001", "Xã Đồi Chè", "=Xã", "Tổ; 3", "2026", "  Xã  Ao\u00a0Sen "})
	var units []briefings.Unit
	for i := range rapid.IntRange(1, 6).Draw(t, "units") {
		v := briefings.UnitVersion{Name: briefings.Text{Vi: names.Draw(t, "unit")}}
		if i > 0 {
			v.Parent = units[rapid.IntRange(0, i-1).Draw(t, "parent")].ID
		}
		if rapid.IntRange(0, 5).Draw(t, "closed") == 0 {
			v.To = now.AddDate(-1, 0, 0)
		}
		units = append(units, briefings.Unit{ID: briefings.UnitID(fmt.Sprintf("X%02d", i)), Versions: []briefings.UnitVersion{v}})
	}
	var groups []briefings.Group
	for i := range rapid.IntRange(0, 4).Draw(t, "groups") {
		groups = append(groups, briefings.Group{ID: briefings.GroupID(fmt.Sprintf("G%d", i+1)),
			Name: briefings.Text{Vi: rapid.SampledFrom([]string{"G1", "Nhóm", "nhom", "Tổ; 3", "-1", ""}).Draw(t, "group")}})
	}
	var members []briefings.Member
	for i := range rapid.IntRange(1, 6).Draw(t, "members") {
		m := briefings.Member{
			ID: briefings.MemberID(fmt.Sprintf("M%04d", i+1)), No: briefings.MemberNo(i + 1),
			Name:     rapid.SampledFrom([]string{"Nguyễn Mẫu An", "nguyen mau an", "'=A", "Đỗ Mẫu Dũng", "Hoa\u0300 ", "🎉 <b>"}).Draw(t, "name"),
			Unit:     rapid.SampledFrom(units).Draw(t, "of").ID,
			Position: rapid.SampledFrom([]string{"", "-1", "Bí thư", "\"x\";", "a\tb"}).Draw(t, "position"),
			Lang:     rapid.SampledFrom([]briefings.Lang{"", "vi", "en"}).Draw(t, "lang"),
			Address:  rapid.SampledFrom([]string{"", "đồng chí", "bà", "ông/bà"}).Draw(t, "address"),
			Status:   rapid.SampledFrom([]briefings.Status{briefings.Active, briefings.Invited, briefings.Pending, briefings.Left, briefings.Withdrawn}).Draw(t, "status"),
		}
		if rapid.Bool().Draw(t, "has phone") {
			m.Phone = fmt.Sprintf("+8410000%04d", i)
		}
		for _, g := range groups {
			switch rapid.IntRange(0, 3).Draw(t, "in") {
			case 0:
				m.Groups = append(m.Groups, g.ID)
			case 1:
				for j := range groups {
					if groups[j].ID == g.ID {
						groups[j].Members = append(groups[j].Members, m.ID)
					}
				}
			}
		}
		if role := rapid.SampledFrom(append([]briefings.Role{""}, briefings.Roles...)).Draw(t, "role"); role != "" {
			m.Roles = []briefings.Grant{{Role: role, Scope: rapid.SampledFrom(units).Draw(t, "scope").ID}, {Role: briefings.RoleApprover}}
		}
		members = append(members, m)
	}
	return briefings.NewRoster(units, members, groups, nil, now)
})

func TestExportAndImportOfAnyRollIsNoChange(t *testing.T) {
	vi := say(t, i18n.Vi)
	rapid.Check(t, func(t *rapid.T) {
		roster := rosters.Draw(t, "roster")
		rows := Rows(roster, nil, vi)
		if len(rows) == 0 {
			return
		}
		var buf bytes.Buffer
		if err := Write(&buf, CSV, briefings.Vietnamese, rows); err != nil {
			t.Fatal(err)
		}
		back, err := Read(&buf, "")
		if err != nil {
			t.Fatal(err)
		}
		if c := Plan(back, roster, Options{Now: now}); !c.Empty() {
			t.Fatalf("%v\n%s", rows, Preview(c, vi, 0))
		}
	})
}

func TestAFileWithoutCodesImportedTwiceIsNoChangeTheSecondTime(t *testing.T) {
	vi := say(t, i18n.Vi)
	rapid.Check(t, func(t *rapid.T) {
		roster := rosters.Draw(t, "roster")
		var rows []Row
		for i := range rapid.IntRange(1, 6).Draw(t, "rows") {
			row := Row{Number: i + 2, Columns: AllColumns}
			row.Cells[FullName] = rapid.SampledFrom([]string{"Nguyễn Mẫu An", "Đỗ Mẫu Dung", "Đỗ Mẫu Dũng", "Mới"}).Draw(t, "name")
			row.Cells[Unit] = rapid.SampledFrom([]string{"X00", "Gốc / A", "Gốc / A / B", "X00 / C"}).Draw(t, "unit")
			row.Cells[Groups] = rapid.SampledFrom([]string{"", "Tổ", "Tổ; Khác"}).Draw(t, "groups")
			if rapid.Bool().Draw(t, "has phone") {
				row.Cells[Phone] = fmt.Sprintf("0912 345 %03d", i)
			}
			rows = append(rows, row)
		}
		c := Plan(rows, roster, Options{Now: now})
		out, err := c.RosterChange()
		if err != nil {
			return // a file with mistakes is not imported at all
		}
		again := Plan(rows, applied(roster, out), Options{Now: now})
		if !again.Empty() {
			t.Fatalf("%s\nthen\n%s", Preview(c, vi, 0), Preview(again, vi, 0))
		}
	})
}

// applied is the roll after a change, as a store applies it.
func applied(r *briefings.Roster, c briefings.RosterChange) *briefings.Roster {
	members := append([]briefings.Member(nil), r.Members...)
	for _, m := range c.Members {
		at := -1
		for i := range members {
			if members[i].ID == m.ID {
				at = i
			}
		}
		if at < 0 {
			m.No = briefings.MemberNo(len(members) + 1)
			members = append(members, m)
		} else {
			members[at] = m
		}
	}
	for _, id := range c.Left {
		for i := range members {
			if members[i].ID == id {
				members[i].Status = briefings.Left
			}
		}
	}
	groups := append([]briefings.Group(nil), r.Groups...)
next:
	for _, g := range c.Groups {
		for i := range groups {
			if groups[i].ID == g.ID {
				groups[i] = g
				continue next
			}
		}
		groups = append(groups, g)
	}
	return briefings.NewRoster(append(append([]briefings.Unit(nil), r.Units...), c.Units...), members, groups, r.Topics, now)
}

func TestAZipBombIsRefused(t *testing.T) {
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	w, err := z.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	zeros := bytes.Repeat([]byte{'0'}, 1<<20)
	for range unzipped>>20 + 1 {
		if _, err := w.Write(zeros); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = Read(&buf, "bomb.xlsx")
	if r := briefings.AsRefusal(err); r == nil || r.Key != "roster.bad_workbook" {
		t.Errorf("%v", err)
	}
}

func TestALargeRollIsPlannedInSeconds(t *testing.T) {
	if testing.Short() {
		t.Skip("thirty thousand rows")
	}
	const people = 30_000
	var b strings.Builder
	b.WriteString("full_name;phone;unit;groups\n")
	for i := range people {
		fmt.Fprintf(&b, "Nguyễn Mẫu %d;09%08d;Tỉnh ủy / Đảng ủy xã %d / Chi bộ %d;Tổ %d\n", i, i, i%100, i%1000, i%30)
	}
	started := time.Now()
	rows, err := Read(strings.NewReader(b.String()), "")
	if err != nil {
		t.Fatal(err)
	}
	c := Plan(rows, briefings.NewRoster(nil, nil, nil, nil, now), Options{Now: now})
	out, err := c.RosterChange()
	if err != nil {
		t.Fatal(err)
	}
	for i := range out.Members {
		out.Members[i].No = briefings.MemberNo(i + 1)
	}
	roster := briefings.NewRoster(out.Units, out.Members, out.Groups, nil, now)
	if again := Plan(rows, roster, Options{Now: now}); !again.Empty() || again.Same != people {
		t.Errorf("%d of %d the same", again.Same, people)
	}
	if took := time.Since(started); took > 30*time.Second {
		t.Errorf("took %s", took)
	} else {
		t.Logf("took %s", took)
	}
}
