package sandbox

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// htmlTags maps a tag to the kind of entity it makes. An empty kind is decided at the end tag.
var htmlTags = map[string]string{
	"a": "text_link", "b": "bold", "strong": "bold", "i": "italic", "em": "italic",
	"s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
	"u": "underline", "ins": "underline", "tg-spoiler": "spoiler", "span": "spoiler",
	"tg-emoji": "custom_emoji", "pre": "pre", "code": "code", "blockquote": "blockquote",
}

// reason is why a text cannot be read, in Telegram's words and with Telegram's capitals.
type reason string

func (r reason) Error() string { return string(r) }

func reasonf(format string, args ...any) error { return reason(fmt.Sprintf(format, args...)) }

type openTag struct {
	name     string
	argument string
	offset   int // UTF-16, in the plain text
	start    int // bytes, in the plain text
}

// htmlReader walks the bytes of a text once. Byte offsets in its errors are those of Telegram.
type htmlReader struct {
	src      string
	pos      int
	plain    strings.Builder
	utf16    int
	open     []openTag
	entities []Entity
}

// parseHTML reads Telegram's subset of HTML into plain text and entities. The error is
// the reason in Telegram's words, without the prefix "can't parse entities".
func parseHTML(src string) (string, []Entity, error) {
	r := &htmlReader{src: src}
	r.plain.Grow(len(src))
	for r.pos < len(src) {
		c := src[r.pos]
		if c == '&' {
			if char, next := decodeCharacter(src, r.pos); char != 0 {
				r.write(char)
				r.pos = next
				continue
			}
		}
		if c != '<' {
			r.copyPlain()
			continue
		}
		var err error
		if r.at(r.pos+1) == '/' {
			err = r.endTag()
		} else {
			err = r.startTag()
		}
		if err != nil {
			return "", nil, err
		}
	}
	if len(r.open) > 0 {
		return "", nil, reasonf("Can't find end tag corresponding to start tag %q", r.open[len(r.open)-1].name)
	}
	plain := r.plain.String()
	if !utf8.ValidString(plain) {
		return "", nil, reasonf("Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units")
	}
	for i := range r.entities {
		if r.entities[i].Type == "code" {
			r.entities[i].Language = "" // a language belongs to a block, not to inline code
		}
	}
	return plain, r.entities, nil
}

// copyPlain copies what is neither a tag nor a character reference. The byte at pos is taken in
// any case: it may be an ampersand that refers to nothing.
func (r *htmlReader) copyPlain() {
	end := len(r.src)
	if i := strings.IndexAny(r.src[r.pos+1:], "<&"); i >= 0 {
		end = r.pos + 1 + i
	}
	run := r.src[r.pos:end]
	for i := range len(run) {
		if c := run[i]; c >= 0xF0 {
			r.utf16 += 2
		} else if c < 0x80 || c >= 0xC0 {
			r.utf16++
		}
	}
	r.plain.WriteString(run)
	r.pos = end
}

// at is the byte at i; 0 stands for the end, as in the C strings this grammar comes from.
func (r *htmlReader) at(i int) byte {
	if i < len(r.src) {
		return r.src[i]
	}
	return 0
}

func (r *htmlReader) write(char rune) {
	if 0xD800 <= char && char <= 0xDFFF {
		// A lone surrogate is kept in its three bytes so that the final check finds it.
		r.plain.Write([]byte{0xE0 | byte(char>>12), 0x80 | byte(char>>6)&0x3F, 0x80 | byte(char)&0x3F})
	} else {
		r.plain.WriteRune(char)
	}
	r.utf16++
	if char > 0xFFFF {
		r.utf16++
	}
}

func htmlSpace(c byte) bool {
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == 0
}

func (r *htmlReader) skipSpace() {
	for r.pos < len(r.src) && htmlSpace(r.src[r.pos]) {
		r.pos++
	}
}

func (r *htmlReader) startTag() error {
	begin := r.pos
	r.pos++
	for !htmlSpace(r.at(r.pos)) && r.at(r.pos) != '>' {
		r.pos++
	}
	if r.at(r.pos) == 0 {
		return reasonf("Unclosed start tag at byte offset %d", begin)
	}
	name := strings.ToLower(r.src[begin+1 : r.pos])
	if _, known := htmlTags[name]; !known {
		return reasonf("Unsupported start tag \"%s\" at byte offset %d", name, begin)
	}
	argument, err := r.attributes(name, begin)
	if err != nil {
		return err
	}
	if name == "span" && argument != "spoiler" {
		return reasonf(`Tag "span" must have class "tg-spoiler" at byte offset %d`, begin)
	}
	r.open = append(r.open, openTag{name: name, argument: argument, offset: r.utf16, start: r.plain.Len()})
	r.pos++ // '>'
	return nil
}

func (r *htmlReader) endTag() error {
	begin := r.pos
	if len(r.open) == 0 {
		return reasonf("Unexpected end tag at byte offset %d", begin)
	}
	r.pos += 2
	for !htmlSpace(r.at(r.pos)) && r.at(r.pos) != '>' {
		r.pos++
	}
	found := strings.ToLower(r.src[begin+2 : r.pos])
	r.skipSpace()
	if r.at(r.pos) != '>' {
		return reasonf("Unclosed end tag at byte offset %d", begin)
	}
	r.pos++
	tag := r.open[len(r.open)-1]
	if found != "" && found != tag.name {
		return reasonf(`Unmatched end tag at byte offset %d, expected "</%s>", found "</%s>"`, begin, tag.name, found)
	}
	r.open = r.open[:len(r.open)-1]
	if r.utf16 == tag.offset {
		return nil // nothing was inside
	}
	return r.close(tag)
}

// close makes the entity of a tag that ends here.
func (r *htmlReader) close(tag openTag) error {
	e := Entity{Type: htmlTags[tag.name], Offset: tag.offset, Length: r.utf16 - tag.offset}
	switch tag.name {
	case "a":
		link := tag.argument
		if link == "" {
			link = r.plain.String()[tag.start:]
		}
		if id, ok := mentionedUser(link); ok {
			e.Type, e.User = "text_mention", &wireUser{ID: id}
			break
		}
		checked, reason := checkLink(link)
		if reason != "" {
			return nil // a bad address loses its link and keeps its text
		}
		e.URL = checked
	case "tg-emoji":
		if id, err := strconv.ParseInt(tag.argument, 10, 64); err != nil || id == 0 {
			return reasonf("Invalid custom emoji identifier specified")
		}
		e.CustomEmojiID = tag.argument
	case "blockquote":
		if tag.argument != "" {
			e.Type = "expandable_blockquote"
		}
	case "pre", "code":
		e.Language = tag.argument
		if last := len(r.entities) - 1; last >= 0 && joinsBlock(r.entities[last], e) {
			r.entities[last].Type = "pre"
			r.entities[last].Language += e.Language
			return nil
		}
	}
	r.entities = append(r.entities, e)
	return nil
}

// joinsBlock says that inner and outer are a pre and a code with a language around the same text.
func joinsBlock(inner, outer Entity) bool {
	if inner.Offset != outer.Offset || inner.Length != outer.Length {
		return false
	}
	return inner.Type == "code" && outer.Type == "pre" && inner.Language != "" ||
		inner.Type == "pre" && outer.Type == "code" && outer.Language != ""
}
