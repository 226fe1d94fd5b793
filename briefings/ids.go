package briefings

// Identities are types, so that a unit can never be passed where a member is meant.
type (
	MemberID   string
	UnitID     string
	GroupID    string
	TopicID    string
	BriefingID string
	MeetingID  string
	VenueID    string
	ActivityID string
)

// MemberNo is a member's place in the order of joining the roll, given once and never reused. Audiences are packed as these
// numbers, four bytes each.
type MemberNo uint32

// UserID is the account a member speaks from; ChatID is the address a member is written to. For a private chat both are the same
// number, but only the sender's UserID ever decides what somebody may do.
type (
	UserID int64
	ChatID int64
)

// Lang is a language tag of the catalogue; empty means the organisation's language.
type Lang string

const (
	Vietnamese Lang = "vi"
	English    Lang = "en"
)

// Text is a short text in both languages. English may be empty.
type Text struct {
	Vi string `json:"vi"`
	En string `json:"en,omitempty"`
}

// In returns the text in lang, and the Vietnamese one where there is no translation.
func (t Text) In(lang Lang) string {
	if lang == English && t.En != "" {
		return t.En
	}
	if t.Vi == "" {
		return t.En
	}
	return t.Vi
}
