package sandbox

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestParametersComeInAnyForm(t *testing.T) {
	g := setStage(t, Config{})
	path := g.url + "/bot" + g.Token() + "/sendMessage"
	form := "application/x-www-form-urlencoded"
	tests := []struct{ name, method, url, kind, body, text string }{
		{"query", http.MethodGet, path + "?chat_id=1001&text=one", "", "", "one"},
		{"form", http.MethodPost, path, form, "chat_id=1001&text=two", "two"},
		{"the first of a name wins", http.MethodPost, path + "?text=three", form, "chat_id=1001&text=four", "three"},
		{"JSON", http.MethodPost, path, "application/json", `{"chat_id":1001,"text":"five","reply_markup":{"inline_keyboard":[[{"text":"a","callback_data":"b"}]]}}`, "five"},
		{"a method in any case", http.MethodPost, g.url + "/bot" + g.Token() + "/SENDmessage", form, "chat_id=1001&text=six", "six"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			request, _ := http.NewRequest(tt.method, tt.url, strings.NewReader(tt.body))
			if tt.kind != "" {
				request.Header.Set("Content-Type", tt.kind)
			}
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			if m := g.message(g.read(response)); m.Text != tt.text {
				t.Errorf("%q, want %q", m.Text, tt.text)
			}
		})
	}
}

func TestTooMuchIsRefusedWithoutAWord(t *testing.T) {
	g := setStage(t, Config{})
	body := url.Values{"chat_id": {"1001"}, "text": {strings.Repeat("a", maxParams)}}.Encode()
	response, err := http.Post(g.url+"/bot"+g.Token()+"/sendMessage", "application/x-www-form-urlencoded", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if a := g.read(response); a.status != 413 || a.Description != "" {
		t.Errorf("%+v", a)
	}
	parts := make([]part, maxFiles+1)
	for i := range parts {
		parts[i] = part{"f", "f.txt", []byte("f")}
	}
	if a := g.upload("sendDocument", map[string]string{"chat_id": "1001"}, parts...); a.status != 413 {
		t.Errorf("%+v", a)
	}
	response, err = http.Post(g.url+"/bot"+g.Token()+"/sendDocument", "multipart/form-data", strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	if a := g.read(response); a.status != 400 || a.Description != "" {
		t.Errorf("%+v", a)
	}
}

func TestAnotherSiteMayNotActForThePeople(t *testing.T) {
	g := setStage(t, Config{})
	request, _ := http.NewRequest(http.MethodPost, g.url+"/sim/say", strings.NewReader(`{"person":1001,"text":"x"}`))
	request.Header.Set("Sec-Fetch-Site", "cross-site")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusForbidden {
		t.Error(response.Status)
	}
}

func TestNoTokenIsLogged(t *testing.T) {
	var out bytes.Buffer
	g := setStage(t, Config{Log: slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	g.call("sendMessage", "chat_id", "77", "text", "secret words")
	const wrong = "12:this-is-a-wrong-token-of-some-length"
	response, err := http.Get(g.url + "/bot" + wrong + "/getMe")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	logged := out.String()
	if !strings.Contains(logged, "chat not found") || !strings.Contains(logged, "Unauthorized") {
		t.Errorf("refusals are not logged: %s", logged)
	}
	for _, secret := range []string{g.Token(), wrong, "secret words"} {
		if strings.Contains(logged, secret) {
			t.Errorf("%q is in the log", secret)
		}
	}
}
