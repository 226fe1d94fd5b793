package briefings

import (
	"slices"
	"time"
)

// Meeting is what members are called to. Its invitations are kept beside it, one each.
type Meeting struct {
	ID       MeetingID     `json:"id"`
	Rev      int64         `json:"rev"` // moved by the store at every write
	DocType  string        `json:"doc_type,omitempty"`
	DocNo    string        `json:"doc_no,omitempty"` // as written on the document, never rebuilt
	Title    Text          `json:"title"`
	Kind     string        `json:"kind,omitempty"`
	Issuer   UnitID        `json:"issuer,omitempty"`
	Starts   time.Time     `json:"starts"`
	Ends     time.Time     `json:"ends,omitzero"`
	Deadline time.Time     `json:"deadline,omitzero"` // answers are taken until then; zero: until the start
	Venues   []Venue       `json:"venues"`
	Audience Audience      `json:"audience"`
	Invited  string        `json:"invited,omitempty"` // who is invited, in words for the notice
	Chair    string        `json:"chair,omitempty"`
	Speakers []string      `json:"speakers,omitempty"`
	Agenda   []string      `json:"agenda,omitempty"`
	Papers   []string      `json:"papers,omitempty"`
	Deputies bool          `json:"deputies"` // whether somebody may sit for an invitee
	Leave    LeaveRule     `json:"leave,omitempty"`
	Quotas   []Quota       `json:"quotas,omitempty"` // units that name people of their own choice
	Dress    string        `json:"dress,omitempty"`
	Note     string        `json:"note,omitempty"`
	Contact  string        `json:"contact,omitempty"`
	Periods  []Period      `json:"periods,omitempty"`
	Label    Label         `json:"label"`
	Urgency  Urgency       `json:"urgency,omitempty"`
	AtOnce   bool          `json:"at_once,omitempty"` // the organizer let the notice go out in quiet hours
	Author   MemberID      `json:"author"`
	Created  time.Time     `json:"created"`
	Status   MeetingStatus `json:"status"`
	Announce time.Time     `json:"announce,omitzero"` // when the notice goes out
	Revision int           `json:"revision"`          // of the notice; 0 before it was announced
	Invites  time.Time     `json:"invites,omitzero"`  // when the audience was computed and the seats made
	ClosedAt time.Time     `json:"closed_at,omitzero"`
	Chases   []Chase       `json:"chases,omitempty"` // reminders that an organizer asked for, oldest first

	Summons   Audience   `json:"summons,omitempty"` // who of the audience is summoned; the others are invited
	Relay     *Relay     `json:"relay,omitempty"`   // what it shows of the upper level; nil: nothing
	Materials []Material `json:"materials,omitempty"`
	Week      WeekID     `json:"week,omitempty"`      // told in this weekly schedule instead of a notice of its own
	WeekSize  int        `json:"week_size,omitempty"` // how many meetings the schedule has
	Changes   []Change   `json:"changes,omitempty"`   // since members were told, oldest first

	Outcome *Outcome `json:"outcome,omitempty"` // nil until the organizer told it

	Heeded time.Time `json:"heeded,omitzero"` // when a question was last decided

	Boards      []BoardLink `json:"boards,omitempty"`       // to the live board, oldest first
	BoardSecret string      `json:"board_secret,omitempty"` // what signs them; empty: there was none yet

	Opens     time.Duration `json:"opens,omitempty"`      // check-in may open so long before the start; zero: CheckInOpens
	LateAfter time.Duration `json:"late_after,omitempty"` // after the start; zero: LateAfterStart
}

const (
	// CheckInOpens is how long before the start a venue may take attendance where the meeting does not say.
	CheckInOpens = 2 * time.Hour
	// LateAfterStart is how long after the start a check-in begins to count as late where the meeting does not say.
	LateAfterStart = 15 * time.Minute
	// CheckInCloses is how long after the end (or after the start, where there is no end) a venue still takes attendance.
	CheckInCloses = 2 * time.Hour
)

// MeetingStatus is where a meeting stands.
type MeetingStatus string

const (
	MeetingDraft     MeetingStatus = "draft"
	MeetingOpen      MeetingStatus = "open" // announced, or waiting for its hour to be
	MeetingClosed    MeetingStatus = "closed"
	MeetingCancelled MeetingStatus = "cancelled"
	MeetingPostponed MeetingStatus = "postponed" // to a time not known yet
)

