package main_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/bot/sandbox"
	"briefbot/briefings"
	"briefbot/briefings/redisstore"
	"briefbot/briefings/redistest"
	"briefbot/scheduler/delivery"
)

const (
	workers   = 64                     // most requests of the service that are in flight at once
	recording = 100 * time.Millisecond // from an answer to its record in Redis, at most, on a busy machine
	firstUser = 6_000_000_001
	ward      = briefings.UnitID("X01")
)

// town is an organisation whose members all wrote to the bot once, the sandbox they live in and the Redis that knows them. It
// outlives the service.
type town struct {
	*testing.T
	stage  *sandbox.Server
	store  *redisstore.Store
	outbox *delivery.Outbox
	zone   *time.Location
	client redis.UniversalClient
	server *redistest.Process // nil when the embedded Redis stands in, or several share the work
	people []int64            // the members' accounts, without the organizer
	boss   int64              // the organizer's account
	rate   int                // messages a second
	dice   *rand.Rand
	web    string // where the sandbox listens, as host:port
	env    []string

	mu      sync.Mutex
	longest time.Duration // for which the sandbox took to answer a message
	came    []time.Time   // when each message came in
}

// ground is the Redis under a town.
type ground struct {
	url, mode string
	server    *redistest.Process
}

// newTown makes a town of so many members and an organizer, on one Redis.
func newTown(t *testing.T, people, rate int) *town {
	t.Helper()
	return newTownOn(t, openRedis(t, redistest.Settings{}), people, rate)
}

// newTownOn makes a town on a Redis.
func newTownOn(t *testing.T, on ground, people, rate int) *town {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Ho_Chi_Minh")
	if err != nil {
		t.Fatal(err)
	}
	seed := cmp.Or(*crashSeed, uint64(time.Now().UnixNano()))
	w := &town{T: t, zone: zone, rate: rate, boss: firstUser, dice: rand.New(rand.NewPCG(seed, 0))}
	t.Logf("seed %d", seed)
	w.server = on.server
	if w.client, err = redisstore.Connect(redisstore.Config{URL: on.url, Mode: on.mode}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.client.Close() })
	w.store = redisstore.New(w.client, "briefbot", redisstore.Options{})
	w.outbox = delivery.NewOutbox(w.client, "briefbot")
	w.stage = sandbox.New(sandbox.Config{BotUsername: "town_bot"})
	web := httptest.NewServer(w.timed(w.stage.Handler()))
	t.Cleanup(func() {
		w.stage.Close()
		web.Close()
	})
	w.web = web.Listener.Addr().String()
	w.env = []string{
		"TELEGRAM_TOKEN=" + w.stage.Token(), "TELEGRAM_API_URL=" + web.URL, "REDIS_URL=" + on.url, "REDIS_MODE=" + cmp.Or(on.mode, "single"), "BROADCAST_RATE=" + strconv.Itoa(rate),
		"QUIET_HOURS=", "HTTP_ADDR=", "REPLICA=town", "ORG_NAME=Tỉnh ủy Mẫu", "PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"),
	}
	w.settle(people)
	return w
}

// openRedis starts a real server when there is one: it survives its own end too. The embedded one lives as long as the test.
func openRedis(t *testing.T, settings redistest.Settings) ground {
	t.Helper()
	if redistest.Binary() == "" {
		return ground{url: redistest.URL(t)}
	}
	server := redistest.Launch(t, settings)
	return ground{url: server.URL(), server: server}
}

// timed notes how long messages take.
func (w *town) timed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		began := time.Now()
		if strings.HasSuffix(r.URL.Path, "/sendMessage") {
			w.mu.Lock()
			w.came = append(w.came, began)
			w.mu.Unlock()
		}
		next.ServeHTTP(out, r)
		if took := time.Since(began); strings.HasSuffix(r.URL.Path, "/sendMessage") && r.Context().Err() == nil {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.longest = max(w.longest, took)
		}
	})
}

