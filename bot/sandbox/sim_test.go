package sandbox

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestThePeoplesSideSpeaksJSON(t *testing.T) {
	g := setStage(t, Config{Title: "Stage", Cast: []Role{{Person: ann, Label: map[string]string{"en": "Organizer"}}}})
	status, body := g.get("/sim/stage")
	if status != 200 || !strings.Contains(body, `"title":"Stage"`) || !strings.Contains(body, `"label":{"en":"Organizer"}`) {
		t.Errorf("%d %s", status, body)
	}
	if status, body := g.post("/sim/people", Person{FirstName: "Bob"}); status != 200 || !strings.Contains(body, `"id":5000000001`) {
		t.Errorf("%d %s", status, body)
	}
	if status, body := g.post("/sim/people", []Person{{ID: 7, FirstName: "C"}, {ID: 8, FirstName: "D"}}); status != 200 || !strings.Contains(body, `"id":8`) {
		t.Errorf("%d %s", status, body)
	}
	if status, body := g.post("/sim/say", map[string]any{"person": ann, "text": "hello"}); status != 200 || body != `{"message_id":2}` {
		t.Errorf("%d %s", status, body)
	}
	for path, body := range map[string]any{
		"/sim/say":   map[string]any{"person": ann, "txt": "hello"},
		"/sim/tap":   map[string]any{"person": ann, "label": ""},
		"/sim/block": []int{},
		"/sim/open":  map[string]any{"person": ann, "link": "https://example.org"},
	} {
		if status, answer := g.post(path, body); status != 400 || !strings.HasPrefix(answer, `{"error":"`) {
			t.Errorf("%s: %d %s", path, status, answer)
		}
	}
	for _, path := range []string{"/sim/chat?person=99", "/sim/nothing", "/sim/files/x", "/sim/transcript?person=99"} {
		if status, answer := g.get(path); status != 404 || !strings.HasPrefix(answer, `{"error":"`) {
			t.Errorf("%s: %d %s", path, status, answer)
		}
	}
}

func TestAChatIsWhatThePersonSees(t *testing.T) {
	g := setStage(t, Config{})
	first := g.send("one")
	g.send("<b>two</b> &amp; <i>more</i>", "parse_mode", "HTML", "reply_to_message_id", fmt.Sprint(first))
	gone := g.send("three")
	g.ok(nil, "deleteMessage", "chat_id", "1001", "message_id", fmt.Sprint(gone))
	g.ok(nil, "sendChatAction", "chat_id", "1001", "action", "typing")
	g.ok(nil, "setMyCommands", "commands", `[{"command":"help","description":"Help"}]`)
	_, body := g.get("/sim/chat?person=1001&limit=2")
	var chat ChatView
	if err := json.Unmarshal([]byte(body), &chat); err != nil {
		t.Fatal(err)
	}
	if len(chat.Messages) != 2 || chat.Messages[1].HTML != "<b>two</b> &amp; <i>more</i>" || chat.Messages[1].ReplyTo != first {
		t.Errorf("%+v", chat.Messages)
	}
	if !chat.Typing || len(chat.Commands) != 1 || chat.Person.Unread != 2 || chat.Person.Last.Text != "two & more" {
		t.Errorf("%+v", chat)
	}
	g.clock.move(6 * time.Second)
	if chat, _ := g.Chat(ann, 0); chat.Typing {
		t.Error("still typing after six seconds")
	}
	g.post("/sim/read", map[string]any{"person": ann})
	if chat, _ := g.Chat(ann, 0); chat.Person.Unread != 0 {
		t.Error("not read")
	}
}

