package delivery_test

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings"
	"briefbot/scheduler/delivery"
)

// benchRedis starts a redis-server with an append-only file, as in service.
func benchRedis(b *testing.B) *redis.Client {
	b.Helper()
	binary, err := exec.LookPath("redis-server")
	if err != nil {
		b.Skip("no redis-server on PATH")
	}
	dir := b.TempDir()
	socket := filepath.Join(dir, "s")
	command := exec.Command(binary, "--port", "0", "--unixsocket", socket, "--dir", dir, "--save", "",
		"--appendonly", "yes", "--appendfsync", "everysec", "--loglevel", "warning")
	if err := command.Start(); err != nil {
		b.Fatal(err)
	}
	client := redis.NewClient(&redis.Options{Network: "unix", Addr: socket, MaxRetries: -1, ContextTimeoutEnabled: true})
	b.Cleanup(func() {
		_ = client.Close()
		_ = command.Process.Kill()
		_ = command.Wait()
	})
	await(b, "redis-server", func() bool { return client.Ping(context.Background()).Err() == nil })
	return client
}

func memory(b *testing.B, c *redis.Client) float64 {
	b.Helper()
	text, err := c.Info(b.Context(), "memory").Result()
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(text) {
		if value, ok := strings.CutPrefix(line, "used_memory:"); ok {
			n, _ := strconv.ParseFloat(strings.TrimSpace(value), 64)
			return n
		}
	}
	b.Fatal("no used_memory")
	return 0
}

func BenchmarkPut(b *testing.B) {
	for _, people := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprint(people), func(b *testing.B) {
			c := benchRedis(b)
			o := delivery.NewOutbox(c, "bench")
			before := memory(b, c)
			n := 0
			for b.Loop() {
				n++
				m := invitation(fmt.Sprint("m", n))
				if _, err := o.Put(b.Context(), m, upTo(people)); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric((memory(b, c)-before)/float64(n*people), "B-redis/recipient")
			b.ReportMetric(float64(n*people)/b.Elapsed().Seconds(), "recipients/s")
		})
	}
}

// idle is a town where sending costs nothing.
type idle struct{ town }

func (*idle) Send(context.Context, briefings.Notice) (briefings.Receipt, error) {
	return briefings.Receipt{Message: 7}, nil
}

func BenchmarkEngine(b *testing.B) {
	const people = 100_000
	for _, m := range []briefings.Mailing{invitation("m"), briefing("b")} {
		b.Run(string(m.Kind), func(b *testing.B) {
			c := benchRedis(b)
			o := delivery.NewOutbox(c, "bench")
			ctx, cancel := context.WithCancel(b.Context())
			w := &idle{}
			done := make(chan error, 1)
			go func() {
				done <- delivery.New(delivery.EngineConfig{Outbox: o, Directory: w, Sender: w, Pace: w, Replica: "a", Workers: 256}).Run(ctx)
			}()
			n := 0
			for b.Loop() {
				n++
				m.Revision = n
				if _, err := o.Put(b.Context(), m, upTo(people)); err != nil {
					b.Fatal(err)
				}
				await(b, "the mailing to be done", func() bool {
					state, err := c.HGet(b.Context(), "bench:{b:"+string(m.Key())+"}:m", "state").Result()
					return err == nil && state == string(delivery.Done)
				})
			}
			b.ReportMetric(float64(n*people)/b.Elapsed().Seconds(), "notices/s")
			cancel()
			<-done
		})
	}
}

// BenchmarkRestart measures from the start of an engine to its first request, with work left by a former self.
func BenchmarkRestart(b *testing.B) {
	c := benchRedis(b)
	o := delivery.NewOutbox(c, "bench")
	if _, err := o.Put(b.Context(), invitation("m"), upTo(1_000_000)); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		ctx, cancel := context.WithCancel(b.Context())
		var once atomic.Bool
		first, done := make(chan time.Time, 1), make(chan error, 1)
		w := &idle{}
		sender := sendFunc(func() {
			if once.CompareAndSwap(false, true) {
				first <- time.Now()
			}
		})
		go func() {
			done <- delivery.New(delivery.EngineConfig{Outbox: o, Directory: w, Sender: sender, Pace: w, Replica: "a"}).Run(ctx)
		}()
		<-first
		cancel()
		<-done
	}
}

type sendFunc func()

func (f sendFunc) Send(context.Context, briefings.Notice) (briefings.Receipt, error) {
	f()
	return briefings.Receipt{Message: 7}, nil
}
