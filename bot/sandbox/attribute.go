package sandbox

import "strings"

// attributes reads up to the closing '>' and returns what the tag's own attribute says.
func (r *htmlReader) attributes(tag string, begin int) (string, error) {
	argument := ""
	unclosed := func() error { return reasonf("Unclosed start tag \"%s\" at byte offset %d", tag, begin) }
	for r.at(r.pos) != '>' {
		r.skipSpace()
		if r.at(r.pos) == '>' {
			break
		}
		from := r.pos
		for !htmlSpace(r.at(r.pos)) && r.at(r.pos) != '=' && r.at(r.pos) != '>' {
			r.pos++
		}
		name := r.src[from:r.pos]
		if r.pos >= len(r.src) {
			return "", unclosed()
		}
		if name == "" {
			return "", reasonf("Empty attribute name in the tag \"%s\" at byte offset %d", tag, begin)
		}
		r.skipSpace()
		if r.at(r.pos) != '=' {
			if r.at(r.pos) == 0 {
				return "", unclosed()
			}
			if tag == "blockquote" && name == "expandable" {
				argument = "1"
			}
			continue
		}
		r.pos++
		r.skipSpace()
		if r.at(r.pos) == 0 {
			return "", unclosed()
		}
		value, err := r.attributeValue()
		if err != nil {
			return "", err
		}
		if r.at(r.pos) == 0 {
			return "", reasonf("Unclosed start tag at byte offset %d", begin)
		}
		if own, ok := ownArgument(tag, name, value); ok {
			argument = own
		}
	}
	return argument, nil
}

func (r *htmlReader) attributeValue() (string, error) {
	quote := r.at(r.pos)
	if quote != '\'' && quote != '"' {
		from := r.pos
		for c := r.at(r.pos); isAlnum(c) || c == '.' || c == '-'; c = r.at(r.pos) {
			r.pos++
		}
		if !htmlSpace(r.at(r.pos)) && r.at(r.pos) != '>' {
			return "", reasonf("Unexpected end of name token at byte offset %d", from)
		}
		return strings.ToLower(r.src[from:r.pos]), nil
	}
	r.pos++
	var value strings.Builder
	for r.pos < len(r.src) && r.src[r.pos] != quote && r.src[r.pos] != 0 {
		if char, next := decodeCharacter(r.src, r.pos); char != 0 {
			value.WriteRune(char)
			r.pos = next
			continue
		}
		value.WriteByte(r.src[r.pos])
		r.pos++
	}
	if r.at(r.pos) == quote {
		r.pos++
	}
	return value.String(), nil
}

// ownArgument tells whether the attribute is the one that the tag is read for.
func ownArgument(tag, name, value string) (string, bool) {
	switch {
	case tag == "a" && name == "href", tag == "tg-emoji" && name == "emoji-id":
		return value, true
	case tag == "code" && name == "class":
		return strings.CutPrefix(value, "language-")
	case tag == "span" && name == "class":
		return strings.CutPrefix(value, "tg-")
	case tag == "blockquote" && name == "expandable":
		return "1", true
	}
	return "", false
}
