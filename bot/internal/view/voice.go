package view

import (
	"html"
	"regexp"
	"time"

	"briefbot/briefings"
	"briefbot/briefings/i18n"
)

// Voice says sentences of the catalogue to one person, for the two places there are: messages, which are HTML, and buttons and toasts,
// which are plain. A sentence may be written for either; Voice turns it into what the place needs.
type Voice struct{ printer i18n.Printer }

// NewVoice speaks with a printer.
func NewVoice(p i18n.Printer) Voice { return Voice{printer: p} }

// T is a sentence for a message: HTML, every value escaped.
func (v Voice) T(key string, pairs ...any) string {
	s := v.printer.T(key, v.fill(pairs)...)
	if v.printer.Catalogue.Kind(key) != i18n.Message {
		s = i18n.Escape(s)
	}
	return s
}

// Has reports whether there is such a sentence.
func (v Voice) Has(key string) bool { return v.printer.Catalogue.Has(key) }

// Lines is T without the lines whose values are all empty.
func (v Voice) Lines(key string, pairs ...any) string { return v.printer.Lines(key, v.fill(pairs)...) }

// Plain is a sentence for a button or a toast: no formatting, nothing escaped.
func (v Voice) Plain(key string, pairs ...any) string {
	s := v.printer.T(key, v.fill(pairs)...)
	if v.printer.Catalogue.Kind(key) == i18n.Message {
		s = plain(s)
	}
	return s
}

// Refusal is what a rule said no with, as pairs for T and Plain.
func (v Voice) Refusal(r *briefings.Refusal) (key string, pairs []any) {
	for name, value := range r.Args {
		pairs = append(pairs, name, value)
	}
	return r.Key, pairs
}

// fill makes the domain's values printable: fields by their names, texts in the person's language.
func (v Voice) fill(pairs []any) []any {
	out := make([]any, len(pairs))
	for i, value := range pairs {
		switch x := value.(type) {
		case briefings.Field:
			value = v.Plain("field." + string(x))
		case briefings.Text:
			value = x.In(v.Lang())
		}
		out[i] = value
	}
	return out
}

// Lang is the language spoken.
func (v Voice) Lang() briefings.Lang {
	if v.printer.Lang == "" {
		return briefings.Vietnamese
	}
	return briefings.Lang(v.printer.Lang)
}

// Printer is the voice's own printer, for packages that print by themselves.
func (v Voice) Printer() i18n.Printer { return v.printer }

// Contact is whom to ask: the given one, else whom the service names.
func (v Voice) Contact(given string) string {
	return v.lang().Contact(orElse(given, v.printer.Contact))
}

// Addr is the person's form of address, at the head of a sentence with a capital.
func (v Voice) Addr(head bool) string {
	s := v.printer.Addr
	if s == "" {
		s = "đồng chí"
	}
	if head {
		s = i18n.Title(s)
	}
	return s
}

// Time prints a moment with its weekday, in the organisation's zone like all of these.
func (v Voice) Time(t time.Time) string { return v.lang().Long(v.local(t)) }

// Short prints a moment for a button.
func (v Voice) Short(t time.Time) string { return v.lang().Short(v.local(t)) }

// Clock prints the hour and minute.
func (v Voice) Clock(t time.Time) string { return v.lang().Clock(v.local(t)) }

// Date prints the day.
func (v Voice) Date(t time.Time) string { return v.lang().Date(v.local(t)) }

func (v Voice) lang() i18n.Lang { return i18n.Lang(v.Lang()) }

func (v Voice) local(t time.Time) time.Time {
	if v.printer.Location != nil {
		return t.In(v.printer.Location)
	}
	return t
}

var tag = regexp.MustCompile(`</?[a-z][^>]*>`)

// plain takes the formatting out of a message.
func plain(s string) string { return html.UnescapeString(tag.ReplaceAllString(s, "")) }
