package redisstore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
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
// same version missing share one reading. What is read anew are the members written since, as long as they are few and nothing else
// of the roll changed: while a thousand people join, each join costs one row and not the roll.
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
		return s.refreshRoster(ctx, hour)
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

// refreshLimit is from how many changed members on the whole roll is read.
const refreshLimit = 200

// refreshRoster brings the roll that was read last up to date, or reads the whole.
func (s *Store) refreshRoster(ctx context.Context, hour time.Time) (*briefings.Roster, error) {
	old, since := s.roster.last()
	if old == nil || since == "" {
		return s.readRoster(ctx, hour)
	}
	k := s.keys
	answer, err := touchedMembers.Run(ctx, s.redis, []string{k.version(), k.parts(), k.touched(), k.members()},
		since, refreshLimit).StringSlice()
	if err != nil {
		return nil, err
	}
	if len(answer) == 0 {
		return s.readRoster(ctx, hour)
	}
	changed, err := decodeAll[briefings.Member](answer[1:])
	if err != nil {
		return nil, err
	}
	members := slices.Clone(old.Members)
	for _, m := range changed {
		at, there := slices.BinarySearchFunc(old.Members, m.No, func(m briefings.Member, no briefings.MemberNo) int {
			return cmp.Compare(m.No, no)
		})
		if there {
			members[at] = m
		} else {
			members = append(members, m)
		}
	}
	r := briefings.NewRoster(old.Units, members, old.Groups, old.Topics, s.now())
	s.roster.keep(r, answer[0], hour)
	return r, nil
}

// touchedMembers reads the members written since a version.
//
//	KEYS 1 version, 2 parts, 3 touched, 4 members
//	ARGV 1 version as read last, 2 how many members at most
//
// Returns the version and the rows; nothing when more changed than members, too many did, or the version went back.
var touchedMembers = redis.NewScript(`
local since, limit = tonumber(ARGV[1]), tonumber(ARGV[2])
local version = redis.call('GET', KEYS[1]) or '0'
if tonumber(version) < since or tonumber(redis.call('GET', KEYS[2]) or '0') > since then return {} end
local numbers = redis.call('ZRANGEBYSCORE', KEYS[3], '(' .. ARGV[1], '+inf', 'LIMIT', 0, limit + 1)
if #numbers > limit then return {} end
local out = {version}
for _, no in ipairs(numbers) do
  local row = redis.call('HGET', KEYS[4], no)
  if row then out[#out + 1] = row end
end
return out
`)

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

// last returns what was read last, of whatever version and hour.
func (c *cachedRoster) last() (*briefings.Roster, string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.roster, c.version
}

// keep stores a reading. A slower, older reading that comes after a newer one does no harm: its version no longer matches.
func (c *cachedRoster) keep(r *briefings.Roster, version string, hour time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.roster, c.version, c.hour = r, version, hour
}
