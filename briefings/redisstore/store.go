package redisstore

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/singleflight"

	"briefbot/briefings"
)

// Options are what a Store may be told; the zero value works.
type Options struct {
	Now func() time.Time // the clock for the tree of the day and for what is recent; nil: time.Now
	Log *slog.Logger     // nil: silent
	// Replicas is how many replicas of Redis must have an answer or a check-in before it counts as recorded; zero: none.
	Replicas int
	// Hours are those in which little is sent, until somebody sets others in chat.
	Hours briefings.Hours
}

// Store keeps the domain in Redis. It may be used by any number of goroutines and replicas at once.
type Store struct {
	redis redis.UniversalClient
	keys  keys
	now   func() time.Time
	log   *slog.Logger
	keep  keeping
	hours briefings.Hours

	flight singleflight.Group
	roster cachedRoster
}

// New returns a store whose keys all begin with prefix. It does no I/O. The prefix has no braces, which CheckSchema verifies.
func New(c redis.UniversalClient, prefix string, opts Options) *Store {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	return &Store{redis: c, keys: keys{prefix}, now: opts.Now, log: opts.Log, keep: keeping{replicas: opts.Replicas}, hours: opts.Hours}
}

// Ping reports whether Redis answers.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.redis.Ping(ctx).Err(); err != nil {
		return fmt.Errorf("ping redis: %w", err)
	}
	return nil
}

// Empty reports whether nothing has been kept under the prefix yet. The schema's number does not count.
func (s *Store) Empty(ctx context.Context) (bool, error) {
	k := s.keys
	var found []*redis.IntCmd
	_, err := s.redis.Pipelined(ctx, func(p redis.Pipeliner) error {
		for _, key := range []string{
			k.members(), k.units(), k.groups(), k.topics(), k.briefings(), k.meetings(), k.activities(), k.holidays(), k.hours(),
		} {
			found = append(found, p.Exists(ctx, key)) // one key a command: they lie in different slots
		}
		return nil
	})
	if err != nil {
		return false, fmt.Errorf("look for anything kept: %w", err)
	}
	for _, f := range found {
		if f.Val() > 0 {
			return false, nil
		}
	}
	return true, nil
}

const (
	// tries is how often a change is made anew after somebody else was faster, before it is given up as ErrConflict.
	tries = 20
	// pauseLimit bounds the pause between two tries.
	pauseLimit = 40 * time.Millisecond
)

// again repeats step until it is done or fails, at most tries times, with a growing, random pause in between.
func again(ctx context.Context, step func() (done bool, err error)) error {
	pause := time.Millisecond
	for range tries {
		done, err := step()
		if err != nil || done {
			return err
		}
		wait := time.NewTimer(rand.N(pause))
		select {
		case <-ctx.Done():
			wait.Stop()
			return ctx.Err()
		case <-wait.C:
		}
		pause = min(2*pause, pauseLimit)
	}
	return briefings.ErrConflict
}

// run runs a script and returns its answer, a word.
func (s *Store) run(ctx context.Context, script *redis.Script, keys []string, args ...any) (string, error) {
	return script.Run(ctx, s.redis, keys, args...).Text()
}

// change decodes a stored value, lets the rule work on a copy and encodes it. It returns what was stored when the rule says
// ErrUnchanged or leaves the value as it was; next is then nil.
func change[T any](stored string, rule func(*T) error) (value T, next []byte, err error) {
	if value, err = decode[T](stored); err != nil {
		return value, nil, err
	}
	switch err := rule(&value); {
	case errors.Is(err, briefings.ErrUnchanged):
		value, err = decode[T](stored) // the rule may have written to its copy before it changed its mind
		return value, nil, err
	case err != nil:
		return value, nil, err
	}
	next, err = json.Marshal(value)
	if err == nil && bytes.Equal(next, []byte(stored)) {
		next = nil
	}
	return value, next, err
}

func decode[T any](stored string) (value T, err error) {
	if err = json.Unmarshal([]byte(stored), &value); err != nil {
		return value, fmt.Errorf("decode: %w", err)
	}
	return value, nil
}

func decodeAll[T any](stored []string) ([]T, error) {
	out := make([]T, 0, len(stored))
	for _, text := range stored {
		v, err := decode[T](text)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// found turns Redis' own word for an absent value into the domain's.
func found(err error) error {
	if errors.Is(err, redis.Nil) {
		return briefings.ErrNotFound
	}
	return err
}
