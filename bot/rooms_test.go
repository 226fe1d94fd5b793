package bot

import (
	"testing"
	"time"
)

func TestRoomIsBelievedOnlyWhileItIsAmple(t *testing.T) {
	var r rooms
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	if r.ample("m1", "v1", 200, now) {
		t.Error("a venue that nobody looked at has room")
	}
	r.note("m1", "v1", 100, now)
	yes := 0
	for range 100 {
		if r.ample("m1", "v1", 200, now) {
			yes++
		}
	}
	if yes != 24 { // the room is divided among four
		t.Errorf("%d went in unseen", yes)
	}
	r.note("m1", "v1", 100, now)
	if r.ample("m1", "v1", 200, now.Add(ampleFor+time.Second)) || r.ample("m1", "v2", 200, now) || r.ample("m1", "v1", 50, now) {
		t.Error("room is believed that was seen long ago, elsewhere, or before the capacity changed")
	}
	r.note("m1", "v1", 2, now)
	if r.ample("m1", "v1", 2, now) {
		t.Error("a venue that is nearly full is not looked at")
	}
}
