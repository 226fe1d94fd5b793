package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"briefbot/briefings"
)

// maxReply bounds an answer: a hundred updates of the largest kind fit.
const maxReply = 32 << 20

// Params are a call's parameters: numbers and booleans as text, structures as
// JSON. They take keys that the library does not know.
type Params = tgbotapi.Params

// Call makes one call and returns the answer's result. It never tries twice. When briefings.Going(ctx) ends before the request is being
// written, the call is given up and the error is Unsent.
// The error is an *Error, whatever went wrong.
func (d *Door) Call(ctx context.Context, method string, params Params, files ...tgbotapi.RequestFile) (json.RawMessage, error) {
	limit := d.timeouts.Call
	if len(files) > 0 {
		limit = d.timeouts.Upload
	}
	return d.call(ctx, limit, method, params, files)
}

func (d *Door) call(ctx context.Context, limit time.Duration, method string, params Params, files []tgbotapi.RequestFile) (result json.RawMessage, err error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	start := d.now()
	defer func() { d.finished(ctx, method, d.now().Sub(start), err) }()

	w := &wire{door: d, ctx: ctx}
	defer context.AfterFunc(briefings.Going(ctx), func() {
		if w.progress.giveUp() {
			cancel()
		}
	})()
	// A value of its own per call, because the library's only way to a context
	// is its client.
	bot := &tgbotapi.BotAPI{Token: d.token.Reveal(), Client: w}
	bot.SetAPIEndpoint(strings.ReplaceAll(d.base.String(), "%", "%%") + "/bot%s/%s")
	var resp *tgbotapi.APIResponse
	if len(files) > 0 {
		resp, err = bot.UploadFiles(method, params, files)
	} else {
		resp, err = bot.MakeRequest(method, params)
	}
	switch {
	case err == nil:
		return resp.Result, nil
	case w.refused != nil:
		// The library drops the code of a refused upload, so the verdict is
		// taken from the answer itself.
		return nil, d.refusal(method, w.reply, *w.refused)
	default:
		return nil, d.unanswered(method, err, &w.progress)
	}
}

// finished tells the observer of a call. The log gets the reason and not the
// description, which may quote the message.
func (d *Door) finished(ctx context.Context, method string, took time.Duration, err error) {
	d.observe(method, took, err)
	var e *Error
	if errors.As(err, &e) {
		d.log.DebugContext(ctx, "call refused", "method", method, "code", e.Code, "reason", e.Reason(), "took", took)
	}
}

// unanswered builds the error of a call that got no answer.
func (d *Door) unanswered(method string, err error, p *progress) *Error {
	e := &Error{
		Method:      method,
		Description: "no answer",
		kind:        kindAmbiguous,
		reason:      "no_answer",
		cause:       d.token.redactError(err),
	}
	if !p.left() {
		e.Description, e.kind, e.reason = "not sent", kindUnsent, "unsent"
	}
	return e
}

// wire is the library's HTTP client for one call.
type wire struct {
	door     *Door
	ctx      context.Context
	progress progress
	reply    reply
	refused  *tgbotapi.APIResponse // the answer, when it says no
}

// Do implements tgbotapi.HTTPClient: it adds the context, watches how far the
// request gets, and hands the library a body that is always the Bot API's
// JSON.
func (w *wire) Do(req *http.Request) (*http.Response, error) {
	req = req.WithContext(w.progress.watch(w.ctx))
	w.progress.wrap(req)
	resp, err := w.door.client.Do(req)
	if err != nil {
		if req.Body != nil {
			// Ends the library's goroutine that feeds an upload.
			_ = req.Body.Close()
		}
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxReply+1))
	if err != nil {
		return nil, fmt.Errorf("read answer: %w", err)
	}
	if len(body) > maxReply {
		return nil, errors.New("read answer: too long")
	}
	w.reply = reply{status: resp.StatusCode, retryHeader: resp.Header.Get("Retry-After")}
	var answer tgbotapi.APIResponse
	if err := json.Unmarshal(body, &answer); err != nil || (!answer.Ok && answer.ErrorCode == 0) {
		if resp.StatusCode == http.StatusOK {
			return nil, errors.New("read answer: not the Bot API's")
		}
		w.reply.foreign = true
		answer = tgbotapi.APIResponse{ErrorCode: resp.StatusCode, Description: http.StatusText(resp.StatusCode)}
		if body, err = json.Marshal(answer); err != nil {
			return nil, fmt.Errorf("write answer: %w", err)
		}
	}
	if !answer.Ok {
		w.refused = &answer
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}
