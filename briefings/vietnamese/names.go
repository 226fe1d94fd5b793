package vietnamese

import (
	"strings"
	"sync"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// SplitName takes a full name apart as Vietnamese names are built: family,
// middle, given. A single word is a given name. Names that are built otherwise
// (H'… Niê, Giàng A …) come with their parts stated; see SortKey.
func SplitName(full string) (family, middle, given string) {
	words := strings.Fields(Clean(full))
	switch len(words) {
	case 0:
		return "", "", ""
	case 1:
		return "", "", words[0]
	}
	last := len(words) - 1
	return words[0], strings.Join(words[1:last], " "), words[last]
}

// SortKey gives the place of a name in a list: by given name, then family,
// then the rest, by the Vietnamese alphabet with its tones. Compare keys as
// bytes. An empty given or family is taken from full; state both for names
// that do not follow the usual pattern. Letter case decides nothing.
func SortKey(given, family, full string) string {
	splitFamily, middle, splitGiven := SplitName(full)
	if given = Clean(given); given == "" {
		given = splitGiven
	}
	if family = Clean(family); family == "" && given == splitGiven {
		family = splitFamily
	}
	return key(given, family, middle, full)
}

// AlphabetKey gives the place of any other text (a unit, a topic) in the
// Vietnamese alphabet. Compare keys as bytes.
func AlphabetKey(s string) string { return key(s) }

// key joins the collation keys of the parts so that comparing the whole as
// bytes compares part by part: a zero byte inside a part is followed by 0xFF
// and the end of a part is 0x00 0x01, lower than any continuation.
func key(parts ...string) string {
	c := collators.Get().(*collator)
	defer collators.Put(c)
	var joined strings.Builder
	for _, part := range parts {
		c.buf.Reset()
		for _, b := range c.Collator.KeyFromString(&c.buf, strings.ToLower(Clean(part))) {
			joined.WriteByte(b)
			if b == 0 {
				joined.WriteByte(0xFF)
			}
		}
		joined.WriteString("\x00\x01")
	}
	return joined.String()
}

// collator goes with its buffer: neither may be used by two goroutines.
type collator struct {
	*collate.Collator
	buf collate.Buffer
}

// collators keeps collators between calls, since making one reads the tailoring of
// the whole alphabet.
var collators = sync.Pool{New: func() any {
	return &collator{Collator: collate.New(language.Vietnamese)}
}}
