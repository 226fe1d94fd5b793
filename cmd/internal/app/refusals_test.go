package app_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

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
	again   bool // by the policy again, else never twice
	state   delivery.State
	mark    delivery.Mark // of whoever it hits
	reason  string
	blocked briefings.Unreach // what the roll says of them afterwards
}

func says(code int, words string) sandbox.Fault { return sandbox.Fault{Code: code, Description: words} }

// supergroup is the number that a chat moves to in a test.
const supergroup = 1_900_000_001

// everybody, one and again say whom a row hits and by which policy the mailing goes.
func one(name string, f sandbox.Fault, mark delivery.Mark, reason string, blocked briefings.Unreach) refusal {
	return refusal{name: name, fault: f, state: delivery.Done, mark: mark, reason: reason, blocked: blocked}
}

func everybody(name string, f sandbox.Fault, reason string) refusal {
	return refusal{name: name, fault: f, all: true, state: delivery.Aborted, mark: delivery.Failed, reason: reason}
}

// once makes a fault that hits one call.
func once(f sandbox.Fault) sandbox.Fault {
	f.Times = 1
	return f
}

// byPolicy is a row for each policy: who never may be told twice stays unknown, anybody else is told.
func byPolicy(name string, f sandbox.Fault) []refusal {
	again := one(name+", again", once(f), delivery.Sent, "", "")
	again.again = true
	return []refusal{one(name+", never twice", once(f), delivery.Unknown, "", ""), again}
}

// refusals come in the order of their harm: the last ones keep the whole channel waiting.
var refusals = slices.Concat([]refusal{
	one("blocked", says(403, "Forbidden: bot was blocked by the user"), delivery.Failed, "blocked", briefings.BlockedBot),
	one("deactivated", says(403, "Forbidden: user is deactivated"), delivery.Failed, "deactivated", briefings.Deactivated),
	one("cannot initiate", says(403, "Forbidden: bot can't initiate conversation with a user"), delivery.Failed, "not_started", briefings.NoChat),
	one("is a bot", says(403, "Forbidden: the bot can't send messages to the bot"), delivery.Failed, "bot", briefings.BlockedBot),
	one("kicked", says(403, "Forbidden: bot was kicked from the group chat"), delivery.Failed, "kicked", briefings.BlockedBot),
	one("no member", says(403, "Forbidden: bot is not a member of the supergroup chat"), delivery.Failed, "not_member", briefings.BlockedBot),
	one("deleted group", says(403, "Forbidden: the group chat was deleted"), delivery.Failed, "deleted", briefings.BlockedBot),
	one("another 403", says(403, "Forbidden: something new"), delivery.Failed, "forbidden", briefings.BlockedBot),
	one("chat not found", says(400, "Bad Request: chat not found"), delivery.Failed, "chat", briefings.NoChat),
	one("private chat", says(400, "Bad Request: private chat not found"), delivery.Failed, "chat", briefings.NoChat),
	one("chat_id empty", says(400, "Bad Request: chat_id is empty"), delivery.Failed, "mistake", ""),
	one("moved", sandbox.Fault{Code: 400, MigrateTo: supergroup}, delivery.Sent, "", ""),
	one("no rights", says(400, "Bad Request: not enough rights to send text messages to the chat"), delivery.Failed, "rights", briefings.BlockedBot),
	one("no write access", says(400, "Bad Request: have no write access to the chat"), delivery.Failed, "rights", briefings.BlockedBot),
	one("administrators", says(400, "Bad Request: need administrator rights in the channel chat"), delivery.Failed, "rights", briefings.BlockedBot),
	one("forbidden to write", says(400, "Bad Request: CHAT_WRITE_FORBIDDEN"), delivery.Failed, "rights", briefings.BlockedBot),
	one("restricted", says(400, "Bad Request: CHAT_RESTRICTED"), delivery.Failed, "rights", briefings.BlockedBot),
	one("closed topic", says(400, "Bad Request: TOPIC_CLOSED"), delivery.Failed, "rights", briefings.BlockedBot),
	one("unheard of", once(says(400, "Bad Request: something new")), delivery.Sent, "", ""),
	one("file for a moment", once(says(400, "Bad Request: wrong file_id or the file is temporarily unavailable")), delivery.Sent, "", ""),
	one("unpaid", once(says(400, "Bad Request: paid broadcast is not allowed")), delivery.Sent, "", ""),
	everybody("markup", says(400, "Bad Request: can't parse entities: Unclosed start tag at byte offset 3"), "text"),
	everybody("empty", says(400, "Bad Request: message text is empty"), "text"),
	everybody("blank", says(400, "Bad Request: text must be non-empty"), "text"),
	everybody("too long", says(400, "Bad Request: message is too long"), "text"),
	everybody("long caption", says(400, "Bad Request: message caption is too long"), "text"),
	everybody("parse mode", says(400, "Bad Request: unsupported parse_mode"), "text"),
	everybody("button", says(400, "Bad Request: BUTTON_DATA_INVALID"), "keyboard"),
	everybody("keyboard", says(400, "Bad Request: reply markup is too long"), "keyboard"),
	everybody("thread", says(400, "Bad Request: message thread not found"), "thread"),
	everybody("replied", says(400, "Bad Request: message to be replied not found"), "reply"),
	everybody("copied", says(400, "Bad Request: message to copy not found"), "source"),
	everybody("forwarded", says(400, "Bad Request: message to forward not found"), "source"),
	everybody("file", says(400, "Bad Request: wrong file identifier/HTTP URL specified"), "stale_file"),
	everybody("picture", says(400, "Bad Request: PHOTO_INVALID_DIMENSIONS"), "media"),
	everybody("big file", says(400, "Bad Request: file is too big"), "too_big"),
	everybody("empty 413", sandbox.Fault{Kind: sandbox.FaultEmpty}, "too_big"),
	everybody("413", says(413, "Request Entity Too Large"), "too_big"),
	everybody("no such method", says(404, "Not Found: method not found"), "method"),
},
	byPolicy("front end's page", sandbox.Fault{Kind: sandbox.FaultHTML}),
	byPolicy("front end's words", sandbox.Fault{Code: 502, Description: "Bad Gateway"}),
	byPolicy("front end's patience", sandbox.Fault{Code: 504, Description: "Gateway Timeout"}),
	byPolicy("server's own error", sandbox.Fault{Code: 500}),
	byPolicy("answer lost", sandbox.Fault{Kind: sandbox.FaultDrop}),
	[]refusal{
		one("flood", sandbox.Fault{Code: 429, RetryAfter: 1, Times: 1}, delivery.Sent, "", ""),
	})

