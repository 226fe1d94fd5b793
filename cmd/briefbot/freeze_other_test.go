//go:build !unix

package main_test

import "testing"

func freeze(t *testing.T, _ *service) {
	t.Helper()
	t.Skip("this system cannot suspend a process")
}

func thaw(*testing.T, *service) {}
