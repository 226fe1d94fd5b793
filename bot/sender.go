package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/bot/internal/pace"
	"briefbot/bot/internal/telegram"
	"briefbot/bot/internal/view"
	"briefbot/briefings"
)

// moot says that a notice has nothing to tell any more: the meeting is cancelled, the person has answered. It is not a failure.
type moot struct{ why string }

func (m moot) Error() string { return "nothing to tell: " + m.why }

// Moot is the behaviour by which the delivery recognises it.
func (m moot) Moot() bool { return true }

// Send tells one notice to its recipient: the words are chosen now, from the subject as it stands, in the recipient's language. The
// error is a *telegram.Error, which says by its behaviour what to do next, or one that says Moot.
func (b *Bot) Send(ctx context.Context, n briefings.Notice) (briefings.Receipt, error) {
	html, markup, err := b.words(ctx, n)
	if err != nil {
		return briefings.Receipt{}, err
	}
	var id int
	switch n.Mailing.Kind {
	case briefings.KindCorrected:
		id, err = b.correct(ctx, n, html, markup)
	case briefings.KindRedrawn:
		err = b.redrawn(ctx, n)
	case briefings.KindMaterial:
		id, err = b.sendMaterial(ctx, n, html)
	default:
		id, err = b.tell(ctx, n, html, keyboard(markup))
	}
	var refused *telegram.Error
	if errors.As(err, &refused) {
		b.heed(ctx, b.address(ctx, int64(n.To.Chat)), refused)
		return briefings.Receipt{}, reasoned{refused}
	}
	if err != nil {
		return briefings.Receipt{}, err
	}
	b.spoke.Store(true)
	if n.Mailing.Kind == briefings.KindDeputyAsked {
		b.noteAsked(ctx, n, id)
	}
	return briefings.Receipt{Message: int32(id)}, nil
}

// tell sends the words to one person's chat; what is too long for one message in several, the buttons on the last, whose id it is.
func (b *Bot) tell(ctx context.Context, n briefings.Notice, html string, markup any) (id int, err error) {
	pieces := pieces(html)
	for i, piece := range pieces {
		var below any
		if i == len(pieces)-1 {
			below = markup
		}
		if err := b.reach(ctx, int64(n.To.Chat), func(chat int64) error {
			return b.slotted(ctx, chat, n.Mailing.Class(), func(ctx context.Context, opts ...telegram.Option) (err error) {
				id, err = b.door.SendText(ctx, chat, piece, below, opts...)
				return err
			})
		}); err != nil {
			return id, err
		}
	}
	return id, nil
}

const (
	// longFlood is the longest wait after a 429 for which the whole lane waits.
	longFlood = 5 * time.Minute
	// probeAfter is how long the lane waits when the server asks for more: it may mean this chat only, so after a while somebody
	// else is tried. Whoever was refused waits as long as the server asked.
	probeAfter = time.Minute
	// unpaidFor is for how long nothing is offered after the server did not take the money.
	unpaidFor = time.Hour
)

// heed slows the lane down, on all replicas, as the server asks for; or holds the chat alone when it is the one that had too much.
func (b *Bot) heed(ctx context.Context, chat int64, refused *telegram.Error) {
	if wait := refused.RetryAfter(); wait > 0 {
		if wait > longFlood {
			b.Log.ErrorContext(ctx, "the server asks for a long wait", "after", wait)
		}
		if b.crowd.alone(chat, time.Now()) {
			b.hold(ctx, chat, wait)
			wait = 0
		} else if wait > longFlood {
			wait = probeAfter
		}
		if err := b.pace.Block(ctx, pace.Bulk, wait); err != nil { // nothing is blocked for no time
			b.Log.WarnContext(ctx, "pace not slowed", "err", err)
		}
	}
	if refused.Unpaid() {
		b.Log.WarnContext(ctx, "paid broadcast is refused", "after", unpaidFor, "err", refused)
		if err := b.pace.StopPaying(ctx, pace.Bulk, unpaidFor); err != nil {
			b.Log.WarnContext(ctx, "pace not slowed", "err", err)
		}
	}
}