// settle writes the roll and lets everybody write to the bot once, so that it may write to them.
func (w *town) settle(people int) {
	w.Helper()
	unit := func(id, parent briefings.UnitID, name string) briefings.Unit {
		return briefings.Unit{ID: id, Versions: []briefings.UnitVersion{{Type: "party", Parent: parent, Name: briefings.Text{Vi: name}}}}
	}
	change := briefings.RosterChange{
		Units: []briefings.Unit{unit("T01", "", "Tỉnh ủy Mẫu"), unit(ward, "T01", "Đảng ủy xã Mẫu")},
		Members: []briefings.Member{{
			ID: "M0", Name: "Phạm Mẫu Bình", Unit: "T01", User: firstUser, Lang: briefings.Vietnamese,
			Roles: []briefings.Grant{{Role: briefings.RoleOrganizer, Scope: "T01"}},
		}},
	}
	w.join(w.boss)
	for i := range people {
		user := int64(firstUser + 1 + i)
		change.Members = append(change.Members, briefings.Member{
			ID: briefings.MemberID(fmt.Sprintf("M%d", i+1)), Name: fmt.Sprintf("Nguyễn Mẫu %d", i+1), Unit: ward,
			User: briefings.UserID(user), Lang: briefings.Vietnamese,
		})
		w.people = append(w.people, user)
		w.join(user)
	}
	for part := range slices.Chunk(change.Members, 10_000) { // a whole province at once would take Redis too long
		change.Members = part
		if err := w.store.ApplyRoster(w.Context(), change); err != nil {
			w.Fatal(err)
		}
	}
	w.drain()
}

func (w *town) join(user int64) {
	w.Helper()
	w.stage.AddPerson(sandbox.Person{ID: user, FirstName: "Nguyễn Mẫu", LanguageCode: "vi"})
	w.say(user, "/start")
}

func (w *town) say(user int64, text string) int {
	w.Helper()
	id, err := w.stage.Say(user, text)
	if err != nil {
		w.Fatal(err)
	}
	return id
}

// drain takes the updates that wait, as an earlier life of the bot did.
func (w *town) drain() {
	w.Helper()
	for offset := 0; ; {
		request := httptest.NewRequest(http.MethodGet, "/bot"+w.stage.Token()+"/getUpdates?offset="+strconv.Itoa(offset), nil)
		answer := httptest.NewRecorder()
		w.stage.Handler().ServeHTTP(answer, request)
		var batch struct {
			Result []struct {
				ID int `json:"update_id"`
			} `json:"result"`
		}
		if err := json.Unmarshal(answer.Body.Bytes(), &batch); err != nil || answer.Code != http.StatusOK {
			w.Fatalf("take updates: %d %s %v", answer.Code, answer.Body, err)
		}
		if len(batch.Result) == 0 {
			return
		}
		offset = batch.Result[len(batch.Result)-1].ID + 1
	}
}

// outboxOn reads the same outbox by another connection.
func (w *town) outboxOn(c redis.UniversalClient) *delivery.Outbox {
	return delivery.NewOutbox(c, "briefbot")
}

// serve starts a life of the service.
func (w *town) serve() *service {
	w.Helper()
	return launch(w.T, w.env)
}

// serveAs starts a life of one of several replicas.
func (w *town) serveAs(replica string, env ...string) *service {
	w.Helper()
	return launch(w.T, slices.Concat(w.env, []string{"REPLICA=" + replica}, env))
}

// firstAfter is how long after a moment the next message came in; false when none did.
func (w *town) firstAfter(moment time.Time) (time.Duration, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, at := range w.came {
		if at.After(moment) {
			return at.Sub(moment), true
		}
	}
	return 0, false
}

// slow makes a method of the Bot API take a while.
func (w *town) slow(method string, d time.Duration) {
	w.Helper()
	w.fault(sandbox.Fault{Kind: sandbox.FaultSlow, Method: method, DelayMS: int(d.Milliseconds())})
}

func (w *town) fault(f sandbox.Fault) {
	w.Helper()
	if _, err := w.stage.AddFault(f); err != nil {
		w.Fatal(err)
	}
}

