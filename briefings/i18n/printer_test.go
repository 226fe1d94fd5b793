package i18n

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"briefbot/briefings"
)

const sample = `{
  "a.msg": {"kind": "msg", "vi": "<b>{name}</b> lúc {time:clock}, {addr}. {Addr} biết {n}", "en": "<b>{name}</b> at {time:clock}, {n}"},
  "a.toast": {"kind": "toast", "vi": "“{name}”", "en": "“{name}”"},
  "a.count": {"kind": "msg", "plural": "n", "vi": "{n:padded} người", "en": {"one": "{n} person", "other": "{n} people"}},
  "a.rate": {"kind": "msg", "vi": "{pct}% ({of})", "en": "{pct}% ({of})"},
  "a.card": {"kind": "msg", "vi": "{kind}[[ số {no}]]\n<b>Cho:</b> {to}\n\nNơi: {where}\n\n\nHết", "en": "{kind}[[ No. {no}]]\n<b>To:</b> {to}\n\nAt: {where}\n\n\nEnd"},
  "a.formats": {"kind": "text", "vi": "{t}|{t:short}|{t:date}|{t:document}|{y:plain}|{y}|{p}|{q:period}|{s}|{w}|{l}", "en": "{t}|{t:short}|{t:date}|{t:document}|{y:plain}|{y}|{p}|{q:period}|{s}|{w}|{l}"}
}`

func printer(t testing.TB, texts string) (Printer, *[]error) {
	t.Helper()
	c, err := LoadFS(fstest.MapFS{"m/a.json": {Data: []byte(texts)}}, "m")
	if err != nil {
		t.Fatal(err)
	}
	var reported []error
	return Printer{Catalogue: c, Location: time.FixedZone("+7", 7*3600), Report: func(err error) { reported = append(reported, err) }}, &reported
}

var at = time.Date(2026, 12, 3, 7, 0, 0, 0, time.UTC)

func TestValuesAreEscapedInMessagesAndPlainElsewhere(t *testing.T) {
	p, _ := printer(t, sample)
	got := p.T("a.msg", "name", "<An & Bình>", "time", at, "n", 1300)
	if want := "<b>&lt;An &amp; Bình&gt;</b> lúc 14:00, đồng chí. Đồng chí biết 1.300"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := p.In(En).T("a.msg", "name", HTML("<i>x</i>"), "time", at, "n", 1300); got != "<b><i>x</i></b> at 14:00, 1,300" {
		t.Errorf("got %q", got)
	}
	if got := p.T("a.toast", "name", "<An & Bình>"); got != "“<An & Bình>”" {
		t.Errorf("got %q", got)
	}
	if got := p.T("a.toast", "name", HTML("<i>A &amp; B</i>")); got != "“A & B”" {
		t.Errorf("got %q", got)
	}
}

func TestAValueIsNeverExpandedAgain(t *testing.T) {
	p, reported := printer(t, sample)
	if got := p.T("a.toast", "name", "{name}[[{addr}]]"); got != "“{name}[[{addr}]]”" || len(*reported) > 0 {
		t.Errorf("got %q, reported %v", got, *reported)
	}
}

func TestTheFormOfAddressIsThePersons(t *testing.T) {
	p, _ := printer(t, sample)
	if got := p.For("ông/bà").T("a.msg", "name", "", "time", at, "n", 1); !strings.Contains(got, ", ông/bà. Ông/bà ") {
		t.Errorf("got %q", got)
	}
}

