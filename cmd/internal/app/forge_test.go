package app_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
)

// forger stands between the service and Telegram and changes what a pressed button carries, as somebody can who writes a client of
// their own: Telegram does not promise that a bot has offered the data of a press.
type forger struct {
	next http.Handler

	mu   sync.Mutex
	data map[int64]string // by account: what its next press carries
}

// forge makes the account's next press carry data.
func (f *forger) forge(account int64, data string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.data == nil {
		f.data = map[int64]string{}
	}
	f.data[account] = data
}

func (f *forger) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !strings.HasSuffix(r.URL.Path, "/getUpdates") {
		f.next.ServeHTTP(w, r)
		return
	}
	answer := httptest.NewRecorder()
	f.next.ServeHTTP(answer, r)
	maps.Copy(w.Header(), answer.Header())
	w.Header().Del("Content-Length")
	w.WriteHeader(answer.Code)
	_, _ = w.Write(f.changed(answer.Body.Bytes()))
}

func (f *forger) changed(body []byte) []byte {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.data) == 0 {
		return body
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var answer map[string]any
	if decoder.Decode(&answer) != nil {
		return body
	}
	updates, _ := answer["result"].([]any)
	for _, u := range updates {
		whole, _ := u.(map[string]any)
		press, ok := whole["callback_query"].(map[string]any)
		if !ok {
			continue
		}
		from, _ := press["from"].(map[string]any)
		number, _ := from["id"].(json.Number)
		id, _ := number.Int64()
		if data, forged := f.data[id]; forged {
			press["data"] = data
			delete(f.data, id)
		}
	}
	out, err := json.Marshal(answer)
	if err != nil {
		return body
	}
	return out
}
