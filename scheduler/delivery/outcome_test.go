package delivery_test

import (
	"fmt"
	"maps"
	"sync"
	"testing"
	"time"

	"briefbot/briefings"
	"briefbot/scheduler/delivery"
)

// failing makes the first attempts to some people end with an error: times says how many.
func (b *bench) failing(err error, times int, to func(briefings.MemberNo) bool) {
	var mu sync.Mutex
	tried := map[briefings.MemberNo]int{}
	b.town.send = func(n briefings.Notice) error {
		mu.Lock()
		defer mu.Unlock()
		if !to(n.To.No) || tried[n.To.No] >= times {
			return nil
		}
		tried[n.To.No]++
		return err
	}
}

func third(no briefings.MemberNo) bool { return no%3 == 0 }

func (b *bench) outcomes(key briefings.Key) map[briefings.MemberNo]delivery.Outcome {
	b.Helper()
	all := map[briefings.MemberNo]delivery.Outcome{}
	for o, err := range b.outbox.Outcomes(b.Context(), key) {
		if err != nil {
			b.Fatal(err)
		}
		all[o.No] = o
	}
	return all
}

const always = 1 << 30

func TestOutcomeFollowsTheErrorsBehaviour(t *testing.T) {
	for name, c := range map[string]struct {
		err      error
		times    int
		briefing bool
		want     delivery.Progress
		reason   string
	}{
		"permanent is failed with its reason":      {errorWith{permanent: true, why: "blocked"}, always, false, delivery.Progress{Sent: 200, Failed: 100}, "blocked"},
		"permanent without a word":                 {errorWith{permanent: true}, always, false, delivery.Progress{Sent: 200, Failed: 100}, "unreachable"},
		"wrapped errors are seen through":          {fmt.Errorf("send: %w", errorWith{permanent: true, why: "no-chat"}), always, true, delivery.Progress{Sent: 200, Failed: 100}, "no-chat"},
		"a mistake of ours is failed at once":      {errorWith{mistaken: true, why: "mistake"}, always, true, delivery.Progress{Sent: 200, Failed: 100}, "mistake"},
		"later is no attempt":                      {errorWith{after: time.Millisecond}, 20, false, delivery.Progress{Sent: 300}, ""},
		"later is no attempt under never-twice":    {errorWith{after: time.Millisecond}, 20, true, delivery.Progress{Sent: 300}, ""},
		"zero later is an attempt":                 {errorWith{after: 0}, always, false, delivery.Progress{Sent: 200, Failed: 100}, "attempts"},
		"unsent is no attempt":                     {errorWith{unsent: true}, 4, false, delivery.Progress{Sent: 300}, ""},
		"unsent is no attempt under never-twice":   {errorWith{unsent: true}, 4, true, delivery.Progress{Sent: 300}, ""},
		"ambiguous is tried again":                 {errorWith{ambiguous: true}, 1, false, delivery.Progress{Sent: 300}, ""},
		"ambiguous is unknown under never-twice":   {errorWith{ambiguous: true}, 1, true, delivery.Progress{Sent: 200, Unknown: 100}, ""},
		"withdrawn is skipped":                     {errorWith{moot: true}, always, false, delivery.Progress{Sent: 200, Skipped: 100}, "withdrawn"},
		"one person's content after the canary":    {errorWith{content: true}, always, false, delivery.Progress{Sent: 200, Failed: 100}, "content"},
		"anything else is tried again":             {errPlain, 7, false, delivery.Progress{Sent: 300}, ""},
		"anything else is given up after attempts": {errPlain, always, true, delivery.Progress{Sent: 200, Failed: 100}, "attempts"},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(b *bench) {
				// The first are well, so that the canary passes.
				b.failing(c.err, c.times, func(no briefings.MemberNo) bool { return no > 60 && no <= 360 && no%3 == 0 })
				b.engine("a", func(cfg *delivery.EngineConfig) { cfg.Workers = 16 })
				m := invitation("m1")
				if c.briefing {
					m = briefing("b7")
				}
				audience := func(yield func(briefings.MemberNo) bool) {
					for no := briefings.MemberNo(1); no <= 360; no++ {
						if (no <= 60 || no > 360-300) && !yield(no) {
							return
						}
					}
				}
				if _, err := b.outbox.Put(b.Context(), m, audience); err != nil {
					b.Fatal(err)
				}
				s := b.awaitState(m.Key(), delivery.Done)
				want := c.want
				want.Sent += 60
				if s.Counts != want {
					b.Fatalf("counts = %+v, want %+v", s.Counts, want)
				}
				if got := b.outcomes(m.Key())[63]; got.Reason != c.reason {
					b.Fatalf("outcome = %+v, want reason %q", got, c.reason)
				}
				if _, most, _ := b.town.counts(); most > 1 {
					b.Fatalf("somebody was told %d times", most)
				}
			})
		})
	}
}

func TestPermanentErrorMakesTheMemberUnreachable(t *testing.T) {
	each(t, func(b *bench) {
		b.failing(errorWith{permanent: true}, always, func(no briefings.MemberNo) bool { return no == 2 })
		b.engine("a")
		b.awaitState(b.put(invitation("m1"), 3), delivery.Done)
		b.town.mu.Lock()
		defer b.town.mu.Unlock()
		if len(b.town.lost) != 1 || b.town.lost[0] != memberID(2) {
			b.Fatalf("unreachable: %v", b.town.lost)
		}
	})
}

