package easel

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings"
)

const (
	// fresh is how old a mark is at least that a process adopts: younger ones are being seen to.
	fresh = 10 * time.Second
	// stale is from when on a mark is dropped: nobody can edit the message any more, or nobody has managed to.
	stale = 24 * time.Hour
	// adopted is how many are read at once.
	adopted = 500
)

// marks are the cards owed, in Redis: one hash, "chat/message" to "moment meeting seat viewer", the moment in microseconds.
type marks struct {
	redis redis.UniversalClient
	key   string
}

func (c Card) field() string { return strconv.FormatInt(c.Chat, 10) + "/" + strconv.Itoa(c.Message) }

func (o owed) value() string {
	return strings.Join([]string{strconv.FormatInt(o.mark, 10), string(o.Meeting), string(o.Seat), string(o.Viewer)}, " ")
}

// read is the inverse of field and value.
func read(field, value string) (o owed, err error) {
	chat, message, _ := strings.Cut(field, "/")
	parts := strings.Split(value, " ")
	if len(parts) != 4 {
		return o, errors.New("read mark of a card: not four words")
	}
	var errs [3]error
	o.Chat, errs[0] = strconv.ParseInt(chat, 10, 64)
	o.Message, errs[1] = strconv.Atoi(message)
	o.mark, errs[2] = strconv.ParseInt(parts[0], 10, 64)
	o.Meeting, o.Seat, o.Viewer = briefings.MeetingID(parts[1]), briefings.MemberID(parts[2]), briefings.MemberID(parts[3])
	if err := errors.Join(errs[:]...); err != nil {
		return o, fmt.Errorf("read mark of a card: %w", err)
	}
	return o, nil
}

func (m marks) put(ctx context.Context, o owed) error {
	if err := m.redis.HSet(ctx, m.key, o.field(), o.value()).Err(); err != nil {
		return fmt.Errorf("mark a card: %w", err)
	}
	return nil
}

// get returns what a message is owed now.
func (m marks) get(ctx context.Context, o owed) (owed, bool, error) {
	value, err := m.redis.HGet(ctx, m.key, o.field()).Result()
	if errors.Is(err, redis.Nil) {
		return o, false, nil
	}
	if err != nil {
		return o, false, fmt.Errorf("look up a card: %w", err)
	}
	now, err := read(o.field(), value)
	if err != nil { // written by a later program: that one draws it
		return o, false, nil //nolint:nilerr // said above
	}
	return now, true, nil
}

// dropMark forgets a mark, unless it was made later than a moment.
//
// KEYS: 1 the marks. ARGV: 1 the field; 2 the moment, µs.
// Returns 1 when it is gone, or 0.
var dropMark = redis.NewScript(`
local value = redis.call('HGET', KEYS[1], ARGV[1])
if not value or tonumber(string.match(value, '^%d+') or '0') > tonumber(ARGV[2]) then return 0 end
return redis.call('HDEL', KEYS[1], ARGV[1])
`)

func (m marks) drop(ctx context.Context, o owed) error {
	if err := dropMark.Run(ctx, m.redis, []string{m.key}, o.field(), o.mark).Err(); err != nil {
		return fmt.Errorf("forget the mark of a card: %w", err)
	}
	return nil
}

// left lists marks that nobody seems to see to, in any order, so that a replica that is only late draws others first.
func (m marks) left(ctx context.Context, now time.Time) ([]owed, error) {
	var list []owed
	var cursor uint64
	for {
		pairs, next, err := m.redis.HScan(ctx, m.key, cursor, "", adopted).Result()
		if err != nil {
			return list, fmt.Errorf("list cards to draw: %w", err)
		}
		for i := 0; i+1 < len(pairs); i += 2 {
			o, err := read(pairs[i], pairs[i+1])
			age := now.Sub(time.UnixMicro(o.mark))
			switch {
			case err != nil:
			case age > stale:
				if err := m.drop(ctx, o); err != nil {
					return list, err
				}
			case age >= fresh:
				list = append(list, o)
			}
		}
		if cursor = next; cursor == 0 {
			break
		}
	}
	rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list, nil
}
