package i18n

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// template is a sentence read once: lines of pieces.
type template []line

type line []piece

// piece is literal text, or a value, or an optional part.
type piece struct {
	text     string
	name     string // of the value
	format   string
	optional line
}

var tokens = regexp.MustCompile(`\{([A-Za-z_]+)(?::([a-z]+))?\}|\[\[|\]\]`)

// compile reads a template. A brace that belongs to no value, an unknown format and
// an optional part that is not closed on its line are errors.
func compile(s string) (template, error) {
	var t template
	for text := range strings.SplitSeq(s, "\n") {
		l, err := compileLine(text)
		if err != nil {
			return nil, err
		}
		t = append(t, l)
	}
	return t, nil
}

func compileLine(s string) (line, error) {
	var whole, part line
	inside := false
	add := func(p piece) {
		if inside {
			part = append(part, p)
		} else {
			whole = append(whole, p)
		}
	}
	at := 0
	for _, m := range tokens.FindAllStringSubmatchIndex(s, -1) {
		if m[0] > at {
			add(piece{text: s[at:m[0]]})
		}
		at = m[1]
		switch found := s[m[0]:m[1]]; found {
		case "[[", "]]":
			if inside == (found == "[[") {
				return nil, fmt.Errorf("%s out of place in %q", found, s)
			}
			inside = found == "[["
			if !inside {
				whole, part = append(whole, piece{optional: part}), nil
			}
		default:
			p := piece{name: s[m[2]:m[3]]}
			if m[4] >= 0 {
				p.format = s[m[4]:m[5]]
				if !slices.Contains(formats(), p.format) {
					return nil, fmt.Errorf("unknown format %q in %q", p.format, s)
				}
			}
			add(p)
		}
	}
	if inside {
		return nil, fmt.Errorf("[[ is not closed in %q", s)
	}
	if at < len(s) {
		add(piece{text: s[at:]})
	}
	for _, p := range whole.flat() {
		if strings.ContainsAny(p.text, "{}") {
			return nil, fmt.Errorf("stray brace in %q", s)
		}
	}
	return whole, nil
}

// flat is the line with its optional parts opened.
func (l line) flat() line {
	var all line
	for _, p := range l {
		if p.optional != nil {
			all = append(all, p.optional.flat()...)
		} else {
			all = append(all, p)
		}
	}
	return all
}

// names lists the values of a line, without repetition.
func (l line) names() []string {
	var names []string
	for _, p := range l.flat() {
		if p.name != "" && !slices.Contains(names, p.name) {
			names = append(names, p.name)
		}
	}
	return names
}

// names lists the values of the template, sorted.
func (t template) names() []string {
	var names []string
	for _, l := range t {
		names = append(names, l.names()...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// expand writes the line with the values that value returns. Nothing that was
// inserted is looked at again.
func (l line) expand(b *strings.Builder, value func(piece) string) {
	afterDash := false
	for _, p := range l {
		switch {
		case p.optional != nil:
			if !p.optional.empty(value) {
				p.optional.expand(b, value)
			}
		case p.name != "":
			s := value(p)
			b.WriteString(s)
			// A rate without figures is a dash, and a dash has no sign of percent.
			afterDash = s == "–"
			continue
		case afterDash:
			b.WriteString(strings.TrimPrefix(p.text, "%"))
		default:
			b.WriteString(p.text)
		}
		afterDash = false
	}
}

// empty reports a line that holds values and all of them empty.
func (l line) empty(value func(piece) string) bool {
	holds := false
	for _, p := range l.flat() {
		if p.name == "" {
			continue
		}
		if value(p) != "" {
			return false
		}
		holds = true
	}
	return holds
}
