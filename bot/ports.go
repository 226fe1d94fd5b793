package bot

import (
	"context"
	"time"

	"briefbot/briefings"
)

// Roll is what the bot reads and writes of members.
type Roll interface {
	Roster(ctx context.Context) (*briefings.Roster, error)
	MemberByUser(ctx context.Context, user briefings.UserID) (briefings.Member, error)
	MemberByPhone(ctx context.Context, phone string) (briefings.Member, error)
	UpdateMember(ctx context.Context, id briefings.MemberID, change func(*briefings.Member) error) (briefings.Member, error)
}

// Links are the one-time invite links.
type Links interface {
	NewLink(ctx context.Context, id briefings.MemberID, ttl time.Duration) (string, error)
	PeekLink(ctx context.Context, token string) (briefings.MemberID, error)
	ClaimLink(ctx context.Context, token string, claim func(briefings.MemberID) error) (briefings.MemberID, error)
}

// Briefings are the publications.
type Briefings interface {
	AddBriefing(ctx context.Context, b *briefings.Briefing) error
	Briefing(ctx context.Context, id briefings.BriefingID) (briefings.Briefing, error)
	UpdateBriefing(ctx context.Context, id briefings.BriefingID, change func(*briefings.Briefing) error) (briefings.Briefing, error)
	Briefings(ctx context.Context) ([]briefings.Briefing, error)
}

// Meetings are what members are called to.
type Meetings interface {
	AddMeeting(ctx context.Context, m *briefings.Meeting) error
	Meeting(ctx context.Context, id briefings.MeetingID) (briefings.Meeting, error)
	UpdateMeeting(ctx context.Context, id briefings.MeetingID, change func(*briefings.Meeting) error) (briefings.Meeting, error)
	Meetings(ctx context.Context) ([]briefings.Meeting, error)
}

// Seats are the invitations of a meeting.
type Seats interface {
	Invitations(ctx context.Context, id briefings.MeetingID) ([]briefings.Invitation, error)
	// Changes is another number whenever a seat has changed. Read before the seats, it is true of them or older.
	Changes(ctx context.Context, id briefings.MeetingID) (int64, error)
	SeatOf(ctx context.Context, id briefings.MeetingID, who briefings.MemberID) (seat briefings.Invitation, deputy bool, err error)
	UpdateInvitation(ctx context.Context, id briefings.MeetingID, who briefings.MemberID,
		change func(*briefings.Meeting, *briefings.Invitation) error) (briefings.Invitation, error)
	// Seated reads a meeting and the seat of SeatOf at once, and UpdateSeated is UpdateInvitation that begins with what was read.
	Seated(ctx context.Context, id briefings.MeetingID, who briefings.MemberID) (briefings.Seated, error)
	UpdateSeated(ctx context.Context, from briefings.Seated, change func(*briefings.Meeting, *briefings.Invitation) error) (briefings.Invitation, error)
}

// Days tells working days from holidays.
type Days interface {
	Calendar(ctx context.Context) (briefings.Calendar, error)
}

// Calendars say when what may be sent.
type Calendars interface {
	Calm(ctx context.Context) (briefings.Calm, error)
	Holidays(ctx context.Context) ([]briefings.Holiday, error)
	UpdateHolidays(ctx context.Context, change func(*[]briefings.Holiday) error) ([]briefings.Holiday, error)
	UpdateHours(ctx context.Context, change func(*briefings.Hours) error) (briefings.Hours, error)
}

// Guesses counts wrong check-in codes, so that they cannot be tried out.
type Guesses interface {
	Attempts(ctx context.Context, id briefings.MeetingID, user briefings.UserID, window time.Duration) (int, error)
	ResetAttempts(ctx context.Context, id briefings.MeetingID, user briefings.UserID) error
}

// Opinions are what people say about a meeting: counts, and who was heard, apart from each other.
type Opinions interface {
	Opine(ctx context.Context, id briefings.MeetingID, who briefings.MemberID, q briefings.Question, mark briefings.Mark) (bool, error)
	Heard(ctx context.Context, id briefings.MeetingID, who briefings.MemberID) ([]briefings.Question, error)
	Opinion(ctx context.Context, id briefings.MeetingID) (briefings.Opinion, error)
}

