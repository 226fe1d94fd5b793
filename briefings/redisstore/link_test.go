package redisstore

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"briefbot/briefings"
	"briefbot/briefings/redistest"
)

func TestLinkIsUsedOnce(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		ctx := t.Context()
		fill(t, b.Store, 2)
		token, err := b.NewLink(ctx, "M1", time.Hour)
		if must(t, err); len(token) != 22 {
			t.Fatalf("token of %d characters", len(token))
		}
		id, err := b.PeekLink(ctx, token)
		if must(t, err); id != "M1" {
			t.Fatalf("link of %s", id)
		}
		var used atomic.Int32
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				_, err := b.ClaimLink(ctx, token, func(briefings.MemberID) error { used.Add(1); return nil })
				if err != nil && !errors.Is(err, briefings.ErrNotFound) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if used.Load() != 1 {
			t.Fatalf("used %d times", used.Load())
		}
		_, err = b.PeekLink(ctx, token)
		wantErr(t, err, briefings.ErrNotFound)
		if n := b.client.HLen(ctx, b.keys.links()).Val() + b.client.HLen(ctx, b.keys.linked()).Val(); n != 0 {
			t.Fatalf("%d rows left of a used link", n)
		}
	})
}

func TestLinkSurvivesAClaimThatFails(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		ctx := t.Context()
		fill(t, b.Store, 2)
		token, err := b.NewLink(ctx, "M1", time.Hour)
		must(t, err)
		_, err = b.ClaimLink(ctx, token, func(briefings.MemberID) error { return briefings.Refuse("start.already_linked") })
		wantRefusal(t, err, "start.already_linked")
		id, err := b.ClaimLink(ctx, token, func(briefings.MemberID) error { return briefings.ErrUnchanged })
		if must(t, err); id != "M1" {
			t.Fatalf("claimed %s", id)
		}
		_, err = b.ClaimLink(ctx, token, func(briefings.MemberID) error { return nil })
		wantErr(t, err, briefings.ErrNotFound)
	})
}

func TestNewLinkReplacesTheEarlierOne(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		ctx := t.Context()
		fill(t, b.Store, 2)
		first, err := b.NewLink(ctx, "M1", time.Hour)
		must(t, err)
		second, err := b.NewLink(ctx, "M1", time.Hour)
		must(t, err)
		_, err = b.PeekLink(ctx, first)
		wantErr(t, err, briefings.ErrNotFound)
		_, err = b.PeekLink(ctx, second)
		must(t, err)
		_, err = b.NewLink(ctx, "M9", time.Hour)
		wantErr(t, err, briefings.ErrNotFound)
		for _, bad := range []string{"", "x", strings.Repeat("A", 22)} {
			_, err = b.PeekLink(ctx, bad)
			wantErr(t, err, briefings.ErrNotFound)
		}
	})
}

func TestTokenIsNotKept(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		ctx := t.Context()
		fill(t, b.Store, 1)
		token, err := b.NewLink(ctx, "M1", time.Hour)
		must(t, err)
		for _, key := range []string{b.keys.links(), b.keys.linked()} {
			for field, value := range b.client.HGetAll(ctx, key).Val() {
				if strings.Contains(field+value, token) {
					t.Fatalf("%s keeps the token", key)
				}
			}
		}
	})
}

// Expiry follows the clock of Redis, which only the embedded one lets a test move.
func TestLinkAndWrongCodesExpire(t *testing.T) {
	server := redistest.Embedded(t)
	start := time.Date(2026, 11, 23, 5, 0, 0, 0, time.UTC)
	server.SetTime(start)
	b := newBench(redistest.Client(t, "redis://"+server.Addr()))
	ctx := t.Context()
	fill(t, b.Store, 2)
	token, err := b.NewLink(ctx, "M1", time.Hour)
	must(t, err)
	id := gather(t, b.Store)
	for range 2 {
		_, err = b.Attempts(ctx, id, 7, 10*time.Minute)
		must(t, err)
	}
	// A claim whose process died keeps others off for a while only.
	held, _, err := b.holdLink(ctx, token, "dead")
	if must(t, err); !held {
		t.Fatal("not held")
	}
	if held, _, _ := b.holdLink(ctx, token, "other"); held {
		t.Fatal("two claims hold one link")
	}
	server.SetTime(start.Add(claimHeld))
	if held, _, err := b.holdLink(ctx, token, "other"); err != nil || !held {
		t.Fatalf("held = %v, %v after the first claim's time", held, err)
	}
	server.SetTime(start.Add(11 * time.Minute))
	if n, err := b.Attempts(ctx, id, 7, 10*time.Minute); err != nil || n != 1 {
		t.Fatalf("attempts in a new window = %d, %v", n, err)
	}
	server.SetTime(start.Add(time.Hour - time.Second))
	_, err = b.PeekLink(ctx, token)
	must(t, err)
	server.SetTime(start.Add(time.Hour))
	_, err = b.PeekLink(ctx, token)
	wantErr(t, err, briefings.ErrNotFound)
	_, err = b.ClaimLink(ctx, token, func(briefings.MemberID) error { t.Error("an expired link ran its rule"); return nil })
	wantErr(t, err, briefings.ErrNotFound)
}
