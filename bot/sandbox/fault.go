package sandbox

import (
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// FaultKind is what a fault does to a call.
type FaultKind string

const (
	FaultError FaultKind = "error"    // answers Code and Description, and does nothing
	FaultDrop  FaultKind = "drop"     // does it, and closes the connection without an answer
	FaultHTML  FaultKind = "html502"  // answers a front end's 502 page, and does nothing
	FaultEmpty FaultKind = "empty413" // answers 413 with no body, and does nothing
	FaultSlow  FaultKind = "slow"     // does it, after DelayMS
	FaultHang  FaultKind = "hang"     // does nothing and never answers
)

// Fault is something that goes wrong, as data. Zero fields match everything.
type Fault struct {
	ID          int       `json:"id"`
	Kind        FaultKind `json:"kind"`     // empty: error
	Method      string    `json:"method"`   // empty or *: any, getUpdates only when it is named
	Chat        int64     `json:"chat"`     // 0: any
	Contains    string    `json:"contains"` // of the text or the caption
	Times       int       `json:"times"`    // calls it still hits; 0 when added: every one
	Code        int       `json:"code"`
	Description string    `json:"description"` // empty: Telegram's words for the code
	RetryAfter  int       `json:"retry_after"` // seconds
	MigrateTo   int64     `json:"migrate_to"`  // the supergroup that the group became
	DelayMS     int       `json:"delay_ms"`
	Hits        int       `json:"hits"` // calls it has hit

	forever bool
	cleared chan struct{}
}

// AddFault makes the next calls that match go wrong. The first fault that matches wins.
func (s *Server) AddFault(f Fault) (Fault, error) {
	if f.Kind == "" {
		f.Kind = FaultError
	}
	if !slices.Contains([]FaultKind{FaultError, FaultDrop, FaultHTML, FaultEmpty, FaultSlow, FaultHang}, f.Kind) {
		return f, cannot("no fault of the kind %q", f.Kind)
	}
	if f.Kind == FaultError && f.Code == 0 {
		f.Code = http.StatusInternalServerError
	}
	if f.Kind == FaultError && (f.Code < 400 || f.Code > 599) {
		return f, cannot("code %d is not an error", f.Code)
	}
	if f.Method != "" && f.Method != "*" && s.calls[strings.ToLower(f.Method)] == nil {
		return f, cannot("no method %q", f.Method)
	}
	f.forever = f.Times <= 0
	f.Hits = 0
	f.cleared = make(chan struct{})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nextFlt++
	f.ID = s.nextFlt
	s.faults = append(s.faults, &f)
	return f, nil
}

// Faults lists the faults that may still hit.
func (s *Server) Faults() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Fault, 0, len(s.faults))
	for _, f := range s.faults {
		list = append(list, *f)
	}
	return list
}

// ClearFaults ends all faults and lets go of the calls that hang.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.faults {
		close(f.cleared)
	}
	s.faults = nil
}

// takeFault is the fault that hits the call, or nil.
func (s *Server) takeFault(c *call) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, f := range s.faults {
		if !f.matches(c) {
			continue
		}
		f.Hits++
		if !f.forever {
			if f.Times--; f.Times == 0 && f.Kind != FaultHang {
				s.faults = slices.Delete(s.faults, i, i+1)
			}
		}
		hit := *f
		return &hit
	}
	return nil
}

func (f *Fault) matches(c *call) bool {
	switch {
	case !f.forever && f.Times <= 0:
		return false
	case f.Method == "" || f.Method == "*":
		if c.method == "getUpdates" {
			return false
		}
	case !strings.EqualFold(f.Method, c.method):
		return false
	}
	if f.Chat != 0 && strconv.FormatInt(f.Chat, 10) != c.text("chat_id") {
		return false
	}
	return f.Contains == "" || strings.Contains(c.text("text"), f.Contains) || strings.Contains(c.text("caption"), f.Contains)
}

// before does what the fault does in place of the call; it says whether the call is over.
func (f *Fault) before(s *Server, w http.ResponseWriter, r *http.Request, c *call) bool {
	switch f.Kind {
	case FaultError:
		s.refuseTo(w, c.method, c.text("chat_id"), f.refusal())
	case FaultHTML:
		s.noteInjected(c, http.StatusBadGateway, "502 Bad Gateway")
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusBadGateway)
		_, _ = io.WriteString(w, "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n")
	case FaultEmpty:
		s.refuseTo(w, c.method, c.text("chat_id"), &refusal{
			code: http.StatusRequestEntityTooLarge, words: errTooLarge.words, mute: true, injected: true,
		})
	case FaultSlow:
		f.wait(s, r, time.Duration(f.DelayMS)*time.Millisecond)
		return r.Context().Err() != nil && c.method == "getUpdates"
	case FaultHang:
		s.noteInjected(c, 0, "no answer")
		f.wait(s, r, 0)
		panic(http.ErrAbortHandler)
	case FaultDrop:
		s.noteInjected(c, 0, "answer lost")
		return false
	}
	return true
}

// wait lasts for d, or without end when d is 0, or until the client, the fault or the server is gone.
func (f *Fault) wait(s *Server, r *http.Request, d time.Duration) {
	var over <-chan time.Time
	if d > 0 {
		timer := time.NewTimer(d)
		defer timer.Stop()
		over = timer.C
	} else if f.Kind == FaultSlow {
		return
	}
	select {
	case <-over:
	case <-r.Context().Done():
	case <-f.cleared:
	case <-s.closed:
	}
}

func (f *Fault) refusal() *refusal {
	words := f.Description
	if words == "" && f.MigrateTo != 0 {
		words = errUpgraded.words
	}
	if words == "" {
		words = faultWords(f.Code, f.RetryAfter)
	}
	return &refusal{code: f.Code, words: words, retryAfter: f.RetryAfter, migrateTo: f.MigrateTo, injected: true}
}

// faultWords is what Telegram says with a code when nothing else is asked for.
func faultWords(code, retryAfter int) string {
	switch code {
	case http.StatusTooManyRequests:
		return tooMany(max(retryAfter, 1)).words
	case http.StatusForbidden:
		return errBlocked.words
	case http.StatusConflict:
		return errPollStolen.words
	case http.StatusBadRequest:
		return errChatNotFound.words
	}
	return http.StatusText(code)
}

func (s *Server) noteInjected(c *call, code int, words string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.report.refused(Refused{
		Method: c.method, Code: code, Description: words, Chat: chatNumber(c.text("chat_id")),
		At: s.now().Unix(), Injected: true,
	})
}
