package richtext

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
)

// Entity has the fields of Telegram's MessageEntity. Offset and Length count
// UTF-16 code units.
type Entity struct {
	Type     string
	Offset   int
	Length   int
	URL      string
	Language string
}

var types = [...]string{"blockquote", "expandable_blockquote", "pre", "text_link", "code", "bold", "italic", "underline", "strikethrough", "spoiler"}

// FromEntities takes over what a person formatted in Telegram. Entities that
// are no formatting (mentions, addresses, hashtags, custom emoji) leave their
// text, and so do links that ParseHTML would refuse. Offsets outside the text
// or inside a character are moved to the nearest character before.
func FromEntities(text string, entities []Entity) Text {
	text = strings.ToValidUTF8(text, "\uFFFD")
	at := offsets(text)
	var spans []span
	for _, e := range entities {
		is := slices.Index(types[:], e.Type)
		if is < 0 || e.Length <= 0 || e.Offset < 0 || e.Offset >= len(at) {
			continue
		}
		// Compared this way round, no offset overflows.
		length := min(e.Length, len(at)-1-e.Offset)
		s := span{style: style(is), from: at[e.Offset], to: at[e.Offset+length]}
		switch s.style {
		case link:
			var ok bool
			if s.url, ok = address(e.URL); !ok {
				continue
			}
		case pre:
			s.language = language(e.Language)
		}
		spans = append(spans, s)
	}
	return tidy(text, spans).Trim()
}

// Entities lists the formatting for a message that is sent with entities.
func (t Text) Entities() []Entity {
	entities := make([]Entity, 0, len(t.spans))
	for _, s := range t.spans {
		entities = append(entities, Entity{
			Type: types[s.style], Offset: units(t.plain[:s.from]), Length: units(t.plain[s.from:s.to]), URL: s.url, Language: s.language,
		})
	}
	return entities
}

// offsets maps every UTF-16 offset of s, its end included, to a byte offset.
func offsets(s string) []int {
	at := make([]int, 0, len(s)+1)
	for i, r := range s {
		for range max(utf16.RuneLen(r), 1) {
			at = append(at, i)
		}
	}
	return append(at, len(s))
}

// tidy removes the characters that Telegram would remove and moves the spans
// along.
func tidy(text string, spans []span) Text {
	var b strings.Builder
	moved := make([]int, len(text)+1)
	for i, r := range text {
		moved[i] = b.Len()
		if r = kept(r); r >= 0 {
			b.WriteRune(r)
		}
	}
	moved[len(text)] = b.Len()
	for i := range spans {
		spans[i].from, spans[i].to = moved[spans[i].from], moved[spans[i].to]
	}
	return normal(b.String(), slices.DeleteFunc(spans, func(s span) bool { return s.from >= s.to }))
}

// address returns a link that may be sent. Links to accounts by number are
// not: they show who somebody is.
func address(href string) (string, bool) {
	href = strings.TrimSpace(href)
	u, err := url.Parse(href)
	if err != nil || !strings.Contains(href, ":") || strings.ContainsFunc(href, func(r rune) bool { return kept(r) != r || r == '\n' }) {
		return "", false
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		return href, u.Hostname() != ""
	case "mailto", "tel":
		return href, u.Opaque != ""
	}
	return "", false
}

var languageName = regexp.MustCompile(`^[A-Za-z0-9+#._-]{1,40}$`)

func language(s string) string {
	if languageName.MatchString(s) {
		return s
	}
	return ""
}
