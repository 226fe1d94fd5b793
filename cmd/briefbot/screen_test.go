package main_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"briefbot/bot/sandbox"
)

// touch is a tap that waits for nothing.
func touch(user int64, label string) sandbox.Touch {
	return sandbox.Touch{Person: user, Label: label, NoWait: true}
}

// screen is a screen of a hall: it follows the events of the board and keeps what stands on it.
type screen struct {
	t    *testing.T
	stop context.CancelFunc
	done chan struct{}

	mu     sync.Mutex
	texts  map[string]string
	frames int
	turned []frame
}

// frame is what a screen showed from a moment on.
type frame struct {
	at    time.Time
	texts map[string]string
}

// watch opens the board at an address until the test ends.
func (w *town) watch(url string) *screen {
	w.Helper()
	ctx, stop := context.WithCancel(w.Context())
	s := &screen{t: w.T, stop: stop, done: make(chan struct{})}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		w.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		w.Fatal(err)
	}
	if answer.StatusCode != http.StatusOK {
		w.Fatalf("the board answers %s", answer.Status)
	}
	go func() {
		defer close(s.done)
		defer func() { _ = answer.Body.Close() }()
		lines := bufio.NewScanner(answer.Body)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			if text, ok := strings.CutPrefix(lines.Text(), "data: "); ok && text != "{}" {
				s.take(text)
			}
		}
		if ctx.Err() == nil {
			s.t.Errorf("the stream of the board ended: %v", lines.Err())
		}
	}()
	w.Cleanup(s.leave)
	return s
}

func (s *screen) take(text string) {
	var e struct {
		Texts map[string]string `json:"texts"`
	}
	if err := json.Unmarshal([]byte(text), &e); err != nil {
		s.t.Errorf("an event of the board: %v", err)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.texts = e.Texts
	s.frames++
	s.turned = append(s.turned, frame{time.Now(), e.Texts})
}

// leave closes the screen and returns when it is dark.
func (s *screen) leave() {
	s.stop()
	<-s.done
}

// shows reports whether all these numbers stand on the screen now.
func (s *screen) shows(want map[string]int) bool { return s.differs(want) == "" }

// differs names the first number that is not as it must be.
func (s *screen) differs(want map[string]int) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return differs(s.texts, want)
}

func differs(texts map[string]string, want map[string]int) string {
	for _, key := range slices.Sorted(maps.Keys(want)) {
		digits := strings.NewReplacer(".", "", ",", "").Replace(texts[key])
		if n, err := strconv.Atoi(digits); err != nil || n != want[key] {
			return fmt.Sprintf("%s is %q, must be %d", key, texts[key], want[key])
		}
	}
	return ""
}

// shownSince is when the screen first showed these numbers without ever showing others afterwards.
func (s *screen) shownSince(want map[string]int) (at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range slices.Backward(s.turned) {
		if differs(f.texts, want) != "" {
			break
		}
		at = f.at
	}
	return at
}

// postman brings the updates of a webhook to the service. While it repeats, it brings every fifth a second time: half of those at the
// same moment, half after updates that came later, as happens when an answer of the service is lost on the way.
type postman struct {
	*httptest.Server
	t  *testing.T
	to string

	mu      sync.Mutex
	dice    *rand.Rand
	doubles bool
	kept    []letter
	repeats int
	late    int
	under   sync.WaitGroup // repeats on their way
}

// letter is one update on its way.
type letter struct {
	path   string
	header http.Header
	body   []byte
}

// keptLetters is after how many later updates a late repeat is brought.
const keptLetters = 40

func newPostman(t *testing.T, to string, seed uint64) *postman {
	t.Helper()
	p := &postman{t: t, to: to, dice: rand.New(rand.NewPCG(seed, 1))}
	p.Server = httptest.NewServer(p)
	t.Cleanup(func() {
		p.Close()
		p.under.Wait()
	})
	return p
}

func (p *postman) repeat(on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.doubles = on
}

func (p *postman) count() (repeats, late int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.repeats, p.late
}

// ServeHTTP implements http.Handler.
func (p *postman) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, "unreadable", http.StatusBadRequest)
		return
	}
	l := letter{r.URL.Path, r.Header.Clone(), body}
	for _, again := range p.doubled(l) {
		p.under.Go(func() { p.bring(again) })
	}
	w.WriteHeader(p.bring(l))
}

// doubled returns what is brought again beside this update.
func (p *postman) doubled(l letter) (again []letter) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.kept) > keptLetters {
		again, p.kept = append(again, p.kept[0]), p.kept[1:]
	}
	if !p.doubles || p.dice.IntN(5) > 0 {
		return again
	}
	p.repeats++
	if p.dice.IntN(2) == 0 {
		p.late++
		p.kept = append(p.kept, l)
		return again
	}
	return append(again, l)
}

// bring hands an update to the service and returns what it said.
func (p *postman) bring(l letter) int {
	request, err := http.NewRequest(http.MethodPost, p.to+l.path, bytes.NewReader(l.body)) //nolint:noctx // the service bounds it
	if err != nil {
		p.t.Error(err)
		return http.StatusBadGateway
	}
	request.Header = l.header.Clone()
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return http.StatusBadGateway
	}
	_, _ = io.Copy(io.Discard, answer.Body)
	_ = answer.Body.Close()
	return answer.StatusCode
}

// flush brings every late repeat that is left and waits until all repeats are brought.
func (p *postman) flush() {
	p.mu.Lock()
	left := p.kept
	p.kept, p.doubles = nil, false
	p.mu.Unlock()
	for _, l := range left {
		if status := p.bring(l); status != http.StatusOK {
			p.t.Errorf("the service says %d to a late repeat", status)
		}
	}
	p.under.Wait()
}
