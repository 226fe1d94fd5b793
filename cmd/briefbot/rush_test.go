package main_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"briefbot/briefings/redistest"
)

var (
	rush     = flag.Int("rush", 0, "how many people tap at once in the measurement of a rush; 0: leave it out")
	rushOpen = flag.Int("rush.connections", 40, "how many deliveries of the webhook are under way")
	rushWait = flag.Duration("rush.latency", 0, "how long the stand-in for Telegram takes to answer the service")
	rushRate = flag.Int("rush.rate", 1000, "BROADCAST_RATE meanwhile, which paces the redrawing of cards too")
)

// mute stands in for Telegram at the least cost, so that the service is what is measured: it takes everything, keeps the button under
// each notice and notes when a press was answered.
type mute struct {
	mu       sync.Mutex
	data     map[string]string // by chat: what the button that accepts carries
	answered map[string]time.Time
	edits    map[string]int // by chat: how often the card was redrawn
}

func (m *mute) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	switch path.Base(r.URL.Path) {
	case "getMe":
		_, _ = io.WriteString(w, `{"ok":true,"result":{"id":1,"is_bot":true,"first_name":"B","username":"town_bot"}}`)
		return
	case "answerCallbackQuery":
		now := time.Now()
		m.mu.Lock()
		if id := r.FormValue("callback_query_id"); m.answered[id].IsZero() {
			m.answered[id] = now
		}
		m.mu.Unlock()
		time.Sleep(*rushWait)
	case "editMessageText":
		m.mu.Lock()
		m.edits[r.FormValue("chat_id")]++
		m.mu.Unlock()
	case "sendMessage":
		var markup struct {
			Rows [][]struct {
				Text string `json:"text"`
				Data string `json:"callback_data"`
			} `json:"inline_keyboard"`
		}
		_ = json.Unmarshal([]byte(r.FormValue("reply_markup")), &markup)
		for _, b := range slices.Concat(markup.Rows...) {
			if b.Text == attendLabel {
				m.mu.Lock()
				m.data[r.FormValue("chat_id")] = b.Data
				m.mu.Unlock()
			}
		}
		_, _ = io.WriteString(w, `{"ok":true,"result":{"message_id":7,"date":1,"chat":{"id":`+r.FormValue("chat_id")+`,"type":"private"}}}`)
		return
	}
	_, _ = io.WriteString(w, `{"ok":true,"result":true}`)
}

// redrawn is how many people's cards were redrawn.
func (m *mute) redrawn() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.edits)
}

// spent is how much of the processors a service, Redis and the test have used.
type spent struct{ service, redis, test time.Duration }

func (w *town) spent(s *service) (c spent) {
	c.service, c.test = cpuOf(s.cmd.Process.Pid), cpuOf(os.Getpid())
	if w.server != nil {
		c.redis = cpuOf(w.server.PID())
	}
	return c
}

// cpuOf is how much of the processors a process has used, where the system says so.
func cpuOf(pid int) time.Duration {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), ") ") // the name before it may hold anything
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond // a tick
}

// load is how busy the machine was in the last minute, where it says so.
func load() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	first, _, _ := strings.Cut(string(text), " ")
	return first
}

// TestRushOfAnswers measures how fast taps are recorded and answered, from the webhook to answerCallbackQuery, with every answer on the
// disk and every fifth update brought twice:
//
//	go test ./cmd/briefbot -run RushOfAnswers -v -rush 3000 [-rush.rate 28] [-rush.connections 100] [-rush.latency 80ms]
func TestRushOfAnswers(t *testing.T) {
	if *rush == 0 {
		t.Skip("a measurement; -rush N makes it")
	}
	connections := *rushOpen
	w := newTownOn(t, openRedis(t, redistest.Settings{Fsync: "always"}), *rush, *rushRate)
	stand := &mute{data: map[string]string{}, answered: map[string]time.Time{}, edits: map[string]int{}}
	telegram := httptest.NewServer(stand)
	t.Cleanup(telegram.Close)
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	_ = free.Close()
	const secret = "rush"
	w.env = append(w.env, "TELEGRAM_API_URL="+telegram.URL, "HTTP_ADDR="+address, "UPDATES=webhook", "WEBHOOK_SECRET="+secret,
		"PUBLIC_URL=https://briefbot.example")
	key := w.announce()
	s := w.serve()
	w.done(key)

	began := make([]time.Time, len(w.people))
	var next, refused atomic.Int64
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections}}
	bring := func(i int) {
		user := w.people[i]
		update := fmt.Appendf(nil, `{"update_id":%d,"callback_query":{"id":"q%d","from":{"id":%d,"first_name":"A"},"chat_instance":"1","data":%q,`+
			`"message":{"message_id":7,"date":1,"chat":{"id":%d,"type":"private"},"text":"card"}}}`,
			900_000_000+i, i, user, stand.data[strconv.FormatInt(user, 10)], user)
		r, _ := http.NewRequest(http.MethodPost, "http://"+address+"/telegram/updates", bytes.NewReader(update))
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
		said, err := client.Do(r)
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = io.Copy(io.Discard, said.Body)
		_ = said.Body.Close()
		if said.StatusCode != http.StatusOK {
			refused.Add(1)
		}
	}
	start, before := time.Now(), w.spent(s)
	var group sync.WaitGroup
	for range connections {
		group.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(w.people) {
					return
				}
				began[i] = time.Now()
				bring(i)
				if i%5 == 0 {
					bring(i)
				}
			}
		})
	}
	group.Wait()
	took, after := time.Since(start), w.spent(s)
	var waits []time.Duration
	for i := range w.people {
		if at, ok := stand.answered["q"+strconv.Itoa(i)]; ok {
			waits = append(waits, at.Sub(began[i]))
		}
	}
	slices.Sort(waits)
	if len(waits) != len(w.people) || refused.Load() > 0 {
		t.Fatalf("%d of %d presses were answered, %d deliveries refused", len(waits), len(w.people), refused.Load())
	}
	redrawn := stand.redrawn()
	t.Logf("CPU a tap: %s of the service, %s of Redis, %s of the test itself", (after.service-before.service)/time.Duration(len(waits)),
		(after.redis-before.redis)/time.Duration(len(waits)), (after.test-before.test)/time.Duration(len(waits)))
	for left := len(w.people); left > 0; { // however long the lane takes, as long as it goes on
		before := left
		await(t, "the cards to be redrawn", func() bool { left = len(w.people) - stand.redrawn(); return left < before })
	}
	t.Logf("RESULT %d taps: %.0f/s; answered after %s (median), %s (99 of 100); %d cards redrawn by then, all after %s; load %s", len(waits),
		float64(len(waits))/took.Seconds(), waits[len(waits)/2].Round(10*time.Microsecond), waits[len(waits)*99/100].Round(10*time.Microsecond),
		redrawn, time.Since(start).Round(10*time.Millisecond), load())
	if people, answers := w.accepted(); len(people) != len(w.people) || answers != len(w.people) {
		t.Errorf("%d people come by %d answers; %d tapped", len(people), answers, len(w.people))
	}
}
