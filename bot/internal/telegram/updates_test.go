package telegram

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"
)

func TestAnUpdateBelongsToWhoeverCausedIt(t *testing.T) {
	for raw, want := range map[string]int64{
		`{"update_id":1,"message":{"from":{"id":7},"chat":{"id":-5}}}`:                                         7,
		`{"update_id":1,"edited_message":{"from":{"id":7},"chat":{"id":-5}}}`:                                  7,
		`{"update_id":1,"channel_post":{"chat":{"id":-100}}}`:                                                  -100,
		`{"update_id":1,"callback_query":{"id":"1","from":{"id":7},"inline_message_id":"x"}}`:                  7,
		`{"update_id":1,"callback_query":{"id":"1","from":{"id":7},"message":{"chat":{"id":-5},"date":0}}}`:    7,
		`{"update_id":1,"my_chat_member":{"from":{"id":7},"chat":{"id":7},"date":1}}`:                          7,
		`{"update_id":1,"chat_member":{"from":{"id":7},"chat":{"id":-5},"date":1}}`:                            7,
		`{"update_id":1,"inline_query":{"id":"1","from":{"id":7}}}`:                                            7,
		`{"update_id":1,"chat_join_request":{"from":{"id":7},"chat":{"id":-5},"date":1}}`:                      7,
		`{"update_id":1,"message":{}}`:                                                                         0,
		`{"update_id":1,"something_new":{"user":{"id":7}}}`:                                                    0,
		`{"update_id":1,"message":{"from":{"id":7},"chat":{"id":-5}},"something_new":{"from":{"id":9,"a":1}}}`: 7,
	} {
		u := decodeUpdate(json.RawMessage(raw))
		if u.Broken != nil || u.Person() != want {
			t.Errorf("%s: person %d, %v; want %d", raw, u.Person(), u.Broken, want)
		}
	}
}

func TestAPollAsksForWhatItWants(t *testing.T) {
	f := newFake(t, func(w http.ResponseWriter, _ request) { ok(w, []any{}) })
	d := newDoor(t, f.URL)
	if _, err := d.Updates(t.Context(), 0, 0, nil); err != nil {
		t.Fatal(err)
	}
	if p := f.last(t).params; p.Has("offset") || p.Has("allowed_updates") || p.Get("timeout") != "0" {
		t.Errorf("parameters %v", p)
	}
	if _, err := d.Updates(t.Context(), 9, 50*time.Second, []string{"message", "callback_query"}); err != nil {
		t.Fatal(err)
	}
	if p := f.last(t).params; p.Get("offset") != "9" || p.Get("timeout") != "50" || p.Get("allowed_updates") != `["message","callback_query"]` {
		t.Errorf("parameters %v", p)
	}
}

func TestAFirstUpdateWithoutAnIDIsAnError(t *testing.T) {
	f := newFake(t, func(w http.ResponseWriter, _ request) { ok(w, []any{map[string]any{}}) })
	if _, err := newDoor(t, f.URL).Updates(t.Context(), 0, 0, nil); err == nil {
		t.Fatal("accepted")
	}
}

func FuzzNoUpdateBringsDownTheDecoder(f *testing.F) {
	f.Add([]byte(`{"update_id":1,"message":{"from":{"id":7}}}`))
	f.Add([]byte(`{"update_id":"1"}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		u := decodeUpdate(raw)
		_, _ = u.Person(), u.Kind()
		if u.UpdateID == 0 && u.Broken == nil {
			t.Fatal("an update without an id is not broken")
		}
	})
}
