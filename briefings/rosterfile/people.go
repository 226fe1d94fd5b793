package rosterfile

import (
	"slices"
	"strconv"
	"strings"

	"briefbot/briefings"
	"briefbot/briefings/vietnamese"
)

// knownCode writes a code as the roll does, as people type m012 for M012.
func (p *plan) knownCode(code string) briefings.MemberID {
	id := briefings.MemberID(code)
	if _, ok := p.roster.Member(id); ok || code == "" {
		return id
	}
	if p.codes == nil {
		p.codes = make(map[string]briefings.MemberID, len(p.roster.Members))
		for _, m := range p.roster.Members {
			p.codes[strings.ToUpper(string(m.ID))] = m.ID
		}
	}
	if standing, ok := p.codes[strings.ToUpper(code)]; ok {
		return standing
	}
	return id
}

// checkTwins refuses rows that speak of one person twice or cannot be told apart: the same code, the same telephone, or the same
// name in the same unit without either. Each of them names the first other one.
func (p *plan) checkTwins() {
	type twin struct{ what, key string }
	seen := map[twin][]int{}
	for i, e := range p.entries {
		if e.code != "" {
			t := twin{"roster.code_twice", strings.ToUpper(string(e.code))}
			seen[t] = append(seen[t], i)
		}
		if e.phone != "" {
			t := twin{"roster.phone_twice", e.phone}
			seen[t] = append(seen[t], i)
		}
		if e.code == "" && e.phone == "" && e.unit != "" && e.row.Cell(FullName) != "" {
			t := twin{"roster.same_name", string(e.unit) + "\x00" + e.row.Cell(FullName)}
			seen[t] = append(seen[t], i)
		}
	}
	for t, rows := range seen {
		for n, i := range rows {
			if len(rows) > 1 {
				other := rows[0]
				if n == 0 {
					other = rows[1]
				}
				e := p.entries[i]
				p.refuse(i, t.what, "row", p.entries[other].row.Number, "code", string(e.code), "phone", vietnamese.PrintPhone(e.phone),
					"name", short(e.row.Cell(FullName)))
			}
		}
	}
}

// recognise finds out who each row is: by code; then, for rows without one, by telephone, by name and unit as written, and by name
// and unit alike but for case and accents. A member is claimed once, the surest way first.
func (p *plan) recognise() {
	p.claimed = map[briefings.MemberID]int{}
	claim := func(i int, m briefings.Member) {
		if _, taken := p.claimed[m.ID]; !taken && p.entries[i].known == nil {
			p.claimed[m.ID], p.entries[i].known = i, &m
		}
	}
	for i, e := range p.entries {
		if m, ok := p.roster.Member(e.code); ok && e.code != "" {
			claim(i, m)
		}
	}
	nameless := func(i int) bool { return p.entries[i].known == nil && p.entries[i].code == "" }
	for i, e := range p.entries {
		if m, ok := p.roster.MemberByPhone(e.phone); ok && e.phone != "" && nameless(i) {
			claim(i, m)
		}
	}
	for _, key := range []func(string) string{func(s string) string { return s }, vietnamese.Fold} {
		byName := map[string][]briefings.Member{}
		for _, m := range p.roster.Members {
			if _, taken := p.claimed[m.ID]; !taken && m.Status != briefings.Left {
				k := string(m.Unit) + "\x00" + key(vietnamese.Clean(m.Name))
				byName[k] = append(byName[k], m)
			}
		}
		for i, e := range p.entries {
			if !nameless(i) || e.unit == "" {
				continue
			}
			found := byName[string(e.unit)+"\x00"+key(e.row.Cell(FullName))]
			found = slices.DeleteFunc(slices.Clone(found), func(m briefings.Member) bool { _, taken := p.claimed[m.ID]; return taken })
			switch {
			case len(found) == 1:
				claim(i, found[0])
			case len(found) > 1:
				p.refuse(i, "roster.which_of_them", "name", short(e.row.Cell(FullName)), "codes", codes(found))
				for _, m := range found { // none of them has left only because we cannot tell them apart
					p.claimed[m.ID] = i
				}
			}
		}
	}
	p.spare()
}

// spare keeps a bad row's person from being listed as gone: where the row's unit cannot be read, the name alone says who it may be.
func (p *plan) spare() {
	names := map[string]int{}
	for i, e := range p.entries {
		if name := e.row.Cell(FullName); p.bad[i] && e.known == nil && name != "" {
			names[vietnamese.Fold(name)] = i
		}
	}
	for _, m := range p.roster.Members {
		if i, ok := names[vietnamese.Fold(m.Name)]; ok {
			if _, taken := p.claimed[m.ID]; !taken {
				p.claimed[m.ID] = i
			}
		}
	}
}

// checkPhones refuses a telephone number that stays with somebody else. Whoever left gives a number up to the new holder, but not
// to a namesake: a new code for somebody known would cut the account they joined from.
func (p *plan) checkPhones(part bool) {
	for i, e := range p.entries {
		holder, ok := p.roster.MemberByPhone(e.phone)
		if e.phone == "" || !ok || e.known != nil && e.known.ID == holder.ID {
			continue
		}
		_, named := p.claimed[holder.ID]
		leaves := holder.Status == briefings.Left || !named && !part && onRoll(holder)
		namesake := vietnamese.Fold(holder.Name) == vietnamese.Fold(e.row.Cell(FullName)) // one person under two codes
		switch {
		case named:
			// The holder's own row says another number; the same one would be a twin.
		case leaves && !namesake:
			holder.Phone = ""
			p.change.released = append(p.change.released, holder)
		default:
			p.refuse(i, "roster.phone_taken", "phone", vietnamese.PrintPhone(e.phone), "code", string(holder.ID), "name", holder.Name)
		}
	}
}

// sameGrants compares what is granted; the order, and `member`, say nothing.
func sameGrants(a, b []briefings.Grant) bool {
	return slices.Equal(sorted(a), sorted(b))
}

func sorted(grants []briefings.Grant) []briefings.Grant {
	var out []briefings.Grant
	for _, g := range grants {
		if g.Role != briefings.RoleMember && !slices.Contains(out, g) {
			out = append(out, g)
		}
	}
	slices.SortFunc(out, func(a, b briefings.Grant) int {
		return strings.Compare(string(a.Role)+"@"+string(a.Scope), string(b.Role)+"@"+string(b.Scope))
	})
	return out
}

// grantsCell writes grants as readRoles reads them.
func grantsCell(grants []briefings.Grant) string {
	var parts []string
	for _, g := range sorted(grants) {
		part := string(g.Role)
		if g.Scope != "" {
			part += "@" + string(g.Scope)
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "; ")
}

// addressOf writes the form of address in full.
func addressOf(a string) string {
	if a == "" {
		return "đồng chí"
	}
	return a
}

func (f *unitFinder) closed(id briefings.UnitID) bool {
	_, standing := f.nodes[id]
	return id != "" && !standing
}

// madeNumber is the number in an id such as M0012; 0 for ids of another form.
func madeNumber(prefix, id string) int {
	digits, ok := strings.CutPrefix(strings.ToUpper(id), prefix)
	if !ok || len(digits) > 9 {
		return 0
	}
	n, err := strconv.Atoi(digits)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

func codes(members []briefings.Member) string {
	out := make([]string, len(members))
	for i, m := range members {
		out[i] = string(m.ID)
	}
	return strings.Join(out, ", ")
}
