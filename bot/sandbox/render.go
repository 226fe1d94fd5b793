package sandbox

import (
	"html"
	"slices"
	"strings"
)

// renderHTML shows a text with its entities as safe HTML: everything is escaped, and only
// b, i, u, s, code, pre, blockquote, span.spoiler, a[href] and br are written.
func renderHTML(text string, entities []Entity) string {
	if len(entities) == 0 {
		return strings.ReplaceAll(html.EscapeString(text), "\n", "<br>")
	}
	r := renderer{ordered: slices.Clone(entities)}
	slices.SortStableFunc(r.ordered, func(a, b Entity) int {
		if a.Offset != b.Offset {
			return a.Offset - b.Offset
		}
		return b.Length - a.Length
	})
	at := 0
	for _, char := range text {
		r.move(at, text)
		switch {
		case char == '\n' && r.inBlock():
			r.out.WriteByte('\n')
		case char == '\n':
			r.out.WriteString("<br>")
		default:
			r.out.WriteString(html.EscapeString(string(char)))
		}
		at += utf16Width(char)
	}
	r.move(at, text)
	r.closeFrom(0)
	return r.out.String()
}

type renderer struct {
	out     strings.Builder
	ordered []Entity
	next    int
	open    []Entity
}

// move closes what ends at the offset and opens what begins there. Entities that overlap
// without nesting are closed and opened again.
func (r *renderer) move(at int, text string) {
	first := slices.IndexFunc(r.open, func(e Entity) bool { return e.Offset+e.Length <= at })
	if first >= 0 {
		again := slices.DeleteFunc(slices.Clone(r.open[first:]), func(e Entity) bool { return e.Offset+e.Length <= at })
		r.closeFrom(first)
		for _, e := range again {
			r.start(e, text)
		}
	}
	for r.next < len(r.ordered) && r.ordered[r.next].Offset <= at {
		if e := r.ordered[r.next]; e.Offset+e.Length > at {
			r.start(e, text)
		}
		r.next++
	}
}

func (r *renderer) inBlock() bool {
	return slices.ContainsFunc(r.open, func(e Entity) bool { return e.Type == "pre" })
}

func (r *renderer) closeFrom(first int) {
	for i := len(r.open) - 1; i >= first; i-- {
		_, end := tagsOf(r.open[i], "")
		r.out.WriteString(end)
	}
	r.open = r.open[:first]
}

func (r *renderer) start(e Entity, text string) {
	begin, _ := tagsOf(e, text)
	r.out.WriteString(begin)
	r.open = append(r.open, e)
}

// tagsOf is the opening and the closing tag of an entity; both are empty for one that is not shown.
// The closing tag does not depend on the text.
func tagsOf(e Entity, text string) (begin, end string) {
	switch e.Type {
	case "bold":
		return "<b>", "</b>"
	case "italic":
		return "<i>", "</i>"
	case "underline":
		return "<u>", "</u>"
	case "strikethrough":
		return "<s>", "</s>"
	case "code":
		return "<code>", "</code>"
	case "pre":
		return "<pre>", "</pre>"
	case "blockquote":
		return "<blockquote>", "</blockquote>"
	case "expandable_blockquote":
		return "<blockquote expandable>", "</blockquote>"
	case "spoiler":
		return `<span class="spoiler">`, "</span>"
	case "text_link", "url":
		href := e.URL
		if e.Type == "url" && text != "" {
			href = utf16Slice(text, e.Offset, e.Length)
		}
		if !safeAddress(href) {
			href = "#"
		}
		return `<a href="` + html.EscapeString(href) + `" target="_blank" rel="noopener noreferrer">`, "</a>"
	}
	return "", ""
}

// safeAddress refuses addresses that would run something in the page.
func safeAddress(address string) bool {
	scheme, _, found := strings.Cut(strings.ToLower(strings.TrimSpace(address)), ":")
	return found && slices.Contains([]string{"http", "https", "mailto", "tel", "tg"}, scheme)
}

// utf16Slice is the part of the text at an offset and of a length in UTF-16 units.
func utf16Slice(text string, offset, length int) string {
	from, to, at := len(text), len(text), 0
	for i, r := range text {
		if at == offset {
			from = i
		}
		if at == offset+length {
			to = i
			break
		}
		at += utf16Width(r)
	}
	return text[min(from, to):to]
}
