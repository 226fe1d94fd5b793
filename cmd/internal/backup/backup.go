package backup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings/redisstore"
)

// schemaKey holds the layout's number, see package redisstore.
const schemaKey = "{s}:schema"

// unfinished stands as the layout's number while a store is being brought back: no service starts on half a store.
const unfinished = "0"

// Take reads everything under the prefix.
func Take(ctx context.Context, c redis.UniversalClient, prefix string) (*File, error) {
	now, err := c.Time(ctx).Result()
	if err != nil {
		return nil, fmt.Errorf("take backup: %w", err)
	}
	f := &File{Header: Header{Format: format, Version: version, Schema: redisstore.Schema, Taken: now.UTC()}}
	names, err := list(ctx, c, prefix)
	if err != nil {
		return nil, fmt.Errorf("take backup: %w", err)
	}
	for part := range slices.Chunk(names, 100) {
		entries, err := take(ctx, c, prefix, part)
		if err != nil {
			return nil, fmt.Errorf("take backup: %w", err)
		}
		f.keys = append(f.keys, entries...)
	}
	f.Header.Keys = len(f.keys)
	return f, nil
}

// take reads some keys in two exchanges: what they are, then what they hold.
func take(ctx context.Context, c redis.UniversalClient, prefix string, names []string) ([]entry, error) {
	now, err := c.Time(ctx).Result()
	if err != nil {
		return nil, err
	}
	kinds, left := make([]*redis.StatusCmd, len(names)), make([]*redis.DurationCmd, len(names))
	if _, err := c.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, name := range names {
			kinds[i], left[i] = p.Type(ctx, prefix+":"+name), p.PTTL(ctx, prefix+":"+name)
		}
		return nil
	}); err != nil {
		return nil, err
	}
	answers := make([]func() (any, error), len(names))
	p := c.Pipeline()
	for i, name := range names {
		if answers[i], err = read(ctx, p, prefix+":"+name, kinds[i].Val()); err != nil {
			return nil, fmt.Errorf("read key %s: %w", name, err)
		}
	}
	if p.Len() > 0 {
		if _, err := p.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) { // each answer has its own error, too
			return nil, err
		}
	}
	var entries []entry
	for i, name := range names {
		value, err := answers[i]()
		if err != nil {
			return nil, fmt.Errorf("read key %s: %w", name, err)
		}
		if value == nil {
			continue
		}
		e := entry{Key: name, Type: kinds[i].Val()}
		if e.Value, err = json.Marshal(value); err != nil {
			return nil, fmt.Errorf("write key %s: %w", name, err)
		}
		if left[i].Val() > 0 {
			e.Expires = now.Add(left[i].Val()).UnixMilli()
		}
		entries = append(entries, e)
	}
	return entries, nil
}

// Restore puts everything under the prefix, in place of whatever is there. Until it is done the store has a layout that no service
// starts on, so that an interrupted one is not mistaken for a whole one; it can be begun again.
func (f *File) Restore(ctx context.Context, c redis.UniversalClient, prefix string) error {
	if f.Header.Schema != redisstore.Schema {
		return fmt.Errorf("bring back: the backup has layout %d, this program knows %d: %w", f.Header.Schema, redisstore.Schema, redisstore.ErrSchema)
	}
	if err := c.Set(ctx, prefix+":"+schemaKey, unfinished, 0).Err(); err != nil {
		return fmt.Errorf("bring back: %w", err)
	}
	if err := wipe(ctx, c, prefix); err != nil {
		return fmt.Errorf("bring back: %w", err)
	}
	for part := range slices.Chunk(f.keys, 100) {
		p := c.Pipeline()
		for _, e := range part {
			if e.Key == schemaKey {
				continue
			}
			if err := e.write(ctx, p, prefix+":"+e.Key); err != nil {
				return err
			}
		}
		if p.Len() == 0 {
			continue
		}
		if _, err := p.Exec(ctx); err != nil {
			return fmt.Errorf("bring back: %w", err)
		}
	}
	if err := c.Set(ctx, prefix+":"+schemaKey, f.Header.Schema, 0).Err(); err != nil {
		return fmt.Errorf("bring back: %w", err)
	}
	return nil
}

// wipe removes every key under the prefix but the layout's number.
func wipe(ctx context.Context, c redis.UniversalClient, prefix string) error {
	names, err := list(ctx, c, prefix)
	if err != nil {
		return err
	}
	names = slices.DeleteFunc(names, func(name string) bool { return name == schemaKey })
	for part := range slices.Chunk(names, batch) {
		if _, err := c.Pipelined(ctx, func(p redis.Pipeliner) error {
			for _, name := range part {
				p.Del(ctx, prefix+":"+name) // one key a command: they lie in different slots
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// Running reports whether a service holds a lease under the prefix: it would go on writing what it remembers of the old store.
func Running(ctx context.Context, c redis.UniversalClient, prefix string) (bool, error) {
	now, err := c.Time(ctx).Result()
	if err != nil {
		return false, fmt.Errorf("look for a running service: %w", err)
	}
	names, err := list(ctx, c, prefix)
	if err != nil {
		return false, fmt.Errorf("look for a running service: %w", err)
	}
	for _, name := range names {
		if !strings.HasPrefix(name, "{lease:") {
			continue
		}
		until, err := c.HGet(ctx, prefix+":"+name, "until").Result()
		if err != nil && !errors.Is(err, redis.Nil) {
			return false, fmt.Errorf("look for a running service: %w", err)
		}
		if end, err := strconv.ParseInt(until, 10, 64); err == nil && time.UnixMilli(end).After(now) {
			return true, nil
		}
	}
	return false, nil
}

// list names every key under the prefix, without the prefix, in order.
func list(ctx context.Context, c redis.UniversalClient, prefix string) ([]string, error) {
	var (
		mu    sync.Mutex
		found = map[string]bool{} // a scan may name a key twice
	)
	scan := func(ctx context.Context, node redis.Cmdable) error {
		keys := node.Scan(ctx, 0, literal(prefix)+":*", 1000).Iterator()
		for keys.Next(ctx) {
			mu.Lock()
			found[strings.TrimPrefix(keys.Val(), prefix+":")] = true
			mu.Unlock()
		}
		return keys.Err()
	}
	var err error
	if cluster, ok := c.(*redis.ClusterClient); ok {
		err = cluster.ForEachMaster(ctx, func(ctx context.Context, node *redis.Client) error { return scan(ctx, node) })
	} else {
		err = scan(ctx, c)
	}
	if err != nil {
		return nil, fmt.Errorf("list keys: %w", err)
	}
	names := make([]string, 0, len(found))
	for name := range found {
		names = append(names, name)
	}
	slices.Sort(names)
	return names, nil
}

// literal makes a prefix match itself alone.
func literal(prefix string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`, `]`, `\]`).Replace(prefix)
}
