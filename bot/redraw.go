package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/bot/internal/telegram"
	"briefbot/bot/internal/view"
	"briefbot/briefings"
)

// change changes a seat. The message is the one in the person's own chat that the caller draws anew with the change; zero where there is
// none. Every other card of the seat is noted as stale together with the change, so that the planner has it put right.
func (t *turn) change(m briefings.Meeting, seat briefings.MemberID, message int,
	rule func(*briefings.Meeting, *briefings.Invitation) error) (briefings.Invitation, error) {
	return t.changeFrom(briefings.Seated{}, m, seat, message, rule)
}

// changeFrom is change that begins with a copy that was read in this turn and is not used afterwards, where it is one of the same seat.
func (t *turn) changeFrom(from briefings.Seated, m briefings.Meeting, seat briefings.MemberID, message int,
	rule func(*briefings.Meeting, *briefings.Invitation) error) (briefings.Invitation, error) {
	notice := 0
	if message != 0 && seat == t.member.ID {
		var err error
		if notice, err = t.ownNotice(t.ctx, t.member, m); err != nil {
			return briefings.Invitation{}, err
		}
	}
	apply := func(m *briefings.Meeting, i *briefings.Invitation) error {
		at := briefings.Shown{}
		if message != 0 {
			at = i.CardFor(t.member.ID, message)
		}
		was := *i
		err := rule(m, i)
		if errors.Is(err, briefings.ErrUnchanged) && i.DrawnAt(m, at, notice) {
			return nil
		}
		if err == nil {
			i.ChangedAt(m, was, at, notice, t.Now())
		}
		return err
	}
	if from.Meeting.ID == m.ID && from.Seat.Member == seat {
		return t.Store.UpdateSeated(t.ctx, from, apply)
	}
	return t.Store.UpdateInvitation(t.ctx, m.ID, seat, apply)
}

// drawn notes that a message of the person's shows their card as it stands: one that was opened, or one that was stale. What is not
// noted is drawn once more, or not put right when the meeting changes: no reason to tell the person that something broke.
func (t *turn) drawn(m briefings.Meeting, seat briefings.Invitation, message int) {
	t.noteDrawn(t.ctx, t.member, m, seat, message)
}

func (b *Bot) noteDrawn(ctx context.Context, who briefings.Member, m briefings.Meeting, seat briefings.Invitation, message int) {
	notice := 0
	if seat.Member == who.ID {
		var err error
		if notice, err = b.ownNotice(ctx, who, m); err != nil {
			b.Log.WarnContext(ctx, "card not noted", "meeting", m.ID, "member", who.ID, "err", err)
			return
		}
	}
	_, err := b.Store.UpdateInvitation(ctx, m.ID, seat.Member, func(m *briefings.Meeting, i *briefings.Invitation) error {
		if !i.DrawnAt(m, i.CardFor(who.ID, message), notice) {
			return briefings.ErrUnchanged
		}
		return nil
	})
	if err != nil {
		b.Log.WarnContext(ctx, "card not noted", "meeting", m.ID, "member", who.ID, "err", err)
	}
}

// noteAsked keeps the message that asks a deputy, so that it says so when nobody asks any more. What is not noted answers the press.
func (b *Bot) noteAsked(ctx context.Context, n briefings.Notice, message int) {
	_, err := b.Store.UpdateInvitation(ctx, briefings.MeetingID(n.Mailing.Subject), n.Mailing.Person,
		func(_ *briefings.Meeting, i *briefings.Invitation) error { return i.AskedBy(n.To.ID, message, b.Now()) })
	if err != nil {
		b.Log.WarnContext(ctx, "request to a deputy not noted", "key", n.Mailing.Key(), "err", err)
	}
}

// drawing notes that a card is about to be drawn in a message, where it matters: where some card of the seat is stale.
func (t *turn) drawing(m briefings.Meeting, seat briefings.Invitation, message int) {
	if s := seat.Stale; s != nil && message != 0 && !slices.Contains(s.Drawn, seat.CardFor(t.member.ID, message)) {
		t.drawn(m, seat, message)
	}
}

