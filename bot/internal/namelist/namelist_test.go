package namelist

import (
	"slices"
	"strings"
	"testing"

	"briefbot/briefings"
)

var people = []Person{
	{"M001", "Nguyễn Mẫu An", "Chi bộ thôn 1", ""},
	{"M002", "Trần Mẫu Dung", "Chi bộ thôn 1", ""},
	{"M003", "Trần Mẫu Dũng", "Chi bộ thôn 2", ""},
	{"M004", "Lê Mẫu Hòa", "Văn phòng", ""},
	{"M050", "Nguyễn Mẫu An", "Chi bộ thôn 2 · Bí thư", ""},
	{"M009", "Đỗ Mẫu Giang", "Văn phòng", ""},
}

func TestALineMeansOnePersonOrSaysWhyNot(t *testing.T) {
	for _, c := range []struct {
		line string
		want briefings.MemberID
		why  Why
	}{
		{"M004", "M004", ""}, {"m004 ghi sai tên", "M004", ""}, {"4. Lê Mẫu Hoà", "M004", ""}, {"le mau hoa", "M004", ""},
		{"Đ/c Lê Mẫu Hòa – Văn phòng", "M004", ""}, {"- Bà Lê Mẫu Hòa", "M004", ""}, {"Đỗ Mẫu Giang", "M009", ""},
		{"Ðỗ Mẫu Giang", "M009", ""}, {"Trần Mẫu Dung", "M002", ""}, {"Trần Mẫu Dũng", "M003", ""}, {"tran mau dung", "", Several},
		{"tran mau dung, chi bộ thôn 2", "M003", ""}, {"Nguyễn Mẫu An", "", Several}, {"Nguyễn Mẫu An (thôn 2)", "M050", ""},
		{"3\tNguyễn Mẫu An\tChi bộ thôn 1\tcó mặt", "M001", ""}, {"giang", "M009", ""}, {"Hoàng Lạ", "", Unknown}, {"...", "", Unknown},
	} {
		got := Match([]string{c.line}, people)[0]
		if got.Person != c.want || got.Why != c.why {
			t.Errorf("%q means %q %s, want %q %s", c.line, got.Person, got.Why, c.want, c.why)
		}
	}
}

func TestNobodyIsMeantTwice(t *testing.T) {
	got := Match(Lines("Đỗ Mẫu Giang\nM004\nM009\n"), people)
	if got[0].Person != "M009" || got[1].Person != "M004" || got[2].Why != Twice {
		t.Errorf("got %+v", got)
	}
}

func TestASingleLineMayNameSeveral(t *testing.T) {
	if got := Lines("giang, M004; an"); !slices.Equal(got, []string{"giang", "M004", "an"}) {
		t.Errorf("got %q", got)
	}
	if got := Lines(" \n \n"); len(got) != 0 {
		t.Errorf("an empty text has %q", got)
	}
}

func TestTheHeadingOfASheetIsNoPerson(t *testing.T) {
	rows := [][]string{{"TT", "Họ và tên"}, {"1", "Lê Mẫu Hòa", "ký"}, {}, {"2", "Người Lạ"}}
	got := Match(Rows(rows, people), people)
	if len(got) != 2 || got[0].Person != "M004" || got[1].Why != Unknown || got[1].Text != "2 · Người Lạ" {
		t.Errorf("got %+v", got)
	}
	if got := Rows(rows[1:], people); len(got) != 2 {
		t.Errorf("a sheet without a heading has %q", got)
	}
}

func TestTheNumberOfARowIsNoName(t *testing.T) {
	crowd := append(slices.Clone(people), Person{"M010", "Mai Mẫu Thay 14", "", ""}, Person{"M011", "Bùi Mẫu Kỳ", "", ""})
	for line, want := range map[string]briefings.MemberID{
		"1\tNgười Lạ\tđã ký": "", "5\tký": "", "1": "", "3\tMẫu Giang\tký": "M009", "4\tle mau ho\tđã ký": "M004",
	} {
		if got := Match([]string{line}, crowd)[0]; got.Person != want {
			t.Errorf("%q means %q, want %q", line, got.Person, want)
		}
	}
}

func TestACodeThatLooksLikeARowNumberDoesNotOutvoteTheName(t *testing.T) {
	numbered := []Person{{"1", "Nguyễn Mẫu An", "Chi bộ 1", ""}, {"2", "Trần Mẫu Bình", "Chi bộ 1", ""}, {"3", "Lê Mẫu Hòa", "Chi bộ 1", ""}, {"4", "Lê Mẫu Hòa", "Chi bộ 2", ""}, {"100001", "Đỗ Mẫu Giang", "", ""}}
	for line, want := range map[string]briefings.MemberID{
		"1\tTrần Mẫu Bình\tký": "2", "1) Trần Mẫu Bình": "2", "1\tNgười Lạ": "", "2": "2", "4\tLê Mẫu Hòa": "4", "1, Lê Mẫu Hòa (chi bộ 1)": "3",
		"1\t2\tTrần Mẫu Bình": "2", "100001 ghi sai tên": "100001", "1 100001 ghi sai tên": "100001",
	} {
		if got := Match([]string{line}, numbered)[0]; got.Person != want {
			t.Errorf("%q means %q (%s), want %q", line, got.Person, got.Why, want)
		}
	}
}

func FuzzMatchNeverFails(f *testing.F) {
	f.Add("1. Nguyễn Mẫu An\nM004")
	f.Fuzz(func(t *testing.T, text string) {
		lines := Lines(text)
		if got := Match(lines, people); len(got) != len(lines) {
			t.Errorf("%d lines, %d answers", len(lines), len(got))
		}
		Rows([][]string{strings.Split(text, ",")}, people)
	})
}

func TestATelephoneNumberMeansItsOwnerAndSeveralAreNamed(t *testing.T) {
	known := slices.Clone(people)
	known[3].Phone = "+84912345678"
	for _, line := range []string{"0912 345 678", "0912345678", "Hoà, 0912 345 678", "+84 912 345 678"} {
		if got := Match([]string{line}, known)[0]; got.Person != "M004" {
			t.Errorf("%q means %q (%s)", line, got.Person, got.Why)
		}
	}
	if got := Match([]string{"0912 345 679"}, known)[0]; got.Why != Unknown {
		t.Errorf("nobody's number means %q (%s)", got.Person, got.Why)
	}
	if got := Match([]string{"Nguyễn Mẫu An"}, known)[0]; len(got.Among) != 2 || got.Among[0].ID != "M001" || got.Among[1].ID != "M050" {
		t.Errorf("it may mean %+v", got.Among)
	}
}
