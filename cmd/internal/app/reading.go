package app

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/bot"
)

const (
	// readingKept is how long it is remembered that something else kept updates from being read.
	readingKept = time.Hour
	// readingFresh is how long a hindrance counts as lasting after it was last met: a poller meets one again within its own longest
	// wait.
	readingFresh = 2 * time.Minute
)

// readingKey holds by whom updates were read instead, from when until when, for whichever process is asked.
func (p *pulse) readingKey() string { return p.prefix + ":{s}:reading" }

// hindered writes down what keeps updates from being read, or that nothing does any more. What cannot be written down now is met again.
func (p *pulse) hindered(ctx context.Context, by string, since time.Time) {
	ctx, cancel := context.WithTimeout(ctx, pulseLimit)
	defer cancel()
	now := p.now().UnixMilli()
	_, err := p.client.Pipelined(ctx, func(pipe redis.Pipeliner) error {
		if by == "" {
			pipe.HSet(ctx, p.readingKey(), "until", now)
		} else {
			pipe.HSet(ctx, p.readingKey(), "by", by, "since", since.UnixMilli(), "met", now, "until", 0)
		}
		pipe.Expire(ctx, p.readingKey(), readingKept)
		return nil
	})
	if err != nil && ctx.Err() == nil {
		p.log.Debug("not noted who reads updates", "err", err)
	}
}

// reading looks up what kept updates from being read of late.
func (p *pulse) reading(ctx context.Context) (bot.Reading, error) {
	at, err := p.client.HGetAll(ctx, p.readingKey()).Result()
	if err != nil {
		return bot.Reading{}, fmt.Errorf("look who reads updates: %w", err)
	}
	moment := func(field string) time.Time {
		ms, err := strconv.ParseInt(at[field], 10, 64)
		if err != nil || ms == 0 {
			return time.Time{}
		}
		return time.UnixMilli(ms)
	}
	r := bot.Reading{By: at["by"], Since: moment("since"), Until: moment("until")}
	if r.Until.IsZero() && p.now().Sub(moment("met")) > readingFresh { // whoever noted it is gone
		return bot.Reading{}, nil
	}
	return r, nil
}

// Rival reports since when another machine has been reading updates with the same token, as the service noted; false when none does.
func (a *App) Rival(ctx context.Context) (time.Time, bool) {
	p := pulse{client: a.client, prefix: a.Config.RedisPrefix, now: a.Config.Now}
	r, err := p.reading(ctx)
	return r.Since, err == nil && r.By == "poller" && r.Until.IsZero()
}
