package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// patience is how long a person waits for the bot.
const patience = 20 * time.Second

// phones is the people's side of the sandbox.
type phones struct {
	base   string
	client *http.Client
}

func newPhones(base string) *phones {
	return &phones{base: base, client: &http.Client{Transport: &http.Transport{MaxIdleConns: 512, MaxIdleConnsPerHost: 512, IdleConnTimeout: 30 * time.Second}}}
}

func (p *phones) close() { p.client.CloseIdleConnections() }

// message is one message of a chat as its person sees it.
type message struct {
	ID       int    `json:"id"`
	From     string `json:"from"` // bot, person, service
	Text     string `json:"text"`
	Caption  string `json:"caption"`
	Entities []struct {
		Type string `json:"type"`
		URL  string `json:"url"`
	} `json:"caption_entities"`
	TextEntities []struct {
		URL string `json:"url"`
	} `json:"entities"`
	Document *struct {
		Name string `json:"file_name"`
		URL  string `json:"url"`
	} `json:"document"`
	Photo   *struct{} `json:"photo"`
	Buttons [][]struct {
		Text string `json:"text"`
	} `json:"buttons"`
}

// tapped is what a tap led to.
type tapped struct {
	Answered bool   `json:"answered"`
	Text     string `json:"text"`
	Alert    bool   `json:"show_alert"`
}

// account is somebody with Telegram.
type account struct {
	ID           int64  `json:"id"`
	FirstName    string `json:"first_name"`
	Phone        string `json:"phone"`
	LanguageCode string `json:"language_code"`
}

// call speaks to the sandbox. What it refuses comes back with its words.
func (p *phones) call(ctx context.Context, method, path string, body, into any) error {
	var content io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return fmt.Errorf("write %s: %w", path, err)
		}
		content = bytes.NewReader(raw)
	}
	r, err := http.NewRequestWithContext(ctx, method, p.base+path, content)
	if err != nil {
		return fmt.Errorf("ask %s: %w", path, err)
	}
	return p.send(r, into)
}

// send makes a request to the sandbox and reads the answer.
func (p *phones) send(r *http.Request, into any) error {
	path := r.URL.Path
	answer, err := p.client.Do(r)
	if err != nil {
		return fmt.Errorf("ask %s: %w", path, err)
	}
	defer func() { _ = answer.Body.Close() }()
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	if answer.StatusCode != http.StatusOK {
		var refused struct {
			Error      string `json:"error"`
			Transcript string `json:"transcript"`
		}
		if json.Unmarshal(raw, &refused) == nil && refused.Error != "" {
			if refused.Transcript != "" {
				return fmt.Errorf("%s\n%s", refused.Error, tail(refused.Transcript, 1200))
			}
			return errors.New(refused.Error)
		}
		return fmt.Errorf("ask %s: %s", path, answer.Status)
	}
	if file, ok := into.(*[]byte); ok {
		*file = raw
		return nil
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	return nil
}

// tail is the end of a text, from a whole character on.
func tail(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return "…" + string(r[len(r)-most:])
	}
	return s
}

type sent struct {
	ID int `json:"message_id"`
}

func (p *phones) add(ctx context.Context, people []account) error {
	return p.call(ctx, http.MethodPost, "/sim/people", people, nil)
}

// say types a text and returns the id of the message.
func (p *phones) say(ctx context.Context, who int64, text string) (int, error) {
	var s sent
	err := p.call(ctx, http.MethodPost, "/sim/say", map[string]any{"person": who, "text": text}, &s)
	return s.ID, err
}

// open follows a link into the bot.
func (p *phones) open(ctx context.Context, who int64, link string) (int, error) {
	var s sent
	err := p.call(ctx, http.MethodPost, "/sim/open", map[string]any{"person": who, "link": link}, &s)
	return s.ID, err
}

// share sends a contact card: the person's own where other is 0.
func (p *phones) share(ctx context.Context, who int64, phone string, other int64) (int, error) {
	var s sent
	err := p.call(ctx, http.MethodPost, "/sim/contact", map[string]any{"person": who, "phone": phone, "user_id": other}, &s)
	return s.ID, err
}

func (p *phones) block(ctx context.Context, who int64) error {
	return p.call(ctx, http.MethodPost, "/sim/block", map[string]any{"person": who}, nil)
}

// redrawn is how long a card may take to get the buttons that an answered press promised.
const redrawn = 5 * time.Second

// tap presses a button as soon as it stands there and waits for the answer to the press; message 0 is the latest that has such a button.
func (p *phones) tap(ctx context.Context, who int64, label string, message int) (tapped, error) {
	return p.tapBeside(ctx, who, label, "", message)
}

