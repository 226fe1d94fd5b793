package app_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"briefbot/bot/sandbox"
	"briefbot/briefings/redistest"
	"briefbot/cmd/internal/app"
)

// office is a service whose administrator sits at a phone.
type office struct {
	*testing.T
	*story
	admin int64
}

func newOffice(t *testing.T) office {
	t.Helper()
	s, err := newStory(redis{url: "redis://" + redistest.Embedded(t).Addr() + "/0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.halt(); s.web.Close(); s.stage.Close() })
	o := office{t, s, 42}
	s.config.AdminIDs = []int64{o.admin}
	s.config.Sleep = briefly
	s.stage.AddPerson(sandbox.Person{ID: o.admin, FirstName: "boss"})
	if err := s.serve(); err != nil {
		t.Fatal(err)
	}
	return o
}

// briefly waits some milliseconds in the place of seconds.
func briefly(ctx context.Context, _ time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(5 * time.Millisecond):
		return nil
	}
}

// asks has the administrator ask for the status until it says something, or does not say it any more.
func (o office) asks(words string, want bool) {
	o.Helper()
	deadline := time.Now().Add(patience)
	for {
		since, err := o.last(o.admin)
		if err != nil {
			o.Fatal(err)
		}
		if _, err := o.stage.Say(o.admin, "/tinhtrang"); err != nil {
			o.Fatal(err)
		}
		said, err := o.stage.Await(o.Context(), o.admin, "Tiến trình đang chạy", since, patience)
		if err != nil {
			o.Fatal(err)
		}
		if strings.Contains(said.Text, words) == want {
			return
		}
		if time.Now().After(deadline) {
			o.Fatalf("the status says %q; want %q: %v", said.Text, words, want)
		}
	}
}

// Two services read the updates of one bot, each on a Redis of its own. Both notice when it has lasted longer than a poll of their own
// could, and the one that is left reads on by itself.
func TestTwoServicesOnOneTokenAreSpokenOf(t *testing.T) {
	o := newOffice(t)
	o.asks("Một máy khác", false)
	config := o.config
	config.RedisURL, config.Replica = "redis://"+redistest.Embedded(t).Addr()+"/0", "other"
	other, err := app.New(config)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stopped := make(chan error, 1)
	go func() { stopped <- other.Run(ctx) }()
	<-other.Ready()
	meet := func() { // both are told of conflicts, in turns
		o.Helper()
		before := o.conflicts()
		o.await("conflicts", func() bool { return o.conflicts() > before+5 })
	}
	meet()
	o.asks("một máy khác cũng đọc", false) // it may be a poll of our own
	for range 2 {
		o.setClock(o.clock().Add(40 * time.Second))
		meet()
	}
	o.asks("Từ 08:00, một máy khác cũng đọc tin nhắn của bot bằng cùng mã token", true)

	stop()
	if err := <-stopped; err != nil {
		t.Fatal(err)
	}
	o.setClock(o.clock().Add(time.Minute))
	o.asks("Từ 08:00 đến 08:02, một máy khác cũng đọc", true)
	o.setClock(o.clock().Add(time.Hour))
	o.asks("một máy khác", false)
}

// A webhook that somebody sets while the service polls is deleted, what people wrote meanwhile is read, and the status speaks of it.
func TestAWebhookSetWhilePollingIsDeletedAndSpokenOf(t *testing.T) {
	o := newOffice(t)
	hook := "http://127.0.0.1:9/" // the port of discard: nobody takes updates there
	res, err := http.Get(o.web.URL + "/bot" + o.stage.Token() + "/setWebhook?url=" + hook)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	o.asks("tin nhắn gửi đến bot bị chuyển sang một địa chỉ khác (webhook); nay bot đã đọc lại", true)
	if info, err := o.service.Inspect(t.Context()); err != nil || info.Webhook != "" {
		t.Errorf("the webhook stands: %+v, %v", info, err)
	}
	o.setClock(o.clock().Add(time.Hour))
	o.asks("webhook", false)
}

// conflicts counts the polls that were refused because of others.
func (o office) conflicts() int {
	n := 0
	for _, r := range o.stage.Report().Refused {
		if r.Code == http.StatusConflict {
			n++
		}
	}
	return n
}

func (o office) await(what string, done func() bool) {
	o.Helper()
	for deadline := time.Now().Add(patience); !done(); time.Sleep(glance) {
		if time.Now().After(deadline) {
			o.Fatalf("waited in vain for %s", what)
		}
	}
}
