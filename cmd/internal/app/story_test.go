package app_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"briefbot/bot/sandbox"
	"briefbot/briefings"
	"briefbot/cmd/internal/app"
)

const (
	patience = 20 * time.Second            // until a story that does not go on is given up, in real time
	glance   = 2 * time.Millisecond        // between two looks at a condition
	org      = "Tỉnh ủy Minh Giang"        // who calls
	contact  = "đ/c Văn Mẫu Phòng"         // whom to ask
	dayOne   = "2026-11-30T08:00:00+07:00" // a Monday morning, when every story begins
)

// story is one script at work. Its clock stands still unless the script moves it, so that what people read is the same every time.
type story struct {
	redis  redis
	stage  *sandbox.Server
	forger *forger
	web    *httptest.Server
	zone   *time.Location
	people map[string]*sandbox.Person
	since  map[int64]int  // by account: the newest message when the person last did something
	seen   map[int64]seen // by account: what the person saw so far
	config app.Config

	service *app.App // nil while the service is down
	stop    context.CancelFunc
	stopped chan error
	exit    int  // of the last command line
	gone    bool // Redis is away: nothing comes to rest

	mu        sync.Mutex
	now       time.Time
	troubles  []string         // errors in the service's log
	tolerated []*regexp.Regexp // those a script asked for
}

// storyKey is where a script keeps its story.
type storyKey struct{}

func newStory(r redis) (*story, error) {
	zone, err := time.LoadLocation("Asia/Ho_Chi_Minh")
	if err != nil {
		return nil, err
	}
	now, err := time.Parse(time.RFC3339, dayOne)
	if err != nil {
		return nil, err
	}
	s := &story{
		redis: r, zone: zone, now: now.In(zone), people: map[string]*sandbox.Person{}, since: map[int64]int{}, seen: map[int64]seen{},
	}
	s.stage = sandbox.New(sandbox.Config{BotName: "Briefbot", BotUsername: "minhgiang_bot", Now: s.clock})
	s.forger = &forger{next: s.stage.Handler()}
	s.web = httptest.NewServer(s.forger)
	s.config = app.Config{
		TelegramToken: s.stage.Token(), TelegramAPIURL: s.web.URL, RedisURL: r.url, RedisMode: "single", RedisPrefix: "briefbot" + r.prefix,
		OrgName: org, Contact: contact, Timezone: zone.String(), PublicURL: "https://hop.example.vn", Language: "vi", Join: "roster", Updates: "poll",
		BroadcastRate: 1000, LogLevel: "info", LogFormat: "text", Replica: "story", Now: s.clock,
		Log: slog.New(slog.NewTextHandler((*ear)(s), &slog.HandlerOptions{Level: slog.LevelError})),
	}
	return s, nil
}

func (s *story) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *story) setClock(t time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = t.In(s.zone)
}

// ear hears what the service complains about.
type ear story

func (e *ear) Write(line []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.troubles = append(e.troubles, strings.TrimSpace(string(line)))
	return len(line), nil
}

// serve starts the service and returns when it reads updates.
func (s *story) serve() error {
	if s.service != nil {
		return errors.New("the service runs already")
	}
	service, err := app.New(s.config)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.service, s.stop, s.stopped = service, cancel, make(chan error, 1)
	go func() { s.stopped <- service.Run(ctx) }()
	select {
	case <-service.Ready():
		return nil
	case err := <-s.stopped:
		s.service = nil
		return fmt.Errorf("serve: %w", err)
	case <-time.After(patience):
		return errors.New("the service does not come up")
	}
}

// halt stops the service and waits until it has.
func (s *story) halt() error {
	if s.service == nil {
		return nil
	}
	s.stop()
	s.service = nil
	select {
	case err := <-s.stopped:
		return err
	case <-time.After(patience):
		return errors.New("the service does not stop")
	}
}

// settle waits until the service has nothing left to do, and lets everybody look at their phone.
func (s *story) settle() error {
	if s.service != nil && !s.gone {
		if err := s.rest(); err != nil {
			return err
		}
	}
	return s.look()
}

// rest returns when every update is handled, the planner finds nothing due, nothing waits in the outbox but what is paused, and the
// messages that show progress say how it ended.
func (s *story) rest() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for before := -1; ; {
		if err := s.stage.Quiet(ctx, 0, patience); err != nil {
			return err
		}
		for range 2 { // the first calls the members, the second tells them
			if err := s.service.Tick(ctx); err != nil {
				return err
			}
		}
		for _, over := range []func(context.Context) (string, error){s.drawing, s.sending, s.showing, s.drawing} {
			if err := until(ctx, over); err != nil {
				return err
			}
		}
		if err := s.stage.Quiet(ctx, 0, patience); err != nil {
			return err
		}
		if calls := s.calls(); calls == before {
			return nil
		} else {
			before = calls
		}
	}
}

