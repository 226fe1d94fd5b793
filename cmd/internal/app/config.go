package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // a container or a fresh machine may have no zones of its own

	"briefbot/briefings"
)

// Config is every setting of the service: a flag, else the environment, else the default. A variable that is set to nothing counts as
// not set, except where the tag blank says that nothing has a meaning.
type Config struct {
	TelegramToken      string  `env:"TELEGRAM_TOKEN" help:"The bot's token." placeholder:"TOKEN"`
	TelegramAPIURL     string  `name:"telegram-api-url" env:"TELEGRAM_API_URL" default:"https://api.telegram.org" help:"Bot API base URL." placeholder:"URL"`
	TelegramProxy      string  `env:"TELEGRAM_PROXY" help:"http://, https:// or socks5:// proxy for the Bot API." placeholder:"URL"`
	RedisURL           string  `name:"redis-url" env:"REDIS_URL" default:"redis://localhost:6379/0" help:"redis://, rediss:// or unix://; several hosts by ?addr=." placeholder:"URL"`
	RedisMode          string  `env:"REDIS_MODE" default:"single" help:"single, sentinel or cluster."`
	RedisPrefix        string  `env:"REDIS_PREFIX" default:"briefbot" help:"First part of every key."`
	RedisReplicas      int     `env:"REDIS_REPLICAS" default:"0" help:"How many replicas of Redis must have an answer before it counts as recorded."`
	RedisUnsafe        bool    `env:"REDIS_UNSAFE" default:"false" help:"Serve even on a Redis that loses what it confirmed."`
	AdminIDs           []int64 `name:"admin-ids" env:"ADMIN_IDS" help:"Telegram user ids that are administrators from the start, comma-separated." placeholder:"ID"`
	OrgName            string  `env:"ORG_NAME" help:"The organisation's name in greetings and documents."`
	Contact            string  `env:"CONTACT" help:"Whom to ask for help, shown in refusals."`
	Timezone           string  `env:"TIMEZONE" default:"Asia/Ho_Chi_Minh" help:"Time zone of the organisation."`
	Language           string  `env:"LANGUAGE" default:"vi" help:"Language of people who have not chosen: vi or en."`
	Join               string  `env:"JOIN" default:"roster" help:"Who may join: roster (an invite link, or a shared phone number on the roll)."`
	Updates            string  `env:"UPDATES" default:"poll" help:"poll or webhook."`
	WebhookSecret      string  `env:"WEBHOOK_SECRET" help:"Needed with webhook." placeholder:"SECRET"`
	PublicURL          string  `name:"public-url" env:"PUBLIC_URL" help:"Address of the HTTP side from outside." placeholder:"URL"`
	HTTPAddr           string  `name:"http-addr" env:"HTTP_ADDR" default:"127.0.0.1:8080" blank:"means none" help:"Health, metrics, webhook. Empty: none."`
	BroadcastRate      float64 `env:"BROADCAST_RATE" default:"28" help:"Messages a second for bulk sending, over all replicas."`
	PaidBroadcastRate  float64 `env:"PAID_BROADCAST_RATE" default:"0" help:"Messages a second with paid broadcast; 0: never pay."`
	PaidBroadcastStars int64   `env:"PAID_BROADCAST_STARS" default:"1000" help:"Stars that paid broadcast may cost in a month; then sending goes on at BROADCAST_RATE."`
	QuietHours         string  `env:"QUIET_HOURS" default:"21:00-06:00,11:30-13:30" blank:"means none" help:"Quiet hours, in which nothing but urgent notices and replies goes out, and, after a comma, the rest at noon, in which briefings and invitations wait. Empty: none."`
	ApprovalAbove      int     `env:"APPROVAL_ABOVE" default:"0" help:"A send to more people than this needs a second person; 0: never."`
	LogLevel           string  `env:"LOG_LEVEL" default:"info" help:"debug, info, warn or error."`
	LogFormat          string  `env:"LOG_FORMAT" default:"text" help:"text or json."`
	Replica            string  `env:"REPLICA" help:"Name of this process among its replicas; it stays the same over restarts. Empty: the host's name." placeholder:"NAME"`

	// ClockOffset moves the service's clock, so that a rehearsal need not wait two days for a reminder. Leases and pace follow
	// Redis' own clock and stay where they are. It is for rehearsals only.
	ClockOffset time.Duration `env:"BRIEFBOT_CLOCK_OFFSET" hidden:"" default:"0" help:"For rehearsals: how far the clock is moved, such as 46h30m." placeholder:"DURATION"`

	// Now is the clock; nil: time.Now. It is no setting: tests and the demo put theirs here.
	Now func() time.Time `kong:"-"`
	// Sleep is how the reading of updates waits after a failure; nil: by a timer. It is no setting: tests put theirs here.
	Sleep func(ctx context.Context, d time.Duration) error `kong:"-"`
	// Patience is how long Telegram may take for a call; zero: half a minute. It is no setting: tests put theirs here.
	Patience time.Duration `kong:"-"`
	// Log receives the service's log; nil: lines to LogTo, by LogLevel and LogFormat.
	Log *slog.Logger `kong:"-"`
	// LogTo is where the lines of the log go; nil: standard error.
	LogTo io.Writer `kong:"-"`
}

