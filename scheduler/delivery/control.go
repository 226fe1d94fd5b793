package delivery

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings"
)

// ErrMove says that a mailing in its present state cannot be paused, resumed, cancelled or sent again. The error is a *MoveError.
var ErrMove = errors.New("impossible in this state")

// MoveError tells which move was asked for and what stood in its way.
type MoveError struct {
	From, To State
}

func (e *MoveError) Error() string { return fmt.Sprintf("from %s to %s: %v", e.From, e.To, ErrMove) }

func (e *MoveError) Unwrap() error { return ErrMove }

// Pause stops a mailing until Resume. At most the requests in flight still go out. Pausing what is paused changes nothing.
func (o *Outbox) Pause(ctx context.Context, key briefings.Key) error {
	return o.PauseBy(ctx, key, "")
}

// PauseBy pauses a mailing as Pause does and keeps who asked for it, for Status.By.
func (o *Outbox) PauseBy(ctx context.Context, key briefings.Key, who briefings.MemberID) error {
	return o.move(ctx, key, Paused, askedBy(who))
}

// byMark stands before the name of whoever paused or cancelled a mailing, where else the reason stands.
const byMark = "by:"

func askedBy(who briefings.MemberID) string {
	if who == "" {
		return ""
	}
	return byMark + string(who)
}

// Resume lets a paused mailing go on.
func (o *Outbox) Resume(ctx context.Context, key briefings.Key) error {
	return o.move(ctx, key, Running, "")
}

// Cancel stops a mailing for good. Who has not been told stays pending in its ledger.
func (o *Outbox) Cancel(ctx context.Context, key briefings.Key) error {
	return o.CancelBy(ctx, key, "")
}

// CancelBy cancels a mailing as Cancel does and keeps who asked for it, for Status.By.
func (o *Outbox) CancelBy(ctx context.Context, key briefings.Key, who briefings.MemberID) error {
	if err := o.move(ctx, key, Cancelled, askedBy(who)); err != nil {
		return err
	}
	return o.retire(ctx, key)
}

// abort stops a mailing for good because its text is refused.
func (o *Outbox) abort(ctx context.Context, key briefings.Key, why string) error {
	if err := o.move(ctx, key, Aborted, why); err != nil {
		return err
	}
	return o.retire(ctx, key)
}

// move brings the mailing into the state by compare-and-set; the table of moves is in Go, the comparison in Redis.
func (o *Outbox) move(ctx context.Context, key briefings.Key, to State, why string) error {
	name := o.keys(key).mailing()
	const patience = 8 // more changes of state than this between two calls are no race but a loop elsewhere
	for range patience {
		from, err := o.redis.HGet(ctx, name, "state").Result()
		if errors.Is(err, redis.Nil) {
			err = briefings.ErrNotFound
		}
		if err != nil {
			return fmt.Errorf("move mailing %s to %s: %w", key, to, err)
		}
		if !mayMove(State(from), to) {
			return fmt.Errorf("move mailing %s: %w", key, &MoveError{From: State(from), To: to})
		}
		if State(from) == to {
			return nil
		}
		after, err := moveScript.Run(ctx, o.redis, []string{name}, from, string(to), why).Text()
		if err != nil {
			return fmt.Errorf("move mailing %s to %s: %w", key, to, err)
		}
		if State(after) == to {
			o.changed(ctx)
			return nil
		}
	}
	return fmt.Errorf("move mailing %s to %s: %w", key, to, briefings.ErrConflict)
}

