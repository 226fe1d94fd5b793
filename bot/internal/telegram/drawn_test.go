package telegram

import (
	"net/http"
	"sync/atomic"
	"testing"
	"time"
)

func TestTheSameEditTwiceWithinMomentsIsOneCall(t *testing.T) {
	var calls atomic.Int32
	f := newFake(t, func(w http.ResponseWriter, _ request) {
		calls.Add(1)
		_, _ = w.Write([]byte(`{"ok":true,"result":true}`))
	})
	at := time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC)
	door, err := New(Config{Token: NewSecret(token), BaseURL: f.URL, Now: func() time.Time { return at }})
	if err != nil {
		t.Fatal(err)
	}
	defer door.Close()
	edit := func(text string, want int32) {
		t.Helper()
		if err := door.EditText(t.Context(), 5, 7, text, nil); err != nil {
			t.Fatal(err)
		}
		if n := calls.Load(); n != want {
			t.Errorf("after %q there were %d calls, want %d", text, n, want)
		}
	}
	edit("one", 1)
	edit("one", 1)
	edit("two", 2)
	edit("one", 3) // the message says two now
	if err := door.EditMarkup(t.Context(), 5, 7, nil); err != nil {
		t.Fatal(err)
	}
	edit("one", 5) // the buttons have changed
	at = at.Add(drawnFor)
	edit("one", 6) // somebody else may have changed it
}

func TestAnEditThatFailedIsTriedAgain(t *testing.T) {
	var calls atomic.Int32
	f := newFake(t, func(w http.ResponseWriter, _ request) {
		if calls.Add(1) == 2 {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(`{"ok":false,"error_code":400,"description":"Bad Request: message to edit not found"}`))
			return
		}
		_, _ = w.Write([]byte(`{"ok":true,"result":true}`))
	})
	door, err := New(Config{Token: NewSecret(token), BaseURL: f.URL})
	if err != nil {
		t.Fatal(err)
	}
	defer door.Close()
	for i, text := range []string{"one", "two", "two", "two"} {
		err := door.EditText(t.Context(), 5, 7, text, nil)
		if (err != nil) != (i == 1) {
			t.Errorf("edit %d: %v", i, err)
		}
	}
	if n := calls.Load(); n != 3 {
		t.Errorf("%d calls, want 3: the fourth repeats the third", n)
	}
}

func TestRememberedEditsAreBoundedAndTheLatestStay(t *testing.T) {
	at := time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC)
	d := newDrawn(func() time.Time { return at })
	edit := func(i int) Params { return Params{"chat_id": id(int64(i)), "message_id": "1", "text": "a"} }
	for i := range 5 * drawnKept {
		d.note("editMessageText", edit(i))
		if n := len(d.last) + len(d.older); n > 2*drawnKept {
			t.Fatalf("%d edits are remembered, at most %d", n, 2*drawnKept)
		}
		if back := max(0, i-drawnKept+1); !d.same("editMessageText", edit(back)) {
			t.Fatalf("edit %d is forgotten at edit %d", back, i)
		}
	}
}
