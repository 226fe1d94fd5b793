package sandbox

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestAWebhookGetsUpdatesInOrder(t *testing.T) {
	g := setStage(t, Config{})
	got := make(chan wireUpdate, 16)
	failures := 1
	bot := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Telegram-Bot-Api-Secret-Token") != "s3cret" {
			t.Error("no secret")
		}
		if failures > 0 {
			failures--
			http.Error(w, "busy", http.StatusServiceUnavailable)
			return
		}
		raw, _ := io.ReadAll(r.Body)
		var u wireUpdate
		if err := json.Unmarshal(raw, &u); err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"method":"sendMessage","chat_id":1001,"text":"heard `+u.Message.Text+`"}`)
		got <- u
	}))
	t.Cleanup(bot.Close)
	g.say(ann, "one")
	g.ok(nil, "setWebhook", "url", bot.URL, "secret_token", "s3cret")
	g.say(ann, "two")
	if a, b := <-got, <-got; a.Message.Text != "one" || b.Message.Text != "two" {
		t.Errorf("%s, %s", a.Message.Text, b.Message.Text)
	}
	if _, err := g.Await(t.Context(), ann, "heard two", 0, tapPatience); err != nil {
		t.Error(err)
	}
	if a := g.call("getUpdates"); a.Code != 409 || a.Description != errPollWebhook.words {
		t.Errorf("%+v", a)
	}
	if err := g.Quiet(t.Context(), 0, tapPatience); err != nil {
		t.Error(err)
	}
	g.ok(nil, "deleteWebhook")
	g.say(ann, "three")
	if list := g.updates(); len(list) != 1 || list[0].Message.Text != "three" {
		t.Errorf("%+v", list)
	}
	for words, args := range map[string][]string{
		"Bad Request: secret token contains unallowed characters": {"url", bot.URL, "secret_token", "a b"},
		"Bad Request: bad webhook: invalid webhook URL specified": {"url", "ftp://a.vn"},
	} {
		if a := g.call("setWebhook", args...); a.Description != words {
			t.Errorf("%q, want %q", a.Description, words)
		}
	}
}
