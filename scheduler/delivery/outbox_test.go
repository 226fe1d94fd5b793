package delivery_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"testing"
	"time"

	"briefbot/briefings"
	"briefbot/scheduler/delivery"
)

func TestPutTwiceIsPutOnce(t *testing.T) {
	each(t, func(b *bench) {
		m := briefing("b7")
		key := b.put(m, 250)
		added, err := b.outbox.Put(b.Context(), m, func(func(briefings.MemberNo) bool) { b.Error("the audience is read again") })
		if err != nil || added {
			b.Fatalf("second Put = %v, %v", added, err)
		}
		s := b.status(key)
		if s.State != delivery.Ready || s.Total != 250 || s.Counts.Pending != 250 {
			b.Fatalf("status = %+v", s)
		}
		if s.Mailing != m || s.Class != briefings.ClassBriefing || s.Policy != briefings.NeverTwice || s.Created.IsZero() {
			b.Fatalf("status = %+v", s)
		}
		list, err := b.outbox.Mailings(b.Context(), 10)
		if err != nil || len(list) != 1 {
			b.Fatalf("Mailings = %v, %v", list, err)
		}
	})
}

func TestPersonMatchedTwiceIsCountedOnce(t *testing.T) {
	each(t, func(b *bench) {
		twice := func(yield func(briefings.MemberNo) bool) {
			for no := range 4000 {
				for range 2 {
					if !yield(briefings.MemberNo(no)) {
						return
					}
				}
			}
		}
		if _, err := b.outbox.Put(b.Context(), invitation("m1"), twice); err != nil {
			b.Fatal(err)
		}
		if s := b.status(invitation("m1").Key()); s.Total != 4000 {
			b.Fatalf("total = %d", s.Total)
		}
	})
}

// dying yields numbers until the builder is to die, by a panic that unwinds Put in the middle.
func dying(after int) iter.Seq[briefings.MemberNo] {
	return func(yield func(briefings.MemberNo) bool) {
		for no := range after {
			yield(briefings.MemberNo(no + 1))
		}
		panic("builder dies")
	}
}

func TestHalfSnapshotIsNeverSentAndIsBuiltAnew(t *testing.T) {
	each(t, func(b *bench) {
		m := invitation("m1")
		func() {
			defer func() { _ = recover() }()
			_, _ = b.outbox.Put(b.Context(), m, dying(200*2000))
		}()
		if s := b.status(m.Key()); s.State != delivery.Building {
			b.Fatalf("state = %s", s.State)
		}
		b.engine("a")
		// A mailing put later is done while the half one still waits: the engine has seen both.
		b.awaitState(b.put(invitation("m2"), 1), delivery.Done)
		if _, _, sum := b.town.counts(); sum != 1 {
			b.Fatalf("%d messages went out", sum)
		}
		for _, err := range b.outbox.Outcomes(b.Context(), m.Key()) {
			b.Fatalf("a half snapshot has outcomes, %v", err)
		}
		b.put(m, 150)
		s := b.awaitState(m.Key(), delivery.Done)
		if s.Total != 150 || s.Counts.Sent != 150 {
			b.Fatalf("status = %+v", s)
		}
	})
}

func TestOvertakenBuilderWritesNothing(t *testing.T) {
	each(t, func(b *bench) {
		m := invitation("m1")
		slow := func(yield func(briefings.MemberNo) bool) {
			for no := range 3000 {
				if no == 1000 { // another planner starts over and finishes first
					if added, err := b.outbox.Put(b.Context(), m, upTo(7)); err != nil || !added {
						b.Errorf("Put = %v, %v", added, err)
					}
				}
				if !yield(briefings.MemberNo(no + 1)) {
					return
				}
			}
		}
		if added, err := b.outbox.Put(b.Context(), m, slow); added || !errors.Is(err, briefings.ErrConflict) {
			b.Fatalf("Put = %v, %v; want a conflict", added, err)
		}
		if s := b.status(m.Key()); s.Total != 7 || s.State != delivery.Ready {
			b.Fatalf("status = %+v", s)
		}
	})
}

