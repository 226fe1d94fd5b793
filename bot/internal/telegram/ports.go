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

// Seen remembers which updates were handled.
type Seen interface {
	// Handled reports, for each id, whether it was marked.
	Handled(ctx context.Context, ids []int) ([]bool, error)
	// Mark remembers id. It is called after the handling: a crash in between
	// lets the update be handled once more, never not at all.
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

// seenFor is how long an update can come again: the server keeps one for at
// most a day. Ids start anew after a week without updates, long after.
const seenFor = 26 * time.Hour

// RedisSeen keeps one small key per handled update. One mark per person with
// the highest id would be smaller, and wrong: a person's message and the same
// person's button press may arrive on two replicas in either order, and the
// lower id would pass for a repetition.
type RedisSeen struct {
	client redis.UniversalClient
	prefix string
}

// NewRedisSeen puts its keys under prefix.
func NewRedisSeen(client redis.UniversalClient, prefix string) *RedisSeen {
	return &RedisSeen{client: client, prefix: prefix}
}

// Handled implements Seen.
func (r *RedisSeen) Handled(ctx context.Context, ids []int) ([]bool, error) {
	pipe := r.client.Pipeline()
	found := make([]*redis.IntCmd, len(ids))
	for i, n := range ids {
		found[i] = pipe.Exists(ctx, r.key(n))
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, fmt.Errorf("look up handled updates: %w", err)
	}
	handled := make([]bool, len(ids))
	for i := range found {
		handled[i] = found[i].Val() > 0
	}
	return handled, nil
}

// Mark implements Seen.
func (r *RedisSeen) Mark(ctx context.Context, n int) error {
	if err := r.client.Set(ctx, r.key(n), 1, seenFor).Err(); err != nil {
		return fmt.Errorf("mark update %d: %w", n, err)
	}
	return nil
}

func (r *RedisSeen) key(n int) string { return r.prefix + ":update:" + strconv.Itoa(n) }
