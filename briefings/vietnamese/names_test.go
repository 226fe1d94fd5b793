package vietnamese

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
)

// sorted shuffles and sorts, so that the given order proves nothing.
func sorted(words []string, key func(string) string) []string {
	words = slices.Clone(words)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
	slices.SortFunc(words, func(a, b string) int { return cmp.Compare(key(a), key(b)) })
	return words
}

func TestAlphabetPutsLettersBeforeTonesInTheirOrder(t *testing.T) {
	for _, row := range []string{
		"an ăn ân da dà dả dã dá dạ dào đa đào",
		"o ò ỏ õ ó ọ ô ồ ổ ỗ ố ộ ơ ờ ở ỡ ớ ợ",
		"a à ả ã á ạ ă ằ ẳ ẵ ắ ặ â ầ ẩ ẫ ấ ậ b",
		"e ề u ù ủ ũ ú ụ ư ừ ử ữ ứ ự v y ỳ ỷ ỹ ý ỵ",
		"Dung Dũng Đào Đạt Em Ên i ì ỉ ĩ í ị",
	} {
		want := strings.Fields(row)
		if got := sorted(want, AlphabetKey); !slices.Equal(got, want) {
			t.Errorf("got  %v\nwant %v", got, want)
		}
	}
}

func TestNamesGoByGivenThenFamilyThenTheRest(t *testing.T) {
	want := []string{
		"Nguyễn Mẫu An", "Nguyễn Mẫu An", "Trần Mẫu Ánh", "Lê Mẫu Ân", "Đặng Mẫu Bảo",
		"Phạm Mẫu Bình", "Hoàng Mẫu Châu", "Vũ Mẫu Cường", "Đỗ Mẫu Dung", "Đỗ Mẫu Dũng",
		"Huỳnh Mẫu Đào", "đặng mẫu hà", "Đặng Văn Hà", "Hồ Mẫu Hà", "Ngô Mẫu Hạ", "H'Mẫu Niê",
	}
	got := sorted(want, func(full string) string { return SortKey("", "", full) })
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestStatedPartsOverrideThePattern(t *testing.T) {
	giang, an := SortKey("Mẫu", "Giàng", "Giàng A Mẫu"), SortKey("", "", "Nguyễn Mẫu An")
	if giang <= an {
		t.Error("Giàng A Mẫu stands before An")
	}
	nie, my, nga := SortKey("H'Mẫu", "Niê", "H'Mẫu Niê"), SortKey("", "", "Ngô Mẫu My"), SortKey("", "", "Lý Mẫu Nga")
	if nie >= my || nie >= nga {
		t.Error("H'Mẫu, a given name, does not stand under H")
	}
}

func TestAShortGivenNameStandsBeforeALongerOneWhateverTheFamily(t *testing.T) {
	if SortKey("", "", "Vũ An") >= SortKey("", "", "Bùi Anh") {
		t.Error("the family decides before the given name is over")
	}
}

func TestSplitNameTakesFamilyMiddleAndGiven(t *testing.T) {
	for full, want := range map[string][3]string{
		"Nguyễn Thị Mẫu  An": {"Nguyễn", "Thị Mẫu", "An"},
		"Nguyễn An":          {"Nguyễn", "", "An"},
		"An":                 {"", "", "An"},
		" ":                  {"", "", ""},
	} {
		family, middle, given := SplitName(full)
		if got := [3]string{family, middle, given}; got != want {
			t.Errorf("SplitName(%q) = %q, want %q", full, got, want)
		}
	}
}

func TestKeysAreMadeSideBySide(t *testing.T) {
	want := SortKey("", "", "Đỗ Mẫu Dũng")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				if SortKey("", "", "Đỗ Mẫu Dũng") != want {
					t.Error("two goroutines share a buffer")
					return
				}
			}
		})
	}
	wg.Wait()
}

func BenchmarkSortKey(b *testing.B) {
	for b.Loop() {
		SortKey("", "", "Nguyễn Thị Mẫu Phượng")
	}
}
