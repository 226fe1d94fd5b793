package rosterfile

import (
	"fmt"
	"slices"
	"strings"

	"briefbot/briefings"
	"briefbot/briefings/vietnamese"
)

// compare sorts the good rows into new, moved, changed and same.
func (p *plan) compare() {
	next := 0
	taken := func(id string) { next = max(next, madeNumber("M", id)) }
	for _, m := range p.roster.Members {
		taken(string(m.ID))
	}
	for _, e := range p.entries {
		taken(string(e.code))
	}
	for i := range p.entries {
		e := &p.entries[i]
		if p.units.closed(e.unit) && (e.known == nil || e.known.Unit != e.unit) {
			p.refuse(i, "roster.closed_unit", "unit", string(e.unit))
		}
		if p.bad[i] {
			continue
		}
		if e.known == nil {
			if e.code == "" {
				next++
				e.code = briefings.MemberID(fmt.Sprintf("M%04d", next))
			}
			after := p.after(briefings.Member{ID: e.code, Status: briefings.Active}, e)
			p.change.New = append(p.change.New, Person{Row: e.row.Number, After: after, To: p.units.path(after.Unit)})
			continue
		}
		p.sort(e)
	}
	for _, m := range p.roster.Members {
		if onRoll(m) {
			p.change.members++
		}
	}
}

// sort puts a known person where the differences say.
func (p *plan) sort(e *entry) {
	before := *e.known
	was := p.groups.of(before)
	person := Person{Row: e.row.Number, Before: before, From: p.units.path(before.Unit), To: p.units.path(e.unit)}
	person.After = p.after(before, e)
	edit := func(c Column, from, to string) {
		if from != to {
			person.Edits = append(person.Edits, Edit{c, from, to})
		}
	}
	after := person.After
	edit(FullName, before.Name, after.Name)
	edit(Phone, vietnamese.PrintPhone(before.Phone), vietnamese.PrintPhone(after.Phone))
	edit(Position, before.Position, after.Position)
	if e.row.Columns.Has(Groups) {
		now := slices.Clone(e.groups)
		slices.Sort(now)
		edit(Groups, p.groups.names(was), p.groups.names(now))
	}
	edit(Role, grantsCell(before.Roles), grantsCell(after.Roles))
	edit(Language, string(before.Lang), string(after.Lang))
	edit(Address, addressOf(before.Address), addressOf(after.Address))
	edit(State, string(before.Status), string(after.Status))
	switch {
	case before.Unit != after.Unit:
		p.change.Moved = append(p.change.Moved, person)
	case len(person.Edits) > 0:
		p.change.Changed = append(p.change.Changed, person)
	default:
		p.change.Same++
	}
}

// after is the member as the row says. What the file has no column for, and what only the member decides, stays.
func (p *plan) after(m briefings.Member, e *entry) briefings.Member {
	if name := e.row.Cell(FullName); name != vietnamese.Clean(m.Name) {
		m.Name = name
		if !strings.Contains(name, m.SortGiven) || !strings.Contains(name, m.SortFamily) {
			m.SortGiven, m.SortFamily = "", "" // they belonged to the other name
		}
	}
	m.Unit = e.unit
	has := e.row.Columns.Has
	if has(Phone) {
		m.Phone = e.phone
	}
	if position := e.row.Cell(Position); has(Position) && position != vietnamese.Clean(m.Position) {
		m.Position = position
	}
	if has(Groups) {
		m.Groups = p.groups.keep(m.ID, e.groups)
	}
	if has(Role) && !sameGrants(m.Roles, e.grants) {
		m.Roles = e.grants
	}
	if has(Language) && e.lang != "" {
		m.Lang = e.lang
	}
	if has(Address) && addressOf(m.Address) != addressOf(e.address) {
		m.Address = e.address
	}
	if m.Status == briefings.Left || m.Status == briefings.Pending || m.Status == "" {
		m.Status = briefings.Active // the file names them, so they belong
	}
	return m
}
