package briefings

import (
	"slices"
	"time"
)

// Level is a tier of the organisation. Levels are data: no rule asks for one by name.
type Level struct {
	Key  string `json:"key"`
	Name Text   `json:"name"`
	Rank int    `json:"rank"` // smaller is higher
	Span
}

// UnitType is a sort of unit, such as a provincial committee or a cell.
type UnitType struct {
	Key   string `json:"key"`
	Name  Text   `json:"name"`
	Level string `json:"level,omitempty"`
}

// Span is a stretch of days, both ends included. The zero From is "always", the zero To "still".
type Span struct {
	From time.Time `json:"from,omitzero"`
	To   time.Time `json:"to,omitzero"`
}

// Covers reports whether the moment lies in the span; the last day counts whole.
func (s Span) Covers(at time.Time) bool {
	if !s.From.IsZero() && at.Before(s.From) {
		return false
	}
	return s.To.IsZero() || at.Before(s.To.AddDate(0, 0, 1))
}

// Unit is a part of the organisation with a lasting identity. What changes over the years (name, parent, type) stands in dated
// versions, so that a report of a past period uses the tree of that period.
type Unit struct {
	ID         UnitID        `json:"id"`
	AdminCode  string        `json:"admin_code,omitempty"` // text: leading zeros count
	Versions   []UnitVersion `json:"versions"`
	Successors []UnitID      `json:"successors,omitempty"`
}

// UnitVersion is what a unit was during a span.
type UnitVersion struct {
	Span
	Type   string   `json:"type"`
	Parent UnitID   `json:"parent,omitempty"`
	Name   Text     `json:"name"`
	Short  Text     `json:"short,omitzero"`
	Order  int      `json:"order"`
	Tags   []string `json:"tags,omitempty"`
}

// At returns the version in force at a moment.
func (u Unit) At(at time.Time) (UnitVersion, bool) {
	for _, v := range u.Versions {
		if v.Covers(at) {
			return v, true
		}
	}
	return UnitVersion{}, false
}

// Tree is the organisation as it stood at one moment. It is a value computed from units and is never stored.
type Tree struct {
	nodes    map[UnitID]UnitVersion
	children map[UnitID][]UnitID
	roots    []UnitID
}

// TreeAt builds the tree of a moment. A unit whose parent is not in force becomes a root, so that nobody is lost.
func TreeAt(units []Unit, at time.Time) *Tree {
	t := &Tree{nodes: map[UnitID]UnitVersion{}, children: map[UnitID][]UnitID{}}
	for _, u := range units {
		if v, ok := u.At(at); ok {
			t.nodes[u.ID] = v
		}
	}
	for id, v := range t.nodes {
		if _, ok := t.nodes[v.Parent]; ok && v.Parent != id {
			t.children[v.Parent] = append(t.children[v.Parent], id)
		} else {
			t.roots = append(t.roots, id)
		}
	}
	byOrder := func(a, b UnitID) int {
		if d := t.nodes[a].Order - t.nodes[b].Order; d != 0 {
			return d
		}
		if a < b {
			return -1
		}
		return 1
	}
	slices.SortFunc(t.roots, byOrder)
	for _, ids := range t.children {
		slices.SortFunc(ids, byOrder)
	}
	return t
}

// Unit returns a unit's version in this tree.
func (t *Tree) Unit(id UnitID) (UnitVersion, bool) {
	v, ok := t.nodes[id]
	return v, ok
}

// Name returns the unit's name, or its id when the tree does not know it.
func (t *Tree) Name(id UnitID) Text {
	if v, ok := t.nodes[id]; ok {
		return v.Name
	}
	return Text{Vi: string(id)}
}

// Short returns the unit's short name, or the whole one when there is none.
func (t *Tree) Short(id UnitID) Text {
	if v, ok := t.nodes[id]; ok && v.Short.Vi != "" {
		return v.Short
	}
	return t.Name(id)
}

// Roots returns the units without a parent, in their order.
func (t *Tree) Roots() []UnitID { return t.roots }

// Children returns the units directly below id, in their order.
func (t *Tree) Children(id UnitID) []UnitID { return t.children[id] }

// Contains reports whether id is top or stands somewhere below it.
func (t *Tree) Contains(top, id UnitID) bool {
	for range len(t.nodes) + 1 { // a bound, so that a circle in bad data cannot hang us
		if id == top {
			return true
		}
		v, ok := t.nodes[id]
		if !ok || v.Parent == "" {
			return false
		}
		id = v.Parent
	}
	return false
}

// Path returns the units from the root down to id.
func (t *Tree) Path(id UnitID) []UnitID {
	var path []UnitID
	for range len(t.nodes) + 1 {
		v, ok := t.nodes[id]
		if !ok {
			break
		}
		path = append(path, id)
		if v.Parent == "" {
			break
		}
		id = v.Parent
	}
	slices.Reverse(path)
	return path
}

// Head returns the unit under which id is reported: the child of the root on the way to id, or the root itself.
func (t *Tree) Head(id UnitID) UnitID {
	path := t.Path(id)
	switch len(path) {
	case 0:
		return id
	case 1:
		return path[0]
	}
	return path[1]
}

// Walk returns every unit of the tree, parents before children.
func (t *Tree) Walk() []UnitID {
	var out []UnitID
	var down func(UnitID)
	down = func(id UnitID) {
		out = append(out, id)
		for _, c := range t.children[id] {
			down(c)
		}
	}
	for _, r := range t.roots {
		down(r)
	}
	return out
}