// TestEveryRefusalComesToWhatItMeans sends a real mailing into each refusal.
func TestEveryRefusalComesToWhatItMeans(t *testing.T) {
	s, members, _ := refusing(t)
	last := members[len(members)-3:]
	rest := members[:len(members)/3*3-3]
	for i, r := range refusals {
		t.Run(r.name, func(t *testing.T) {
			to := rest[3*i%len(rest):][:3]
			if r.fault.MigrateTo != 0 {
				to = last
			}
			r.play(t, s, to)
		})
	}
	t.Run("who moved is called at the new number", func(t *testing.T) {
		r := one("the old number", says(403, "Forbidden: the group chat was deleted"), delivery.Sent, "", "")
		r.play(t, s, last)
		if _, err := s.stage.Await(t.Context(), supergroup, "Tin: the old number", 0, patience); err != nil {
			t.Error(err)
		}
		if err := s.halt(); err != nil {
			t.Fatal(err)
		}
		if err := s.serve(); err != nil {
			t.Fatal(err)
		}
		r.name = "after a restart"
		r.play(t, s, last)
	})
}

// refusing starts a service with the sample's people at their phones.
func refusing(t *testing.T) (*story, []briefings.Member, *miniredis.Miniredis) {
	t.Helper()
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
	start := func(id int64, name string) {
		s.stage.AddPerson(sandbox.Person{ID: id, FirstName: name})
		if _, err := s.stage.Say(id, "/start"); err != nil {
			t.Fatal(err)
		}
	}
	for _, m := range people.Roster.Members {
		if m.Joined() && m.Status == briefings.Active && !m.Paused && m.Blocked == "" {
			start(int64(m.User), m.Name)
			members = append(members, m)
		}
	}
	start(supergroup, "supergroup")
	if err := s.rest(); err != nil {
		t.Fatal(err)
	}
	return s, members, server
}

