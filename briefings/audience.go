package briefings

import (
	"slices"
	"strings"
)

// Term is one part of an audience: a sort, what it names, and whether it takes away.
type Term struct {
	Kind    TermKind
	Name    string
	Exclude bool
}

// TermKind is the sort of a term.
type TermKind string

const (
	TermAll    TermKind = "all"
	TermUnit   TermKind = "unit"   // the unit with everything below it
	TermOnly   TermKind = "only"   // that unit alone
	TermGroup  TermKind = "group"  // a saved group
	TermTopic  TermKind = "topic"  // who follows a topic
	TermRole   TermKind = "role"   // who holds a role
	TermMember TermKind = "member" // one person
)

var termKinds = []TermKind{TermAll, TermUnit, TermOnly, TermGroup, TermTopic, TermRole, TermMember}

// Audience is the members a subject concerns, as terms. It is stored as written and computed when the sending starts, so that
// somebody who joins the unit in between is called too.
type Audience []Term

// ParseAudience reads terms joined by commas: all, unit:ID, only:ID, group:ID, topic:ID, role:NAME, member:ID, each with an
// optional leading minus. The refusal names the term that cannot be read. Whether the named things exist is for Roster.Check.
func ParseAudience(text string) (Audience, error) {
	var a Audience
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		t := Term{}
		rest, minus := strings.CutPrefix(part, "-")
		t.Exclude = minus
		kind, name, _ := strings.Cut(strings.TrimSpace(rest), ":")
		t.Kind, t.Name = TermKind(strings.ToLower(strings.TrimSpace(kind))), strings.TrimSpace(name)
		if !slices.Contains(termKinds, t.Kind) || (t.Kind == TermAll) != (t.Name == "") {
			return nil, Refuse("audience.bad_term", "term", part)
		}
		a = append(a, t)
	}
	if len(a) == 0 {
		return nil, Refuse("audience.empty")
	}
	return a, nil
}

// String writes the audience as ParseAudience reads it.
func (a Audience) String() string {
	parts := make([]string, len(a))
	for i, t := range a {
		parts[i] = t.String()
	}
	return strings.Join(parts, ", ")
}

func (t Term) String() string {
	s := string(t.Kind)
	if t.Kind != TermAll {
		s += ":" + t.Name
	}
	if t.Exclude {
		s = "-" + s
	}
	return s
}

// MarshalText and UnmarshalText keep an audience as its text.
func (a Audience) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

func (a *Audience) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*a = nil
		return nil
	}
	parsed, err := ParseAudience(string(b))
	*a = parsed
	return err
}