// LogValue keeps secrets out of logs.
func (c Config) LogValue() slog.Value { return slog.StringValue("config") }

// zone is the organisation's time zone.
func (c *Config) zone() (*time.Location, error) {
	loc, err := time.LoadLocation(c.Timezone)
	if err != nil || c.Timezone == "" || c.Timezone == "Local" {
		return nil, fmt.Errorf("TIMEZONE %q is not a time zone such as Asia/Ho_Chi_Minh", c.Timezone)
	}
	return loc, nil
}

// hours is the setting of the quiet hours and of the rest at noon.
func (c *Config) hours() (briefings.Hours, error) {
	var spans []briefings.QuietHours
	for text := range strings.SplitSeq(c.QuietHours, ",") {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		from, to, _ := strings.Cut(text, "-")
		a, err1 := time.Parse("15:04", strings.TrimSpace(from))
		b, err2 := time.Parse("15:04", strings.TrimSpace(to))
		if err1 != nil || err2 != nil {
			return briefings.Hours{}, fmt.Errorf("QUIET_HOURS %q is not of the form 21:00-06:00 or 21:00-06:00,11:30-13:30", c.QuietHours)
		}
		spans = append(spans, briefings.QuietHours{From: a.Hour()*60 + a.Minute(), To: b.Hour()*60 + b.Minute()})
	}
	var h briefings.Hours
	switch len(spans) {
	case 0:
	case 1:
		h.Night = spans[0]
	case 2:
		h.Night, h.Noon = spans[0], spans[1]
		if h.Noon.From > h.Noon.To && h.Night.From <= h.Night.To { // the night is the one with midnight in it
			h.Night, h.Noon = h.Noon, h.Night
		}
	default:
		return briefings.Hours{}, fmt.Errorf("QUIET_HOURS %q is more than quiet hours and a rest at noon", c.QuietHours)
	}
	if h.Check() != nil {
		return briefings.Hours{}, fmt.Errorf("QUIET_HOURS %q leaves less than two hours of the day for sending", c.QuietHours)
	}
	return h, nil
}

// CheckStore complains about the settings that every command needs, all at once.
func (c *Config) CheckStore() error {
	var all []error
	add := func(bad bool, format string, args ...any) {
		if bad {
			all = append(all, fmt.Errorf(format, args...))
		}
	}
	if _, err := c.zone(); err != nil {
		all = append(all, err)
	}
	add(!slices.Contains([]string{"single", "sentinel", "cluster"}, c.RedisMode), "REDIS_MODE %q is not single, sentinel or cluster", c.RedisMode)
	add(c.RedisReplicas < 0 || c.RedisReplicas > 10, "REDIS_REPLICAS %d is not between 0 and 10", c.RedisReplicas)
	add(c.RedisPrefix == "" || strings.ContainsAny(c.RedisPrefix, "{} "), "REDIS_PREFIX %q may not be empty or hold braces or blanks", c.RedisPrefix)
	add(c.Language != "vi" && c.Language != "en", "LANGUAGE %q is not vi or en", c.Language)
	if u, err := url.Parse(c.RedisURL); err != nil || !slices.Contains([]string{"redis", "rediss", "unix"}, u.Scheme) {
		all = append(all, errors.New("REDIS_URL is not of the form redis://host:6379/0, rediss://… or unix://…"))
	}
	var level slog.Level
	add(level.UnmarshalText([]byte(c.LogLevel)) != nil, "LOG_LEVEL %q is not debug, info, warn or error", c.LogLevel)
	add(c.LogFormat != "text" && c.LogFormat != "json", "LOG_FORMAT %q is not text or json", c.LogFormat)
	return errors.Join(all...)
}

