package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const (
	hookPatience    = 60 * time.Second // for the bot's answer
	hookConnections = 40
	hookFirstPause  = time.Second // doubles with every failure
	hookLongPause   = 60 * time.Second
)

// webhook is where updates are pushed instead of being fetched. One goroutine hands them out;
// updates of one key go one after the other, others side by side.
type webhook struct {
	url         string
	secret      string
	connections int
	wake        chan struct{}
	stop        context.CancelFunc
	busy        map[string]bool      // keys on their way
	rest        map[string]time.Time // keys that failed, until when they pause; real time
	failures    map[string]int
	lastError   string
	lastAt      int64
}

var secretForm = regexp.MustCompile(`^[A-Za-z0-9_-]*$`)

func (s *Server) setWebhook(c *call) (any, *refusal) {
	address := c.text("url")
	secret := c.text("secret_token")
	switch {
	case len(secret) > 256:
		return nil, badRequest("secret token is too long")
	case !secretForm.MatchString(secret):
		return nil, badRequest("secret token contains unallowed characters")
	}
	if address == "" {
		return s.deleteWebhook(c)
	}
	// A stand-in runs beside the bot, as a local Bot API server does: http and any port will do.
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, badRequest("bad webhook: invalid webhook URL specified")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.allowLocked(c)
	s.endWebhookLocked(c.flag("drop_pending_updates"))
	if held := s.updates.poller; held != nil {
		held.stolen <- errPollReplaced
		s.updates.poller = nil
	}
	if s.shut {
		return true, nil
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.hook = &webhook{
		url: address, secret: secret, connections: c.number("max_connections", hookConnections, 1, 100),
		wake: make(chan struct{}, 1), stop: cancel, busy: map[string]bool{}, rest: map[string]time.Time{}, failures: map[string]int{},
	}
	s.deliver.Add(1)
	go s.runWebhook(ctx, s.hook)
	s.wakeWebhookLocked()
	return true, nil
}

func (s *Server) deleteWebhook(c *call) (any, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.endWebhookLocked(c.flag("drop_pending_updates"))
	return true, nil
}

func (s *Server) endWebhookLocked(dropPending bool) {
	if s.hook != nil {
		s.hook.stop()
		s.hook = nil
	}
	if dropPending {
		s.updates.waiting = nil
	}
}

func (s *Server) getWebhookInfo(*call) (any, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expireLocked()
	view := struct {
		URL         string   `json:"url"`
		Certificate bool     `json:"has_custom_certificate"`
		Pending     int      `json:"pending_update_count"`
		LastAt      int64    `json:"last_error_date,omitempty"`
		LastError   string   `json:"last_error_message,omitempty"`
		Connections int      `json:"max_connections,omitempty"`
		Allowed     []string `json:"allowed_updates,omitempty"`
	}{Pending: len(s.updates.waiting), Allowed: s.updates.allowed}
	if h := s.hook; h != nil {
		view.URL, view.Connections, view.LastError, view.LastAt = h.url, h.connections, h.lastError, h.lastAt
	}
	return view, nil
}

func (s *Server) wakeWebhookLocked() {
	if s.hook == nil {
		return
	}
	select {
	case s.hook.wake <- struct{}{}:
	default:
	}
}

// runWebhook hands out updates until the webhook is ended or the server closes.
func (s *Server) runWebhook(ctx context.Context, h *webhook) {
	defer s.deliver.Done()
	client := &http.Client{Timeout: hookPatience, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	defer client.CloseIdleConnections()
	for {
		s.mu.Lock()
		next, pause := s.nextForWebhookLocked(h)
		s.mu.Unlock()
		if next != nil {
			s.deliver.Add(1)
			go s.push(ctx, client, h, *next)
			continue
		}
		timer := time.NewTimer(pause)
		select {
		case <-h.wake:
		case <-timer.C:
		case <-s.closed:
			h.stop()
			timer.Stop()
			return
		case <-ctx.Done():
			timer.Stop()
			return
		}
		timer.Stop()
	}
}

// nextForWebhookLocked is the first update whose key is free, and otherwise how long to wait.
func (s *Server) nextForWebhookLocked(h *webhook) (*pending, time.Duration) {
	s.expireLocked()
	pause := hookLongPause
	if s.hook != h || len(h.busy) >= h.connections {
		return nil, pause
	}
	now := time.Now()
	passed := map[string]bool{}
	for i := range s.updates.waiting {
		one := &s.updates.waiting[i]
		if h.busy[one.key] || passed[one.key] {
			continue
		}
		passed[one.key] = true
		if until, resting := h.rest[one.key]; resting && now.Before(until) {
			pause = min(pause, until.Sub(now))
			continue
		}
		h.busy[one.key] = true
		taken := *one
		return &taken, 0
	}
	return nil, pause
}

// push hands one update to the bot, and forgets it when the bot says 2xx.
func (s *Server) push(ctx context.Context, client *http.Client, h *webhook, one pending) {
	defer s.deliver.Done()
	reply, pause, err := post(ctx, client, h, one.raw)
	if err == nil {
		s.runReply(reply)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(h.busy, one.key)
	if err != nil {
		h.failures[one.key]++
		if pause == 0 && h.failures[one.key] > 1 { // the first failure is tried again at once
			pause = min(hookFirstPause<<min(h.failures[one.key]-1, 6), hookLongPause)
		}
		h.rest[one.key] = time.Now().Add(pause)
		h.lastError, h.lastAt = err.Error(), s.now().Unix()
	} else {
		delete(h.failures, one.key)
		delete(h.rest, one.key)
		for i := range s.updates.waiting {
			if s.updates.waiting[i].id == one.id {
				s.updates.waiting = append(s.updates.waiting[:i], s.updates.waiting[i+1:]...)
				break
			}
		}
	}
	select {
	case h.wake <- struct{}{}:
	default:
	}
}

// post sends an update. pause is what a Retry-After of the bot asks for.
func post(ctx context.Context, client *http.Client, h *webhook, raw []byte) (reply []byte, pause time.Duration, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, h.url, bytes.NewReader(raw))
	if err != nil {
		return nil, 0, err
	}
	request.Header.Set("Content-Type", "application/json")
	if h.secret != "" {
		request.Header.Set("X-Telegram-Bot-Api-Secret-Token", h.secret)
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, 0, err
	}
	defer func() { _ = response.Body.Close() }()
	reply, err = io.ReadAll(io.LimitReader(response.Body, maxParams))
	if err != nil {
		return nil, 0, err
	}
	if response.StatusCode < 200 || response.StatusCode > 299 {
		seconds, _ := strconv.Atoi(response.Header.Get("Retry-After"))
		return nil, time.Duration(min(seconds, 3600)) * time.Second, badRequest("Wrong response from the webhook: " + response.Status)
	}
	return reply, 0, nil
}

// runReply performs the one call that an answer to an update may carry. Nobody learns its result.
func (s *Server) runReply(raw []byte) {
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) != nil || object["method"] == nil {
		return
	}
	c := &call{params: url.Values{}}
	if c.readJSON(bytes.NewReader(raw)) != nil {
		return
	}
	name := strings.ToLower(c.text("method"))
	c.params.Del("method")
	m := s.calls[name]
	if strings.HasPrefix(name, "get") || strings.HasSuffix(name, "webhook") {
		return
	}
	refused := errNoMethod
	if m != nil {
		c.method = m.name
		if strange := c.unknownParam(m.params); strange != "" {
			refused = badRequestf("unknown parameter %q of the method %s", strange, m.name)
		} else {
			_, refused = m.run(s, c)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if refused == nil {
		s.report.calls[c.method]++
		return
	}
	s.report.refused(Refused{
		Method: name, Code: refused.code, Description: refused.words, Chat: chatNumber(c.text("chat_id")), At: s.now().Unix(),
	})
}
