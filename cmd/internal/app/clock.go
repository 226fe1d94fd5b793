package app

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

// clock goes by Redis, so that all replicas find the same things due, whatever the clocks of their machines show. Until Redis was asked
// it shows the machine's time.
type clock struct {
	moved time.Duration // for a rehearsal
	skew  atomic.Int64  // by how much Redis is ahead of the machine
}

const (
	// skewStep is the smallest change of the skew that is followed: less is how long the question took.
	skewStep = 100 * time.Millisecond
	// skewTold is from when on the log speaks of a wrong clock.
	skewTold = time.Second
)

func (c *clock) now() time.Time { return time.Now().Add(c.moved + c.ahead()) }

// ahead is by how much Redis is ahead of the machine.
func (c *clock) ahead() time.Duration { return time.Duration(c.skew.Load()) }

// follow takes note of what Redis showed between two readings of the machine's clock, and reports whether that was news.
func (c *clock) follow(asked, answered, theirs time.Time) bool {
	took := answered.Sub(asked)
	skew := theirs.Sub(asked.Add(took / 2))
	if (skew - c.ahead()).Abs() < max(skewStep, took) {
		return false
	}
	c.skew.Store(int64(skew))
	return true
}

// askTime asks the server of a key what time it is there.
//
//	KEYS[1] any key of the service, so that in a cluster always the same server is asked
//	returns the microseconds since 1970, as text
var askTime = redis.NewScript(`
local t = redis.call('TIME')
return t[1] .. string.format('%06d', tonumber(t[2]))
`)

// look asks Redis for the time.
func (p *pulse) look(ctx context.Context) error {
	if p.clock == nil {
		return nil
	}
	asked := time.Now()
	us, err := askTime.Run(ctx, p.client, []string{p.replicas()}).Int64()
	if err != nil {
		return fmt.Errorf("ask Redis for the time: %w", err)
	}
	if !p.clock.follow(asked, time.Now(), time.UnixMicro(us)) {
		return nil
	}
	if ahead := p.clock.ahead(); ahead.Abs() > skewTold {
		p.log.Warn("this machine's clock is wrong, or that of Redis, by which the service goes", "replica", p.replica, "ahead", ahead.Round(time.Millisecond))
	}
	return nil
}
