package redistest

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// startPatience is how long a redis-server may take until it answers PING.
const startPatience = 20 * time.Second

// Process is a real redis-server of one test, on a unix socket, with an
// append-only file so that what it acknowledged is there after a Kill and a
// Restart.
type Process struct {
	binary string
	dir    string
	socket string

	mu      sync.Mutex
	command *exec.Cmd
	output  *bytes.Buffer
}

// Server starts a redis-server for this test and stops it with the test. It
// skips the test when the machine has no redis-server.
func Server(t *testing.T) *Process {
	t.Helper()
	name := Binary()
	if name == "" {
		t.Skipf("no redis-server: none is on PATH, or %s says so", ServerVariable)
	}
	// The socket's path must stay under 104 bytes, which a test's own temporary
	// folder with its long name may not.
	dir, err := os.MkdirTemp("", "redis")
	if err != nil {
		t.Fatalf("make folder for redis-server: %v", err)
	}
	p := &Process{binary: name, dir: dir, socket: filepath.Join(dir, "s")}
	t.Cleanup(func() {
		p.kill()
		_ = os.RemoveAll(dir)
	})
	p.start(t)
	return p
}

// URL is the server's address as a unix:// URL.
func (p *Process) URL() string { return "unix://" + p.socket }

// Client connects to the server and closes with the test. The same client goes
// on working after a Restart.
func (p *Process) Client(t *testing.T) *redis.Client {
	t.Helper()
	return Client(t, p.URL())
}

// Flush empties the server.
func (p *Process) Flush(t *testing.T) {
	t.Helper()
	flush(t, p.Client(t))
}

// Kill ends the server at once (SIGKILL), as a power cut to the process would.
func (p *Process) Kill(t *testing.T) {
	t.Helper()
	p.kill()
}

// Restart kills the server if it runs and starts it again on the same socket
// and the same files.
func (p *Process) Restart(t *testing.T) {
	t.Helper()
	p.kill()
	p.start(t)
}

func (p *Process) start(t *testing.T) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	_ = os.Remove(p.socket)
	p.output = &bytes.Buffer{}
	p.command = exec.Command(p.binary,
		"--port", "0",
		"--unixsocket", p.socket,
		"--dir", p.dir,
		"--save", "",
		"--appendonly", "yes",
		"--appendfsync", "everysec",
		"--maxmemory-policy", "noeviction",
		"--loglevel", "warning",
	)
	p.command.Stdout, p.command.Stderr = p.output, p.output
	if err := p.command.Start(); err != nil {
		p.command = nil
		t.Fatalf("start %s: %v", p.binary, err)
	}
	if !answers(p.socket) {
		_ = p.command.Process.Kill()
		_ = p.command.Wait()
		p.command = nil
		t.Fatalf("redis-server did not answer within %s: %s", startPatience, p.output)
	}
}

func (p *Process) kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.command == nil {
		return
	}
	_ = p.command.Process.Kill()
	_ = p.command.Wait()
	p.command = nil
}

// answers waits until the server behind socket says PONG and has loaded its
// files.
func answers(socket string) bool {
	ctx, cancel := context.WithTimeout(context.Background(), startPatience)
	defer cancel()
	client := redis.NewClient(&redis.Options{
		Network: "unix", Addr: socket, MaxRetries: -1, ContextTimeoutEnabled: true,
		DialerRetries: 1,
	})
	defer func() { _ = client.Close() }()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		// A plain dial first: the client logs every one that fails.
		if conn, err := net.Dial("unix", socket); err == nil {
			_ = conn.Close()
			if client.Ping(ctx).Err() == nil {
				return true
			}
		}
		select {
		case <-ctx.Done():
			return false
		case <-tick.C:
		}
	}
}