func TestMailingToNobodyIsDoneAtOnce(t *testing.T) {
	each(t, func(b *bench) {
		key := b.put(invitation("m1"), 0)
		if s := b.status(key); s.State != delivery.Done || s.Total != 0 || s.Finished.IsZero() {
			b.Fatalf("status = %+v", s)
		}
		if live, err := b.outbox.Live(b.Context()); err != nil || len(live) != 0 {
			b.Fatalf("Live = %v, %v", live, err)
		}
	})
}

func TestBadMailingIsRefused(t *testing.T) {
	each(t, func(b *bench) {
		if _, err := b.outbox.Put(b.Context(), briefings.Mailing{Kind: "briefing", Subject: "a/b"}, upTo(1)); err == nil {
			b.Fatal("a subject with a slash was taken")
		}
	})
}

func TestUnknownMailingIsNotFound(t *testing.T) {
	each(t, func(b *bench) {
		ctx, o := b.Context(), b.outbox
		_, err := o.Mailing(ctx, "x/1")
		_, errResend := o.Resend(ctx, "x/1", delivery.Failed)
		_, errReceipts := o.Receipts(ctx, "x/1")
		for i, err := range []error{err, errResend, errReceipts, o.Pause(ctx, "x/1"), o.Resume(ctx, "x/1"), o.Cancel(ctx, "x/1")} {
			if !errors.Is(err, briefings.ErrNotFound) {
				b.Errorf("call %d: %v", i, err)
			}
		}
	})
}

func TestStateMachineAllowsOnlyItsMoves(t *testing.T) {
	type step struct {
		do   string
		want bool
	}
	for name, steps := range map[string][]step{
		"pause and resume":       {{"pause", true}, {"pause", true}, {"resume", true}, {"resume", true}, {"pause", true}},
		"resume of what waits":   {{"resume", false}},
		"cancel is for good":     {{"cancel", true}, {"cancel", true}, {"resume", false}, {"pause", false}, {"resend", false}},
		"cancel of what sleeps":  {{"pause", true}, {"cancel", true}},
		"nothing to resend":      {{"resend", true}},
		"paused may be appended": {{"pause", true}, {"resend", true}},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(b *bench) {
				key := b.put(invitation("m1"), 3)
				do := map[string]func() error{
					"pause":  func() error { return b.outbox.Pause(b.Context(), key) },
					"resume": func() error { return b.outbox.Resume(b.Context(), key) },
					"cancel": func() error { return b.outbox.Cancel(b.Context(), key) },
					"resend": func() error { _, err := b.outbox.Resend(b.Context(), key, delivery.Failed); return err },
				}
				for i, s := range steps {
					err := do[s.do]()
					if (err == nil) != s.want {
						b.Fatalf("step %d, %s: %v", i, s.do, err)
					}
					move := (*delivery.MoveError)(nil)
					if err != nil && (!errors.Is(err, delivery.ErrMove) || !errors.As(err, &move) || move.From == "") {
						b.Fatalf("step %d, %s: %v is no move error", i, s.do, err)
					}
				}
			})
		})
	}
}

func TestMailingsAreListedNewestFirst(t *testing.T) {
	each(t, func(b *bench) {
		for n := range 3 {
			key := b.put(invitation(fmt.Sprint("m", n)), 1)
			// Two mailings may be made in one millisecond; the list is by time.
			if err := b.client.ZAdd(b.Context(), "test:{b}:all", z(float64(n), string(key))).Err(); err != nil {
				b.Fatal(err)
			}
		}
		list, err := b.outbox.Mailings(b.Context(), 2)
		if err != nil || len(list) != 2 || list[0].Mailing.Subject != "m2" || list[1].Mailing.Subject != "m1" {
			b.Fatalf("Mailings = %v, %v", list, err)
		}
		if err := b.outbox.Cancel(b.Context(), invitation("m1").Key()); err != nil {
			b.Fatal(err)
		}
		if live, err := b.outbox.Live(b.Context()); err != nil || len(live) != 2 {
			b.Fatalf("Live = %v, %v", live, err)
		}
	})
}

