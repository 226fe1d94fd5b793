package main

import (
	"bytes"
	"context"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"
)

// TestMain is also the program, for the child processes that the rehearsal starts from its own binary.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && (os.Args[1] == "sandbox" || os.Args[1] == "embedded-redis") {
		ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
		code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
		stop()
		os.Exit(code)
	}
	os.Exit(m.Run())
}

func TestASmallConferenceComesOutAsTallied(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the service and plays for some seconds")
	}
	for name, flags := range map[string][]string{"the Redis there is": nil, "embedded Redis": {"--embedded"}} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("TMPDIR", t.TempDir())
			var out, complaints bytes.Buffer
			args := append([]string{"--members", "30", "--venues", "3", "--within", "3m"}, flags...)
			if code := run(t.Context(), args, strings.NewReader(""), &out, &complaints); code != 0 {
				t.Fatalf("exit %d\n%s%s", code, out.String(), complaints.String())
			}
			if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) > 0 {
				t.Errorf("left behind: %v %v", left, err)
			}
		})
	}
}

func TestWhatCannotBePlayedIsRefusedBeforeAnythingStarts(t *testing.T) {
	for _, args := range []string{"--venues 1", "--members 5", "--members 30 --venues 18", "--rate 0", "--rate 5000", "--crowd 0", "--seats 3"} {
		var out, complaints bytes.Buffer
		if code := run(t.Context(), strings.Fields(args), strings.NewReader(""), &out, &complaints); code != 2 || complaints.Len() == 0 {
			t.Errorf("%s: exit %d, said %q", args, code, complaints.String())
		}
	}
}

func TestAStoppedRehearsalTakesItsProcessesWithIt(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the service")
	}
	t.Setenv("TMPDIR", t.TempDir())
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	complaints := &bytes.Buffer{}
	out := writerFunc(func(p []byte) (int, error) {
		if bytes.Contains(p, []byte("start the service")) {
			stop()
		}
		return len(p), nil
	})
	args := []string{"--members", "30", "--venues", "3", "--embedded"}
	if code := run(ctx, args, strings.NewReader(""), out, complaints); code != 1 || !strings.Contains(complaints.String(), "stopped") {
		t.Errorf("exit %d, said %q", code, complaints.String())
	}
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) > 0 { // the logs of running processes would be there
		t.Errorf("left behind: %v %v", left, err)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }
