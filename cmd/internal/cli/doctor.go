package cli

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings/redisstore"
	"briefbot/cmd/internal/app"
)

type doctorCommand struct{}

// errSick says that something is wrong; what, stands on standard output.
var errSick = errors.New("something is wrong")

const (
	// apart is how far two clocks may be from each other.
	apart = 2 * time.Second
	// checkLimit bounds the questions to Redis.
	checkLimit = 5 * time.Second
	// freshError is how long a failure of the webhook counts.
	freshError = time.Hour
)

// examination collects what is well and what is not, one line each.
type examination struct {
	*console
	wrong int
}

func (x *examination) ok(text string) { x.line("cli.doctor_ok", text) }

// line begins with one word that says whether it is well, padded to the same column.
func (x *examination) line(key, text string) {
	fmt.Fprintf(x.stdout, "%-7s%s\n", x.say().T(key), oneLine(text))
}

func (x *examination) bad(what, advice string) {
	x.wrong++
	x.line("cli.doctor_wrong", oneLine(what)+" — "+advice)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// Run looks at everything the service needs and changes nothing.
func (doctorCommand) Run(c *console) error {
	x := &examination{console: c}
	x.settings()
	if c.config.CheckStore() == nil {
		a, err := app.Open(c.config)
		if err != nil {
			x.bad(err.Error(), c.say().T("cli.doctor_redis_url"))
		} else {
			defer a.Close()
			x.redis(a)
			x.zone(a)
			x.telegram(a)
		}
	}
	if x.wrong > 0 {
		return errSick
	}
	return nil
}

func (x *examination) settings() {
	err := errors.Join(append(x.complaints, x.config.Check())...)
	if err == nil {
		x.ok(x.say().T("cli.doctor_settings"))
		return
	}
	for line := range strings.Lines(err.Error()) {
		x.bad(line, x.say().T("cli.doctor_mend_setting"))
	}
}

func (x *examination) redis(a *app.App) {
	ctx, cancel := context.WithTimeout(x.ctx, checkLimit)
	defer cancel()
	asked := time.Now()
	if err := a.Store.Ping(ctx); err != nil {
		x.bad(x.say().T("cli.doctor_no_redis", "why", err.Error()), x.say().T("cli.doctor_start_redis"))
		return
	}
	took := time.Since(asked).Round(10 * time.Microsecond)
	x.ok(x.say().T("cli.doctor_redis", "version", serverVersion(ctx, a.Redis()), "took", took.String()))
	complaints, err := redisstore.CheckServer(ctx, a.Redis())
	switch {
	case err != nil:
		x.bad(err.Error(), x.say().T("cli.doctor_start_redis"))
	case len(complaints) == 0:
		x.ok(x.say().T("cli.doctor_keeps"))
	}
	for _, complaint := range complaints {
		advice := complaint.Advice
		if x.texts.Has("cli.advice_" + complaint.Setting) {
			advice = x.say().T("cli.advice_" + complaint.Setting)
		}
		x.bad(complaint.Setting+" "+complaint.Value, advice)
	}
	x.layout(ctx, a)
	x.clock(ctx, a)
}

// layout looks at the layout's number without writing one into an empty store.
func (x *examination) layout(ctx context.Context, a *app.App) {
	kept, err := a.Redis().Get(ctx, x.config.RedisPrefix+":{s}:schema").Int()
	switch {
	case errors.Is(err, redis.Nil):
		x.ok(x.say().T("cli.doctor_new_store"))
	case err != nil:
		x.bad(err.Error(), x.say().T("cli.doctor_layout"))
	case kept == 0:
		x.bad(x.say().T("cli.doctor_half"), x.say().T("cli.doctor_restore"))
	case kept != redisstore.Schema:
		x.bad(x.say().T("cli.doctor_schema", "kept", kept, "known", redisstore.Schema), x.say().T("cli.doctor_layout"))
	default:
		x.ok(x.say().T("cli.doctor_store", "schema", kept))
	}
}

// clock compares the machine's clock with Redis': leases follow the one, meetings the other.
func (x *examination) clock(ctx context.Context, a *app.App) {
	before := time.Now()
	theirs, err := a.Redis().Time(ctx).Result()
	if err != nil {
		x.bad(err.Error(), x.say().T("cli.doctor_start_redis"))
		return
	}
	ours := before.Add(time.Since(before) / 2)
	if d := theirs.Sub(ours).Abs(); d > apart {
		x.bad(x.say().T("cli.doctor_clocks", "apart", d.Round(time.Second).String()), x.say().T("cli.doctor_ntp"))
		return
	}
	x.ok(x.say().T("cli.doctor_clock"))
}

func (x *examination) zone(a *app.App) {
	x.ok(x.say().T("cli.doctor_zone", "zone", x.config.Timezone, "time", a.Config.Now()))
}

func (x *examination) telegram(a *app.App) {
	if x.config.TelegramToken == "" {
		return // the settings have been complained about
	}
	found, err := a.Inspect(x.ctx)
	var refused interface{ Unauthorized() bool }
	switch {
	case errors.As(err, &refused) && refused.Unauthorized():
		x.bad(x.say().T("cli.doctor_token"), x.say().T("cli.doctor_new_token"))
		return
	case err != nil:
		x.bad(x.say().T("cli.doctor_no_telegram", "why", err.Error()), x.say().T("cli.doctor_reach"))
		return
	}
	x.ok(x.say().T("cli.doctor_bot", "name", found.Username))
	want := ""
	if x.config.Updates == "webhook" {
		want = a.WebhookURL()
	}
	switch {
	case found.LastError != "" && found.Webhook != "" && time.Since(found.FailedAt) < freshError:
		x.bad(x.say().T("cli.doctor_hook_fails", "why", found.LastError, "n", found.Waiting), x.say().T("cli.doctor_hook_reach"))
	case found.Webhook == want && want == "":
		x.ok(x.say().T("cli.doctor_poll", "n", found.Waiting))
	case found.Webhook == want:
		x.ok(x.say().T("cli.doctor_hook", "n", found.Waiting))
	case want == "":
		x.bad(x.say().T("cli.doctor_hook_stray", "url", found.Webhook), x.say().T("cli.doctor_hook_taken"))
	default:
		x.bad(x.say().T("cli.doctor_hook_unset", "url", want), x.say().T("cli.doctor_hook_start"))
	}
	if since, ok := a.Rival(x.ctx); ok {
		x.bad(x.say().T("cli.doctor_rival", "since", since), x.say().T("cli.doctor_rival_stop"))
	}
}

var versionLine = regexp.MustCompile(`(?m)^redis_version:(\S+)`)

// serverVersion is what the server calls itself, or nothing.
func serverVersion(ctx context.Context, c redis.UniversalClient) string {
	text, err := c.Info(ctx, "server").Result()
	if err != nil {
		return ""
	}
	if found := versionLine.FindStringSubmatch(text); found != nil {
		return found[1]
	}
	return ""
}
