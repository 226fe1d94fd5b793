package sandbox

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of texts. Code points, except maxRawText, which is bytes before parsing.
const (
	maxRawText  = 32768
	maxText     = 4096
	maxCaption  = 1024
	maxEntities = 100
)

// formatted is a text as Telegram keeps it: plain, cleaned, with its entities in order.
type formatted struct {
	text     string
	entities []Entity
}

// readFormatted reads the text in the parameter name by parse_mode, or else by the explicit
// list in entitiesName, and cleans it.
func (c *call) readFormatted(name, entitiesName string) (formatted, *refusal) {
	return readFormatted(c.text(name), c.text("parse_mode"), c.json(entitiesName))
}

func readFormatted(raw, mode, explicit string) (formatted, *refusal) {
	if !utf8.ValidString(raw) {
		return formatted{}, errNotUTF8
	}
	if len(raw) > maxRawText {
		return formatted{}, errTextTooLong
	}
	text, entities := raw, []Entity(nil)
	switch strings.ToLower(mode) {
	case "html":
		if strings.ContainsAny(raw, "<&") {
			var err error
			if text, entities, err = parseHTML(raw); err != nil {
				return formatted{}, badRequest("can't parse entities: " + err.Error())
			}
		}
	case "", "none":
		var refused *refusal
		if entities, refused = readEntities(explicit, raw); refused != nil {
			return formatted{}, refused
		}
	default:
		// Markdown is Telegram's too, but nothing here reads it, and to take it for plain
		// text would hide its mistakes.
		return formatted{}, errParseMode
	}
	text, entities = tidy(text, entities)
	return formatted{text: text, entities: detect(text, entities)}, nil
}

// readEntities checks an explicit list of entities against the text. A list that is not
// JSON at all is ignored, as Telegram does.
func readEntities(raw, text string) ([]Entity, *refusal) {
	if raw == "" {
		return nil, nil
	}
	var list []json.RawMessage
	if json.Unmarshal([]byte(raw), &list) != nil {
		return nil, nil
	}
	starts := utf16Starts(text)
	total := starts[len(starts)-1]
	entities := make([]Entity, 0, len(list))
	for _, one := range list {
		var e Entity
		if err := json.Unmarshal(one, &e); err != nil {
			return nil, badRequest("can't parse MessageEntity: MessageEntity must be an Object")
		}
		if e.Type == "" {
			return nil, badRequest(`can't parse MessageEntity: Can't find field "type"`)
		}
		if e.Length <= 0 || e.Offset < 0 {
			continue
		}
		if err := fits(e, starts, total); err != nil {
			return nil, badRequest(err.Error())
		}
		entities = append(entities, e)
	}
	return entities, nil
}

func fits(e Entity, starts []int, total int) error {
	end := e.Offset + e.Length
	switch {
	case e.Offset >= total:
		return reasonf("Entity begins after the end of the text at UTF-16 offset %d", e.Offset)
	case end > total:
		return reasonf("Entity beginning at UTF-16 offset %d ends after the end of the text at UTF-16 offset %d", e.Offset, end)
	}
	if _, whole := slices.BinarySearch(starts, e.Offset); !whole {
		return reasonf("Entity begins in a middle of a UTF-16 symbol at byte offset %d", e.Offset)
	}
	if _, whole := slices.BinarySearch(starts, end); !whole {
		return reasonf("Entity beginning at UTF-16 offset %d ends in a middle of a UTF-16 symbol at UTF-16 offset %d", e.Offset, end)
	}
	return nil
}

// utf16Starts lists where every code point begins, in UTF-16 units, and where the text ends.
func utf16Starts(text string) []int {
	starts := make([]int, 0, len(text)+1)
	at := 0
	for _, r := range text {
		starts = append(starts, at)
		at += utf16Width(r)
	}
	return append(starts, at)
}

func utf16Width(r rune) int {
	if r > 0xFFFF {
		return 2
	}
	return 1
}

func utf16Length(text string) int {
	n := 0
	for _, r := range text {
		n += utf16Width(r)
	}
	return n
}

// tidy does what Telegram does to every text: control characters become spaces, a few
// invisible ones go, white space at both ends is cut, and the entities follow.
func tidy(text string, entities []Entity) (string, []Entity) {
	slices.SortStableFunc(entities, func(a, b Entity) int {
		if a.Offset != b.Offset {
			return a.Offset - b.Offset
		}
		return b.Length - a.Length
	})
	if isTidy(text) {
		return text, firstEntities(untangle(entities))
	}
	firstEntity := -1
	if len(entities) > 0 {
		firstEntity = entities[0].Offset
	}
	runes := make([]rune, 0, len(text))
	moved := make([]int, 0, len(text)+1) // old UTF-16 offset to new one
	at, old, blank := 0, 0, true
	for _, r := range text {
		kept := r
		switch {
		case r == '\n':
		case r == '\r', r >= 0x202A && r <= 0x202E, r == 0x0333, r == 0x033F, r == 0x030A:
			kept = -1
		case r < 0x20:
			kept = ' '
		}
		if blank && (kept == ' ' || kept == '\n') && (firstEntity < 0 || old < firstEntity) {
			kept = -1
		}
		for range utf16Width(r) {
			moved = append(moved, at)
		}
		old += utf16Width(r)
		if kept < 0 {
			continue
		}
		blank = false
		runes = append(runes, kept)
		at += utf16Width(kept)
	}
	for len(runes) > 0 && unicode.IsSpace(runes[len(runes)-1]) {
		runes = runes[:len(runes)-1]
		at--
	}
	moved = append(moved, at)
	where := func(offset int) int { return min(moved[min(max(offset, 0), len(moved)-1)], at) }
	kept := entities[:0:0]
	for _, e := range entities {
		start, end := where(e.Offset), where(e.Offset+e.Length)
		if e.Offset, e.Length = start, end-start; e.Length > 0 {
			kept = append(kept, e)
		}
	}
	return string(runes), firstEntities(untangle(kept))
}

// isTidy says that tidy would change nothing, which is nearly always so.
func isTidy(text string) bool {
	if text == "" || text[0] == ' ' || text[0] == '\n' {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(text)
	if unicode.IsSpace(last) {
		return false
	}
	for i := range len(text) {
		switch c := text[i]; {
		case c < 0x20 && c != '\n':
			return false
		case c == 0xCC, c == 0xE2 && strings.HasPrefix(text[i:], "\xE2\x80"):
			return false
		}
	}
	return true
}

// firstEntities drops, silently, what is over Telegram's number of entities.
func firstEntities(entities []Entity) []Entity {
	return entities[:min(len(entities), maxEntities)]
}

// untangle removes what Telegram does not nest: nothing lives inside code, and a quotation
// is not quoted again.
func untangle(entities []Entity) []Entity {
	inside := func(e Entity, i int) bool {
		for j, o := range entities {
			if j == i || e.Offset < o.Offset || e.Offset+e.Length > o.Offset+o.Length {
				continue
			}
			same := e.Offset == o.Offset && e.Length == o.Length
			switch {
			case o.Type == "code" || o.Type == "pre":
				if !same || j < i || (e.Type != "code" && e.Type != "pre") {
					return true
				}
			case strings.HasSuffix(o.Type, "blockquote") && strings.HasSuffix(e.Type, "blockquote"):
				if !same || j < i {
					return true
				}
			}
		}
		return false
	}
	var kept []Entity
	for i, e := range entities {
		if !inside(e, i) {
			kept = append(kept, e)
		}
	}
	return kept
}

// sameEntities compares two ordered lists.
func sameEntities(a, b []Entity) bool {
	return slices.EqualFunc(a, b, func(x, y Entity) bool {
		if (x.User == nil) != (y.User == nil) || x.User != nil && x.User.ID != y.User.ID {
			return false
		}
		x.User, y.User = nil, nil
		return x == y
	})
}
