package redisstore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings"
)

// seatsWhole is up to how many seats a meeting is read in one command; a larger one is read in parts, so that Redis goes on
// serving others in between.
const seatsWhole = 5000

// Invitations returns the seats of a meeting by the members' numbers. A meeting that nobody is invited to has none.
func (s *Store) Invitations(ctx context.Context, id briefings.MeetingID) ([]briefings.Invitation, error) {
	rows, err := s.seatRows(ctx, s.keys.seats(id), seatsWhole)
	if err != nil {
		return nil, fmt.Errorf("read seats of meeting %s: %w", id, err)
	}
	seats, err := decodeAll[briefings.Invitation](rows)
	if err != nil {
		return nil, fmt.Errorf("read seats of meeting %s: %w", id, err)
	}
	slices.SortFunc(seats, func(a, b briefings.Invitation) int {
		return cmp.Or(cmp.Compare(a.No, b.No), cmp.Compare(a.Member, b.Member))
	})
	return seats, nil
}

func (s *Store) seatRows(ctx context.Context, key string, whole int64) ([]string, error) {
	n, err := s.redis.HLen(ctx, key).Result()
	if err != nil || n == 0 {
		return nil, err
	}
	if n <= whole {
		return s.redis.HVals(ctx, key).Result()
	}
	// A cursor may bring a field twice while the hash grows; the member is what tells it.
	seen := make(map[string]string, n)
	var cursor uint64
	for {
		pairs, next, err := s.redis.HScan(ctx, key, cursor, "", seatsAtOnce).Result()
		if err != nil {
			return nil, err
		}
		for pair := range slices.Chunk(pairs, 2) {
			seen[pair[0]] = pair[1]
		}
		if cursor = next; cursor == 0 {
			break
		}
	}
	rows := make([]string, 0, len(seen))
	for _, row := range seen {
		rows = append(rows, row)
	}
	return rows, nil
}

// SeatOf returns the member's own seat, else the seat on which the member sits as deputy; deputy tells which. ErrNotFound when
// there is neither.
func (s *Store) SeatOf(ctx context.Context, id briefings.MeetingID, member briefings.MemberID) (seat briefings.Invitation, deputy bool, err error) {
	stored, err := seatOf.Run(ctx, s.redis, []string{s.keys.seats(id), s.keys.deputies(id)}, string(member)).Text()
	if err == nil {
		seat, err = decode[briefings.Invitation](stored)
	}
	if err != nil {
		return briefings.Invitation{}, false, fmt.Errorf("read seat of %s in meeting %s: %w", member, id, found(err))
	}
	return seat, seat.Member != member, nil
}

// seatOf reads the seat a member sits on.
//
//	KEYS 1 seats, 2 deputies
//	ARGV 1 member
//
// Returns the seat, or nil.
var seatOf = redis.NewScript(`
local seat = redis.call('HGET', KEYS[1], ARGV[1])
if seat then return seat end
local holder = redis.call('HGET', KEYS[2], ARGV[1])
if not holder then return nil end
return redis.call('HGET', KEYS[1], holder)
`)

// Seated returns a meeting and the seat that SeatOf returns, in one exchange. Without a seat the meeting comes alone.
func (s *Store) Seated(ctx context.Context, id briefings.MeetingID, member briefings.MemberID) (briefings.Seated, error) {
	var at briefings.Seated
	rows, err := seatedOf.Run(ctx, s.redis, []string{s.keys.row(id), s.keys.seats(id), s.keys.deputies(id)}, string(member)).Slice()
	if err == nil {
		meeting, ok := rows[0].(string)
		if !ok {
			err = briefings.ErrNotFound
		} else if at.Meeting, err = decode[briefings.Meeting](meeting); err == nil {
			if at.Stored, ok = rows[1].(string); ok {
				at.Seat, err = decode[briefings.Invitation](at.Stored)
			}
		}
	}
	if err != nil {
		return briefings.Seated{}, fmt.Errorf("read meeting %s with the seat of %s: %w", id, member, err)
	}
	return at, nil
}

// seatedOf reads a meeting and the seat a member sits on.
//
//	KEYS 1 row, 2 seats, 3 deputies
//	ARGV 1 member
//
// Returns the meeting, or nil, and the seat, or nil.
var seatedOf = redis.NewScript(`
local seat = redis.call('HGET', KEYS[2], ARGV[1])
if not seat then
  local holder = redis.call('HGET', KEYS[3], ARGV[1])
  if holder then seat = redis.call('HGET', KEYS[2], holder) end
end
return {redis.call('HGET', KEYS[1], 'json'), seat}
`)

// Changes returns a number that moves with every write to the meeting or its seats; 0 for a meeting that does not exist.
func (s *Store) Changes(ctx context.Context, id briefings.MeetingID) (int64, error) {
	n, err := s.redis.Get(ctx, s.keys.changes(id)).Int64()
	if err != nil && !errors.Is(err, redis.Nil) {
		return 0, fmt.Errorf("read changes of meeting %s: %w", id, err)
	}
	return n, nil
}

// Attempts counts one more wrong code that an account typed for a meeting and returns how many it typed in the window that ends
// now, this one included.
func (s *Store) Attempts(ctx context.Context, id briefings.MeetingID, user briefings.UserID, window time.Duration) (int, error) {
	n, err := countAttempt.Run(ctx, s.redis, []string{s.keys.wrong(id, user)}, window.Milliseconds()).Int()
	if err != nil {
		return 0, fmt.Errorf("count wrong code for meeting %s: %w", id, err)
	}
	return n, nil
}

// ResetAttempts forgets the wrong codes of an account for a meeting.
func (s *Store) ResetAttempts(ctx context.Context, id briefings.MeetingID, user briefings.UserID) error {
	if err := s.redis.Del(ctx, s.keys.wrong(id, user)).Err(); err != nil {
		return fmt.Errorf("forget wrong codes for meeting %s: %w", id, err)
	}
	return nil
}

// countAttempt notes a moment and counts those of the window, by Redis' own clock.
//
//	KEYS 1 moments
//	ARGV 1 window in milliseconds
//
// Returns how many moments lie in the window.
var countAttempt = redis.NewScript(`
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local window = tonumber(ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
local n = redis.call('ZCARD', KEYS[1])
redis.call('ZADD', KEYS[1], now, t[1] .. '.' .. t[2] .. '.' .. n)
redis.call('PEXPIRE', KEYS[1], window)
return n + 1
`)