// mailing makes something to be told and the mailing that tells it.
func (r refusal) mailing(t *testing.T, service *app.App) briefings.Mailing {
	text := "Tin: " + r.name
	if r.again {
		m := briefings.Meeting{
			Title: briefings.Text{Vi: r.name}, Label: briefings.Public, Status: briefings.MeetingClosed, Starts: service.Config.Now().Add(-time.Hour),
			Venues: []briefings.Venue{{ID: "1", Name: briefings.Text{Vi: "Hội trường"}}}, Outcome: &briefings.Outcome{Text: text, Revision: 1},
		}
		if err := service.Store.AddMeeting(t.Context(), &m); err != nil {
			t.Fatal(err)
		}
		return briefings.Mailing{Kind: briefings.KindOutcome, Subject: string(m.ID), Revision: 1}
	}
	b := briefings.Briefing{
		Title: briefings.Text{Vi: r.name}, Body: briefings.Text{Vi: text}, Label: briefings.Public, Status: briefings.BriefingActive,
		Audience: briefings.Audience{{Kind: briefings.TermAll}},
	}
	if err := service.Store.AddBriefing(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return briefings.Mailing{Kind: briefings.KindBriefing, Subject: string(b.ID), Occasion: "2026-11-30T08:00"}
}

func put(t *testing.T, service *app.App, m briefings.Mailing, to []briefings.Member) {
	t.Helper()
	_, err := service.Outbox.Put(t.Context(), m, func(yield func(briefings.MemberNo) bool) {
		for _, who := range to {
			if !yield(who.No) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}

// play sends to three people, of whom the last or all are refused.
func (r refusal) play(t *testing.T, s *story, to []briefings.Member) {
	ctx, service, stage := t.Context(), s.service, s.stage
	fault := r.fault
	fault.Method, fault.Contains = "sendMessage", r.name
	if !r.all {
		fault.Chat = int64(to[2].User)
	}
	if _, err := stage.AddFault(fault); err != nil {
		t.Fatal(err)
	}
	defer stage.ClearFaults()
	m := r.mailing(t, service)
	put(t, service, m, to)
	got := r.await(t, service, m, to)
	roster, err := service.Store.Roster(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if m, _ := roster.Member(to[2].ID); m.Blocked != r.blocked {
		t.Errorf("the roll says %q of the person, want %q", m.Blocked, r.blocked)
	}
	if _, err := service.Store.UpdateMember(ctx, to[2].ID, func(m *briefings.Member) error { m.Blocked = ""; return nil }); err != nil {
		t.Fatal(err)
	}
	if r.mark == delivery.Sent && got.State == delivery.Sent { // told, and told once more only where the answer was lost
		chat := int64(to[2].User)
		if to[2].User == 0 {
			t.Fatal("nobody to look at")
		}
		if r.fault.MigrateTo != 0 || r.fault.Code == 403 {
			chat = supergroup
		}
		want := 1
		if r.fault.Kind == sandbox.FaultDrop {
			want = 2
		}
		if n := heard(t, stage, chat, "Tin: "+r.name); n != want {
			t.Errorf("the person was told %d times, want %d", n, want)
		}
	}
}

// heard counts the messages of a chat that say something.
func heard(t *testing.T, stage *sandbox.Server, chat int64, words string) int {
	t.Helper()
	view, err := stage.Chat(chat, 50)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, m := range view.Messages {
		if strings.Contains(m.Text, words) {
			n++
		}
	}
	return n
}

// await returns when the mailing and the recipient are where the refusal brings them.
func (r refusal) await(t *testing.T, service *app.App, m briefings.Mailing, to []briefings.Member) delivery.Outcome {
	t.Helper()
	ctx := t.Context()
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
			if told := status.Counts.Sent; !r.all && r.state == delivery.Done && r.mark != delivery.Sent && told != 2 || r.all && told != 0 {
				t.Errorf("%d of the others were told", told)
			}
			return got
		}
		if time.Now().After(deadline) {
			t.Fatalf("mailing is %s, the recipient %s %q; want %s, %s %q", status.State, got.State, got.Reason, r.state, r.mark, r.reason)
		}
		time.Sleep(glance)
	}
}

// While the server asks everybody to wait, what waits for its turn is no reason for a stop to wait too: it is handed back at once, and
// whoever comes tells everybody once.
func TestAStopWhileTheLaneIsBlockedHandsEverythingBack(t *testing.T) {
	s, members, server := refusing(t)
	to := members[:8]
	if _, err := s.stage.AddFault(sandbox.Fault{Method: "sendMessage", Code: 429, RetryAfter: 280, Times: 2, Contains: "stopped"}); err != nil {
		t.Fatal(err)
	}
	m := refusal{name: "stopped", again: true}.mailing(t, s.service)
	put(t, s.service, m, to)
	blocked := func(ctx context.Context) (string, error) {
		until, err := s.service.Redis().HGet(ctx, s.config.RedisPrefix+":{pace}:bulk", "until").Float64()
		if err != nil || until == 0 {
			return "the lane to be blocked", nil
		}
		return "", nil
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := until(ctx, blocked); err != nil {
		t.Fatal(err)
	}
	if err := s.halt(); err != nil {
		t.Fatal(err)
	}
	for _, name := range server.Keys() {
		if !strings.HasSuffix(name, "{b:"+string(m.Key())+"}:o") {
			continue
		}
		owners, err := server.HKeys(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, claim := range owners {
			if owner := server.HGet(name, claim); owner != "-" {
				t.Errorf("%s still has %s", owner, claim)
			}
		}
	}
	server.SetTime(time.Now().Add(time.Hour))
	s.config.Replica = "another"
	if err := s.serve(); err != nil {
		t.Fatal(err)
	}
	r := refusal{state: delivery.Done, mark: delivery.Sent}
	r.await(t, s.service, m, to)
	for _, who := range to {
		if n := heard(t, s.stage, int64(who.User), "Tin: stopped"); n != 1 {
			t.Errorf("%s was told %d times", who.ID, n)
		}
	}
}

// A token that is not accepted stops everything: sending waits and uses up nobody's attempts, reading ends the service with a sentence.
// Started again with a good token it tells everybody who was not told, once.
func TestATokenThatIsRefusedStopsEverythingAndLosesNothing(t *testing.T) {
	s, members, _ := refusing(t)
	to := members[:3]
	r := everybody("revoked", sandbox.Fault{}, "")
	r.state, r.mark = delivery.Running, delivery.Retry
	for _, method := range []string{"sendMessage", "getUpdates"} {
		if _, err := s.stage.AddFault(sandbox.Fault{Method: method, Code: 401, Description: "Unauthorized", Contains: map[string]string{"sendMessage": r.name}[method]}); err != nil {
			t.Fatal(err)
		}
		if method == "sendMessage" {
			m := r.mailing(t, s.service)
			put(t, s.service, m, to)
			r.await(t, s.service, m, to)
			if !heardInLog(s, "nothing can be sent until somebody mends the channel") {
				t.Error("the log does not say why nothing is sent")
			}
		}
	}
	if _, err := s.stage.Say(int64(to[0].User), "/meetings"); err != nil { // ends the poll that waits
		t.Fatal(err)
	}
	select {
	case err := <-s.stopped:
		var token interface{ Unauthorized() bool }
		if !errors.As(err, &token) || !token.Unauthorized() || !strings.Contains(err.Error(), "TELEGRAM_TOKEN") {
			t.Errorf("the service ended with %v", err)
		}
	case <-time.After(patience):
		t.Fatal("the service goes on")
	}
	s.service = nil
	s.stage.ClearFaults()
	if err := s.serve(); err != nil {
		t.Fatal(err)
	}
	if err := s.rest(); err != nil {
		t.Fatal(err)
	}
	for _, m := range to {
		if n := heard(t, s.stage, int64(m.User), "Tin: revoked"); n != 1 {
			t.Errorf("%s was told %d times", m.ID, n)
		}
	}
	if n := heard(t, s.stage, int64(to[0].User), "/meetings"); n != 1 {
		t.Errorf("%d messages", n)
	}
}

func heardInLog(s *story, words string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.ContainsFunc(s.troubles, func(line string) bool { return strings.Contains(line, words) })
}

// Somebody for whom Telegram asks to wait for hours is parked: the others are told, the outbox shows that one waits, and after the
// hours the message arrives.
func TestAWaitOfHoursParksOnePerson(t *testing.T) {
	s, members, server := refusing(t)
	to := members[:3]
	r := one("hours", sandbox.Fault{}, delivery.Retry, "", "")
	r.state = delivery.Running
	if _, err := s.stage.AddFault(sandbox.Fault{Method: "sendMessage", Code: 429, RetryAfter: 7200, Times: 1, Contains: r.name, Chat: int64(to[2].User)}); err != nil {
		t.Fatal(err)
	}
	m := r.mailing(t, s.service)
	put(t, s.service, m, to)
	r.await(t, s.service, m, to)
	status, err := s.service.Outbox.Mailing(t.Context(), m.Key())
	if err != nil || status.Counts.Retry != 1 || status.Counts.Failed != 0 {
		t.Errorf("%+v, %v", status.Counts, err)
	}
	if !heardInLog(s, "the server asks for a long wait") {
		t.Error("the log does not speak of the wait")
	}
	if err := s.halt(); err != nil { // the parked one outlives a restart
		t.Fatal(err)
	}
	server.SetTime(time.Now().Add(3 * time.Hour))
	if err := s.serve(); err != nil {
		t.Fatal(err)
	}
	r.state, r.mark = delivery.Done, delivery.Sent
	r.await(t, s.service, m, to)
	for _, m := range to {
		if n := heard(t, s.stage, int64(m.User), "Tin: hours"); n != 1 {
			t.Errorf("%s was told %d times", m.ID, n)
		}
	}
}
