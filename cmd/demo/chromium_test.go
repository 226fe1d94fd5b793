package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// chromiumVariable names the environment variable that points at a Chromium. When it is empty one is looked for on PATH; when it is
// "none" there is none, whatever the machine has.
const chromiumVariable = "BRIEFBOT_CHROMIUM"

// browser is a Chromium that shows the demo.
type browser struct {
	t      *testing.T
	window context.Context //nolint:containedctx // the library keeps the browser in a context
	words  func() []string // what the page has written on its console as an error or a warning
}

// browse starts a demo and opens it in a window of the given size. It skips the test where there is no Chromium.
func browse(t *testing.T, width, height int64) *browser {
	t.Helper()
	binary := chromium()
	if binary == "" {
		t.Skipf("no Chromium: none is on PATH, or %s says so", chromiumVariable)
	}
	d := begin(t, "127.0.0.1:0")
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(binary), chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.WindowSize(int(width), int(height)), chromedp.Flag("disable-component-update", true))
	bound, cancel := context.WithTimeout(t.Context(), 3*patience)
	t.Cleanup(cancel)
	allocator, stop := chromedp.NewExecAllocator(bound, options...)
	t.Cleanup(stop)
	window, leave := chromedp.NewContext(allocator)
	t.Cleanup(leave)
	b := &browser{t: t, window: window}
	if err := chromedp.Do(window); err != nil { // the browser lives as long as the context of this first call
		t.Fatalf("start Chromium: %v", err)
	}
	b.words = overhear(window)
	b.do("open the page", chromedp.EmulateViewport(width, height), chromedp.Navigate(d.url))
	return b
}

// chromium finds the browser, or returns "".
func chromium() string {
	switch named := os.Getenv(chromiumVariable); named {
	case "none":
		return ""
	case "":
	default:
		return named
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			return found
		}
	}
	return ""
}

// overhear collects the complaints on the console of a window; the function it returns ends that and tells them.
func overhear(window context.Context) func() []string {
	bound, stop := context.WithCancel(window)
	messages := chromedp.Console(bound)
	heard := make(chan []string, 1)
	go func() {
		var words []string
		for m, err := range messages {
			if err != nil {
				break
			}
			switch m.Type {
			case "error", "warning", "assert", chromedp.ConsoleException:
				words = append(words, fmt.Sprintf("%s: %s %s", m.Type, m.Text, m.URL))
			}
		}
		heard <- words
	}()
	return func() []string {
		stop()
		return <-heard
	}
}

// unhurt checks, at the end, that the page has met no error.
func (b *browser) unhurt() {
	b.t.Helper()
	for _, w := range b.words() {
		b.t.Errorf("the page complains: %s", w)
	}
}

// ask gets a value from the page within a bound.
func ask[T any](b *browser, what string, action chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.window, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, action)
	if err != nil {
		b.t.Fatalf("%s: %v", what, err)
	}
	return value
}

// do acts on the page within a bound.
func (b *browser) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	for _, action := range actions {
		ask(b, what, action)
	}
}

// await waits until the element at an XPath contains a text. The page's own policy forbids scripts that are made from strings, so it
// is asked from here again and again.
func (b *browser) await(what, xpath, text string) {
	b.t.Helper()
	shown := fmt.Sprintf("document.evaluate(%s, document, null, XPathResult.FIRST_ORDERED_NODE_TYPE).singleNodeValue?.textContent ?? ''",
		strconv.Quote(xpath))
	end := time.After(patience)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		last := ask(b, "look at "+what, chromedp.Evaluate[string](shown))
		if strings.Contains(last, text) {
			return
		}
		select {
		case <-tick.C:
		case <-end:
			b.t.Fatalf("%s: no %q within %s, but %q", what, text, patience, last)
		}
	}
}

// attribute reads an attribute of the element at an XPath.
func (b *browser) attribute(xpath, name string) string {
	b.t.Helper()
	got := ask(b, "read "+name, chromedp.AttributeValue(chromedp.Search(xpath), name))
	if !got.Exists {
		b.t.Fatalf("no %s at %s", name, xpath)
	}
	return got.Value
}
