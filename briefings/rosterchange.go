package briefings

// RosterChange is what an import, or a single correction, does to the roll. It names whole things: a unit, member, group or topic
// takes the place of the one with its ID, or joins the roll when there is none. What a change does not name stays as it is, and
// nothing is ever taken off the roll: somebody who is gone is marked so.
type RosterChange struct {
	// Units are new or changed units, parents before children.
	Units []Unit `json:"units,omitempty"`
	// Members are new or changed members. A new one has No 0 and is given the next number; everything else of a changed
	// one (account, topics, unreachability) stands in the value as it stood on the roll.
	Members []Member `json:"members,omitempty"`
	// Left are members who no longer belong. Their account stays linked, so that the bot can tell them why it is silent.
	Left []MemberID `json:"left,omitempty"`
	// Groups and Topics are new or changed ones.
	Groups []Group `json:"groups,omitempty"`
	Topics []Topic `json:"topics,omitempty"`
}

// Empty reports whether the change changes nothing.
func (c RosterChange) Empty() bool {
	return len(c.Units) == 0 && len(c.Members) == 0 && len(c.Left) == 0 && len(c.Groups) == 0 && len(c.Topics) == 0
}
