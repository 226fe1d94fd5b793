//go:build unix

package main_test

import (
	"syscall"
	"testing"
)

// freeze suspends the service: it neither works nor ends, and does not notice that time passes.
func freeze(t *testing.T, s *service) {
	t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
}

// thaw lets a suspended service go on.
func thaw(t *testing.T, s *service) {
	t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
}
