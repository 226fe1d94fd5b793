package redistest

import (
	"bytes"
	"cmp"
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

// Settings are what a redis-server of a test may be told. The zero value is a
// sound server on a unix socket.
type Settings struct {
	// Port lets it listen on this port of 127.0.0.1 instead, for what needs an
	// address that others can be told: replicas, Sentinels, a Cluster.
	Port string
	// Fsync is when the append-only file reaches the disk: always, everysec
	// (when empty), no.
	Fsync string
	// Args follow the arguments that are made of the above, and win.
	Args []string
}

// Process is a real redis-server of one test, with an append-only file so that
// what it acknowledged is there after a Kill and a Restart.
type Process struct {
	binary   string
	dir      string
	network  string
	address  string
	settings Settings
	// arguments are the command line; they may look at the other fields.
	arguments func() []string

	mu      sync.Mutex
	command *exec.Cmd
	output  *bytes.Buffer
}

// Server starts a redis-server for this test on a unix socket and stops it
// with the test. It skips the test when the machine has no redis-server.
func Server(t *testing.T) *Process {
	t.Helper()
	return Launch(t, Settings{})
}

// Launch starts a redis-server for this test as it is told and stops it with
// the test. It skips the test when the machine has no redis-server.
func Launch(t *testing.T, settings Settings) *Process {
	t.Helper()
	p := prepare(t, settings)
	p.start(t)
	return p
}

// prepare makes a server's folder and chooses its address.
func prepare(t *testing.T, settings Settings) *Process {
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
	p := &Process{binary: name, dir: dir, network: "unix", address: filepath.Join(dir, "s"), settings: settings}
	if settings.Port != "" {
		p.network, p.address = "tcp", "127.0.0.1:"+settings.Port
	}
	p.arguments = p.serverArguments
	t.Cleanup(func() {
		p.kill()
		_ = os.RemoveAll(dir)
	})
	return p
}

// URL is the server's address as a unix:// or redis:// URL.
func (p *Process) URL() string {
	if p.network == "unix" {
		return "unix://" + p.address
	}
	return "redis://" + p.address
}

// Addr is the server's address without a scheme.
func (p *Process) Addr() string { return p.address }

// PID is the number of its process.
func (p *Process) PID() int { return p.command.Process.Pid }

// Dir is where the server keeps its files.
func (p *Process) Dir() string { return p.dir }

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
	p.begin(t)
	if !p.answers() {
		p.mu.Lock()
		output := p.output.String()
		p.mu.Unlock()
		p.kill()
		t.Fatalf("redis-server did not answer within %s: %s", startPatience, output)
	}
}

// begin starts the process and does not wait for it to answer.
func (p *Process) begin(t *testing.T) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.output = &bytes.Buffer{}
	p.command = exec.Command(p.binary, p.arguments()...)
	p.command.Stdout, p.command.Stderr = p.output, p.output
	if err := p.command.Start(); err != nil {
		p.command = nil
		t.Fatalf("start %s: %v", p.binary, err)
	}
}

func (p *Process) serverArguments() []string {
	args := []string{
		"--dir", p.dir,
		"--save", "",
		"--appendonly", "yes",
		"--appendfsync", cmp.Or(p.settings.Fsync, "everysec"),
		"--maxmemory-policy", "noeviction",
		"--loglevel", "warning",
	}
	if p.network == "unix" {
		_ = os.Remove(p.address)
		args = append(args, "--port", "0", "--unixsocket", p.address)
	} else {
		args = append(args, "--port", p.settings.Port, "--bind", "127.0.0.1")
	}
	return append(args, p.settings.Args...)
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

// answers waits until the server has an answer to PING and has loaded its
// files. One that wants a password or a certificate is up as well.
func (p *Process) answers() bool {
	ctx, cancel := context.WithTimeout(context.Background(), startPatience)
	defer cancel()
	client := redis.NewClient(&redis.Options{
		Network: p.network, Addr: p.address, MaxRetries: -1, ContextTimeoutEnabled: true, DialerRetries: 1,
	})
	defer func() { _ = client.Close() }()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		// A plain dial first: the client logs every one that fails.
		if conn, err := net.Dial(p.network, p.address); err == nil {
			_ = conn.Close()
			err := client.Ping(ctx).Err()
			if err == nil || redis.HasErrorPrefix(err, "NOAUTH") {
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

// FreePort finds a port of 127.0.0.1 on which nobody listens.
func FreePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("find a free port: %v", err)
	}
	defer func() { _ = listener.Close() }()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatalf("find a free port: %v", err)
	}
	return port
}
