package main_test

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"

	"briefbot/briefings/redistest"
)

func TestServiceDoesNotServeOnARedisThatForgets(t *testing.T) {
	for setting, args := range map[string][]string{
		"appendonly":       {"--appendonly", "no"},
		"maxmemory-policy": {"--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"},
	} {
		t.Run(setting, func(t *testing.T) {
			w := newTown(t, 0, 30)
			w.env = append(w.env, "REDIS_URL="+redistest.Launch(t, redistest.Settings{Args: args}).URL())
			path, err := binary()
			if err != nil {
				t.Fatal(err)
			}
			var complaint bytes.Buffer
			cmd := exec.Command(path, "serve")
			cmd.Env, cmd.Stderr = w.env, &complaint
			if err := cmd.Run(); err == nil || cmd.ProcessState.ExitCode() != 1 {
				t.Fatalf("the service ended with %v", err)
			}
			if said := complaint.String(); !strings.Contains(said, "redis has "+setting) || !strings.Contains(said, "set "+setting) || !strings.Contains(said, "REDIS_UNSAFE") {
				t.Errorf("it does not say what is wrong and what to do: %s", said)
			}
			w.env = append(w.env, "REDIS_UNSAFE=true")
			w.serve()
		})
	}
}
