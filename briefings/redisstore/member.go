package redisstore

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings"
)

// Member returns a member by id.
func (s *Store) Member(ctx context.Context, id briefings.MemberID) (briefings.Member, error) {
	m, _, err := s.memberAt(ctx, s.keys.ids(), string(id))
	if err != nil {
		return m, fmt.Errorf("read member %s: %w", id, err)
	}
	return m, nil
}

// MemberByUser returns the member who speaks from an account.
func (s *Store) MemberByUser(ctx context.Context, user briefings.UserID) (briefings.Member, error) {
	m, _, err := s.memberAt(ctx, s.keys.users(), userField(user))
	if err != nil {
		return m, fmt.Errorf("read member by account: %w", err)
	}
	return m, nil
}

// MemberByPhone returns the member with a phone number in +84… form.
func (s *Store) MemberByPhone(ctx context.Context, phone string) (briefings.Member, error) {
	m, _, err := s.memberAt(ctx, s.keys.phones(), phone)
	if err != nil {
		return m, fmt.Errorf("read member by phone: %w", err)
	}
	return m, nil
}

// memberAt follows an index to a member, and returns the row as it is stored too.
//
// Returns of lookMember: the row; nil when the index or the row has nothing.
func (s *Store) memberAt(ctx context.Context, index, field string) (m briefings.Member, stored string, err error) {
	stored, err = lookMember.Run(ctx, s.redis, []string{index, s.keys.members()}, field).Text()
	if err != nil {
		return m, "", found(err)
	}
	m, err = decode[briefings.Member](stored)
	return m, stored, err
}

// lookMember follows an index of the roll.
//
//	KEYS 1 index, 2 members
//	ARGV 1 field of the index
//
// Returns the row, or nil.
var lookMember = redis.NewScript(`
local no = redis.call('HGET', KEYS[1], ARGV[1])
if not no then return nil end
return redis.call('HGET', KEYS[2], no)
`)

// UpdateMember changes a member. A user or a phone that another member has is refused with ErrExists. What identifies the member
// (ID and No) stays.
func (s *Store) UpdateMember(ctx context.Context, id briefings.MemberID, rule func(*briefings.Member) error) (briefings.Member, error) {
	var out briefings.Member
	k := s.keys
	err := again(ctx, func() (bool, error) {
		before, stored, err := s.memberAt(ctx, k.ids(), string(id))
		if err != nil {
			return false, err
		}
		after, next, err := change(stored, rule)
		if err != nil || next == nil {
			out = after
			return true, err
		}
		if after.ID != before.ID || after.No != before.No {
			return false, errMoved
		}
		answer, err := s.run(ctx, writeMember, []string{k.members(), k.users(), k.phones(), k.version(), k.touched()},
			noField(before.No), stored, next, userField(before.User), userField(after.User), before.Phone, after.Phone)
		out = after
		switch {
		case err != nil:
			return false, err
		case answer == "user" || answer == "phone":
			return false, fmt.Errorf("another member has this %s: %w", answer, briefings.ErrExists)
		}
		return answer == "ok", nil
	})
	if err != nil {
		return briefings.Member{}, fmt.Errorf("update member %s: %w", id, err)
	}
	return out, nil
}

// errMoved says that a rule changed what a value is filed under.
var errMoved = errors.New("an update may not change the identity")

// writeMember replaces a member's row if it still is what was read, and moves the indexes with it.
//
//	KEYS 1 members, 2 users, 3 phones, 4 version, 5 touched
//	ARGV 1 number, 2 row as read, 3 new row, 4 old user, 5 new user, 6 old phone, 7 new phone (empty: none)
//
// Returns ok; conflict when the row changed meanwhile; user or phone when another member has it.
var writeMember = redis.NewScript(`
local no = ARGV[1]
if redis.call('HGET', KEYS[1], no) ~= ARGV[2] then return 'conflict' end
local function taken(key, field)
  local holder = field ~= '' and redis.call('HGET', key, field)
  return holder and holder ~= no
end
if taken(KEYS[2], ARGV[5]) then return 'user' end
if taken(KEYS[3], ARGV[7]) then return 'phone' end
local function move(key, old, new)
  if old ~= '' and old ~= new and redis.call('HGET', key, old) == no then redis.call('HDEL', key, old) end
  if new ~= '' then redis.call('HSET', key, new, no) end
end
redis.call('HSET', KEYS[1], no, ARGV[3])
move(KEYS[2], ARGV[4], ARGV[5])
move(KEYS[3], ARGV[6], ARGV[7])
redis.call('ZADD', KEYS[5], redis.call('INCR', KEYS[4]), no)
return 'ok'
`)

func noField(no briefings.MemberNo) string { return strconv.FormatUint(uint64(no), 10) }

// userField is empty for nobody.
func userField(u briefings.UserID) string {
	if u == 0 {
		return ""
	}
	return strconv.FormatInt(int64(u), 10)
}
