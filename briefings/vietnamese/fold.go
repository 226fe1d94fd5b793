package vietnamese

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold gives the search key of s: letter case and accents ignored, đ as d,
// dashes of every length as -, spaces collapsed. "Đỗ  Mẫu Dũng", typed by
// whatever keyboard, and "do mau dung" have the same key. Fold(Fold(s)) is
// Fold(s).
func Fold(s string) string {
	if key, ok := foldASCII(s); ok {
		return key
	}
	s = Clean(s)
	var key strings.Builder
	key.Grow(len(s))
	gap := false
	for _, r := range norm.NFD.String(s) {
		r = unicode.ToLower(r)
		switch {
		case r > ' ' && r < utf8.RuneSelf:
		case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Cf, r):
			continue
		case r == 'đ':
			r = 'd'
		case unicode.Is(unicode.Pd, r):
			r = '-'
		case unicode.IsSpace(r):
			gap = true
			continue
		}
		if gap && key.Len() > 0 {
			key.WriteByte(' ')
		}
		gap = false
		key.WriteRune(r)
	}
	return key.String()
}

// foldASCII folds text without any accent, which most typed queries are.
func foldASCII(s string) (key string, ok bool) {
	b := make([]byte, 0, len(s))
	gap := false
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= utf8.RuneSelf:
			return "", false
		case c == ' ' || c >= '\t' && c <= '\r':
			gap = true
			continue
		case c < ' ' || c == 0x7F:
			continue
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		}
		if gap && len(b) > 0 {
			b = append(b, ' ')
		}
		gap = false
		b = append(b, c)
	}
	return string(b), true
}

// accented gives the key that keeps accents but not where in the word the
// tone is written, so that Hoà and Hòa, Thuý and Thúy are one name: each word
// is its letters without tone, then its tones.
func accented(s string) string {
	var key, tones strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(Clean(s))) {
		switch {
		case tone(r):
			tones.WriteRune(r)
			continue
		case unicode.Is(unicode.Cf, r):
			continue
		case r == ' ':
			key.WriteString(tones.String())
			tones.Reset()
		}
		key.WriteRune(r)
	}
	return key.String() + tones.String()
}

// tone reports the five marks that are tones; breve, circumflex and horn make
// letters of their own.
func tone(r rune) bool {
	switch r {
	case '\u0300', '\u0301', '\u0303', '\u0309', '\u0323':
		return true
	}
	return false
}
