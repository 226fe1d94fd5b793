package cli_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"briefbot/briefings/redistest"
	"briefbot/cmd/internal/cli"
)

func TestTheServiceLeavesItsNameAndStopsInPeace(t *testing.T) {
	d := newDesk(t)
	d.load()
	d.telegram()
	d.env["HTTP_ADDR"] = ""
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var out, errs bytes.Buffer
	done := make(chan int, 1)
	go func() {
		done <- cli.Main(ctx, nil, func(name string) (string, bool) { v, ok := d.env[name]; return v, ok }, &out, &errs)
	}()
	client, tick, late := redistest.Client(t, d.url), time.NewTicker(5*time.Millisecond), time.After(20*time.Second)
	defer tick.Stop()
	for client.Get(t.Context(), "briefbot:bot").Val() != "tin_bot" {
		select {
		case code := <-done:
			t.Fatalf("the service ended with %d: %s", code, errs.String())
		case <-late:
			t.Fatal("the service did not leave its name")
		case <-tick.C:
		}
	}
	stop()
	select {
	case code := <-done:
		if code != 0 || out.Len() > 0 {
			t.Errorf("exit %d, stdout %q, log:\n%s", code, out.String(), errs.String())
		}
	case <-late:
		t.Fatal("the service did not stop")
	}
}
