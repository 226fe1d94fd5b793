package board

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"time"
	"unicode/utf8"

	"briefbot/briefings"
)

const (
	// beat is how often a screen hears from us when nothing changes; one that hears nothing for three beats says so.
	beat = 3 * time.Second
	// stuck is how long a screen may take to accept what is sent to it.
	stuck = 10 * time.Second
)

//go:embed assets
var files embed.FS

var pages = template.Must(template.ParseFS(files, "assets/*.html"))

// guarded sets what every answer says: nothing is kept, nothing runs that is not ours, and the address, which is the key, is told to
// nobody.
func guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		h.Set("Cache-Control", "no-store")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Robots-Tag", "noindex, nofollow")
		next.ServeHTTP(w, r)
	})
}

// asset serves the script or the style.
func asset(name, kind string) http.HandlerFunc {
	body, err := files.ReadFile("assets/" + name)
	if err != nil {
		panic(err) // the folder is part of the binary
	}
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Cache-Control", "no-cache")
		http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(body))
	}
}

// opened finds the meeting that a request may watch. It answers the request itself when there is none.
func (b *Board) opened(w http.ResponseWriter, r *http.Request) (*watch, *snapshot, view, bool) {
	lang := b.lang(r)
	token := r.PathValue("token")
	id, ok := briefings.ReadBoardToken(token)
	if ok {
		ok = b.genuine(r.Context(), id, token)
	}
	if !ok {
		b.closed(w, lang, http.StatusNotFound, "board.gone")
		return nil, nil, view{}, false
	}
	watch, room := b.join(id)
	if !room {
		b.closed(w, lang, http.StatusServiceUnavailable, "board.busy")
		return nil, nil, view{}, false
	}
	s, _ := watch.await(r.Context(), 0, patience)
	if s == nil {
		watch.leave()
		b.closed(w, lang, http.StatusServiceUnavailable, "board.busy")
		return nil, nil, view{}, false
	}
	link, valid := s.meeting.BoardLink(token, b.Now())
	if !valid {
		watch.leave()
		b.closed(w, lang, http.StatusNotFound, "board.gone")
		return nil, nil, view{}, false
	}
	return watch, s, view{link.Venue, lang}, true
}

// genuine asks the store about a token before anything is set in motion for it. A meeting that is watched already is asked in memory.
func (b *Board) genuine(ctx context.Context, id briefings.MeetingID, token string) bool {
	b.mu.Lock()
	w := b.watches[id]
	b.mu.Unlock()
	if w != nil {
		w.mu.Lock()
		s := w.last
		w.mu.Unlock()
		if s != nil {
			if _, valid := s.meeting.BoardLink(token, b.Now()); valid {
				return true
			}
		}
	}
	m, err := b.Source.Meeting(ctx, id)
	if err != nil {
		if !errors.Is(err, briefings.ErrNotFound) {
			b.Log.WarnContext(ctx, "board link not checked", "err", err)
		}
		return false
	}
	_, valid := m.BoardLink(token, b.Now())
	return valid
}

// closed answers a request that nothing is shown to.
func (b *Board) closed(w http.ResponseWriter, lang briefings.Lang, status int, key string) {
	p := b.printer(lang)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_ = pages.ExecuteTemplate(w, "closed.html", map[string]string{"Lang": string(lang), "Title": p.T("board.title"), "Text": p.T(key)})
}

// titleLine is how many characters of a title one line of the large size shows on a wide screen.
const titleLine = 64

