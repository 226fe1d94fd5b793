package rosterfile

import (
	"cmp"
	"slices"
	"time"

	"briefbot/briefings"
)

// Options say how a file is meant.
type Options struct {
	Now time.Time // decides which units are in force
	// Part says that the file holds a part of the roll only: nobody leaves by it.
	Part bool
}

// Plan compares a file with the roll. It never fails: a row that cannot be taken becomes a BadRow, and the rest is still compared,
// so that all mistakes are seen at once.
func Plan(rows []Row, roster *briefings.Roster, o Options) Change {
	p := &plan{
		roster: roster,
		now:    o.Now,
		change: Change{Rows: len(rows)},
		units:  newUnitFinder(roster, o.Now, rows),
		groups: newGroupFinder(roster),
		bad:    map[int]bool{},
	}
	for _, row := range rows { // first, so that a role may be held under a unit that a later row brings
		if cell := row.Cell(Unit); cell != "" {
			_, _ = p.units.find(cell, row.Number) // what cannot be found is refused where the row is read
		}
	}
	p.entries = make([]entry, len(rows))
	for i, row := range rows {
		p.read(i, row)
	}
	p.checkTwins()
	p.recognise()
	p.checkPhones(o.Part)
	p.compare()
	if !o.Part {
		p.leave()
	}
	p.change.NewUnits, p.change.NewGroups = p.units.made, p.groups.made
	p.change.groups = p.groups.changed()
	slices.SortStableFunc(p.change.BadRows, func(a, b BadRow) int {
		return cmp.Or(cmp.Compare(a.Row, b.Row), cmp.Compare(a.Reason.Key, b.Reason.Key))
	})
	return p.change
}

type plan struct {
	roster  *briefings.Roster
	now     time.Time
	change  Change
	units   *unitFinder
	groups  *groupFinder
	entries []entry
	bad     map[int]bool                  // by place in entries
	claimed map[briefings.MemberID]int    // the row that speaks of a member
	codes   map[string]briefings.MemberID // by upper case
}

// entry is a row with everything in it read.
type entry struct {
	row     Row
	code    briefings.MemberID
	phone   string
	unit    briefings.UnitID
	groups  []briefings.GroupID
	grants  []briefings.Grant
	lang    briefings.Lang
	address string
	known   *briefings.Member // who it is; nil for somebody new
}

func (p *plan) refuse(at int, key string, pairs ...any) {
	p.bad[at] = true
	p.change.BadRows = append(p.change.BadRows, BadRow{p.entries[at].row.Number, briefings.Refuse(key, pairs...)})
}

// leave finds the people of the roll whom no row names. A row that is bad for another reason still says that its person is there.
func (p *plan) leave() {
	for _, m := range p.roster.Members {
		if _, named := p.claimed[m.ID]; !named && onRoll(m) {
			p.change.Left = append(p.change.Left, m)
		}
	}
}

// onRoll reports whether a member stands in the file that Rows makes: those who asked to join do not yet, those who left no longer.
func onRoll(m briefings.Member) bool {
	return m.Status != briefings.Left && m.Status != briefings.Pending
}
