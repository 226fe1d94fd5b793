package delivery

import (
	"context"

	"briefbot/briefings"
)

// Directory tells who a member is at the moment of sending: language, chat, reachability. It is asked once for every claimed
// chunk, so it reads many records in one go. The answer may be in any order; a number that is missing from it is skipped as gone.
type Directory interface {
	Recipients(ctx context.Context, numbers []briefings.MemberNo) ([]briefings.Recipient, error)
}

// Sender sends one notice and returns what the channel calls it. Its error is judged by behaviour, see doc.go. When briefings.Going(ctx)
// ends, what is not on the wire is to be given up with an error that says Unsent: the mailing is paused, the claim is lost or the engine
// stops. What is on the wire goes on until ctx ends.
type Sender interface {
	Send(ctx context.Context, n briefings.Notice) (briefings.Receipt, error)
}

// Pace returns when the time of one bulk slot has come, or with the context's error. It asks want as often as it likes: of what class
// the most urgent notice is, how many of that class are at hand, and how many of them could be taken up at once.
type Pace interface {
	Wait(ctx context.Context, want func() (class briefings.Class, ready, hands int)) error
}

// Unreachable is told who cannot be written to any more and why, so that the next mailing does not try.
type Unreachable interface {
	Unreachable(ctx context.Context, member briefings.MemberID, why string) error
}
