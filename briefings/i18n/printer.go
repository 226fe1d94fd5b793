package i18n

import (
	"fmt"
	"html"
	"reflect"
	"regexp"
	"strings"
	"time"

	"briefbot/briefings"
)

// Printer says sentences to one person. It is a value: copy it and change what
// differs from person to person.
type Printer struct {
	Catalogue *Catalogue
	Lang      Lang           // empty: Vi
	Location  *time.Location // in which times are printed; nil: the one they carry
	Addr      string         // {addr} and {Addr}, the form of address; empty: đồng chí
	Org       string         // {org} where the call does not give it
	Contact   string         // {contact} where the call does not give it
	// Report learns of an unknown key, a value that is missing or cannot be
	// printed; nil: nobody does. The sentence is printed all the same.
	Report func(error)
}

// T returns the sentence of key with values given as pairs of name and value:
//
//	p.T("checkin.ok", "time", at, "venue", v.Name)
//
// A msg is Telegram's HTML with every value escaped that is not of type HTML;
// the other kinds are plain text. An unknown key is returned in brackets, and
// so is the name of a value that is missing.
func (p Printer) T(key string, pairs ...any) string {
	return p.print(key, p.values(key, pairs), false)
}

// HTML is T for a sentence of kind msg that is to be a value of another one.
func (p Printer) HTML(key string, pairs ...any) HTML { return HTML(p.T(key, pairs...)) }

// Lines is T without the lines whose values are all empty, and without the
// empty lines that would then stand two in a row or at an end. A value that is
// not given counts as empty.
func (p Printer) Lines(key string, pairs ...any) string {
	return p.print(key, p.values(key, pairs), true)
}

// Refusal returns the sentence a rule of the domain refused with.
func (p Printer) Refusal(r *briefings.Refusal) string {
	return p.print(r.Key, r.Args, false)
}

// In returns the printer for another language.
func (p Printer) In(l Lang) Printer { p.Lang = l; return p }

// For returns the printer for a person who is addressed so.
func (p Printer) For(addr string) Printer { p.Addr = addr; return p }

func (p Printer) lang() Lang {
	if p.Lang == "" {
		return Vi
	}
	return p.Lang
}

func (p Printer) values(key string, pairs []any) map[string]any {
	values := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok || i+1 == len(pairs) {
			p.report(&ValueError{Key: key, Name: fmt.Sprint(pairs[i]), Reason: "not a pair of name and value"})
			continue
		}
		values[name] = pairs[i+1]
	}
	return values
}

func (p Printer) print(key string, values map[string]any, drop bool) string {
	s, ok := p.Catalogue.sentence(key)
	if !ok {
		p.report(&KeyError{Key: key})
		return "[" + key + "]"
	}
	value := func(at piece) string { return p.value(key, s.kind, at, values, drop) }
	t := s.form(p.lang(), func(name string) int { return p.count(key, name, values) })
	var b strings.Builder
	written, gap := false, false
	for _, l := range t {
		if drop && len(l) == 0 {
			gap = true
			continue
		}
		if drop && l.empty(value) {
			continue
		}
		if written {
			b.WriteByte('\n')
			if gap {
				b.WriteByte('\n')
			}
		}
		written, gap = true, false
		if !drop {
			l.expand(&b, value)
			continue
		}
		var text strings.Builder
		l.expand(&text, value)
		b.WriteString(strings.TrimRight(text.String(), " "))
	}
	return b.String()
}

// value finds and prints one value, escaped as the kind needs it.
func (p Printer) value(key string, kind Kind, at piece, values map[string]any, lenient bool) string {
	v, ok := values[at.name]
	if !ok {
		v, ok = p.given(at.name)
	}
	if !ok {
		if lenient {
			return ""
		}
		p.report(&ValueError{Key: key, Name: at.name, Reason: "missing"})
		return "[" + at.name + "]"
	}
	if t, is := v.(time.Time); is && p.Location != nil && !t.IsZero() {
		v = t.In(p.Location)
	}
	text, ok := p.lang().Format(v, at.format)
	if !ok {
		p.report(&ValueError{Key: key, Name: at.name, Reason: fmt.Sprintf("a %T cannot be printed", v)})
		return "[" + at.name + "]"
	}
	_, formatted := v.(HTML)
	switch {
	case kind == Message && !formatted:
		return Escape(text)
	case kind != Message && formatted:
		return html.UnescapeString(markup.ReplaceAllString(text, ""))
	}
	return text
}

// given are the values that belong to the person and the organisation.
func (p Printer) given(name string) (any, bool) {
	addr := p.Addr
	if addr == "" {
		addr = "đồng chí"
	}
	switch name {
	case "addr":
		return addr, true
	case "Addr":
		return Title(addr), true
	case "org":
		return p.Org, true
	case "contact":
		return p.lang().Contact(p.Contact), true
	}
	return nil, false
}

func (p Printer) count(key, name string, values map[string]any) int {
	v := reflect.ValueOf(values[name])
	switch {
	case v.IsValid() && v.CanInt():
		return int(v.Int())
	case v.IsValid() && v.CanUint():
		return int(v.Uint())
	}
	p.report(&ValueError{Key: key, Name: name, Reason: "not a number to count by"})
	return 0
}

func (p Printer) report(err error) {
	if p.Report != nil {
		p.Report(err)
	}
}

var markup = regexp.MustCompile(`<[^<>]*>`)

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// Escape makes plain text harmless inside Telegram's HTML.
func Escape(s string) string { return escaper.Replace(s) }

// KeyError says that the catalogue has no such sentence.
type KeyError struct{ Key string }

// Error names the key.
func (e *KeyError) Error() string { return "find sentence " + e.Key + ": not in the catalogue" }

// ValueError says that a sentence was given a wrong value, or none.
type ValueError struct{ Key, Name, Reason string }

// Error names the sentence and the value.
func (e *ValueError) Error() string {
	return "print sentence " + e.Key + ": value " + e.Name + ": " + e.Reason
}
