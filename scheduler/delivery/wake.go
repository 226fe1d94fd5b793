package delivery

import (
	"context"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"
)

// What one process changes in the outbox concerns the engines of all: a pause, a mailing that overtakes. Each change is noted on a short
// stream that every engine waits at, so that it is seen at once; the slow look at everything is what heals when a note is lost.

const (
	// notesKept is how many notes stay on the stream: whoever comes late looks at everything anyway.
	notesKept = 16
	// notesFor is how long they stay after the last.
	notesFor = time.Hour
	// noteBlock is how long one wait for a note lasts.
	noteBlock = 2 * time.Second
	// notesAgain is how long nothing is waited for after the stream could not be read.
	notesAgain = time.Second
)

// noteBy is the field of a note that names its process.
const noteBy = "by"

// notes is the stream. Together with live and index it is an aggregate of its own.
func (o *Outbox) notes() string { return o.prefix + ":{b}:notes" }

// changed wakes the engines of all processes. What goes wrong with that costs a moment and nothing else.
func (o *Outbox) changed(ctx context.Context) {
	signal(o.wake)
	_, _ = o.redis.Pipelined(ctx, func(p redis.Pipeliner) error {
		p.XAdd(ctx, &redis.XAddArgs{Stream: o.notes(), MaxLen: notesKept, Approx: true, Values: []any{noteBy, o.name}})
		p.PExpire(ctx, o.notes(), notesFor)
		return nil
	})
}

// lastNote is the newest note's id.
func (o *Outbox) lastNote(ctx context.Context) (string, error) {
	list, err := o.redis.XRevRangeN(ctx, o.notes(), "+", "-", 1).Result()
	if err != nil || len(list) == 0 {
		return "0-0", err
	}
	return list[0].ID, nil
}

// awaitNote waits for notes after one and returns the newest, and whether any is of another process.
func (o *Outbox) awaitNote(ctx context.Context, after string) (newest string, others bool, err error) {
	got, err := o.redis.XRead(ctx, &redis.XReadArgs{Streams: []string{o.notes(), after}, Block: noteBlock}).Result()
	if errors.Is(err, redis.Nil) {
		return after, false, nil
	}
	if err != nil {
		return after, false, err
	}
	for _, stream := range got {
		for _, note := range stream.Messages {
			after = note.ID
			others = others || note.Values[noteBy] != o.name
		}
	}
	return after, others, nil
}

// listen wakes the survey when another process has changed the outbox, until the context ends. Its waits cannot be cut short from
// outside, but by a note.
func (e *Engine) listen(ctx context.Context) {
	last := ""
	for ctx.Err() == nil {
		newest, err := e.hear(ctx, last)
		if err != nil {
			e.Log.Debug("changes of other processes are seen late", "replica", e.Replica, "after", notesAgain, "err", err)
			pause(ctx, notesAgain)
			continue
		}
		last = newest
	}
}

// hear waits once for a note after the last and returns the newest. At first there is no last one: what came before is looked at.
func (e *Engine) hear(ctx context.Context, last string) (newest string, err error) {
	bound, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteBlock+time.Second)
	defer cancel()
	others := last == ""
	if last == "" {
		newest, err = e.Outbox.lastNote(bound)
	} else {
		newest, others, err = e.Outbox.awaitNote(bound, last)
	}
	if others && err == nil {
		signal(e.Outbox.wake)
	}
	return newest, err
}