// announce calls everybody in the ward to a meeting and returns the key of the notice. Days lie between now and everything else
// about it, so that no reminder mixes with the notice.
func (w *town) announce() briefings.Key {
	w.Helper()
	now := time.Now().In(w.zone)
	m := briefings.Meeting{
		ID: "m1", Title: briefings.Text{Vi: "Hội nghị thông tin thời sự"}, Starts: now.AddDate(0, 0, 20), Deadline: now.AddDate(0, 0, 15),
		Venues:   []briefings.Venue{{ID: "v1", Name: briefings.Text{Vi: "Hội trường xã"}, Main: true}},
		Audience: briefings.Audience{{Kind: briefings.TermUnit, Name: string(ward)}},
		Label:    briefings.Public, Author: "M0", Created: now, Status: briefings.MeetingDraft,
	}
	if err := m.AnnounceAt(now, now); err != nil {
		w.Fatal(err)
	}
	if err := w.store.AddMeeting(w.Context(), &m); err != nil {
		w.Fatal(err)
	}
	return briefings.Mailing{Kind: briefings.KindInvitation, Subject: "m1", Revision: 1}.Key()
}

// publish sends a briefing to everybody in the ward now and returns the key of its edition.
func (w *town) publish() briefings.Key {
	w.Helper()
	now := time.Now().In(w.zone)
	b := briefings.Briefing{
		ID: "b1", Title: briefings.Text{Vi: "Tình hình thời sự"}, Body: briefings.Text{Vi: "Nội dung."}, Label: briefings.Public,
		Audience: briefings.Audience{{Kind: briefings.TermUnit, Name: string(ward)}}, Author: "M0", Created: now, Status: briefings.BriefingDraft,
	}
	at := now.Truncate(time.Minute)
	if err := b.Activate(briefings.Cadence{Every: briefings.Once, At: at}, now); err != nil {
		w.Fatal(err)
	}
	if err := w.store.AddBriefing(w.Context(), &b); err != nil {
		w.Fatal(err)
	}
	return briefings.Mailing{Kind: briefings.KindBriefing, Subject: "b1", Occasion: briefings.OccasionAt(at)}.Key()
}

// done waits until nothing more is sent of a mailing.
func (w *town) done(key briefings.Key) delivery.Status {
	w.Helper()
	var s delivery.Status
	await(w.T, "the sending to end", func() bool {
		ctx, cancel := context.WithTimeout(w.Context(), time.Second)
		defer cancel()
		var err error
		s, err = w.outbox.Mailing(ctx, key)
		return err == nil && s.State == delivery.Done
	})
	return s
}

// told counts what arrived at the members: how many messages, how many people without one, how many messages too many.
func (w *town) told() (messages, missed, extra int) {
	tally := w.stage.Tally()
	for _, user := range w.people {
		n := tally[user]
		messages += n
		missed += max(0, 1-n)
		extra += max(0, n-1)
	}
	return messages, missed, extra
}

// inFlight is how many requests may have been on the wire, or answered and not yet recorded, at one kill: what the pace lets out in
// the time from a request to its record, and one.
func (w *town) inFlight() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	window := w.longest + recording
	return min(workers, 1+int(float64(w.rate)*window.Seconds()+0.5))
}

// moment waits for a random while of up to d, for a kill that hits anywhere. This is the one wait that is not for a condition.
func (w *town) moment(d time.Duration) time.Duration {
	wait := time.Duration(w.dice.Int64N(int64(d)))
	time.Sleep(wait)
	return wait
}

// updatesAtOnce is how many updates the service handles side by side at most.
const updatesAtOnce = 128

// refusals fails when the sandbox refused a call of the bot. Two refusals are allowed after a kill: that an edit changes nothing, and
// that a button was answered already. A service that is killed between a call and the record that the update is handled gets the
// update again, and cannot know that the call was made. There is at most one of each for every update that was in work.
func (w *town) refusals(kills int) {
	w.Helper()
	edits, answers := 0, 0
	for what, n := range w.stage.Report().RefusedBy {
		switch {
		case strings.HasPrefix(what, "editMessage") && strings.Contains(what, "message is not modified"):
			edits += n
		case strings.HasPrefix(what, "answerCallbackQuery") && strings.Contains(what, "query is too old"):
			answers += n
		case strings.HasPrefix(what, "getUpdates") && strings.Contains(what, "terminated by other getUpdates"):
			// A poll that was given up is still open at the server when the next one begins.
		default:
			w.Errorf("the sandbox refused %d calls: %s", n, what)
		}
	}
	if bound := kills * updatesAtOnce; edits > bound || answers > bound {
		w.Errorf("%d edits changed nothing and %d answers came twice; at most %d updates were in work at %d kills", edits, answers,
			updatesAtOnce, kills)
	}
}
