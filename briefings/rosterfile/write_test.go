package rosterfile

import (
	"bytes"
	"encoding/csv"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"briefbot/briefings"
	"briefbot/briefings/i18n"
	"briefbot/briefings/vietnamese"
)

var update = flag.Bool("update", false, "write the golden files")

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	cell := rapid.Custom(func(t *rapid.T) string {
		start := rapid.SampledFrom([]string{"", "=", "+", "-", "@", "'", "'=", "''@", "\"", ";", "<", "sep=;", "0", "1E+5"}).Draw(t, "start")
		rest := rapid.OneOf(rapid.String(), rapid.StringMatching(`[A-Za-zĐđÀ-ỹ '";,/&<>\n-]{0,40}`)).Draw(t, "rest")
		return vietnamese.Clean(vietnamese.Clean(start + rest)) // composing may make a letter that is cleaned in turn
	})
	rapid.Check(t, func(t *rapid.T) {
		rows := make([]Row, rapid.IntRange(1, 5).Draw(t, "rows"))
		for i := range rows {
			rows[i] = Row{Number: i + 2, Columns: AllColumns}
			for c := range Link {
				rows[i].Cells[c] = cell.Draw(t, c.Name(briefings.English))
			}
			rows[i].Cells[FullName] = vietnamese.Clean("A " + rows[i].Cells[FullName]) // an empty row is no row
		}
		for _, format := range []Format{CSV, XLSX} {
			for _, lang := range []briefings.Lang{briefings.Vietnamese, briefings.English} {
				var buf bytes.Buffer
				if err := Write(&buf, format, lang, rows); err != nil {
					t.Fatal(err)
				}
				back, err := Read(&buf, "")
				if err != nil {
					t.Fatal(err)
				}
				if len(back) != len(rows) {
					t.Fatalf("%d rows became %d", len(rows), len(back))
				}
				for i := range rows {
					want := rows[i]
					for c := range want.Cells { // a spreadsheet keeps no half of a character
						want.Cells[c] = strings.ToValidUTF8(want.Cells[c], "\uFFFD")
					}
					if back[i] != want {
						t.Fatalf("format %d, row %d:\n%q\nbecame\n%q", format, i, want.Cells, back[i].Cells)
					}
				}
			}
		}
	})
}

func TestImportingWhatWasExportedChangesNothing(t *testing.T) {
	roster := sample()
	for _, lang := range i18n.Languages() {
		for _, format := range []Format{CSV, XLSX} {
			var buf bytes.Buffer
			if err := Write(&buf, format, briefings.Lang(lang), Rows(roster, map[briefings.MemberID]string{"M001": "https://t.me/x?start=y"}, say(t, lang))); err != nil {
				t.Fatal(err)
			}
			rows, err := Read(&buf, "")
			if err != nil {
				t.Fatal(err)
			}
			if c := Plan(rows, roster, Options{Now: now}); !c.Empty() || c.Same != 4 {
				t.Errorf("%s: %s", lang, Preview(c, say(t, lang), 0))
			}
		}
	}
}

func TestImportingTwiceChangesNothingTheSecondTime(t *testing.T) {
	rows := file(t,
		",Một,0912345678,Tỉnh ủy / Xã A,,Nhóm 1; Nhóm 2,organizer@Tỉnh ủy / Xã A,en,bà",
		",Hai,,Tỉnh ủy / Xã A / Chi bộ 1,Bí thư,,,,",
		"9,Ba,0162 345 6789,Tỉnh ủy,,Nhóm 2,,,")
	c := Plan(rows, briefings.NewRoster(nil, nil, nil, nil, now), Options{Now: now})
	out, err := c.RosterChange()
	if err != nil {
		t.Fatal(Preview(c, say(t, i18n.En), 0))
	}
	for i := range out.Members {
		out.Members[i].No = briefings.MemberNo(i + 1)
	}
	again := Plan(rows, briefings.NewRoster(out.Units, out.Members, out.Groups, nil, now), Options{Now: now})
	if !again.Empty() || again.Same != 3 {
		t.Error(Preview(again, say(t, i18n.En), 0))
	}
}

