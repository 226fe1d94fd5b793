package vietnamese

import (
	"cmp"
	"slices"
	"testing"
)

var roll = map[string]string{
	"M001": "Nguyễn Mẫu An", "M003": "Lê Mẫu Ân", "M005": "Phạm Mẫu Bình", "M008": "Đỗ Mẫu Dung", "M009": "Đỗ Mẫu Dũng",
	"M018": "Đinh Mẫu Hòa", "M022": "Nguyễn Mẫu Hương", "M033": "Giàng A Mẫu", "M036": "H'Mẫu Niê", "M050": "Nguyễn Mẫu An",
	"M055": "Bùi Mẫu Thúy",
}

func search(typed string) []string {
	q := NewQuery(typed)
	var found []string
	for id, name := range roll {
		if q.Match(name) != (q.Rank(name) > 0) {
			panic("Match and Rank disagree about " + name)
		}
		if q.Match(name) {
			found = append(found, id)
		}
	}
	slices.SortFunc(found, func(a, b string) int {
		return cmp.Or(cmp.Compare(q.Rank(roll[b]), q.Rank(roll[a])), cmp.Compare(a, b))
	})
	return found
}

func TestSearchFindsTheSamePeopleHoweverTheyAreTyped(t *testing.T) {
	for name, c := range map[string]struct {
		typed string
		want  []string
	}{
		"without accents":                   {"do mau dung", []string{"M008", "M009"}},
		"decomposed, exact accents first":   {"Đo\u0302\u0303 Mâ\u0303u Du\u0303ng", []string{"M009", "M008"}},
		"Eth for Đ":                         {"Ðỗ Mẫu Dũng", []string{"M009", "M008"}},
		"the other style of oà":             {"Đinh Mẫu Hoà", []string{"M018"}},
		"the other style of uý":             {"Bùi Mẫu Thuý", []string{"M055"}},
		"composed vowels with loose tones":  {"Pha\u0323m Mâ\u0303u Bi\u0300nh", []string{"M005"}},
		"a curly apostrophe":                {"H’Mẫu Niê", []string{"M036"}},
		"spaces and small letters":          {"  nguyễn   mẫu an ", []string{"M001", "M050"}},
		"beginnings of words in any order":  {"huo ngu", []string{"M022"}},
		"given name, plain before accented": {"an", []string{"M001", "M050", "M003"}},
		"given name with its accent":        {"ân", []string{"M003", "M001", "M050"}},
		"nobody":                            {"nguyễn văn", nil},
		"nothing typed":                     {" \u200b", nil},
	} {
		t.Run(name, func(t *testing.T) {
			if got := search(c.typed); !slices.Equal(got, c.want) {
				t.Errorf("search %q = %v, want %v", c.typed, got, c.want)
			}
		})
	}
}

func TestAccentsWeighMoreThanPlace(t *testing.T) {
	q := NewQuery("hoà")
	if whole, accents := q.Rank("Hoa"), q.Rank("Đinh Mẫu Hòa"); whole >= accents {
		t.Errorf("rank of Hoa %d, of Hòa inside a name %d", whole, accents)
	}
}

func TestEveryQueryWordNeedsANameWordOfItsOwn(t *testing.T) {
	if Match("mau mau", "Đỗ Mẫu Dung") {
		t.Error("one Mẫu answers two")
	}
	if !Match("m mau", "Mẫu Mai") {
		t.Error("pairing stops at the first try")
	}
	if !Match("ban tuyen giao", "Văn phòng, Ban Tuyên giáo và Dân vận, Ủy ban Kiểm tra của Tỉnh ủy Minh Giang") {
		t.Error("long text is not searched")
	}
}

func TestFoldGivesOneKeyForOneName(t *testing.T) {
	for s, want := range map[string]string{
		"Đỗ  Mẫu Dũng":          "do mau dung",
		"ẮỐỨ ặ ộ ự":             "aou a o u",
		"Tỉnh uỷ – TỈNH ỦY":     "tinh uy - tinh uy",
		"H’Mẫu":                 "h'mau",
		"Plain\tASCII\n Text ":  "plain ascii text",
		"\u0300":                "",
		"Trung tâm VH‑TT—DL&TT": "trung tam vh-tt-dl&tt",
	} {
		if got := Fold(s); got != want {
			t.Errorf("Fold(%q) = %q, want %q", s, got, want)
		}
	}
}

func BenchmarkFold(b *testing.B) {
	for name, s := range map[string]string{"accents": "Nguyễn Thị Mẫu Phượng", "plain": "nguyen thi mau phuong"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Fold(s)
			}
		})
	}
}

func BenchmarkRankThousandNames(b *testing.B) {
	q := NewQuery("mẫu hươ")
	for b.Loop() {
		for range 1000 {
			q.Rank("Nguyễn Thị Mẫu Phượng")
		}
	}
}
