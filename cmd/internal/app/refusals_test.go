package app_test

import (
	"testing"
	"time"

	"briefbot/bot/sandbox"
	"briefbot/briefings"
	"briefbot/briefings/redistest"
	"briefbot/cmd/internal/app"
	"briefbot/cmd/internal/sample"
	"briefbot/scheduler/delivery"
)

// refusal is one way a sending goes wrong, and what has to come of it.
type refusal struct {
	name    string
	fault   sandbox.Fault // hits one of the recipients, unless all is set
	all     bool
	state   delivery.State
	mark    delivery.Mark // of whoever it hits
	reason  string
	blocked briefings.Unreach // what the roll says of them afterwards
}

func says(code int, words string) sandbox.Fault { return sandbox.Fault{Code: code, Description: words} }

// refusals come in the order of their harm: the last ones keep the whole channel waiting.
var refusals = []refusal{
	{"blocked", says(403, "Forbidden: bot was blocked by the user"), false, delivery.Done, delivery.Failed, "blocked", briefings.BlockedBot},
	{"deactivated", says(403, "Forbidden: user is deactivated"), false, delivery.Done, delivery.Failed, "deactivated", briefings.Deactivated},
	{"cannot initiate", says(403, "Forbidden: bot can't initiate conversation with a user"), false, delivery.Done, delivery.Failed, "not_started", briefings.NoChat},
	{"kicked", says(403, "Forbidden: bot was kicked from the group chat"), false, delivery.Done, delivery.Failed, "kicked", briefings.BlockedBot},
	{"chat not found", says(400, "Bad Request: chat not found"), false, delivery.Done, delivery.Failed, "chat", briefings.NoChat},
	{"no rights", says(400, "Bad Request: not enough rights to send text messages to the chat"), false, delivery.Done, delivery.Failed, "rights", briefings.BlockedBot},
	{"front end's page", sandbox.Fault{Kind: sandbox.FaultHTML, Times: 1}, false, delivery.Done, delivery.Unknown, "", ""},
	{"server's own error", sandbox.Fault{Code: 500, Times: 1}, false, delivery.Done, delivery.Unknown, "", ""},
	{"answer lost", sandbox.Fault{Kind: sandbox.FaultDrop, Times: 1}, false, delivery.Done, delivery.Unknown, "", ""},
	{"unheard of", sandbox.Fault{Code: 400, Description: "Bad Request: something new", Times: 1}, false, delivery.Done, delivery.Sent, "", ""},
	{"markup", says(400, "Bad Request: can't parse entities: Unclosed start tag at byte offset 3"), true, delivery.Aborted, delivery.Failed, "text", ""},
	{"too long", says(400, "Bad Request: message is too long"), true, delivery.Aborted, delivery.Failed, "text", ""},
	{"button", says(400, "Bad Request: BUTTON_DATA_INVALID"), true, delivery.Aborted, delivery.Failed, "keyboard", ""},
	{"empty 413", sandbox.Fault{Kind: sandbox.FaultEmpty}, true, delivery.Aborted, delivery.Failed, "too_big", ""},
	{"no such method", says(404, "Not Found: method not found"), true, delivery.Aborted, delivery.Failed, "method", ""},
	{"flood", sandbox.Fault{Code: 429, RetryAfter: 1, Times: 1}, false, delivery.Done, delivery.Sent, "", ""},
	{"token revoked", says(401, "Unauthorized"), true, delivery.Running, delivery.Retry, "", ""},
}

// TestEveryRefusalComesToWhatItMeans sends a real mailing into each refusal.
func TestEveryRefusalComesToWhatItMeans(t *testing.T) {
	server := redistest.Embedded(t)
	s, err := newStory(redis{url: "redis://" + server.Addr() + "/0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.halt(); s.web.Close(); s.stage.Close() })
	if err := s.serve(); err != nil {
		t.Fatal(err)
	}
	people, err := sample.Load(s.zone)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.service.Store.ApplyRoster(t.Context(), people.Roster); err != nil {
		t.Fatal(err)
	}
	var members []briefings.Member
	for _, m := range people.Roster.Members {
		if m.Joined() && m.Status == briefings.Active && !m.Paused && m.Blocked == "" {
			s.stage.AddPerson(sandbox.Person{ID: int64(m.User), FirstName: m.Name})
			if _, err := s.stage.Say(int64(m.User), "/start"); err != nil {
				t.Fatal(err)
			}
			members = append(members, m)
		}
	}
	if err := s.rest(); err != nil {
		t.Fatal(err)
	}
	for i, r := range refusals {
		t.Run(r.name, func(t *testing.T) { r.play(t, s.service, s.stage, members[3*i%len(members):][:3]) })
	}
}

// play sends to three people, of whom the last or all are refused.
func (r refusal) play(t *testing.T, service *app.App, stage *sandbox.Server, to []briefings.Member) {
	ctx := t.Context()
	b := briefings.Briefing{
		Title: briefings.Text{Vi: r.name}, Body: briefings.Text{Vi: "Tin: " + r.name}, Label: briefings.Public, Status: briefings.BriefingActive,
		Audience: briefings.Audience{{Kind: briefings.TermAll}},
	}
	if err := service.Store.AddBriefing(ctx, &b); err != nil {
		t.Fatal(err)
	}
	fault := r.fault
	fault.Method, fault.Contains = "sendMessage", r.name
	if !r.all {
		fault.Chat = int64(to[2].User)
	}
	if _, err := stage.AddFault(fault); err != nil {
		t.Fatal(err)
	}
	defer stage.ClearFaults()
	m := briefings.Mailing{Kind: briefings.KindBriefing, Subject: string(b.ID), Occasion: "2026-11-30T08:00"}
	_, err := service.Outbox.Put(ctx, m, func(yield func(briefings.MemberNo) bool) {
		for _, who := range to {
			if !yield(who.No) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	var got delivery.Outcome
	deadline := time.Now().Add(patience)
	for {
		status, err := service.Outbox.Mailing(ctx, m.Key())
		if err != nil {
			t.Fatal(err)
		}
		for o, err := range service.Outbox.Outcomes(ctx, m.Key()) {
			if err != nil {
				t.Fatal(err)
			}
			if o.No == to[2].No && !r.all || r.all && o.State != delivery.Pending && o.State != delivery.Intent {
				got = o
			}
		}
		if status.State == r.state && got.State == r.mark && got.Reason == r.reason {
			if told := status.Counts.Sent; !r.all && r.mark != delivery.Sent && told != 2 || r.all && told != 0 {
				t.Errorf("%d of the others were told", told)
			}
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("mailing is %s, the recipient %s %q; want %s, %s %q", status.State, got.State, got.Reason, r.state, r.mark, r.reason)
		}
		time.Sleep(glance)
	}
	roster, err := service.Store.Roster(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if m, _ := roster.Member(to[2].ID); m.Blocked != r.blocked {
		t.Errorf("the roll says %q of the person, want %q", m.Blocked, r.blocked)
	}
}
