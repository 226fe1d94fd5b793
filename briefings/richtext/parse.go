package richtext

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"unicode/utf8"
)

// SyntaxError says what in a text is not Telegram's HTML, and where.
type SyntaxError struct {
	Offset int    // byte of the source
	Reason string // in English; texts for people are the caller's
}

// Error names the reason and the byte.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("parse formatting: %s at byte %d", e.Reason, e.Offset)
}

// ParseHTML reads Telegram's HTML: b, strong, i, em, u, ins, s, strike, del,
// tg-spoiler, span class="tg-spoiler", a href, code, pre, blockquote. Only
// &lt; &gt; &amp; &quot; and numbers are entities; any other & is itself, as
// Telegram reads it. Another tag, a tag that is not closed or closes another
// one, a link that is not http, https, mailto or tel, and bytes that are no
// UTF-8 are a *SyntaxError. White space at the ends goes.
func ParseHTML(s string) (Text, error) {
	p := parser{source: s}
	if !utf8.ValidString(s) {
		return Text{}, p.refuse(len(s)-len(afterValid(s)), "not UTF-8")
	}
	for p.at < len(s) {
		if err := p.step(); err != nil {
			return Text{}, err
		}
	}
	if n := len(p.open); n > 0 {
		return Text{}, p.refuse(p.open[n-1].offset, "<%s> is not closed", p.open[n-1].tag)
	}
	return normal(p.plain.String(), p.spans).Trim(), nil
}

type parser struct {
	source string
	at     int
	plain  strings.Builder
	spans  []span
	open   []element
}

// element is a tag that waits for its end.
type element struct {
	tag    string
	offset int
	span   span
	inner  span // of pre: the code it began with
}

func (p *parser) refuse(offset int, format string, values ...any) error {
	return &SyntaxError{Offset: offset, Reason: fmt.Sprintf(format, values...)}
}

// entity is all that Telegram decodes. The names of HTML are many more, and some
// need no semicolon: "?a=1&copy=2" is an address, not a sign.
var entity = regexp.MustCompile(`&(?:lt|gt|amp|quot|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});`)

func unescape(s string) string {
	return entity.ReplaceAllStringFunc(s, html.UnescapeString)
}

// afterValid is what follows the valid beginning of s.
func afterValid(s string) string {
	for s != "" {
		r, size := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && size == 1 {
			break
		}
		s = s[size:]
	}
	return s
}

// step reads one character, entity or tag.
func (p *parser) step() error {
	rest := p.source[p.at:]
	r, size := utf8.DecodeRuneInString(rest)
	switch r {
	case '<':
		return p.tag()
	case '&':
		// The longest entity has eleven bytes.
		if at := entity.FindStringIndex(rest[:min(len(rest), 12)]); at != nil && at[0] == 0 {
			e := rest[:at[1]]
			for _, r := range unescape(e) {
				p.write(r)
			}
			p.at += len(e)
			return nil
		}
	}
	p.write(r)
	p.at += size
	return nil
}

// write adds a character as Telegram keeps it.
func (p *parser) write(r rune) {
	if r = kept(r); r >= 0 {
		p.plain.WriteRune(r)
	}
}

// kept turns control characters into spaces and drops what reorders or
// separates lines unseen, as Telegram does.
func kept(r rune) rune {
	switch {
	case r == '\n':
		return r
	case r == '\r' || r >= 0x2028 && r <= 0x202E:
		return -1
	case r < ' ' || r == 0x7F:
		return ' '
	}
	return r
}

var (
	endTag   = regexp.MustCompile(`^</([a-zA-Z][a-zA-Z0-9-]*)\s*>`)
	startTag = regexp.MustCompile(`^<([a-zA-Z][a-zA-Z0-9-]*)((?:\s+[a-zA-Z-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>=]+))?)*)\s*>`)
	attr     = regexp.MustCompile(`([a-zA-Z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>=]+)))?`)
)

func (p *parser) tag() error {
	rest := p.source[p.at:]
	if m := endTag.FindStringSubmatch(rest); m != nil {
		if err := p.end(strings.ToLower(m[1])); err != nil {
			return err
		}
		p.at += len(m[0])
		return nil
	}
	m := startTag.FindStringSubmatch(rest)
	if m == nil {
		return p.refuse(p.at, "< begins no tag")
	}
	attrs := map[string]string{}
	for _, a := range attr.FindAllStringSubmatch(m[2], -1) {
		attrs[strings.ToLower(a[1])] = unescape(a[2] + a[3] + a[4])
	}
	if err := p.start(strings.ToLower(m[1]), attrs); err != nil {
		return err
	}
	p.at += len(m[0])
	return nil
}

var styles = map[string]style{
	"b": bold, "strong": bold, "i": italic, "em": italic, "u": underline, "ins": underline, "s": strike, "strike": strike, "del": strike,
	"tg-spoiler": spoiler, "span": spoiler, "a": link, "code": code, "pre": pre, "blockquote": quote,
}

func (p *parser) start(tag string, attrs map[string]string) error {
	is, known := styles[tag]
	if !known {
		return p.refuse(p.at, "unknown tag <%s>", tag)
	}
	s := span{style: is, from: p.plain.Len()}
	switch tag {
	case "span":
		if attrs["class"] != "tg-spoiler" {
			return p.refuse(p.at, `<span> without class="tg-spoiler"`)
		}
	case "a":
		url, ok := address(attrs["href"])
		if !ok {
			return p.refuse(p.at, "<a> without a usable href")
		}
		s.url = url
	case "code":
		s.language = language(strings.TrimPrefix(attrs["class"], "language-"))
	case "blockquote":
		if _, ok := attrs["expandable"]; ok {
			s.style = expandable
		}
	}
	p.open = append(p.open, element{tag: tag, offset: p.at, span: s})
	return nil
}

func (p *parser) end(tag string) error {
	n := len(p.open)
	if n == 0 {
		return p.refuse(p.at, "</%s> closes nothing", tag)
	}
	e := p.open[n-1]
	if e.tag != tag {
		return p.refuse(p.at, "</%s> where </%s> was expected", tag, e.tag)
	}
	p.open = p.open[:n-1]
	s := e.span
	s.to = p.plain.Len()
	switch {
	case s.style == code && n > 1 && p.open[n-2].span.style == pre:
		p.open[n-2].inner = s
		return nil
	case s.style == pre && e.inner.from == s.from && e.inner.to == s.to:
		s.language = e.inner.language
	case s.style == code:
		s.language = ""
	}
	if s.from < s.to {
		p.spans = append(p.spans, s)
	}
	return nil
}
