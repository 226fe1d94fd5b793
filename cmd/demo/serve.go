package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/alicebob/miniredis/v2"
	"golang.org/x/sync/errgroup"

	"briefbot/bot/sandbox"
	"briefbot/cmd/internal/app"
	"briefbot/cmd/internal/sample"
)

const (
	org   = "Tỉnh ủy Minh Giang"
	orgEn = "Minh Giang Provincial Party Committee"
)

type options struct {
	addr    string
	verbose bool
	stdout  io.Writer
	stderr  io.Writer
}

// serve runs everything until ctx ends.
func serve(ctx context.Context, o options) error {
	level := slog.LevelWarn
	if o.verbose {
		level = slog.LevelDebug
	}
	log := slog.New(slog.NewTextHandler(o.stderr, &slog.HandlerOptions{Level: level}))

	redis := miniredis.NewMiniRedis()
	if err := redis.Start(); err != nil {
		return fmt.Errorf("start embedded Redis: %w", err)
	}
	defer redis.Close()

	listener, err := listen(ctx, o.addr)
	if err != nil {
		return err
	}
	page := "http://" + listener.Addr().String() + "/"

	zone, err := time.LoadLocation("Asia/Ho_Chi_Minh")
	if err != nil {
		return fmt.Errorf("load time zone: %w", err)
	}
	people, err := sample.Load(zone)
	if err != nil {
		return err
	}
	stage := sandbox.New(sandbox.Config{
		BotName: "Briefbot", BotUsername: "minhgiang_bot", Title: "Briefbot – " + org + " (dữ liệu mẫu)", TitleEn: "Briefbot – " + orgEn + " (sample data)", Cast: cast(), Log: log,
	})
	defer stage.Close()

	service, err := app.New(app.Config{
		TelegramToken: stage.Token(), TelegramAPIURL: "http://" + listener.Addr().String(), RedisURL: "redis://" + redis.Addr(),
		RedisMode: "single", RedisPrefix: "briefbot", OrgName: org, Contact: "đ/c Phạm Mẫu Bình, ĐT 0100 000 005",
		Timezone: zone.String(), Language: "vi", Join: "roster", Updates: "poll", BroadcastRate: 28, LogLevel: "info", LogFormat: "text",
		Replica: "demo", Log: log, PublicURL: "http://" + listener.Addr().String(),
	})
	if err != nil {
		return err
	}
	if err := furnish(ctx, service.Store, people, time.Now().In(zone)); err != nil {
		return fmt.Errorf("load sample: %w", err)
	}
	if err := hang(ctx, service, stage); err != nil {
		return fmt.Errorf("open board: %w", err)
	}
	if err := enter(stage, people); err != nil {
		return err
	}
	if err := act(stage); err != nil {
		return err
	}

	mux := http.NewServeMux()
	mux.Handle("/board/", service.Board.Handler())
	mux.Handle("/", stage.Handler())
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve page: %w", err)
		}
		return nil
	})
	group.Go(func() error { return service.Run(ctx) })
	group.Go(func() error { // the embedded Redis lets time pass only when it is told to
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return nil
			case <-tick.C:
				redis.FastForward(time.Second)
			}
		}
	})
	group.Go(func() error {
		<-ctx.Done()
		stage.Close() // lets go of the held polls first
		service.Board.Close()
		bound, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
		defer cancel()
		if err := server.Shutdown(bound); err != nil {
			return server.Close() // a browser that keeps its event stream open is not waited for
		}
		return nil
	})
	select {
	case <-service.Ready():
		fmt.Fprintf(o.stdout, "Briefbot demo: %s\n", page)
	case <-ctx.Done():
	}
	return group.Wait()
}

// listen takes the address, or any free port of its host when the port is in use.
func listen(ctx context.Context, addr string) (net.Listener, error) {
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", addr)
	if err == nil {
		return l, nil
	}
	host, _, split := net.SplitHostPort(addr)
	if split != nil {
		return nil, fmt.Errorf("listen on %s: %w", addr, err)
	}
	l, second := config.Listen(ctx, "tcp", net.JoinHostPort(host, "0"))
	if second != nil {
		return nil, fmt.Errorf("listen on %s: %w", addr, err)
	}
	return l, nil
}