// until waits for a condition that names what is still missing.
func until(ctx context.Context, missing func(context.Context) (string, error)) error {
	tick := time.NewTicker(glance)
	defer tick.Stop()
	for {
		what, err := missing(ctx)
		if err != nil && ctx.Err() == nil {
			return err
		}
		if err == nil && what == "" {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("still waiting for %s", what)
		}
	}
}

// drawing says how many cards are owed a drawing.
func (s *story) drawing(ctx context.Context) (string, error) {
	n, err := s.service.Redis().HLen(ctx, s.config.RedisPrefix+":owed").Result()
	if err != nil || n == 0 {
		return "", err
	}
	return fmt.Sprintf("%d cards", n), nil
}

// sending names a mailing that is under way.
func (s *story) sending(ctx context.Context) (string, error) {
	list, err := s.service.Outbox.Live(ctx)
	for _, m := range list {
		if m.State != "paused" {
			return fmt.Sprintf("mailing %s: %s", m.Mailing.Key(), m.State), nil
		}
	}
	return "", err
}

// showing names a progress message that does not yet say that its mailing is over.
func (s *story) showing(ctx context.Context) (string, error) {
	all, err := s.service.Redis().HGetAll(ctx, s.config.RedisPrefix+":live").Result()
	if err != nil {
		return "", err
	}
	for _, raw := range all {
		var watched struct {
			Key     briefings.Key `json:"key"`
			Chat    int64         `json:"chat"`
			Message int           `json:"message"`
		}
		if err := json.Unmarshal([]byte(raw), &watched); err != nil {
			return "", err
		}
		status, err := s.service.Outbox.Mailing(ctx, watched.Key)
		if err != nil && !errors.Is(err, briefings.ErrNotFound) {
			return "", err
		}
		if err != nil {
			continue
		}
		says, err := s.message(watched.Chat, watched.Message)
		if err != nil {
			return "", err
		}
		if status.State.Final() || status.State == "paused" && !strings.Contains(says, "⏸") {
			return fmt.Sprintf("progress of %s", watched.Key), nil
		}
	}
	return "", nil
}

// calls counts what the bot asked of Telegram, polls for updates not counted.
func (s *story) calls() int {
	r := s.stage.Report()
	n := r.RefusedTotal + r.InjectedTotal
	for method, times := range r.Calls {
		if method != "getUpdates" {
			n += times
		}
	}
	return n
}

// act does something as a person and waits until the service has dealt with it. What leaves no message of its own in the chat is
// described by line.
func (s *story) act(p *sandbox.Person, line string, do func() error) error {
	if err := s.turnPage(p.ID); err != nil {
		return err
	}
	if line != "" {
		s.note(p.ID, line)
	}
	if err := do(); err != nil {
		return err
	}
	return s.settle()
}

// turnPage makes what is expected of a chat begin with what is said from now on.
func (s *story) turnPage(id int64) error {
	last, err := s.last(id)
	s.since[id] = last
	return err
}

// last is the newest message of a chat; 0 when there is none.
func (s *story) last(id int64) (int, error) {
	chat, err := s.stage.Chat(id, 1)
	if err != nil || len(chat.Messages) == 0 {
		return 0, err
	}
	return chat.Messages[0].ID, nil
}

// finish ends the story and complains about what no story may leave behind: a call that Telegram refuses, a button that nobody
// answers, an error in the log.
func (s *story) finish(t testscript.T) {
	err := s.halt()
	s.stage.Close()
	s.web.Close()
	if err != nil {
		t.Log("stop the service:", err)
		t.FailNow()
	}
	bad := s.blemishes()
	for _, b := range bad {
		t.Log(b)
	}
	if len(bad) > 0 {
		t.FailNow()
	}
}

func (s *story) blemishes() []string {
	var bad []string
	report := s.stage.Report()
	for _, r := range report.Refused {
		if !r.Injected && r.Code != 403 {
			bad = append(bad, fmt.Sprintf("Telegram refused %s to %d: %d %s", r.Method, r.Chat, r.Code, r.Description))
		}
	}
	if c := report.Callbacks; c.Unanswered+c.Late+c.Twice > 0 {
		bad = append(bad, fmt.Sprintf("buttons: %d unanswered, %d answered late, %d answered twice", c.Unanswered, c.Late, c.Twice))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, line := range s.troubles {
		if !matchesAny(s.tolerated, line) {
			bad = append(bad, "the service complains: "+line)
		}
	}
	return bad
}

func matchesAny(list []*regexp.Regexp, s string) bool {
	for _, r := range list {
		if r.MatchString(s) {
			return true
		}
	}
	return false
}
