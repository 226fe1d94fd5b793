package form

import (
	"slices"
	"strings"

	"briefbot/briefings"
	"briefbot/briefings/vietnamese"
)

// Values are what the lines of a field say, in their order.
func (d *Draft) Values(f briefings.Field) []string {
	var out []string
	for _, l := range d.Lines {
		if l.Field == f {
			out = append(out, l.Value)
		}
	}
	return out
}

// Value is what the field's first line says; "" where there is none.
func (d *Draft) Value(f briefings.Field) string {
	if v := d.Values(f); len(v) > 0 {
		return v[0]
	}
	return ""
}

// Lined is a line of a field under the field's printed name, so that it can be sent again as it is shown.
func Lined(f briefings.Field, name, value string) Line {
	return Line{Field: f, Text: name + ": " + value, Value: value}
}

// Put puts a line in place of the i-th of its field, or behind the last.
func (d *Draft) Put(i int, l Line) {
	n := 0
	for at := range d.Lines {
		if d.Lines[at].Field != l.Field {
			continue
		}
		if n == i {
			d.Lines[at] = l
			return
		}
		n++
	}
	d.Lines = append(d.Lines, l)
}

// Take removes the i-th line of a field; a negative i removes all of them.
func (d *Draft) Take(f briefings.Field, i int) {
	n := -1
	d.Lines = slices.DeleteFunc(d.Lines, func(l Line) bool {
		if l.Field != f {
			return false
		}
		n++
		return i < 0 || n == i
	})
}

// Clone is a draft that can be tried out.
func (d *Draft) Clone() Draft {
	return Draft{Lines: slices.Clone(d.Lines), Body: d.Body}
}

// WithTerm puts a term into a list of terms, or takes it away. A term and its exclusion do not stand side by side: the later one counts.
func WithTerm(list, term string, on bool) string {
	bare := strings.TrimPrefix(term, "-")
	terms := slices.DeleteFunc(split(list, ","), func(t string) bool { return strings.TrimPrefix(t, "-") == bare })
	if on {
		terms = append(terms, term)
	}
	return strings.Join(terms, ", ")
}

// HasTerm reports whether a list of terms holds one.
func HasTerm(list, term string) bool { return slices.Contains(split(list, ","), term) }

func split(s, by string) []string {
	var out []string
	for part := range strings.SplitSeq(s, by) {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// VenueName is the name at the head of a venue's line.
func VenueName(line string) string {
	name, _, _ := strings.Cut(line, ";")
	return strings.TrimSpace(name)
}

// VenuePart is what a venue's line says of one of its parts, such as "capacity".
func VenuePart(line, part string) (value string, has bool) {
	for i, p := range strings.Split(line, ";") {
		if name, value := venuePart(strings.TrimSpace(p)); i > 0 && name == part {
			return value, true
		}
	}
	return "", false
}

// WithVenuePart writes a part of a venue's line anew under a word that the form reads; without words the part is taken away. Parts
// this package knows nothing of stay as they are.
func WithVenuePart(line, part, words string) string {
	parts := strings.Split(line, ";")
	out := []string{strings.TrimSpace(parts[0])}
	for _, p := range parts[1:] {
		p = strings.TrimSpace(p)
		if name, _ := venuePart(p); p != "" && name != part {
			out = append(out, p)
		}
	}
	if words != "" {
		out = append(out, words)
	}
	return strings.Join(out, "; ")
}

// WithVenueName writes a venue's line under another name.
func WithVenueName(line, name string) string {
	_, rest, found := strings.Cut(line, ";")
	if !found {
		return OneLine(name)
	}
	return OneLine(name) + ";" + rest
}

// OneLine makes a text one that can be a part of a line: no line breaks, and no mark between parts.
func OneLine(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(vietnamese.Clean(strings.Join(strings.Fields(s), " ")), ";", ","))
}

// Times checks the hours of a draft among themselves before everything else is there. It returns the first rule they break.
func (w World) Times(d *Draft) *briefings.Refusal {
	m := briefings.Meeting{Starts: w.starts(d), Title: briefings.Text{Vi: "-"}, Venues: make([]briefings.Venue, 1),
		Audience: make(briefings.Audience, 1), Label: briefings.Public}
	if m.Starts.IsZero() {
		return nil
	}
	for _, l := range d.Lines {
		switch l.Field {
		case briefings.FieldEnd:
			m.Ends, _ = w.end(l.Value, m.Starts) // what cannot be read is refused where it is read
		case briefings.FieldDeadline:
			m.Deadline, _ = w.moment(l.Value)
		}
	}
	return briefings.AsRefusal(m.Check(w.Now))
}
