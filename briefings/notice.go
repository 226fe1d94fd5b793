package briefings

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Kind is the sort of thing a mailing tells.
type Kind string

const (
	KindBriefing     Kind = "briefing"      // an edition of a briefing
	KindInvitation   Kind = "invitation"    // a meeting notice with its buttons
	KindRemindSilent Kind = "remind_silent" // to those who have not answered
	KindRemindComing Kind = "remind_coming" // to those who are coming
	KindNotSeen      Kind = "not_seen"      // to those who are expected, when the meeting has begun and they are not checked in
	KindDeputyAsked  Kind = "deputy_asked"  // to a deputy: will you sit for somebody
	KindDeputyReply  Kind = "deputy_reply"  // to the person who sent a deputy
	KindDeputyFreed  Kind = "deputy_freed"  // to a deputy who had said yes: you are no longer needed
	KindRequest      Kind = "request"       // to those who decide: somebody asks leave, or to answer otherwise
	KindDecision     Kind = "decision"      // to whoever asked: what was decided
	KindAnsweredFor  Kind = "answered_for"  // to those for whom somebody answered
	KindNominate     Kind = "nominate"      // to the officers of a unit: name people
	KindCancelled    Kind = "cancelled"     // a meeting does not take place
	KindChanged      Kind = "changed"       // what changed about a meeting, to those concerned
	KindCorrected    Kind = "corrected"     // the cards that were sent are put right in place
	KindRedrawn      Kind = "redrawn"       // the cards of those whose answer came from elsewhere are drawn anew
	KindMaterial     Kind = "material"      // a document or picture of a meeting
	KindWeekly       Kind = "weekly"        // a week's meetings in one message
	KindReady        Kind = "ready"         // to a venue's staff: does everything work
	KindRed          Kind = "red"           // to the organizer: something does not work at a venue
	KindPassTaken    Kind = "pass_taken"    // to whoever gave out a door pass: somebody helps with it
	KindLink         Kind = "link"          // to those who join by a venue's link
	KindPlace        Kind = "place"         // to somebody who waited for a place at a venue: there is one
	KindFeedback     Kind = "feedback"      // to those who came: how was it
	KindOutcome      Kind = "outcome"       // to those who came: conclusions and materials
	KindMissed       Kind = "missed"        // to those excused: what they missed
	KindRelayed      Kind = "relayed"       // to the organizer: the meeting that this one relays has moved
	KindInquiries    Kind = "inquiries"     // to the organizer: there are questions to the speaker
	KindInquiry      Kind = "inquiry"       // to whoever asked: what became of the question
)

// Class orders what waits for a slot. A lower number goes first.
type Class uint8

const (
	ClassReply    Class = iota // answers to somebody who waits with the phone in hand
	ClassUrgent                // changes, cancellations, what is of use for minutes only
	ClassNotice                // invitations and reminders
	ClassBriefing              // publications
)

// Policy says what becomes of a message of which nobody knows whether it arrived.
type Policy uint8

const (
	Again      Policy = iota // send it again: better twice than never
	NeverTwice               // leave it and show it to the organizer
)

// Key is the identity of a mailing for good: putting the same key twice puts one mailing.
type Key string

// Mailing is one thing to be told to an audience. It names things and quotes nothing: the words are chosen when it is sent, from
// the subject as it then stands.
type Mailing struct {
	Kind     Kind      `json:"kind"`
	Subject  string    `json:"subject"`            // id of the meeting or briefing
	Occasion Occasion  `json:"occasion,omitempty"` // a slot, for what repeats
	Revision int       `json:"revision,omitempty"` // for what is told anew when it changes
	Person   MemberID  `json:"person,omitempty"`   // whom it is about, for kinds that concern one seat
	Venue    VenueID   `json:"venue,omitempty"`    // which venue it is about, for kinds that concern one
	Unit     UnitID    `json:"unit,omitempty"`     // which unit it is about, for kinds that ask a unit
	Due      time.Time `json:"due"`                // when it was to be told
	Expires  time.Time `json:"expires,omitzero"`   // from then on it is of no use
	By       MemberID  `json:"by,omitempty"`       // who caused it and watches it
	Urgent   bool      `json:"urgent,omitempty"`   // somebody said that it cannot wait: it overtakes, also at night
	Late     bool      `json:"late,omitempty"`     // it starts late and says so
}

