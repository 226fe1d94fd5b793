package redisstore

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings"
)

// counter counts exchanges with Redis.
type counter struct{ n atomic.Int64 }

func (c *counter) DialHook(next redis.DialHook) redis.DialHook { return next }

func (c *counter) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		c.n.Add(1)
		return next(ctx, cmd)
	}
}

func (c *counter) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		c.n.Add(1)
		return next(ctx, cmds)
	}
}

func accept(m *briefings.Meeting, i *briefings.Invitation) error { return i.Accept(m, noon) }

func TestAChangeBeginsWithWhatWasRead(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		ctx := t.Context()
		id := gather(t, b.Store, "M1", "M2")
		_, err := b.UpdateInvitation(ctx, id, "M2", accept) // the server knows the scripts from here on
		must(t, err)
		_, err = b.Seated(ctx, id, "M2")
		must(t, err)
		var asked counter
		b.client.AddHook(&asked)
		at, err := b.Seated(ctx, id, "M1")
		if must(t, err); at.Meeting.ID != id || at.Seat.Member != "M1" {
			t.Fatalf("read %+v", at)
		}
		seat, err := b.UpdateSeated(ctx, at, accept)
		if must(t, err); seat.Answer.Choice != briefings.Accepted {
			t.Fatalf("seat %+v", seat)
		}
		if n := asked.n.Load(); n != 2 {
			t.Errorf("%d exchanges for one answer", n)
		}
		if seat, err = b.Invitation(ctx, id, "M1"); err != nil || seat.Answer.Choice != briefings.Accepted {
			t.Errorf("kept %+v, %v", seat, err)
		}
	})
}

// TestWhatMovedSinceItWasReadIsJudgedAnew gives an old copy to a change, after each thing that can have happened meanwhile.
func TestWhatMovedSinceItWasReadIsJudgedAnew(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		ctx := t.Context()
		id := gather(t, b.Store, "M1", "M2")
		decline := func(m *briefings.Meeting, i *briefings.Invitation) error {
			return i.Decline(m, briefings.WorkTrip, "", noon)
		}
		read := func() briefings.Seated {
			t.Helper()
			at, err := b.Seated(ctx, id, "M1")
			must(t, err)
			return at
		}
		old := read()
		_, err := b.UpdateInvitation(ctx, id, "M1", decline)
		must(t, err)
		seat, err := b.UpdateSeated(ctx, old, accept)
		if must(t, err); seat.Answer.Choice != briefings.Accepted || len(seat.History) != 1 || seat.History[0].Choice != briefings.Declined {
			t.Fatalf("the answer in between is lost: %+v", seat)
		}
		old = read() // of it accepting would change nothing
		_, err = b.UpdateInvitation(ctx, id, "M1", decline)
		must(t, err)
		if seat, err = b.UpdateSeated(ctx, old, accept); err != nil || seat.Answer.Choice != briefings.Accepted {
			t.Fatalf("taken for a repetition of what is not so any more: %+v, %v", seat, err)
		}
		old = read()
		_, err = b.UpdateMeeting(ctx, id, func(m *briefings.Meeting) error {
			m.Status = briefings.MeetingCancelled
			return nil
		})
		must(t, err)
		_, err = b.UpdateSeated(ctx, old, decline)
		wantRefusal(t, err, "rsvp.cancelled")
		old = read() // refused by what was read, and not by what is
		_, err = b.UpdateMeeting(ctx, id, func(m *briefings.Meeting) error {
			m.Status = briefings.MeetingOpen
			return nil
		})
		must(t, err)
		if seat, err = b.UpdateSeated(ctx, old, decline); err != nil || seat.Answer.Choice != briefings.Declined {
			t.Fatalf("refused by an old copy: %+v, %v", seat, err)
		}
	})
}

func TestWhoHasNoSeatReadsTheMeetingAlone(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		ctx := t.Context()
		id := gather(t, b.Store, "M1")
		at, err := b.Seated(ctx, id, "M9")
		if must(t, err); at.Meeting.ID != id || at.Seat.Member != "" {
			t.Errorf("read %+v", at)
		}
		_, err = b.Seated(ctx, "m999", "M1")
		wantErr(t, err, briefings.ErrNotFound)
		_, err = b.UpdateInvitation(ctx, id, "M1", func(m *briefings.Meeting, i *briefings.Invitation) error {
			return i.Delegate(m, briefings.Deputy{Member: "M9", Name: "Nguyễn Mẫu"}, noon)
		})
		must(t, err)
		if at, err = b.Seated(ctx, id, "M9"); err != nil || at.Seat.Member != "M1" {
			t.Errorf("a deputy reads %+v, %v", at, err)
		}
	})
}
