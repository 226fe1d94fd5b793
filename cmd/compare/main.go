// Compare measures the delivery engine beside other ways of sending the same messages, in one run on one machine: each contender sends to
// the same stand-in for Telegram, in turns, and the figures are printed as ratios. It needs redis-server.
//
//	cd cmd/compare && go run . [-messages 20000] [-rounds 3] [-all]
//
// With -all the project's other measurements follow, as a second table; that takes some five minutes more.
//
// The stand-in and the Redis are processes of their own on this machine; nothing leaves the loopback. The run ends by itself.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/redis/go-redis/v9"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "serve" {
		serve()
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

// contender sends n messages and returns how long that took, without its preparations.
type contender struct {
	name string
	send func(ctx context.Context, arena arena, n int) (time.Duration, error)
}

// arena is where contenders meet.
type arena struct {
	base   string // of the stand-in
	socket string // of Redis
	redis  *redis.Client
}

// inFlight is how many requests each contender may have under way.
const inFlight = 64

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("compare", flag.ContinueOnError)
	messages := flags.Int("messages", 20_000, "how many each contender sends a round")
	rounds := flags.Int("rounds", 3, "how many rounds; the median counts")
	all := flags.Bool("all", false, "go on with every other measurement of the project")
	if err := flags.Parse(args); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Minute)
	defer cancel()
	a, closing, err := open(ctx)
	if err != nil {
		return err
	}
	defer closing()
	contenders := []contender{
		{"net/http, no record", rawHTTP},
		{"this engine, a record for each", engine},
		{"tgbotapi.Send, no record", sendLoop(false)},
		{"the same with kept connections", sendLoop(true)},
		{"asynq and tgbotapi.Send, a record for each", queue},
	}
	rates := make([][]float64, len(contenders))
	for round := range *rounds {
		for i, c := range contenders {
			if err := a.redis.FlushAll(ctx).Err(); err != nil {
				return fmt.Errorf("empty Redis: %w", err)
			}
			took, err := c.send(ctx, a, *messages)
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			rate := float64(*messages) / took.Seconds()
			rates[i] = append(rates[i], rate)
			fmt.Fprintf(os.Stderr, "round %d: %s: %.0f/s\n", round+1, c.name, rate)
		}
	}
	base := median(rates[0])
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "| %d messages, %d in flight, median of %d rounds\t| messages/s\t| of net/http\t|\n|---\t|---\t|---\t|\n", *messages, inFlight, *rounds)
	for i, c := range contenders {
		m := median(rates[i])
		fmt.Fprintf(w, "| %s\t| %.0f\t| %.0f %%\t|\n", c.name, m, 100*m/base)
	}
	fmt.Fprintf(w, "| this engine against asynq\t|\t| %.1f×\t|\n", median(rates[1])/median(rates[4]))
	if err := w.Flush(); err != nil || !*all {
		return err
	}
	return figures(ctx, out)
}

func median(list []float64) float64 {
	list = slices.Sorted(slices.Values(list))
	return list[len(list)/2]
}

// open starts the stand-in and a Redis with an append-only file, as in service.
func open(ctx context.Context) (a arena, closing func(), err error) {
	var undo []func()
	closing = func() {
		for _, f := range slices.Backward(undo) {
			f()
		}
	}
	defer func() {
		if err != nil {
			closing()
		}
	}()
	dir, err := os.MkdirTemp("", "compare")
	if err != nil {
		return a, closing, err
	}
	undo = append(undo, func() { _ = os.RemoveAll(dir) })

	stand := exec.CommandContext(ctx, os.Args[0], "serve")
	said, err := stand.StdoutPipe()
	if err != nil {
		return a, closing, err
	}
	if err := stand.Start(); err != nil {
		return a, closing, err
	}
	undo = append(undo, func() { _ = stand.Process.Kill(); _ = stand.Wait() })
	address, err := bufio.NewReader(said).ReadString('\n')
	if err != nil {
		return a, closing, err
	}
	a.base = "http://" + strings.TrimSpace(address)

	a.socket = filepath.Join(dir, "s")
	server := exec.CommandContext(ctx, "redis-server", "--port", "0", "--unixsocket", a.socket, "--dir", dir, "--save", "",
		"--appendonly", "yes", "--appendfsync", "everysec", "--loglevel", "warning")
	if err := server.Start(); err != nil {
		return a, closing, fmt.Errorf("start redis-server: %w", err)
	}
	undo = append(undo, func() { _ = server.Process.Kill(); _ = server.Wait() })
	a.redis = redis.NewClient(&redis.Options{Network: "unix", Addr: a.socket, MaxRetries: -1, ContextTimeoutEnabled: true, PoolSize: 32})
	undo = append(undo, func() { _ = a.redis.Close() })
	for range 200 {
		if err = a.redis.Ping(ctx).Err(); err == nil {
			return a, closing, nil
		}
		time.Sleep(20 * time.Millisecond)
	}
	return a, closing, fmt.Errorf("reach redis-server: %w", err)
}

// answer is what Telegram says to sendMessage, of the usual size.
const answer = `{"ok":true,"result":{"message_id":4711,"from":{"id":123456,"is_bot":true,"first_name":"Briefbot","username":"briefbot"},` +
	`"chat":{"id":6000000001,"first_name":"An","last_name":"Nguyen","type":"private"},"date":1795529184,"text":"` + body + `"}}`

const body = "Hội nghị thông tin thời sự quý IV: 14 giờ 00, Thứ Năm, ngày 03/12/2026, Hội trường Tỉnh ủy. Nội dung: tình hình trong nước; " +
	"tình hình quốc tế; nhiệm vụ trọng tâm. Đề nghị đồng chí xác nhận trước 17 giờ 00, Thứ Ba, ngày 01/12/2026."

// serve is the stand-in: it reads what is sent and says yes.
func serve() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
	fmt.Println(listener.Addr())
	reply := []byte(answer)
	err = http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(reply)
	}))
	if err != nil && !errors.Is(err, http.ErrServerClosed) {
		os.Exit(1)
	}
}
