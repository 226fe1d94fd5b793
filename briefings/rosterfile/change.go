package rosterfile

import (
	"slices"

	"briefbot/briefings"
)

// Change is what importing a file would do. It is complete, so that it can be shown before anything happens.
type Change struct {
	Rows      int // people in the file
	Same      int // of them, people about whom nothing changes
	New       []Person
	Moved     []Person // to another unit, perhaps with other changes
	Changed   []Person
	Left      []briefings.Member // by number
	NewUnits  []NewUnit          // parents before children
	NewGroups []briefings.Group
	BadRows   []BadRow // by row

	members  int // people on the roll before
	groups   []briefings.Group
	released []briefings.Member // people who left long ago and give up their telephone number
}

// Person is a row and what it does to a member; Before is empty for a new one.
type Person struct {
	Row           int
	Before, After briefings.Member
	From, To      string // paths of the units, as text
	Edits         []Edit // what changes besides the unit
}

// Edit is one cell that differs from the roll. The texts are as a person would write them.
type Edit struct {
	Column   Column
	From, To string
}

// NewUnit is a unit that the roll does not have yet.
type NewUnit struct {
	Row  int // the first row that names it
	Unit briefings.Unit
	Path string
}

// BadRow is a row that cannot be taken, and why.
type BadRow struct {
	Row    int
	Reason *briefings.Refusal
}

// Empty reports whether importing the file would change nothing.
func (c Change) Empty() bool {
	return len(c.New)+len(c.Moved)+len(c.Changed)+len(c.Left)+len(c.NewUnits)+len(c.NewGroups)+len(c.groups)+len(c.BadRows) == 0
}

// LooksPartial reports that the file would take more than half of a roll of some size off it. That is what the file of a single
// unit does when it is taken for the whole; whoever imports is asked to say which of both it is.
func (c Change) LooksPartial() bool { return c.members >= 20 && 2*len(c.Left) > c.members }

// RosterChange is the change as the store takes it, or a Refusal while a row is bad: nothing is ever written by halves. Members who
// give up a telephone number stand before those who take it.
func (c Change) RosterChange() (briefings.RosterChange, error) {
	if len(c.BadRows) > 0 {
		return briefings.RosterChange{}, briefings.Refuse("roster.bad_rows", "n", len(c.BadRows))
	}
	out := briefings.RosterChange{Groups: append(slices.Clone(c.NewGroups), c.groups...)}
	for _, u := range c.NewUnits {
		out.Units = append(out.Units, u.Unit)
	}
	out.Members = append(out.Members, c.released...)
	var later []briefings.Member
	for _, list := range [][]Person{c.Changed, c.Moved, c.New} {
		for _, p := range list {
			if p.Before.Phone != "" && p.Before.Phone != p.After.Phone {
				out.Members = append(out.Members, p.After)
			} else {
				later = append(later, p.After)
			}
		}
	}
	out.Members = append(out.Members, later...)
	for _, m := range c.Left {
		out.Left = append(out.Left, m.ID)
	}
	return out, nil
}
