package rosterfile

import (
	"fmt"
	"slices"
	"strings"

	"briefbot/briefings"
	"briefbot/briefings/vietnamese"
)

// groupFinder knows groups by id and by name and makes those that a file names and the roll lacks.
type groupFinder struct {
	groups []briefings.Group
	listed map[briefings.MemberID][]briefings.GroupID // groups that keep a list with the member on it
	cached map[string]briefings.GroupID
	made   []briefings.Group
	dirty  map[briefings.GroupID]bool
	next   int
}

func newGroupFinder(roster *briefings.Roster) *groupFinder {
	f := &groupFinder{
		groups: slices.Clone(roster.Groups), listed: map[briefings.MemberID][]briefings.GroupID{},
		cached: map[string]briefings.GroupID{}, dirty: map[briefings.GroupID]bool{},
	}
	for i, g := range f.groups {
		f.groups[i].Members = slices.Clone(g.Members)
		f.next = max(f.next, madeNumber("G", string(g.ID)))
		for _, m := range g.Members {
			f.listed[m] = append(f.listed[m], g.ID)
		}
	}
	return f
}

// existing finds a group by id, by name, or by a name alike but for case and accents, in this order.
func (f *groupFinder) existing(name string) (briefings.GroupID, bool) {
	for _, same := range []func(briefings.Group) bool{
		func(g briefings.Group) bool { return strings.EqualFold(string(g.ID), name) },
		func(g briefings.Group) bool { return g.Name.Vi == name || g.Name.En == name },
		func(g briefings.Group) bool {
			key := vietnamese.Fold(name)
			return vietnamese.Fold(g.Name.Vi) == key || g.Name.En != "" && vietnamese.Fold(g.Name.En) == key
		},
	} {
		if i := slices.IndexFunc(f.groups, same); i >= 0 {
			return f.groups[i].ID, true
		}
	}
	return "", false
}

func (f *groupFinder) find(name string) briefings.GroupID {
	if id, ok := f.cached[name]; ok {
		return id
	}
	id, ok := f.existing(name)
	if !ok {
		f.next++
		id = briefings.GroupID(fmt.Sprintf("G%d", f.next))
		g := briefings.Group{ID: id, Name: briefings.Text{Vi: name}}
		f.groups, f.made = append(f.groups, g), append(f.made, g)
	}
	f.cached[name] = id
	return id
}

// of returns the groups that name a member, by the member's own record or by their list, sorted.
func (f *groupFinder) of(m briefings.Member) []briefings.GroupID {
	ids := slices.Concat(m.Groups, f.listed[m.ID])
	slices.Sort(ids)
	return slices.Compact(ids)
}

// keep makes the groups' lists agree with what a file says of a member and returns what stays for the member's own record.
func (f *groupFinder) keep(m briefings.MemberID, want []briefings.GroupID) []briefings.GroupID {
	var own []briefings.GroupID
	for _, id := range want {
		if !slices.Contains(f.listed[m], id) {
			own = append(own, id)
		}
	}
	for _, id := range f.listed[m] {
		if slices.Contains(want, id) {
			continue
		}
		for i := range f.groups {
			if f.groups[i].ID == id {
				f.groups[i].Members = slices.DeleteFunc(f.groups[i].Members, func(x briefings.MemberID) bool { return x == m })
				f.dirty[id] = true
			}
		}
	}
	return own
}

// changed returns the standing groups whose list lost somebody.
func (f *groupFinder) changed() []briefings.Group {
	var out []briefings.Group
	for _, g := range f.groups {
		if f.dirty[g.ID] {
			out = append(out, g)
		}
	}
	return out
}

// names writes groups as a cell.
func (f *groupFinder) names(ids []briefings.GroupID) string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = f.name(id)
	}
	slices.Sort(out)
	return strings.Join(out, "; ")
}

// name writes a group so that existing reads it back: by name where that is clear.
func (f *groupFinder) name(id briefings.GroupID) string {
	for _, g := range f.groups {
		if g.ID != id {
			continue
		}
		name := vietnamese.Clean(g.Name.In(briefings.Vietnamese))
		if back, ok := f.existing(name); ok && back == id && name != "" && !strings.Contains(name, ";") {
			return name
		}
	}
	return string(id)
}
