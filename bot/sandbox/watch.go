package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// pingEvery keeps an event stream alive through proxies that close silent connections.
const pingEvery = 15 * time.Second

// serveEvents streams what happens in the chats of the people named, or of everybody.
func (s *Server) serveEvents(w http.ResponseWriter, r *http.Request) {
	var people []int64
	for _, raw := range r.URL.Query()["person"] {
		id, err := strconv.ParseInt(raw, 10, 64)
		if err != nil {
			writeActError(w, cannot("person is not a number"))
			return
		}
		people = append(people, id)
	}
	control := http.NewResponseController(w)
	s.mu.Lock()
	l := s.hub.add(people, false)
	s.mu.Unlock()
	defer s.leave(l)
	_ = control.SetWriteDeadline(time.Time{}) // a stream outlives any timeout of the server
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	if _, err := io.WriteString(w, ": open\n\n"); err != nil || control.Flush() != nil {
		return
	}
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	for {
		line := ": ping\n\n"
		select {
		case <-r.Context().Done():
			return
		case <-ping.C:
		case raw, open := <-l.events:
			if !open {
				return
			}
			line = "event: chat\ndata: " + string(raw) + "\n\n"
		}
		if _, err := io.WriteString(w, line); err != nil || control.Flush() != nil {
			return
		}
	}
}

func (s *Server) leave(l *listener) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hub.remove(l)
}

// Await waits until the bot says the text to the person: in a message, in an edited one, or
// in a toast, which has the id 0. With after it looks only at what was said or changed after
// that message. It waits at most for d, in real time.
func (s *Server) Await(ctx context.Context, person int64, contains string, after int, d time.Duration) (MessageView, error) {
	s.mu.Lock()
	if _, err := s.personLocked(person); err != nil {
		s.mu.Unlock()
		return MessageView{}, err
	}
	l := s.hub.add([]int64{person}, true)
	s.mu.Unlock()
	defer s.leave(l)
	timer := time.NewTimer(d)
	defer timer.Stop()
	for {
		if view, found := s.said(person, contains, after); found {
			return view, nil
		}
		select {
		case <-l.wake:
			continue
		case <-l.events: // closed with the server
		case <-timer.C:
		case <-ctx.Done():
		}
		return MessageView{}, &actError{http.StatusRequestTimeout, fmt.Sprintf("%q was not said to %d within %v", contains, person, d)}
	}
}

// said looks for the text, newest first.
func (s *Server) said(person int64, contains string, after int) (MessageView, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.people[person]
	since := uint64(0)
	if m := p.find(after); m != nil {
		since = m.born
	}
	for i := len(p.log) - 1; i >= 0; i-- {
		m := p.log[i]
		if m.bot && (m.MessageID > after || since > 0 && m.changed > since) && strings.Contains(m.Text+m.Caption, contains) {
			return s.messageViewLocked(m), true
		}
	}
	for i := len(p.notes) - 1; i >= 0; i-- {
		if n := p.notes[i]; n.toast && n.seq > since && strings.Contains(n.text, contains) {
			return MessageView{From: "service", Text: n.text, Entities: []Entity{}, CaptionEntities: []Entity{}, Buttons: [][]ButtonView{}}, true
		}
	}
	return MessageView{}, false
}

func (s *Server) serveAwait(w http.ResponseWriter, r *http.Request) {
	person, err := queryNumber(r, "person", 0)
	after, errAfter := queryNumber(r, "after", 0)
	timeout, errTimeout := queryNumber(r, "timeout", 5000)
	for _, err := range []error{err, errAfter, errTimeout} {
		if err != nil {
			writeActError(w, err)
			return
		}
	}
	view, err := s.Await(r.Context(), person, r.URL.Query().Get("contains"), int(after), time.Duration(timeout)*time.Millisecond)
	if act := (*actError)(nil); errors.As(err, &act) && act.status == http.StatusRequestTimeout {
		chat, _ := s.Chat(person, 0)
		writeJSON(w, http.StatusRequestTimeout, map[string]string{"error": act.words, "transcript": chat.Text()})
		return
	}
	if err != nil {
		writeActError(w, err)
		return
	}
	writeJSON(w, http.StatusOK, view)
}

func (s *Server) serveTranscript(w http.ResponseWriter, r *http.Request) {
	person, err := queryNumber(r, "person", 0)
	if err != nil {
		writeActError(w, err)
		return
	}
	from, err := queryNumber(r, "from", 0)
	if err != nil {
		writeActError(w, err)
		return
	}
	chat, err := s.Chat(person, 0)
	if err != nil {
		writeActError(w, err)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, chat.TextFrom(int(from)))
}

// quietStep is how often Quiet looks while something is going on.
const quietStep = 5 * time.Millisecond

// Quiet waits until every update is confirmed and the bot has made no call for the time still,
// a poll for updates not counted. It gives up after timeout. Both are real time.
func (s *Server) Quiet(ctx context.Context, still, timeout time.Duration) error {
	end := time.Now().Add(timeout)
	from := time.Since(s.start)
	for {
		s.mu.Lock()
		s.expireLocked()
		pending, running := len(s.updates.waiting), s.inFlight
		left := still - (time.Since(s.start) - max(s.lastCall, from))
		shut := s.shut
		s.mu.Unlock()
		if pending == 0 && running == 0 && left <= 0 {
			return nil
		}
		if shut || !time.Now().Before(end) {
			return &actError{http.StatusRequestTimeout, fmt.Sprintf("not quiet: %d updates unconfirmed, %d calls running", pending, running)}
		}
		wait := quietStep
		if pending == 0 && running == 0 {
			wait = max(left, time.Millisecond)
		}
		timer := time.NewTimer(min(wait, time.Until(end)+time.Millisecond))
		select {
		case <-timer.C:
		case <-s.closed:
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
		timer.Stop()
	}
}

func (s *Server) simQuiet(r *http.Request) (any, error) {
	still, err := queryNumber(r, "for", 200)
	if err != nil {
		return nil, err
	}
	timeout, err := queryNumber(r, "timeout", 10_000)
	if err != nil {
		return nil, err
	}
	if err := s.Quiet(r.Context(), time.Duration(still)*time.Millisecond, time.Duration(timeout)*time.Millisecond); err != nil {
		return nil, err
	}
	return done{true}, nil
}
