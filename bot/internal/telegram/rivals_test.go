package telegram

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"
)

const (
	stolen = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
	hooked = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)

// A poll of our own that was abandoned ends within a poll's time; a conflict that lasts longer is somebody else, who is spoken of until
// no poll was taken away for as long as one waits.
func TestAConflictIsSomebodyElsesWhenItLastsLongerThanAPoll(t *testing.T) {
	began := time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC)
	now := began
	var told []string
	after := func(d time.Duration, turn func(http.ResponseWriter, int)) func(http.ResponseWriter, int) {
		return func(w http.ResponseWriter, offset int) {
			now = now.Add(d)
			turn(w, offset)
		}
	}
	conflict, nothing := says(409, stolen, nil), brings()
	_, _, err := polled(t, PollerConfig{
		Timeout: 50 * time.Second, Now: func() time.Time { return now },
		Hindered: func(_ context.Context, by Hindrance, since time.Time) {
			if by == "" {
				told = append(told, fmt.Sprintf("%s: read", now.Sub(began)))
			} else {
				told = append(told, fmt.Sprintf("%s: %s since %s", now.Sub(began), by, since.Sub(began)))
			}
		},
	},
		after(0, conflict), after(10*time.Second, nothing), // our own
		after(10*time.Minute, conflict), after(40*time.Second, conflict), after(10*time.Second, brings(5)),
		after(10*time.Second, conflict),                   // a minute after the first
		after(30*time.Second, nothing), after(0, nothing), // taken in turns
		after(15*time.Second, conflict),                             // still there
		after(50*time.Second, nothing), after(time.Second, nothing), // gone
		after(0, nothing), after(time.Second, conflict), after(time.Second, nothing), // our own again
	)
	want := []string{"11m10s: poller since 10m10s", "11m55s: poller since 10m10s", "12m46s: read"}
	if err != nil || !slices.Equal(told, want) {
		t.Errorf("told %q, %v; want %q", told, err, want)
	}
}

func TestAWebhookThatComesBackIsToldAndDeletedOnceBetweenTwoReadings(t *testing.T) {
	var told []Hindrance
	deleted := 0
	hook := func(w http.ResponseWriter, _ int) { refuse(w, 409, hooked, nil) }
	slept, _, err := polled(t, PollerConfig{TakeOver: true, Hindered: func(_ context.Context, by Hindrance, _ time.Time) {
		told = append(told, by)
	}}, hook, hook, hook, brings(5), hook, brings(6))
	for _, d := range slept {
		if d == 0 {
			deleted++
		}
	}
	if want := []Hindrance{ByWebhook, ByWebhook, ByWebhook, "", ByWebhook, ""}; err != nil || !slices.Equal(told, want) || deleted != 2 {
		t.Errorf("told %q, deleted %d times, %v; want %q and 2", told, deleted, err, want)
	}
}
