package richtext

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// The most code points Telegram takes in one message and in one caption, and the
// entities of a message after which it drops formatting in silence.
const (
	MessageLimit = 4096
	CaptionLimit = 1024
	EntityLimit  = 100
)

// Text is a formatted text. It is a value; the zero value is empty.
type Text struct {
	plain string
	spans []span // in the form that normal gives
}

// span formats the bytes from up to, not including, to.
type span struct {
	style    style
	from, to int
	url      string // of a link
	language string // of preformatted text
}

type style uint8

// Where spans lie partly over one another, the earlier in this list stays whole
// when they are written, so that a quotation or a link is not torn in two.
const (
	quote style = iota
	expandable
	pre
	link
	code
	bold
	italic
	underline
	strike
	spoiler
)

// FromPlain is a text without formatting, without white space at its ends.
func FromPlain(s string) Text { return tidy(strings.ToValidUTF8(s, "\uFFFD"), nil).Trim() }

// Plain is the text without formatting.
func (t Text) Plain() string { return t.plain }

// Len counts code points, the unit of MessageLimit and CaptionLimit.
func (t Text) Len() int { return utf8.RuneCountInString(t.plain) }

// Units counts UTF-16 code units, the unit of entity offsets, and by which Split parts a text.
func (t Text) Units() int { return units(t.plain) }

// Empty reports a text without a character.
func (t Text) Empty() bool { return t.plain == "" }

// Formatted reports whether anything is formatted.
func (t Text) Formatted() bool { return len(t.spans) > 0 }

// Equal reports whether two texts read and look the same.
func (t Text) Equal(o Text) bool { return t.plain == o.plain && slices.Equal(t.spans, o.spans) }

// Cut is the text between two byte offsets of Plain with its formatting.
// Offsets inside a character move back to its start, those outside the text to
// its ends.
func (t Text) Cut(from, to int) Text {
	from, to = t.boundary(from), t.boundary(to)
	if from >= to {
		return Text{}
	}
	var spans []span
	for _, s := range t.spans {
		s.from, s.to = max(s.from, from)-from, min(s.to, to)-from
		if s.from < s.to {
			spans = append(spans, s)
		}
	}
	return normal(t.plain[from:to], spans)
}

func (t Text) boundary(at int) int {
	at = min(max(at, 0), len(t.plain))
	for at > 0 && at < len(t.plain) && !utf8.RuneStart(t.plain[at]) {
		at--
	}
	return at
}

// Trim is the text without white space at its ends, which Telegram removes.
func (t Text) Trim() Text {
	from := len(t.plain) - len(strings.TrimLeftFunc(t.plain, unicode.IsSpace))
	to := len(strings.TrimRightFunc(t.plain, unicode.IsSpace))
	if from == 0 && to == len(t.plain) {
		return t
	}
	return t.Cut(from, to)
}

func units(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}