func TestNoCellRunsAsAFormula(t *testing.T) {
	row := Row{Number: 2, Columns: AllColumns}
	row.Cells[FullName], row.Cells[Position], row.Cells[Phone] = `=HYPERLINK("http://x","An")`, "@SUM(1)", "+84 912"
	row.Cells[Unit], row.Cells[Link] = "-1", "\t=1"
	var text bytes.Buffer
	if err := Write(&text, CSV, briefings.Vietnamese, []Row{row}); err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text.Bytes(), byteOrderMark)))
	r.Comma = ';'
	records, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, cell := range records[1] {
		if cell != "" && strings.ContainsRune(formulaStarts, rune(cell[0])) {
			t.Errorf("CSV runs %q", cell)
		}
	}
	var book bytes.Buffer
	if err := Write(&book, XLSX, briefings.Vietnamese, []Row{row}); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&book)
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{"A2", "B2", "C2", "D2", "E2", "J2"} {
		if formula, err := f.GetCellFormula("Danh sách", at); err != nil || formula != "" {
			t.Errorf("%s is a formula %q, %v", at, formula, err)
		}
	}
}

func TestTheWorkbookIsReadyToEdit(t *testing.T) {
	var book bytes.Buffer
	if err := Write(&book, XLSX, briefings.Vietnamese, Rows(sample(), nil, say(t, i18n.Vi))); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&book)
	if err != nil {
		t.Fatal(err)
	}
	if panes, err := f.GetPanes("Danh sách"); err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("the heading is not frozen: %+v, %v", panes, err)
	}
	if v, _ := f.GetCellValue("Danh sách", "C2"); v != "0100 000 001" {
		t.Errorf("phone: %q", v)
	}
	if kind, err := f.GetCellType("Danh sách", "C2"); err != nil || kind == excelize.CellTypeNumber {
		t.Errorf("the phone is a number: %v, %v", kind, err)
	}
	if v, _ := f.GetCellValue("Danh sách", "K2"); v != "đã kết nối" {
		t.Errorf("state: %q", v)
	}
}

func TestTheFormatFollowsTheName(t *testing.T) {
	for name, want := range map[string]Format{"a.csv": CSV, "A.CSV": CSV, "a.txt": CSV, "a.xlsx": XLSX, "a": XLSX} {
		if got := FormatOf(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestPreviewReadsAsWritten(t *testing.T) {
	good := Plan(file(t,
		"M001,Nguyễn Mẫu An,0100 000 001,T01,Bí thư,,organizer@X01;approver,,",
		"M002,Trần Mẫu Ánh,,X02C1,,Bí thư chi bộ; Nhóm mới,,,",
		",Hồ Mẫu Mới,0912345678,Tỉnh uỷ Minh Giang/Đảng uỷ xã Ao Sen/Chi bộ 2,Ủy viên,,,en,bà",
		",Lý Mẫu Khác,,X01,,,,,",
		"M004,Lê Mẫu Ân,0100000004,X02C1,,,,,", rut), sample(), Options{Now: now})
	bad := Plan(file(t, an, anh, dung, rut, ",,12,X9,,,vua,fr,bạn", "M001,Ai <b>,0100000002,T01,,,,,"), sample(), Options{Now: now})
	same := Plan(file(t, an, anh, dung, rut), sample(), Options{Now: now})
	for _, lang := range i18n.Languages() {
		text := Preview(good, say(t, lang), 1) + "\n----\n" + Preview(bad, say(t, lang), 0) + "\n----\n" + Preview(same, say(t, lang), 0)
		golden := filepath.Join("testdata", "preview."+string(lang)+".txt")
		if *update {
			if err := os.MkdirAll("testdata", 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(golden, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if text != string(want) {
			t.Errorf("%s: got\n%s", lang, text)
		}
	}
}
