package redisstore

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/redis/go-redis/v9"
)

// Schema is the number of the layout that this package reads and writes.
const Schema = 1

// ErrSchema says that the layout under the prefix is not the one this program knows.
var ErrSchema = errors.New("unknown layout")

// CheckSchema makes sure that what lies under the prefix is of a layout this program knows, and writes the number into an empty
// store. It is called once at start, before anything else. The error wraps ErrSchema when a newer program wrote the store.
func (s *Store) CheckSchema(ctx context.Context) error {
	if s.keys.prefix == "" || strings.ContainsAny(s.keys.prefix, "{}") {
		return fmt.Errorf("check prefix %q: a prefix has at least one letter and no braces", s.keys.prefix)
	}
	if err := s.redis.SetNX(ctx, s.keys.schema(), Schema, 0).Err(); err != nil {
		return fmt.Errorf("check schema: %w", err)
	}
	kept, err := s.redis.Get(ctx, s.keys.schema()).Int()
	switch {
	case errors.Is(err, redis.Nil):
		return fmt.Errorf("check schema: the number vanished while it was read: %w", ErrSchema)
	case err != nil:
		return fmt.Errorf("check schema: %w", err)
	case kept != Schema:
		return fmt.Errorf("check schema: the store has layout %d, this program knows %d: %w", kept, Schema, ErrSchema)
	}
	return nil
}
