package bot

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/bot/internal/view"
	"briefbot/briefings"
)

// changedWords are what somebody concerned reads of a change, with the buttons of their card.
func (b *Bot) changedWords(p view.Voice, m briefings.Meeting, seat briefings.Invitation, to briefings.Member, revision int) (string, *tgbotapi.InlineKeyboardMarkup, error) {
	c := m.Changed(revision)
	if c == nil || m.Overtaken(c) {
		return "", nil, moot{"a later change says it"}
	}
	if !c.Concerns(&seat) {
		return "", nil, moot{"the person does not come"}
	}
	// The answer of the seat as it will be when the planner has taken it back: the two happen side by side.
	if c.Asks(&seat) {
		if err := seat.AskAgain(c); err != nil {
			return "", nil, fmt.Errorf("ask again: %w", err)
		}
	}
	asks := m.Status == briefings.MeetingOpen && seat.Member == to.ID && seat.Standing() == briefings.NoAnswer && seat.CheckIn == nil &&
		b.Now().Before(m.AnswersUntil())
	html := view.Change(p, m, c, m.Venue(seat.Venue), seat, asks)
	return html, b.cardButtons(p, m, seat, to.ID), nil
}

func (b *Bot) cancelledWords(p view.Voice, m briefings.Meeting, seat briefings.Invitation) (string, *tgbotapi.InlineKeyboardMarkup, error) {
	c := &briefings.Change{Kind: briefings.CalledOff, Was: briefings.Particulars{Starts: m.Starts, Ends: m.Ends}}
	if n := len(m.Changes); n > 0 {
		c = &m.Changes[n-1]
	}
	return view.Change(p, m, c, m.Venue(seat.Venue), seat, false),
		rows(button(p.Plain("btn.uncalendar"), "ics", string(m.ID))), nil
}

// correct puts the card that a recipient was sent in its present state. Somebody who was sent none has nothing to be corrected. A card
// that cannot be changed, or is there no more, is sent anew: what it said is wrong, and nothing else takes it back.
func (b *Bot) correct(ctx context.Context, n briefings.Notice, html string, markup *tgbotapi.InlineKeyboardMarkup) (int, error) {
	m, err := b.Store.Meeting(ctx, briefings.MeetingID(n.Mailing.Subject))
	if err != nil {
		return 0, b.gone(err)
	}
	notice, message, err := b.notice(ctx, m, n.To.ID, n.To.No)
	if err != nil {
		return 0, err
	}
	others, err := b.correctOthers(ctx, n, m, message)
	if err != nil {
		return 0, err
	}
	if message == 0 {
		if others == 0 {
			return 0, moot{"there is no card"}
		}
		return 0, nil
	}
	there, err := b.drawOver(ctx, n, message, html, markup)
	if err != nil || there {
		return 0, err
	}
	id, err := b.tell(ctx, n, html, keyboard(markup))
	if err != nil {
		return 0, err
	}
	// It is the person's card from now on. Should that not be kept, the next correction sends one more.
	if err := b.cards.renew(ctx, b, notice, n.To.No, id); err != nil {
		b.Log.WarnContext(ctx, "card not noted", "meeting", m.ID, "member", n.To.ID, "err", err)
	}
	return id, nil
}

// calledBy is the message by which somebody first learned of a meeting; 0: there is none, or nobody knows it yet.
func (b *Bot) calledBy(ctx context.Context, m briefings.Meeting, who briefings.MemberID, no briefings.MemberNo) (int, error) {
	_, message, err := b.notice(ctx, m, who, no)
	return message, err
}

// notice is the mailing by which somebody first learned of a meeting, and their message of it.
func (b *Bot) notice(ctx context.Context, m briefings.Meeting, who briefings.MemberID, no briefings.MemberNo) (briefings.Key, int, error) {
	key := firstTold(m).Key()
	message, err := b.cards.of(ctx, b, key, no)
	if err == nil && message == 0 && m.Named(who) { // whom a unit named was called alone
		key = alone(m, who)
		message, err = b.calledAlone(ctx, key, no)
	}
	return key, message, err
}

// firstTold is the mailing by which members first learned of a meeting: its notice, or the schedule of its week.
func firstTold(m briefings.Meeting) briefings.Mailing {
	if m.Week != "" {
		return briefings.Mailing{Kind: briefings.KindWeekly, Subject: string(m.Week), Revision: 1}
	}
	return briefings.Mailing{Kind: briefings.KindInvitation, Subject: string(m.ID), Revision: 1}
}

// alone is the mailing by which somebody is called alone.
func alone(m briefings.Meeting, who briefings.MemberID) briefings.Key {
	return briefings.Mailing{Kind: briefings.KindInvitation, Subject: string(m.ID), Person: who, Revision: 1}.Key()
}

// calledAlone finds the card of somebody whom a unit named, who was called by a notice of their own; 0: there is none.
func (b *Bot) calledAlone(ctx context.Context, notice briefings.Key, no briefings.MemberNo) (int, error) {
	alone, err := b.Outbox.Receipts(ctx, notice)
	if err != nil && !errors.Is(err, briefings.ErrNotFound) {
		return 0, fmt.Errorf("read receipts: %w", err)
	}
	return int(alone[no].Message), nil
}

// receipts keeps the message numbers of notices, so that they are read once for many and not once for each.
type receipts struct {
	mu   sync.Mutex
	read map[briefings.Key]messages
}

// messages are what was read of one mailing.
type messages struct {
	at time.Time
	of map[briefings.MemberNo]briefings.Receipt
}

const (
	// receiptsKept is how long what was read is believed.
	receiptsKept = 10 * time.Second
	// absenceKept is how long it is believed that somebody has no message: a notice may be on its way while the first ones answer it.
	absenceKept = time.Second
	// receiptsOf is of how many mailings they are kept.
	receiptsOf = 16
)

func (r *receipts) of(ctx context.Context, b *Bot, key briefings.Key, no briefings.MemberNo) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	known, ok := r.read[key]
	if age := time.Since(known.at); !ok || age > receiptsKept || age > absenceKept && known.of[no].Message == 0 {
		of, err := b.Outbox.Receipts(ctx, key)
		if err != nil && !errors.Is(err, briefings.ErrNotFound) {
			return 0, fmt.Errorf("read receipts: %w", err)
		}
		if r.read == nil || len(r.read) >= receiptsOf {
			r.read = map[briefings.Key]messages{}
		}
		known = messages{time.Now(), of}
		r.read[key] = known
	}
	return int(known.of[no].Message), nil
}

// renew keeps a message that was sent in place of one that is gone.
func (r *receipts) renew(ctx context.Context, b *Bot, key briefings.Key, no briefings.MemberNo, message int) error {
	if err := b.Outbox.Renew(ctx, key, no, briefings.Receipt{Message: int32(message)}); err != nil {
		return fmt.Errorf("keep receipt: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.read, key) // read again when it is next asked for
	return nil
}
