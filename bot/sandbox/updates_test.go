package sandbox

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"
)

// held waits until a long poll is held.
func (g *stage) held() {
	g.t.Helper()
	g.polling(true)
}

// polling waits until a long poll is held, or none is. It looks again and again, since the
// moment is known to nobody but the server.
func (g *stage) polling(want bool) {
	g.t.Helper()
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); runtime.Gosched() {
		g.mu.Lock()
		held := g.Server.updates.poller != nil
		g.mu.Unlock()
		if held == want {
			return
		}
	}
	g.t.Fatalf("held: %v, for five seconds", !want)
}

func TestAnUpdateStaysUntilItIsConfirmed(t *testing.T) {
	g := setStage(t, Config{})
	g.say(ann, "one")
	g.say(ann, "two")
	g.say(ann, "three")
	first := g.updates("limit", "2")
	if len(first) != 2 || first[0].Message.Text != "one" {
		t.Fatalf("%+v", first)
	}
	if again := g.updates(); len(again) != 3 {
		t.Fatalf("%d updates, want 3 again", len(again))
	}
	rest := g.updates("offset", fmt.Sprint(first[1].ID+1))
	if len(rest) != 1 || rest[0].Message.Text != "three" || rest[0].ID != first[1].ID+1 {
		t.Fatalf("%+v", rest)
	}
	g.say(ann, "four")
	if last := g.updates("offset", "-1"); len(last) != 1 || last[0].Message.Text != "four" {
		t.Fatalf("%+v", last)
	}
	if n := g.Report().Pending; n != 1 {
		t.Errorf("%d pending, want 1: a negative offset forgets the others", n)
	}
}

func TestALongPollEndsWhenSomethingIsSaid(t *testing.T) {
	g := setStage(t, Config{})
	got := make(chan []wireUpdate)
	go func() { got <- g.updates("timeout", "50") }()
	g.held()
	g.say(ann, "hello")
	if list := <-got; len(list) != 1 || list[0].Message.Text != "hello" {
		t.Errorf("%+v", list)
	}
}

func TestASecondPollerEndsTheFirst(t *testing.T) {
	g := setStage(t, Config{})
	got := make(chan answer)
	go func() { got <- g.call("getUpdates", "timeout", "50") }()
	g.held()
	g.updates()
	want := "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
	if a := <-got; a.status != 409 || a.Description != want {
		t.Errorf("%d %q", a.status, a.Description)
	}
}

func TestCloseLetsGoOfAHeldPoll(t *testing.T) {
	g := setStage(t, Config{})
	got := make(chan answer)
	go func() { got <- g.call("getUpdates", "timeout", "50") }()
	g.held()
	g.Close()
	g.Close()
	if a := <-got; !a.OK || string(a.Result) != "[]" {
		t.Errorf("%+v", a)
	}
}

func TestAClientThatLeavesIsNotHeld(t *testing.T) {
	g := setStage(t, Config{})
	ctx, leave := context.WithCancel(t.Context())
	body := strings.NewReader(url.Values{"timeout": {"50"}}.Encode())
	request, _ := http.NewRequestWithContext(ctx, http.MethodPost, g.url+"/bot"+g.Token()+"/getUpdates", body)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		if response, err := http.DefaultClient.Do(request); err == nil {
			response.Body.Close()
		}
	}()
	g.held()
	leave()
	<-gone
	g.polling(false)
	g.say(ann, "kept")
	if list := g.updates(); len(list) != 1 {
		t.Errorf("%d updates", len(list))
	}
}

func TestAllowedUpdatesAreRemembered(t *testing.T) {
	g := setStage(t, Config{})
	g.updates("allowed_updates", `["callback_query"]`)
	g.updates("allowed_updates", "null")
	g.say(ann, "unheard")
	if list := g.updates(); len(list) != 0 {
		t.Errorf("%+v", list)
	}
	g.updates("allowed_updates", "[]")
	g.say(ann, "heard")
	if list := g.updates(); len(list) != 1 || list[0].Message.Text != "heard" {
		t.Errorf("%+v", list)
	}
}

func TestAPressIsForgottenBeforeAMessage(t *testing.T) {
	g := setStage(t, Config{})
	g.send("a", "reply_markup", `{"inline_keyboard":[[{"text":"Go","callback_data":"g"}]]}`)
	if _, err := g.TapOn(t.Context(), Touch{Person: ann, Label: "Go", NoWait: true}); err != nil {
		t.Fatal(err)
	}
	g.say(ann, "text")
	g.clock.move(151 * time.Second)
	if list := g.updates(); len(list) != 1 || list[0].Message == nil {
		t.Errorf("after 151 s: %+v", list)
	}
	g.clock.move(24 * time.Hour)
	if list := g.updates(); len(list) != 0 {
		t.Errorf("after a day: %+v", list)
	}
}

func TestBlockingIsToldAndStopsTheConversation(t *testing.T) {
	g := setStage(t, Config{})
	if err := g.Block(ann); err != nil {
		t.Fatal(err)
	}
	list := g.confirm()
	if len(list) != 1 || list[0].MyChatMember == nil || list[0].MyChatMember.New.Status != "kicked" {
		t.Fatalf("%+v", list)
	}
	if _, err := g.Say(ann, "hello"); err == nil {
		t.Error("a person who blocked the bot writes to it")
	}
	g.say(ann, "/start")
	list = g.confirm()
	if len(list) != 2 || list[0].MyChatMember.New.Status != "member" || list[1].Message.Text != "/start" {
		t.Errorf("%+v", list)
	}
}

func TestADeepLinkDropsWhatItMayNotCarry(t *testing.T) {
	g := setStage(t, Config{BotUsername: "meet_bot"})
	for link, text := range map[string]string{
		"https://t.me/meet_bot?start=abc_-9":                            "/start abc_-9",
		"t.me/Meet_Bot?start=x":                                         "/start x",
		"https://t.me/meet_bot":                                         "/start",
		"https://t.me/meet_bot?start=a.b":                               "/start",
		"https://t.me/meet_bot?start=" + strings.Repeat("a", 65):        "/start",
		"tg://resolve?domain=meet_bot&start=" + strings.Repeat("a", 64): "/start " + strings.Repeat("a", 64),
	} {
		if _, err := g.Open(ann, link); err != nil {
			t.Errorf("%s: %v", link, err)
			continue
		}
		list := g.confirm()
		if len(list) != 1 || list[0].Message.Text != text || list[0].Message.Entities[0].Length != 6 {
			t.Errorf("%s: %+v", link, list)
		}
	}
	if _, err := g.Open(ann, "https://t.me/other_bot?start=a"); err == nil {
		t.Error("a link to another bot is followed")
	}
}