// address reports an absolute URL of one of the schemes. Complaints do not repeat it: a proxy's holds a password.
func address(s string, schemes ...string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && slices.Contains(schemes, u.Scheme)
}

// Check complains about every setting that the service cannot work with, all at once.
func (c *Config) Check() error {
	all := []error{c.CheckStore()}
	add := func(bad bool, format string, args ...any) {
		if bad {
			all = append(all, fmt.Errorf(format, args...))
		}
	}
	if _, err := c.hours(); err != nil {
		all = append(all, err)
	}
	add(c.TelegramToken == "", "TELEGRAM_TOKEN is missing: ask @BotFather for one, or try the demo, which needs none")
	add(strings.ContainsAny(c.TelegramToken, "/?#% \t\r\n"), "TELEGRAM_TOKEN is not of the form 123456:letters")
	add(c.TelegramAPIURL != "" && !address(c.TelegramAPIURL, "http", "https"), "TELEGRAM_API_URL is not of the form https://host")
	add(c.TelegramProxy != "" && !address(c.TelegramProxy, "http", "https", "socks5", "socks5h"),
		"TELEGRAM_PROXY is not of the form http://host:port, https://… or socks5://…")
	add(c.PublicURL != "" && !address(c.PublicURL, "http", "https"), "PUBLIC_URL is not of the form https://host")
	_, _, err := net.SplitHostPort(c.HTTPAddr)
	add(c.HTTPAddr != "" && err != nil, "HTTP_ADDR %q is not of the form 127.0.0.1:8080", c.HTTPAddr)
	add(c.Join == "approval" || c.Join == "open", "JOIN=%s is not supported yet: use roster", c.Join)
	add(!slices.Contains([]string{"roster", "approval", "open"}, c.Join), "JOIN %q is not roster, approval or open", c.Join)
	add(c.Updates != "poll" && c.Updates != "webhook", "UPDATES %q is not poll or webhook", c.Updates)
	add(c.Updates == "webhook" && (c.WebhookSecret == "" || c.PublicURL == "" || c.HTTPAddr == ""), "UPDATES=webhook needs WEBHOOK_SECRET, PUBLIC_URL and HTTP_ADDR")
	add(c.BroadcastRate <= 0 || c.BroadcastRate > 1000, "BROADCAST_RATE %s is not between 0 and 1000 a second", strconv.FormatFloat(c.BroadcastRate, 'g', -1, 64))
	add(c.PaidBroadcastRate < 0 || c.PaidBroadcastRate > 1000, "PAID_BROADCAST_RATE %s is not between 0 and 1000 a second", strconv.FormatFloat(c.PaidBroadcastRate, 'g', -1, 64))
	add(c.PaidBroadcastRate > 0 && c.PaidBroadcastRate <= c.BroadcastRate, "PAID_BROADCAST_RATE is not above BROADCAST_RATE: it would cost money for nothing")
	add(c.PaidBroadcastStars < 0, "PAID_BROADCAST_STARS %d is below 0", c.PaidBroadcastStars)
	add(c.ApprovalAbove != 0, "APPROVAL_ABOVE is not supported yet: leave it at 0")
	return errors.Join(all...)
}

// logger is the one the configuration asks for.
func (c *Config) logger() *slog.Logger {
	if c.Log != nil {
		return c.Log
	}
	var level slog.Level
	_ = level.UnmarshalText([]byte(c.LogLevel)) // Check has read it
	o := &slog.HandlerOptions{Level: level}
	to := c.LogTo
	if to == nil {
		to = os.Stderr
	}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(to, o))
	}
	return slog.New(slog.NewTextHandler(to, o))
}
