package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/bot/internal/pace"
	"briefbot/bot/internal/telegram"
	"briefbot/bot/internal/view"
	"briefbot/briefings"
)

const (
	// liveEvery is how often a progress message may change: edits share the budget of sends.
	liveEvery = 3 * time.Second
	// liveKept is how long a progress message waits for its mailing to appear or end.
	liveKept = 48 * time.Hour
)

// watched is a progress message and the mailing it shows. It is kept in Redis, so that a restart goes on with it.
type watched struct {
	Chat    int64              `json:"chat"`
	Message int                `json:"message"`
	Key     briefings.Key      `json:"key"`
	Member  briefings.MemberID `json:"member"`
	Since   time.Time          `json:"since"`
	Said    string             `json:"said,omitempty"` // what it said when it was sent
}

func (w watched) field() string { return strconv.FormatInt(w.Chat, 10) + "/" + strconv.Itoa(w.Message) }

// live edits progress messages in place until their mailings are over.
type live struct {
	bot   *Bot
	shown map[string]string // what each message says, so that an edit that changes nothing is not made
}

func newLive(b *Bot) *live { return &live{bot: b, shown: map[string]string{}} }

func (l *live) key() string { return l.bot.Prefix + ":live" }

// watch starts showing a mailing's progress.
func (l *live) watch(ctx context.Context, w watched) error {
	raw, err := json.Marshal(w)
	if err != nil {
		return fmt.Errorf("write watched message: %w", err)
	}
	if err := l.bot.Redis.HSet(ctx, l.key(), w.field(), raw).Err(); err != nil {
		return fmt.Errorf("keep watched message: %w", err)
	}
	return nil
}

// RunLive keeps progress messages true until ctx ends, and sees to cards that a process which ended did not draw.
func (b *Bot) RunLive(ctx context.Context) error {
	var adopting sync.WaitGroup
	defer adopting.Wait()
	adopting.Go(func() { b.adoptCards(ctx) })
	tick := time.NewTicker(liveEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := b.live.pass(ctx); err != nil && ctx.Err() == nil {
				b.Log.WarnContext(ctx, "progress not shown", "err", err)
			}
		}
	}
}

// pass looks at every watched message once.
func (l *live) pass(ctx context.Context) error {
	all, err := l.bot.Redis.HGetAll(ctx, l.key()).Result()
	if err != nil && !errors.Is(err, redis.Nil) {
		return fmt.Errorf("read watched messages: %w", err)
	}
	var problems []error
	for field, raw := range all {
		var w watched
		if err := json.Unmarshal([]byte(raw), &w); err != nil {
			problems = append(problems, l.drop(ctx, field))
			continue
		}
		if err := l.show(ctx, w); err != nil {
			problems = append(problems, err)
		}
	}
	return errors.Join(problems...)
}

func (l *live) show(ctx context.Context, w watched) error {
	progress, err := l.bot.Outbox.Mailing(ctx, w.Key)
	switch {
	case errors.Is(err, briefings.ErrNotFound):
		if l.bot.Now().Sub(w.Since) > liveKept {
			return l.drop(ctx, w.field())
		}
		return nil
	case err != nil:
		return fmt.Errorf("read progress: %w", err)
	}
	var m briefings.Member
	if w.Member != "" {
		roster, err := l.bot.Store.Roster(ctx)
		if err != nil {
			return err
		}
		m, _ = roster.Member(w.Member)
	}
	p := l.bot.printer(m, "")
	html := progressText(p, progress)
	said, ok := l.shown[w.field()]
	if !ok {
		said = w.Said
	}
	if said != html {
		var markup any
		if progress.Over() && progress.Failed+progress.Skipped+progress.Unknown > 0 {
			markup = rows(button(p.Plain("btn.untold"), "box", "who", string(progress.Mailing.Key())))
		}
		err := l.bot.paced(ctx, pace.Replies, w.Chat, func() error { return l.bot.door.EditText(ctx, w.Chat, w.Message, html, markup) })
		var refused *telegram.Error
		switch {
		case errors.As(err, &refused) && (refused.Gone() || refused.Permanent()):
			return l.drop(ctx, w.field())
		case err != nil:
			return fmt.Errorf("show progress: %w", err)
		}
		l.shown[w.field()] = html
	}
	if progress.Over() {
		return l.drop(ctx, w.field())
	}
	return nil
}

func (l *live) drop(ctx context.Context, field string) error {
	delete(l.shown, field)
	if err := l.bot.Redis.HDel(ctx, l.key(), field).Err(); err != nil {
		return fmt.Errorf("forget watched message: %w", err)
	}
	return nil
}

// progressText says how far a mailing is.
func progressText(p view.Voice, g Progress) string {
	switch g.State {
	case "done":
		if g.Sent == g.Total {
			return p.T("send.done_all", "ok", g.Sent)
		}
		return p.T("send.done", "ok", g.Sent, "fail", g.Total-g.Sent)
	case "cancelled":
		return p.T("send.cancelled", "done", g.Settled(), "total", g.Total)
	case "aborted":
		return p.T("send.aborted")
	case "paused":
		return p.T("send.paused", "done", g.Settled(), "total", g.Total) + "\n" + view.Bar(g.Settled(), g.Total)
	}
	pct := 0
	if g.Total > 0 {
		pct = g.Settled() * 100 / g.Total
	}
	return p.T("send.progress", "done", g.Settled(), "total", g.Total, "pct", pct) + "\n" + view.Bar(g.Settled(), g.Total)
}

// base36 writes a number short.
func base36(n int) string { return strconv.FormatInt(int64(n), 36) }
