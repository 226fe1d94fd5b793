package sandbox

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func (g *stage) fault(f Fault) Fault {
	g.t.Helper()
	added, err := g.AddFault(f)
	if err != nil {
		g.t.Fatal(err)
	}
	return added
}

func TestAFaultHitsAsOftenAsItSays(t *testing.T) {
	g := setStage(t, Config{})
	g.fault(Fault{Method: "sendMessage", Code: 429, RetryAfter: 5, Times: 2, Contains: "slow"})
	g.send("fast")
	for range 2 {
		a := g.call("sendMessage", "chat_id", "1001", "text", "slow")
		if a.status != 429 || a.Parameters.RetryAfter != 5 || a.Description != "Too Many Requests: retry after 5" {
			t.Fatalf("%+v", a)
		}
	}
	g.send("slow")
	report := g.Report()
	if report.InjectedTotal != 2 || report.RefusedTotal != 0 || !report.Refused[0].Injected || report.SentTotal != 2 {
		t.Errorf("%+v", report)
	}
	if list := g.Faults(); len(list) != 0 {
		t.Errorf("%+v", list)
	}
}

func TestALostAnswerIsAMessageThatArrived(t *testing.T) {
	g := setStage(t, Config{})
	g.fault(Fault{Kind: FaultDrop, Method: "sendMessage", Chat: ann, Times: 1})
	_, err := http.PostForm(g.url+"/bot"+g.Token()+"/sendMessage", url.Values{"chat_id": {"1001"}, "text": {"hello"}})
	if err == nil {
		t.Fatal("there was an answer")
	}
	if g.Sent(ann) != 1 {
		t.Errorf("%d messages, want 1", g.Sent(ann))
	}
}

func TestAFrontEndAnswersInHTML(t *testing.T) {
	g := setStage(t, Config{})
	g.fault(Fault{Kind: FaultHTML, Method: "getMe", Times: 1})
	g.fault(Fault{Kind: FaultEmpty, Method: "getMe", Times: 1})
	response, err := http.Get(g.url + "/bot" + g.Token() + "/getMe")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusBadGateway || response.Header.Get("Content-Type") != "text/html" {
		t.Errorf("%d %s", response.StatusCode, response.Header.Get("Content-Type"))
	}
	if a := g.call("getMe"); a.status != 413 || a.Description != "" {
		t.Errorf("%+v", a)
	}
}

func TestAHangingCallEndsWithTheFaults(t *testing.T) {
	g := setStage(t, Config{})
	g.fault(Fault{Kind: FaultHang, Method: "sendMessage", Times: 1})
	ctx, leave := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer leave()
	request, _ := http.NewRequestWithContext(ctx, http.MethodPost, g.url+"/bot"+g.Token()+"/sendMessage",
		strings.NewReader("chat_id=1001&text=a"))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if _, err := http.DefaultClient.Do(request); err == nil {
		t.Error("there was an answer")
	}
	g.ClearFaults()
	if g.send("b"); g.Sent(ann) != 1 {
		t.Errorf("%d messages, want 1", g.Sent(ann))
	}
}

func TestASlowCallIsDone(t *testing.T) {
	g := setStage(t, Config{})
	g.fault(Fault{Kind: FaultSlow, Method: "sendMessage", Times: 1, DelayMS: 1})
	g.send("a")
}

func TestAFaultThatCannotBeIsRefused(t *testing.T) {
	g := setStage(t, Config{})
	for _, f := range []Fault{{Kind: "sing"}, {Code: 200}, {Method: "sendSong"}} {
		if _, err := g.AddFault(f); err == nil {
			t.Errorf("%+v is taken", f)
		}
	}
}

func TestSendingBeforeRetryAfterIsOverIsNoticed(t *testing.T) {
	g := setStage(t, Config{Limits: Limits{PerSecond: 1, RetryAfter: 5}})
	g.send("a")
	g.call("sendMessage", "chat_id", "1001", "text", "b")
	g.clock.move(2 * time.Second)
	g.send("b")
	g.clock.move(5 * time.Second)
	g.send("c")
	if n := g.Report().Impatient; n != 1 {
		t.Errorf("%d, want 1", n)
	}
}
