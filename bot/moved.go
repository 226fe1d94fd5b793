package bot

import (
	"context"
	"errors"
	"strconv"
	"sync"

	"briefbot/bot/internal/telegram"
)

// moved remembers which chats go by another number now: a group that became a supergroup. It is kept in Redis as well, so that the old
// number is asked once and not again after each start; a replica that has not heard of it is told by Telegram.
type moved struct {
	mu     sync.Mutex
	loaded bool
	to     map[int64]int64
}

func (b *Bot) movedKey() string { return b.Prefix + ":moved" }

// address is the number by which a chat goes now.
func (b *Bot) address(ctx context.Context, chat int64) int64 {
	b.moved.mu.Lock()
	defer b.moved.mu.Unlock()
	if !b.moved.loaded {
		kept, err := b.Redis.HGetAll(ctx, b.movedKey()).Result()
		if err != nil {
			return chat // whoever moved says so again
		}
		b.moved.loaded, b.moved.to = true, map[int64]int64{}
		for old, now := range kept {
			from, errFrom := strconv.ParseInt(old, 10, 64)
			to, errTo := strconv.ParseInt(now, 10, 64)
			if errors.Join(errFrom, errTo) == nil {
				b.moved.to[from] = to
			}
		}
	}
	if to, ok := b.moved.to[chat]; ok {
		return to
	}
	return chat
}

// reach makes a call to a chat. One that moved is called at its new number at once, because nothing came of the first request, and is
// known by it from then on.
func (b *Bot) reach(ctx context.Context, chat int64, call func(chat int64) error) error {
	at := b.address(ctx, chat)
	err := call(at)
	var refused *telegram.Error
	if !errors.As(err, &refused) || refused.MigrateTo == 0 || refused.MigrateTo == at {
		return err
	}
	to := refused.MigrateTo
	b.Log.InfoContext(ctx, "a chat goes by another number now")
	b.moved.mu.Lock()
	if b.moved.to == nil {
		b.moved.to = map[int64]int64{}
	}
	b.moved.to[chat] = to
	b.moved.mu.Unlock()
	if err := b.Redis.HSet(ctx, b.movedKey(), chat, to).Err(); err != nil {
		b.Log.WarnContext(ctx, "a chat's new number was not kept", "err", err)
	}
	return call(to)
}
