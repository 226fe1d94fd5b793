package vietnamese

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Number prints n with a dot between thousands: 14.600.
func Number(n int) string { return Group(n, '.') }

// Group prints n with mark between thousands.
func Group(n int, mark byte) string {
	digits := strconv.Itoa(n)
	sign := ""
	if digits[0] == '-' {
		sign, digits = "-", digits[1:]
	}
	var b strings.Builder
	b.WriteString(sign)
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(mark)
		}
		b.WriteByte(digits[i])
	}
	return b.String()
}

// Padded prints a count as formal text does: 01 … 09, then 10, 1.300.
func Padded(n int) string {
	if n >= 0 && n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return Number(n)
}

// PerMille returns n of total in thousandths, half up, computed in integers:
// 47 of 53 is 887. A total of 0 gives 0; callers show "no figures" then.
func PerMille(n, total int) int {
	if total == 0 {
		return 0
	}
	return floorDiv(2000*n+total, 2*total)
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

// Percent prints n of total with one decimal and the sign, 88,7%; whole
// percentages have no decimal, 100%. A total of 0 prints a dash: a rate
// without figures is neither 0 % nor 100 %.
func Percent(n, total int) string {
	if total == 0 {
		return "–"
	}
	return Tenths(PerMille(n, total), ',') + "%"
}

// Tenths prints a number of tenths with the given decimal mark: 887 as 88,7
// and 1000 as 100.
func Tenths(tenths int, mark byte) string {
	sign := ""
	if tenths < 0 {
		sign, tenths = "-", -tenths
	}
	if tenths%10 == 0 {
		return sign + strconv.Itoa(tenths/10)
	}
	return fmt.Sprintf("%s%d%c%d", sign, tenths/10, mark, tenths%10)
}

// ErrNumber says that a text is no whole number as Vietnamese writes them.
var ErrNumber = errors.New("not a number")

// ParseNumber reads a whole number, not negative: 1300, 1.300, 1 300, 126
// ngàn, 1,2 triệu. What another language would read otherwise (1,300 or 1.3)
// is refused, never guessed.
func ParseNumber(s string) (int, error) {
	refuse := func() (int, error) { return 0, fmt.Errorf("parse number %q: %w", s, ErrNumber) }
	digits, scale := Fold(s), 1
	for _, unit := range units {
		if before, ok := strings.CutSuffix(digits, unit.word); ok {
			digits, scale = strings.TrimSpace(before), unit.scale
			break
		}
	}
	whole, fraction, decimal := strings.Cut(digits, ",")
	if decimal && (scale == 1 || fraction == "" || len(fraction) > 9 || !allDigits(fraction)) {
		return refuse()
	}
	n, ok := grouped(whole)
	if !ok || n > math.MaxInt/scale {
		return refuse()
	}
	n *= scale
	for i := range len(fraction) {
		if scale%10 != 0 && fraction[i] != '0' {
			return refuse()
		}
		scale /= 10
		n += int(fraction[i]-'0') * scale
	}
	if n < 0 {
		return refuse()
	}
	return n, nil
}

var units = []struct {
	word  string
	scale int
}{{"ngan", 1e3}, {"nghin", 1e3}, {"trieu", 1e6}, {"ty", 1e9}, {"ti", 1e9}}

// grouped reads digits, either without marks or with the same mark before
// every group of three.
func grouped(s string) (int, bool) {
	for _, mark := range []string{".", " "} {
		groups := strings.Split(s, mark)
		if len(groups) == 1 {
			continue
		}
		for i, group := range groups {
			if len(group) > 3 || group == "" || i > 0 && len(group) != 3 {
				return 0, false
			}
		}
		s = strings.Join(groups, "")
		break
	}
	if !allDigits(s) {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}

func allDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