// page serves the page whole, as the figures stand: a browser without scripts reads it too, and loads it again.
func (b *Board) page(w http.ResponseWriter, r *http.Request) {
	watch, s, v, ok := b.opened(w, r)
	if !ok {
		return
	}
	defer watch.leave()
	if r.URL.Query().Get("view") == "questions" {
		b.questions(w, r, s, v)
		return
	}
	f, err := b.face(s, v)
	if err != nil {
		b.Log.ErrorContext(r.Context(), "board not drawn", "err", err)
		b.closed(w, v.lang, http.StatusInternalServerError, "board.busy")
		return
	}
	p := b.printer(v.lang)
	other, label := otherThan(v.lang)
	columns, rows := layout(len(f.Tiles), v.venue != "")
	side := v.venue != ""
	var out bytes.Buffer
	err = pages.ExecuteTemplate(&out, "board.html", map[string]any{
		"Face": f, "Long": utf8.RuneCountInString(f.Title) > titleLine, "Lang": string(v.lang), "Shape": f.shape(), "Other": string(other), "OtherName": label, "Page": p.T("board.title"),
		"Columns": columns, "Rows": rows, "Per": columns * rows, "Side": side, "QR": qrSource(f.Screen), "Code": spaced(f.Screen),
		"ScanHere": p.T("board.scan"), "OrType": p.T("board.type"),
		"Lost": p.T("board.lost"), "Gone": p.T("board.gone"),
	})
	if err != nil {
		b.Log.ErrorContext(r.Context(), "board not drawn", "err", err)
		b.closed(w, v.lang, http.StatusInternalServerError, "board.busy")
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(out.Bytes())
}

// otherThan is the language that a page offers beside its own, and what it is called in it.
func otherThan(lang briefings.Lang) (other briefings.Lang, label string) {
	if lang == briefings.English {
		return briefings.Vietnamese, "Tiếng Việt"
	}
	return briefings.English, "English"
}

// qrSource is trusted as an address because it was drawn here.
func qrSource(s *screen) template.URL {
	if s == nil {
		return ""
	}
	return template.URL(s.QR) //nolint:gosec // base64 of our own picture
}

// spaced prints a code as it is read out: in two halves.
func spaced(s *screen) string {
	if s == nil {
		return ""
	}
	return s.Code[:3] + " " + s.Code[3:]
}

// layout is how many tiles stand side by side and below each other on a wide screen. Never more than three below each
// other: type in less is not read from the last row of a hall. What does not fit comes on a next sheet.
func layout(n int, side bool) (columns, rows int) {
	switch {
	case n <= 1:
		return 1, 1
	case n <= 2:
		return 2, 1
	case n <= 4:
		return 2, 2
	case n <= 6:
		return 3, 2
	case n <= 9:
		return 3, 3
	case side || n <= 12:
		return 4, 3
	case n <= 15:
		return 5, 3
	}
	return 6, 3
}

// state answers with the figures once.
func (b *Board) state(w http.ResponseWriter, r *http.Request) {
	watch, s, v, ok := b.opened(w, r)
	if !ok {
		return
	}
	defer watch.leave()
	body, err := b.draw(s, v)
	if err != nil {
		http.Error(w, "not drawn", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body)
}

// events tells a screen what changes until it goes, the link ends or the board closes.
func (b *Board) events(w http.ResponseWriter, r *http.Request) {
	watch, s, v, ok := b.opened(w, r)
	if !ok {
		return
	}
	defer watch.leave()
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no") // a proxy in between passes on at once
	out := http.NewResponseController(w)
	send := func(text string) error {
		if err := out.SetWriteDeadline(time.Now().Add(stuck)); err != nil && !errors.Is(err, http.ErrNotSupported) {
			return err
		}
		if _, err := fmt.Fprint(w, text); err != nil {
			return err
		}
		return out.Flush()
	}
	token := r.PathValue("token")
	text := "retry: 2000\n\n"
	var seq int64
	for {
		if s != nil {
			if _, valid := s.meeting.BoardLink(token, b.Now()); !valid {
				_ = send("event: gone\ndata: {}\n\n")
				return
			}
			if s.seq != seq {
				body, err := b.draw(s, v)
				if err != nil {
					b.Log.ErrorContext(r.Context(), "board not drawn", "err", err)
					return
				}
				seq, text = s.seq, text+"data: "+string(body)+"\n\n"
			}
		}
		if text != "" && send(text) != nil {
			return
		}
		text = ""
		next, fresh := watch.await(r.Context(), seq, beat)
		if r.Context().Err() != nil || b.ctx.Err() != nil {
			return
		}
		if s = next; s == nil || s.seq == seq {
			if fresh { // nothing changed; a store that does not answer is silence, and the screen says so
				text = "event: beat\ndata: {}\n\n"
			}
		}
	}
}
