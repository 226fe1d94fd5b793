package telegram

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// Offsets remembers from which update on to ask. What is lost here costs
// repeated updates, never a missing one.
type Offsets interface {
	// Load returns the id to ask from; 0: from the oldest the server keeps.
	Load(ctx context.Context) (int, error)
	// Save keeps it.
	Save(ctx context.Context, next int) error
}

// Claim is what was found when an update was asked for.
type Claim int

const (
	// Fresh: nobody had it, and now this process has it.
	Fresh Claim = iota
	// Own: this process has it already, through another delivery.
	Own
	// Taken: another process has it in hand, or had until a moment ago.
	Taken
	// Done: it was handled.
	Done
)

// Seen remembers which updates are in hand and which were handled, for all replicas: of several that are brought the same update at
// the same instant, one handles it.
type Seen interface {
	// Claim asks for updates. What it gives is free again after hold, unless it is kept: so long what a process that died had in
	// hand waits.
	Claim(ctx context.Context, ids []int, hold time.Duration) ([]Claim, error)
	// Keep holds on to what this process has.
	Keep(ctx context.Context, ids []int, hold time.Duration) error
	// Release lets go of what this process has and did not handle.
	Release(ctx context.Context, ids []int) error
	// Mark remembers for good that an update was handled. It is called after the handling: a crash in between lets the update be
	// handled once more, never not at all.
	Mark(ctx context.Context, id int) error
}

// ErrOvertaken says that another poller has begun since: what this one knows is old.
var ErrOvertaken = errors.New("another poller has taken over")

// RedisOffsets keeps the offset under one key, as "offset fence". The fence is the number of the lease under which the poller runs; a
// poller that was cut off or suspended, and has not noticed yet that it is none any more, keeps nothing.
type RedisOffsets struct {
	client redis.UniversalClient
	key    string
	fence  int64
}

// NewRedisOffsets uses key, which should name the bot, under the fence of a lease.
func NewRedisOffsets(client redis.UniversalClient, key string, fence int64) *RedisOffsets {
	return &RedisOffsets{client: client, key: key, fence: fence}
}

// Load implements Offsets.
func (r *RedisOffsets) Load(ctx context.Context) (int, error) {
	text, err := r.client.Get(ctx, r.key).Result()
	if errors.Is(err, redis.Nil) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("load offset: %w", err)
	}
	text, _, _ = strings.Cut(text, " ")
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, fmt.Errorf("load offset: %w", err)
	}
	return n, nil
}

// saveOffset keeps an offset unless one was kept under a higher fence.
//
// KEYS: 1 the offset. ARGV: 1 the offset; 2 the fence.
// Returns 1, or 0 when another poller was there since.
var saveOffset = redis.NewScript(`
local have = string.match(redis.call('GET', KEYS[1]) or '', ' (%d+)$')
if have and tonumber(have) > tonumber(ARGV[2]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1] .. ' ' .. ARGV[2])
return 1
`)

// Save implements Offsets. It returns ErrOvertaken when a later poller has saved.
func (r *RedisOffsets) Save(ctx context.Context, next int) error {
	kept, err := saveOffset.Run(ctx, r.client, []string{r.key}, next, r.fence).Int()
	if err == nil && kept == 0 {
		err = ErrOvertaken
	}
	if err != nil {
		return fmt.Errorf("save offset: %w", err)
	}
	return nil
}
