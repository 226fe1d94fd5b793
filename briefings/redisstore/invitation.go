package redisstore

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings"
)

// seatsAtOnce is how many seats one script makes, so that no script holds Redis for more than a few milliseconds.
const seatsAtOnce = 500

// Invite makes the seats of a meeting and returns how many are new. Seats that exist keep their answers, so a call that crashed
// half way is simply made again; Meeting.Invites is set last and says that all seats are there.
func (s *Store) Invite(ctx context.Context, id briefings.MeetingID, seats []briefings.Invitation) (added int, err error) {
	for part := range slices.Chunk(seats, seatsAtOnce) {
		n, err := s.makeSeats(ctx, id, part)
		added += n
		if err != nil {
			return added, fmt.Errorf("invite to meeting %s: %w", id, err)
		}
	}
	_, err = s.UpdateMeeting(ctx, id, func(m *briefings.Meeting) error {
		if !m.Invites.IsZero() {
			return briefings.ErrUnchanged
		}
		m.Invites = s.now()
		return nil
	})
	if err != nil {
		return added, fmt.Errorf("invite to meeting %s: %w", id, err)
	}
	return added, nil
}

// makeSeats is the first step of Invite: the seats, without the meeting knowing that they are all there.
func (s *Store) makeSeats(ctx context.Context, id briefings.MeetingID, seats []briefings.Invitation) (int, error) {
	args := make([]any, 0, 2*len(seats))
	for _, seat := range seats {
		if seat.Member == "" {
			return 0, fmt.Errorf("make seat %d: it names no member", seat.No)
		}
		seat.Meeting = id
		row, err := json.Marshal(seat)
		if err != nil {
			return 0, err
		}
		args = append(args, string(seat.Member), row)
	}
	k := s.keys
	n, err := makeSeats.Run(ctx, s.redis, []string{k.row(id), k.seats(id), k.changes(id)}, args...).Int()
	if err == nil && n < 0 {
		return 0, briefings.ErrNotFound
	}
	return max(n, 0), err
}

// makeSeats adds the seats that are not there yet.
//
//	KEYS 1 row, 2 seats, 3 changes
//	ARGV member, seat, member, seat, …
//
// Returns how many were added; -1 when there is no such meeting.
var makeSeats = redis.NewScript(`
if redis.call('EXISTS', KEYS[1]) == 0 then return -1 end
local added = 0
for i = 1, #ARGV, 2 do
  added = added + redis.call('HSETNX', KEYS[2], ARGV[i], ARGV[i + 1])
end
if added > 0 then redis.call('INCR', KEYS[3]) end
return added
`)

// Invitation returns a member's seat in a meeting.
func (s *Store) Invitation(ctx context.Context, id briefings.MeetingID, member briefings.MemberID) (briefings.Invitation, error) {
	var seat briefings.Invitation
	stored, err := s.redis.HGet(ctx, s.keys.seats(id), string(member)).Result()
	if err == nil {
		seat, err = decode[briefings.Invitation](stored)
	}
	if err != nil {
		return briefings.Invitation{}, fmt.Errorf("read seat of %s in meeting %s: %w", member, id, found(err))
	}
	return seat, nil
}

// UpdateInvitation changes a member's seat. The rule also sees the meeting, for reading: what it writes there is not kept. The
// change is written only if neither the seat nor the meeting moved meanwhile, so an answer can never land in a meeting that was
// closed while it was judged. A deputy who holds a seat of the meeting, or sits for another seat, is refused.
func (s *Store) UpdateInvitation(ctx context.Context, id briefings.MeetingID, member briefings.MemberID,
	rule func(*briefings.Meeting, *briefings.Invitation) error) (briefings.Invitation, error) {
	var out briefings.Invitation
	err := again(ctx, func() (bool, error) {
		meeting, stored, err := s.readSeat(ctx, id, member)
		if err != nil {
			return false, err
		}
		var before briefings.MemberID
		after, next, err := change(stored, func(seat *briefings.Invitation) error {
			filed := *seat
			before = standingDeputy(seat)
			if err := rule(&meeting.Meeting, seat); err != nil {
				return err
			}
			if seat.Meeting != filed.Meeting || seat.Member != filed.Member || seat.No != filed.No {
				return errMoved
			}
			return nil
		})
		out = after
		if err != nil {
			return true, err
		}
		if next == nil {
			return true, s.vouch(ctx, id)
		}
		return s.writeSeat(ctx, id, after, stored, next, before, meeting.rev)
	})
	if err != nil {
		return briefings.Invitation{}, fmt.Errorf("update seat of %s in meeting %s: %w", member, id, err)
	}
	return out, nil
}