// hold keeps a chat still that has had too much.
func (b *Bot) hold(ctx context.Context, chat int64, wait time.Duration) {
	b.Log.InfoContext(ctx, "a chat has had too much", "after", wait)
	if err := b.pace.Hold(ctx, chat, wait); err != nil {
		b.Log.WarnContext(ctx, "chat not held", "err", err)
	}
}

// reasoned gives the delivery the one word by which a failure is listed; the behaviours stay those of its cause.
type reasoned struct{ cause *telegram.Error }

func (r reasoned) Error() string { return r.cause.Error() }

func (r reasoned) Unwrap() error { return r.cause }

// Why is the behaviour by which the delivery asks for the word.
func (r reasoned) Why() string { return r.cause.Reason() }

func (b *Bot) words(ctx context.Context, n briefings.Notice) (string, *tgbotapi.InlineKeyboardMarkup, error) {
	roster, err := b.Store.Roster(ctx)
	if err != nil {
		return "", nil, fmt.Errorf("choose words: %w", err)
	}
	to, ok := roster.MemberByNo(n.To.No)
	if !ok {
		return "", nil, moot{"the member is gone"}
	}
	p := b.printer(to, "")
	if n.Mailing.Kind == briefings.KindBriefing {
		item, err := b.Store.Briefing(ctx, briefings.BriefingID(n.Mailing.Subject))
		if err != nil {
			return "", nil, b.gone(err)
		}
		if item.Status == briefings.BriefingRecalled {
			return "", nil, moot{"the briefing was recalled"}
		}
		return b.briefingCard(p, roster, item, n.Mailing.Due, n.Mailing.Late), nil, nil
	}
	if n.Mailing.Kind == briefings.KindWeekly {
		return b.weekly(ctx, p, briefings.WeekID(n.Mailing.Subject), to)
	}
	m, err := b.Store.Meeting(ctx, briefings.MeetingID(n.Mailing.Subject))
	if err != nil {
		return "", nil, b.gone(err)
	}
	if cancelled := m.Status == briefings.MeetingCancelled; cancelled != (n.Mailing.Kind == briefings.KindCancelled) && !outlives(n.Mailing.Kind) {
		return "", nil, moot{"the meeting is " + string(m.Status)}
	}
	if m.Status == briefings.MeetingPostponed && !tells(n.Mailing.Kind) {
		return "", nil, moot{"the meeting has no time"}
	}
	if n.Mailing.Kind == briefings.KindRelayed {
		return b.relayed(ctx, p, m, n.Mailing.Revision)
	}
	if n.Mailing.Kind == briefings.KindInquiry || n.Mailing.Kind == briefings.KindInquiries {
		return b.inquiryWords(ctx, p, m, to, n.Mailing)
	}
	if n.Mailing.Venue != "" {
		return b.venueWords(p, roster, m, n.Mailing)
	}
	switch n.Mailing.Kind {
	case briefings.KindFeedback, briefings.KindOutcome, briefings.KindMissed:
		return b.afterWords(ctx, p, m, to, n.Mailing)
	}
	return b.meetingWords(ctx, p, roster, m, to, n.Mailing)
}

// tells reports whether a kind says something of a meeting that has no time at present. What was on its way to remind of the old time
// does not.
func tells(k briefings.Kind) bool {
	switch k {
	case briefings.KindInvitation, briefings.KindChanged, briefings.KindCorrected, briefings.KindRedrawn, briefings.KindMaterial, briefings.KindDeputyReply,
		briefings.KindRequest, briefings.KindDecision, briefings.KindInquiry, briefings.KindInquiries:
		return true
	}
	return false
}

// outlives reports whether a kind says something of a cancelled meeting as of any other.
func outlives(k briefings.Kind) bool {
	return k == briefings.KindCorrected || k == briefings.KindInquiry || k == briefings.KindInquiries
}

// gone turns a missing subject into nothing to tell.
func (b *Bot) gone(err error) error {
	if errors.Is(err, briefings.ErrNotFound) {
		return moot{"the subject is gone"}
	}
	return fmt.Errorf("choose words: %w", err)
}

