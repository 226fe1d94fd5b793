package redisstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

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

// planRoll reads what a change concerns, checks the whole of it and makes it ready.
func (s *Store) planRoll(ctx context.Context, c briefings.RosterChange) (rollWrite, error) {
	var w rollWrite
	members, order := lastOfEach(c)
	stored, err := s.storedMembers(ctx, order)
	if err != nil {
		return w, err
	}
	var last *redis.StringCmd
	var units *redis.StringSliceCmd
	if _, err := s.redis.Pipelined(ctx, func(p redis.Pipeliner) error {
		last = p.Get(ctx, s.keys.lastNo())
		units = p.HKeys(ctx, s.keys.units())
		return nil
	}); err != nil && !errors.Is(err, redis.Nil) {
		return w, err
	}
	if text := last.Val(); text != "" {
		n, err := strconv.ParseUint(text, 10, 32)
		if err != nil {
			return w, fmt.Errorf("read last number: %w", err)
		}
		w.lastRead = briefings.MemberNo(n)
	}
	w.last = w.lastRead
	known := map[briefings.UnitID]bool{"": true} // somebody who asked to join may have no unit yet
	for _, id := range units.Val() {
		known[briefings.UnitID(id)] = true
	}
	if err := w.addParts(c, known); err != nil {
		return w, err
	}
	for _, m := range members { // numbers that are given come first, so that none is given twice
		w.last = max(w.last, m.No)
	}
	given := map[briefings.MemberNo]briefings.MemberID{}
	users, phones := map[briefings.UserID]briefings.MemberID{}, map[string]briefings.MemberID{}
	for _, id := range order {
		after, named := members[id]
		if other, taken := given[after.No]; taken && after.No != 0 {
			return w, fmt.Errorf("members %s and %s have one number: %w", other, id, briefings.ErrExists)
		}
		given[after.No] = id
		if err := w.addMember(id, after, named, stored[id], known); err != nil {
			return w, fmt.Errorf("member %s: %w", id, err)
		}
		if !named {
			continue
		}
		if other, taken := phones[after.Phone]; taken && after.Phone != "" {
			return w, fmt.Errorf("members %s and %s have one phone: %w", other, id, briefings.ErrExists)
		}
		if other, taken := users[after.User]; taken && after.User != 0 {
			return w, fmt.Errorf("members %s and %s have one account: %w", other, id, briefings.ErrExists)
		}
		phones[after.Phone], users[after.User] = id, id
	}
	return w, nil
}

// lastOfEach takes the members that a change names, each once as it stands last, with those who leave marked so. The order is that
// of their first naming; one who is only named as leaving has no value.
func lastOfEach(c briefings.RosterChange) (map[briefings.MemberID]briefings.Member, []briefings.MemberID) {
	members := make(map[briefings.MemberID]briefings.Member, len(c.Members))
	seen := make(map[briefings.MemberID]bool, len(c.Members))
	var order []briefings.MemberID
	name := func(id briefings.MemberID) {
		if !seen[id] {
			seen[id] = true
			order = append(order, id)
		}
	}
	for _, m := range c.Members {
		name(m.ID)
		members[m.ID] = m
	}
	for _, id := range c.Left {
		name(id)
		if m, ok := members[id]; ok {
			m.Status = briefings.Left
			members[id] = m
		}
	}
	return members, order
}

// storedMembers reads rows by id, as they are stored.
func (s *Store) storedMembers(ctx context.Context, ids []briefings.MemberID) (map[briefings.MemberID]string, error) {
	out := make(map[briefings.MemberID]string, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = string(id)
	}
	rows, err := membersByID.Run(ctx, s.redis, []string{s.keys.ids(), s.keys.members()}, args...).StringSlice()
	if err != nil {
		return nil, err
	}
	for i, row := range rows {
		out[ids[i]] = row
	}
	return out, nil
}

// membersByID reads members by their ids.
//
//	KEYS 1 ids, 2 members
//	ARGV id, id, …
//
// Returns the rows in this order, empty for an unknown id.
var membersByID = redis.NewScript(`
local out = {}
for i, id in ipairs(ARGV) do
  local no = redis.call('HGET', KEYS[1], id)
  out[i] = no and redis.call('HGET', KEYS[2], no) or ''
end
return out
`)

func (w *rollWrite) addParts(c briefings.RosterChange, known map[briefings.UnitID]bool) error {
	var err error
	for _, u := range c.Units {
		known[u.ID] = true
		if w.units, err = addPart(w.units, u.ID, u); err != nil {
			return fmt.Errorf("unit: %w", err)
		}
	}
	for _, g := range c.Groups {
		if w.groups, err = addPart(w.groups, g.ID, g); err != nil {
			return fmt.Errorf("group: %w", err)
		}
	}
	for _, t := range c.Topics {
		if w.topics, err = addPart(w.topics, t.ID, t); err != nil {
			return fmt.Errorf("topic: %w", err)
		}
	}
	return nil
}

func addPart[K ~string](args []any, id K, value any) ([]any, error) {
	if err := checkID(id); err != nil {
		return nil, err
	}
	row, err := json.Marshal(value)
	return append(args, string(id), row), err
}

// addMember adds one member's arguments, unless nothing of the row changes.
func (w *rollWrite) addMember(id briefings.MemberID, after briefings.Member, named bool, stored string, known map[briefings.UnitID]bool) error {
	if err := checkID(id); err != nil {
		return err
	}
	var before briefings.Member
	if stored != "" {
		var err error
		if before, err = decode[briefings.Member](stored); err != nil {
			return err
		}
	}
	switch {
	case !named && stored == "":
		return briefings.ErrNotFound
	case !named:
		after = before
		after.Status = briefings.Left
	case stored == "":
		if after.No == 0 {
			w.last++
			after.No = w.last
		}
	case after.No != 0 && after.No != before.No:
		return errMoved
	default:
		after.No = before.No
		keepJoined(&after, before)
	}
	if after.Status == "" {
		after.Status = briefings.Active
	}
	if named && !known[after.Unit] {
		return fmt.Errorf("unit %s: %w", after.Unit, briefings.ErrNotFound)
	}
	row, err := json.Marshal(after)
	if err != nil || string(row) == stored {
		return err
	}
	w.members = append(w.members, noField(after.No), string(id), stored, row,
		userField(before.User), userField(after.User), before.Phone, after.Phone)
	return nil
}

// keepJoined keeps what a member did by joining, where the new value does not know of it yet.
func keepJoined(after *briefings.Member, before briefings.Member) {
	if before.User == 0 || after.User != 0 {
		return
	}
	after.User, after.JoinedAt = before.User, before.JoinedAt
	after.Topics, after.Paused = before.Topics, before.Paused
	after.Blocked, after.BlockedAt = before.Blocked, before.BlockedAt
	if after.Lang == "" {
		after.Lang = before.Lang
	}
	if after.Status == briefings.Invited || after.Status == briefings.Pending {
		after.Status = before.Status
	}
}
