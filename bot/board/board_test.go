package board

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image/png"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/image/font/sfnt"

	"briefbot/briefings"
	"briefbot/briefings/i18n"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var start = time.Date(2026, 12, 3, 14, 0, 0, 0, time.FixedZone("ICT", 7*3600))

// hall is a store that holds one meeting.
type hall struct {
	mu      sync.Mutex
	m       briefings.Meeting
	seats   []briefings.Invitation
	asked   briefings.Inquiries
	version int64
	looks   atomic.Int64 // for changes
	counts  atomic.Int64 // of seats
	away    atomic.Bool
}

func (h *hall) Roster(context.Context) (*briefings.Roster, error) {
	return briefings.NewRoster(nil, nil, nil, nil, start), nil
}

func (h *hall) Meeting(_ context.Context, id briefings.MeetingID) (briefings.Meeting, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if id != h.m.ID {
		return briefings.Meeting{}, briefings.ErrNotFound
	}
	return h.m, nil
}

func (h *hall) Invitations(context.Context, briefings.MeetingID) ([]briefings.Invitation, error) {
	h.counts.Add(1)
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]briefings.Invitation(nil), h.seats...), nil
}

func (h *hall) Changes(context.Context, briefings.MeetingID) (int64, error) {
	h.looks.Add(1)
	if h.away.Load() {
		return 0, errors.New("away")
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.version, nil
}

func (h *hall) Inquiries(context.Context, briefings.MeetingID) (briefings.Inquiries, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.asked, nil
}

// change writes to the meeting as the store does.
func (h *hall) change(f func(m *briefings.Meeting, seats []briefings.Invitation)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	m := h.m
	m.Venues = append([]briefings.Venue(nil), h.m.Venues...)
	seats := append([]briefings.Invitation(nil), h.seats...)
	f(&m, seats)
	h.m, h.seats = m, seats
	h.version++
}

// convene makes a meeting with venues of four seats each, and a board.
func convene(t *testing.T, venues int) (*hall, *httptest.Server, *Board) {
	t.Helper()
	h := &hall{version: 1}
	h.m = briefings.Meeting{
		ID: "m1", Title: briefings.Text{Vi: "Hội nghị <quý IV> & tổng kết", En: "Conference <of Q4>"}, Starts: start, Ends: start.Add(2 * time.Hour),
		Status: briefings.MeetingOpen, Revision: 1,
	}
	for i := range venues {
		v := briefings.Venue{ID: briefings.VenueID(fmt.Sprintf("v%d", i)), Name: briefings.Text{Vi: fmt.Sprintf("Điểm cầu %d", i+1), En: fmt.Sprintf("Venue %d", i+1)}}
		h.m.Venues = append(h.m.Venues, v)
		for k := range 4 {
			h.seats = append(h.seats, briefings.Invitation{Meeting: "m1", Member: briefings.MemberID(fmt.Sprintf("M%d_%d", i, k)), No: briefings.MemberNo(4*i + k + 1), Venue: v.ID})
		}
	}
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	b := New(Config{
		Source: h, Texts: texts, Zone: start.Location(), Every: 10 * time.Millisecond, Now: func() time.Time { return start },
		Link: func(m briefings.MeetingID, token string) string {
			return "https://t.me/bot?start=d" + string(m) + token
		},
		Log: slog.New(slog.DiscardHandler),
	})
	server := httptest.NewServer(b.Handler())
	t.Cleanup(func() {
		b.Close()
		server.Close()
	})
	return h, server, b
}

// watchFor makes a link and returns its path.
func (h *hall) watchFor(t *testing.T, venue briefings.VenueID) string {
	t.Helper()
	path := ""
	h.change(func(m *briefings.Meeting, _ []briefings.Invitation) {
		l, err := m.Watch(venue, "M9", "secret", start)
		if err != nil {
			t.Fatal(err)
		}
		path = "/board/" + m.BoardToken(l)
	})
	return path
}

func get(t *testing.T, url string) (int, http.Header, string) {
	t.Helper()
	r, err := http.Get(url) //nolint:noctx // bounded by the test
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, r.Header, string(body)
}

// listen follows the events of a board until one satisfies the test; it fails when the stream ends before.
func listen(ctx context.Context, url string, enough func(name string, e event) bool) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	lines := bufio.NewScanner(answer.Body)
	lines.Buffer(nil, 1<<20)
	name := ""
	for lines.Scan() {
		if n, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
			name = n
		}
		if text, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			var e event
			if err := json.Unmarshal([]byte(text), &e); err != nil {
				return err
			}
			if enough(name, e) {
				return nil
			}
			name = ""
		}
	}
	return errors.Join(errors.New("the stream ended"), lines.Err())
}

func arrive(seats []briefings.Invitation, i int) {
	seats[i].CheckIn = &briefings.CheckIn{At: start}
}

