package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// stage is the processes and the folder they live in.
type stage struct {
	dir     string
	binary  string
	env     []string // of the service and of its commands
	health  string   // address of the service's HTTP side
	redis   *child
	sandbox *child
	serve   *child
	phones  *phones
	store   string        // what keeps the state, in words
	offset  time.Duration // how far the service's clock is moved
	peak    int64         // bytes, over all runs of the service
	starts  int
}

// build compiles the service into the folder.
func build(ctx context.Context, dir string) (string, error) {
	binary := filepath.Join(dir, "briefbot")
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	out, err := exec.CommandContext(ctx, "go", "build", "-o", binary, "briefbot/cmd/briefbot").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build the service: %w\n%s", err, bytes.TrimSpace(out))
	}
	return binary, nil
}

// openStage builds the service and starts Redis and the sandbox. Close it whatever happens.
func openStage(ctx context.Context, rate float64, embedded bool) (s *stage, err error) {
	s = &stage{}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close(ctx.Err() == nil)) // the logs say why, unless somebody just stopped it
			s = nil
		}
	}()
	if s.dir, err = os.MkdirTemp("", "rehearse"); err != nil {
		return s, fmt.Errorf("make folder: %w", err)
	}
	if s.binary, err = build(ctx, s.dir); err != nil {
		return s, err
	}
	self, err := os.Executable()
	if err != nil {
		return s, fmt.Errorf("find own program: %w", err)
	}
	address, err := s.startRedis(ctx, self, embedded)
	if err != nil {
		return s, err
	}
	if s.sandbox, err = start(s.dir, "sandbox", plainEnv(), self, "sandbox"); err != nil {
		return s, err
	}
	line, err := s.sandbox.line(ctx)
	if err != nil {
		return s, err
	}
	api, token, ok := strings.Cut(line, " ")
	if !ok {
		return s, fmt.Errorf("start sandbox: it said %q", line)
	}
	s.phones = newPhones(api)
	port, err := freePort(ctx)
	if err != nil {
		return s, err
	}
	s.health = "127.0.0.1:" + strconv.Itoa(port)
	s.env = append(plainEnv(), "TELEGRAM_API_URL="+api, "TELEGRAM_TOKEN="+token, "REDIS_URL="+address, "HTTP_ADDR="+s.health,
		"BROADCAST_RATE="+strconv.FormatFloat(rate, 'g', -1, 64), "QUIET_HOURS=", "PUBLIC_URL=http://"+s.health, "ORG_NAME="+orgName, "CONTACT="+contact,
		"TIMEZONE="+zoneName, "LANGUAGE=vi", "JOIN=roster", "UPDATES=poll", "REPLICA=rehearsal")
	return s, nil
}

