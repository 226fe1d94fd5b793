package form

import (
	"slices"
	"strings"
	"testing"

	"briefbot/briefings"
)

// values are the values of a field's lines in their order.
func values(d Draft, f briefings.Field) []string {
	var out []string
	for _, l := range d.Lines {
		if l.Field == f {
			out = append(out, l.Value)
		}
	}
	return out
}

func TestALaterLineTakesThePlaceOfTheOneThatWasRefused(t *testing.T) {
	const first = "Title: A\nVenue: one\nVenue: two; units X99\nVenue: three\nAgenda: a\nAgenda: b"
	tests := []struct {
		name, later string
		field       briefings.Field
		want        []string
	}{
		{"in its place", "Venue: TWO", briefings.FieldVenue, []string{"one", "TWO", "three"}},
		{"and more of the field are added", "Venue: TWO\nVenue: four", briefings.FieldVenue, []string{"one", "TWO", "three", "four"}},
		{"of a field without a bad line, all are replaced", "Agenda: x\nAgenda: y\nAgenda: z", briefings.FieldAgenda, []string{"x", "y", "z"}},
		{"a field that stands once stays one", "Title: B\nTitle: C", briefings.FieldTitle, []string{"C"}},
		{"the other lines stay", "Title: B", briefings.FieldAgenda, []string{"a", "b"}},
		{"a new field is added", "Chair: D", briefings.FieldChair, []string{"D"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := Draft{Lines: Scan(first, MeetingFields)}
			world().Meeting(&d) // marks the second venue
			d.Amend(Scan(test.later, MeetingFields))
			if got := values(d, test.field); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestAnUnknownKeyIsForgottenOnceItWasNamed(t *testing.T) {
	d := Draft{Lines: Scan("Titel: A\nVenue: B", MeetingFields)}
	if d.Clean() {
		t.Error("an unknown key is not marked")
	}
	d.Amend(Scan("Title: A", MeetingFields))
	if len(d.Lines) != 2 || !d.Clean() {
		t.Errorf("lines: %+v", d.Lines)
	}
}

func TestAButtonSetsOneValue(t *testing.T) {
	d := Draft{Lines: Scan("Label: ?\nTitle: A", MeetingFields)}
	d.Set(briefings.FieldLabel, "public")
	if got := values(d, briefings.FieldLabel); !slices.Equal(got, []string{"public"}) {
		t.Errorf("got %q", got)
	}
}

func TestWordsAreNotLinesOfAForm(t *testing.T) {
	for text, want := range map[string]bool{
		"Xin chào": false, "": false, "Giờ: 7": false, "Time: 7": true, "hello\nTime: 7": true,
		"TH\u01a0\u0300I gian: 7": true, // a tone mark of its own
	} {
		if got := Knows(Scan(text, MeetingFields)); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestTheBodyBeginsAfterTheFirstEmptyLine(t *testing.T) {
	tests := []struct{ name, text, head, body string }{
		{"plain", "A: b\nC: d\n\nbody\n\nmore", "A: b\nC: d\n", "body\n\nmore"},
		{"CRLF", "A: b\r\nC: d\r\n\r\nbody", "A: b\r\nC: d\r\n", "body"},
		{"a line of spaces", "A: b\n  \t\nbody", "A: b\n", "body"},
		{"leading newlines", "\r\n\nA: b\n\nbody", "A: b\n", "body"},
		{"no body", "A: b\nC: d", "A: b\nC: d", ""},
		{"an empty body", "A: b\n\n", "A: b\n", ""},
		{"nothing", "", "", ""},
		{"newlines only", "\n\n", "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			head, from := Split(test.text)
			if head != test.head || test.text[from:] != test.body {
				t.Errorf("head %q, body %q", head, test.text[from:])
			}
		})
	}
}

func FuzzADraftIsReadWithoutFalling(f *testing.F) {
	// Seeds are short: a long one keeps the fuzzer busy with making it shorter, and nothing else is tried.
	for _, form := range []string{whole, wholeVietnamese} {
		for line := range strings.Lines(form) {
			f.Add(line, "every weekday 07:00", "Venue: a; main; capacity 3")
		}
	}
	f.Add("Hạn chót: 17:00", "thứ hai hằng tuần 07:00", "")
	f.Add(":\n::\nVenue:;;;\nTime: 99:99 99/99/9999", "monthly 99 99:99", "\xff: \xff")
	f.Fuzz(func(t *testing.T, text, send, later string) {
		w := world()
		m := Draft{Lines: Scan(text, MeetingFields)}
		_, complaints := w.Meeting(&m)
		for _, c := range complaints {
			if c.Why == nil || c.Why.Key == "" {
				t.Errorf("a complaint without a sentence: %+v", c)
			}
		}
		m.Amend(Scan(later, MeetingFields))
		w.Meeting(&m)
		head, from := Split(text)
		b := Draft{Lines: Scan(head+"\nSend: "+send, BriefingFields), Body: text[from:]}
		w.Briefing(&b)
		if _, err := w.Cadence(send); err != nil && briefings.AsRefusal(err) == nil {
			t.Errorf("a cadence is refused without a sentence: %v", err)
		}
		Stamp(text)
		StampName(text)
	})
}
