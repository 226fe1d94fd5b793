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
