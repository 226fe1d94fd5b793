package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"golang.org/x/sync/errgroup"

	"briefbot/bot"
	"briefbot/bot/board"
	"briefbot/briefings"
	"briefbot/briefings/i18n"
	"briefbot/briefings/redisstore"
	"briefbot/scheduler"
	"briefbot/scheduler/delivery"
	"briefbot/scheduler/lease"
)

// App is the whole service as a value.
type App struct {
	Config  Config
	Store   *redisstore.Store
	Outbox  *delivery.Outbox
	Bot     *bot.Bot
	Board   *board.Board
	Texts   *i18n.Catalogue
	Zone    *time.Location
	log     *slog.Logger
	client  redis.UniversalClient
	masters *redisstore.Masters
	planner *scheduler.Planner
	engine  *delivery.Engine
	leases  *lease.Keeper
	metrics *metrics
	pulse   *pulse
	clock   *clock        // nil when the configuration brings one
	ready   chan struct{} // closed when updates are being read
	addr    chan net.Addr // where the HTTP side listens; nil when there is none
}

// Open makes the part of the service that commands work on: the store and the outbox. It does no I/O.
func Open(c Config) (*App, error) {
	if err := c.CheckStore(); err != nil {
		return nil, err
	}
	var own *clock
	if c.Now == nil {
		own = &clock{moved: c.ClockOffset}
		c.Now = own.now
	}
	if c.Replica == "" {
		c.Replica, _ = os.Hostname() // an empty name is refused below
	}
	if c.Replica == "" {
		c.Replica = "briefbot"
	}
	zone, err := c.zone()
	if err != nil {
		return nil, err
	}
	hours, _ := c.hours() // New complains of what cannot be read; commands do without
	texts, err := i18n.Load()
	if err != nil {
		return nil, fmt.Errorf("load texts: %w", err)
	}
	masters := &redisstore.Masters{}
	client, err := redisstore.Connect(redisstore.Config{URL: c.RedisURL, Mode: c.RedisMode, Masters: masters})
	if err != nil {
		return nil, fmt.Errorf("connect to Redis: %w", err)
	}
	logging.Disable() // go-redis speaks on standard error past every log; what it says comes back as an error as well
	log := c.logger()
	return &App{
		Config: c, Zone: zone, Texts: texts, log: log, client: client, masters: masters, clock: own,
		Store:  redisstore.New(client, c.RedisPrefix, redisstore.Options{Now: c.Now, Log: log, Replicas: c.RedisReplicas, Hours: hours}),
		Outbox: delivery.NewOutbox(client, c.RedisPrefix), ready: make(chan struct{}), addr: make(chan net.Addr, 1),
	}, nil
}

// New makes the whole service. It does no I/O: Run does.
func New(c Config) (*App, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	a, err := Open(c)
	if err != nil {
		return nil, err
	}
	c = a.Config
	a.pulse = &pulse{client: a.client, prefix: c.RedisPrefix, replica: c.Replica, log: a.log, now: c.Now, clock: a.clock}
	a.metrics = newMetrics(a.Outbox, a.client)
	a.planner = scheduler.New(scheduler.PlannerConfig{
		Facts: a.Store, Outbox: plannerOutbox{a.Outbox}, Zone: a.Zone, Now: c.Now, Log: a.log,
		Epoch: a.masters.Epoch,
	})
	admins := make([]briefings.UserID, len(c.AdminIDs))
	for i, id := range c.AdminIDs {
		admins[i] = briefings.UserID(id)
	}
	a.Bot, err = bot.New(bot.Config{
		Token: c.TelegramToken, APIURL: c.TelegramAPIURL, Proxy: c.TelegramProxy, Redis: a.client, Prefix: c.RedisPrefix, Replica: c.Replica,
		Store: a.Store, Outbox: botOutbox{a.Outbox}, Slots: slots{a.Store, a.Zone}, Health: a.pulse, Texts: a.Texts, Zone: a.Zone,
		Lang: briefings.Lang(c.Language), Org: c.OrgName, Contact: c.Contact, Admins: admins,
		PublicURL: c.PublicURL, Rate: c.BroadcastRate, Paid: c.PaidBroadcastRate, Stars: c.PaidBroadcastStars,
		Nudge: a.planner.Nudge, Log: a.log, Now: c.Now, Observe: a.metrics.observe, Hindered: a.pulse.hindered, Sleep: c.Sleep, Patience: c.Patience,
	})
	if err != nil {
		return nil, err
	}
	a.Board = board.New(board.Config{
		Source: a.Store, Texts: a.Texts, Zone: a.Zone, Lang: briefings.Lang(c.Language), Link: a.doorLink, Now: c.Now, Log: a.log,
	})
	a.engine = delivery.New(delivery.EngineConfig{
		Outbox: a.Outbox, Directory: a.Store, Sender: a.Bot, Pace: a.Bot, Unreachable: a.Bot, Masters: servers{a.masters, a.client},
		Replica: c.Replica, Log: a.log, Now: c.Now,
	})
	a.leases = lease.New(lease.Config{Redis: a.client, Prefix: c.RedisPrefix, Replica: c.Replica, Log: a.log})
	return a, nil
}

