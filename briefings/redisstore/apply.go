package redisstore

import (
	"context"
	"fmt"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings"
)

// ApplyRoster writes a change of the roll, all of it or nothing: the roll has one hash tag, so that one script writes the rows, the
// indexes and the version. New members are numbered in the order in which they stand. A phone, an account or a number that another
// member has is refused with ErrExists, a member's unknown unit with ErrNotFound.
//
// What a person did while the change was being prepared is kept: a value without an account does not unlink a member who joined
// meanwhile (UpdateMember can).
func (s *Store) ApplyRoster(ctx context.Context, c briefings.RosterChange) error {
	if c.Empty() {
		return nil
	}
	err := again(ctx, func() (bool, error) {
		w, err := s.planRoll(ctx, c)
		if err != nil {
			return false, err
		}
		k := s.keys
		answer, err := s.run(ctx, writeRoll, []string{
			k.members(), k.ids(), k.users(), k.phones(), k.units(), k.groups(), k.topics(), k.lastNo(), k.version(),
			k.touched(), k.parts(),
		}, w.args()...)
		switch {
		case err != nil:
			return false, err
		case answer == "ok":
			return true, nil
		case answer == "conflict":
			return false, nil
		}
		return false, fmt.Errorf("another member has this %s: %w", answer, briefings.ErrExists)
	})
	if err != nil {
		return fmt.Errorf("apply change of the roll: %w", err)
	}
	return nil
}

// rollWrite is a change of the roll made ready: everything the script needs, computed from what was read.
type rollWrite struct {
	lastRead, last        briefings.MemberNo
	units, groups, topics []any // id, row, id, row, …
	members               []any // eight arguments each
}

func (w rollWrite) args() []any {
	args := []any{noField(w.lastRead), noField(w.last), len(w.units), len(w.groups), len(w.topics), len(w.members)}
	for _, part := range [][]any{w.units, w.groups, w.topics, w.members} {
		args = append(args, part...)
	}
	return args
}

// writeRoll writes a whole change of the roll, if every member still is what was read. It frees the phones and accounts that the
// change gives up before it looks whether those it takes are free, so that two members may exchange theirs.
//
//	KEYS 1 members, 2 ids, 3 users, 4 phones, 5 units, 6 groups, 7 topics, 8 last, 9 version,
//	     10 touched, 11 parts
//	ARGV 1 last number as read, 2 new last number, 3–6 how many arguments of units, groups, topics, members follow;
//	     units, groups, topics: id, row; members: number, id, row as read (empty: new), new row, old user, new user, old phone,
//	     new phone
//
// Returns ok; conflict when something moved; account, phone, number when another member has it.
var writeRoll = redis.NewScript(`
if (redis.call('GET', KEYS[8]) or '0') ~= ARGV[1] then return 'conflict' end
local first = 7 + ARGV[3] + ARGV[4] + ARGV[5]
local last = first + ARGV[6] - 1
local freed = {[KEYS[3]] = {}, [KEYS[4]] = {}}
for i = first, last, 8 do
  local no, id, stored = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local row = redis.call('HGET', KEYS[1], no) or ''
  if stored == '' and row ~= '' then return 'number' end
  if row ~= stored then return 'conflict' end
  if stored == '' and redis.call('HEXISTS', KEYS[2], id) == 1 then return 'conflict' end
  freed[KEYS[3]][ARGV[i + 4]] = no
  freed[KEYS[4]][ARGV[i + 6]] = no
end
local function taken(key, field, no)
  if field == '' then return false end
  local holder = redis.call('HGET', key, field)
  return holder and holder ~= no and freed[key][field] ~= holder
end
for i = first, last, 8 do
  if taken(KEYS[3], ARGV[i + 5], ARGV[i]) then return 'account' end
  if taken(KEYS[4], ARGV[i + 7], ARGV[i]) then return 'phone' end
end
local at = 7
for part = 1, 3 do
  local stop = at + ARGV[2 + part]
  while at < stop do
    redis.call('HSET', KEYS[4 + part], ARGV[at], ARGV[at + 1])
    at = at + 2
  end
end
local function free(key, field, no)
  if field ~= '' and redis.call('HGET', key, field) == no then redis.call('HDEL', key, field) end
end
for i = first, last, 8 do
  free(KEYS[3], ARGV[i + 4], ARGV[i])
  free(KEYS[4], ARGV[i + 6], ARGV[i])
end
for i = first, last, 8 do
  local no = ARGV[i]
  redis.call('HSET', KEYS[1], no, ARGV[i + 3])
  redis.call('HSET', KEYS[2], ARGV[i + 1], no)
  if ARGV[i + 5] ~= '' then redis.call('HSET', KEYS[3], ARGV[i + 5], no) end
  if ARGV[i + 7] ~= '' then redis.call('HSET', KEYS[4], ARGV[i + 7], no) end
end
redis.call('SET', KEYS[8], ARGV[2])
local version = redis.call('INCR', KEYS[9])
for i = first, last, 8 do redis.call('ZADD', KEYS[10], version, ARGV[i]) end
if first > 7 then redis.call('SET', KEYS[11], version) end
return 'ok'
`)
