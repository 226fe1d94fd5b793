package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const (
	startPatience = 30 * time.Second // until a child must be ready
	stopPatience  = 15 * time.Second // until a child that was asked to stop is ended
)

// child is a process of the stage. Its output goes to <folder>/<name>.log.
type child struct {
	name  string
	cmd   *exec.Cmd
	stdin io.WriteCloser // its end tells our own children to stop
	log   *os.File
	first chan string   // the first line of its standard output
	done  chan struct{} // closed when it has ended
	err   error         // why it ended; read after done
}

// start runs a program. Nothing of this process's environment that is about the service reaches it.
func start(dir, name string, env []string, program string, args ...string) (*child, error) {
	log, err := os.OpenFile(filepath.Join(dir, name+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open log of %s: %w", name, err)
	}
	c := &child{name: name, log: log, first: make(chan string, 1), done: make(chan struct{})}
	c.cmd = exec.Command(program, args...)
	c.cmd.Dir, c.cmd.Env, c.cmd.Stderr = dir, env, log
	if c.stdin, err = c.cmd.StdinPipe(); err == nil {
		var out io.ReadCloser
		if out, err = c.cmd.StdoutPipe(); err == nil {
			if err = c.cmd.Start(); err == nil {
				go c.follow(out)
				return c, nil
			}
		}
	}
	_ = log.Close()
	return nil, fmt.Errorf("start %s: %w", name, err)
}

// follow keeps the output and notes the end.
func (c *child) follow(out io.Reader) {
	r := bufio.NewReader(out)
	line, _ := r.ReadString('\n')
	c.first <- strings.TrimSpace(line)
	fmt.Fprint(c.log, line)
	_, _ = io.Copy(c.log, r)
	c.err = c.cmd.Wait()
	_ = c.log.Close()
	close(c.done)
}

// line waits for the first line of standard output.
func (c *child) line(ctx context.Context) (string, error) {
	timer := time.NewTimer(startPatience)
	defer timer.Stop()
	select {
	case line := <-c.first:
		if line != "" {
			return line, nil
		}
		return "", fmt.Errorf("start %s: it said nothing; see %s.log", c.name, c.name)
	case <-timer.C:
		return "", fmt.Errorf("start %s: not ready within %s", c.name, startPatience)
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// until asks ready again and again until it says yes, the child ends or patience does.
func (c *child) until(ctx context.Context, ready func() bool) error {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if ready() {
			return nil
		}
		select {
		case <-c.done:
			return fmt.Errorf("start %s: it ended: %w", c.name, errors.Join(c.err, errors.New("see "+c.name+".log")))
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: %w", c.name, ctx.Err())
		case <-tick.C:
		}
	}
}

// stop asks the child to stop, waits, and ends it where it does not. Nil when it stopped by itself and in order.
func (c *child) stop() error {
	if c == nil {
		return nil
	}
	select {
	case <-c.done: // it had ended before it was asked to
		return fmt.Errorf("%s had ended: %w", c.name, errors.Join(c.err, errors.New("see "+c.name+".log")))
	default:
	}
	_ = c.cmd.Process.Signal(syscall.SIGTERM) // where there are no signals, the end of its input has to do
	_ = c.stdin.Close()
	timer := time.NewTimer(stopPatience)
	defer timer.Stop()
	select {
	case <-c.done:
		var exit *exec.ExitError
		if errors.As(c.err, &exit) && exit.ExitCode() > 0 {
			return fmt.Errorf("stop %s: %w", c.name, c.err)
		}
		return nil
	case <-timer.C:
		_ = c.cmd.Process.Kill()
		<-c.done
		return fmt.Errorf("stop %s: still there after %s", c.name, stopPatience)
	}
}
