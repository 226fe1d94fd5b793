package redisstore

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings"
)

// All briefings share one hash tag: they are few, they are listed together, and so the set of the active ones is written in the
// same script as the row and cannot differ from it.

// AddBriefing files a new briefing with Rev 1. It gives the ID when there is none: "b1", "b2"… An ID that is taken is refused with
// ErrExists.
func (s *Store) AddBriefing(ctx context.Context, b *briefings.Briefing) error {
	made := *b
	made.Rev = 1
	id, err := add(ctx, s, "b", string(b.ID), s.keys.lastBriefing(), func(id string) (bool, error) {
		made.ID = briefings.BriefingID(id)
		row, err := json.Marshal(made)
		if err != nil {
			return false, err
		}
		answer, err := s.writeBriefing(ctx, made, "", row)
		return answer == "ok", err
	})
	if err != nil {
		return fmt.Errorf("add briefing: %w", err)
	}
	b.ID, b.Rev = briefings.BriefingID(id), 1
	return nil
}

// Briefing returns a briefing by id.
func (s *Store) Briefing(ctx context.Context, id briefings.BriefingID) (briefings.Briefing, error) {
	var b briefings.Briefing
	stored, err := s.redis.HGet(ctx, s.keys.briefings(), string(id)).Result()
	if err == nil {
		b, err = decode[briefings.Briefing](stored)
	}
	if err != nil {
		return briefings.Briefing{}, fmt.Errorf("read briefing %s: %w", id, found(err))
	}
	return b, nil
}

// UpdateBriefing changes a briefing and moves its Rev.
func (s *Store) UpdateBriefing(ctx context.Context, id briefings.BriefingID, rule func(*briefings.Briefing) error) (briefings.Briefing, error) {
	var out briefings.Briefing
	err := again(ctx, func() (bool, error) {
		stored, err := s.redis.HGet(ctx, s.keys.briefings(), string(id)).Result()
		if err != nil {
			return false, found(err)
		}
		after, next, err := change(stored, func(b *briefings.Briefing) error {
			rev := b.Rev
			if err := rule(b); err != nil {
				return err
			}
			if b.ID != id {
				return errMoved
			}
			b.Rev = rev + 1
			return nil
		})
		out = after
		if err != nil || next == nil {
			return true, err
		}
		answer, err := s.writeBriefing(ctx, after, stored, next)
		return answer == "ok", err
	})
	if err != nil {
		return briefings.Briefing{}, fmt.Errorf("update briefing %s: %w", id, err)
	}
	return out, nil
}

func (s *Store) writeBriefing(ctx context.Context, b briefings.Briefing, stored string, next []byte) (string, error) {
	active := ""
	if b.Watched() {
		active = "1"
	}
	return s.run(ctx, writeBriefing, []string{s.keys.briefings(), s.keys.activeBriefings()}, string(b.ID), stored, next, active)
}

// writeBriefing replaces a briefing's row if it still is what was read, and keeps the set of the active ones.
//
//	KEYS 1 rows, 2 active
//	ARGV 1 id, 2 row as read (empty: there is none yet), 3 new row, 4 whether it is active (empty: no)
//
// Returns ok, or conflict.
var writeBriefing = redis.NewScript(`
if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then return 'conflict' end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
if ARGV[4] ~= '' then redis.call('SADD', KEYS[2], ARGV[1]) else redis.call('SREM', KEYS[2], ARGV[1]) end
return 'ok'
`)

// Briefings returns all briefings, newest first.
func (s *Store) Briefings(ctx context.Context) ([]briefings.Briefing, error) {
	rows, err := s.redis.HVals(ctx, s.keys.briefings()).Result()
	if err != nil {
		return nil, fmt.Errorf("list briefings: %w", err)
	}
	return newestBriefings(rows)
}

// ActiveBriefings returns the briefings that the planner has to look at, newest first: those that come by their cadence, and those of
// which an edition waits.
func (s *Store) ActiveBriefings(ctx context.Context) ([]briefings.Briefing, error) {
	rows, err := activeRows.Run(ctx, s.redis, []string{s.keys.briefings(), s.keys.activeBriefings()}).StringSlice()
	if err != nil {
		return nil, fmt.Errorf("list active briefings: %w", err)
	}
	return newestBriefings(rows)
}

// activeRows reads the rows that a set names.
//
//	KEYS 1 rows, 2 active
//	ARGV none
//
// Returns the rows.
var activeRows = redis.NewScript(`
local out = {}
for _, id in ipairs(redis.call('SMEMBERS', KEYS[2])) do
  local row = redis.call('HGET', KEYS[1], id)
  if row then out[#out + 1] = row end
end
return out
`)

func newestBriefings(rows []string) ([]briefings.Briefing, error) {
	list, err := decodeAll[briefings.Briefing](rows)
	if err != nil {
		return nil, fmt.Errorf("list briefings: %w", err)
	}
	slices.SortFunc(list, func(a, b briefings.Briefing) int {
		if c := b.Created.Compare(a.Created); c != 0 {
			return c
		}
		return compareIDs(string(b.ID), string(a.ID))
	})
	return list, nil
}
