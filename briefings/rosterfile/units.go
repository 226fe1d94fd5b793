package rosterfile

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"briefbot/briefings"
	"briefbot/briefings/vietnamese"
)

// unitFinder knows the units of the roll by id and by path, and makes those that a file names and the roll lacks.
type unitFinder struct {
	tree   *briefings.Tree
	ids    map[string]briefings.UnitID // by upper case; every unit there ever was
	below  map[briefings.UnitID][]node // by parent; "" holds the roots
	nodes  map[briefings.UnitID]node
	heads  map[string]bool // folded first steps of the file's paths
	types  map[string]string
	made   []NewUnit
	cached map[string]briefings.UnitID
	next   int
}

// node is a unit in the tree, standing or to be made.
type node struct {
	id     briefings.UnitID
	parent briefings.UnitID
	names  []string // as written: name, short name, both languages
	folded []string
}

// finderOf knows the units in force when the roll was read.
func finderOf(roster *briefings.Roster) *unitFinder { return finderIn(roster, roster.Tree()) }

// newUnitFinder knows the units in force now and how the file's paths begin.
func newUnitFinder(roster *briefings.Roster, now time.Time, rows []Row) *unitFinder {
	tree := roster.Tree()
	if !now.IsZero() {
		tree = briefings.TreeAt(roster.Units, now)
	}
	f := finderIn(roster, tree)
	for _, row := range rows {
		if steps := path(row.Cell(Unit)); len(steps) > 1 {
			f.heads[vietnamese.Fold(steps[0])] = true
		}
	}
	return f
}

func finderIn(roster *briefings.Roster, tree *briefings.Tree) *unitFinder {
	f := &unitFinder{
		tree: tree, ids: map[string]briefings.UnitID{},
		below: map[briefings.UnitID][]node{}, nodes: map[briefings.UnitID]node{}, heads: map[string]bool{},
		types: map[string]string{}, cached: map[string]briefings.UnitID{},
	}
	for _, u := range roster.Units {
		f.ids[strings.ToUpper(string(u.ID))] = u.ID
		f.next = max(f.next, madeNumber("U", string(u.ID)))
	}
	for _, id := range f.tree.Walk() {
		v, _ := f.tree.Unit(id)
		n := node{id: id, parent: v.Parent}
		if _, ok := f.tree.Unit(v.Parent); !ok {
			n.parent = ""
		}
		for _, name := range []string{v.Name.Vi, v.Name.En, v.Short.Vi, v.Short.En} {
			if name != "" {
				n.names = append(n.names, name)
			}
		}
		f.add(n)
		if kind := firstWords(v.Name.Vi); kind != "" && f.types[kind] == "" {
			f.types[kind] = v.Type
		}
	}
	return f
}

func (f *unitFinder) add(n node) {
	for _, name := range n.names {
		n.folded = append(n.folded, vietnamese.Fold(name))
	}
	f.nodes[n.id] = n
	f.below[n.parent] = append(f.below[n.parent], n)
}

// path takes `Tỉnh ủy / Đảng ủy xã A / Chi bộ 1` apart. Where slashes with spaces stand, a bare one belongs to a name.
func path(cell string) []string {
	mark := "/"
	if strings.Contains(cell, " / ") {
		mark = " / "
	}
	var steps []string
	for _, s := range strings.Split(cell, mark) {
		if s = strings.TrimSpace(s); s != "" {
			steps = append(steps, s)
		}
	}
	return steps
}

// idLike is a text that somebody meant as an id: without spaces or accents, with a digit.
var idLike = regexp.MustCompile(`^[A-Za-z_.-]*[0-9][A-Za-z0-9_.-]*$`)

// existing finds a unit in force by id, by path, or by a name that only one has.
func (f *unitFinder) existing(cell string) (briefings.UnitID, bool) {
	if id, ok := f.ids[strings.ToUpper(cell)]; ok {
		_, standing := f.nodes[id]
		return id, standing
	}
	steps := path(cell)
	if len(steps) == 0 {
		return "", false
	}
	id, _ := f.first(steps[0])
	for _, s := range steps[1:] {
		if id == "" {
			return "", false
		}
		id, _ = match(f.below[id], s)
	}
	return id, id != ""
}

// scope finds the unit a role is held under. A closed unit will do: a role that outlives it grants nothing.
func (f *unitFinder) scope(cell string) (briefings.UnitID, bool) {
	if id, ok := f.ids[strings.ToUpper(cell)]; ok {
		return id, true
	}
	return f.existing(cell)
}

// find returns the unit a cell means, making what is missing of a path.
func (f *unitFinder) find(cell string, row int) (briefings.UnitID, *briefings.Refusal) {
	if id, ok := f.cached[cell]; ok {
		return id, nil
	}
	id, r := f.search(cell, row)
	if r == nil {
		f.cached[cell] = id
	}
	return id, r
}

