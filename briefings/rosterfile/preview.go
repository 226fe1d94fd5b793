package rosterfile

import (
	"strings"

	"briefbot/briefings"
	"briefbot/briefings/i18n"
)

// Preview writes a change for a person to read: what is new, moved, changed, left, the units and groups that would be made, and each
// bad row with its number and reason. A list of people longer than most is cut and says so; 0 cuts nothing. Bad rows are never cut.
// The result is plain text.
func Preview(c Change, say i18n.Printer, most int) string {
	p := &preview{say: say, most: most}
	p.line("roster.rows", "n", c.Rows, "same", c.Same)
	if c.LooksPartial() {
		p.line("roster.looks_partial", "n", len(c.Left), "total", c.members)
	}
	p.units(c.NewUnits)
	p.groups(c.NewGroups)
	p.people("roster.new", c.New, func(m Person) string { return m.After.Name + position(m.After) + " – " + m.To })
	p.people("roster.moved", c.Moved, func(m Person) string {
		return m.After.Name + ": " + m.From + " → " + m.To + p.edits("; ", m.Edits)
	})
	p.people("roster.changed", c.Changed, func(m Person) string { return m.After.Name + p.edits(": ", m.Edits) })
	left := make([]Person, len(c.Left))
	for i, m := range c.Left {
		left[i] = Person{After: m}
	}
	p.people("roster.left", left, func(m Person) string { return m.After.Name + position(m.After) })
	p.bad(c.BadRows)
	switch {
	case len(c.BadRows) > 0:
		p.text.WriteByte('\n')
		p.line("roster.nothing_written", "n", len(c.BadRows))
	case c.Empty():
		p.text.WriteByte('\n')
		p.line("roster.no_change")
	}
	return p.text.String()
}

type preview struct {
	say  i18n.Printer
	most int
	text strings.Builder
}

func (p *preview) line(key string, pairs ...any) {
	p.text.WriteString(p.say.T(key, pairs...))
	p.text.WriteByte('\n')
}

// heading starts a section; none for an empty one.
func (p *preview) heading(key string, n int) bool {
	if n == 0 {
		return false
	}
	p.text.WriteByte('\n')
	p.line(key, "n", n)
	return true
}

// people lists members as `row, code, words`; the row stays away where none speaks of the member.
func (p *preview) people(key string, list []Person, words func(Person) string) {
	if !p.heading(key, len(list)) {
		return
	}
	for i, m := range list {
		if p.most > 0 && i == p.most {
			p.text.WriteString("  ")
			p.line("roster.more", "n", len(list)-i)
			return
		}
		p.text.WriteString("  ")
		if m.Row > 0 {
			p.text.WriteString(p.say.T("roster.row", "row", m.Row) + " · ")
		}
		p.text.WriteString(string(m.After.ID) + " · " + words(m) + "\n")
	}
}

func (p *preview) units(list []NewUnit) {
	if p.heading("roster.new_units", len(list)) {
		for _, u := range list {
			p.text.WriteString("  " + string(u.Unit.ID) + " · " + u.Path + "\n")
		}
	}
}

func (p *preview) groups(list []briefings.Group) {
	if p.heading("roster.new_groups", len(list)) {
		for _, g := range list {
			p.text.WriteString("  " + string(g.ID) + " · " + g.Name.Vi + "\n")
		}
	}
}

func (p *preview) bad(list []BadRow) {
	if p.heading("roster.bad", len(list)) {
		for _, b := range list {
			p.text.WriteString("  " + p.say.T("roster.row", "row", b.Row) + " · " + p.say.Refusal(b.Reason) + "\n")
		}
	}
}

// edits writes what changes about somebody: the column's name, then the old text and the new one.
func (p *preview) edits(before string, list []Edit) string {
	var parts []string
	for _, e := range list {
		name := p.say.T("roster.column_" + headings[e.Column].en)
		parts = append(parts, name+" "+p.value(e.Column, e.From)+" → "+p.value(e.Column, e.To))
	}
	if len(parts) == 0 {
		return ""
	}
	return before + strings.Join(parts, "; ")
}

func (p *preview) value(c Column, text string) string {
	switch {
	case c == State:
		return p.say.T("roster.status_" + text)
	case text == "" && c == Role:
		return "“" + string(briefings.RoleMember) + "”"
	case text == "":
		return p.say.T("roster.nothing")
	}
	return "“" + text + "”"
}

func position(m briefings.Member) string {
	if m.Position == "" {
		return ""
	}
	return ", " + m.Position
}
