package pace

import (
	"context"
	"fmt"
	"time"
)

// Telegram lets a bot that pays send faster than the free rate: each message
// above thirty in a second costs a tenth of a Star.
const perStar = 10

// Paid is what may be spent on speed.
type Paid struct {
	// Rate is the slots a second while money is spent; 0: never.
	Rate float64
	// Budget is the Stars that may be spent in a calendar month (UTC). What is
	// spent is counted by slots, so it is never less than the bill. When it is
	// used up, the lane goes on at its free rate.
	Budget int64
}

func (p Paid) messages() int64 {
	if p.Rate <= 0 {
		return 0
	}
	return p.Budget * perStar
}

func month(at time.Time) string { return at.UTC().Format("200601") }

// Paying reports whether the lane's newest slots are paid for. Messages sent
// in them have to say so: one that does not would be refused at that rate.
func (p *Pace) Paying(name Lane) bool {
	l, ok := p.lanes[name]
	return ok && l.paying.Load()
}

// StopPaying keeps all replicas at the lane's free rate for d: the answer to a
// server that does not take the money.
func (p *Pace) StopPaying(ctx context.Context, name Lane, d time.Duration) error {
	l, err := p.lane(name)
	if err != nil {
		return err
	}
	l.forget()
	l.paying.Store(false)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), blockLimit)
	defer cancel()
	if err := poor.Run(ctx, p.config.Redis, []string{l.key}, d.Microseconds(), p.config.Hold.Microseconds()).Err(); err != nil {
		return fmt.Errorf("stop paying in lane %q: %w", name, err)
	}
	return nil
}
