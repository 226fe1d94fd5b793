package telegram

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings/redistest"
)

// process is a Dispatcher with a Seen of its own, as a replica has them.
func process(c redis.UniversalClient, replica string, handle Handler) *Dispatcher {
	return NewDispatcher(DispatcherConfig{Seen: NewRedisSeen(c, "t", replica), Handle: handle})
}

// Telegram brings the same update to two replicas at the same instant, and again to whoever did not take it. Some handlings fail.
func TestTwoReplicasHandleAnUpdateOnceBetweenThem(t *testing.T) {
	redistest.Each(t, func(t *testing.T, c *redis.Client) {
		const updates = 100
		var mu sync.Mutex
		done, failed := map[int]int{}, map[int]bool{}
		handle := func(_ context.Context, u Update) error {
			mu.Lock()
			defer mu.Unlock()
			if u.UpdateID%5 == 0 && !failed[u.UpdateID] {
				failed[u.UpdateID] = true
				return errors.New("no answer from the store")
			}
			done[u.UpdateID]++
			return nil
		}
		replicas := []*Dispatcher{process(c, "a", handle), process(c, "b", handle)}
		for id := 1; id <= updates; id++ {
			start := make(chan struct{})
			var group sync.WaitGroup
			for _, d := range replicas {
				group.Go(func() {
					<-start
					for d.Handle(t.Context(), []Update{update(id, 7)}) != nil { // it is brought until it is taken
						if t.Context().Err() != nil {
							return
						}
					}
					mu.Lock()
					defer mu.Unlock()
					if done[id] == 0 {
						t.Errorf("update %d is taken for handled before it is", id)
					}
				})
			}
			close(start)
			group.Wait()
		}
		for id := 1; id <= updates; id++ {
			if done[id] != 1 {
				t.Errorf("update %d was handled %d times", id, done[id])
			}
		}
		for i, d := range replicas {
			if len(d.inHand) != 0 {
				t.Errorf("replica %d has %d in hand at the end", i, len(d.inHand))
			}
		}
	})
}

func TestAnUpdateInAnotherHandComesAgainAndHoldsBackWhatFollowsIt(t *testing.T) {
	redistest.Each(t, func(t *testing.T, c *redis.Client) {
		entered, release := make(chan struct{}), make(chan struct{})
		first := process(c, "a", func(context.Context, Update) error {
			close(entered)
			<-release
			return nil
		})
		var group sync.WaitGroup
		group.Go(func() {
			if err := first.Handle(t.Context(), []Update{update(1, 7)}); err != nil {
				t.Error(err)
			}
		})
		eventually(t, "the first handling", entered)
		var j journal
		var excused []int
		second := NewDispatcher(DispatcherConfig{
			Seen: NewRedisSeen(c, "t", "b"), Handle: func(_ context.Context, u Update) error { j.write(u); return nil },
			Unkept: func(_ context.Context, u Update) { excused = append(excused, u.UpdateID) },
		})
		batch := []Update{update(1, 7), update(2, 7), update(3, 8)}
		if err := second.Handle(t.Context(), batch); !errors.Is(err, ErrTaken) {
			t.Errorf("Handle = %v; want ErrTaken", err)
		}
		if len(j.by[7]) != 0 || !slices.Equal(j.by[8], []int{3}) || len(excused) != 0 {
			t.Errorf("handled %v, excused %v; want 3 of person 8 alone", j.by, excused)
		}
		close(release)
		group.Wait()
		if err := second.Handle(t.Context(), batch); err != nil || !slices.Equal(j.by[7], []int{2}) {
			t.Errorf("handled %v, %v; want 2 after the other has handled 1", j.by, err)
		}
	})
}

// What a process had in hand when it died is handled by its next life at once, and by another once the hold is over and not before.
func TestWhatADeadProcessHadInHandIsHandled(t *testing.T) {
	redistest.Each(t, func(t *testing.T, c *redis.Client) {
		if _, err := NewRedisSeen(c, "t", "a").Claim(t.Context(), []int{1, 2}, time.Hour); err != nil {
			t.Fatal(err)
		}
		var j journal
		handle := func(_ context.Context, u Update) error { j.write(u); return nil }
		if err := process(c, "a", handle).Handle(t.Context(), []Update{update(2, 7)}); err != nil || !slices.Equal(j.by[7], []int{2}) {
			t.Errorf("the next life handled %v, %v", j.by, err)
		}
		heir := process(c, "b", handle)
		if err := heir.Handle(t.Context(), []Update{update(1, 7)}); !errors.Is(err, ErrTaken) {
			t.Errorf("Handle = %v; want ErrTaken", err)
		}
		if err := c.PExpire(t.Context(), "t:update:1", 0).Err(); err != nil { // the hour is over
			t.Fatal(err)
		}
		if err := heir.Handle(t.Context(), []Update{update(1, 7)}); err != nil || !slices.Equal(j.by[7], []int{2, 1}) {
			t.Errorf("handled %v, %v", j.by, err)
		}
	})
}

func TestAHandOnlyHoldsWhatItHas(t *testing.T) {
	redistest.Each(t, func(t *testing.T, c *redis.Client) {
		ctx := t.Context()
		ours, theirs := NewRedisSeen(c, "t", "a"), NewRedisSeen(c, "t", "b")
		claim := func(s *RedisSeen, want ...Claim) {
			t.Helper()
			if claims, err := s.Claim(ctx, []int{1, 2, 3}, time.Minute); err != nil || !slices.Equal(claims, want) {
				t.Errorf("claims %v, %v; want %v", claims, err, want)
			}
		}
		life := func(id string) time.Duration { return c.TTL(ctx, "t:update:"+id).Val() }
		if _, err := theirs.Claim(ctx, []int{2}, time.Minute); err != nil {
			t.Fatal(err)
		}
		if err := ours.Mark(ctx, 3); err != nil {
			t.Fatal(err)
		}
		claim(ours, Fresh, Taken, Done)
		claim(ours, Own, Taken, Done)
		if err := ours.Keep(ctx, []int{1, 2, 3}, time.Hour); err != nil {
			t.Fatal(err)
		}
		if a, b, c := life("1"), life("2"), life("3"); a <= time.Minute || b > time.Minute || c <= time.Hour {
			t.Errorf("kept for %v, %v, %v; want our own alone, and what is handled as long as before", a, b, c)
		}
		if err := ours.Release(ctx, []int{1, 2, 3}); err != nil {
			t.Fatal(err)
		}
		claim(theirs, Fresh, Own, Done)
	})
}

func TestALongHandlingStaysInHand(t *testing.T) {
	seen := &memory{kept: make(chan []int)}
	d := NewDispatcher(DispatcherConfig{Seen: seen, Hold: time.Millisecond, Handle: func(ctx context.Context, u Update) error {
		for range 3 {
			if ids := <-seen.kept; !slices.Equal(ids, []int{4, 5}) {
				t.Errorf("kept %v in hand", ids)
			}
		}
		return nil
	}})
	if err := d.Handle(t.Context(), []Update{update(4, 7), update(5, 7)}); err != nil {
		t.Fatal(err)
	}
}
