package sandbox

import (
	"cmp"
	"time"
)

const typingLasts = 5 * time.Second

// Limits are flood limits, counted exactly over the last second, or the last minute of a group. Zero switches a limit off.
type Limits struct {
	PerSecond        int `json:"per_second"`          // messages to everybody, edits included
	PerChatPerSecond int `json:"per_chat_per_second"` // messages to one person, edits included
	PerGroupMinute   int `json:"per_group_minute"`    // messages to one group in a minute, edits included; Telegram's is 20
	RetryAfter       int `json:"retry_after"`         // seconds that a 429 asks for; zero: 1, and of a group until it takes one more
}

// window counts what happened within the last second, or within its span.
type window struct {
	span  time.Duration // zero: a second
	times []time.Time
	head  int
	most  int // the highest count ever
}

// count is how many times lie within the span that ends now.
func (w *window) count(now time.Time) int {
	from := now.Add(-cmp.Or(w.span, time.Second))
	for w.head < len(w.times) && !w.times[w.head].After(from) {
		w.head++
	}
	if w.head == len(w.times) {
		w.times, w.head = w.times[:0], 0
	} else if w.head > 64 && w.head*2 > len(w.times) {
		n := copy(w.times, w.times[w.head:])
		w.times, w.head = w.times[:n], 0
	}
	return len(w.times) - w.head
}

// until is how long it takes until the span holds n times less.
func (w *window) until(now time.Time, n int) time.Duration {
	at := w.head + min(max(n, 1), len(w.times)-w.head) - 1
	if at < w.head {
		return 0
	}
	return w.times[at].Add(cmp.Or(w.span, time.Second)).Sub(now)
}

func (w *window) add(now time.Time, n int) {
	for range n {
		w.times = append(w.times, now)
	}
	w.most = max(w.most, w.count(now))
}

// flood is what the limits are held against.
type flood struct {
	all     window
	chatTop int // the most that one chat got in a second
	uploads map[int]time.Time
	closed  time.Time // the end of the last retry_after that concerned everybody
}

// floodLocked counts n messages or edits to the person, or refuses them.
func (s *Server) floodLocked(p *person, n int) *refusal {
	now, limits := s.now(), s.limits
	if now.Before(s.flood.closed) || now.Before(p.closed) {
		s.report.impatient++
	}
	if refused := s.groupFloodLocked(p, now, n); refused != nil {
		return refused
	}
	all, own := s.flood.all.count(now), p.flood.count(now)
	if limits.PerSecond > 0 && all+n > limits.PerSecond || limits.PerChatPerSecond > 0 && own+n > limits.PerChatPerSecond {
		s.report.tooMany++
		seconds := cmp.Or(limits.RetryAfter, 1)
		until := now.Add(time.Duration(seconds) * time.Second)
		if limits.PerSecond > 0 && all+n > limits.PerSecond {
			s.flood.closed = until
		} else {
			p.closed = until
		}
		return tooMany(seconds)
	}
	s.flood.all.add(now, n)
	p.flood.add(now, n)
	if p.group() {
		p.minute.add(now, n)
	}
	s.flood.chatTop = max(s.flood.chatTop, p.flood.most)
	return nil
}

// groupFloodLocked refuses n messages to a group that has had its messages of the minute, for as long as until it takes them.
func (s *Server) groupFloodLocked(p *person, now time.Time, n int) *refusal {
	limit := s.limits.PerGroupMinute
	if !p.group() || limit <= 0 {
		return nil
	}
	over := p.minute.count(now) + n - limit
	if over <= 0 {
		return nil
	}
	s.report.tooMany++
	wait := p.minute.until(now, over)
	seconds := max(1, int((wait+time.Second-1)/time.Second))
	p.closed = now.Add(wait)
	return tooMany(seconds)
}

// SetLimits changes the flood limits from now on.
func (s *Server) SetLimits(l Limits) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limits = l
}

const (
	throttledUpload = 100 << 10       // bytes; smaller files are not held back
	uploadBacklog   = 5 * time.Second // of files of one size that wait
	uploadPenalty   = 60              // seconds
)

// uploadFloodLocked is Telegram's brake on files of one size that are uploaded again and
// again. It is on while there is a limit on messages.
func (s *Server) uploadFloodLocked(size int) *refusal {
	if s.limits.PerSecond == 0 || size <= throttledUpload {
		return nil
	}
	if s.flood.uploads == nil {
		s.flood.uploads = map[int]time.Time{}
	}
	now := s.now()
	next := s.flood.uploads[size]
	if next.Before(now) {
		next = now
	}
	if next.Sub(now) > uploadBacklog {
		return tooMany(uploadPenalty)
	}
	between := time.Duration(min(max(float64(size)*1e-7, 0.2), 0.9) * float64(time.Second))
	s.flood.uploads[size] = next.Add(between)
	return nil
}
