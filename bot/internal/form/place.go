package form

import (
	"cmp"
	"regexp"
	"strings"
	"time"

	"briefbot/briefings"
	"briefbot/briefings/vietnamese"
)

// Moment reads a date and an hour.
func (w World) Moment(s string) (time.Time, error) { return w.moment(s) }

// Place reads "name; address …; link …; map …; capacity …": the parts of a venue's line that say where it is and how many it holds. A
// capacity alone is one of the place that is known. Another place takes nothing from the one before it; the same place with another
// capacity stays where it is.
func (w World) Place(s string, was briefings.Place) (briefings.Place, error) {
	s = vietnamese.Clean(s)
	if part, value := venuePart(s); part == "capacity" && !strings.Contains(s, ";") {
		if _, err := vietnamese.ParseNumber(value); err == nil {
			s = OneLine(was.Name.Vi) + "; " + s
		}
	}
	v, err := w.venue(s, "")
	if err != nil {
		return briefings.Place{}, err
	}
	if v.Main || len(v.Units)+len(v.Officers)+len(v.Technicians) > 0 || v.Chair != "" {
		return briefings.Place{}, briefings.Refuse("form.place_only")
	}
	to := v.Place()
	if vietnamese.Fold(to.Name.Vi) != vietnamese.Fold(was.Name.Vi) {
		return to, nil
	}
	if to.Address == "" && to.Link == "" && to.Map == "" && to.Capacity > 0 { // it speaks of the chairs alone
		was.Capacity = to.Capacity
		return was, nil
	}
	to.Capacity = cmp.Or(to.Capacity, was.Capacity)
	if to.Address == was.Address {
		to.Map = cmp.Or(to.Map, was.Map)
	}
	return to, nil
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