func TestThePageStandsWholeWithoutAScript(t *testing.T) {
	h, server, _ := convene(t, 18)
	h.change(func(_ *briefings.Meeting, seats []briefings.Invitation) { arrive(seats, 0) })
	status, header, page := get(t, server.URL+h.watchFor(t, ""))
	if status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	for _, want := range []string{"Hội nghị &lt;quý IV&gt; &amp; tổng kết", `data-text="v0.present">1<`, `data-text="t.expected">72<`, "Điểm cầu 18", "Chưa trả lời"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	for _, never := range []string{"M0_0", " style=", "onclick", "<script>", "<style"} {
		if strings.Contains(page, never) {
			t.Errorf("the page says %q", never)
		}
	}
	if csp := header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
		t.Errorf("policy %q", csp)
	}
	if header.Get("Cache-Control") != "no-store" || header.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("headers %v", header)
	}
	if _, _, english := get(t, server.URL+h.watchAgain(t)+"?lang=en"); !strings.Contains(english, "No reply") || !strings.Contains(english, "Conference &lt;of Q4&gt;") {
		t.Error("?lang=en does not speak English")
	}
}

// watchAgain returns the path of the whole meeting's link.
func (h *hall) watchAgain(t *testing.T) string {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	return "/board/" + h.m.BoardToken(h.m.Boards[0])
}

func TestALongTitleTakesTwoLines(t *testing.T) {
	for title, long := range map[string]bool{
		"Hội nghị báo cáo viên tháng 12": false,
		"Hội nghị trực tuyến toàn tỉnh thông báo nhanh kết quả Hội nghị Trung ương và triển khai nhiệm vụ quý IV": true,
	} {
		h, server, _ := convene(t, 3)
		h.change(func(m *briefings.Meeting, _ []briefings.Invitation) { m.Title.Vi = title })
		if _, _, page := get(t, server.URL+h.watchFor(t, "")); strings.Contains(page, `<h1 class="long">`) != long {
			t.Errorf("%q: the small size is wanted: %v", title, long)
		}
	}
}

func TestOnlyALinkThatHoldsOpensTheBoard(t *testing.T) {
	h, server, b := convene(t, 2)
	path := h.watchFor(t, "v1")
	cut := len(path) - 1
	other := "A"
	if path[cut:] == "A" {
		other = "B"
	}
	for _, wrong := range []string{"/board/x", "/board/bTE.1.", "/board/bTE.9." + path[cut-20:], path[:cut-1] + other + path[cut:], "/board/" + strings.Repeat("a", 300) + ".1.x"} {
		for _, below := range []string{"", "/state", "/events"} {
			if status, _, body := get(t, server.URL+wrong+below); status != http.StatusNotFound || strings.Contains(body, "Hội nghị &lt;") {
				t.Errorf("%s%s: %d", wrong, below, status)
			}
		}
	}
	if status, _, _ := get(t, server.URL+path+"/state"); status != http.StatusOK {
		t.Fatalf("the right one: %d", status)
	}
	gone := make(chan error, 1)
	opened := make(chan struct{}, 1)
	go func() {
		gone <- listen(t.Context(), server.URL+path+"/events", func(name string, _ event) bool {
			select {
			case opened <- struct{}{}:
			default:
			}
			return name == "gone"
		})
	}()
	<-opened
	h.change(func(m *briefings.Meeting, _ []briefings.Invitation) {
		if err := m.Unwatch(1, start); err != nil {
			t.Error(err)
		}
	})
	if err := <-gone; err != nil {
		t.Errorf("a link was taken back: %v", err)
	}
	if status, _, _ := get(t, server.URL+path); status != http.StatusNotFound {
		t.Errorf("taken back, and %d", status)
	}
	h.change(func(m *briefings.Meeting, _ []briefings.Invitation) {
		m.Boards[0].Revoked = time.Time{}
		m.Boards[0].Until = start
	})
	b.Close()
	if status, _, _ := get(t, server.URL+path); status != http.StatusNotFound {
		t.Errorf("expired, and %d", status)
	}
}

func TestTheCodeOfItsVenueAndNoOther(t *testing.T) {
	h, server, _ := convene(t, 2)
	whole, own := h.watchFor(t, ""), h.watchFor(t, "v1")
	h.change(func(m *briefings.Meeting, _ []briefings.Invitation) {
		for _, id := range []briefings.VenueID{"v0", "v1"} {
			if err := m.OpenDoor(id, "M9", "11111"+string(id[1:]), "secret of "+string(id), start); err != nil {
				t.Fatal(err)
			}
		}
	})
	want, _ := h.m.Screen("v1", start)
	_, _, page := get(t, server.URL+own)
	if !strings.Contains(page, want.Code[:3]+" "+want.Code[3:]) || !strings.Contains(page, "data:image/png;base64,") {
		t.Error("the venue's screen shows no code")
	}
	foreign, _ := h.m.Screen("v0", start)
	for _, path := range []string{own, whole} {
		_, _, state := get(t, server.URL+path+"/state")
		_, _, page := get(t, server.URL+path)
		for _, secret := range []string{foreign.Code, "111110", "111111", "secret"} {
			if strings.Contains(state+page, secret) {
				t.Errorf("%s tells %s", path, secret)
			}
		}
	}
}