func (f *unitFinder) search(cell string, row int) (briefings.UnitID, *briefings.Refusal) {
	if id, ok := f.ids[strings.ToUpper(cell)]; ok {
		return id, nil // perhaps closed: whoever stands in it may stay, which compare judges
	}
	steps := path(cell)
	if len(steps) == 0 {
		return "", briefings.Refuse("roster.no_unit")
	}
	for _, s := range steps {
		if n := utf8.RuneCountInString(s); n > NameLimit {
			return "", briefings.Refuse("roster.name_too_long", "length", n, "most", NameLimit)
		}
	}
	if len(steps) == 1 && idLike.MatchString(steps[0]) {
		return "", briefings.Refuse("roster.unknown_unit", "unit", short(cell))
	}
	at, several := f.first(steps[0])
	switch {
	case several:
		return "", briefings.Refuse("roster.several_units", "unit", short(steps[0]))
	case at == "" && len(steps) == 1 && len(f.nodes) > len(f.made) && !f.heads[vietnamese.Fold(steps[0])]:
		// A name alone that nobody knows is a slip far more often than a second organisation.
		return "", briefings.Refuse("roster.unknown_unit", "unit", short(cell))
	case at == "":
		at = f.make("", steps[0], row)
	}
	for _, s := range steps[1:] {
		next, several := match(f.below[at], s)
		if several {
			return "", briefings.Refuse("roster.several_units", "unit", short(s))
		}
		if next == "" {
			next = f.make(at, s, row)
		}
		at = next
	}
	return at, nil
}

// first finds where a path begins: a root, else a unit anywhere that alone has the name.
func (f *unitFinder) first(step string) (id briefings.UnitID, several bool) {
	if id, several = match(f.below[""], step); id != "" || several {
		return id, several
	}
	all := make([]node, 0, len(f.nodes))
	for _, n := range f.nodes {
		all = append(all, n)
	}
	return match(all, step)
}

// match finds the unit with a name: written alike, else alike but for case and accents.
func match(among []node, name string) (id briefings.UnitID, several bool) {
	key := vietnamese.Fold(name)
	for _, same := range []func(node) bool{
		func(n node) bool { return slices.Contains(n.names, name) },
		func(n node) bool { return slices.Contains(n.folded, key) },
	} {
		found := 0
		for _, n := range among {
			if same(n) {
				found++
				id = n.id
			}
		}
		switch found {
		case 0:
		case 1:
			return id, false
		default:
			return "", true
		}
	}
	return "", false
}

// make adds a unit below parent, after its siblings, of the type of units that are called alike. It stands since always, so that
// reports of earlier periods know it.
func (f *unitFinder) make(parent briefings.UnitID, name string, row int) briefings.UnitID {
	f.next++
	id := briefings.UnitID(fmt.Sprintf("U%03d", f.next))
	order := 0
	for _, n := range f.below[parent] {
		if v, ok := f.tree.Unit(n.id); ok {
			order = max(order, v.Order)
		} else {
			order++
		}
	}
	f.add(node{id: id, parent: parent, names: []string{name}})
	f.ids[strings.ToUpper(string(id))] = id
	f.made = append(f.made, NewUnit{Row: row, Path: f.path(id), Unit: briefings.Unit{
		ID: id,
		Versions: []briefings.UnitVersion{{
			Parent: parent, Name: briefings.Text{Vi: name}, Type: f.types[firstWords(name)], Order: order + 1,
		}},
	}})
	return id
}

// path writes the way from the root to a unit, or its id where that is all there is.
func (f *unitFinder) path(id briefings.UnitID) string {
	var steps []string
	for at := id; at != "" && len(steps) <= len(f.nodes); {
		n, ok := f.nodes[at]
		if !ok {
			break
		}
		steps = append([]string{n.names[0]}, steps...)
		at = n.parent
	}
	if len(steps) == 0 {
		return string(id)
	}
	return strings.Join(steps, " / ")
}

// cell writes a unit so that find reads it back: as its path where that leads to it and to nothing else.
func (f *unitFinder) cell(id briefings.UnitID) string {
	if written := vietnamese.Clean(f.path(id)); !idLike.MatchString(written) {
		if back, ok := f.existing(written); ok && back == id {
			return written
		}
	}
	return string(id)
}

// firstWords are the two words that say what sort of unit a name means: chi bo, dang uy.
func firstWords(name string) string {
	words := strings.Fields(vietnamese.Fold(name))
	if len(words) < 2 {
		return ""
	}
	return words[0] + " " + words[1]
}
