package backup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"
)

// entry is one key. Key is without the prefix; Expires is 0 for what stays.
type entry struct {
	Key     string          `json:"key"`
	Type    string          `json:"type"`
	Expires int64           `json:"expires,omitempty"`
	Value   json.RawMessage `json:"value"`
}

// scored is a member of a sorted set.
type scored struct {
	Member []byte  `json:"member"`
	Score  float64 `json:"score"`
}

// read puts the command that reads one key by its type into a pipeline, and returns how to take its answer. The answer is nil for a
// key that has gone meanwhile.
func read(ctx context.Context, p redis.Pipeliner, key, kind string) (func() (any, error), error) {
	switch kind {
	case "none", "stream": // a stream says that something changed, to those who run at the time
		return func() (any, error) { return nil, nil }, nil
	case "string":
		cmd := p.Get(ctx, key)
		return func() (any, error) {
			text, err := cmd.Bytes()
			if errors.Is(err, redis.Nil) {
				return nil, nil
			}
			return text, err
		}, nil
	case "hash":
		cmd := p.HGetAll(ctx, key)
		return func() (any, error) {
			fields, err := cmd.Result()
			if err != nil || len(fields) == 0 {
				return nil, err
			}
			packed := make(map[string][]byte, len(fields))
			for name, field := range fields {
				packed[name] = []byte(field)
			}
			return packed, nil
		}, nil
	case "set":
		cmd := p.SMembers(ctx, key)
		return func() (any, error) {
			members, err := cmd.Result()
			slices.Sort(members)
			return packed(members), err
		}, nil
	case "list":
		cmd := p.LRange(ctx, key, 0, -1)
		return func() (any, error) {
			members, err := cmd.Result()
			return packed(members), err
		}, nil
	case "zset":
		cmd := p.ZRangeWithScores(ctx, key, 0, -1)
		return func() (any, error) {
			members, err := cmd.Result()
			if err != nil || len(members) == 0 {
				return nil, err
			}
			list := make([]scored, len(members))
			for i, z := range members {
				list[i] = scored{[]byte(fmt.Sprint(z.Member)), z.Score}
			}
			return list, nil
		}, nil
	}
	return nil, fmt.Errorf("a key of type %s is nothing this program writes", kind)
}

// packed is nil for an empty list: Redis keeps none.
func packed(list []string) any {
	if len(list) == 0 {
		return nil
	}
	out := make([][]byte, len(list))
	for i, s := range list {
		out[i] = []byte(s)
	}
	return out
}

// batch is how many fields or members one command writes.
const batch = 500

// write puts the commands that make the key into a pipeline.
func (e entry) write(ctx context.Context, p redis.Pipeliner, key string) error {
	var err error
	switch e.Type {
	case "string":
		var text []byte
		if err = json.Unmarshal(e.Value, &text); err == nil {
			p.Set(ctx, key, text, 0)
		}
	case "hash":
		var fields map[string][]byte
		if err = json.Unmarshal(e.Value, &fields); err == nil {
			pairs := make([]any, 0, 2*len(fields))
			for name, field := range fields {
				pairs = append(pairs, name, field)
			}
			for part := range slices.Chunk(pairs, 2*batch) {
				p.HSet(ctx, key, part...)
			}
		}
	case "set", "list":
		var members [][]byte
		if err = json.Unmarshal(e.Value, &members); err == nil {
			list := make([]any, len(members))
			for i, m := range members {
				list[i] = m
			}
			for part := range slices.Chunk(list, batch) {
				if e.Type == "set" {
					p.SAdd(ctx, key, part...)
				} else {
					p.RPush(ctx, key, part...)
				}
			}
		}
	case "zset":
		var members []scored
		if err = json.Unmarshal(e.Value, &members); err == nil {
			list := make([]redis.Z, len(members))
			for i, m := range members {
				list[i] = redis.Z{Score: m.Score, Member: m.Member}
			}
			for part := range slices.Chunk(list, batch) {
				p.ZAdd(ctx, key, part...)
			}
		}
	default:
		err = fmt.Errorf("a key of type %s is nothing this program writes", e.Type)
	}
	if err != nil {
		return fmt.Errorf("bring back %s: %w", e.Key, err)
	}
	if e.Expires > 0 {
		p.PExpireAt(ctx, key, time.UnixMilli(e.Expires))
	}
	return nil
}
