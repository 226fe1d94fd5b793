package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// clock is a clock that a test moves by hand.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// stage is a sandbox behind a real socket, with one person who has started the bot.
type stage struct {
	*Server
	t     *testing.T
	clock *clock
	url   string
}

const ann = int64(1001)

func setStage(t *testing.T, config Config) *stage {
	t.Helper()
	c := &clock{at: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)}
	config.Now = c.now
	s := New(config)
	web := httptest.NewServer(s.Handler())
	t.Cleanup(func() {
		s.Close()
		web.Close()
	})
	g := &stage{Server: s, t: t, clock: c, url: web.URL}
	s.AddPerson(Person{ID: ann, FirstName: "Ann", LanguageCode: "en", Phone: "+84900000001"})
	g.say(ann, "/start")
	g.call("getUpdates", "offset", "-1")
	g.confirm()
	return g
}

type answer struct {
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter int `json:"retry_after"`
	} `json:"parameters"`
	status int
}

// formOf encodes names and values given in turn.
func formOf(args ...string) string {
	form := url.Values{}
	for i := 0; i < len(args); i += 2 {
		form.Set(args[i], args[i+1])
	}
	return form.Encode()
}

// call makes a call of the bot. args are names and values in turn.
func (g *stage) call(method string, args ...string) answer {
	g.t.Helper()
	response, err := http.Post(g.url+"/bot"+g.Token()+"/"+method, "application/x-www-form-urlencoded", strings.NewReader(formOf(args...)))
	if err != nil {
		g.t.Fatalf("%s: %v", method, err)
	}
	return g.read(response)
}

func (g *stage) read(response *http.Response) answer {
	g.t.Helper()
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		g.t.Fatal(err)
	}
	a := answer{status: response.StatusCode}
	if len(raw) > 0 && json.Unmarshal(raw, &a) != nil {
		g.t.Fatalf("not JSON: %s", raw)
	}
	return a
}

// ok makes a call that must be accepted and reads its result.
func (g *stage) ok(into any, method string, args ...string) {
	g.t.Helper()
	a := g.call(method, args...)
	if !a.OK {
		g.t.Fatalf("%s %v: %d %s", method, args, a.Code, a.Description)
	}
	if into != nil {
		if err := json.Unmarshal(a.Result, into); err != nil {
			g.t.Fatalf("%s: %v in %s", method, err, a.Result)
		}
	}
}

// send sends a text to Ann and returns its id.
func (g *stage) send(text string, args ...string) int {
	g.t.Helper()
	var m wireMessage
	g.ok(&m, "sendMessage", append([]string{"chat_id", fmt.Sprint(ann), "text", text}, args...)...)
	return m.MessageID
}

func (g *stage) say(person int64, text string) int {
	g.t.Helper()
	id, err := g.Say(person, text)
	if err != nil {
		g.t.Fatal(err)
	}
	return id
}

func (g *stage) updates(args ...string) []wireUpdate {
	g.t.Helper()
	var list []wireUpdate
	g.ok(&list, "getUpdates", args...)
	return list
}

// confirm fetches and confirms everything that waits.
func (g *stage) confirm() []wireUpdate {
	g.t.Helper()
	list := g.updates()
	if len(list) > 0 {
		g.updates("offset", fmt.Sprint(list[len(list)-1].ID+1))
	}
	return list
}

func (g *stage) get(path string) (int, string) {
	g.t.Helper()
	response, err := http.Get(g.url + path)
	if err != nil {
		g.t.Fatal(err)
	}
	defer response.Body.Close()
	raw, _ := io.ReadAll(response.Body)
	return response.StatusCode, string(raw)
}

func (g *stage) post(path string, body any) (int, string) {
	g.t.Helper()
	raw, _ := json.Marshal(body)
	response, err := http.Post(g.url+path, "application/json", bytes.NewReader(raw))
	if err != nil {
		g.t.Fatal(err)
	}
	defer response.Body.Close()
	answer, _ := io.ReadAll(response.Body)
	return response.StatusCode, string(answer)
}

func TestAConversationIsText(t *testing.T) {
	g := setStage(t, Config{})
	id := g.send("Pick <b>one</b>\nnow", "parse_mode", "HTML",
		"reply_markup", `{"inline_keyboard":[[{"text":"Yes","callback_data":"y"},{"text":"No","callback_data":"n"}]]}`)
	done := make(chan Tapped)
	go func() {
		tapped, err := g.Tap(t.Context(), ann, "Yes")
		if err != nil {
			t.Error(err)
		}
		done <- tapped
	}()
	var list []wireUpdate
	for len(list) == 0 {
		list = g.updates("timeout", "5")
	}
	press := list[0].Callback
	if press == nil || press.Data != "y" || press.Message.MessageID != id {
		t.Fatalf("update %+v", list[0])
	}
	g.ok(nil, "answerCallbackQuery", "callback_query_id", press.ID, "text", "Recorded")
	if tapped := <-done; !tapped.Answered || tapped.Text != "Recorded" {
		t.Fatalf("tapped %+v", tapped)
	}
	g.ok(nil, "editMessageText", "chat_id", fmt.Sprint(ann), "message_id", fmt.Sprint(id), "text", "You said yes")
	chat, err := g.Chat(ann, 0)
	if err != nil {
		t.Fatal(err)
	}
	want := "[1] person: /start\n[2] bot: You said yes\n    (edited)\n    » Recorded\n"
	if got := chat.Text(); got != want {
		t.Errorf("transcript\n%s\nwant\n%s", got, want)
	}
	if !strings.Contains(chat.Messages[1].HTML, "You said yes") {
		t.Error(chat.Messages[1].HTML)
	}
}
