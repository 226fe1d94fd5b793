//go:build unix

package redistest

import (
	"syscall"
	"testing"
)

// Pause suspends the server (SIGSTOP): it neither answers nor ends.
func (p *Process) Pause(t *testing.T) {
	t.Helper()
	p.signal(t, syscall.SIGSTOP)
}

// Resume lets a suspended server go on.
func (p *Process) Resume(t *testing.T) {
	t.Helper()
	p.signal(t, syscall.SIGCONT)
}

func (p *Process) signal(t *testing.T, s syscall.Signal) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.command == nil {
		t.Fatal("the redis-server does not run")
	}
	if err := p.command.Process.Signal(s); err != nil {
		t.Fatalf("signal redis-server: %v", err)
	}
}
