package vietnamese

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Clean prepares one line of typed or imported text for storage and display:
// the letters Ð and Ɖ that look like Đ become Đ, every kind of space becomes
// one plain space, invisible characters go, curly apostrophes become ', and
// the result is NFC without spaces at either end. Line breaks become spaces.
func Clean(s string) string {
	return strings.Join(strings.Fields(straighten(s)), " ")
}

// CleanText is Clean for text of several lines: line breaks stay, each line
// is cleaned by itself, and there is never more than one empty line in a row
// nor any at either end.
func CleanText(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n\n").Replace(s)
	var lines []string
	for line := range strings.SplitSeq(straighten(s), "\n") {
		line = strings.Join(strings.Fields(line), " ")
		if line == "" && (len(lines) == 0 || lines[len(lines)-1] == "") {
			continue
		}
		lines = append(lines, line)
	}
	if len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return strings.Join(lines, "\n")
}

// straighten replaces lookalikes and drops what cannot be seen, then composes.
// Composition comes last: an invisible character between a vowel and its tone
// would keep them apart.
func straighten(s string) string {
	if clean(s) {
		return s
	}
	var before rune
	return norm.NFC.String(strings.Map(func(r rune) rune {
		if r == joiner && !pictorial(before) || r == emojiStyle && !styled(before) {
			return -1
		}
		kept := letter(r)
		if kept >= 0 {
			before = kept
		}
		return kept
	}, strings.ToValidUTF8(s, "\uFFFD")))
}

// clean reports the common case: plain ASCII has nothing to straighten.
func clean(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= 0x80 || c == 0x7F || c < '\t' || c > '\r' && c < ' ' {
			return false
		}
	}
	return true
}

func letter(r rune) rune {
	if plainLetter(r) {
		return r
	}
	switch r {
	case 'Ð', 'Ɖ':
		return 'Đ'
	case 'ð', 'ɖ':
		return 'đ'
	case '’', '‘', 'ʼ', 'ʻ', '´':
		return '\''
	case '\n', '\t', '\r', '\v', '\f':
		return r
	case joiner, emojiStyle:
		// They hold an emoji together; Fold drops them from search keys.
		return r
	case '\u00AD', '\u034F', '\u180E':
		return -1
	case '\u115F', '\u1160', '\u2800', '\u3164', '\uFFA0':
		// Letters and signs without a drawing: names that are to be nobody's, answers that are to say nothing.
		return ' '
	}
	if unicode.Is(unicode.Zs, r) {
		return ' '
	}
	if unicode.Is(unicode.Cf, r) && !tag(r) || unicode.IsControl(r) {
		return -1
	}
	return r
}

// plainLetter reports the letters that nearly all text is made of, so that they need no
// look into the tables of Unicode.
func plainLetter(r rune) bool {
	return r >= ' ' && r < 0x7F || r >= 'À' && r <= 'ʯ' && r != 'Ð' && r != 'ð' && r != 'Ɖ' && r != 'ɖ' || r >= 'Ḁ' && r <= 'ỿ'
}

// styled reports what can be shown as a picture instead of a sign: a digit of a keycap, a sign, a symbol. After nothing, a space or a
// letter the choice of a style is only invisible.
func styled(before rune) bool {
	return before != 0 && !unicode.IsSpace(before) && !unicode.IsLetter(before) && !unicode.IsMark(before)
}

// tag reports the characters that spell the flags of regions inside an emoji.
func tag(r rune) bool { return r >= 0xE0020 && r <= 0xE007F }

const (
	joiner     = '\u200D'
	emojiStyle = '\uFE0F'
)

// pictorial reports what a joiner may follow to make one emoji of two; after a
// letter it is only invisible.
func pictorial(r rune) bool {
	return r == emojiStyle || unicode.In(r, unicode.So, unicode.Sk)
}
