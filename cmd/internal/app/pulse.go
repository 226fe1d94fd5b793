package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/bot"
	"briefbot/briefings/redisstore"
)

const (
	pulseEvery = time.Second
	// pulseLimit is how long Redis may take before it counts as away.
	pulseLimit = time.Second
	// aliveFor is how long a replica counts as alive after it was heard of.
	aliveFor = 5 * time.Second
)

// pulse feels whether Redis answers, tells the other replicas that this one is alive, and remembers the last outage. Every replica
// keeps its own.
type pulse struct {
	client  redis.UniversalClient
	prefix  string
	replica string
	log     *slog.Logger
	now     func() time.Time
	clock   *clock // nil: somebody else's

	mu         sync.Mutex
	away, back time.Time // the last outage; back is zero while it lasts
}

func (p *pulse) replicas() string { return p.prefix + ":{s}:replicas" }

// run feels the pulse until ctx ends.
func (p *pulse) run(ctx context.Context) error {
	tick := time.NewTicker(pulseEvery)
	defer tick.Stop()
	for {
		p.beat(ctx)
		select {
		case <-ctx.Done():
			bound, cancel := context.WithTimeout(context.WithoutCancel(ctx), pulseLimit)
			defer cancel()
			p.client.ZRem(bound, p.replicas(), p.replica) // should it fail, the name fades by itself
			return nil
		case <-tick.C:
		}
	}
}

func (p *pulse) beat(ctx context.Context) {
	bound, cancel := context.WithTimeout(ctx, pulseLimit)
	defer cancel()
	now := p.now()
	err := p.look(bound)
	alive := p.wall()
	if err == nil {
		err = p.client.ZAdd(bound, p.replicas(), redis.Z{Score: float64(alive.UnixMilli()), Member: p.replica}).Err()
	}
	if err == nil {
		p.client.ZRemRangeByScore(bound, p.replicas(), "-inf", strconv.FormatInt(alive.Add(-time.Hour).UnixMilli(), 10))
	}
	if ctx.Err() != nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	down := !p.away.IsZero() && p.back.IsZero()
	switch {
	case err != nil && !down:
		p.away, p.back = now, time.Time{}
		p.log.Warn("redis does not answer: sending waits", "replica", p.replica, "err", err)
	case err == nil && down:
		p.back = now
		p.log.Info("redis answers again", "replica", p.replica, "after", now.Sub(p.away).Round(time.Millisecond))
	}
}

// Vitals implements bot.Health.
func (p *pulse) Vitals(ctx context.Context) bot.Vitals {
	p.mu.Lock()
	v := bot.Vitals{Away: p.away, Back: p.back}
	p.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, 2*pulseLimit)
	defer cancel()
	asked := time.Now()
	var err error
	v.Replicas, err = p.client.ZRangeByScore(ctx, p.replicas(), &redis.ZRangeBy{
		Min: strconv.FormatInt(p.wall().Add(-aliveFor).UnixMilli(), 10), Max: "+inf",
	}).Result()
	if err != nil {
		v.Down = true
		return v
	}
	v.Redis = time.Since(asked)
	slices.Sort(v.Replicas)
	if p.clock != nil {
		v.Skew = p.clock.ahead()
	}
	v.Planned, err = p.planned(ctx)
	if err == nil {
		v.Reading, err = p.reading(ctx)
	}
	if err != nil {
		v.Down = true
		return v
	}
	complaints, err := redisstore.CheckServer(ctx, p.client)
	if err != nil {
		v.Down = true
	}
	for _, c := range complaints {
		v.Lossy = append(v.Lossy, c.Setting)
	}
	return v
}

// planned asks whether somebody holds the planner's lease.
func (p *pulse) planned(ctx context.Context) (bool, error) {
	until, err := p.client.HGet(ctx, p.prefix+":{lease:planner}", "until").Int64()
	if errors.Is(err, redis.Nil) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look who plans: %w", err)
	}
	return until > p.wall().UnixMilli(), nil
}

// wall is the time by Redis, which leases and lives are kept by and no rehearsal moves.
func (p *pulse) wall() time.Time {
	if p.clock == nil {
		return time.Now()
	}
	return time.Now().Add(p.clock.ahead())
}