// plainEnv is this process's environment without anything that is about the service.
func plainEnv() []string {
	var env []string
	for _, name := range []string{"PATH", "HOME", "TMPDIR", "SYSTEMROOT", "TEMP", "GOCOVERDIR", "GOMEMLIMIT", "GOGC"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// freePort is a port of the loopback address that nobody listens on now.
func freePort(ctx context.Context) (int, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find free port: %w", err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

// startRedis starts a redis-server, or the embedded one where there is none, and returns its address.
func (s *stage) startRedis(ctx context.Context, self string, embedded bool) (string, error) {
	server, err := exec.LookPath("redis-server")
	if embedded || err != nil {
		s.store = "the embedded Redis (there is no redis-server on PATH)"
		if embedded {
			s.store = "the embedded Redis"
		}
		if s.redis, err = start(s.dir, "redis", plainEnv(), self, "embedded-redis"); err != nil {
			return "", err
		}
		return s.redis.line(ctx)
	}
	s.store = "redis-server"
	if out, err := exec.CommandContext(ctx, server, "--version").Output(); err == nil {
		if _, rest, ok := strings.Cut(string(out), "v="); ok {
			s.store += " " + strings.Fields(rest)[0]
		}
	}
	network, address, port := "unix", filepath.Join(s.dir, "redis.sock"), 0
	where := []string{"--unixsocket", address}
	url := "unix://" + address
	if len(address) > 100 { // a socket's path has a limit, which a temporary folder may pass
		if port, err = freePort(ctx); err != nil {
			return "", err
		}
		network, address = "tcp", "127.0.0.1:"+strconv.Itoa(port)
		where, url = []string{"--bind", "127.0.0.1"}, "redis://"+address+"/0"
	}
	s.redis, err = start(s.dir, "redis", plainEnv(), server, append(where, "--port", strconv.Itoa(port), "--dir", s.dir, "--save", "",
		"--appendonly", "yes", "--appendfsync", "everysec", "--maxmemory-policy", "noeviction", "--loglevel", "warning")...)
	if err != nil {
		return "", err
	}
	return url, s.redis.until(ctx, func() bool { return pong(ctx, network, address) })
}

// pong reports whether a Redis answers at the address.
func pong(ctx context.Context, network, address string) bool {
	conn, err := (&net.Dialer{Timeout: time.Second}).DialContext(ctx, network, address)
	if err != nil {
		return false
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(time.Second))
	answer := make([]byte, 5)
	_, err = io.WriteString(conn, "PING\r\n")
	if err == nil {
		_, err = io.ReadFull(conn, answer)
	}
	return err == nil && string(answer) == "+PONG"
}

// clock is the variable that moves the service's clock.
func (s *stage) clock() string {
	return "BRIEFBOT_CLOCK_OFFSET=" + s.offset.Round(time.Millisecond).String()
}

// serveFrom stops the service if it runs and starts it with its clock at a moment; the zero moment is the real one.
func (s *stage) serveFrom(ctx context.Context, at time.Time) error {
	if err := s.stopServing(); err != nil {
		return err
	}
	s.offset = 0
	if !at.IsZero() {
		s.offset = time.Until(at)
	}
	var err error
	if s.serve, err = start(s.dir, "briefbot", append(s.env[:len(s.env):len(s.env)], s.clock()), s.binary, "serve"); err != nil {
		return err
	}
	s.starts++
	return s.serve.until(ctx, func() bool {
		ask, cancel := context.WithTimeout(ctx, 2*time.Second)
		defer cancel()
		r, err := http.NewRequestWithContext(ask, http.MethodGet, "http://"+s.health+"/readyz", nil)
		if err != nil {
			return false
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			return false
		}
		_ = answer.Body.Close()
		return answer.StatusCode == http.StatusOK
	})
}

// stopServing stops the service and notes how much memory it took.
func (s *stage) stopServing() error {
	if s.serve == nil {
		return nil
	}
	most := s.serve.peak()
	err := s.serve.stop()
	if most == 0 {
		most = s.serve.peakAfter()
	}
	s.peak, s.serve = max(s.peak, most), nil
	return err
}

// command runs a command of the service and returns its standard output.
func (s *stage) command(ctx context.Context, args ...string) ([]byte, error) {
	c := exec.CommandContext(ctx, s.binary, args...)
	c.Dir, c.Env = s.dir, append(s.env[:len(s.env):len(s.env)], s.clock())
	var out, complaint bytes.Buffer
	c.Stdout, c.Stderr = &out, &complaint
	if err := c.Run(); err != nil {
		return nil, fmt.Errorf("briefbot %s: %w\n%s", strings.Join(args, " "), err, bytes.TrimSpace(append(out.Bytes(), complaint.Bytes()...)))
	}
	return out.Bytes(), nil
}

// close stops everything and takes the folder away, unless it is to be kept.
func (s *stage) close(keep bool) error {
	err := errors.Join(s.stopServing(), s.sandbox.stop(), s.redis.stop())
	if s.phones != nil {
		s.phones.close()
	}
	if s.dir != "" && !keep {
		err = errors.Join(err, os.RemoveAll(s.dir))
	}
	return err
}
