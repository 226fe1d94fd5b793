package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"briefbot/bot/internal/easel"
	"briefbot/bot/internal/pace"
	"briefbot/bot/internal/telegram"
	"briefbot/briefings"
)

// adoptEvery is how often it is looked whether a process that ended left cards to draw.
const adoptEvery = 10 * time.Second

// newEasel makes the queue of cards that are drawn anew. It waits for slots in one line, so that a message to a person waits behind one
// card and not behind all of them.
func (b *Bot) newEasel() *easel.Easel {
	return easel.New(easel.Config{
		Redis: b.Redis, Prefix: b.Prefix, Log: b.Log, Draw: b.drawCard, Busy: b.updates.InHand,
		Slot: func(ctx context.Context, ready, hands int) error {
			return b.pace.WaitFor(ctx, pace.Replies, func() pace.Demand { return pace.Demand{Ready: ready, Hands: hands} })
		},
	})
}

// RunCards draws cards anew until ctx ends, and a little while longer. Let it outlive the reading of updates.
func (b *Bot) RunCards(ctx context.Context) { b.easel.Run(ctx) }

// adoptCards draws, from time to time, what processes that ended left to draw.
func (b *Bot) adoptCards(ctx context.Context) {
	tick := time.NewTicker(adoptEvery)
	defer tick.Stop()
	for {
		n, err := b.easel.Adopt(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			b.Log.WarnContext(ctx, "cards that were left not found", "err", err)
		case n > 0:
			b.Log.InfoContext(ctx, "drawing cards that were left", "cards", n)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// redrawAt is redraw where it is known already which place in the queue the seat has. A card that is there is drawn when the turn is over,
// as it will stand then, outside the handling of updates, or before anything else that the turn sends.
func (t *turn) redrawAt(message int, m briefings.Meeting, seat briefings.Invitation, place int) error {
	if message != 0 {
		t.drawing(m, seat, message)
		t.owe(easel.Card{Chat: t.chat(), Message: message, Meeting: m.ID, Seat: seat.Member, Viewer: t.member.ID})
		return nil
	}
	html, err := t.cardAt(t.ctx, t.p, m, seat, t.member, place)
	if err != nil {
		return err
	}
	if message, err = t.say(html, keyboard(t.cardButtons(t.p, m, seat, t.member.ID))); err == nil {
		t.drawn(m, seat, message)
	}
	return err
}

func (t *turn) owe(c easel.Card) {
	t.owed = append(slices.DeleteFunc(t.owed, func(o easel.Card) bool { return o.Message == c.Message }), c)
}

// handOver ends a turn: what it owes is drawn by and by.
func (t *turn) handOver() {
	for _, c := range t.owed {
		t.easel.Owe(t.ctx, c)
	}
	t.owed = nil
}

// settleCards draws what the person's chat is owed before something else is sent there. A message that is about to show something else,
// or 0, is passed over.
func (t *turn) settleCards(replaced int) error {
	cards, err := t.easel.Take(t.ctx, t.chat())
	if err != nil {
		return fmt.Errorf("wait for a card: %w", err)
	}
	due := t.owed
	t.owed = nil
	for _, c := range cards {
		if !slices.ContainsFunc(due, func(o easel.Card) bool { return o.Message == c.Message }) {
			due = append(due, c)
		}
	}
	for _, c := range due {
		if c.Message == replaced {
			continue
		}
		if err := t.pace.Wait(t.ctx, pace.Replies); err != nil {
			t.owe(c)
			return err
		}
		if err := t.drawCard(t.ctx, c); err == nil {
			t.easel.Withdraw(t.ctx, c.Chat, c.Message)
		} else if again := (easel.Again{}); errors.As(err, &again) {
			t.owe(c)
		} else {
			t.Log.WarnContext(t.ctx, "card not drawn", "update", t.update, "meeting", string(c.Meeting), "err", err)
			t.easel.Withdraw(t.ctx, c.Chat, c.Message)
		}
	}
	if replaced != 0 {
		t.easel.Withdraw(t.ctx, t.chat(), replaced)
	}
	return nil
}

// drawCard shows a card as it stands now. One that cannot be changed, or is there no more, is sent anew. Nothing is shown to somebody who has
// left the roll, or changed their account, since the card was asked for.
func (b *Bot) drawCard(ctx context.Context, c easel.Card) error {
	roster, err := b.Store.Roster(ctx)
	if err != nil {
		return easel.Again{Cause: err}
	}
	to, ok := roster.Member(c.Viewer)
	if !ok || to.Status != briefings.Active || int64(to.User) != c.Chat {
		return nil
	}
	m, err := b.Store.Meeting(ctx, c.Meeting)
	if err == nil {
		var seat briefings.Invitation
		if seat, _, err = b.Store.SeatOf(ctx, c.Meeting, c.Seat); err == nil && seat.Member == c.Seat {
			return b.drawSeat(ctx, c, m, seat, to)
		}
	}
	if err != nil && !errors.Is(err, briefings.ErrNotFound) {
		return easel.Again{Cause: err}
	}
	return nil // there is nothing to show any more
}

func (b *Bot) drawSeat(ctx context.Context, c easel.Card, m briefings.Meeting, seat briefings.Invitation, to briefings.Member) error {
	p := b.printer(to, "")
	html, err := b.card(ctx, p, m, seat, to)
	if err != nil {
		return easel.Again{Cause: err}
	}
	markup := keyboard(b.cardButtons(p, m, seat, to.ID))
	err = b.door.EditText(ctx, c.Chat, c.Message, html, markup)
	var refused *telegram.Error
	if errors.As(err, &refused) && refused.Gone() {
		var message int
		if message, err = b.door.SendText(ctx, c.Chat, html, markup); err == nil {
			b.noteDrawn(ctx, to, m, seat, message)
		} else if !errors.As(err, &refused) || refused.Ambiguous() {
			return err // a message that may be there is not sent twice
		}
	}
	if err == nil {
		b.crowd.tell(c.Chat, time.Now())
	}
	if err == nil || !errors.As(err, &refused) {
		return err
	}
	switch wait := refused.RetryAfter(); {
	case wait > 0:
		if !b.crowd.alone(c.Chat, time.Now()) {
			if err := b.pace.Block(ctx, pace.Replies, wait); err != nil {
				b.Log.WarnContext(ctx, "pace not slowed", "err", err)
			}
		}
		return easel.Again{Cause: refused, Wait: wait}
	case refused.Unsent(), refused.Ambiguous():
		return easel.Again{Cause: refused} // an edit that is made twice changes nothing
	case refused.Permanent():
		return nil // the person is gone; the next my_chat_member or send says so
	}
	return refused
}
