package telegram

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// fails makes one call and returns its error.
func fails(t *testing.T, d *Door, ctx context.Context) *Error {
	t.Helper()
	_, err := d.SendText(ctx, 1, "x", nil)
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("error is %T: %v", err, err)
	}
	assertLeaksNoToken(t, "a failed call", err)
	return e
}

func TestAnAnswerThatIsNotTheBotAPIsIsJudgedByItsStatus(t *testing.T) {
	page := "<html><body>something went wrong</body></html>"
	for name, c := range map[string]struct {
		status int
		body   string
		want   verdict
	}{
		"a gateway's page":             {502, page, ambiguous},
		"a gateway's JSON of its own":  {503, `{"error":"down"}`, ambiguous},
		"an empty 413":                 {413, "", content},
		"a proxy's 403 blocks nobody":  {403, page, again},
		"a proxy's 401 stops nobody":   {401, page, again},
		"a relay's 404 stops nobody":   {404, page, again},
		"a portal's redirection":       {302, "", ambiguous},
		"a portal's page":              {200, page, ambiguous},
		"a portal's JSON":              {200, `{"status":"login"}`, ambiguous},
		"a truncated success":          {200, `{"ok":true,"result":{"message_id":`, ambiguous},
		"a success without an object":  {200, `{"ok":true,"result":true}`, ambiguous},
		"a success that says nothing":  {200, ``, ambiguous},
		"an error with a wrong status": {200, `{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}`, refused},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, func(w http.ResponseWriter, _ request) {
				w.Header().Set("Location", "http://portal.example/login?from=/bot"+token)
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.body)
			})
			if got := judged(t, fails(t, newDoor(t, f.URL), t.Context())); got != c.want {
				t.Errorf("judged %s, want %s", got, c.want)
			}
			if n := len(f.methods()); n != 1 {
				t.Errorf("%d requests, want 1", n)
			}
		})
	}
}

func TestARequestNobodyTookIsUnsent(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := "http://" + l.Addr().String()
	_ = l.Close()
	if got := judged(t, fails(t, newDoor(t, address), t.Context())); got != unsent {
		t.Errorf("no listener: judged %s", got)
	}

	f := newFake(t, func(w http.ResponseWriter, _ request) { ok(w, map[string]any{"message_id": 1}) })
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	e := fails(t, newDoor(t, f.URL), ended)
	if got := judged(t, e); got != unsent || !errors.Is(e, context.Canceled) {
		t.Errorf("a call that was over before it began: judged %s, %v", got, e)
	}
	if n := len(f.methods()); n != 0 {
		t.Errorf("%d requests, want none", n)
	}
}

func TestARequestThatGotNoAnswerIsAmbiguous(t *testing.T) {
	t.Run("the connection broke", func(t *testing.T) {
		f := newFake(t, func(w http.ResponseWriter, _ request) { panic(http.ErrAbortHandler) })
		if got := judged(t, fails(t, newDoor(t, f.URL), t.Context())); got != ambiguous {
			t.Errorf("judged %s", got)
		}
		if n := len(f.methods()); n != 1 {
			t.Errorf("sent %d times, want once", n)
		}
	})
	t.Run("the answer broke off", func(t *testing.T) {
		f := newFake(t, func(w http.ResponseWriter, _ request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, `{"ok":true`)
			panic(http.ErrAbortHandler)
		})
		if got := judged(t, fails(t, newDoor(t, f.URL), t.Context())); got != ambiguous {
			t.Errorf("judged %s", got)
		}
	})
	t.Run("the time was up", func(t *testing.T) {
		release := make(chan struct{})
		f := newFake(t, func(http.ResponseWriter, request) { <-release })
		defer close(release)
		d := newDoor(t, f.URL, func(c *Config) { c.Timeouts.Call = 50 * time.Millisecond })
		e := fails(t, d, t.Context())
		if got := judged(t, e); got != ambiguous || !errors.Is(e, context.DeadlineExceeded) {
			t.Errorf("judged %s, %v", got, e)
		}
	})
	t.Run("the caller gave up", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		release := make(chan struct{})
		f := newFake(t, func(http.ResponseWriter, request) { cancel(); <-release })
		defer close(release)
		e := fails(t, newDoor(t, f.URL), ctx)
		if got := judged(t, e); got != ambiguous || !errors.Is(e, context.Canceled) {
			t.Errorf("judged %s, %v", got, e)
		}
	})
}

