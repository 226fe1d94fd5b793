package telegram

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"testing"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// everything calls each method once.
func everything(d *Door) map[string]func(context.Context) error {
	file := File{Name: "a.txt", Bytes: []byte("x")}
	return map[string]func(context.Context) error{
		"Call":   func(ctx context.Context) error { _, err := d.Call(ctx, "copyMessage", nil); return err },
		"Me":     func(ctx context.Context) error { _, err := d.Me(ctx); return err },
		"Delete": func(ctx context.Context) error { return d.Delete(ctx, 1, 2) },
		"SendText": func(ctx context.Context) error {
			_, err := d.SendText(ctx, 1, "x", nil)
			return err
		},
		"EditText":   func(ctx context.Context) error { return d.EditText(ctx, 1, 2, "x", nil) },
		"EditMarkup": func(ctx context.Context) error { return d.EditMarkup(ctx, 1, 2, nil) },
		"SendDocument": func(ctx context.Context) error {
			_, err := d.SendDocument(ctx, 1, file, "", nil)
			return err
		},
		"SendPhoto": func(ctx context.Context) error {
			_, err := d.SendPhoto(ctx, 1, file, "", nil)
			return err
		},
		"AnswerCallback": func(ctx context.Context) error { return d.AnswerCallback(ctx, "1", "x", true) },
		"SetMyCommands": func(ctx context.Context) error {
			return d.SetMyCommands(ctx, Scope{}, "vi", []tgbotapi.BotCommand{{Command: "a", Description: "b"}})
		},
		"SendAction": func(ctx context.Context) error { return d.SendAction(ctx, 1, "typing") },
		"FileBytes":  func(ctx context.Context) error { _, err := d.FileBytes(ctx, "f", 10); return err },
		"download":   func(ctx context.Context) error { _, err := d.download(ctx, "documents/a.txt", 10); return err },
		"SetWebhook": func(ctx context.Context) error {
			return d.SetWebhook(ctx, Webhook{URL: "https://x.example", Secret: NewSecret(token)})
		},
		"DeleteWebhook": func(ctx context.Context) error { return d.DeleteWebhook(ctx) },
		"Updates":       func(ctx context.Context) error { _, err := d.Updates(ctx, 1, 0, nil); return err },
	}
}

func TestNoErrorAndNoLogShowsTheToken(t *testing.T) {
	dead, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = dead.Close()
	echo := newFake(t, func(w http.ResponseWriter, r request) {
		// Some relay may repeat the address in its answer.
		refuse(w, 400, "Bad Request: cannot serve /bot"+token+"/"+r.method, nil)
	})
	page := newFake(t, func(w http.ResponseWriter, r request) {
		http.Error(w, "cannot serve /bot"+token+"/"+r.method, http.StatusBadGateway)
	})
	abort := newFake(t, func(http.ResponseWriter, request) { panic(http.ErrAbortHandler) })
	slow := newFake(t, func(http.ResponseWriter, request) { <-t.Context().Done() })

	for name, base := range map[string]string{
		"nobody listens":     "http://" + dead.Addr().String(),
		"no such host":       "http://host.invalid",
		"no TLS":             "https://" + echo.Listener.Addr().String(),
		"the answer echoes":  echo.URL,
		"a page echoes":      page.URL,
		"the server hangs":   slow.URL,
		"the server hang up": abort.URL,
	} {
		var log bytes.Buffer
		d := newDoor(t, base, func(c *Config) {
			c.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			c.Timeouts = Timeouts{Call: 50 * time.Millisecond, Upload: 50 * time.Millisecond, PollSlack: 50 * time.Millisecond}
		})
		for method, call := range everything(d) {
			err := call(t.Context())
			if err == nil {
				t.Errorf("%s when %s: no error", method, name)
				continue
			}
			for e := err; e != nil; e = errors.Unwrap(e) {
				assertLeaksNoToken(t, fmt.Sprintf("%s when %s", method, name), e)
			}
		}
		assertLeaksNoToken(t, "the log when "+name, log.String())
		assertLeaksNoToken(t, "the door", d, *d)
	}
}

func TestASecretIsNotPrinted(t *testing.T) {
	secret := NewSecret(token)
	assertLeaksNoToken(t, "a secret", secret, &secret, struct{ s Secret }{secret}, []Secret{secret}, Config{Token: secret})
	if secret.Reveal() != token {
		t.Fatal("a secret forgot its text")
	}
	if !(Secret{}).Empty() || (Secret{}).Reveal() != "" {
		t.Fatal("the zero secret is not empty")
	}
}
