package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// tomorrow is how the meeting of tomorrow is called, in a part that also fits on a button.
const tomorrow = "giới thiệu kết quả rà soát"

func TestOnePersonsAnswerIsCountedOnTheOrganizersPhone(t *testing.T) {
	b := browse(t, 1440, 900)
	member, caller := b.phone(user(elder)), b.phone(user(organizer))

	caller.say("/thongke")
	caller.tap("Xem số liệu", tomorrow)
	before := caller.accepted()

	member.tap("GIẤY MỜI", "✅ Tham dự")
	b.await("the pill on the member's phone", member.xpath(`//div[contains(@class,"toast")]`), "Tham dự")
	b.await("the answer on the member's card", member.message("GIẤY MỜI"), "Đồng chí đã xác nhận tham dự")

	shown := b.attribute(caller.message("Triệu tập"), "data-id")
	caller.tap("Triệu tập", "🔄 Cập nhật")
	b.await("one more on the organizer's phone", caller.message("Triệu tập"), fmt.Sprintf("✅ Tham dự: %d ", before+1))
	if after := b.attribute(caller.message("Triệu tập"), "data-id"); after != shown {
		t.Errorf("the figures are in message %s, want them edited in place in %s", after, shown)
	}
	b.unhurt()
}

func TestThePageSpeaksBothLanguages(t *testing.T) {
	b := browse(t, 1440, 900)
	b.await("the Vietnamese page", `//*[@id="steps-open"]`, "Kịch bản")
	b.await("the Vietnamese role", b.phone(user(elder)).holder(), "Đảng viên cao tuổi")
	b.do("switch the page to English", chromedp.Click(chromedp.ID("language")))
	b.await("the English page", `//*[@id="steps-open"]`, "Try this")
	b.await("the English role", b.phone(user(elder)).holder(), "Elderly member")
	if lang := b.attribute(`/html`, "lang"); lang != "en" {
		t.Errorf("the page says it is in %q, want en", lang)
	}
	b.unhurt()
}

func TestNothingIsCutOffAtAnySize(t *testing.T) {
	for _, size := range []struct{ width, height int64 }{{1440, 900}, {1024, 768}, {390, 844}} {
		t.Run(fmt.Sprintf("%dx%d", size.width, size.height), func(t *testing.T) {
			b := browse(t, size.width, size.height)
			b.await("a message", b.phone(user(elder)).message("GIẤY MỜI"), tomorrow)
			wide := ask(b, "measure the page", chromedp.Evaluate[int64](`Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)`))
			if wide > size.width {
				t.Errorf("the page is %d wide on a screen of %d", wide, size.width)
			}
			b.unhurt()
		})
	}
}

// phone is one person's phone on the page.
type phone struct {
	*browser
	person int64
}

func (b *browser) phone(person int64) phone { return phone{b, person} }

// xpath leads from the phone to something on it.
func (p phone) xpath(rest string) string {
	return fmt.Sprintf(`//section[contains(@class,"phone")][@data-person="%d"]%s`, p.person, rest)
}

// holder is who holds the phone.
func (p phone) holder() string { return p.xpath("") }

// message is the newest message of the bot that contains a text.
func (p phone) message(text string) string {
	return fmt.Sprintf(`(%s)[last()]`, p.xpath(fmt.Sprintf(`//article[@data-from="bot"][contains(., "%s")]`, text)))
}

// say types a text and sends it.
func (p phone) say(text string) {
	p.t.Helper()
	p.do("say "+text,
		chromedp.SendKeys(chromedp.Search(p.xpath(`//textarea[contains(@class,"say")]`)), text),
		chromedp.Click(chromedp.Search(p.xpath(`//button[contains(@class,"send")]`))))
}

// tap presses the button with a label below the newest message that contains a text.
func (p phone) tap(text, label string) {
	p.t.Helper()
	p.do("tap "+label, chromedp.Click(chromedp.Search(
		p.message(text)+fmt.Sprintf(`//button[contains(@class,"ib")][contains(., "%s")]`, label))))
}

var acceptedLine = regexp.MustCompile(`✅ Tham dự: ([\d.]+) `)

// accepted reads how many have accepted, on the newest figures.
func (p phone) accepted() int {
	p.t.Helper()
	figures := ask(p.browser, "read the figures", chromedp.TextContent(chromedp.Search(p.message("Triệu tập"))))
	match := acceptedLine.FindStringSubmatch(figures)
	if match == nil {
		p.t.Fatalf("no number of those who come in %q", figures)
	}
	n, err := strconv.Atoi(strings.ReplaceAll(match[1], ".", ""))
	if err != nil {
		p.t.Fatal(err)
	}
	return n
}
