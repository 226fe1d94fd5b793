package briefings

import "unicode/utf16"

// Length is how many characters a text has for every limit: in units of UTF-16, by which telephones count, so that most emoji are two.
// It is never less than the number of code points, so that what keeps within a limit here does so by any count.
func Length(s string) int {
	n := 0
	for _, r := range s {
		n += max(1, utf16.RuneLen(r)) // a byte that is no UTF-8 reads as a sign of its own
	}
	return n
}
