package main_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"
)

// The tests of this package run the program as people do: built, as a process of its own, killed without a warning. What must outlive
// it, the sandbox that counts what arrives and the Redis that remembers, lives in the test or in a process of its own.

// patience bounds every wait for something that is to happen. It is long because a busy machine is no reason to fail.
const patience = 30 * time.Second

// binary is where the program was built; empty until the first test needs it. brittle is the same with the places at which tests end
// it.
var (
	binary  = sync.OnceValues(func() (string, error) { return build("briefbot") })
	brittle = sync.OnceValues(func() (string, error) { return build("brittle", "-tags", "failpoints") })
)

func build(name string, args ...string) (string, error) {
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	path := filepath.Join(folder, name)
	out, err := exec.Command("go", append(append([]string{"build"}, args...), "-o", path, ".")...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return path, nil
}

// folder holds the built program.
var folder string

func TestMain(m *testing.M) {
	var err error
	if folder, err = os.MkdirTemp("", "briefbot"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(folder)
	os.Exit(code)
}

// service is one life of the program.
type service struct {
	cmd   *exec.Cmd
	began time.Time
	log   *journal
	done  chan struct{} // closed when it has ended
	err   error         // how it ended; read after done
}

// launch starts the service and returns when it reads updates.
func launch(t *testing.T, env []string) *service {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	s := begin(t, path, env)
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-s.log.ready:
	case <-s.done:
		t.Fatalf("the service ended at once: %v\n%s", s.err, s.log.String())
	case <-timer.C:
		t.Fatalf("the service did not serve within %s\n%s", patience, s.log.String())
	}
	return s
}

// begin starts a program as the service and does not wait for anything.
func begin(t *testing.T, path string, env []string) *service {
	t.Helper()
	s := &service{began: time.Now(), log: &journal{ready: make(chan struct{})}, done: make(chan struct{})}
	s.cmd = exec.Command(path, "serve")
	s.cmd.Env, s.cmd.Stderr = env, s.log
	if err := s.cmd.Start(); err != nil {
		t.Fatalf("start the service: %v", err)
	}
	go func() {
		s.err = s.cmd.Wait()
		close(s.done)
	}()
	t.Cleanup(func() {
		s.kill()
		if t.Failed() {
			t.Logf("what the service said:\n%s", s.log.String())
		}
	})
	return s
}

// kill ends the service with no chance to tidy up, and returns when it is gone. What had ended before stays as it was.
func (s *service) kill() {
	_ = s.cmd.Process.Kill()
	<-s.done
}

// terminate asks the service to stop, as an operator does, and returns its exit code and how long it took.
func (s *service) terminate(t *testing.T) (code int, took time.Duration) {
	t.Helper()
	asked := time.Now()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatalf("ask the service to stop: %v", err)
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-s.done:
	case <-timer.C:
		t.Fatalf("the service still ran %s after it was asked to stop", patience)
	}
	took = time.Since(asked)
	var exit *exec.ExitError
	if s.err != nil && !errors.As(s.err, &exit) {
		t.Fatalf("wait for the service: %v", s.err)
	}
	return s.cmd.ProcessState.ExitCode(), took
}

// journal keeps the service's log and notices when it serves.
type journal struct {
	ready chan struct{}

	mu   sync.Mutex
	text bytes.Buffer
	said bool
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.text.Write(p)
	if !j.said && bytes.Contains(j.text.Bytes(), []byte("msg=serving")) {
		j.said = true
		close(j.ready)
	}
	return len(p), nil
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// run runs one command of the program and returns its standard output.
func run(t *testing.T, env []string, args ...string) []byte {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	var out, complaint bytes.Buffer
	cmd := exec.Command(path, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = env, &out, &complaint
	if err := cmd.Run(); err != nil {
		t.Fatalf("briefbot %v: %v\n%s", args, err, complaint.String())
	}
	return out.Bytes()
}

// await waits until a condition holds.
func await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patience); !holds(); {
		if time.Now().After(end) {
			t.Fatalf("%s: not within %s", what, patience)
		}
		<-tick.C
	}
}
