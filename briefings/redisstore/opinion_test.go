package redisstore

import (
	"context"
	"sync"
	"testing"

	"briefbot/briefings"
)

func TestAnOpinionIsCountedOnceAndKeptWithoutItsGiver(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		ctx := context.Background()
		var wg sync.WaitGroup
		var counted sync.Map
		for _, who := range []briefings.MemberID{"M1", "M2", "M3"} {
			for n := range 4 { // the same press again, from several sides
				wg.Go(func() {
					first, err := b.Opine(ctx, "m1", who, briefings.AskContent, briefings.Good)
					if err != nil {
						t.Error(err)
					}
					if first {
						if _, twice := counted.LoadOrStore(who, n); twice {
							t.Errorf("%s is counted twice", who)
						}
					}
				})
			}
		}
		wg.Wait()
		if _, err := b.Opine(ctx, "m1", "M1", briefings.AskHearing, briefings.Poor); err != nil {
			t.Fatal(err)
		}
		said, err := b.Opinion(ctx, "m1")
		if err != nil || said[briefings.AskContent][briefings.Good] != 3 || said[briefings.AskHearing][briefings.Poor] != 1 || len(said) != 2 {
			t.Errorf("said %v, %v", said, err)
		}
		heard, err := b.Heard(ctx, "m1", "M1")
		if err != nil || len(heard) != 2 {
			t.Errorf("M1 was heard on %v, %v", heard, err)
		}
		if heard, _ := b.Heard(ctx, "m1", "M9"); len(heard) != 0 {
			t.Errorf("M9 was heard on %v", heard)
		}
	})
}