// doorLink is the address behind a venue's QR: empty until Telegram has said what the bot is called.
func (a *App) doorLink(m briefings.MeetingID, token string) string {
	select {
	case <-a.ready:
		return a.Bot.DoorLink(m, token)
	default:
		return ""
	}
}

// Close drops the connections.
func (a *App) Close() {
	if a.Bot != nil {
		a.Board.Close()
		a.Bot.Close()
	}
	if err := a.client.Close(); err != nil {
		a.log.Debug("redis connections not closed", "err", err)
	}
}

// Ready is closed when the service reads updates.
func (a *App) Ready() <-chan struct{} { return a.ready }

// Addr is where the HTTP side listens, once it does.
func (a *App) Addr() <-chan net.Addr { return a.addr }

// errUnsafe is a Redis that loses what it confirmed in ordinary operation.
type errUnsafe struct{ complaints []error }

func (e errUnsafe) Error() string {
	return errors.Join(e.complaints...).Error() + "\nREDIS_UNSAFE=true serves all the same"
}

// Prepare checks that the store can be used: Redis answers, its layout is one this program knows, and it keeps what it confirms.
func (a *App) Prepare(ctx context.Context) error {
	if err := a.Store.Ping(ctx); err != nil {
		return fmt.Errorf("reach Redis: %w", err)
	}
	if err := a.masters.Look(ctx, a.client); err != nil {
		return fmt.Errorf("reach Redis: %w", err)
	}
	complaints, err := redisstore.CheckServer(ctx, a.client)
	if err != nil {
		return fmt.Errorf("check Redis: %w", err)
	}
	var unsafe errUnsafe
	for _, c := range complaints {
		if c.Grave && !a.Config.RedisUnsafe {
			unsafe.complaints = append(unsafe.complaints, c)
			continue
		}
		a.log.WarnContext(ctx, "redis may lose what it confirmed", "setting", c.Setting, "value", c.Value, "advice", c.Advice)
	}
	if len(unsafe.complaints) > 0 {
		return unsafe
	}
	return a.Store.CheckSchema(ctx)
}