// Venue is one of the places a meeting is held at.
type Venue struct {
	ID       VenueID    `json:"id"`
	Name     Text       `json:"name"`
	Main     bool       `json:"main,omitempty"`
	Capacity int        `json:"capacity,omitempty"` // seats; zero: not said
	Units    []UnitID   `json:"units,omitempty"`    // whose members come here by default
	Officers []MemberID `json:"officers,omitempty"`
	Chair    string     `json:"chair,omitempty"`
	Address  string     `json:"address,omitempty"`
	Link     string     `json:"link,omitempty"` // https, for those who join from afar

	Door    *Door    `json:"door,omitempty"` // nil until check-in was opened
	Closing *Closing `json:"closing,omitempty"`

	Technicians []MemberID  `json:"technicians,omitempty"`
	Map         string      `json:"map,omitempty"`      // https, where the address is on a map
	Ready       *Readiness  `json:"ready,omitempty"`    // nil until somebody there said anything
	Guests      int         `json:"guests,omitempty"`   // counted at the door: people without a seat who are not on the roll
	Counted     MemberID    `json:"counted,omitempty"`  // who counted them last
	WalkIns     []WalkIn    `json:"walk_ins,omitempty"` // people on the roll without a seat, each with a name
	Helpers     []Helper    `json:"helpers,omitempty"`
	Proofs      []Proof     `json:"proofs,omitempty"`  // photographs of the signed list
	Earlier     []Reopening `json:"earlier,omitempty"` // closings that were taken back, oldest first
	Amended     []Amendment `json:"amended,omitempty"` // late changes of what is counted here without a seat
}

// Closing is a venue's closing number, the official figure; individual check-ins stand beside it and are never mixed with it.
type Closing struct {
	Headcount int       `json:"headcount"` // everybody in the room
	Guests    int       `json:"guests"`    // those of them who have no seat
	Remark    string    `json:"remark,omitempty"`
	By        MemberID  `json:"by"`
	At        time.Time `json:"at"`
}

// Check refuses a meeting that cannot be held, with the first reason: the same order as the form's lines.
func (m *Meeting) Check(now time.Time) error {
	switch {
	case m.Title.Vi == "" && m.Title.En == "":
		return Refuse("form.missing", "field", FieldTitle)
	case m.Starts.IsZero():
		return Refuse("form.missing", "field", FieldTime)
	case !m.Starts.After(now):
		return Refuse("form.past_time")
	case !m.Ends.IsZero() && !m.Ends.After(m.Starts):
		return Refuse("form.end_before_start")
	case !m.Deadline.IsZero() && m.Deadline.After(m.Starts):
		return Refuse("form.deadline_after_start")
	case !m.Deadline.IsZero() && !m.Deadline.After(now):
		return Refuse("form.deadline_past")
	case len(m.Venues) == 0:
		return Refuse("form.missing", "field", FieldVenue)
	case len(m.Audience) == 0 && len(m.Quotas) == 0:
		return Refuse("form.missing", "field", FieldAudience)
	}
	return CheckLabel(m.Label)
}

// Field names a line of a form; its printed name stands in the catalogue under field.<name>.
type Field string

const (
	FieldTitle    Field = "title"
	FieldTime     Field = "time"
	FieldEnd      Field = "end"
	FieldDeadline Field = "deadline"
	FieldVenue    Field = "venue"
	FieldAudience Field = "audience"
	FieldChair    Field = "chair"
	FieldSpeaker  Field = "speaker"
	FieldAgenda   Field = "agenda"
	FieldDeputies Field = "deputies"
	FieldLeave    Field = "leave"
	FieldQuota    Field = "quota"
	FieldLate     Field = "late"
	FieldDress    Field = "dress"
	FieldNote     Field = "note"
	FieldPeriod   Field = "period"
	FieldLabel    Field = "label"
	FieldTopic    Field = "topic"
	FieldSend     Field = "send"
	FieldBody     Field = "body"
	FieldDoc      Field = "doc"
	FieldDocNo    Field = "doc_no"
	FieldInvited  Field = "invited"
	FieldSummons  Field = "summons"
	FieldPaper    Field = "paper"
	FieldRelay    Field = "relay"
	FieldUrgency  Field = "urgency"
)

// Venue returns a venue of the meeting; nil when there is none with this id.
func (m *Meeting) Venue(id VenueID) *Venue {
	for i := range m.Venues {
		if m.Venues[i].ID == id {
			return &m.Venues[i]
		}
	}
	return nil
}

// MainVenue returns the main hall: the venue marked so, else the first; nil for a meeting without venues.
func (m *Meeting) MainVenue() *Venue {
	for i := range m.Venues {
		if m.Venues[i].Main {
			return &m.Venues[i]
		}
	}
	if len(m.Venues) > 0 {
		return &m.Venues[0]
	}
	return nil
}