func TestAMistakeOfOursMakesNobodyUnreachable(t *testing.T) {
	each(t, func(b *bench) {
		b.failing(errorWith{mistaken: true}, always, func(briefings.MemberNo) bool { return true })
		b.engine("a")
		if s := b.awaitState(b.put(invitation("m1"), 40), delivery.Done); s.Counts.Failed != 40 {
			b.Fatalf("counts = %+v", s.Counts)
		}
		b.town.mu.Lock()
		defer b.town.mu.Unlock()
		if len(b.town.lost) != 0 {
			b.Fatalf("unreachable: %v", b.town.lost)
		}
	})
}

func TestAMessageSentAnewReplacesItsReceipt(t *testing.T) {
	each(t, func(b *bench) {
		b.engine("a")
		key := b.put(invitation("m1"), 2345)
		b.awaitState(key, delivery.Done)
		for no, want := range map[briefings.MemberNo]int32{2222: 77, 5000: 0} { // the second is not among them
			if err := b.outbox.Renew(b.Context(), key, no, briefings.Receipt{Message: 77}); err != nil {
				b.Fatal(err)
			}
			receipts, err := b.outbox.Receipts(b.Context(), key)
			if err != nil || len(receipts) != 2345 || receipts[no].Message != want || receipts[2221].Message != 3221 || receipts[2223].Message != 3223 {
				b.Fatalf("%d receipts, that of %d is %v, %v", len(receipts), no, receipts[no], err)
			}
		}
	})
}

func TestRefusedTextAbortsBeforeEverybodyFails(t *testing.T) {
	each(t, func(b *bench) {
		b.failing(errorWith{content: true, why: "bad-markup"}, always, func(briefings.MemberNo) bool { return true })
		b.engine("a")
		key := b.put(briefing("b7"), 5000)
		s := b.awaitState(key, delivery.Aborted)
		if s.Why != "bad-markup" || s.Finished.IsZero() {
			b.Fatalf("status = %+v", s)
		}
		b.failing(nil, 0, third)
		b.awaitState(b.put(invitation("m1"), 1), delivery.Done)
		await(b, "the canary's facts, which are written after the abort", func() bool { s = b.status(key); return s.Counts.Failed > 0 })
		if s.Counts.Failed > 5 || s.Counts.Sent != 0 {
			b.Fatalf("counts = %+v; a canary of five went first", s.Counts)
		}
		if _, err := b.outbox.Resend(b.Context(), key, delivery.Failed); err == nil {
			b.Fatal("an aborted mailing was sent again")
		}
	})
}

func TestSkipReasonsAreHonouredWhenSending(t *testing.T) {
	each(t, func(b *bench) {
		b.town.look = func(no briefings.MemberNo) string {
			return map[briefings.MemberNo]string{1: "paused", 2: "left", 3: "no-chat"}[no]
		}
		b.engine("a")
		notice, publication := b.put(invitation("m1"), 10), b.put(briefing("b7"), 10)
		if s := b.awaitState(notice, delivery.Done); s.Counts != (delivery.Progress{Sent: 8, Skipped: 2}) {
			b.Fatalf("notice: %+v", s.Counts)
		}
		if s := b.awaitState(publication, delivery.Done); s.Counts != (delivery.Progress{Sent: 7, Skipped: 3}) {
			b.Fatalf("publication: %+v", s.Counts)
		}
		reasons := map[briefings.MemberNo]string{}
		for no, o := range b.outcomes(publication) {
			if o.State == delivery.Skipped {
				reasons[no] = o.Reason
			}
		}
		if want := map[briefings.MemberNo]string{1: "paused", 2: "left", 3: "no-chat"}; !maps.Equal(reasons, want) {
			b.Fatalf("reasons = %v", reasons)
		}
	})
}

func TestReasonsBeyondTheThirtiethAreOther(t *testing.T) {
	each(t, func(b *bench) {
		b.town.look = func(no briefings.MemberNo) string { return fmt.Sprint("reason-", no) }
		b.engine("a")
		key := b.put(invitation("m1"), 40)
		b.awaitState(key, delivery.Done)
		all := b.outcomes(key)
		if all[5].Reason != "reason-5" || all[40].Reason != "other" {
			b.Fatalf("reasons %q and %q", all[5].Reason, all[40].Reason)
		}
	})
}

func TestUnknownAndFailedCanBeSentAgain(t *testing.T) {
	each(t, func(b *bench) {
		b.town.send = func(n briefings.Notice) error {
			switch n.To.No % 10 {
			case 3:
				return errorWith{ambiguous: true}
			case 7:
				return errorWith{permanent: true, why: "blocked"}
			}
			return nil
		}
		stop := b.engine("a")
		key := b.put(briefing("b7"), 5000)
		s := b.awaitState(key, delivery.Done)
		if s.Counts != (delivery.Progress{Sent: 4000, Unknown: 500, Failed: 500}) {
			b.Fatalf("counts = %+v", s.Counts)
		}
		stop()
		b.town.send = nil
		for _, which := range []delivery.Mark{delivery.Unknown, delivery.Failed} {
			if n, err := b.outbox.Resend(b.Context(), key, which); err != nil || n != 500 {
				b.Fatalf("Resend(%s) = %d, %v", which, n, err)
			}
		}
		if s := b.status(key); s.State != delivery.Running || s.Counts.Retry != 1000 || !s.Finished.IsZero() {
			b.Fatalf("status = %+v", s)
		}
		b.engine("a")
		if s := b.awaitState(key, delivery.Done); s.Counts.Sent != 5000 {
			b.Fatalf("counts = %+v", s.Counts)
		}
		if people, most, _ := b.town.counts(); people != 5000 || most != 1 {
			b.Fatalf("%d people were told, one of them %d times", people, most)
		}
		if _, err := b.outbox.Resend(b.Context(), key, delivery.Sent); err == nil {
			b.Fatal("those who were told were told again")
		}
	})
}
