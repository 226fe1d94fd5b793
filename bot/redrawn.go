package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/bot/internal/view"
	"briefbot/briefings"
)

// redrawnWords are the first card of somebody that is to be drawn because its seat was changed elsewhere.
func (b *Bot) redrawnWords(ctx context.Context, p view.Voice, m briefings.Meeting, to briefings.Member, mailing briefings.Mailing) (string, *tgbotapi.InlineKeyboardMarkup, error) {
	seats, err := b.seatsShown(ctx, m, to.ID)
	if err != nil {
		return "", nil, b.gone(err)
	}
	why := moot{"the cards are right"}
	for _, one := range seats {
		switch {
		case !m.Stale(&one.seat):
		case one.seat.Stale.Window() > mailing.Revision:
			why = moot{"a later change draws them"}
		default:
			return b.shownWords(ctx, p, m, one, to)
		}
	}
	return "", nil, why
}

// shownWords are a card as its seat stands.
func (b *Bot) shownWords(ctx context.Context, p view.Voice, m briefings.Meeting, one seatShown, to briefings.Member) (string, *tgbotapi.InlineKeyboardMarkup, error) {
	if !one.sits {
		return b.sitsNoMore(ctx, p, m, one.seat.Member, to.ID), nil, nil
	}
	html, err := b.card(ctx, p, m, one.seat, to)
	return html, b.cardButtons(p, m, one.seat, to.ID), err
}

// seatShown is a seat whose card somebody has.
type seatShown struct {
	seat briefings.Invitation
	sits bool // they sit on it; else they did as a deputy, or were asked to
}

// seatsShown finds the seats whose cards somebody has: the one they sit on, and those of others for whom they do not sit any more. Whoever
// is called themselves sat for nobody, so that of a thousand invitees nothing more is read.
func (b *Bot) seatsShown(ctx context.Context, m briefings.Meeting, who briefings.MemberID) (shown []seatShown, err error) {
	sat, deputy, err := b.Store.SeatOf(ctx, m.ID, who)
	switch {
	case err == nil && !deputy:
		return []seatShown{{sat, true}}, nil
	case err == nil:
		shown = append(shown, seatShown{sat, true})
	case !errors.Is(err, briefings.ErrNotFound):
		return nil, err
	}
	seats, err := b.Store.Invitations(ctx, m.ID)
	if err != nil {
		return nil, err
	}
	for _, s := range seats {
		if s.Member != sat.Member && slices.Contains(s.CardReaders(), who) {
			shown = append(shown, seatShown{s, false})
		}
	}
	if len(shown) == 0 {
		return nil, briefings.ErrNotFound
	}
	return shown, nil
}

// redrawn draws the stale cards of one person. A card that cannot be changed, or is there no more, is left: whoever answered elsewhere
// has read there what counts.
func (b *Bot) redrawn(ctx context.Context, n briefings.Notice) error {
	m, err := b.Store.Meeting(ctx, briefings.MeetingID(n.Mailing.Subject))
	if err != nil {
		return b.gone(err)
	}
	seats, err := b.seatsShown(ctx, m, n.To.ID)
	if err != nil {
		return b.gone(err)
	}
	roster, err := b.Store.Roster(ctx)
	if err != nil {
		return fmt.Errorf("choose words: %w", err)
	}
	to, _ := roster.MemberByNo(n.To.No)
	p := b.printer(to, "")
	drawn := 0
	for _, one := range seats {
		if !m.Stale(&one.seat) {
			continue
		}
		html, markup, err := b.shownWords(ctx, p, m, one, to)
		if err != nil {
			return err
		}
		now, err := b.redrawnSeat(ctx, n, m, one.seat, html, markup)
		if err != nil {
			return err
		}
		drawn += now
	}
	if drawn == 0 {
		return moot{"there is no card to draw"}
	}
	return nil
}

// redrawnSeat draws the cards of one seat that one person has, and counts them.
func (b *Bot) redrawnSeat(ctx context.Context, n briefings.Notice, m briefings.Meeting, seat briefings.Invitation, html string, markup *tgbotapi.InlineKeyboardMarkup) (drawn int, err error) {
	cards := seat.CardsOf(n.To.ID)
	if seat.Member == n.To.ID && m.Week == "" {
		notice, err := b.calledBy(ctx, m, n.To.ID, n.To.No)
		if err != nil {
			return 0, err
		}
		if notice != 0 && !slices.Contains(cards, notice) {
			cards = append(cards, notice)
		}
	}
	for _, message := range cards {
		if slices.Contains(seat.Stale.Drawn, seat.CardFor(n.To.ID, message)) {
			continue
		}
		there, err := b.drawOver(ctx, n, message, html, markup)
		if err != nil {
			return drawn, err
		}
		if there {
			drawn++
		}
	}
	return drawn, nil
}
