package richtext

import (
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/rivo/uniseg"
)

// Split parts the text into pieces of at most limit UTF-16 units, which are never fewer than code points, and EntityLimit
// spans, each with its formatting, for messages sent one after the other. It
// parts at the end of a paragraph, else of a line, when the piece is at least a
// third full; else between words; a word too long for a piece between what a
// reader sees as letters. White space where it parts goes. A limit under 1 is
// no limit.
func (t Text) Split(limit int) []Text {
	var pieces []Text
	for {
		end := len(t.plain)
		if limit > 0 && t.Units() > limit || len(t.spans) > EntityLimit {
			end = t.end(limit)
		}
		if piece := t.Cut(0, end).Trim(); !piece.Empty() || len(pieces) == 0 && end == len(t.plain) {
			pieces = append(pieces, piece)
		}
		rest := len(t.plain) - len(strings.TrimLeftFunc(t.plain[end:], unicode.IsSpace))
		if rest >= len(t.plain) {
			return pieces
		}
		t = t.Cut(rest, len(t.plain))
	}
}

// end is the byte at which the first piece ends.
func (t Text) end(limit int) int {
	if limit < 1 {
		limit = len(t.plain)
	}
	most := len(t.plain)
	if len(t.spans) > EntityLimit {
		// Spans are sorted by where they begin.
		if from := t.spans[EntityLimit].from; from > 0 {
			most = from
		}
	}
	var paragraph, line, word, letter int
	rest, state, at, count := t.plain, -1, 0, 0
	for rest != "" && count <= limit && at <= most {
		letter = at
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if space := strings.TrimFunc(cluster, unicode.IsSpace) == ""; space {
			word = at
			if cluster == "\n" && count >= limit/3 {
				line = at
				if strings.HasPrefix(rest, "\n") {
					paragraph = at
				}
			}
		}
		at += len(cluster)
		count += units(cluster)
	}
	for _, end := range []int{paragraph, line, word, letter} {
		if end > 0 {
			return end
		}
	}
	// One letter with more marks than fit: nothing is left but to part those.
	for i, r := range t.plain {
		if limit -= utf16.RuneLen(r); limit < 0 && i > 0 {
			return i
		}
	}
	return len(t.plain)
}
