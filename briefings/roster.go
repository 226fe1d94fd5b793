package briefings

import (
	"slices"
	"strings"
	"time"
)

// Roster is the roll as read at one moment: members, units, groups and topics with their indexes. It is immutable after
// NewRoster and may be shared.
type Roster struct {
	Units   []Unit
	Members []Member // by MemberNo
	Groups  []Group
	Topics  []Topic

	tree     *Tree
	byID     map[MemberID]int
	byNo     map[MemberNo]int
	byUser   map[UserID]int
	byPhone  map[string]int
	groups   map[GroupID]int
	topics   map[string]int // by id and by slug
	children map[UnitID][]int
}

// NewRoster indexes the roll; the tree is the one of at.
func NewRoster(units []Unit, members []Member, groups []Group, topics []Topic, at time.Time) *Roster {
	members = slices.Clone(members)
	slices.SortFunc(members, func(a, b Member) int { return int(int64(a.No) - int64(b.No)) })
	r := &Roster{
		Units: units, Members: members, Groups: groups, Topics: topics, tree: TreeAt(units, at),
		byID: make(map[MemberID]int, len(members)), byNo: make(map[MemberNo]int, len(members)),
		byUser: make(map[UserID]int, len(members)), byPhone: make(map[string]int, len(members)),
		groups: map[GroupID]int{}, topics: map[string]int{}, children: map[UnitID][]int{},
	}
	for i, m := range members {
		r.byID[m.ID], r.byNo[m.No] = i, i
		if m.User != 0 {
			r.byUser[m.User] = i
		}
		if m.Phone != "" {
			r.byPhone[m.Phone] = i
		}
		r.children[m.Unit] = append(r.children[m.Unit], i)
	}
	for i, g := range groups {
		r.groups[g.ID] = i
	}
	for i, t := range topics {
		r.topics[string(t.ID)], r.topics[t.Slug] = i, i
	}
	return r
}

// Tree returns the organisation of the moment the roster was read.
func (r *Roster) Tree() *Tree { return r.tree }

// Member returns a member by id.
func (r *Roster) Member(id MemberID) (Member, bool) { return at(r.Members, r.byID, id) }

// MemberByNo returns a member by number.
func (r *Roster) MemberByNo(no MemberNo) (Member, bool) { return at(r.Members, r.byNo, no) }

// MemberByUser returns the member who speaks from an account.
func (r *Roster) MemberByUser(u UserID) (Member, bool) { return at(r.Members, r.byUser, u) }

// MemberByPhone returns the member with a phone number in +84… form.
func (r *Roster) MemberByPhone(p string) (Member, bool) { return at(r.Members, r.byPhone, p) }

// Group returns a group by id.
func (r *Roster) Group(id GroupID) (Group, bool) { return at(r.Groups, r.groups, id) }

// Topic returns a topic by id or slug.
func (r *Roster) Topic(name string) (Topic, bool) { return at(r.Topics, r.topics, name) }

// MembersOf returns the members of one unit alone.
func (r *Roster) MembersOf(id UnitID) []Member {
	out := make([]Member, 0, len(r.children[id]))
	for _, i := range r.children[id] {
		out = append(out, r.Members[i])
	}
	return out
}

func at[T any, K comparable](list []T, index map[K]int, key K) (T, bool) {
	i, ok := index[key]
	if !ok {
		var none T
		return none, false
	}
	return list[i], true
}

// Check refuses an audience that names something unknown, naming it.
func (r *Roster) Check(a Audience) error {
	for _, t := range a {
		ok := true
		switch t.Kind {
		case TermUnit, TermOnly:
			_, ok = r.tree.Unit(UnitID(t.Name))
		case TermGroup:
			_, ok = r.Group(GroupID(t.Name))
		case TermTopic:
			_, ok = r.Topic(t.Name)
		case TermRole:
			ok = slices.Contains(Roles, Role(t.Name))
		case TermMember:
			_, ok = r.Member(MemberID(t.Name))
		}
		if !ok {
			return Refuse("audience.unknown", "term", t.String())
		}
	}
	return nil
}

// Resolve computes who an audience is: active members matched by at least one term and taken away by none, each once, in the
// order of their numbers. An audience of exclusions only starts from nobody.
func (r *Roster) Resolve(a Audience) []Member {
	in := make([]bool, len(r.Members))
	for _, exclude := range []bool{false, true} {
		for _, t := range a {
			if t.Exclude != exclude {
				continue
			}
			match := r.matcher(t)
			for i, m := range r.Members {
				if match(m) {
					in[i] = !exclude
				}
			}
		}
	}
	var out []Member
	for i, m := range r.Members {
		if in[i] && m.Status == Active {
			out = append(out, m)
		}
	}
	return out
}

// Includes reports whether a member belongs to an audience.
func (r *Roster) Includes(a Audience, m Member) bool {
	in := false
	for _, t := range a {
		if t.Exclude && r.matcher(t)(m) {
			return false
		}
		in = in || !t.Exclude && r.matcher(t)(m)
	}
	return in
}

func (r *Roster) matcher(t Term) func(Member) bool {
	switch t.Kind {
	case TermAll:
		return func(Member) bool { return true }
	case TermUnit:
		return func(m Member) bool { return r.tree.Contains(UnitID(t.Name), m.Unit) }
	case TermOnly:
		return func(m Member) bool { return m.Unit == UnitID(t.Name) }
	case TermGroup:
		if g, ok := r.Group(GroupID(t.Name)); ok {
			return func(m Member) bool { return r.inGroup(g, m) }
		}
	case TermTopic:
		if topic, ok := r.Topic(t.Name); ok {
			return func(m Member) bool { return m.Follows(topic) }
		}
	case TermRole:
		return func(m Member) bool { return m.Has(Role(t.Name)) }
	case TermMember:
		return func(m Member) bool { return m.ID == MemberID(t.Name) }
	}
	return func(Member) bool { return false }
}

func (r *Roster) inGroup(g Group, m Member) bool {
	if slices.Contains(g.Members, m.ID) || slices.Contains(m.Groups, g.ID) {
		return true
	}
	rule := g.Rule
	if rule == (GroupRule{}) {
		return false
	}
	return (rule.PositionPrefix == "" || strings.HasPrefix(m.Position, rule.PositionPrefix)) &&
		(rule.Tag == "" || slices.Contains(m.Tags, rule.Tag)) &&
		(rule.Role == "" || m.Has(rule.Role)) &&
		(rule.Under == "" || r.tree.Contains(rule.Under, m.Unit))
}

// Reach splits an audience by the way of reaching it: by a message, and otherwise.
func Reach(members []Member) (reachable, otherwise []Member) {
	for _, m := range members {
		if m.Reachable() {
			reachable = append(reachable, m)
		} else {
			otherwise = append(otherwise, m)
		}
	}
	return reachable, otherwise
}
