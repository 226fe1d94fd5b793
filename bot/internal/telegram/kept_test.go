package telegram_test

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	goredis "github.com/redis/go-redis/v9"

	"briefbot/bot/internal/telegram"
	"briefbot/bot/sandbox"
	"briefbot/briefings/redistest"
)

// keeping is a stage whose door remembers what it uploaded.
func keeping(t *testing.T, kept telegram.Kept) stage {
	t.Helper()
	s := sandbox.New(sandbox.Config{})
	server := httptest.NewServer(s.Handler())
	t.Cleanup(func() { s.Close(); server.Close() })
	d, err := telegram.New(telegram.Config{Token: telegram.NewSecret(s.Token()), BaseURL: server.URL, Kept: kept})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return stage{Server: s, door: d}
}

func (s stage) send(t *testing.T, to int64, name, content string) {
	t.Helper()
	if sent, err := s.door.SendDocument(t.Context(), to, telegram.File{Name: name, Bytes: []byte(content)}, "", nil); err != nil || sent.ID == 0 {
		t.Fatalf("send %s: %+v, %v", name, sent, err)
	}
}

// A file that was made here is uploaded once; another name or another content is another file.
func TestAFileIsUploadedOnce(t *testing.T) {
	redistest.Each(t, func(t *testing.T, c *goredis.Client) {
		s := keeping(t, telegram.NewRedisKept(c, "t"))
		lan := s.person(t)
		for _, step := range []struct {
			name, content string
			uploads       int
		}{{"m.ics", "one", 1}, {"m.ics", "one", 1}, {"n.ics", "one", 2}, {"m.ics", "two", 3}, {"m.ics", "one", 3}} {
			s.send(t, lan, step.name, step.content)
			if n := s.Report().Uploads; n != step.uploads {
				t.Fatalf("%s with %q: %d uploads, want %d", step.name, step.content, n, step.uploads)
			}
		}
		for _, key := range c.Keys(t.Context(), "t:file:*").Val() {
			if left := c.TTL(t.Context(), key).Val(); left <= 0 || left > 30*24*time.Hour {
				t.Errorf("%s is kept for %v", key, left)
			}
		}
	})
}

// An id that the server does not take is forgotten: the file is uploaded and kept anew, and arrives.
func TestARefusedFileIsUploadedAgain(t *testing.T) {
	for _, words := range []string{
		"Bad Request: wrong file identifier/HTTP URL specified",
		"Bad Request: wrong file_id or the file is temporarily unavailable",
	} {
		server := miniredis.RunT(t)
		c := goredis.NewClient(&goredis.Options{Addr: server.Addr()})
		t.Cleanup(func() { _ = c.Close() })
		s := keeping(t, telegram.NewRedisKept(c, "t"))
		lan := s.person(t)
		s.send(t, lan, "m.ics", "one")
		if _, err := s.AddFault(sandbox.Fault{Method: "sendDocument", Code: 400, Description: words, Times: 1}); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			s.send(t, lan, "m.ics", "one")
			if n := s.Report().Uploads; n != 2 {
				t.Errorf("%s: %d uploads, want 2", words, n)
			}
		}
	}
}

// A Redis that is away costs an upload, not the file.
func TestWithoutRedisAFileIsUploaded(t *testing.T) {
	server := miniredis.RunT(t)
	c := goredis.NewClient(&goredis.Options{Addr: server.Addr(), MaxRetries: -1})
	t.Cleanup(func() { _ = c.Close() })
	s := keeping(t, telegram.NewRedisKept(c, "t"))
	lan := s.person(t)
	server.Close()
	for want := 1; want <= 2; want++ {
		s.send(t, lan, "m.ics", "one")
		if n := s.Report().Uploads; n != want {
			t.Errorf("%d uploads, want %d", n, want)
		}
	}
}
