package telegram

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync"
	"time"
)

// progress knows how far a request got, to tell "never left" from "left, no
// answer".
//
// The transport reports WroteRequest a moment after the last byte was handed
// over, and a cancelled call may return inside that moment. So a body that
// was read to its end counts as gone too, unless the transport says that the
// write failed.
type progress struct {
	mu      sync.Mutex
	wrote   bool // the request was written
	broke   bool // the write failed
	drained bool // the transport read the body to its end
	begun   bool // the transport began to read the body
	given   bool // given up before that
}

// errGivenUp ends a request that nobody wants any more before anything of its body is written.
var errGivenUp = errors.New("given up before it was sent")

// giveUp keeps a request from being sent, and reports false when that has begun.
func (p *progress) giveUp() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.given = !p.begun
	return p.given
}

// begin reports whether the body may be read, and that it is.
func (p *progress) begin() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.begun = !p.given
	return p.begun
}

type writtenKey struct{}

// OnWritten returns a context in which a call tells when its request was
// written, as soon as it was, and before the answer comes.
func OnWritten(ctx context.Context, tell func(at time.Time)) context.Context {
	return context.WithValue(ctx, writtenKey{}, tell)
}

// watch adds a trace to ctx.
func (p *progress) watch(ctx context.Context) context.Context {
	tell, _ := ctx.Value(writtenKey{}).(func(time.Time))
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		// A second GetConn is the transport's own second try, which it makes
		// only when nothing was written on a connection that had gone stale.
		GetConn: func(string) { p.set(func() { p.wrote, p.broke, p.drained = false, false, false }) },
		WroteRequest: func(i httptrace.WroteRequestInfo) {
			at := time.Now()
			p.set(func() { p.wrote, p.broke = i.Err == nil, i.Err != nil })
			if tell != nil {
				tell(at)
			}
		},
	})
}

// wrap makes req's body report its end.
func (p *progress) wrap(req *http.Request) {
	if req.Body == nil || req.Body == http.NoBody {
		return
	}
	req.Body = &watchedBody{ReadCloser: req.Body, left: req.ContentLength, progress: p}
	if again := req.GetBody; again != nil {
		length := req.ContentLength
		req.GetBody = func() (io.ReadCloser, error) {
			body, err := again()
			if err != nil {
				return nil, err
			}
			return &watchedBody{ReadCloser: body, left: length, progress: p}, nil
		}
	}
}

// left reports that the request may have reached the server as a whole.
func (p *progress) left() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.wrote || (p.drained && !p.broke)
}

func (p *progress) set(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
}

// watchedBody tells its progress when the first byte is to be read and when the last one was.
type watchedBody struct {
	io.ReadCloser
	left     int64 // bytes to come; below 0: unknown
	progress *progress
}

func (b *watchedBody) Read(into []byte) (int, error) {
	if !b.progress.begin() {
		return 0, errGivenUp
	}
	n, err := b.ReadCloser.Read(into)
	known := b.left > 0
	b.left -= int64(n)
	if err == io.EOF || (known && b.left <= 0) {
		b.progress.set(func() { b.progress.drained = true })
	}
	return n, err
}
