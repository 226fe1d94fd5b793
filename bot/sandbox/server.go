package sandbox

import (
	"cmp"
	"context"
	"crypto/subtle"
	"encoding/json"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Defaults of a Config.
const (
	defaultToken    = "1000001:SANDBOX-TOKEN-OF-NO-VALUE-0000000"
	defaultBotName  = "Sandbox"
	defaultUsername = "sandbox_bot"
	defaultKept     = 500
	defaultAnswerIn = 15 * time.Second
	defaultStored   = 256 << 20
)

// Config says which bot the sandbox serves and how strict it is. The zero value works.
type Config struct {
	Token       string           // the bot's token; empty: a fixed one, see Server.Token
	BotName     string           // first name of the bot; empty: "Sandbox"
	BotUsername string           // without @; empty: "sandbox_bot"
	Now         func() time.Time // nil: time.Now
	Limits      Limits           // flood limits; zero: none
	Title       string           // heading of the chat page
	TitleEn     string           // the same in English; empty: Title
	Timezone    string           // IANA name of the zone the page shows times in; empty: the page's own choice
	Cast        []Role           // whose phones the page shows first
	Kept        int              // messages kept per chat; zero: 500
	AnswerIn    time.Duration    // how long a button's press may be answered; zero: 15 s
	Stored      int64            // bytes of files kept, the oldest go first; zero: 256 MiB
	Log         *slog.Logger     // nil: silence
}

// Role is a person shown on the page, with what to say about them by language ("vi", "en").
type Role struct {
	Person int64             `json:"person"`
	Label  map[string]string `json:"label"`
	Hint   map[string]string `json:"hint"`
}

// Link is an address beside the phones that the page leads to, with its name by language.
type Link struct {
	URL   string            `json:"url"`
	Label map[string]string `json:"label"`
}

// AddLink puts a link on the page.
func (s *Server) AddLink(l Link) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.links = append(s.links, l)
}

// Server is one sandbox: one bot, its people, and everything they said.
type Server struct {
	config Config
	now    func() time.Time
	links  []Link // on the page
	log    *slog.Logger
	botID  int64
	routes http.Handler
	calls  map[string]*method // by lower-case name
	closed chan struct{}      // closed by Close: whoever is held lets go
	start  time.Time          // real time; the zero of lastCall

	mu       sync.Mutex
	shut     bool
	bot      profile
	people   map[int64]*person
	order    []*person // in order of arrival
	nextID   int64
	updates  queue
	files    shelf
	presses  presses
	limits   Limits
	flood    flood
	faults   []*Fault
	nextFlt  int
	report   tally
	hub      hub
	lastCall time.Duration // since start; calls of the bot other than getUpdates
	inFlight int
	hook     *webhook
	albums   int
	deliver  sync.WaitGroup
}

// New makes a sandbox. It does no I/O and starts nothing.
func New(config Config) *Server {
	config.Token = cmp.Or(config.Token, defaultToken)
	config.BotName = cmp.Or(config.BotName, defaultBotName)
	config.BotUsername = cmp.Or(config.BotUsername, defaultUsername)
	config.Kept = cmp.Or(config.Kept, defaultKept)
	config.AnswerIn = cmp.Or(config.AnswerIn, defaultAnswerIn)
	config.Stored = cmp.Or(config.Stored, int64(defaultStored))
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	number, _, _ := strings.Cut(config.Token, ":")
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil || id <= 0 {
		id = 1000001
	}
	s := &Server{
		config: config,
		now:    config.Now,
		log:    config.Log,
		botID:  id,
		closed: make(chan struct{}),
		start:  time.Now(),
		bot:    newProfile(config.BotName),
		people: map[int64]*person{},
		nextID: 5_000_000_001,
		limits: config.Limits,
		report: newTally(),
		hub:    newHub(),
	}
	s.files = newShelf(config.Token, config.Stored)
	s.presses = newPresses()
	s.updates = newQueue()
	s.calls = newMethods()
	s.routes = s.newRoutes()
	return s
}

// Handler serves both sides and the page.
func (s *Server) Handler() http.Handler { return s.routes }

// Token is the token that the sandbox accepts.
func (s *Server) Token() string { return s.config.Token }

// Close lets go of every held request and stops delivering to a webhook. It may be called
// more than once. Requests that come later are still answered, but none is held.
func (s *Server) Close() {
	s.mu.Lock()
	if !s.shut {
		s.shut = true
		close(s.closed)
		s.hub.closeAll()
	}
	s.mu.Unlock()
	s.deliver.Wait()
}

