package telegram

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"briefbot/briefings"
)

// What nobody wants any more is not sent when it has not begun to leave, and is waited for when it has.
func TestACallIsGivenUpOnlyBeforeItLeaves(t *testing.T) {
	arrived, release := make(chan struct{}), make(chan struct{})
	f := newFake(t, func(w http.ResponseWriter, _ request) {
		arrived <- struct{}{}
		<-release
		ok(w, map[string]any{"message_id": 1})
	})
	d := newDoor(t, f.URL, func(c *Config) { c.Connections = 1 })
	going, end := context.WithCancel(t.Context())
	ctx := briefings.While(t.Context(), going)
	send := func() chan error {
		done := make(chan error, 1)
		go func() {
			_, err := d.SendText(ctx, 1, "x", nil)
			done <- err
		}()
		return done
	}
	first := send()
	<-arrived
	second := send() // waits for the one connection
	end()
	var e *Error
	if err := <-second; !errors.As(err, &e) || judged(t, e) != unsent {
		t.Errorf("what had not left: %v", err)
	}
	if err := <-send(); !errors.As(err, &e) || judged(t, e) != unsent {
		t.Errorf("what began afterwards: %v", err)
	}
	select {
	case err := <-first:
		t.Fatalf("what was on the wire was cut short: %v", err)
	default:
	}
	close(release)
	if err := <-first; err != nil {
		t.Errorf("what was on the wire: %v", err)
	}
	if n := len(f.methods()); n != 1 {
		t.Errorf("%d requests arrived, want 1", n)
	}
}
