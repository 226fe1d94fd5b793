package redisstore

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings"
)

// rosterPatience bounds one reading of the whole roll, which belongs to no single caller.
const rosterPatience = 30 * time.Second

// cachedRoster is the roll as this process read it last.
type cachedRoster struct {
	mu      sync.Mutex
	roster  *briefings.Roster
	version string
	hour    time.Time // the tree is of this hour; a unit's version may begin or end with the next
}

// Roster returns the roll, no older than the call. Every write to the roll moves a version in Redis; a process reads the roll
// anew only when the version moved, or when an hour passed and with it perhaps the organisation's tree. Callers that find the
// same version missing share one reading.
func (s *Store) Roster(ctx context.Context) (*briefings.Roster, error) {
	version, err := s.redis.Get(ctx, s.keys.version()).Result()
	if err != nil && !errors.Is(err, redis.Nil) {
		return nil, fmt.Errorf("read roster: %w", err)
	}
	hour := s.now().Truncate(time.Hour)
	if r := s.roster.at(version, hour); r != nil {
		return r, nil
	}
	// The flight is named by the version its callers saw: a reading that began before this caller's own write has an older
	// name, and is not joined.
	name := version + "@" + hour.Format(time.RFC3339)
	landed := s.flight.DoChan(name, func() (any, error) {
		if r := s.roster.at(version, hour); r != nil {
			return r, nil
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rosterPatience)
		defer cancel()
		return s.readRoster(ctx, hour)
	})
	select {
	case <-ctx.Done():
		return nil, fmt.Errorf("read roster: %w", ctx.Err())
	case result := <-landed:
		if result.Err != nil {
			return nil, fmt.Errorf("read roster: %w", result.Err)
		}
		return result.Val.(*briefings.Roster), nil
	}
}

// readRoster reads the whole roll as of one moment and keeps it.
func (s *Store) readRoster(ctx context.Context, hour time.Time) (*briefings.Roster, error) {
	var version *redis.StringCmd
	var units, members, groups, topics *redis.StringSliceCmd
	_, err := s.redis.TxPipelined(ctx, func(p redis.Pipeliner) error {
		version = p.Get(ctx, s.keys.version())
		units = p.HVals(ctx, s.keys.units())
		members = p.HVals(ctx, s.keys.members())
		groups = p.HVals(ctx, s.keys.groups())
		topics = p.HVals(ctx, s.keys.topics())
		return nil
	})
	if err != nil && !errors.Is(err, redis.Nil) {
		return nil, err
	}
	u, errUnits := decodeAll[briefings.Unit](units.Val())
	m, errMembers := decodeAll[briefings.Member](members.Val())
	g, errGroups := decodeAll[briefings.Group](groups.Val())
	t, errTopics := decodeAll[briefings.Topic](topics.Val())
	if err := errors.Join(errUnits, errMembers, errGroups, errTopics); err != nil {
		return nil, err
	}
	sortByID(u, func(u briefings.Unit) string { return string(u.ID) })
	sortByID(g, func(g briefings.Group) string { return string(g.ID) })
	sortByID(t, func(t briefings.Topic) string { return string(t.ID) })
	r := briefings.NewRoster(u, m, g, t, s.now())
	s.roster.keep(r, version.Val(), hour)
	return r, nil
}

func (c *cachedRoster) at(version string, hour time.Time) *briefings.Roster {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.roster != nil && c.version == version && c.hour.Equal(hour) {
		return c.roster
	}
	return nil
}

// keep stores a reading. A slower, older reading that comes after a newer one does no harm: its version no longer matches.
func (c *cachedRoster) keep(r *briefings.Roster, version string, hour time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.roster, c.version, c.hour = r, version, hour
}
