package session_test

import (
	"encoding/json"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/bot/internal/session"
	"briefbot/briefings/redistest"
)

const anna = 1001

func load(t *testing.T, s *session.Store, user int64) session.Session {
	t.Helper()
	got, err := s.Load(t.Context(), user)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestNobodyIsInADialogueAtFirst(t *testing.T) {
	redistest.Each(t, func(t *testing.T, c *redis.Client) {
		s := session.New(c, "t", session.Keep{})
		if got := load(t, s, anna); got.Active() || got.Version != 0 {
			t.Fatalf("Load = %+v, want nothing", got)
		}
	})
}

func TestWhatWasSavedIsLoaded(t *testing.T) {
	redistest.Each(t, func(t *testing.T, c *redis.Client) {
		s := session.New(c, "t", session.Keep{})
		want := session.Session{
			Name: "newmeeting", Step: "venue", Draft: true,
			Data: json.RawMessage(`{"title":"Hội nghị <quý IV> & \"x\""}`),
		}
		if err := s.Save(t.Context(), anna, want); err != nil {
			t.Fatal(err)
		}
		got := load(t, s, anna)
		var wantData, gotData map[string]string
		if err := json.Unmarshal(want.Data, &wantData); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(got.Data, &gotData); err != nil {
			t.Fatal(err)
		}
		if got.Name != want.Name || got.Step != want.Step || !got.Draft || gotData["title"] != wantData["title"] {
			t.Fatalf("Load = %+v, want %+v", got, want)
		}
		if other := load(t, s, anna+1); other.Active() {
			t.Fatalf("another person has %+v", other)
		}
	})
}

func TestAnOldVersionCannotOverwrite(t *testing.T) {
	redistest.Each(t, func(t *testing.T, c *redis.Client) {
		s := session.New(c, "t", session.Keep{})
		if err := s.Save(t.Context(), anna, session.Session{Name: "a"}); err != nil {
			t.Fatal(err)
		}
		if err := s.Save(t.Context(), anna, session.Session{Name: "b"}); !errors.Is(err, session.ErrStale) {
			t.Fatalf("a second start = %v, want ErrStale", err)
		}
		first := load(t, s, anna)
		second := first
		first.Step = "first"
		if err := s.Save(t.Context(), anna, first); err != nil {
			t.Fatal(err)
		}
		second.Step = "second"
		if err := s.Save(t.Context(), anna, second); !errors.Is(err, session.ErrStale) {
			t.Fatalf("Save of an old version = %v, want ErrStale", err)
		}
		if got := load(t, s, anna); got.Step != "first" {
			t.Fatalf("Step = %q, want first", got.Step)
		}
	})
}

func TestAClearedSessionIsNotRevivedByItsOldVersion(t *testing.T) {
	redistest.Each(t, func(t *testing.T, c *redis.Client) {
		s := session.New(c, "t", session.Keep{})
		if err := s.Save(t.Context(), anna, session.Session{Name: "a"}); err != nil {
			t.Fatal(err)
		}
		old := load(t, s, anna)
		if err := s.Clear(t.Context(), anna); err != nil {
			t.Fatal(err)
		}
		if got := load(t, s, anna); got.Active() {
			t.Fatalf("after Clear: %+v", got)
		}
		if err := s.Save(t.Context(), anna, old); !errors.Is(err, session.ErrStale) {
			t.Fatalf("Save after Clear = %v, want ErrStale", err)
		}
		if err := s.Save(t.Context(), anna, session.Session{Name: "b"}); err != nil {
			t.Fatal(err)
		}
		if err := s.Save(t.Context(), anna, old); !errors.Is(err, session.ErrStale) {
			t.Fatalf("Save over a new dialogue = %v, want ErrStale", err)
		}
	})
}

func TestOfManyAtOnceOneSaves(t *testing.T) {
	redistest.Each(t, func(t *testing.T, c *redis.Client) {
		s := session.New(c, "t", session.Keep{})
		results := make([]error, 16)
		var group sync.WaitGroup
		for i := range results {
			group.Go(func() {
				results[i] = s.Save(t.Context(), anna, session.Session{Name: "a"})
			})
		}
		group.Wait()
		saved := 0
		for _, err := range results {
			switch {
			case err == nil:
				saved++
			case !errors.Is(err, session.ErrStale):
				t.Fatal(err)
			}
		}
		if saved != 1 {
			t.Fatalf("%d saved, want 1", saved)
		}
	})
}

func TestADraftOutlivesADialogue(t *testing.T) {
	redistest.Each(t, func(t *testing.T, c *redis.Client) {
		s := session.New(c, "t", session.Keep{})
		for user, draft := range map[int64]bool{1: false, 2: true} {
			if err := s.Save(t.Context(), user, session.Session{Name: "a", Draft: draft}); err != nil {
				t.Fatal(err)
			}
		}
		for key, want := range map[string]time.Duration{
			"t:{u:1}:session": 24 * time.Hour,
			"t:{u:2}:session": 7 * 24 * time.Hour,
		} {
			left := c.PTTL(t.Context(), key).Val()
			if left > want || left < want-time.Minute {
				t.Errorf("%s lives %s, want about %s", key, left, want)
			}
		}
	})
}

func TestAnExpiredSessionIsGone(t *testing.T) {
	server := redistest.Embedded(t)
	s := session.New(redistest.Client(t, "redis://"+server.Addr()), "t", session.Keep{Plain: time.Minute})
	if err := s.Save(t.Context(), anna, session.Session{Name: "a"}); err != nil {
		t.Fatal(err)
	}
	old := load(t, s, anna)
	server.FastForward(time.Minute + time.Second)
	if got := load(t, s, anna); got.Active() {
		t.Fatalf("after its time: %+v", got)
	}
	if err := s.Save(t.Context(), anna, old); !errors.Is(err, session.ErrStale) {
		t.Fatalf("Save after expiry = %v, want ErrStale", err)
	}
}
