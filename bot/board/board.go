package board

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"briefbot/briefings"
	"briefbot/briefings/i18n"
)

// Source is what the board reads.
type Source interface {
	Roster(ctx context.Context) (*briefings.Roster, error)
	Meeting(ctx context.Context, id briefings.MeetingID) (briefings.Meeting, error)
	Invitations(ctx context.Context, id briefings.MeetingID) ([]briefings.Invitation, error)
	// Changes moves with everything that is written about a meeting.
	Changes(ctx context.Context, id briefings.MeetingID) (int64, error)
	Inquiries(ctx context.Context, id briefings.MeetingID) (briefings.Inquiries, error)
}

// Config is what a Board needs. All fields are required unless they say otherwise.
type Config struct {
	Source Source
	Texts  *i18n.Catalogue
	Zone   *time.Location
	Lang   briefings.Lang // of a page that does not ask for another
	// Link makes the address behind a venue's QR from the token on its screen.
	Link  func(m briefings.MeetingID, token string) string
	Every time.Duration // between two looks; zero: a second
	Most  int           // screens at once; zero: 500
	Now   func() time.Time
	Log   *slog.Logger
}

// Board serves the live boards of all meetings.
type Board struct {
	Config
	ctx     context.Context //nolint:containedctx // the life of the board, which outlives requests
	stop    context.CancelFunc
	looking sync.WaitGroup

	mu      sync.Mutex
	watches map[briefings.MeetingID]*watch
	screens int
}

// New makes a board. It does no I/O; Close ends it.
func New(c Config) *Board {
	if c.Every == 0 {
		c.Every = time.Second
	}
	if c.Most == 0 {
		c.Most = 500
	}
	if c.Lang == "" {
		c.Lang = briefings.Vietnamese
	}
	ctx, stop := context.WithCancel(context.Background())
	return &Board{Config: c, ctx: ctx, stop: stop, watches: map[briefings.MeetingID]*watch{}}
}

// Close lets go of every screen and returns when nothing of the board runs any more. It may be called again.
func (b *Board) Close() {
	b.mu.Lock()
	b.stop()
	b.mu.Unlock()
	b.looking.Wait()
}

// Handler serves everything below /board/.
func (b *Board) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /board/{token}", b.page)
	mux.HandleFunc("GET /board/{token}/events", b.events)
	mux.HandleFunc("GET /board/{token}/state", b.state)
	mux.HandleFunc("GET /board/assets/board.js", asset("board.js", "text/javascript; charset=utf-8"))
	mux.HandleFunc("GET /board/assets/board.css", asset("board.css", "text/css; charset=utf-8"))
	mux.HandleFunc("GET /board/assets/questions.css", asset("questions.css", "text/css; charset=utf-8"))
	return guarded(mux)
}

// printer speaks the language of a screen.
func (b *Board) printer(lang briefings.Lang) i18n.Printer {
	return i18n.Printer{
		Catalogue: b.Texts, Lang: i18n.Lang(lang), Location: b.Zone,
		Report: func(err error) { b.Log.Error("sentence not whole", "err", err) },
	}
}

// lang is the language a request asks for.
func (b *Board) lang(r *http.Request) briefings.Lang {
	switch lang := briefings.Lang(r.URL.Query().Get("lang")); lang {
	case briefings.Vietnamese, briefings.English:
		return lang
	}
	return b.Lang
}
