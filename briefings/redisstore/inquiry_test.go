package redisstore

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"briefbot/briefings"
)

func TestQuestionsOfManyAtOnceAreAllKeptUntilTheirTime(t *testing.T) {
	each(t, func(t *testing.T, b bench) {
		ctx := context.Background()
		now := time.Now()
		m := briefings.Meeting{Title: briefings.Text{Vi: "Hội nghị"}, Status: briefings.MeetingOpen, Starts: now, Invites: now.Add(-time.Hour)}
		if err := b.AddMeeting(ctx, &m); err != nil {
			t.Fatal(err)
		}
		if q, err := b.Inquiries(ctx, m.ID); err != nil || len(q.List) != 0 {
			t.Fatalf("before anybody asked: %v, %v", q, err)
		}
		was, err := b.Changes(ctx, m.ID)
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for n := range 8 {
			wg.Go(func() {
				who := briefings.MemberID(fmt.Sprint("M", n))
				for range 2 { // the second is the same press brought again
					if _, err := b.UpdateInquiries(ctx, m.ID, func(m *briefings.Meeting, q *briefings.Inquiries) error {
						return q.Ask(m, briefings.Inquiry{Member: who, Text: "Câu hỏi", At: now})
					}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		q, err := b.Inquiries(ctx, m.ID)
		if err != nil || len(q.List) != 8 {
			t.Errorf("%d kept, %v", len(q.List), err)
		}
		for i, one := range q.List {
			if one.N != i+1 {
				t.Errorf("question %d has number %d", i+1, one.N)
			}
		}
		if is, err := b.Changes(ctx, m.ID); err != nil || is == was {
			t.Errorf("nobody can see that something was asked: %d, %v", is, err)
		}
		kept := func(days int) {
			t.Helper()
			left, err := b.Store.redis.PTTL(ctx, b.Store.keys.inquiries(m.ID)).Result()
			if want := time.Duration(days) * 24 * time.Hour; err != nil || left <= want-24*time.Hour || left > want+24*time.Hour {
				t.Errorf("kept for %s, %v, want %d days", left, err, days)
			}
		}
		kept(90)
		if _, err := b.UpdateMeeting(ctx, m.ID, func(m *briefings.Meeting) error {
			return m.Reschedule(now.AddDate(0, 0, 60), time.Time{}, briefings.Why{}, now)
		}); err != nil {
			t.Fatal(err)
		}
		kept(150) // they move with the meeting
	})
}