func TestATranscriptShowsEverythingInItsPlace(t *testing.T) {
	g := setStage(t, Config{})
	g.send("Line one\nline two", "reply_markup", `{"inline_keyboard":[[{"text":"Yes","callback_data":"y"},{"text":"No","callback_data":"n"}],[{"text":"Map","url":"https://a.vn/m"}]]}`)
	if _, err := g.SendFile(ann, "a.csv", "", "see", []byte("abc"), false); err != nil {
		t.Fatal(err)
	}
	if _, err := g.ShareContact(ann, "", 0); err != nil {
		t.Fatal(err)
	}
	if _, err := g.SendSticker(ann); err != nil {
		t.Fatal(err)
	}
	if _, err := g.SendLocation(ann, 21, 105.5); err != nil {
		t.Fatal(err)
	}
	if err := g.Block(ann); err != nil {
		t.Fatal(err)
	}
	want := `[2] bot: Line one
    line two
    [Yes] [No]
    [Map]
[3] person: see
    <document a.csv 3 bytes>
[4] person:
    <contact +84900000001 Ann>
[5] person:
    <sticker 👍>
[6] person:
    <location 21 105.5>
    » bot blocked
`
	if _, got := g.get("/sim/transcript?person=1001&from=2"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestEventsFollowAChat(t *testing.T) {
	g := setStage(t, Config{})
	response, err := http.Get(g.url + "/sim/events?person=1001")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	if !lines.Scan() || lines.Text() != ": open" {
		t.Fatal(lines.Text())
	}
	next := func() Event {
		t.Helper()
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				var e Event
				if err := json.Unmarshal([]byte(data), &e); err != nil {
					t.Fatal(err)
				}
				return e
			}
		}
		t.Fatal("the stream ended")
		return Event{}
	}
	id := g.send("hello", "reply_markup", `{"inline_keyboard":[[{"text":"Go","callback_data":"g"}]]}`)
	if e := next(); e.Kind != "message" || e.Person != ann || e.Message.HTML != "hello" || e.Message.Buttons[0][0].Kind != "callback" {
		t.Errorf("%+v", e)
	}
	g.ok(nil, "editMessageText", "chat_id", "1001", "message_id", fmt.Sprint(id), "text", "bye")
	if e := next(); e.Kind != "edit" || e.Message.Text != "bye" || e.Message.Edited == 0 {
		t.Errorf("%+v", e)
	}
	g.ok(nil, "deleteMessage", "chat_id", "1001", "message_id", fmt.Sprint(id))
	if e := next(); e.Kind != "delete" || e.MessageID != id || e.Message != nil {
		t.Errorf("%+v", e)
	}
	g.Close()
	for lines.Scan() {
	}
}

func TestAwaitFindsEditsAndToasts(t *testing.T) {
	g := setStage(t, Config{})
	card := g.send("card", "reply_markup", `{"inline_keyboard":[[{"text":"Go","callback_data":"g"}]]}`)
	asked := g.say(ann, "question")
	if status, body := g.get(fmt.Sprintf("/sim/await?person=1001&contains=card&after=%d&timeout=1", asked)); status != 408 || !strings.Contains(body, "[2] bot: card") {
		t.Errorf("%d %s", status, body)
	}
	got := make(chan string)
	go func() {
		_, body := g.get(fmt.Sprintf("/sim/await?person=1001&contains=new&after=%d", asked))
		got <- body
	}()
	g.ok(nil, "editMessageText", "chat_id", "1001", "message_id", fmt.Sprint(card), "text", "new card",
		"reply_markup", `{"inline_keyboard":[[{"text":"Go","callback_data":"g"}]]}`)
	if body := <-got; !strings.Contains(body, `"text":"new card"`) {
		t.Error(body)
	}
	tapped, err := g.TapOn(t.Context(), Touch{Person: ann, Label: "Go", NoWait: true})
	if err != nil {
		t.Fatal(err)
	}
	g.ok(nil, "answerCallbackQuery", "callback_query_id", tapped.CallbackID, "text", "Saved it")
	if status, body := g.get("/sim/await?person=1001&contains=Saved"); status != 200 || !strings.Contains(body, `"from":"service"`) {
		t.Errorf("%d %s", status, body)
	}
}

func TestQuietWaitsForConfirmation(t *testing.T) {
	g := setStage(t, Config{})
	if status, body := g.get("/sim/quiet?for=1&timeout=5000"); status != 200 {
		t.Fatalf("%d %s", status, body)
	}
	g.say(ann, "hello")
	if status, body := g.get("/sim/quiet?for=1&timeout=10"); status != 408 || !strings.Contains(body, "1 updates unconfirmed") {
		t.Errorf("%d %s", status, body)
	}
	g.confirm()
	if status, body := g.get("/sim/quiet?for=1&timeout=5000"); status != 200 {
		t.Errorf("%d %s", status, body)
	}
}

func TestOldMessagesGo(t *testing.T) {
	g := setStage(t, Config{Kept: 3})
	for i := range 5 {
		g.send(fmt.Sprint(i))
	}
	chat, _ := g.Chat(ann, 0)
	if len(chat.Messages) != 3 || chat.Messages[0].Text != "2" || g.Sent(ann) != 5 {
		t.Errorf("%+v", chat.Messages)
	}
}

func TestTheTallyCounts(t *testing.T) {
	g := setStage(t, Config{})
	g.send("one")
	g.send("one")
	if _, body := g.get("/sim/tally"); body != `{"1001":2}` {
		t.Error(body)
	}
	if _, body := g.get("/sim/sent?chat=1001"); body != `{"sent":2}` {
		t.Error(body)
	}
	r := g.Report()
	if r.Calls["sendMessage"] != 2 || len(r.Duplicates) != 1 || r.Duplicates[0].Times != 2 {
		t.Errorf("%+v", r)
	}
}

func TestThePageIsServed(t *testing.T) {
	g := setStage(t, Config{})
	for _, path := range []string{"/", "/page/index.html", "/page/"} {
		if status, body := g.get(path); status != 200 || !strings.Contains(strings.ToLower(body), "<!doctype html") {
			t.Errorf("%s: %d", path, status)
		}
	}
}
