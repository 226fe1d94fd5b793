package redisstore

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings"
)

// AddActivity logs an activity. It gives the ID when there is none: "a1", "a2"… An ID that is taken is refused with ErrExists.
func (s *Store) AddActivity(ctx context.Context, a *briefings.Activity) error {
	id, err := add(ctx, s, "a", string(a.ID), s.keys.lastActivity(), func(id string) (bool, error) {
		made := *a
		made.ID = briefings.ActivityID(id)
		row, err := json.Marshal(made)
		if err != nil {
			return false, err
		}
		answer, err := s.run(ctx, addActivity, []string{s.keys.activities(), s.keys.activityDays()}, id, row, a.Date.Unix())
		return answer == "ok", err
	})
	if err != nil {
		return fmt.Errorf("add activity: %w", err)
	}
	a.ID = briefings.ActivityID(id)
	return nil
}

// addActivity files an activity under its id and its moment.
//
//	KEYS 1 rows, 2 days
//	ARGV 1 id, 2 row, 3 moment in Unix seconds
//
// Returns ok, or exists.
var addActivity = redis.NewScript(`
if redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2]) == 0 then return 'exists' end
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
return 'ok'
`)

// Activities returns the activities of [from, to), by date.
func (s *Store) Activities(ctx context.Context, from, to time.Time) ([]briefings.Activity, error) {
	ids, err := s.redis.ZRangeByScore(ctx, s.keys.activityDays(), &redis.ZRangeBy{
		Min: strconv.FormatInt(from.Unix(), 10), Max: strconv.FormatInt(to.Unix(), 10),
	}).Result()
	if err != nil {
		return nil, fmt.Errorf("read activities: %w", err)
	}
	var out []briefings.Activity
	for part := range slices.Chunk(ids, 1000) {
		rows, err := s.redis.HMGet(ctx, s.keys.activities(), part...).Result()
		if err != nil {
			return nil, fmt.Errorf("read activities: %w", err)
		}
		for _, row := range rows {
			text, ok := row.(string)
			if !ok {
				continue
			}
			a, err := decode[briefings.Activity](text)
			if err != nil {
				return nil, fmt.Errorf("read activities: %w", err)
			}
			if !a.Date.Before(from) && a.Date.Before(to) { // the index counts whole seconds
				out = append(out, a)
			}
		}
	}
	return out, nil
}

// add gives an identity where there is none and files the value under it. A given identity that is taken is ErrExists; a made one
// that somebody gave by hand before is passed over. A number that was drawn and not used, after a crash, stays unused.
func add(ctx context.Context, s *Store, letter, id, counter string, file func(id string) (free bool, err error)) (string, error) {
	if id != "" {
		if err := checkID(id); err != nil {
			return "", err
		}
		free, err := file(id)
		if err == nil && !free {
			err = fmt.Errorf("%s: %w", id, briefings.ErrExists)
		}
		return id, err
	}
	for {
		n, err := s.redis.Incr(ctx, counter).Result()
		if err != nil {
			return "", err
		}
		id := letter + strconv.FormatInt(n, 10)
		if free, err := file(id); err != nil || free {
			return id, err
		}
	}
}