func TestFinishedMailingsAreKeptForATimeAndForgotten(t *testing.T) {
	each(t, func(b *bench) {
		finished, under := b.put(invitation("m1"), 5), b.put(invitation("m2"), 5)
		if err := b.outbox.Cancel(b.Context(), finished); err != nil {
			b.Fatal(err)
		}
		for _, name := range []string{"m", "s", "a:0"} {
			left, err := b.client.PTTL(b.Context(), "test:{b:"+string(finished)+"}:"+name).Result()
			if err != nil || left <= 0 || left > delivery.DefaultKeep {
				b.Fatalf("%s lives for %s, %v", name, left, err)
			}
		}
		forget := func(before time.Time, want int) {
			b.Helper()
			if n, err := b.outbox.Forget(b.Context(), before); err != nil || n != want {
				b.Fatalf("Forget = %d, %v; want %d", n, err, want)
			}
		}
		forget(time.Now().Add(-time.Hour), 0)
		forget(time.Now().Add(time.Hour), 1)
		if _, err := b.outbox.Mailing(b.Context(), finished); !errors.Is(err, briefings.ErrNotFound) {
			b.Fatalf("Mailing = %v", err)
		}
		if s := b.status(under); s.Total != 5 {
			b.Fatalf("status = %+v", s)
		}
		if left, _ := b.client.Keys(context.Background(), "test:{b:"+string(finished)+"*").Result(); len(left) > 0 {
			b.Fatalf("left behind: %v", left)
		}
	})
}

func TestLostLiveListHeals(t *testing.T) {
	each(t, func(b *bench) {
		put, swept := b.put(invitation("m1"), 5), b.put(invitation("m2"), 5)
		if err := b.client.Del(b.Context(), "test:{b}:live").Err(); err != nil {
			b.Fatal(err)
		}
		if _, err := b.outbox.Put(b.Context(), invitation("m1"), upTo(5)); err != nil {
			b.Fatal(err)
		}
		b.engine("a")
		b.awaitState(put, delivery.Done)
		if err := b.outbox.Heal(b.Context()); err != nil {
			b.Fatal(err)
		}
		b.awaitState(swept, delivery.Done)
	})
}

// Mailings that tell nobody anything may be many. They are sent like others, hide no other from whoever looks at the list, and are not
// kept for long.
func TestSilentMailingsHideNoOther(t *testing.T) {
	each(t, func(b *bench) {
		first := invitation("m1")
		b.put(first, 1)
		redrawn := func(n int) briefings.Mailing {
			return briefings.Mailing{Kind: briefings.KindRedrawn, Subject: "m1", Revision: n}
		}
		const many = 20
		for n := range many {
			b.put(redrawn(n+1), 1)
		}
		list, err := b.outbox.Mailings(b.Context(), 2)
		if err != nil || len(list) != 1 || list[0].Mailing.Key() != first.Key() {
			b.Errorf("list %+v, %v", list, err)
		}
		if live, err := b.outbox.Live(b.Context()); err != nil || len(live) != many+1 {
			b.Errorf("%d are live, %v", len(live), err)
		}
		for _, m := range []briefings.Mailing{first, redrawn(7)} {
			if err := b.outbox.Cancel(b.Context(), m.Key()); err != nil {
				b.Fatal(err)
			}
			kept := b.client.PTTL(b.Context(), "test:{b:"+string(m.Key())+"}:m").Val()
			if short := kept < delivery.DefaultKeep/2; kept <= 24*time.Hour || short != m.Kind.Silent() {
				b.Errorf("%s is kept %s", m.Key(), kept)
			}
		}
	})
}
