package redisstore

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings"
)

// A meeting and its seats share one hash tag; the index of all meetings has another. The two cannot be written at once, so the
// index is always written first and holds more than the truth, never less:
//
//   - a number in the index without a row is an AddMeeting that crashed in between; whoever lists passes over it;
//   - a number in the open set whose meeting is a draft is an update that crashed in between; whoever lists passes over it, and
//     the next try finds it there already;
//   - a number in the open set whose meeting ended long ago is taken out by the next reader. This can meet a
//     writer who just put it in only where a roll is opened again; then the writer puts it in once more after the row.

// openFor is how long a closed or cancelled meeting stays in sight of the planner, which still has to tell of it.
const openFor = 48 * time.Hour

// AddMeeting files a new meeting with Rev 1. It gives the ID when there is none: "m1", "m2"… An ID that is taken is refused with
// ErrExists.
func (s *Store) AddMeeting(ctx context.Context, m *briefings.Meeting) error {
	made := *m
	made.Rev = 1
	id, err := add(ctx, s, "m", string(m.ID), s.keys.lastMeeting(), func(id string) (bool, error) {
		made.ID = briefings.MeetingID(id)
		row, err := json.Marshal(made)
		if err != nil {
			return false, err
		}
		ended := s.ended(&made, time.Time{})
		if err := s.indexMeeting(ctx, &made, ended); err != nil {
			return false, err
		}
		return s.writeMeeting(ctx, &made, 0, row, ended)
	})
	if err != nil {
		return fmt.Errorf("add meeting: %w", err)
	}
	m.ID, m.Rev = briefings.MeetingID(id), 1
	return nil
}

// Meeting returns a meeting by id.
func (s *Store) Meeting(ctx context.Context, id briefings.MeetingID) (briefings.Meeting, error) {
	fields, err := s.redis.HMGet(ctx, s.keys.row(id), meetingFields...).Result()
	if err == nil {
		var row meetingRow
		if row, err = readMeetingRow(fields); err == nil {
			return row.Meeting, nil
		}
	}
	return briefings.Meeting{}, fmt.Errorf("read meeting %s: %w", id, err)
}

// UpdateMeeting changes a meeting and moves its Rev.
func (s *Store) UpdateMeeting(ctx context.Context, id briefings.MeetingID, rule func(*briefings.Meeting) error) (briefings.Meeting, error) {
	var out briefings.Meeting
	err := again(ctx, func() (bool, error) {
		fields, err := s.redis.HMGet(ctx, s.keys.row(id), meetingFields...).Result()
		if err != nil {
			return false, err
		}
		row, err := readMeetingRow(fields)
		if err != nil {
			return false, err
		}
		after, next, err := change(row.stored, func(m *briefings.Meeting) error {
			if err := rule(m); err != nil {
				return err
			}
			if m.ID != id {
				return errMoved
			}
			m.Rev = row.Rev + 1
			return nil
		})
		out = after
		if err != nil || next == nil {
			return true, err
		}
		ended := s.ended(&after, row.ended)
		if err := s.indexMeeting(ctx, &after, ended); err != nil {
			return false, err
		}
		done, err := s.writeMeeting(ctx, &after, row.Rev, next, ended)
		if done && !row.ended.IsZero() && ended.IsZero() { // opened again: a reader may have taken it out of the index meanwhile
			err = s.redis.SAdd(ctx, s.keys.openMeetings(), string(id)).Err()
		}
		return done, err
	})
	if err != nil {
		return briefings.Meeting{}, fmt.Errorf("update meeting %s: %w", id, err)
	}
	return out, nil
}

// indexMeeting is the first of the two steps of a write: the index learns of the meeting before the row changes.
func (s *Store) indexMeeting(ctx context.Context, m *briefings.Meeting, ended time.Time) error {
	if m.Rev == 1 {
		if err := s.redis.SAdd(ctx, s.keys.meetings(), string(m.ID)).Err(); err != nil {
			return err
		}
	}
	if !s.inSight(m, ended) {
		return nil
	}
	return s.redis.SAdd(ctx, s.keys.openMeetings(), string(m.ID)).Err()
}

// writeMeeting is the second step: the row, if it still has the revision that was read.
func (s *Store) writeMeeting(ctx context.Context, m *briefings.Meeting, read int64, row []byte, ended time.Time) (bool, error) {
	at := ""
	if !ended.IsZero() {
		at = strconv.FormatInt(ended.UnixMilli(), 10)
	}
	keys := []string{s.keys.row(m.ID), s.keys.changes(m.ID), s.keys.inquiries(m.ID)}
	answer, err := s.run(ctx, writeMeeting, keys, read, m.Rev, row, at, s.forgets(m))
	return answer == "ok", err
}

// writeMeeting replaces a meeting's row if it still has the revision that was read. The questions to its speaker are kept as long after
// it as before, whenever it now takes place.
//
//	KEYS 1 row, 2 changes, 3 questions
//	ARGV 1 revision as read (0: there is none yet), 2 new revision, 3 new row, 4 when it ended in Unix milliseconds (empty: not),
//	     5 when the questions are forgotten, in Unix milliseconds
//
// Returns ok, or conflict.
var writeMeeting = redis.NewScript(`
if (redis.call('HGET', KEYS[1], 'rev') or '0') ~= ARGV[1] then return 'conflict' end
redis.call('HSET', KEYS[1], 'rev', ARGV[2], 'json', ARGV[3], 'ended', ARGV[4])
redis.call('INCR', KEYS[2])
redis.call('PEXPIREAT', KEYS[3], ARGV[5])
return 'ok'
`)

// meetingRow is a meeting as it is stored, with what the store itself notes beside it.
type meetingRow struct {
	briefings.Meeting
	stored string
	ended  time.Time // when it was closed or cancelled; zero before
}

var meetingFields = []string{"json", "ended"}

func readMeetingRow(fields []any) (row meetingRow, err error) {
	var ok bool
	if row.stored, ok = fields[0].(string); !ok {
		return row, briefings.ErrNotFound
	}
	if row.Meeting, err = decode[briefings.Meeting](row.stored); err != nil {
		return row, err
	}
	if text, _ := fields[1].(string); text != "" {
		ms, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return row, fmt.Errorf("read when it ended: %w", err)
		}
		row.ended = time.UnixMilli(ms)
	}
	return row, nil
}

// ended is the moment a meeting ended: what it says itself, else what was noted at an earlier write, else now.
func (s *Store) ended(m *briefings.Meeting, noted time.Time) time.Time {
	switch {
	case m.Status != briefings.MeetingClosed && m.Status != briefings.MeetingCancelled:
		return time.Time{}
	case !m.ClosedAt.IsZero():
		return m.ClosedAt
	case !noted.IsZero():
		return noted
	}
	return s.now()
}

// inSight reports whether the planner still looks at the meeting.
func (s *Store) inSight(m *briefings.Meeting, ended time.Time) bool {
	if m.Outcome != nil && s.now().Sub(m.Outcome.At) < openFor {
		return true // told long after the closing, it is news all the same
	}
	if s.now().Sub(m.Heeded) < briefings.InquiryReplyNews {
		return true // so is what became of a question
	}
	return m.Status == briefings.MeetingOpen || m.Status == briefings.MeetingPostponed || !ended.IsZero() && s.now().Sub(ended) < openFor
}