// ownNotice is the card by which somebody was called; zero where nobody knows it, or where it was the schedule of a week.
func (b *Bot) ownNotice(ctx context.Context, who briefings.Member, m briefings.Meeting) (int, error) {
	if m.Week != "" {
		return 0, nil
	}
	return b.calledBy(ctx, m, who.ID, who.No)
}

// onCard is a press on a card that answers a refusal with the truth: over the button, and in the card, which shows from then on what is.
func onCard(do press) press {
	return func(t *turn) error {
		err := do(t)
		if r := briefings.AsRefusal(err); r != nil {
			return errors.Join(t.refuse(r), t.showTruth(r))
		}
		return err
	}
}

// onChoice is a press on a choice below a card. It stays as long as something else can be chosen.
func onChoice(do press) press {
	return func(t *turn) error {
		err := do(t)
		if r := briefings.AsRefusal(err); r != nil && strings.HasPrefix(r.Key, "rsvp.") {
			return errors.Join(t.refuse(r), t.showTruth(r))
		}
		return err
	}
}

// showTruth puts the person's card in place of the message that was pressed. Where they have no seat the refusal itself stands there.
func (t *turn) showTruth(why *briefings.Refusal) error {
	m, seat, err := t.seat(briefings.MeetingID(t.args0()))
	if briefings.AsRefusal(err) != nil || errors.Is(err, briefings.ErrNotFound) {
		if why.Key == "proxy.no_longer" && m.ID != "" {
			return t.show(t.sitsNoMore(t.ctx, t.p, m, briefings.MemberID(t.arg(1)), t.member.ID), nil)
		}
		key, pairs := t.p.Refusal(why)
		return t.show(t.p.T(key, pairs...), nil)
	}
	if err != nil {
		return err
	}
	return t.redraw(t.query.Message.MessageID, m, seat)
}

// sitsNoMore is what stands in place of the card of a deputy who is not needed any more.
func (b *Bot) sitsNoMore(ctx context.Context, p view.Voice, m briefings.Meeting, principal, deputy briefings.MemberID) string {
	name, key := "", "proxy.over"
	if roster, err := b.Store.Roster(ctx); err == nil { // without it the sentence says less and is as true
		who, _ := roster.Member(principal)
		name = who.Name
	}
	if seat, _, err := b.Store.SeatOf(ctx, m.ID, principal); err == nil && seat.Withdrawn(deputy) {
		key = "proxy.withdrawn"
	}
	return p.T(key, "name", name, "title", m.Title, "time_text", m.Starts)
}

// drawOver puts words in place of a message that was sent, and reports whether it is still there.
func (b *Bot) drawOver(ctx context.Context, n briefings.Notice, message int, html string, markup *tgbotapi.InlineKeyboardMarkup) (bool, error) {
	chat := b.address(ctx, int64(n.To.Chat))
	err := b.slotted(ctx, chat, n.Mailing.Class(), func(ctx context.Context, _ ...telegram.Option) error {
		return b.door.EditText(ctx, chat, message, html, keyboard(markup))
	})
	var refused *telegram.Error
	if errors.As(err, &refused) && refused.Gone() {
		return false, nil
	}
	return err == nil, err
}

// correctOthers puts the cards right that somebody has beside the notice.
func (b *Bot) correctOthers(ctx context.Context, n briefings.Notice, m briefings.Meeting, notice int) (drawn int, err error) {
	seat, _, err := b.Store.SeatOf(ctx, m.ID, n.To.ID)
	if err != nil {
		return 0, b.gone(err)
	}
	cards := slices.DeleteFunc(seat.CardsOf(n.To.ID), func(message int) bool { return message == notice })
	if len(cards) == 0 {
		return 0, nil
	}
	roster, err := b.Store.Roster(ctx)
	if err != nil {
		return 0, fmt.Errorf("choose words: %w", err)
	}
	to, _ := roster.MemberByNo(n.To.No)
	p := b.printer(to, "")
	html, err := b.card(ctx, p, m, seat, to)
	if err != nil {
		return 0, err
	}
	for _, message := range cards {
		there, err := b.drawOver(ctx, n, message, html, b.cardButtons(p, m, seat, to.ID))
		if err != nil {
			return drawn, err
		}
		if there {
			drawn++
		}
	}
	return drawn, nil
}