// tapBeside presses the button that stands in a row with another, where several look alike.
func (p *phones) tapBeside(ctx context.Context, who int64, label, beside string, message int) (tapped, error) {
	var t tapped
	err := p.call(ctx, http.MethodPost, "/sim/tap",
		map[string]any{"person": who, "label": label, "beside": beside, "message_id": message, "within": redrawn.Milliseconds()}, &t)
	if err == nil && !t.Answered {
		err = fmt.Errorf("the press on %q was not answered", label)
	}
	return t, err
}

// tapAndGo presses a button and waits for nothing.
func (p *phones) tapAndGo(ctx context.Context, who int64, label string, message int) error {
	return p.call(ctx, http.MethodPost, "/sim/tap", map[string]any{"person": who, "label": label, "message_id": message, "nowait": true}, nil)
}

// attach sends a file or, where it is one, a picture.
func (p *phones) attach(ctx context.Context, who int64, name string, content []byte, picture bool) (int, error) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(content)
	}
	if err = errors.Join(err, form.WriteField("person", strconv.FormatInt(who, 10)), form.Close()); err != nil {
		return 0, fmt.Errorf("write %s: %w", name, err)
	}
	path := "/sim/file"
	if picture {
		path = "/sim/photo"
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.base+path, &body)
	if err != nil {
		return 0, fmt.Errorf("ask %s: %w", path, err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	var s sent
	err = p.send(r, &s)
	return s.ID, err
}

// await waits until the bot says a text, after a message of the chat or in one that changed since.
func (p *phones) await(ctx context.Context, who int64, contains string, after int) (message, error) {
	var m message
	q := url.Values{"person": {strconv.FormatInt(who, 10)}, "contains": {contains}, "after": {strconv.Itoa(after)},
		"timeout": {strconv.FormatInt(patience.Milliseconds(), 10)}}
	err := p.call(ctx, http.MethodGet, "/sim/await?"+q.Encode(), nil, &m)
	return m, err
}

// chat reads a chat; limit 0: all of it.
func (p *phones) chat(ctx context.Context, who int64, limit int) ([]message, error) {
	var view struct {
		Messages []message `json:"messages"`
	}
	q := url.Values{"person": {strconv.FormatInt(who, 10)}, "limit": {strconv.Itoa(limit)}}
	err := p.call(ctx, http.MethodGet, "/sim/chat?"+q.Encode(), nil, &view)
	return view.Messages, err
}

// settled is how long the bot makes no call when it has said what it had to say to one person.
const settled = 60 * time.Millisecond

// quiet waits until the bot has handled everything and made no call for a while.
func (p *phones) quiet(ctx context.Context, still time.Duration) error {
	q := url.Values{"for": {strconv.FormatInt(still.Milliseconds(), 10)}, "timeout": {"120000"}}
	return p.call(ctx, http.MethodGet, "/sim/quiet?"+q.Encode(), nil, nil)
}

// file downloads what a message brought.
func (p *phones) file(ctx context.Context, address string) ([]byte, error) {
	var raw []byte
	err := p.call(ctx, http.MethodGet, address, nil, &raw)
	return raw, err
}

// report is what the sandbox noticed about the bot.
type report struct {
	Calls        map[string]int `json:"calls"`
	RefusedTotal int            `json:"refused_total"`
	RefusedBy    map[string]int `json:"refused_by"`
	Refused      []struct {
		Method      string `json:"method"`
		Description string `json:"description"`
		Chat        int64  `json:"chat"`
		Injected    bool   `json:"injected"`
	} `json:"refused"` // the first thousand
	Injected  int `json:"injected_total"`
	Callbacks struct {
		Pressed    int `json:"pressed"`
		Unanswered int `json:"unanswered"`
		Late       int `json:"late"`
		Twice      int `json:"twice"`
	} `json:"callbacks"`
	SentTotal    int `json:"sent_total"`
	MaxPerSecond int `json:"max_per_second"`
	Duplicates   []struct {
		Chat  int64  `json:"chat"`
		Text  string `json:"text"`
		Times int    `json:"times"`
	} `json:"duplicate_texts"`
	Pending int `json:"pending"`
	Dropped int `json:"dropped"`
}

// notModified is what Telegram says of an edit after which a message would be as it was.
const notModified = "message is not modified"

// unchanged is how many edits would have changed nothing.
func (r report) unchanged() int {
	n := 0
	for why, times := range r.RefusedBy {
		if strings.Contains(why, notModified) {
			n += times
		}
	}
	return n
}

func (p *phones) report(ctx context.Context) (report, error) {
	var r report
	err := p.call(ctx, http.MethodGet, "/sim/report", nil, &r)
	return r, err
}
