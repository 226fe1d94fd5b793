package pace_test

import (
	"context"
	"testing"
	"time"

	"briefbot/bot/internal/pace"
)

func TestALowerClassGivesWayWhileAHigherOneWaitsAnywhere(t *testing.T) {
	w := newWorld(t)
	urgent, calm := w.replica(t, 28), w.replica(t, 28)
	take := func(p *pace.Pace, class int) {
		t.Helper()
		if err := p.WaitFor(t.Context(), pace.Bulk, func() pace.Demand { return pace.Demand{Class: class, Ready: 100, Hands: 1} }); err != nil {
			t.Fatal(err)
		}
	}
	take(urgent, 1)
	take(calm, 3) // one in twenty is its own
	start := w.now
	tried := 0
	err := calm.WaitFor(t.Context(), pace.Bulk, func() pace.Demand {
		if tried++; tried > 100 {
			t.Fatal("the lower class waits although nobody wants slots any more")
		}
		if w.now.Sub(start) < 200*time.Millisecond {
			take(urgent, 1) // the other replica goes on
		}
		return pace.Demand{Class: 3, Ready: 100, Hands: 1}
	})
	if err != nil || w.now.Sub(start) < 200*time.Millisecond {
		t.Errorf("the lower class got a slot after %s, in the middle of what was urgent", w.now.Sub(start))
	}
}

func TestWhatIsPaidStaysWithinTheBudget(t *testing.T) {
	w := newWorld(t)
	p, err := pace.New(pace.Config{
		Redis: w.client, Prefix: "t", Rates: map[pace.Lane]float64{pace.Bulk: 28}, Paid: pace.Paid{Rate: 100, Budget: 7},
		Now:   func() time.Time { return w.now },
		Sleep: func(ctx context.Context, d time.Duration) error { w.advance(d); return ctx.Err() },
	})
	if err != nil {
		t.Fatal(err)
	}
	paid := 0
	for range 400 {
		w.wait(t, p, pace.Bulk)
		if p.Paying(pace.Bulk) {
			paid++
		}
	}
	state, err := p.State(t.Context(), pace.Bulk)
	if err != nil {
		t.Fatal(err)
	}
	if state.Spent != 7 {
		t.Errorf("%g Stars were spent, want all 7", state.Spent)
	}
	if paid < 70 || paid > 170 || p.Paying(pace.Bulk) {
		t.Errorf("%d slots were paid speed, and still paying is %t", paid, p.Paying(pace.Bulk))
	}
	if state.Rate > 28 {
		t.Errorf("without money the rate is %g", state.Rate)
	}
}

func TestAServerThatTakesNoMoneyIsAskedAtTheFreeRate(t *testing.T) {
	w := newWorld(t)
	p, err := pace.New(pace.Config{
		Redis: w.client, Prefix: "t", Rates: map[pace.Lane]float64{pace.Bulk: 28}, Paid: pace.Paid{Rate: 100, Budget: 1000},
		Now:   func() time.Time { return w.now },
		Sleep: func(ctx context.Context, d time.Duration) error { w.advance(d); return ctx.Err() },
	})
	if err != nil {
		t.Fatal(err)
	}
	if w.wait(t, p, pace.Bulk); !p.Paying(pace.Bulk) {
		t.Fatal("money is there and not offered")
	}
	if err := p.StopPaying(t.Context(), pace.Bulk, time.Hour); err != nil {
		t.Fatal(err)
	}
	if w.wait(t, p, pace.Bulk); p.Paying(pace.Bulk) {
		t.Error("money is offered again at once")
	}
	w.advance(time.Hour)
	if w.wait(t, p, pace.Bulk); !p.Paying(pace.Bulk) {
		t.Error("money is not offered after the hour")
	}
}