func TestEnglishCountsWithTheRightForm(t *testing.T) {
	p, _ := printer(t, sample)
	for n, want := range map[int]string{0: "0 people", 1: "1 person", 2: "2 people", 1300: "1,300 people"} {
		if got := p.In(En).T("a.count", "n", n); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := p.T("a.count", "n", 1); got != "01 người" {
		t.Errorf("got %q", got)
	}
}

func TestARateWithoutFiguresIsADashWithoutSign(t *testing.T) {
	p, _ := printer(t, sample)
	for pct, want := range map[Percent]string{{47, 53}: "88,7% (x)", {0, 0}: "– (x)", {0, 5}: "0% (x)"} {
		if got := p.T("a.rate", "pct", pct, "of", "x"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := p.In(En).T("a.rate", "pct", Percent{47, 53}, "of", "x"); got != "88.7% (x)" {
		t.Errorf("got %q", got)
	}
}

func TestEveryFormatPrintsInBothLanguages(t *testing.T) {
	p, _ := printer(t, sample)
	pairs := []any{"t", at, "y", 2026, "p", briefings.Period("2026-Q4"), "q", "2026-H1", "s", Size(1258291), "w", time.Sunday, "l", []string{"a", "b"}}
	want := "14 giờ 00, Thứ Năm, ngày 03/12/2026|14:00 T5 03/12|03/12/2026|ngày 03 tháng 12 năm 2026|2026|2.026|quý IV năm 2026|6 tháng đầu năm 2026|1,2 MB|Chủ Nhật|a, b"
	if got := p.T("a.formats", pairs...); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	want = "14:00, Thursday, 3 December 2026|14:00 Thu 3 Dec|3 December 2026|3 December 2026|2026|2,026|fourth quarter of 2026|first half of 2026|1.2 MB|Sunday|a, b"
	if got := p.In(En).T("a.formats", pairs...); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestLinesWithoutValuesGo(t *testing.T) {
	p, reported := printer(t, sample)
	for want, pairs := range map[string][]any{
		"Giấy mời số 27\n<b>Cho:</b> An\n\nNơi: A\n\nHết": {"kind", "Giấy mời", "no", "27", "to", "An", "where", "A"},
		"Giấy mời\n\nNơi: A\n\nHết":                       {"kind", "Giấy mời", "to", "", "where", "A"},
		"Giấy mời\n<b>Cho:</b> An\n\nHết":                 {"kind", "Giấy mời", "to", "An"},
		"Hết":                                             {},
	} {
		if got := p.Lines("a.card", pairs...); got != want {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	}
	if len(*reported) > 0 {
		t.Errorf("reported %v", *reported)
	}
}

func TestWhatIsMissingIsShownInBracketsAndReported(t *testing.T) {
	p, reported := printer(t, sample)
	if got := p.T("no.such"); got != "[no.such]" {
		t.Errorf("got %q", got)
	}
	if got := p.T("a.toast"); got != "“[name]”" {
		t.Errorf("got %q", got)
	}
	if got := p.T("a.toast", "name", struct{}{}); got != "“[name]”" {
		t.Errorf("got %q", got)
	}
	if got := p.T("a.toast", "name"); got != "“[name]”" {
		t.Errorf("got %q", got)
	}
	if got := p.In(En).T("a.count", "n", "two"); got != "two people" {
		t.Errorf("got %q", got)
	}
	var key *KeyError
	if !errors.As((*reported)[0], &key) || key.Key != "no.such" {
		t.Errorf("reported %v", (*reported)[0])
	}
	var value *ValueError
	if !errors.As((*reported)[1], &value) || value.Name != "name" {
		t.Errorf("reported %v", (*reported)[1])
	}
	p.Report = nil
	p.T("no.such")
}

func TestARefusalOfTheDomainIsASentence(t *testing.T) {
	p, _ := printer(t, sample)
	if got := p.Refusal(briefings.Refuse("a.toast", "name", "An")); got != "“An”" {
		t.Errorf("got %q", got)
	}
}

func TestATextOfTheDomainIsInThePersonsLanguage(t *testing.T) {
	p, _ := printer(t, sample)
	name := briefings.Text{Vi: "Quốc tế", En: "World"}
	if vi, en := p.T("a.toast", "name", name), p.In(En).T("a.toast", "name", name); vi != "“Quốc tế”" || en != "“World”" {
		t.Errorf("got %q and %q", vi, en)
	}
}

func TestALanguageIsReadWithoutItsRegion(t *testing.T) {
	for s, want := range map[string]Lang{"vi": Vi, "vi-VN": Vi, "en_US": En, "EN": En} {
		if got, ok := ParseLang(s); !ok || got != want {
			t.Errorf("ParseLang(%q) = %q, %v", s, got, ok)
		}
	}
	if _, ok := ParseLang("fr"); ok {
		t.Error("fr is spoken")
	}
}

func BenchmarkText(b *testing.B) {
	c, err := Load()
	if err != nil {
		b.Fatal(err)
	}
	p := Printer{Catalogue: c, Location: time.FixedZone("+7", 7*3600)}
	b.ReportAllocs()
	for b.Loop() {
		p.T("rsvp.yes", "title", "Hội nghị <thời sự> quý IV", "time_text", at, "venue", "Hội trường Tỉnh ủy")
	}
}

func TestWhomToAskHasNoVietnameseFormOfAddressInEnglish(t *testing.T) {
	for given, want := range map[string]string{
		"đ/c Văn Mẫu Phòng":                        "Văn Mẫu Phòng",
		"Đồng chí Văn Mẫu Phòng, 0100 000 001":     "Văn Mẫu Phòng, 0100 000 001",
		"Văn phòng (đ/c Mẫu), hoặc Đ/c. Lê Mẫu An": "Văn phòng (Mẫu), hoặc Lê Mẫu An",
		"the office, room 5":                       "the office, room 5",
	} {
		if got := En.Contact(given); got != want {
			t.Errorf("%q is printed %q, want %q", given, got, want)
		}
		if got := Vi.Contact(given); got != given {
			t.Errorf("in Vietnamese %q became %q", given, got)
		}
	}
}
