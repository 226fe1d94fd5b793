package main

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// patience is how long a test waits for the demo, on a machine that is busy with everything else.
const patience = time.Minute

// demo is a demo that runs in this process.
type demo struct {
	url  string
	stop func() (code int, rest string) // ends it; rest is what it printed after the address
}

// begin runs the demo on addr until the test ends and waits for its address.
func begin(t *testing.T, addr string) *demo {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	reader, writer := io.Pipe()
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, []string{"-addr", addr}, writer, t.Output())
		_ = writer.Close()
	}()
	lines := bufio.NewReader(reader)
	first := make(chan string, 1)
	rest := make(chan string, 1)
	go func() {
		line, _ := lines.ReadString('\n')
		first <- line
		more, _ := io.ReadAll(lines)
		rest <- string(more)
	}()
	d := &demo{stop: func() (int, string) {
		cancel()
		select {
		case c := <-code:
			code <- c
			more := <-rest
			rest <- more
			return c, more
		case <-time.After(patience):
			t.Fatalf("the demo did not stop within %s", patience)
			return 0, ""
		}
	}}
	t.Cleanup(func() { d.stop() })
	select {
	case line := <-first:
		address, found := strings.CutPrefix(line, "Briefbot demo: ")
		if !found {
			t.Fatalf("the demo printed %q, want its address", line)
		}
		d.url = strings.TrimSpace(address)
	case <-time.After(patience):
		t.Fatalf("the demo printed no address within %s", patience)
	}
	return d
}

func TestTheOnlyLineIsTheAddressOfThePage(t *testing.T) {
	d := begin(t, "127.0.0.1:0")
	page := get(t, d.url)
	if !strings.Contains(page, `id="phones"`) {
		t.Errorf("%s is not the page of phones: %.200s", d.url, page)
	}
	code, rest := d.stop()
	if code != 0 || rest != "" {
		t.Errorf("the demo ended with %d and printed %q after its address, want 0 and nothing", code, rest)
	}
}

func TestABusyPortIsReplacedByAFreeOne(t *testing.T) {
	var config net.ListenConfig
	taken, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	d := begin(t, taken.Addr().String())
	if strings.Contains(d.url, taken.Addr().String()) {
		t.Fatalf("the page is said to be at %s, which is taken", d.url)
	}
	get(t, d.url)
}

func TestAnUnknownFlagIsWrongUsage(t *testing.T) {
	if code := run(t.Context(), []string{"-port", "1"}, io.Discard, io.Discard); code != 2 {
		t.Errorf("exit code %d, want 2", code)
	}
	if code := run(t.Context(), []string{"-h"}, io.Discard, io.Discard); code != 0 {
		t.Errorf("exit code of -h %d, want 0", code)
	}
}

// get fetches a page.
func get(t *testing.T, url string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Timeout: patience}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: %s", url, response.Status)
	}
	return string(body)
}
