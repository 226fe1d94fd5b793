package main

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"briefbot/cmd/internal/sample"
)

// rapporteurs is how the conference that begins within the hour is called.
const rapporteurs = "báo cáo viên, tuyên truyền viên"

func TestTheHallsScreenFollowsAnAnswerAndNamesNobody(t *testing.T) {
	phones := browse(t, 1440, 900)
	member := phones.phone(user(elder))
	phones.await("the notice", member.message(rapporteurs), "TRIỆU TẬP")
	address, _, _ := strings.Cut(phones.attribute(`//*[@id="links"]//a`, "href"), "?")

	screen := phones.another(1920, 1080)
	screen.do("open the board", chromedp.Navigate(address))
	screen.await("the tiles", `//article[contains(@class,"tile")][4]`, "Ao Sen")
	screen.await("the number of those who accepted", `//*[@data-text="t.accepted"]`, "")
	before := screen.number("t.accepted")
	screen.do("mark the page", chromedp.SetAttributeValue(chromedp.Search(`//h1`), "data-mark", "kept"))

	member.tap(rapporteurs, "✅ Tham dự")
	phones.await("the answer on the member's card", member.message(rapporteurs), "Đồng chí đã xác nhận tham dự")
	screen.await("one more on the board", `//*[@data-text="t.accepted"]`, strconv.Itoa(before+1))
	if screen.attribute(`//h1`, "data-mark") != "kept" {
		t.Error("the page was loaded anew")
	}
	screen.checkNames()
	if code := ask(screen, "read the code", chromedp.TextContent(chromedp.Search(`//*[@id="code"]`))); len(code) != len("123 456") {
		t.Errorf("the code is %q, want six digits in two halves", code)
	}
	if qr := screen.attribute(`//*[@id="qr"]`, "src"); !strings.HasPrefix(qr, "data:image/png;base64,") {
		t.Errorf("the QR is %.40q", qr)
	}

	screen.do("ask for English", chromedp.Navigate(address+"?lang=en"))
	screen.await("the English board", `//*[contains(@class,"totals")]`, "Accepted")
	screen.checkNames()
	screen.unhurt()
	phones.unhurt()
}

// another opens a second window of the same browser.
func (b *browser) another(width, height int64) *browser {
	b.t.Helper()
	window, leave := chromedp.NewContext(b.window)
	b.t.Cleanup(leave)
	if err := chromedp.Do(window); err != nil {
		b.t.Fatalf("open a second window: %v", err)
	}
	second := &browser{t: b.t, window: window, words: overhear(window)}
	second.do("size the window", chromedp.EmulateViewport(width, height))
	return second
}

// number reads a number of the board.
func (b *browser) number(place string) int {
	b.t.Helper()
	text := ask(b, "read "+place, chromedp.TextContent(chromedp.Search(fmt.Sprintf(`//*[@data-text=%q]`, place))))
	n, err := strconv.Atoi(text)
	if err != nil {
		b.t.Fatal(err)
	}
	return n
}

// checkNames looks for everybody of the sample in what the window holds.
func (b *browser) checkNames() {
	b.t.Helper()
	people, err := sample.Load(time.UTC)
	if err != nil {
		b.t.Fatal(err)
	}
	page := ask(b, "read the page", chromedp.Evaluate[string](`document.documentElement.outerHTML`))
	for _, m := range people.Roster.Members {
		if strings.Contains(page, m.Name) {
			b.t.Errorf("the board names %s", m.Name)
		}
	}
}
