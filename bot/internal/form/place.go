package form

import (
	"regexp"
	"strings"
	"time"

	"briefbot/briefings"
	"briefbot/briefings/vietnamese"
)

// Moment reads a date and an hour.
func (w World) Moment(s string) (time.Time, error) { return w.moment(s) }

// Place reads "name; address …; link …": the parts of a venue's line that say where it is.
func (w World) Place(s string) (briefings.Place, error) {
	v, err := w.venue(vietnamese.Clean(s), "")
	if err != nil {
		return briefings.Place{}, err
	}
	if v.Main || v.Capacity > 0 || len(v.Units)+len(v.Officers) > 0 || v.Chair != "" {
		return briefings.Place{}, briefings.Refuse("form.place_only")
	}
	return v.Place(), nil
}

// Agenda reads one point a line. A mark or a number before it is dropped.
func Agenda(text string) ([]string, error) {
	var out []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(mark.ReplaceAllString(vietnamese.Clean(line), ""))
		if line == "" {
			continue
		}
		if err := short(line, LineLimit); err != nil {
			return nil, err
		}
		out = append(out, line)
	}
	switch {
	case len(out) == 0:
		return nil, briefings.Refuse("form.empty")
	case len(out) > AgendaLimit:
		return nil, briefings.Refuse("form.too_many", "n", len(out), "max", AgendaLimit)
	}
	return out, nil
}

// mark is what stands before a point of a list: a dash, a dot, a number.
var mark = regexp.MustCompile(`^\s*(?:[-–—•*+]+|\d{1,2}[.)])\s*`)

// AgendaLimit is how many points an agenda may have: a notice is one message.
const AgendaLimit = 20
