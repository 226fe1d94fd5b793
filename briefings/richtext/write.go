package richtext

import (
	"slices"
	"strings"
)

var (
	textEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	attrEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")
)

// HTML writes the text for parse_mode HTML: escaped, and with tags that nest
// properly. A span that lies partly over another is written in two parts.
func (t Text) HTML() string {
	spans := nested(t.spans)
	places := []int{len(t.plain)}
	for _, s := range spans {
		places = append(places, s.from, s.to)
	}
	slices.Sort(places)
	var b strings.Builder
	var open []span
	at, next := 0, 0
	for _, place := range slices.Compact(places) {
		b.WriteString(textEscaper.Replace(t.plain[at:place]))
		at = place
		// Close down to the outermost span that ends here, and open again what
		// had to be closed for it.
		ends := slices.IndexFunc(open, func(s span) bool { return s.to == place })
		if ends >= 0 {
			var again []span
			for i := len(open) - 1; i >= ends; i-- {
				b.WriteString(open[i].closing())
				if open[i].to > place {
					again = append(again, open[i])
				}
			}
			open = open[:ends]
			slices.Reverse(again)
			for _, s := range again {
				b.WriteString(s.opening())
				open = append(open, s)
			}
		}
		for ; next < len(spans) && spans[next].from == place; next++ {
			b.WriteString(spans[next].opening())
			open = append(open, spans[next])
		}
	}
	return b.String()
}

// nested splits spans at the ends of those of an earlier style that they lie
// partly over, so that only inline spans still cross each other.
func nested(spans []span) []span {
	var done []span
	for _, s := range byStyle(spans) {
		parts := []span{s}
		for _, o := range done {
			if o.style >= bold {
				break
			}
			var next []span
			for _, p := range parts {
				next = append(next, p.splitAround(o)...)
			}
			parts = next
		}
		done = append(done, parts...)
	}
	slices.SortStableFunc(done, byPlace)
	return done
}

func byStyle(spans []span) []span {
	spans = slices.Clone(spans)
	slices.SortStableFunc(spans, func(a, b span) int { return int(a.style) - int(b.style) })
	return spans
}

// splitAround cuts s in two where it lies partly over o.
func (s span) splitAround(o span) []span {
	var at int
	switch {
	case s.from < o.from && o.from < s.to && s.to < o.to:
		at = o.from
	case o.from < s.from && s.from < o.to && o.to < s.to:
		at = o.to
	default:
		return []span{s}
	}
	before, after := s, s
	before.to, after.from = at, at
	return []span{before, after}
}

func (s span) opening() string {
	switch s.style {
	case expandable:
		return "<blockquote expandable>"
	case link:
		return `<a href="` + attrEscaper.Replace(s.url) + `">`
	case pre:
		if s.language != "" {
			return `<pre><code class="language-` + attrEscaper.Replace(s.language) + `">`
		}
	}
	return "<" + s.style.tag() + ">"
}

func (s span) closing() string {
	if s.style == pre && s.language != "" {
		return "</code></pre>"
	}
	return "</" + s.style.tag() + ">"
}

func (s style) tag() string {
	return [...]string{"blockquote", "blockquote", "pre", "a", "code", "b", "i", "u", "s", "tg-spoiler"}[s]
}
