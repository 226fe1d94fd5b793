package briefings

import (
	"slices"
	"time"
)

// Member is a person on the roll, whether or not on Telegram. Name, position, unit, phone and account are all that is kept.
type Member struct {
	ID         MemberID  `json:"id"`
	No         MemberNo  `json:"no"`
	Name       string    `json:"name"`
	SortGiven  string    `json:"sort_given,omitempty"`  // what the name sorts by first; empty: its last word
	SortFamily string    `json:"sort_family,omitempty"` // empty: its first word
	Position   string    `json:"position,omitempty"`
	Unit       UnitID    `json:"unit"`
	Phone      string    `json:"phone,omitempty"` // +84…
	Tags       []string  `json:"tags,omitempty"`  // marks that group rules look for
	Groups     []GroupID `json:"groups,omitempty"`
	Roles      []Grant   `json:"roles,omitempty"`
	Lang       Lang      `json:"lang,omitempty"`
	Address    string    `json:"address,omitempty"` // đồng chí, ông, bà, anh, chị; empty: đồng chí
	Channel    Channel   `json:"channel,omitempty"` // empty: Telegram
	Status     Status    `json:"status"`
	User       UserID    `json:"user,omitempty"` // zero until the member joined
	JoinedAt   time.Time `json:"joined_at,omitzero"`
	Topics     []TopicID `json:"topics,omitempty"` // optional topics followed
	Paused     bool      `json:"paused,omitempty"` // the member asked for silence
	Blocked    Unreach   `json:"blocked,omitempty"`
	BlockedAt  time.Time `json:"blocked_at,omitzero"`
}

// Status is a member's standing on the roll.
type Status string

const (
	Active    Status = "active"    // on the roll: called to meetings, counted in audiences
	Invited   Status = "invited"   // proposed for the roll, has not confirmed yet
	Pending   Status = "pending"   // asked to join, waits for an officer
	Left      Status = "left"      // no longer in the organisation
	Withdrawn Status = "withdrawn" // withdrew consent: told by other means
)

// Channel is the way a member is reached.
type Channel string

const (
	ByTelegram    Channel = "telegram"
	ByPhone       Channel = "phone_call"
	ByPaper       Channel = "paper"
	ByOfficialApp Channel = "official_app"
)

// Unreach is why an address stopped working; empty means that it works.
type Unreach string

const (
	BlockedBot  Unreach = "blocked"     // the member blocked the bot
	Deactivated Unreach = "deactivated" // the account is gone
	NoChat      Unreach = "no_chat"     // the bot may not write first
)

// Joined reports whether the member has linked an account.
func (m Member) Joined() bool { return m.User != 0 }

// Reachable reports whether a message can be sent to the member's chat now.
func (m Member) Reachable() bool {
	return m.Status == Active && m.User != 0 && m.Blocked == "" && (m.Channel == "" || m.Channel == ByTelegram)
}

// Join links an account to the member. A member who already joined from another account is refused: the officer settles it.
func (m *Member) Join(user UserID, lang Lang, at time.Time) error {
	switch {
	case m.Status == Left || m.Status == Withdrawn:
		return Refuse("start.code_invalid")
	case m.User == user && m.Status == Active && m.Blocked == "":
		return ErrUnchanged
	case m.User != 0 && m.User != user:
		return Refuse("start.already_linked")
	}
	m.User, m.Status, m.Blocked, m.BlockedAt = user, Active, "", time.Time{}
	if m.JoinedAt.IsZero() {
		m.JoinedAt = at
	}
	if m.Lang == "" {
		m.Lang = lang
	}
	return nil
}

// Follow adds an optional topic, or takes it away. A mandatory topic cannot be left.
func (m *Member) Follow(t Topic, on bool) error {
	has := slices.Contains(m.Topics, t.ID)
	switch {
	case t.Mandatory && !on:
		return Refuse("topics.required", "topic", t.Name)
	case t.Mandatory || has == on:
		return ErrUnchanged
	case on:
		m.Topics = append(m.Topics, t.ID)
	default:
		m.Topics = slices.DeleteFunc(m.Topics, func(id TopicID) bool { return id == t.ID })
	}
	return nil
}

// Follows reports whether the member receives the topic.
func (m Member) Follows(t Topic) bool { return t.Mandatory || slices.Contains(m.Topics, t.ID) }

// Role is what a member may do; a role above member holds under a unit (its scope).
type Role string

const (
	RoleMember       Role = "member"
	RolePropagandist Role = "propagandist"
	RoleOfficer      Role = "officer" // venue officer: granted per meeting, here for the standing ones
	RoleOrganizer    Role = "organizer"
	RoleApprover     Role = "approver"
	RoleAdmin        Role = "admin"
)

// Roles lists the roles that a roster file may name.
var Roles = []Role{RoleMember, RolePropagandist, RoleOfficer, RoleOrganizer, RoleApprover, RoleAdmin}

// Grant gives a role under a unit. An empty scope is the whole organisation.
type Grant struct {
	Role  Role   `json:"role"`
	Scope UnitID `json:"scope,omitempty"`
}

// Has reports whether the member holds the role anywhere. An admin is an organizer too.
func (m Member) Has(role Role) bool {
	if role == RoleMember {
		return m.Status == Active
	}
	return slices.ContainsFunc(m.Roles, func(g Grant) bool { return g.covers(role) })
}

// May reports whether the member holds the role over a unit.
func (m Member) May(role Role, unit UnitID, tree *Tree) bool {
	return slices.ContainsFunc(m.Roles, func(g Grant) bool {
		return g.covers(role) && (g.Scope == "" || tree.Contains(g.Scope, unit))
	})
}

func (g Grant) covers(role Role) bool {
	return g.Role == role || g.Role == RoleAdmin && role == RoleOrganizer
}

// Group is a saved audience that cuts across units: by rule, by list, or both.
type Group struct {
	ID      GroupID    `json:"id"`
	Name    Text       `json:"name"`
	Rule    GroupRule  `json:"rule,omitzero"`
	Members []MemberID `json:"members,omitempty"`
}

// GroupRule picks members by what the roll says of them; empty fields do not pick.
type GroupRule struct {
	PositionPrefix string `json:"position_prefix,omitempty"`
	Tag            string `json:"tag,omitempty"`
	Role           Role   `json:"role,omitempty"`
	Under          UnitID `json:"under,omitempty"`
}

// Topic is something one may follow. A mandatory topic is followed by everybody.
type Topic struct {
	ID        TopicID `json:"id"`
	Slug      string  `json:"slug"`
	Name      Text    `json:"name"`
	Mandatory bool    `json:"mandatory,omitempty"`
}
