package redisstore

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings"
)

// keepLimit bounds the waiting for a write to be kept for good.
const keepLimit = time.Second

// keeping makes sure that what a person is told to be recorded outlives a crash of Redis. A server that can say when its append-only
// file has reached the disk is asked (WAITAOF, Redis 7.2); on an older one the setting appendfsync always gives the same promise with
// every reply. Where replicas are to have a write as well, they are waited for.
type keeping struct {
	replicas int         // how many replicas must have it
	deaf     atomic.Bool // the server knows no WAITAOF, or may not be asked
}

// runKept runs a script on one tag and returns its answer when what it wrote is kept for good. An answer whose writing could not be
// vouched for comes with an error that is briefings.ErrNotKept.
func (s *Store) runKept(ctx context.Context, script *redis.Script, keys []string, args ...any) (string, error) {
	node, err := s.master(ctx, keys[0])
	if err != nil {
		return "", err
	}
	answer, asked, waited, err := s.keptOnce(ctx, node, script, keys, args)
	if redis.HasErrorPrefix(err, "NOSCRIPT") { // inside a pipeline nothing falls back by itself
		if err := script.Load(ctx, node).Err(); err != nil {
			return "", err
		}
		answer, asked, waited, err = s.keptOnce(ctx, node, script, keys, args)
	}
	if err != nil {
		return "", err
	}
	return answer, s.keep.judge(asked, waited)
}

// master is the server that holds a key. What is to be waited for must be asked on the connection that wrote.
func (s *Store) master(ctx context.Context, key string) (redis.Cmdable, error) {
	if cluster, ok := s.redis.(*redis.ClusterClient); ok {
		return cluster.MasterForKey(ctx, key)
	}
	return s.redis, nil
}

// keptOnce writes and waits in one exchange.
func (s *Store) keptOnce(ctx context.Context, node redis.Cmdable, script *redis.Script, keys []string, args []any) (answer string, asked bool, waited redis.Cmder, err error) {
	pipe := node.Pipeline()
	wrote := script.EvalSha(ctx, pipe, keys, args...)
	switch {
	case !s.keep.deaf.Load():
		asked, waited = true, redis.NewIntSliceCmd(ctx, "waitaof", 1, s.keep.replicas, keepLimit.Milliseconds())
		_ = pipe.Process(ctx, waited)
	case s.keep.replicas > 0:
		waited = redis.NewIntCmd(ctx, "wait", s.keep.replicas, keepLimit.Milliseconds())
		_ = pipe.Process(ctx, waited)
	}
	_, _ = pipe.Exec(ctx) // the commands know best
	answer, err = wrote.Text()
	return answer, asked, waited, err
}

// vouch makes sure that what was written of a meeting earlier is kept: the same tap once more finds nothing to change, and may be the
// answer to an error that said so.
func (s *Store) vouch(ctx context.Context, id briefings.MeetingID) error {
	if s.keep.deaf.Load() && s.keep.replicas == 0 {
		return nil
	}
	_, err := s.runKept(ctx, touchMeeting, []string{s.keys.changes(id)})
	return err
}

// touchMeeting writes without a change, because a server is waited for up to the last write of the connection that asks.
//
//	KEYS 1 changes
var touchMeeting = redis.NewScript(`
redis.call('INCR', KEYS[1])
return 'ok'
`)

// judge reads what the waiting came to.
func (k *keeping) judge(asked bool, waited redis.Cmder) error {
	if waited == nil {
		return nil
	}
	err := waited.Err()
	if asked {
		var refused redis.Error
		if errors.As(err, &refused) && unwaitable(refused.Error()) {
			k.deaf.Store(true) // from now on what the server promises with its reply has to do
			if k.replicas == 0 {
				return nil
			}
			return fmt.Errorf("ask replicas of redis: %w", briefings.ErrNotKept) // the next try waits for them
		}
		got, _ := waited.(*redis.IntSliceCmd)
		if err == nil && got != nil && len(got.Val()) == 2 && got.Val()[0] >= 1 && got.Val()[1] >= int64(k.replicas) {
			return nil
		}
	} else if got, _ := waited.(*redis.IntCmd); err == nil && got != nil && got.Val() >= int64(k.replicas) {
		return nil
	}
	return fmt.Errorf("wait for redis to keep it: %w", errors.Join(briefings.ErrNotKept, err))
}

// unwaitable reports a server that cannot be waited for at all: it is too old, does not allow it, or has no append-only file, which
// the check at the start has objected to.
func unwaitable(reply string) bool {
	for _, part := range []string{"unknown command", "NOPERM", "appendonly is disabled"} {
		if strings.Contains(reply, part) {
			return true
		}
	}
	return false
}