// Resend makes the recipients with the mark Failed or Unknown wait for another try, with all their attempts again, and returns how
// many they are. A mailing that was done is opened again; a cancelled or aborted one, or one in building, cannot be.
func (o *Outbox) Resend(ctx context.Context, key briefings.Key, which Mark) (int, error) {
	if which != Failed && which != Unknown {
		return 0, fmt.Errorf("resend mailing %s to the %s: %w", key, which, errors.ErrUnsupported)
	}
	k := o.keys(key)
	at, err := o.redis.HMGet(ctx, k.mailing(), "state", "total", "blocks").Result()
	if err != nil {
		return 0, fmt.Errorf("resend mailing %s: %w", key, err)
	}
	state, _ := at[0].(string)
	if state == "" {
		return 0, fmt.Errorf("resend mailing %s: %w", key, briefings.ErrNotFound)
	}
	if s := State(state); s == Building || s == Cancelled || s == Aborted {
		return 0, fmt.Errorf("resend mailing %s: %w", key, &MoveError{From: s, To: Running})
	}
	if err := o.expire(ctx, key, at[2]); err != nil {
		return 0, err
	}
	text, _ := at[1].(string)
	total, _ := strconv.Atoi(text)
	again := 0
	for from := 0; from < total; from += blockSize {
		reply, err := resendScript.Run(ctx, o.redis, []string{k.mailing(), k.ledger(), k.retries()},
			from, blockSize, int(which), int(newFact(Retry, 0))).Slice()
		if err != nil {
			return again, fmt.Errorf("resend mailing %s: %w", key, err)
		}
		n, _ := reply[1].(int64)
		again += int(n)
	}
	if again == 0 {
		return 0, nil
	}
	// The list comes last and may be repeated: a caller that dies before it is healed by Heal.
	if err := o.enlist(ctx, key); err != nil {
		return again, fmt.Errorf("resend mailing %s: %w", key, err)
	}
	o.changed(ctx)
	return again, nil
}

// Heal puts every mailing that is not done back on the live list, should a step between two aggregates have been lost. It also
// takes names off the index whose mailing has gone.
func (o *Outbox) Heal(ctx context.Context) error {
	return o.sweep(ctx, func(key briefings.Key, state State, _ time.Time, _ int) error {
		switch {
		case state == "":
			return o.redis.ZRem(ctx, o.index(), string(key)).Err()
		case !state.Final():
			return o.enlist(ctx, key)
		}
		return nil
	})
}

// Forget removes what was finished, or was left half built, before the moment. Mailings under way stay whatever their age.
func (o *Outbox) Forget(ctx context.Context, before time.Time) (forgotten int, err error) {
	err = o.sweep(ctx, func(key briefings.Key, state State, last time.Time, blocks int) error {
		if state != "" && (!state.Final() && state != Building || !last.Before(before)) {
			return nil
		}
		_, err := o.redis.Pipelined(ctx, func(p redis.Pipeliner) error {
			for _, name := range o.keys(key).all(blocks) {
				p.Unlink(ctx, name)
			}
			return nil
		})
		if err != nil {
			return err
		}
		if state != "" {
			forgotten++
		}
		_, err = o.redis.Pipelined(ctx, func(p redis.Pipeliner) error {
			p.ZRem(ctx, o.live(), string(key))
			p.ZRem(ctx, o.index(), string(key))
			return nil
		})
		return err
	})
	return forgotten, err
}

// sweep visits every name on the index with its state, the last time it is known to have changed, and its number of blocks.
func (o *Outbox) sweep(ctx context.Context, visit func(key briefings.Key, state State, last time.Time, blocks int) error) error {
	names, err := o.redis.ZRange(ctx, o.index(), 0, -1).Result()
	if err != nil {
		return fmt.Errorf("list mailings: %w", err)
	}
	for _, name := range names {
		key := briefings.Key(name)
		at, err := o.redis.HMGet(ctx, o.keys(key).mailing(), "state", "finished", "created", "blocks").Result()
		if err != nil {
			return fmt.Errorf("get mailing %s: %w", key, err)
		}
		var text [4]string
		for i, v := range at {
			text[i], _ = v.(string)
		}
		last := readMilli(text[1])
		if last.IsZero() {
			last = readMilli(text[2])
		}
		blocks, _ := strconv.Atoi(text[3])
		if err := visit(key, State(text[0]), last, blocks); err != nil {
			return fmt.Errorf("sweep mailing %s: %w", key, err)
		}
	}
	return nil
}

func isNotFound(err error) bool { return errors.Is(err, briefings.ErrNotFound) }

// wrap adds what was attempted to an error, and keeps nil.
func wrap(err error, doing string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, err)
}