// Run serves until ctx ends, then stops reading, finishes what is in flight and returns nil. It returns an error when the service
// cannot work: Redis holds another layout, or Telegram does not accept the token.
func (a *App) Run(ctx context.Context) error {
	defer a.Close()
	defer a.draws(ctx)()
	group, ctx := errgroup.WithContext(ctx)
	if a.Config.HTTPAddr != "" {
		group.Go(func() error { return a.serveHTTP(ctx) })
	}
	group.Go(func() error {
		_, _ = a.Store.Roster(ctx) // at hand when the first words are chosen; whoever needs it reads it again
		return nil
	})
	group.Go(func() error {
		if err := a.patiently(ctx, "redis", a.Prepare); err != nil {
			return err
		}
		if err := a.patiently(ctx, "redis", a.pulse.look); err != nil { // nothing is due by a wrong clock
			return err
		}
		if ctx.Err() != nil {
			return nil
		}
		inner, ctx := errgroup.WithContext(ctx)
		inner.Go(func() error { return a.engine.Run(ctx) }) // what was under way goes on before Telegram is asked anything
		inner.Go(func() error { return a.serve(ctx) })
		return inner.Wait()
	})
	err := group.Wait()
	var token interface{ Unauthorized() bool }
	if errors.As(err, &token) && token.Unauthorized() {
		return fmt.Errorf("TELEGRAM_TOKEN is not accepted any more, so nothing can be read or sent; nothing is lost: give the right one and start again: %w", err)
	}
	return err
}

// serve makes the bot known and runs everything but the engine until ctx ends.
func (a *App) serve(ctx context.Context) error {
	if err := a.patiently(ctx, "telegram", a.Bot.Start); err != nil {
		return err
	}
	if err := a.patiently(ctx, "redis", a.leaveName); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return nil
	}
	close(a.ready)
	a.log.InfoContext(ctx, "serving", "replica", a.Config.Replica)
	if a.Config.ClockOffset != 0 {
		a.log.WarnContext(ctx, "the clock is moved for a rehearsal", "offset", a.Config.ClockOffset)
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return a.pulse.run(ctx) })
	group.Go(func() error { return a.read(ctx) })
	group.Go(func() error {
		return a.leases.Hold(ctx, "planner", func(ctx context.Context, _ int64) error { return a.planner.Run(ctx) })
	})
	group.Go(func() error {
		return a.leases.Hold(ctx, "housekeeping", func(ctx context.Context, _ int64) error { return a.keepHouse(ctx) })
	})
	group.Go(func() error {
		return a.leases.Hold(ctx, "progress", func(ctx context.Context, _ int64) error { return a.Bot.RunLive(ctx) })
	})
	return group.Wait()
}

// draws draws cards until it is ended: after the last update, whatever ended the reading.
func (a *App) draws(ctx context.Context) (end func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	over := make(chan struct{})
	go func() {
		defer close(over)
		a.Bot.RunCards(ctx)
	}()
	return func() {
		cancel()
		<-over
	}
}

// keepHouse mends, once an hour, what a crash between two steps left in the outbox, and forgets what was finished long ago.
func (a *App) keepHouse(ctx context.Context) error {
	hourly := time.NewTicker(time.Hour)
	defer hourly.Stop()
	for {
		if err := a.Outbox.Heal(ctx); err != nil && ctx.Err() == nil {
			a.log.WarnContext(ctx, "outbox not healed", "err", err)
		}
		if _, err := a.Outbox.Forget(ctx, a.Config.Now().Add(-delivery.DefaultKeep)); err != nil && ctx.Err() == nil {
			a.log.WarnContext(ctx, "old mailings not forgotten", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-hourly.C:
		}
	}
}

// patiently tries until it works, waiting longer each time, because Redis or Telegram may come up after us. What no waiting helps
// against is returned.
func (a *App) patiently(ctx context.Context, what string, try func(context.Context) error) error {
	wait := 250 * time.Millisecond
	for {
		err := try(ctx)
		if err == nil || ctx.Err() != nil {
			return nil
		}
		if hopeless(err) {
			return err
		}
		a.log.WarnContext(ctx, "waiting", "for", what, "after", wait, "err", err)
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
		wait = min(2*wait, 15*time.Second)
	}
}

// hopeless reports an error that only somebody's hand can mend.
func hopeless(err error) bool {
	var token interface{ Unauthorized() bool }
	var unsafe errUnsafe
	return errors.Is(err, redisstore.ErrSchema) || errors.As(err, &unsafe) || errors.As(err, &token) && token.Unauthorized()
}
