package report

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"briefbot/briefings"
	"briefbot/briefings/i18n"
	"briefbot/briefings/vietnamese"
)

func book(t testing.TB, s Sheet) *excelize.File {
	t.Helper()
	var buf bytes.Buffer
	if err := CountsXLSX(&buf, s); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&buf)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// table reads a sheet from the row after its headings, as raw values.
func table(t testing.TB, f *excelize.File, sheet string) [][]string {
	t.Helper()
	rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range rows {
		if len(r) > 0 && r[0] == "1" {
			return rows[i:]
		}
	}
	t.Fatalf("no table on %s", sheet)
	return nil
}

func TestTheSheetOfVenuesIsTheRollCellByCell(t *testing.T) {
	for _, closed := range []bool{true, false} {
		s, roll := counted(t, closed)
		f := book(t, s)
		got := table(t, f, "Biểu 02")
		var sum [20]int
		for i, v := range roll.Venues {
			want := []string{strconv.Itoa(i + 1), v.Name.Vi, s.Meeting.Venues[i].Chair}
			want = append(want, figures(v.Tally, closed)...)
			want = append(want, ifClosed(closed, v.Guests), itoa(v.CheckedIn), ifClosed(closed, v.Headcount))
			if closed && s.Meeting.Venues[i].Closing.Remark != "" {
				want = append(want, s.Meeting.Venues[i].Closing.Remark)
			}
			compare(t, got[i], want)
			for c, cell := range got[i] {
				n, _ := strconv.Atoi(cell)
				sum[c] += n
			}
		}
		total := got[len(roll.Venues)]
		want := append([]string{"", "Tổng cộng", ""}, figures(roll.Total, closed)...)
		compare(t, total, append(want, ifClosed(closed, roll.Guests), itoa(roll.Total.Attended()), ifClosed(closed, roll.Headcount)))
		for c := 3; c < len(total); c++ {
			if n, err := strconv.Atoi(total[c]); err == nil && n != sum[c] {
				t.Errorf("column %d: the venues give %d, the total is %d", c, sum[c], n)
			}
		}
		if closed && (total[3] != "53" || total[4] != "47" || total[5] != "45" || total[6] != "2" || total[7] != "4" || total[8] != "2" || total[9] != "88.7") {
			t.Errorf("total: %v", total)
		}
	}
}

func figures(tally briefings.Tally, closed bool) []string {
	out := []string{itoa(tally.Invited), itoa(tally.Attended()), itoa(tally.Present), itoa(tally.Represented), itoa(tally.Excused), itoa(tally.Unexcused)}
	if !closed {
		out = append(out, itoa(tally.Pending))
	}
	rate := strings.TrimSuffix(strconv.FormatFloat(float64(tally.Rate())/10, 'f', 1, 64), ".0")
	return append(out, rate)
}

func ifClosed(closed bool, n int) string {
	if !closed {
		return "–"
	}
	return itoa(n)
}

func itoa(n int) string { return strconv.Itoa(n) }

func compare(t *testing.T, got, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("got %q, want %q", got, want)
		return
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("column %d: got %q, want %q", i, got[i], want[i])
		}
	}
}

func TestTheSheetOfUnitsIsTheRollCellByCell(t *testing.T) {
	s, roll := counted(t, true)
	got := table(t, book(t, s), "Theo đơn vị")
	for i, u := range roll.Units {
		want := append([]string{itoa(i + 1), u.Name.Vi}, figures(u.Tally, true)...)
		compare(t, got[i], append(want, itoa(u.Answers.Accepted), itoa(u.Answers.Delegated), itoa(u.Answers.Declined), itoa(u.Answers.None)))
	}
}

func TestTheRollIsInTheOrderOfVenuesAndNames(t *testing.T) {
	s, roll := counted(t, true)
	got := table(t, book(t, s), "Danh sách")
	if len(got) != 53 {
		t.Fatalf("%d people", len(got))
	}
	place := map[string]int{}
	for i, v := range roll.Venues {
		place[v.Name.Vi] = i
	}
	states := map[string]int{}
	for i, r := range got {
		states[r[7]]++
		if i == 0 || got[i-1][4] != r[4] {
			continue
		}
		if vietnamese.SortKey("", "", got[i-1][1]) > vietnamese.SortKey("", "", r[1]) || place[got[i-1][4]] > place[r[4]] {
			t.Errorf("%s stands before %s", got[i-1][1], r[1])
		}
	}
	if states["Có mặt"] != 45 || states["Dự thay"] != 2 || states["Vắng có lý do"] != 4 || states["Vắng không lý do"] != 2 {
		t.Errorf("%v", states)
	}
}

