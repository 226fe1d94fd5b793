package bot

import (
	"context"
	"math"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/bot/internal/pace"
	"briefbot/bot/internal/telegram"
	"briefbot/bot/internal/view"
	"briefbot/briefings"
	"briefbot/briefings/i18n"
)

const (
	// outageShown is how long an outage that is over is spoken of.
	outageShown = 30 * time.Minute
	// skewShown is from when on it is told that the machine's clock is wrong.
	skewShown = time.Second
	// longPause is from when on a pause that Telegram asks for counts as not being able to send.
	longPause = time.Minute
	// telegramLimit bounds the question whether Telegram answers.
	telegramLimit = 5 * time.Second
)

// light is the first thing that is read of the status: can we send now?
type light int

const (
	green light = iota
	yellow
	red
)

// outlook is a light and what stands below it.
type outlook struct {
	light light
	lines []string
}

func (r *outlook) say(l light, line string) {
	r.light = max(r.light, l)
	mark := ""
	switch l {
	case yellow:
		mark = "🟡 "
	case red:
		mark = "🔴 "
	}
	r.lines = append(r.lines, mark+line)
}

// status says whether the service can send now, so that anybody understands it.
func (t *turn) status() error {
	html, markup := t.statusScreen()
	_, err := t.say(html, markup)
	return err
}

func (t *turn) statusPressed() error {
	if !t.holds(briefings.RoleAdmin) {
		return briefings.Refuse("err.permission")
	}
	html, markup := t.statusScreen()
	return t.show(html, markup)
}

func (t *turn) statusScreen() (string, *tgbotapi.InlineKeyboardMarkup) {
	var r outlook
	t.reportTelegram(&r)
	t.reportStore(&r)
	t.reportSending(&r)
	return statusText(t.p, r, t.now()), rows(button(t.p.Plain("btn.refresh"), "stat"))
}

func statusText(p view.Voice, r outlook, now time.Time) string {
	head := map[light]string{green: "status.green", yellow: "status.yellow", red: "status.red"}[r.light]
	return p.T("status.report", "head", i18n.HTML(p.T(head)), "lines", i18n.HTML(strings.Join(r.lines, "\n")), "time", now.Format(time.TimeOnly)) // to the second, so that looking again changes something
}

func milliseconds(d time.Duration) int { return int(math.Ceil(float64(d) / float64(time.Millisecond))) }

// reportTelegram: does Telegram answer, and does it let us send?
func (t *turn) reportTelegram(r *outlook) {
	ctx, cancel := context.WithTimeout(t.ctx, telegramLimit)
	defer cancel()
	asked := time.Now()
	if _, err := t.door.Me(ctx); err != nil {
		r.say(red, t.p.T("status.telegram_down"))
	} else {
		r.say(green, t.p.T("status.telegram", "ms", milliseconds(time.Since(asked))))
	}
	lane, err := t.pace.State(t.ctx, pace.Bulk)
	switch {
	case err != nil:
	case lane.Blocked > longPause:
		r.say(red, t.p.T("status.blocked", "time", t.p.Clock(t.now().Add(lane.Blocked))))
	case lane.Blocked > 0:
		r.say(yellow, t.p.T("status.blocked", "time", t.p.Clock(t.now().Add(lane.Blocked))))
	}
}

// reportStore: does Redis answer, was it away, does it keep what it confirms, do we read what people write, and is somebody at work?
func (t *turn) reportStore(r *outlook) {
	v := t.Health.Vitals(t.ctx)
	if v.Down {
		r.say(red, t.p.T("status.redis_down"))
		return
	}
	r.say(green, t.p.T("status.redis", "ms", milliseconds(v.Redis)))
	if now := t.Now(); !v.Back.IsZero() && now.Sub(v.Back) < outageShown {
		r.say(yellow, t.p.T("status.redis_was", "from", t.p.Clock(v.Away.In(t.Zone)), "until", t.p.Clock(v.Back.In(t.Zone))))
	}
	for _, setting := range v.Lossy {
		r.say(yellow, t.p.T("status.lossy", "setting", setting, "advice", t.p.Plain("cli.advice_"+setting)))
	}
	if by := v.Reading.By; by != "" && v.Reading.Until.IsZero() {
		r.say(yellow, t.p.T("status.read_by_"+by, "from", t.p.Clock(v.Reading.Since.In(t.Zone))))
	} else if by != "" && t.Now().Sub(v.Reading.Until) < outageShown {
		r.say(yellow, t.p.T("status.was_read_by_"+by, "from", t.p.Clock(v.Reading.Since.In(t.Zone)), "until", t.p.Clock(v.Reading.Until.In(t.Zone))))
	}
	if v.Skew.Abs() > skewShown {
		r.say(yellow, t.p.T("status.skew", "seconds", int(v.Skew.Abs().Seconds()+0.5)))
	}
	if !v.Planned {
		r.say(red, t.p.T("status.nobody_plans"))
	}
	r.say(green, t.p.T("status.replicas", "names", strings.Join(v.Replicas, ", ")))
}

// reportSending: what goes out now, how long it takes, and does anything wait?
func (t *turn) reportSending(r *outlook) {
	list, err := t.Bot.Outbox.Mailings(t.ctx, 5*outboxShown)
	if err != nil {
		return
	}
	under, left, paused := 0, 0, 0
	for _, g := range list {
		switch {
		case g.Over():
		case g.State == "paused":
			paused++
		default:
			under++
			left += g.Total - g.Settled()
		}
	}
	if under == 0 {
		r.say(green, t.p.T("status.idle"))
	} else {
		rate := t.Rate
		if lane, err := t.pace.State(t.ctx, pace.Bulk); err == nil && lane.Rate > 0 {
			rate = lane.Rate
		}
		r.say(green, t.p.T("status.sending", "n", under, "left", left, "minutes", int(math.Ceil(float64(left)/rate/60))))
	}
	if paused > 0 {
		r.say(yellow, t.p.T("status.halted", "n", paused))
	}
	calm, err := t.Store.Calm(t.ctx)
	if err != nil || !calm.Quiet(briefings.KindBriefing, t.now()) {
		return
	}
	until := t.p.Clock(calm.End(briefings.KindBriefing, t.now()))
	if calm.Resting(briefings.KindBriefing, t.now()) {
		r.say(yellow, t.p.T("status.noon", "time", until))
	} else {
		r.say(yellow, t.p.T("status.quiet", "time", until))
	}
}

// unkeptStatus answers /status of an administrator by configuration while the store does not answer: nothing else is known of anybody
// then.
func (b *Bot) unkeptStatus(ctx context.Context, u telegram.Update) {
	m := u.Message
	if m == nil || m.From == nil || m.Chat == nil || !m.Chat.IsPrivate() || !b.admin(briefings.UserID(m.From.ID)) {
		return
	}
	if name, _, ok := commandOf(m.Text); !ok || name != "status" && name != "tinhtrang" {
		return
	}
	p := b.printer(briefings.Member{}, m.From.LanguageCode)
	var r outlook
	r.say(red, p.T("status.redis_down"))
	if _, err := b.door.SendText(ctx, m.Chat.ID, statusText(p, r, b.Now().In(b.Zone)), nil); err != nil {
		b.Log.WarnContext(ctx, "status not told", "update", u.UpdateID, "err", err)
	}
}
