package telegram

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"testing"
	"time"
)

// watched keeps a vigil from update 10 on, for as many looks as there are turns.
func watched(t *testing.T, looks int, turns ...func(http.ResponseWriter, int)) (asked, told []int, slept []time.Duration) {
	t.Helper()
	turn := 0
	f := newFake(t, func(w http.ResponseWriter, r request) {
		offset, _ := strconv.Atoi(r.params.Get("offset"))
		asked = append(asked, offset)
		turn++
		turns[turn-1](w, offset)
	})
	KeepVigil(t.Context(), VigilConfig{
		Door: newDoor(t, f.URL), Offset: 10,
		Away: func(context.Context) bool { looks--; return looks >= 0 },
		Excuse: func(_ context.Context, updates ...Update) {
			for _, u := range updates {
				told = append(told, u.UpdateID)
			}
		},
		Sleep: func(_ context.Context, d time.Duration) error { slept = append(slept, d); return nil },
	})
	return asked, told, slept
}

func TestAVigilTellsEverybodyAndConfirmsNothing(t *testing.T) {
	asked, told, _ := watched(t, 3, brings(10, 11), brings(10, 11), brings(10, 11, 12))
	if !slices.Equal(asked, []int{10, 10, 10}) {
		t.Errorf("asked from %v: what was not stored is confirmed", asked)
	}
	if !slices.Equal(told, []int{10, 11, 10, 11, 10, 11, 12}) {
		t.Errorf("told %v", told)
	}
}

func TestAVigilMakesRoomForWhoeverPolls(t *testing.T) {
	for name, turn := range map[string]func(http.ResponseWriter, int){
		"another poller":    says(409, "Conflict: terminated by other getUpdates request", nil),
		"a token of no use": says(401, "Unauthorized", nil),
	} {
		if asked, told, _ := watched(t, 5, turn); len(asked) != 1 || len(told) != 0 {
			t.Errorf("%s: asked %d times, told %v", name, len(asked), told)
		}
	}
}

func TestAVigilWaitsAsLongAsItIsAsked(t *testing.T) {
	_, told, slept := watched(t, 3, says(429, "Too Many Requests: retry after 7", map[string]any{"retry_after": 7}), says(502, "Bad Gateway", nil), brings(10))
	if !slices.Equal(told, []int{10}) || slept[0] < 7*time.Second || slept[1] < time.Second || slept[2] != vigilPause {
		t.Errorf("told %v after waits of %v", told, slept)
	}
}

func TestAVigilEndsWithTheOutage(t *testing.T) {
	if asked, _, _ := watched(t, 0); len(asked) != 0 {
		t.Errorf("asked %v", asked)
	}
}