// Key returns kind/subject[/person][/unit][/venue][/occasion][/revision].
func (m Mailing) Key() Key {
	parts := []string{string(m.Kind), m.Subject}
	if m.Person != "" {
		parts = append(parts, string(m.Person))
	}
	if m.Venue != "" {
		parts = append(parts, string(m.Venue))
	}
	if m.Unit != "" {
		parts = append(parts, string(m.Unit))
	}
	if m.Occasion != "" {
		parts = append(parts, string(m.Occasion))
	}
	if m.Revision != 0 {
		parts = append(parts, strconv.Itoa(m.Revision))
	}
	return Key(strings.Join(parts, "/"))
}

// Kind is the kind of the mailing that a key names.
func (k Key) Kind() Kind {
	kind, _, _ := strings.Cut(string(k), "/")
	return Kind(kind)
}

// Silent reports whether a mailing of this kind tells nobody anything: it only makes messages say what is known by now. There may be
// many of them, and no organizer watches them.
func (k Kind) Silent() bool { return k == KindRedrawn }

// Confidential reports whether nobody may see whom a mailing of this kind went to: who asked the speaker may have chosen not to be named.
func (k Kind) Confidential() bool { return k == KindInquiry }

// Check refuses a mailing whose key would be ambiguous or unusable.
func (m Mailing) Check() error {
	if m.Kind == "" || m.Subject == "" || strings.ContainsAny(m.Subject+string(m.Person)+string(m.Unit)+string(m.Venue)+string(m.Occasion), "/{}\n ") {
		return fmt.Errorf("check mailing %q: %w", m.Key(), errBadMailing)
	}
	return nil
}

var errBadMailing = fmt.Errorf("a mailing needs a kind and names without slashes, braces and blanks")

// Class returns how urgent the mailing is: as its kind, unless somebody said that it cannot wait.
func (m Mailing) Class() Class {
	if m.Urgent {
		return min(m.Kind.Class(), ClassUrgent)
	}
	return m.Kind.Class()
}

// Class returns how urgent the kind is.
func (k Kind) Class() Class {
	switch k {
	case KindCancelled, KindChanged, KindDeputyAsked, KindDeputyReply, KindDeputyFreed, KindNotSeen, KindRequest, KindDecision, KindReady, KindRed, KindPassTaken, KindLink,
		KindNominate, KindRelayed:
		return ClassUrgent
	case KindBriefing, KindMaterial: // a notice comes before its papers
		return ClassBriefing
	}
	return ClassNotice
}

// Bulk reports whether the kind goes to many at once and can wait until they have rested.
func (k Kind) Bulk() bool { return k == KindBriefing || k == KindInvitation }

// Policy returns what the kind does with an unknown outcome: a briefing is long and better not doubled, a notice must arrive.
func (k Kind) Policy() Policy {
	if k == KindBriefing {
		return NeverTwice
	}
	return Again
}

// KeepsReceipts reports whether messages of this kind may be edited or withdrawn later, so that their ids are kept.
func (k Kind) KeepsReceipts() bool {
	return k == KindInvitation || k == KindBriefing || k == KindWeekly
}

// Recipient is a member as the delivery needs one, looked up when the notice is sent.
type Recipient struct {
	No   MemberNo
	ID   MemberID
	Chat ChatID
	Lang Lang
	// Skip is empty for somebody who can be written to now, else why not: the member left, paused, blocked the bot, or is
	// reached otherwise.
	Skip string
}

// Notice is a mailing and one of its recipients.
type Notice struct {
	Mailing Mailing
	To      Recipient
}

// Receipt is what the channel calls the message that went out.
type Receipt struct {
	Message int32
}
