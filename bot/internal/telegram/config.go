package telegram

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// DefaultBaseURL is where Telegram's own Bot API answers.
const DefaultBaseURL = "https://api.telegram.org"

// Timeouts say how long a call may take from its start to the last byte of
// its answer. Zero means the default.
type Timeouts struct {
	// Call bounds everything that is neither a poll nor an upload. The server
	// holds a request up to eight seconds before it answers 429, so anything
	// below fifteen turns "sent late" into "sent twice". Default 30 s.
	Call time.Duration
	// Upload bounds calls that carry a file, and downloads. Default 120 s.
	Upload time.Duration
	// PollSlack is what a poll may take beyond the time it asked for.
	// Default 15 s.
	PollSlack time.Duration
}

// Config is what a Door needs.
type Config struct {
	// Token is the bot's token. Required.
	Token Secret
	// BaseURL is the Bot API server's address without a trailing path of a
	// bot. Default DefaultBaseURL.
	BaseURL string
	// Proxy is an http://, https://, socks5:// or socks5h:// URL; empty: a
	// direct connection, whatever the environment says.
	Proxy string
	// Connections is the size of the pool. Default 192: the engine's requests and the dispatcher's fit beside each other.
	Connections int
	// Timeouts bound the calls.
	Timeouts Timeouts
	// Kept remembers what was uploaded; nil: every sending of bytes is an upload.
	Kept Kept
	// Log receives failed calls at debug level, without content; nil: nothing.
	Log *slog.Logger
	// Observe, when set, is told of every finished call.
	Observe func(method string, took time.Duration, err error)
	// Now is the clock; nil: time.Now.
	Now func() time.Time
}

// Door speaks to the Bot API. It is safe for use by many goroutines.
type Door struct {
	token    Secret
	base     *url.URL
	client   *http.Client
	timeouts Timeouts
	log      *slog.Logger
	observe  func(method string, took time.Duration, err error)
	now      func() time.Time
	drawn    *drawn
	kept     Kept
}

// New checks the configuration and builds a Door. It does no I/O. All
// complaints come in one error.
func New(c Config) (*Door, error) {
	var complaints []error
	if c.Token.Empty() {
		complaints = append(complaints, errors.New("token: empty"))
	} else if strings.ContainsAny(c.Token.Reveal(), "/?#% \t\r\n") {
		complaints = append(complaints, errors.New("token: not of the form 123456:letters"))
	}
	if c.BaseURL == "" {
		c.BaseURL = DefaultBaseURL
	}
	base, err := parseURL(c.BaseURL, "http", "https")
	if err != nil {
		complaints = append(complaints, fmt.Errorf("base URL: %w", err))
	}
	var proxy *url.URL
	if c.Proxy != "" {
		if proxy, err = parseURL(c.Proxy, "http", "https", "socks5", "socks5h"); err != nil {
			complaints = append(complaints, fmt.Errorf("proxy: %w", err))
		}
	}
	if len(complaints) > 0 {
		return nil, fmt.Errorf("configure telegram: %w", errors.Join(complaints...))
	}
	if c.Connections <= 0 {
		c.Connections = 192
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Observe == nil {
		c.Observe = func(string, time.Duration, error) {}
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Door{
		token:    c.Token,
		base:     base,
		client:   newClient(proxy, c.Connections),
		timeouts: c.Timeouts.orDefaults(),
		log:      c.Log,
		observe:  c.Observe,
		now:      c.Now,
		drawn:    newDrawn(c.Now),
		kept:     c.Kept,
	}, nil
}

// Close drops the idle connections of the pool.
func (d *Door) Close() { d.client.CloseIdleConnections() }

func (t Timeouts) orDefaults() Timeouts {
	if t.Call <= 0 {
		t.Call = 30 * time.Second
	}
	if t.Upload <= 0 {
		t.Upload = 120 * time.Second
	}
	if t.PollSlack <= 0 {
		t.PollSlack = 15 * time.Second
	}
	return t
}

// parseURL reads an absolute URL. Its error never repeats the text, which may
// hold a password.
func parseURL(text string, schemes ...string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return nil, errors.New("not a URL")
	}
	for _, scheme := range schemes {
		if u.Scheme == scheme {
			u.Path = strings.TrimRight(u.Path, "/")
			u.RawPath, u.RawQuery, u.Fragment = "", "", ""
			return u, nil
		}
	}
	return nil, fmt.Errorf("scheme %q is not one of %s", u.Scheme, strings.Join(schemes, ", "))
}

// newClient builds the pool: HTTP/1.1 only, because one broken HTTP/2
// connection would leave every message under way on it in doubt at once; and
// no redirect is followed, because it would carry the token elsewhere.
func newClient(proxy *url.URL, connections int) *http.Client {
	transport := &http.Transport{
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:   10 * time.Second,
		TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12},
		TLSNextProto:          map[string]func(string, *tls.Conn) http.RoundTripper{},
		ExpectContinueTimeout: time.Second,
		MaxIdleConns:          connections,
		MaxIdleConnsPerHost:   connections,
		MaxConnsPerHost:       connections,
		IdleConnTimeout:       55 * time.Second,
	}
	if proxy != nil {
		transport.Proxy = http.ProxyURL(proxy)
	}
	return &http.Client{
		Transport: transport,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		},
	}
}
