package redisstore

import (
	"context"
	"errors"
	"fmt"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings"
)

// The questions of a meeting are one string: they are few, are read as a whole, and go as a whole when their time is over.

// Inquiries returns the questions to the speaker of a meeting; none for a meeting that nobody asked about, or that was long ago.
func (s *Store) Inquiries(ctx context.Context, id briefings.MeetingID) (briefings.Inquiries, error) {
	stored, err := s.redis.Get(ctx, s.keys.inquiries(id)).Result()
	if errors.Is(err, redis.Nil) {
		return briefings.Inquiries{}, nil
	}
	var q briefings.Inquiries
	if err == nil {
		q, err = decode[briefings.Inquiries](stored)
	}
	if err != nil {
		return q, fmt.Errorf("read questions of meeting %s: %w", id, err)
	}
	return q, nil
}

// UpdateInquiries changes the questions of a meeting under compare-and-set; the function may run more than once. What it returns is
// kept for good, as answers are. An error of the function changes nothing and is returned, except ErrUnchanged.
func (s *Store) UpdateInquiries(ctx context.Context, id briefings.MeetingID, rule func(*briefings.Meeting, *briefings.Inquiries) error) (out briefings.Inquiries, err error) {
	m, err := s.Meeting(ctx, id)
	if err != nil {
		return out, err
	}
	gone := s.forgets(&m)
	err = again(ctx, func() (bool, error) {
		stored, err := s.redis.Get(ctx, s.keys.inquiries(id)).Result()
		if err != nil && !errors.Is(err, redis.Nil) {
			return false, err
		}
		read := stored
		if errors.Is(err, redis.Nil) {
			read = "{}"
		}
		value, next, err := change(read, func(q *briefings.Inquiries) error { return rule(&m, q) })
		out = value
		if err != nil {
			return true, err
		}
		if next == nil {
			return true, s.vouch(ctx, id)
		}
		answer, err := s.runKept(ctx, swapInquiries, []string{s.keys.inquiries(id), s.keys.changes(id)}, stored, next, gone)
		return answer == "ok", err
	})
	if err != nil {
		return briefings.Inquiries{}, fmt.Errorf("update questions of meeting %s: %w", id, err)
	}
	return out, nil
}

// forgets is when the questions of a meeting go, in milliseconds since 1970.
func (s *Store) forgets(m *briefings.Meeting) int64 {
	return max(m.ForgetsInquiries(s.now()).UnixMilli(), 0)
}

// swapInquiries replaces the questions of a meeting if they still are what was read.
//
//	KEYS 1 questions, 2 changes of the meeting
//	ARGV 1 as read (empty: there are none yet), 2 new, 3 when they are forgotten, in milliseconds since 1970
//
// Returns ok, or conflict.
var swapInquiries = redis.NewScript(`
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 'conflict' end
redis.call('SET', KEYS[1], ARGV[2])
redis.call('PEXPIREAT', KEYS[1], ARGV[3])
redis.call('INCR', KEYS[2])
return 'ok'
`)
