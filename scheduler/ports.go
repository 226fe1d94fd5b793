package scheduler

import (
	"context"
	"iter"

	"briefbot/briefings"
)

// Facts is all the planner reads and what it writes: seats, answers that a change made void, and what became of a slot.
type Facts interface {
	Roll
	Publications
	Convocations
	Seats
}

// Roll tells who is on the roll and when they may be told.
type Roll interface {
	Roster(ctx context.Context) (*briefings.Roster, error)
	// Calm tells when what may be sent.
	Calm(ctx context.Context) (briefings.Calm, error)
}

// Publications keeps the briefings.
type Publications interface {
	// ActiveBriefings returns the briefings that are Watched: they come by their cadence, or an edition of theirs waits.
	ActiveBriefings(ctx context.Context) ([]briefings.Briefing, error)
	// UpdateBriefing changes a briefing under compare-and-set; the function may run more than once.
	UpdateBriefing(ctx context.Context, id briefings.BriefingID, change func(*briefings.Briefing) error) (briefings.Briefing, error)
}

// Convocations keeps the meetings.
type Convocations interface {
	// OpenMeetings returns the meetings that are open, and those that were closed or cancelled of late.
	OpenMeetings(ctx context.Context) ([]briefings.Meeting, error)
	// Inquiries returns the questions to the speaker of a meeting.
	Inquiries(ctx context.Context, id briefings.MeetingID) (briefings.Inquiries, error)
}

// Seats keeps the invitations to a meeting.
type Seats interface {
	// Invite makes the seats that do not exist yet, leaves the others alone, and notes on the meeting when it was called.
	Invite(ctx context.Context, id briefings.MeetingID, seats []briefings.Invitation) (added int, err error)
	Invitations(ctx context.Context, id briefings.MeetingID) ([]briefings.Invitation, error)
	// UpdateInvitation changes a seat under compare-and-set; the function may run more than once.
	UpdateInvitation(ctx context.Context, id briefings.MeetingID, who briefings.MemberID,
		change func(*briefings.Meeting, *briefings.Invitation) error) (briefings.Invitation, error)
	// Changes moves with every write to the meeting or its seats.
	Changes(ctx context.Context, id briefings.MeetingID) (int64, error)
}

// Outbox takes what is to be told.
type Outbox interface {
	// Put keeps a mailing with its audience and reports whether it is new. A key that is already there changes nothing.
	Put(ctx context.Context, m briefings.Mailing, audience iter.Seq[briefings.MemberNo]) (bool, error)
	// Cancel ends a mailing that is not done. One that is done, or was never put, is an error that the planner goes past.
	Cancel(ctx context.Context, key briefings.Key) error
	// Over reports whether nothing more of a mailing will be sent. One that was never put, or is forgotten, is over.
	Over(ctx context.Context, key briefings.Key) (bool, error)
}