// Inquiries are the questions to the speaker of a meeting.
type Inquiries interface {
	Inquiries(ctx context.Context, id briefings.MeetingID) (briefings.Inquiries, error)
	UpdateInquiries(ctx context.Context, id briefings.MeetingID, change func(*briefings.Meeting, *briefings.Inquiries) error) (briefings.Inquiries, error)
}

// Store is everything the bot keeps in the domain's store.
type Store interface {
	Roll
	Links
	Briefings
	Meetings
	Seats
	Days
	Calendars
	Guesses
	Opinions
	Inquiries
}

// Progress is a mailing as an organizer watches it.
type Progress struct {
	Mailing  briefings.Mailing
	State    string // building, ready, running, paused, done, cancelled, aborted
	Total    int
	Sent     int
	Failed   int
	Skipped  int
	Unknown  int
	Expired  int
	Retry    int                // wait for another try
	Next     time.Time          // when the first of those is due; zero when nobody can say
	Why      string             // of an abort, or of a pause that nobody asked for: strangers, text, keyboard, …
	By       briefings.MemberID // who paused or stopped it, where known
	Started  time.Time
	Finished time.Time
}

// Over reports whether nothing more will be sent.
func (p Progress) Over() bool {
	return p.State == "done" || p.State == "cancelled" || p.State == "aborted"
}

// Settled is how many recipients have a final outcome.
func (p Progress) Settled() int { return p.Sent + p.Failed + p.Skipped + p.Unknown + p.Expired }

// Act is what an organizer can do to a mailing.
type Act string

const (
	ActPause  Act = "pause"
	ActResume Act = "resume"
	ActCancel Act = "cancel"
	ActResend Act = "resend" // to those it failed for
	ActUnsure Act = "unsure" // to those of whom nobody knows whether it arrived
)

// Untold is somebody a mailing did not reach.
type Untold struct {
	No  briefings.MemberNo
	Why string // blocked, not_joined, other_channel, … ; a key of the catalogue under why.
}

// Outbox is what the bot needs of mailings.
type Outbox interface {
	// Mailings returns the newest n.
	Mailings(ctx context.Context, n int) ([]Progress, error)
	// Mailing returns one; briefings.ErrNotFound before it was put.
	Mailing(ctx context.Context, key briefings.Key) (Progress, error)
	// Control does what somebody asked; a Refusal when the mailing's state does not allow it.
	Control(ctx context.Context, key briefings.Key, act Act, by briefings.MemberID) error
	// Receipts returns the messages by which a mailing was told, for kinds that keep them.
	Receipts(ctx context.Context, key briefings.Key) (map[briefings.MemberNo]briefings.Receipt, error)
	// Renew keeps another message for somebody whom a mailing told, in place of one that is gone.
	Renew(ctx context.Context, key briefings.Key, no briefings.MemberNo, with briefings.Receipt) error
	// Untold lists whom a mailing did not reach.
	Untold(ctx context.Context, key briefings.Key) ([]Untold, error)
}

// Vitals are what the service knows of itself.
type Vitals struct {
	Down       bool          // Redis does not answer
	Redis      time.Duration // how long it took to
	Away, Back time.Time     // its last outage; Back is zero while it lasts
	Lossy      []string      // settings of Redis with which confirmed things may be lost
	Planned    bool          // some replica plans what goes out
	Replicas   []string      // names of those alive
	Reading    Reading
	Skew       time.Duration // by how much the machine's clock differs from Redis', by which the service goes
}

// Reading is the last time that something else kept updates from being read.
type Reading struct {
	By           string    // webhook or poller; empty: nothing did of late
	Since, Until time.Time // Until is zero while it lasts
}

// Health tells how the service is.
type Health interface {
	Vitals(ctx context.Context) Vitals
}

// Slots tells when a cadence comes.
type Slots interface {
	// Upcoming returns the next n slots after a moment.
	Upcoming(ctx context.Context, c briefings.Cadence, after time.Time, n int) ([]Slot, error)
}

// Slot is one occasion of a cadence and the moment on which it falls.
type Slot struct {
	Occasion briefings.Occasion
	At       time.Time
}