func (b *Bot) meetingWords(ctx context.Context, p view.Voice, roster *briefings.Roster, m briefings.Meeting, to briefings.Member, mailing briefings.Mailing) (string, *tgbotapi.InlineKeyboardMarkup, error) {
	if mailing.Kind == briefings.KindNominate {
		q := m.Quota(mailing.Unit)
		if q == nil {
			return "", nil, moot{"nobody is to be named"}
		}
		seats, err := b.Store.Invitations(ctx, m.ID)
		if err != nil {
			return "", nil, b.gone(err)
		}
		kept := q.Kept(q.Gone(seats, roster))
		if len(kept) >= q.Seats {
			return "", nil, moot{"all are named"}
		}
		html, markup := quotaCard(p, roster, m, q, kept)
		return html, markup, nil
	}
	if mailing.Kind == briefings.KindRedrawn {
		return b.redrawnWords(ctx, p, m, to, mailing)
	}
	about := mailing.Person
	if about == "" || mailing.Kind == briefings.KindAnsweredFor { // there the person is who answered
		about = to.ID
	}
	seat, _, err := b.Store.SeatOf(ctx, m.ID, about)
	if err != nil {
		return "", nil, b.gone(err)
	}
	title, venue := m.Title, view.VenueLine(p, m, m.Venue(seat.Venue))
	deputy := seat.Answer.Deputy
	buttons := b.cardButtons(p, m, seat, to.ID)
	switch mailing.Kind {
	case briefings.KindInvitation:
		html, err := b.card(ctx, p, m, seat, to)
		return html, buttons, err
	case briefings.KindCancelled:
		return b.cancelledWords(p, m, seat)
	case briefings.KindMaterial:
		if i := mailing.Revision; i > len(m.Materials) {
			return "", nil, moot{"the material is gone"}
		}
		return b.materialWords(p, m, m.Materials[mailing.Revision-1]), nil, nil
	case briefings.KindChanged:
		return b.changedWords(p, m, seat, to, mailing.Revision)
	case briefings.KindCorrected:
		if c := m.LastTouch(&seat); c == nil || c.Revision > mailing.Revision {
			return "", nil, moot{"a later change draws it"}
		}
		if m.Week != "" {
			return b.weekly(ctx, p, m.Week, to)
		}
		html, err := b.card(ctx, p, m, seat, to)
		return html, buttons, err
	case briefings.KindRemindSilent:
		if seat.Member != to.ID && seat.WaitsForDeputy() == to.ID {
			from, _ := roster.Member(seat.Member)
			return p.T("remind.deputy", "name", from.Name, "title", title, "time_text", m.Starts), buttons, nil
		}
		if seat.Standing() != briefings.NoAnswer || seat.CheckIn != nil {
			return "", nil, moot{"the person has answered"}
		}
		return p.T("remind.rsvp", "title", title, "time_text", m.Starts, "deadline", m.AnswersUntil()), buttons, nil
	case briefings.KindRemindComing:
		if seat.Standing() == briefings.Declined || seat.CheckIn != nil {
			return "", nil, moot{"the person does not come, or is here"}
		}
		left := m.Starts.Sub(b.Now()).Round(time.Minute)
		if left <= 0 {
			return "", nil, moot{"the meeting has begun"}
		}
		waits, err := b.waitLine(ctx, p, &m, &seat, to.ID)
		if err != nil {
			return "", nil, err
		}
		if waits != "" {
			return p.T("remind.waiting", "title", title, "time_text", m.Starts, "venue", venue) + "\n" + waits, nil, nil
		}
		if left > 3*time.Hour {
			return p.T("remind.day", "title", title, "time_text", m.Starts, "venue", venue), nil, nil
		}
		return p.T("remind.soon", "title", title, "left", lasting(p, left), "venue", venue), nil, nil
	case briefings.KindNotSeen:
		if v := m.Venue(seat.Venue); seat.CheckIn != nil || seat.Standing() == briefings.Declined || v == nil || v.Closing != nil {
			return "", nil, moot{"the person is here, or does not come"}
		}
		if place, err := b.inQueue(ctx, &m, &seat); err != nil {
			return "", nil, err
		} else if place > 0 && seat.AwaitsNews() { // nobody is called to a chair that is not there
			return "", nil, moot{"the person waits for a place"}
		}
		return p.T("remind.not_seen", "title", title, "time", m.Starts, "venue", venueOf(m, seat.Venue)), nil, nil
	case briefings.KindRequest:
		if r := seat.Request; r == nil || r.N != mailing.Revision || r.State != briefings.RequestPending {
			return "", nil, moot{"it was decided or withdrawn"}
		}
		html, markup := b.requestCard(p, roster, m, seat)
		return html, markup, nil
	case briefings.KindAnsweredFor:
		if seat.Member != to.ID || seat.Answer.By != mailing.Person || seat.Answer.At.Unix() != int64(mailing.Revision) {
			return "", nil, moot{"the person has answered since"}
		}
		by, _ := roster.Member(mailing.Person)
		html, err := b.card(ctx, p, m, seat, to)
		return p.T("stead.told", "name", by.Name, "answer", p.Plain("choice."+string(seat.Answer.Choice))) + "\n\n" + html, buttons, err
	case briefings.KindDecision:
		r := seat.Request
		if r == nil || r.N != mailing.Revision || r.Judged.IsZero() {
			return "", nil, moot{"something else is asked now"}
		}
		html := decisionText(p, m, *r, venue)
		if r.Answer.Choice == briefings.Accepted && r.State == briefings.RequestApproved {
			waits, err := b.waitLine(ctx, p, &m, &seat, to.ID)
			if err != nil {
				return "", nil, err
			}
			html = strings.TrimSuffix(html+"\n"+waits, "\n")
		}
		return html, buttons, nil
	case briefings.KindLink:
		v := m.Venue(seat.Venue)
		if !m.ShowsLink(&seat, b.Now()) || seat.CheckIn != nil {
			return "", nil, moot{"the person does not join by the link"}
		}
		return p.T("venue.link", "title", title, "time", m.Starts, "venue", v.Name, "link", v.Link),
			&tgbotapi.InlineKeyboardMarkup{InlineKeyboard: [][]tgbotapi.InlineKeyboardButton{{tgbotapi.NewInlineKeyboardButtonURL(p.Plain("btn.open_link"), v.Link)}}}, nil
	case briefings.KindPlace:
		if !seat.AwaitsNews() || seat.Wait.Times != mailing.Revision {
			return "", nil, moot{"the person waits no longer"}
		}
		return p.T("venue.place", "venue", venueOf(m, seat.Venue), "title", title, "time_text", m.Starts), buttons, nil
	case briefings.KindDeputyAsked:
		if deputy == nil || deputy.Member != to.ID || deputy.State == briefings.DeputyRefused || deputy.Asked != mailing.Revision {
			return "", nil, moot{"somebody else is asked now"}
		}
		from, _ := roster.Member(seat.Member)
		return p.T("proxy.request", "from_name", from.Name, "position", position(p, from), "title", title, "time_text", m.Starts, "venue", venue), buttons, nil
	case briefings.KindDeputyFreed:
		if !slices.ContainsFunc(seat.Freed(), func(a briefings.Answer) bool {
			return a.Deputy.Member == to.ID && a.Deputy.Asked == mailing.Revision
		}) {
			return "", nil, moot{"the person is sent again"}
		}
		from, _ := roster.Member(seat.Member)
		return p.T("proxy.over", "name", from.Name, "title", title, "time_text", m.Starts), nil, nil
	case briefings.KindDeputyReply:
		if deputy == nil || seat.Member != to.ID || deputy.State == briefings.DeputyWaiting {
			return "", nil, moot{"somebody else is asked now"}
		}
		key := "proxy.accepted"
		if deputy.State == briefings.DeputyRefused {
			key = "proxy.refused"
		} else {
			buttons = nil
		}
		return p.T(key, "proxy_name", deputy.Name, "title", title), buttons, nil
	}
	return "", nil, moot{"unknown kind"}
}