// VenueFor returns the venue that serves a unit: the one that names the unit, else its nearest ancestor, else the main hall.
func (m *Meeting) VenueFor(unit UnitID, tree *Tree) VenueID {
	path := tree.Path(unit)
	for _, id := range slices.Backward(path) {
		for _, v := range m.Venues {
			if slices.Contains(v.Units, id) {
				return v.ID
			}
		}
	}
	if v := m.MainVenue(); v != nil {
		return v.ID
	}
	return ""
}

// Serves reports whether somebody of the unit has a venue: one that names the unit or one above it, or a main hall that names no
// units and so is for all the others.
func (m *Meeting) Serves(unit UnitID, tree *Tree) bool {
	if v := m.MainVenue(); v != nil && len(v.Units) == 0 {
		return true
	}
	path := tree.Path(unit)
	return slices.ContainsFunc(m.Venues, func(v Venue) bool {
		return slices.ContainsFunc(path, func(id UnitID) bool { return slices.Contains(v.Units, id) })
	})
}

// Staff returns who prepares the venue and keeps its door: officers, then technicians, each once.
func (v *Venue) Staff() []MemberID {
	staff := slices.Clone(v.Officers)
	for _, id := range v.Technicians {
		if !slices.Contains(staff, id) {
			staff = append(staff, id)
		}
	}
	return staff
}

// Officer reports whether the member is of a venue's staff; it returns the first such venue.
func (m *Meeting) Officer(id MemberID) (VenueID, bool) {
	for _, v := range m.Venues {
		if slices.Contains(v.Staff(), id) {
			return v.ID, true
		}
	}
	return "", false
}

// AnswersUntil is the moment after which answers are no longer taken.
func (m *Meeting) AnswersUntil() time.Time {
	if m.Deadline.IsZero() {
		return m.Starts
	}
	return m.Deadline
}

// TakesAnswers reports whether members were called and may still answer.
func (m *Meeting) TakesAnswers(now time.Time) bool {
	return m.Status == MeetingOpen && !m.Invites.IsZero() && now.Before(m.AnswersUntil())
}

// Held is the moment by which the meeting is over.
func (m *Meeting) Held() time.Time {
	if m.Ends.IsZero() {
		return m.Starts
	}
	return m.Ends
}

// Expected reports whether the meeting is still to take place: it is not over, or waits for a new time.
func (m *Meeting) Expected(now time.Time) bool {
	return m.Status == MeetingPostponed || m.Status == MeetingOpen && !m.Held().Before(now)
}

// CheckInWindow is the time in which a venue may take attendance.
func (m *Meeting) CheckInWindow() (from, to time.Time) {
	before := m.Opens
	if before == 0 {
		before = CheckInOpens
	}
	return m.Starts.Add(-before), m.Held().Add(CheckInCloses)
}

// Late is the moment from which a check-in counts as late.
func (m *Meeting) Late() time.Time {
	after := m.LateAfter
	if after == 0 {
		after = LateAfterStart
	}
	return m.Starts.Add(after)
}

// AnnounceAt makes a draft go out at a moment: the notice's first revision.
func (m *Meeting) AnnounceAt(at, now time.Time) error {
	if m.Status != MeetingDraft {
		return Refuse("err.already_done")
	}
	if err := m.Check(now); err != nil {
		return err
	}
	if at.Before(now.Add(-time.Minute)) {
		return Refuse("form.past_time")
	}
	if !at.Before(m.AnswersUntil()) {
		return Refuse("form.announce_after_deadline")
	}
	m.Status, m.Announce, m.Revision = MeetingOpen, at, 1
	return nil
}

// CloseVenue takes a venue's closing number. A venue whose list was kept on paper may close without ever having opened its door, once
// the meeting has begun. When the last venue closes, the meeting is closed and those who neither came nor asked leave count as absent
// without leave.
func (m *Meeting) CloseVenue(id VenueID, c Closing) error {
	v := m.Venue(id)
	switch {
	case v == nil:
		return Refuse("err.expired")
	case m.Status != MeetingOpen:
		return Refuse("checkin.meeting_closed")
	case v.Closing != nil:
		return Refuse("checkin.venue_closed", "venue", v.Name)
	case v.Door == nil && c.At.Before(m.Starts):
		return Refuse("checkin.not_open", "venue", v.Name)
	case c.Headcount < 0 || c.Guests < 0 || c.Guests > c.Headcount:
		return Refuse("close.bad_numbers")
	case Length(c.Remark) > NoteLimit:
		return Refuse("question.long", "n", Length(c.Remark), "max", NoteLimit)
	}
	v.Closing = &c
	for _, other := range m.Venues {
		if other.Closing == nil {
			return nil
		}
	}
	m.Status, m.ClosedAt = MeetingClosed, c.At
	return nil
}
