package telegram

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestADeliveryIsTakenOnlyFromTelegram(t *testing.T) {
	const good = `{"update_id":5,"message":{"message_id":1}}`
	for name, c := range map[string]struct {
		method, secret, body string
		handling             error
		want                 int
		handled              bool
	}{
		"a delivery":             {"POST", "s3cret", good, nil, 200, true},
		"no secret":              {"POST", "", good, nil, 403, false},
		"a wrong secret":         {"POST", "s3creT", good, nil, 403, false},
		"a longer secret":        {"POST", "s3crett", good, nil, 403, false},
		"a look":                 {"GET", "s3cret", good, nil, 405, false},
		"too long":               {"POST", "s3cret", `{"update_id":5,"x":"` + strings.Repeat("x", 2000) + `"}`, nil, 413, false},
		"not JSON comes once":    {"POST", "s3cret", "hello", nil, 200, false},
		"without an id, once":    {"POST", "s3cret", "{}", nil, 200, false},
		"undecodable goes on":    {"POST", "s3cret", `{"update_id":5,"message":7}`, nil, 200, true},
		"a failed one comes new": {"POST", "s3cret", good, errors.New("Redis is away"), 503, true},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			handled := false
			h, err := NewReceiver(ReceiverConfig{
				Secret: NewSecret("s3cret"), MaxBody: 1000, RetryAfter: 1500 * time.Millisecond,
				Log: slog.New(slog.NewTextHandler(&log, nil)),
				Handle: func(_ context.Context, updates []Update) error {
					handled = len(updates) == 1 && updates[0].UpdateID == 5
					return c.handling
				},
			})
			if err != nil {
				t.Fatal(err)
			}
			req := httptest.NewRequest(c.method, "/telegram/x", strings.NewReader(c.body))
			req.Header.Set(SecretHeader, c.secret)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, req)
			if w.Code != c.want || handled != c.handled {
				t.Errorf("status %d, handled %v; want %d, %v", w.Code, handled, c.want, c.handled)
			}
			if retry := w.Header().Get("Retry-After"); (c.want == http.StatusServiceUnavailable) != (retry == "2") {
				t.Errorf("Retry-After = %q", retry)
			}
			if strings.Contains(log.String(), "s3cret") || strings.Contains(log.String(), "hello") {
				t.Errorf("log: %s", &log)
			}
		})
	}
}

func TestAHandlingOutlivesTheConnection(t *testing.T) {
	h, err := NewReceiver(ReceiverConfig{Secret: NewSecret("s"), Handle: func(ctx context.Context, _ []Update) error {
		return ctx.Err()
	}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	req := httptest.NewRequestWithContext(ctx, "POST", "/", strings.NewReader(`{"update_id":5}`))
	req.Header.Set(SecretHeader, "s")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	if w.Code != http.StatusOK {
		t.Fatalf("status %d, want 200", w.Code)
	}
}

func TestAWebhookNeedsASecret(t *testing.T) {
	if _, err := NewReceiver(ReceiverConfig{}); err == nil {
		t.Fatal("accepted")
	}
}