func TestAnUploadThatBrokeOffHalfWayIsUnsent(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.CopyN(io.Discard, r.Body, 1000)
		panic(http.ErrAbortHandler)
	}))
	t.Cleanup(server.Close)
	d := newDoor(t, server.URL)
	_, err := d.SendDocument(t.Context(), 1, File{Name: "a", Bytes: make([]byte, 32<<20)}, "", nil)
	var e *Error
	if !errors.As(err, &e) || judged(t, e) != unsent {
		t.Fatalf("error = %v", err)
	}
	assertLeaksNoToken(t, "a broken upload", err)
}

func TestAStaleConnectionCausesNoSecondSending(t *testing.T) {
	f := newFake(t, func(w http.ResponseWriter, _ request) { ok(w, map[string]any{"message_id": 1}) })
	d := newDoor(t, f.URL)
	sent, doubtful := 0, 0
	for range 20 {
		// The pool may notice the closed connection before, while or after it
		// writes.
		_, err := d.SendText(t.Context(), 1, "x", nil)
		var e *Error
		switch {
		case err == nil:
			sent++
		case errors.As(err, &e) && e.Ambiguous():
			doubtful++
		case errors.As(err, &e) && e.Unsent():
		default:
			t.Fatal(err)
		}
		f.CloseClientConnections()
	}
	if n := len(f.methods()); n < sent || n > sent+doubtful {
		t.Fatalf("%d requests arrived; %d were sent, %d doubtful", n, sent, doubtful)
	}
}

func TestTheBaseURLMayHaveAPathAndAPercent(t *testing.T) {
	var got string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r.URL.EscapedPath()
		ok(w, map[string]any{"id": 7})
	}))
	t.Cleanup(server.Close)
	if _, err := newDoor(t, server.URL+"/relay%20one/").Me(t.Context()); err != nil {
		t.Fatal(err)
	}
	if want := "/relay%20one/bot" + token + "/getMe"; got != want {
		t.Fatalf("path = %s, want %s", got, want)
	}
}

func TestAProxyCarriesTheCalls(t *testing.T) {
	var got string
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r.URL.Host
		ok(w, map[string]any{"id": 7})
	}))
	t.Cleanup(proxy.Close)
	d := newDoor(t, "http://api.example.test", func(c *Config) { c.Proxy = proxy.URL })
	if _, err := d.Me(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got != "api.example.test" {
		t.Fatalf("the proxy was asked for %q", got)
	}
	_ = newDoor(t, "http://api.example.test", func(c *Config) { c.Proxy = "socks5://127.0.0.1:1080" })
}

func TestABadConfigurationNamesAllItsFaultsAndNoSecret(t *testing.T) {
	_, err := New(Config{Token: NewSecret(token + "/x"), BaseURL: "ftp://x", Proxy: "http://user:" + token + "@%zz"})
	if err == nil {
		t.Fatal("accepted")
	}
	for _, part := range []string{"token", "base URL", "proxy"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%v does not name the %s", err, part)
		}
	}
	assertLeaksNoToken(t, "a bad configuration", err)
	if _, err := New(Config{}); err == nil {
		t.Error("a door without a token")
	}
}

func TestEveryCallIsObserved(t *testing.T) {
	f := newFake(t, func(w http.ResponseWriter, _ request) { refuse(w, 400, "Bad Request: chat not found", nil) })
	var method string
	var seen error
	d := newDoor(t, f.URL, func(c *Config) {
		c.Observe = func(m string, took time.Duration, err error) { method, seen = m, err }
	})
	e := fails(t, d, t.Context())
	if method != "sendMessage" || !errors.Is(seen, e) {
		t.Fatalf("observed %s, %v", method, seen)
	}
}
