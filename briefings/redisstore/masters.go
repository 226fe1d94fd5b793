package redisstore

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/redis/go-redis/v9"
)

// Masters knows the servers that the client writes to by their run ids, and counts how often one of them was new: after a failover
// or a restart, a server may have forgotten the last seconds of what another one confirmed. Its zero value works; a nil one knows
// nothing.
type Masters struct {
	mu      sync.Mutex
	runs    map[string]bool
	settled bool // all that were there at the start are known
	epoch   uint64
}

// errNewMaster ends the first connection to a server that was not known, so that no command runs on it before those who asked to be
// told have noticed.
var errNewMaster = errors.New("redis has failed over or restarted")

// Epoch counts the servers that were new. It stays what it is while the same servers are written to.
func (m *Masters) Epoch() uint64 {
	if m == nil {
		return 0
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.epoch
}

// note takes down a server and reports whether it is a new one, after all that were there at the start were known.
func (m *Masters) note(fields map[string]string) (news bool) {
	run := fields["run_id"]
	if run == "" || fields["role"] == "slave" {
		return false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.runs[run] {
		return false
	}
	if m.runs == nil {
		m.runs = map[string]bool{}
	}
	m.runs[run] = true
	m.epoch++
	return m.settled
}

// onConnect looks whose connection it is before anything else runs on it.
func (m *Masters) onConnect() func(context.Context, *redis.Conn) error {
	if m == nil {
		return nil
	}
	return func(ctx context.Context, conn *redis.Conn) error {
		text, err := info(ctx, conn)
		if err != nil {
			return err
		}
		if m.note(readFields(text)) {
			return errNewMaster
		}
		return nil
	}
}

// Look asks every server that is written to who it is: a replica to which a connection was open already becomes the master without
// a new one. After the first time all that were there at the start are known.
func (m *Masters) Look(ctx context.Context, c redis.UniversalClient) error {
	if m == nil {
		return nil
	}
	one := func(ctx context.Context, node *redis.Client) error {
		text, err := info(ctx, node)
		if err == nil {
			m.note(readFields(text))
		}
		return err
	}
	var err error
	switch c := c.(type) {
	case *redis.ClusterClient:
		err = c.ForEachMaster(ctx, one)
	case *redis.Client:
		err = one(ctx, c)
	}
	if err == nil {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.settled = true
	}
	return err
}

// info reads who a server is. A server that may not be asked tells nothing, and nothing is concluded from it.
func info(ctx context.Context, c interface {
	Info(ctx context.Context, section ...string) *redis.StringCmd
}) (string, error) {
	var all string
	for _, section := range []string{"server", "replication"} { // several at once only since Redis 7
		text, err := c.Info(ctx, section).Result()
		var refused redis.Error
		if errors.As(err, &refused) {
			continue
		}
		if err != nil {
			return "", fmt.Errorf("ask redis who it is: %w", err)
		}
		all += text
	}
	return all, nil
}
