//go:build !unix

package redistest

import "testing"

// Pause skips the test: this system cannot suspend a process.
func (p *Process) Pause(t *testing.T) {
	t.Helper()
	t.Skip("this system cannot suspend a process")
}

// Resume does nothing, as there was no Pause.
func (p *Process) Resume(*testing.T) {}