func TestManyScreensCostOneLook(t *testing.T) {
	h, server, b := convene(t, 3)
	path := h.watchFor(t, "")
	const screens = 20
	ctx, stop := context.WithCancel(t.Context())
	seen := make(chan int, screens*2)
	var all sync.WaitGroup
	for i := range screens {
		all.Go(func() {
			reported := false
			_ = listen(ctx, server.URL+path+"/events", func(_ string, e event) bool {
				if !reported && e.Texts != nil {
					reported = true
					seen <- -1
				}
				if e.Texts["t.present"] == "1" {
					seen <- i
					return true
				}
				return false
			})
		})
	}
	for range screens {
		<-seen
	}
	before := h.counts.Load()
	h.change(func(_ *briefings.Meeting, seats []briefings.Invitation) { arrive(seats, 5) })
	for range screens {
		<-seen
	}
	if counted := h.counts.Load() - before; counted != 1 {
		t.Errorf("one change was counted %d times for %d screens", counted, screens)
	}
	stop()
	all.Wait()
	b.mu.Lock()
	left := b.screens
	b.mu.Unlock()
	if left != 0 {
		t.Logf("%d screens are still leaving", left) // their handlers end with their connections
	}
}

func TestSilenceOfTheStoreIsNotTakenForPeace(t *testing.T) {
	h, server, b := convene(t, 1)
	path := h.watchFor(t, "")
	get(t, server.URL+path+"/state")
	h.away.Store(true)
	w, ok := b.join("m1")
	if !ok {
		t.Fatal("no room")
	}
	defer w.leave()
	for tries := 0; ; tries++ {
		s, fresh := w.await(t.Context(), 1<<40, 5*time.Millisecond)
		if s != nil && !fresh {
			break
		}
		if tries == 1000 {
			t.Fatal("the board keeps saying that all is well")
		}
	}
}

func TestRoomIsBounded(t *testing.T) {
	h, server, b := convene(t, 1)
	path := h.watchFor(t, "")
	b.Most = 0
	if status, _, _ := get(t, server.URL+path); status != http.StatusServiceUnavailable {
		t.Errorf("no room, and %d", status)
	}
}

func TestEverySentenceCanBeDrawn(t *testing.T) {
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	both, err := fonts()
	if err != nil {
		t.Fatal(err)
	}
	letters := "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđ0123456789.,:/%·–…“”‘’"
	letters += strings.ToUpper(letters)
	for _, key := range texts.Keys() {
		if strings.HasPrefix(key, "board.") && texts.Kind(key) == i18n.Plain {
			for _, lang := range []i18n.Lang{i18n.Vi, i18n.En} {
				letters += i18n.Printer{Catalogue: texts, Lang: lang}.T(key)
			}
		}
	}
	var buf sfnt.Buffer
	for i, f := range both {
		for _, r := range letters {
			if r == '\u0303' || r < ' ' {
				continue
			}
			if index, err := f.GlyphIndex(&buf, r); err != nil || index == 0 {
				t.Errorf("font %d has no %q", i, r)
			}
		}
	}
}

func TestThePictureShowsEveryVenue(t *testing.T) {
	h, _, b := convene(t, 18)
	for _, lang := range []briefings.Lang{briefings.Vietnamese, briefings.English} {
		r := briefings.Count(&h.m, h.seats, briefings.NewRoster(nil, nil, nil, nil, start).Tree(), start)
		var out bytes.Buffer
		if err := Picture(&out, b.printer(lang), &h.m, r, start); err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(&out)
		if err != nil {
			t.Fatal(err)
		}
		if got := img.Bounds().Dy(); got != headHeight+totalHeight+tableHead+18*rowHeight+margin {
			t.Errorf("%d high", got)
		}
	}
}

func TestAClosedVenueSaysSoAndTheFiguresAddUp(t *testing.T) {
	h, server, _ := convene(t, 2)
	path := h.watchFor(t, "v0")
	if _, _, page := get(t, server.URL+path); !strings.Contains(page, "Điểm danh chưa mở tại điểm cầu này.") || strings.Contains(page, "mà đến") {
		t.Error("a venue that did not open does not say so")
	}
	h.change(func(m *briefings.Meeting, seats []briefings.Invitation) {
		m.Venues[0].Closing = &briefings.Closing{Headcount: 1, At: start}
		seats[0].CheckIn = &briefings.CheckIn{At: start, Venue: "v0", Method: briefings.ByOfficer}
	})
	deadline := time.Now().Add(10 * time.Second)
	for {
		_, _, page := get(t, server.URL+path)
		if strings.Contains(page, "Điểm cầu này đã chốt điểm danh") && strings.Contains(page, "không trả lời mà đến: 1") {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("a venue that closed, and who came without a word, are not on the board")
		}
		time.Sleep(10 * time.Millisecond)
	}
}
