package pace

import (
	"context"
	"crypto/rand"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

// A group takes twenty messages in a minute, whatever the lanes allow. Chats of
// one person take one a second and more of them in between: nothing is held
// back there.
const (
	groupMessages = 20
	// groupSpan is the minute and what may lie between a place and its request.
	groupSpan = 62 * time.Second
)

// Group reports whether a chat is one of many people, by its number.
func Group(chat int64) bool { return chat < 0 }

// Place is the right to one message in a chat.
type Place struct{ key, member string }

// Enter takes a place among the messages of a chat, over all replicas. When the
// chat is full or held, it returns how long it is; then there is no place.
// Chats of one person are never full, and Redis is not asked.
func (p *Pace) Enter(ctx context.Context, chat int64) (Place, time.Duration, error) {
	if !Group(chat) {
		return Place{}, 0, nil
	}
	place := Place{key: p.chatKey(chat), member: rand.Text()}
	wait, err := enter.Run(ctx, p.config.Redis, []string{place.key, place.key + ":until"},
		groupMessages, groupSpan.Microseconds(), place.member).Int64()
	if err != nil {
		return Place{}, 0, fmt.Errorf("take place in chat: %w", err)
	}
	if wait > 0 {
		return Place{}, time.Duration(wait) * time.Microsecond, nil
	}
	return place, 0, nil
}

// Leave gives a place back in which nothing was sent.
func (p *Pace) Leave(ctx context.Context, place Place) error {
	if place.key == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), blockLimit)
	defer cancel()
	if err := p.config.Redis.ZRem(ctx, place.key, place.member).Err(); err != nil {
		return fmt.Errorf("leave place in chat: %w", err)
	}
	return nil
}

// Hold keeps one group still for d, on all replicas: the answer to a 429 that
// concerns it alone.
func (p *Pace) Hold(ctx context.Context, chat int64, d time.Duration) error {
	if d <= 0 || !Group(chat) {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), blockLimit)
	defer cancel()
	if err := hold.Run(ctx, p.config.Redis, []string{p.chatKey(chat) + ":until"}, d.Microseconds()).Err(); err != nil {
		return fmt.Errorf("hold chat: %w", err)
	}
	return nil
}

func (p *Pace) chatKey(chat int64) string {
	return p.config.Prefix + ":{pace:" + strconv.FormatInt(chat, 10) + "}"
}

// enter keeps the messages of the last minute of a chat.
//
// KEYS: 1 their times, µs; 2 until when the chat is held, µs. ARGV: 1 how many
// it takes; 2 in how long, µs; 3 the name of the new one.
// Returns 0, or µs until there is a place.
var enter = redis.NewScript(`
local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000000 + tonumber(t[2])
local held = tonumber(redis.call('GET', KEYS[2]) or 0) - now
if held > 0 then return held end
local span = tonumber(ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - span)
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[1]) then
  local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
  return math.max(1, tonumber(first[2]) + span - now)
end
redis.call('ZADD', KEYS[1], string.format('%.0f', now), ARGV[3])
redis.call('PEXPIRE', KEYS[1], math.ceil(span / 1000))
return 0
`)

// hold keeps a chat still.
//
// KEYS: 1 until when, µs. ARGV: 1 for how long, µs.
// Returns 1.
var hold = redis.NewScript(`
local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000000 + tonumber(t[2])
local till = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now + ARGV[1])
redis.call('SET', KEYS[1], string.format('%.0f', till), 'PX', math.ceil((till - now) / 1000))
return 1
`)