// serveBot is Telegram's side: /bot<token>/<method>.
func (s *Server) serveBot(w http.ResponseWriter, r *http.Request) {
	rest := strings.TrimPrefix(r.URL.Path, "/bot")
	token, name, found := strings.Cut(rest, "/")
	if after, test := strings.CutPrefix(name, "test/"); test {
		name = after
	}
	if !found || name == "" || strings.Contains(name, "/") {
		s.refuse(w, name, errNotFound)
		return
	}
	if refused := s.checkToken(token); refused != nil {
		s.refuse(w, name, refused)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodPost {
		s.refuse(w, name, &refusal{code: http.StatusMethodNotAllowed, words: "Method Not Allowed", mute: true})
		return
	}
	c, refused := readCall(r)
	if refused == errCutOff {
		panic(http.ErrAbortHandler) // nobody hears an answer
	}
	if refused != nil {
		s.refuse(w, name, refused)
		return
	}
	method, known := s.calls[strings.ToLower(name)]
	if !known {
		s.refuse(w, name, errNoMethod)
		return
	}
	c.method = method.name
	if strange := c.unknownParam(method.params); strange != "" {
		s.refuse(w, c.method, badRequestf("unknown parameter %q of the method %s", strange, c.method))
		return
	}
	s.perform(w, r, c, method)
}

func (s *Server) checkToken(token string) *refusal {
	if strings.HasPrefix(token, "0") || len(token) > 80 || !strings.Contains(token, ":") {
		return errBadToken
	}
	if subtle.ConstantTimeCompare([]byte(token), []byte(s.config.Token)) != 1 {
		return errUnauthorized
	}
	return nil
}

// perform runs a call between what faults do before it and after it.
func (s *Server) perform(w http.ResponseWriter, r *http.Request, c *call, m *method) {
	polling := c.method == "getUpdates"
	if !polling {
		s.mu.Lock()
		s.inFlight++
		s.mu.Unlock()
		defer func() {
			s.mu.Lock()
			s.inFlight--
			s.lastCall = time.Since(s.start)
			s.mu.Unlock()
		}()
	}
	fault := s.takeFault(c)
	if fault != nil && fault.before(s, w, r, c) {
		return
	}
	var result any
	var refused *refusal
	if polling {
		result, refused = s.getUpdates(r.Context(), c)
	} else {
		result, refused = m.run(s, c)
	}
	if fault != nil && fault.Kind == FaultDrop {
		panic(http.ErrAbortHandler) // done, and nobody will hear of it
	}
	if refused != nil {
		s.refuseTo(w, c.method, c.text("chat_id"), refused)
		return
	}
	s.mu.Lock()
	s.report.calls[c.method]++
	s.mu.Unlock()
	if polling {
		writeUpdates(w, result.([]json.RawMessage))
		return
	}
	writeJSON(w, http.StatusOK, struct {
		OK     bool `json:"ok"`
		Result any  `json:"result"`
	}{true, result})
}

func (s *Server) refuse(w http.ResponseWriter, method string, refused *refusal) {
	s.refuseTo(w, method, "", refused)
}

func (s *Server) refuseTo(w http.ResponseWriter, method, chat string, refused *refusal) {
	s.mu.Lock()
	s.report.refused(Refused{
		Method: method, Code: refused.code, Description: refused.words, Chat: chatNumber(chat),
		At: s.now().Unix(), Injected: refused.injected,
	})
	s.mu.Unlock()
	level := slog.LevelWarn
	if refused.injected || refused.code == http.StatusForbidden {
		level = slog.LevelDebug // asked for, or the way people are
	}
	s.log.Log(context.Background(), level, "refuse call", "method", method, "code", refused.code, "err", refused)
	writeRefusal(w, refused)
}

// writeRefusal answers as Telegram does. HTTP-level refusals have no body and end the connection.
func writeRefusal(w http.ResponseWriter, refused *refusal) {
	if refused.mute {
		w.Header().Set("Connection", "close")
		w.WriteHeader(refused.code)
		return
	}
	type parameters struct {
		RetryAfter int   `json:"retry_after,omitempty"`
		MigrateTo  int64 `json:"migrate_to_chat_id,omitempty"`
	}
	answer := struct {
		OK          bool        `json:"ok"`
		Code        int         `json:"error_code"`
		Description string      `json:"description"`
		Parameters  *parameters `json:"parameters,omitempty"`
	}{Code: refused.code, Description: refused.words}
	if refused.retryAfter > 0 || refused.migrateTo != 0 {
		answer.Parameters = &parameters{RetryAfter: refused.retryAfter, MigrateTo: refused.migrateTo}
	}
	if refused.retryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(refused.retryAfter))
	}
	writeJSON(w, refused.code, answer)
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	raw, err := json.Marshal(value)
	if err != nil {
		http.Error(w, `{"error":"cannot encode the answer"}`, http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(raw)))
	w.WriteHeader(status)
	_, _ = w.Write(raw)
}
