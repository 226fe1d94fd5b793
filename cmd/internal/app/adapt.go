package app

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/bot"
	"briefbot/briefings"
	"briefbot/briefings/redisstore"
	"briefbot/scheduler"
	"briefbot/scheduler/delivery"
)

// plannerOutbox gives the planner the outbox: a mailing that is over needs no cancelling.
type plannerOutbox struct{ outbox *delivery.Outbox }

func (p plannerOutbox) Put(ctx context.Context, m briefings.Mailing, audience iter.Seq[briefings.MemberNo]) (bool, error) {
	return p.outbox.Put(ctx, m, audience)
}

func (p plannerOutbox) Cancel(ctx context.Context, key briefings.Key) error {
	err := p.outbox.Cancel(ctx, key)
	if errors.Is(err, delivery.ErrMove) || errors.Is(err, briefings.ErrNotFound) {
		return nil
	}
	return err
}

func (p plannerOutbox) Over(ctx context.Context, key briefings.Key) (bool, error) {
	status, err := p.outbox.Mailing(ctx, key)
	if errors.Is(err, briefings.ErrNotFound) {
		return true, nil
	}
	return status.State.Final(), err
}

// botOutbox gives the bot what it needs of the outbox, in the bot's own words.
type botOutbox struct{ outbox *delivery.Outbox }

func progress(s delivery.Status) bot.Progress {
	return bot.Progress{
		Mailing: s.Mailing, State: string(s.State), Total: s.Total, Sent: s.Counts.Sent, Failed: s.Counts.Failed,
		Skipped: s.Counts.Skipped, Unknown: s.Counts.Unknown, Expired: s.Counts.Expired, Retry: s.Counts.Retry, Started: s.Started, Finished: s.Finished,
		Next: s.Next, Why: s.Why, By: s.By,
	}
}

func (b botOutbox) Mailings(ctx context.Context, n int) ([]bot.Progress, error) {
	list, err := b.outbox.Mailings(ctx, n)
	out := make([]bot.Progress, len(list))
	for i, s := range list {
		out[i] = progress(s)
	}
	return out, err
}

func (b botOutbox) Mailing(ctx context.Context, key briefings.Key) (bot.Progress, error) {
	s, err := b.outbox.Mailing(ctx, key)
	return progress(s), err
}

func (b botOutbox) Control(ctx context.Context, key briefings.Key, act bot.Act, by briefings.MemberID) error {
	var err error
	switch act {
	case bot.ActPause:
		err = b.outbox.PauseBy(ctx, key, by)
	case bot.ActResume:
		err = b.outbox.Resume(ctx, key)
	case bot.ActCancel:
		err = b.outbox.CancelBy(ctx, key, by)
	case bot.ActResend:
		_, err = b.outbox.Resend(ctx, key, delivery.Failed)
	case bot.ActUnsure:
		_, err = b.outbox.Resend(ctx, key, delivery.Unknown)
	default:
		return fmt.Errorf("control mailing: %w", briefings.Refuse("err.expired"))
	}
	if errors.Is(err, delivery.ErrMove) {
		return briefings.Refuse("outbox.cannot")
	}
	return err
}

func (b botOutbox) Receipts(ctx context.Context, key briefings.Key) (map[briefings.MemberNo]briefings.Receipt, error) {
	return b.outbox.Receipts(ctx, key)
}

func (b botOutbox) Renew(ctx context.Context, key briefings.Key, no briefings.MemberNo, with briefings.Receipt) error {
	return b.outbox.Renew(ctx, key, no, with)
}

// whys are the reasons the catalogue has words for.
var whys = []string{"left", "paused", "not_joined", "other_channel", "blocked", "deactivated", "no_chat", "gone"}

// Untold lists whom a mailing did not reach. Somebody for whom the notice had become pointless is not among them.
func (b botOutbox) Untold(ctx context.Context, key briefings.Key) ([]bot.Untold, error) {
	if key.Kind().Confidential() {
		return nil, nil
	}
	status, err := b.outbox.Mailing(ctx, key)
	if err != nil {
		return nil, err
	}
	var list []bot.Untold
	for o, err := range b.outbox.Outcomes(ctx, key) {
		if err != nil {
			return nil, err
		}
		var why string
		switch {
		case o.State == delivery.Sent, o.State == delivery.Skipped && o.Reason == "withdrawn":
			continue
		case o.State == delivery.Unknown:
			why = "unknown"
		case o.State == delivery.Expired:
			why = "expired"
		case !o.State.Final() && status.State.Final():
			why = "cancelled"
		case !o.State.Final():
			continue // still on its way
		case slices.Contains(whys, o.Reason):
			why = o.Reason
		case o.Reason == "chat" || o.Reason == "not_started":
			why = "no_chat"
		default:
			why = "failed"
		}
		list = append(list, bot.Untold{No: o.No, Why: why})
	}
	return list, nil
}

// Untold lists whom a mailing did not reach, as the bot lists them.
func (a *App) Untold(ctx context.Context, key briefings.Key) ([]bot.Untold, error) {
	return botOutbox{a.Outbox}.Untold(ctx, key)
}

// servers tells the engine which servers of Redis are written to.
type servers struct {
	masters *redisstore.Masters
	client  redis.UniversalClient
}

func (s servers) Epoch() uint64 { return s.masters.Epoch() }

func (s servers) Look(ctx context.Context) error { return s.masters.Look(ctx, s.client) }

// calendar reads which days are worked.
type calendar interface {
	Calendar(ctx context.Context) (briefings.Calendar, error)
}

// slots tells the bot when a cadence comes, which only the scheduler can compute.
type slots struct {
	days calendar
	zone *time.Location
}

func (s slots) Upcoming(ctx context.Context, c briefings.Cadence, after time.Time, n int) ([]bot.Slot, error) {
	cal, err := s.days.Calendar(ctx)
	if err != nil {
		return nil, err
	}
	var out []bot.Slot
	for _, slot := range scheduler.Upcoming(c, after, n, cal, s.zone) {
		out = append(out, bot.Slot(slot))
	}
	return out, nil
}