// UpdateSeated is UpdateInvitation for somebody who has just read the seat: the rule sees what was read, and what it decides is written
// if neither seat nor meeting moved since. Else, and where it refuses or changes nothing, it judges anew what stands there now. The rule
// may write to what from holds.
func (s *Store) UpdateSeated(ctx context.Context, from briefings.Seated, rule func(*briefings.Meeting, *briefings.Invitation) error) (briefings.Invitation, error) {
	id, member := from.Meeting.ID, from.Seat.Member
	meeting, seat := from.Meeting, from.Seat
	before := standingDeputy(&seat)
	if from.Stored != "" && rule(&meeting, &seat) == nil && seat.Meeting == from.Seat.Meeting && seat.Member == member && seat.No == from.Seat.No {
		next, err := json.Marshal(seat)
		if err == nil && string(next) != from.Stored {
			var done bool
			if done, err = s.writeSeat(ctx, id, seat, from.Stored, next, before, from.Meeting.Rev); done {
				return seat, nil
			}
		}
		if err != nil {
			return briefings.Invitation{}, fmt.Errorf("update seat of %s in meeting %s: %w", member, id, err)
		}
	}
	return s.UpdateInvitation(ctx, id, member, rule)
}

// judgedMeeting is a meeting with its revision as stored, which a rule cannot reach.
type judgedMeeting struct {
	briefings.Meeting
	rev int64
}

func (s *Store) readSeat(ctx context.Context, id briefings.MeetingID, member briefings.MemberID) (judgedMeeting, string, error) {
	var fields *redis.SliceCmd
	var seat *redis.StringCmd
	_, err := s.redis.Pipelined(ctx, func(p redis.Pipeliner) error {
		fields = p.HMGet(ctx, s.keys.row(id), meetingFields...)
		seat = p.HGet(ctx, s.keys.seats(id), string(member))
		return nil
	})
	if err != nil {
		return judgedMeeting{}, "", found(err)
	}
	row, err := readMeetingRow(fields.Val())
	return judgedMeeting{row.Meeting, row.Rev}, seat.Val(), err
}

func (s *Store) writeSeat(ctx context.Context, id briefings.MeetingID, seat briefings.Invitation, stored string, next []byte,
	before briefings.MemberID, rev int64) (bool, error) {
	k := s.keys
	after := standingDeputy(&seat)
	answer, err := s.runKept(ctx, writeSeat, []string{k.row(id), k.seats(id), k.deputies(id), k.changes(id)},
		rev, string(seat.Member), stored, next, string(before), string(after))
	if err != nil {
		return false, err
	}
	switch answer {
	case "invited":
		return false, briefings.Refuse("proxy.already_invited", "proxy_name", seat.Answer.Deputy.Name)
	case "taken":
		return false, briefings.Refuse("proxy.taken", "proxy_name", seat.Answer.Deputy.Name)
	}
	return answer == "ok", nil
}

// writeSeat replaces a seat if it and the meeting still are what was read, and keeps who sits for whom.
//
//	KEYS 1 row, 2 seats, 3 deputies, 4 changes
//	ARGV 1 revision of the meeting as read, 2 member, 3 seat as read, 4 new seat, 5 old deputy, 6 new deputy (empty: none)
//
// Returns ok; conflict when seat or meeting moved; invited when the new deputy holds a seat; taken when the new deputy sits for
// another seat.
var writeSeat = redis.NewScript(`
local member, old, new = ARGV[2], ARGV[5], ARGV[6]
if redis.call('HGET', KEYS[1], 'rev') ~= ARGV[1] then return 'conflict' end
if redis.call('HGET', KEYS[2], member) ~= ARGV[3] then return 'conflict' end
if new ~= '' and new ~= old then
  if redis.call('HEXISTS', KEYS[2], new) == 1 then return 'invited' end
  local holder = redis.call('HGET', KEYS[3], new)
  if holder and holder ~= member then return 'taken' end
end
redis.call('HSET', KEYS[2], member, ARGV[4])
if old ~= '' and old ~= new and redis.call('HGET', KEYS[3], old) == member then redis.call('HDEL', KEYS[3], old) end
if new ~= '' then redis.call('HSET', KEYS[3], new, member) end
redis.call('INCR', KEYS[4])
return 'ok'
`)

// standingDeputy is the member who sits on the seat as a deputy: asked or agreed, not refused; empty when there is none.
func standingDeputy(seat *briefings.Invitation) briefings.MemberID {
	d := seat.Answer.Deputy
	if seat.Answer.Choice != briefings.Delegated || d == nil || d.State == briefings.DeputyRefused {
		return ""
	}
	return d.Member
}