func TestNumbersAreNumbersAndTextsAreTexts(t *testing.T) {
	s, _ := counted(t, true)
	s.Seats[0].Name, s.Seats[0].Position, s.Seats[0].Unit = `=HYPERLINK("http://x","An")`, "@SUM(1)", "+1"
	s.Seats[0].Answer, s.Seats[0].Reason, s.Seats[0].Note, s.Seats[0].Deputy = briefings.Declined, briefings.OtherReason, "\t=1+1", "-2 <b>&"
	s.Roll.Title.Vi = "=cmd|' /C calc'!A0"
	s.Org = "=1"
	s.Meeting.Venues[0].Chair = "=2"
	s.Meeting.Venues[0].Closing.Remark = "-3\n=4"
	f := book(t, s)
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for y, r := range rows {
			for x, v := range r {
				at, _ := excelize.CoordinatesToCellName(x+1, y+1)
				if formula, _ := f.GetCellFormula(sheet, at); formula != "" {
					t.Errorf("%s %s is the formula %s", sheet, at, formula)
				}
				if v != "" && strings.ContainsRune("=+-@\t", rune(v[0])) && !strings.HasPrefix(v, "- ") {
					t.Errorf("%s %s begins as a formula: %q", sheet, at, v)
				}
			}
		}
	}
	for at, want := range map[string]excelize.CellType{"D11": excelize.CellTypeUnset, "J11": excelize.CellTypeUnset, "B11": excelize.CellTypeSharedString} {
		if kind, err := f.GetCellType("Biểu 02", at); err != nil || kind != want {
			t.Errorf("%s is of type %v, want %v (%v)", at, kind, want, err)
		}
	}
}

func TestTheSheetIsReadyToPrint(t *testing.T) {
	s, _ := counted(t, true)
	f := book(t, s)
	layout, err := f.GetPageLayout("Biểu 02")
	if err != nil || *layout.Size != 9 || *layout.Orientation != "landscape" || *layout.FitToWidth != 1 {
		t.Errorf("layout: %+v, %v", layout, err)
	}
	if panes, err := f.GetPanes("Biểu 02"); err != nil || !panes.Freeze {
		t.Errorf("panes: %+v, %v", panes, err)
	}
	titles := map[string]string{}
	for _, n := range f.GetDefinedName() {
		titles[n.Scope+n.Name] = n.RefersTo
	}
	if got := titles["Biểu 02_xlnm.Print_Titles"]; got != "'Biểu 02'!$8:$9" {
		t.Errorf("repeated rows: %q of %v", got, titles)
	}
}

func TestEveryLanguageFillsEverySheet(t *testing.T) {
	for _, lang := range i18n.Languages() {
		for _, closed := range []bool{true, false} {
			s, _ := counted(t, closed)
			s.Say = printer(t, lang)
			if got := len(book(t, s).GetSheetList()); got != 4 {
				t.Errorf("%d sheets", got)
			}
		}
	}
}

func TestAMeetingWithoutSeatsIsAnEmptyTable(t *testing.T) {
	f := book(t, Sheet{Say: printer(t, i18n.Vi)})
	rows, err := f.GetRows("Biểu 02")
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, r := range rows {
		for _, c := range r {
			found = found || c == "–"
		}
	}
	if !found {
		t.Error("a rate without figures is not a dash")
	}
}

func TestVenuesAddUpToTheTotalWhateverTheSeatsSay(t *testing.T) {
	m, seats, roster := quarter(t, true)
	seats[3].Venue = "gone"
	roll := briefings.Count(m, seats, roster.Tree(), m.Starts)
	sum := 0
	rows := venueRows(roll, printer(t, i18n.Vi))
	for _, r := range rows {
		sum += r.Invited
	}
	if sum != 53 || len(rows) != 6 {
		t.Errorf("%d seats in %d rows", sum, len(rows))
	}
}
