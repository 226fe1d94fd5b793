package bot

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/singleflight"

	"briefbot/bot/internal/easel"
	"briefbot/bot/internal/pace"
	"briefbot/bot/internal/session"
	"briefbot/bot/internal/telegram"
	"briefbot/bot/internal/view"
	"briefbot/briefings"
	"briefbot/briefings/i18n"
)

// Config is what a Bot needs. All fields are required unless they say otherwise.
type Config struct {
	Token     string
	APIURL    string // empty: Telegram's own
	Proxy     string // may be empty
	Redis     redis.UniversalClient
	Prefix    string // first part of every key
	Replica   string // name of this process among its replicas, the same over restarts
	Store     Store
	Outbox    Outbox
	Slots     Slots
	Health    Health
	Texts     *i18n.Catalogue
	Zone      *time.Location
	Lang      briefings.Lang // of people who have not chosen
	Org       string         // the organisation's name
	Contact   string         // whom to ask for help
	PublicURL string         // where the board is reached from outside; empty: nowhere
	Admins    []briefings.UserID
	Rate      float64
	Paid      float64 // messages a second while Stars are spent; 0: never
	Stars     int64   // that may be spent in a month
	Nudge     func()  // tells the planner that there are new facts; may be nil
	Log       *slog.Logger
	Now       func() time.Time
	// Hindered, when set, is told what else keeps updates from being read, "webhook" or "poller", and since when; and once, with
	// nothing, when they are read again.
	Hindered func(ctx context.Context, by string, since time.Time)
	// Sleep waits between two polls after a failure; nil: a timer.
	Sleep func(ctx context.Context, d time.Duration) error
	// Patience is how long Telegram may take for a call; zero: the door's own.
	Patience time.Duration
	// Observe, when set, is told of every finished call to the Bot API.
	Observe func(method string, took time.Duration, err error)
}

// repliesRate is how many answers a second go out at least. Telegram names no limit for them; a 429 slows the lane.
const repliesRate = 30

// Bot answers people and tells notices.
type Bot struct {
	Config
	door     *telegram.Door
	pace     *pace.Pace
	granted  granted
	sessions *session.Store // the dialogue each person is in
	drafts   *session.Store // what each person composes: it outlives other dialogues and commands
	live     *live
	easel    *easel.Easel       // cards that are drawn anew
	cards    receipts           // the messages of notices, for putting them right
	reading  singleflight.Group // of the seats of a meeting
	moved    moved              // chats with another number
	crowd    crowd              // chats that were just written to
	rooms    rooms              // venues that need not be looked at
	queues   queues
	username string // of the bot, for deep links; known after Start
	updates  *telegram.Dispatcher
	excused  excuses
	place    atomic.Int64 // the update to ask for next, as this replica last knew
	spoke    atomic.Bool  // a notice reached somebody in this life
}

// New builds a Bot. It does no I/O.
func New(c Config) (*Bot, error) {
	door, err := telegram.New(telegram.Config{
		Token: telegram.NewSecret(c.Token), BaseURL: c.APIURL, Proxy: c.Proxy, Log: c.Log, Now: c.Now, Observe: c.Observe,
		Kept: telegram.NewRedisKept(c.Redis, c.Prefix), Timeouts: telegram.Timeouts{Call: c.Patience},
	})
	if err != nil {
		return nil, fmt.Errorf("open door to Telegram: %w", err)
	}
	if c.Nudge == nil {
		c.Nudge = func() {}
	}
	if c.Hindered == nil {
		c.Hindered = func(context.Context, string, time.Time) {}
	}
	b := &Bot{Config: c, door: door, sessions: session.New(c.Redis, c.Prefix, session.Keep{})}
	b.drafts = session.New(c.Redis, c.Prefix+":draft", session.Keep{})
	b.pace, err = pace.New(pace.Config{Redis: c.Redis, Prefix: c.Prefix, Rates: map[pace.Lane]float64{
		pace.Bulk: c.Rate, pace.Replies: max(repliesRate, c.Rate),
	}, Paid: pace.Paid{Rate: c.Paid, Budget: c.Stars}})
	if err != nil {
		return nil, fmt.Errorf("set pace: %w", err)
	}
	b.live = newLive(b)
	b.updates = b.dispatcher()
	b.easel = b.newEasel()
	return b, nil
}

// Start asks Telegram who the bot is and puts the menus in place. It returns when Telegram answered.
func (b *Bot) Start(ctx context.Context) error {
	me, err := b.door.Me(ctx)
	if err != nil {
		return fmt.Errorf("ask who the bot is: %w", err)
	}
	b.username = me.UserName
	return b.publishMenus(ctx)
}

// Username is the bot's own name, for links.
func (b *Bot) Username() string { return b.username }

// Close drops the connections to Telegram.
func (b *Bot) Close() { b.door.Close() }

// link makes a deep link that opens the bot with a payload.
func (b *Bot) link(payload string) string {
	return "https://t.me/" + b.username + "?start=" + payload
}

// printer speaks to a member, or to a stranger in the language of their app.
func (b *Bot) printer(m briefings.Member, app string) view.Voice {
	lang := m.Lang
	if lang == "" {
		lang = b.Lang
		if m.ID == "" && (app == string(briefings.Vietnamese) || app == string(briefings.English)) {
			lang = briefings.Lang(app)
		}
	}
	return view.NewVoice(i18n.Printer{
		Catalogue: b.Texts, Lang: i18n.Lang(lang), Location: b.Zone, Addr: m.Address, Org: b.Org, Contact: b.Contact,
		Report: func(err error) { b.Log.Error("sentence not whole", "err", err) },
	})
}

// admin reports whether a user is an administrator by configuration.
func (b *Bot) admin(user briefings.UserID) bool {
	for _, id := range b.Admins {
		if id == user {
			return true
		}
	}
	return false
}

// allowedUpdates are the kinds of update the bot asks for.
var allowedUpdates = []string{tgbotapi.UpdateTypeMessage, tgbotapi.UpdateTypeCallbackQuery, tgbotapi.UpdateTypeMyChatMember}
