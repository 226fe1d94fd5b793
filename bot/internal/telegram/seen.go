package telegram

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// seenFor is how long an update can come again: the server keeps one for at
// most a day. Ids start anew after a week without updates, long after.
const seenFor = 26 * time.Hour

// seenDone stands in the key of an update that was handled. While one is in hand, the token of whoever has it stands there.
const seenDone = "1"

// RedisSeen keeps one small key per update. One mark per person with
// the highest id would be smaller, and wrong: a person's message and the same
// person's button press may arrive on two replicas in either order, and the
// lower id would pass for a repetition.
type RedisSeen struct {
	client  redis.UniversalClient
	prefix  string
	replica string // first part of the token
	token   string
}

// NewRedisSeen puts its keys under prefix. What it claims is its own: each process has one of them. The name of a replica stays the
// same over restarts and belongs to one process at a time, so what an earlier life had in hand is taken over at once.
func NewRedisSeen(client redis.UniversalClient, prefix, replica string) *RedisSeen {
	replica += "|"
	return &RedisSeen{client: client, prefix: prefix, replica: replica, token: replica + rand.Text()}
}

// Claim implements Seen. It takes one exchange with Redis, and another one where an earlier life had something in hand.
func (r *RedisSeen) Claim(ctx context.Context, ids []int, hold time.Duration) ([]Claim, error) {
	pipe := r.client.Pipeline()
	set, have := make([]*redis.BoolCmd, len(ids)), make([]*redis.StringCmd, len(ids))
	for i, n := range ids {
		set[i] = pipe.SetNX(ctx, r.key(n), r.token, hold)
		have[i] = pipe.Get(ctx, r.key(n))
	}
	if _, err := pipe.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
		return nil, fmt.Errorf("claim updates: %w", err)
	}
	claims := make([]Claim, len(ids))
	for i, n := range ids {
		switch {
		case set[i].Val():
			claims[i] = Fresh
		case have[i].Val() == seenDone:
			claims[i] = Done
		case have[i].Val() == r.token:
			claims[i] = Own
		default: // also when it was let go of between the two commands
			claims[i] = Taken
			if former := have[i].Val(); strings.HasPrefix(former, r.replica) {
				var err error
				if claims[i], err = r.inherit(ctx, n, former, hold); err != nil {
					return nil, err
				}
			}
		}
	}
	return claims, nil
}

// inheritUpdate takes over an update that is in hand.
//
// KEYS: 1 the update. ARGV: 1 whose it must be; 2 whose it becomes; 3 for how long, ms.
// Returns 1, or 0 when it is handled or somebody else's.
const inheritUpdate = `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`

// inherit takes over what an earlier life of this replica had in hand.
func (r *RedisSeen) inherit(ctx context.Context, n int, former string, hold time.Duration) (Claim, error) {
	ours, err := r.client.Eval(ctx, inheritUpdate, []string{r.key(n)}, former, r.token, hold.Milliseconds()).Bool()
	if err != nil {
		return Taken, fmt.Errorf("claim update %d: %w", n, err)
	}
	if !ours {
		return Taken, nil
	}
	return Fresh, nil
}

// keepUpdate holds on to an update that is in hand.
//
// KEYS: 1 the update. ARGV: 1 whose it must be; 2 for how long, ms.
// Returns 1, or 0 when it is handled or somebody else's.
const keepUpdate = `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`

// releaseUpdate lets go of an update that is in hand.
//
// KEYS: 1 the update. ARGV: 1 whose it must be.
// Returns 1, or 0 when it is handled or somebody else's.
const releaseUpdate = `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`

// Keep implements Seen.
func (r *RedisSeen) Keep(ctx context.Context, ids []int, hold time.Duration) error {
	return r.each(ctx, "keep updates", keepUpdate, ids, r.token, hold.Milliseconds())
}

// Release implements Seen.
func (r *RedisSeen) Release(ctx context.Context, ids []int) error {
	return r.each(ctx, "release updates", releaseUpdate, ids, r.token)
}

// each runs a script on the key of each update, in one exchange.
func (r *RedisSeen) each(ctx context.Context, what, script string, ids []int, args ...any) error {
	_, err := r.client.Pipelined(ctx, func(pipe redis.Pipeliner) error {
		for _, n := range ids {
			pipe.Eval(ctx, script, []string{r.key(n)}, args...)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// Mark implements Seen.
func (r *RedisSeen) Mark(ctx context.Context, n int) error {
	if err := r.client.Set(ctx, r.key(n), seenDone, seenFor).Err(); err != nil {
		return fmt.Errorf("mark update %d: %w", n, err)
	}
	return nil
}

func (r *RedisSeen) key(n int) string { return r.prefix + ":update:" + strconv.Itoa(n) }
