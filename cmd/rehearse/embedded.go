package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/alicebob/miniredis/v2"

	"briefbot/bot/sandbox"
)

// botName is the bot's username at the stand-in.
const botName = "rehearsal_briefing_bot"

// sandboxd is the stand-in for Telegram as a process of its own. It prints its address on one line and serves until its standard
// input ends, so that it never outlives who started it.
type sandboxd struct{}

// Run serves.
func (sandboxd) Run(s *streams) error {
	listener, err := (&net.ListenConfig{}).Listen(s.ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	stand := sandbox.New(sandbox.Config{BotName: "Thông tin thời sự", BotUsername: botName})
	server := &http.Server{Handler: stand.Handler(), ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	fmt.Fprintf(s.stdout, "http://%s %s\n", listener.Addr(), stand.Token())
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-untilEnd(s):
	}
	stand.Close()
	bound, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), 2*time.Second)
	defer cancel()
	if err := server.Shutdown(bound); err != nil {
		return fmt.Errorf("stop serving: %w", err)
	}
	<-failed //nolint:errcheck // always http.ErrServerClosed now
	return nil
}

// redisd is an embedded Redis as a process of its own, for a machine without redis-server.
type redisd struct{}

// Run serves. The embedded Redis does not let time pass by itself, so that it is told to.
func (redisd) Run(s *streams) error {
	store := miniredis.NewMiniRedis()
	if err := store.Start(); err != nil {
		return fmt.Errorf("start embedded Redis: %w", err)
	}
	defer store.Close()
	fmt.Fprintf(s.stdout, "redis://%s/0\n", store.Addr())
	const step = 100 * time.Millisecond
	tick := time.NewTicker(step)
	defer tick.Stop()
	end := untilEnd(s)
	for {
		select {
		case <-end:
			return nil
		case <-tick.C:
			store.FastForward(step)
		}
	}
}

// untilEnd is closed when the starter is gone or the process is asked to stop.
func untilEnd(s *streams) <-chan struct{} {
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		read := make(chan struct{})
		go func() {
			_, _ = io.Copy(io.Discard, s.stdin)
			close(read)
		}()
		select {
		case <-read:
		case <-s.ctx.Done():
		}
	}()
	return gone
}
