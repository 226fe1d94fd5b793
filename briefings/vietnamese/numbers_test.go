package vietnamese

import (
	"errors"
	"testing"
)

func TestNumbersPrintWithDots(t *testing.T) {
	for n, want := range map[int]string{0: "0", 9: "9", 999: "999", 1300: "1.300", 14600: "14.600", 126000: "126.000", 1234567: "1.234.567", -1300: "-1.300"} {
		if got := Number(n); got != want {
			t.Errorf("Number(%d) = %q, want %q", n, got, want)
		}
	}
	for n, want := range map[int]string{0: "00", 1: "01", 9: "09", 10: "10", 1300: "1.300"} {
		if got := Padded(n); got != want {
			t.Errorf("Padded(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestPercentRoundsHalfUpInIntegers(t *testing.T) {
	for _, c := range []struct {
		n, of int
		want  string
	}{
		{47, 53, "88,7%"}, {2909, 3044, "95,6%"}, {35599, 35900, "99,2%"}, {1, 2000, "0,1%"}, {1, 2001, "0%"},
		{1, 8, "12,5%"}, {3, 8, "37,5%"}, {1, 16, "6,3%"}, {53, 53, "100%"}, {0, 53, "0%"}, {0, 0, "–"}, {1999, 2000, "100%"},
		{3, 2, "150%"}, {-1, 8, "-12,5%"},
	} {
		if got := Percent(c.n, c.of); got != c.want {
			t.Errorf("Percent(%d, %d) = %q, want %q", c.n, c.of, got, c.want)
		}
	}
}

func TestParseNumberReadsVietnameseAndNeverGuesses(t *testing.T) {
	for typed, want := range map[string]int{
		"0": 0, "1300": 1300, "1.300": 1300, "14.600": 14600, "1 300": 1300, "1\u00a0300": 1300, "1.234.567": 1234567,
		"126 ngàn": 126000, "126 nghìn": 126000, "126ngàn": 126000, "1,2 triệu": 1200000, "1,25 ngàn": 1250, "0,5 tỷ": 500000000, "01": 1,
	} {
		if got, err := ParseNumber(typed); err != nil || got != want {
			t.Errorf("ParseNumber(%q) = %d, %v; want %d", typed, got, err, want)
		}
	}
	for _, typed := range []string{
		"", "1,300", "1.3", "1.30", "1300.000", "1.300 500", "95,5", "-5", "+5", "ngàn", "1, triệu", "gần 1.300", "1,2345 ngàn",
		"99999999999999999999", "9999999999999 tỷ", "1..300", ".300", "٣",
	} {
		if got, err := ParseNumber(typed); !errors.Is(err, ErrNumber) {
			t.Errorf("ParseNumber(%q) = %d, %v; want a refusal", typed, got, err)
		}
	}
}

func FuzzParseNumberReadsWhatIsPrinted(f *testing.F) {
	f.Add(1300)
	f.Fuzz(func(t *testing.T, n int) {
		if n < 0 {
			return
		}
		for _, s := range []string{Number(n), Padded(n)} {
			if got, err := ParseNumber(s); err != nil || got != n {
				t.Errorf("%q is read as %d, %v", s, got, err)
			}
		}
	})
}
