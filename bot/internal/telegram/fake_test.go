package telegram

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// token has the form of a real one and is looked for in everything printed.
const token = "123456:AAH-secret_secret_secret_secret_secr"

// request is what the fake received.
type request struct {
	method string
	params url.Values
	files  map[string]upload
}

type upload struct {
	name    string
	content string
}

// fake is a Bot API server that answers as it is told.
type fake struct {
	*httptest.Server
	answer func(w http.ResponseWriter, r request)

	mu       sync.Mutex
	received []request
}

// newFake starts a server that gives every call to answer.
func newFake(t *testing.T, answer func(w http.ResponseWriter, r request)) *fake {
	t.Helper()
	f := &fake{answer: answer}
	f.Server = httptest.NewServer(http.HandlerFunc(f.serve))
	t.Cleanup(f.Close)
	return f
}

func (f *fake) serve(w http.ResponseWriter, req *http.Request) {
	method, ok := strings.CutPrefix(req.URL.Path, "/bot"+token+"/")
	if !ok {
		http.Error(w, "elsewhere", http.StatusNotFound)
		return
	}
	r := request{method: method, files: map[string]upload{}}
	if strings.HasPrefix(req.Header.Get("Content-Type"), "multipart/") {
		if err := req.ParseMultipartForm(1 << 20); err != nil {
			http.Error(w, "unreadable", http.StatusBadRequest)
			return
		}
		for field, headers := range req.MultipartForm.File {
			file, err := headers[0].Open()
			if err != nil {
				http.Error(w, "unreadable", http.StatusBadRequest)
				return
			}
			content, _ := io.ReadAll(file)
			r.files[field] = upload{name: headers[0].Filename, content: string(content)}
		}
	} else if err := req.ParseForm(); err != nil {
		http.Error(w, "unreadable", http.StatusBadRequest)
		return
	}
	r.params = maps.Clone(req.PostForm)
	if req.MultipartForm != nil {
		r.params = req.MultipartForm.Value
	}
	f.mu.Lock()
	f.received = append(f.received, r)
	f.mu.Unlock()
	f.answer(w, r)
}

// last is the request received most recently.
func (f *fake) last(t *testing.T) request {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.received) == 0 {
		t.Fatal("nothing was received")
	}
	return f.received[len(f.received)-1]
}

// methods lists what was called.
func (f *fake) methods() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []string
	for _, r := range f.received {
		all = append(all, r.method)
	}
	return all
}

// ok answers with a result.
func ok(w http.ResponseWriter, result any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"ok": true, "result": result})
}

// refuse answers with an error, as the Bot API does.
func refuse(w http.ResponseWriter, code int, description string, parameters map[string]any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	body := map[string]any{"ok": false, "error_code": code, "description": description}
	if parameters != nil {
		body["parameters"] = parameters
	}
	_ = json.NewEncoder(w).Encode(body)
}

// newDoor opens a door to a server.
func newDoor(t *testing.T, base string, change ...func(*Config)) *Door {
	t.Helper()
	c := Config{Token: NewSecret(token), BaseURL: base}
	for _, f := range change {
		f(&c)
	}
	d, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

// assertLeaksNoToken fails when the token can be read from any of the ways
// in which a value is printed.
func assertLeaksNoToken(t *testing.T, what string, values ...any) {
	t.Helper()
	for _, v := range values {
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", v)
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "v", v)
		printed := fmt.Sprintf("%v %+v %#v %s %q", v, v, v, v, v) + log.String()
		if asJSON, err := json.Marshal(v); err == nil {
			printed += string(asJSON)
		}
		if err, isError := v.(error); isError {
			printed += err.Error()
		}
		plain, _, _ := strings.Cut(token, "-")
		for _, secret := range []string{token, url.QueryEscape(token), strings.TrimPrefix(token, "123456:"), plain} {
			if strings.Contains(printed, secret) {
				t.Errorf("%s shows the token in %T", what, v)
			}
		}
	}
}

// eventually fails the test when done does not come.
func eventually(t *testing.T, what string, done <-chan struct{}) {
	t.Helper()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatalf("%s did not happen", what)
	}
}
