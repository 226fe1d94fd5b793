package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
	"github.com/hibiken/asynq"

	"briefbot/briefings"
	"briefbot/scheduler/delivery"
)

const token = "123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// firstChat is the first of the chats that are written to.
const firstChat = 6_000_000_000

// kept is a client that keeps as many connections as there are requests in flight.
func kept() *http.Client {
	return &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConns: 2 * inFlight, MaxIdleConnsPerHost: 2 * inFlight}}
}

// poster posts one message as net/http does it at its best.
type poster struct {
	client *http.Client
	url    string
}

func newPoster(a arena) poster {
	return poster{client: kept(), url: a.base + "/bot" + token + "/sendMessage"}
}

func (p poster) post(ctx context.Context, chat int64) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url,
		strings.NewReader(`{"chat_id":`+strconv.FormatInt(chat, 10)+`,"text":`+string(text)+`}`))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	said, err := p.client.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = said.Body.Close() }()
	if _, err := io.Copy(io.Discard, said.Body); err != nil {
		return err
	}
	if said.StatusCode != http.StatusOK {
		return fmt.Errorf("answered %s", said.Status)
	}
	return nil
}

// crowd lets inFlight goroutines do n things.
func crowd(n int, do func(i int) error) (time.Duration, error) {
	var next atomic.Int64
	var group sync.WaitGroup
	errs := make(chan error, inFlight)
	began := time.Now()
	for range inFlight {
		group.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if err := do(i); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	group.Wait()
	took := time.Since(began)
	select {
	case err := <-errs:
		return 0, err
	default:
		return took, nil
	}
}

// rawHTTP is the least that any sender does.
func rawHTTP(ctx context.Context, a arena, n int) (time.Duration, error) {
	p := newPoster(a)
	defer p.client.CloseIdleConnections()
	return crowd(n, func(i int) error { return p.post(ctx, firstChat+int64(i)) })
}

// sendLoop calls the library's Send, with its own client or with one that keeps its connections.
func sendLoop(tuned bool) func(context.Context, arena, int) (time.Duration, error) {
	return func(_ context.Context, a arena, n int) (time.Duration, error) {
		bot := library(a, tuned)
		return crowd(n, func(i int) error {
			_, err := bot.Send(tgbotapi.NewMessage(firstChat+int64(i), body))
			return err
		})
	}
}

func library(a arena, tuned bool) *tgbotapi.BotAPI {
	bot := &tgbotapi.BotAPI{Token: token, Client: &http.Client{}, Buffer: 100}
	if tuned {
		bot.Client = kept()
	}
	bot.SetAPIEndpoint(a.base + "/bot%s/%s")
	return bot
}

// engine sends one mailing through the outbox and the delivery engine, which records what became of each recipient. It posts as rawHTTP
// does, so that the difference is what the ledger costs.
func engine(ctx context.Context, a arena, n int) (time.Duration, error) {
	outbox := delivery.NewOutbox(a.redis, "compare")
	m := briefings.Mailing{Kind: briefings.KindInvitation, Subject: "m1", Revision: 1, Due: time.Now()}
	_, err := outbox.Put(ctx, m, func(yield func(briefings.MemberNo) bool) {
		for i := range n {
			if !yield(briefings.MemberNo(i + 1)) {
				return
			}
		}
	})
	if err != nil {
		return 0, err
	}
	town := &town{poster: newPoster(a)}
	defer town.poster.client.CloseIdleConnections()
	ctx, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	began := time.Now()
	go func() {
		ended <- delivery.New(delivery.EngineConfig{
			Outbox: outbox, Directory: town, Sender: town, Pace: town, Replica: "compare", Workers: inFlight,
		}).Run(ctx)
	}()
	// The mailing is done when the ledger says so of everybody, not when the last request came back.
	for {
		status, err := outbox.Mailing(ctx, m.Key())
		if err != nil {
			stop()
			return 0, err
		}
		if status.State == delivery.Done {
			if status.Counts.Sent != n {
				stop()
				return 0, fmt.Errorf("%d of %d were sent", status.Counts.Sent, n)
			}
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	took := time.Since(began)
	stop()
	return took, <-ended
}

// town is a directory in which everybody can be reached, a sender and no pace.
type town struct {
	poster poster
}

func (*town) Wait(ctx context.Context, _ func() (briefings.Class, int, int)) error { return ctx.Err() }

func (*town) Recipients(_ context.Context, numbers []briefings.MemberNo) ([]briefings.Recipient, error) {
	list := make([]briefings.Recipient, len(numbers))
	for i, no := range numbers {
		list[i] = briefings.Recipient{No: no, ID: "M", Chat: briefings.ChatID(firstChat + int64(no)), Lang: briefings.Vietnamese}
	}
	return list, nil
}

func (t *town) Send(ctx context.Context, n briefings.Notice) (briefings.Receipt, error) {
	return briefings.Receipt{Message: 4711}, t.poster.post(ctx, int64(n.To.Chat))
}

// queue does the same job with a task queue: a task for each recipient, kept afterwards as the record of what became of it. Putting the
// tasks in is not counted, only working them off.
func queue(ctx context.Context, a arena, n int) (time.Duration, error) {
	to := asynq.RedisClientOpt{Network: "unix", Addr: a.socket}
	client := asynq.NewClient(to)
	defer func() { _ = client.Close() }()
	if _, err := crowd(n, func(i int) error {
		chat := strconv.Itoa(firstChat + i)
		_, err := client.EnqueueContext(ctx, asynq.NewTask("send", []byte(chat)), asynq.TaskID("m1:"+chat), asynq.Retention(time.Hour))
		return err
	}); err != nil {
		return 0, err
	}
	bot := library(a, true)
	var sent atomic.Int64
	done := make(chan struct{})
	server := asynq.NewServer(to, asynq.Config{Concurrency: inFlight, LogLevel: asynq.FatalLevel})
	began := time.Now()
	err := server.Start(asynq.HandlerFunc(func(_ context.Context, t *asynq.Task) error {
		chat, err := strconv.ParseInt(string(t.Payload()), 10, 64)
		if err != nil {
			return err
		}
		if _, err := bot.Send(tgbotapi.NewMessage(chat, body)); err != nil {
			return err
		}
		if sent.Add(1) == int64(n) {
			close(done)
		}
		return nil
	}))
	if err != nil {
		return 0, err
	}
	select {
	case <-done:
	case <-ctx.Done():
	}
	took := time.Since(began)
	server.Shutdown()
	return took, ctx.Err()
}
