package richtext

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestATextIsPartedWhereAReaderWould(t *testing.T) {
	for name, c := range map[string]struct {
		html  string
		limit int
		want  []string
	}{
		"short enough":                     {"<b>a b</b>", 3, []string{"<b>a b</b>"}},
		"no limit":                         {"a b c", 0, []string{"a b c"}},
		"at a paragraph before a line":     {"aaaa\n\nbbbb\ncc dd", 12, []string{"aaaa", "bbbb\ncc dd"}},
		"at a line before a word":          {"aaaa\nbbbb cc", 10, []string{"aaaa", "bbbb cc"}},
		"at a word when lines come early":  {"a\nbbbbbbb ccc ddd", 12, []string{"a\nbbbbbbb", "ccc ddd"}},
		"between letters of a long word":   {"aaaaaa", 4, []string{"aaaa", "aa"}},
		"after exactly the limit":          {"aaaa bbbb", 4, []string{"aaaa", "bbbb"}},
		"formatting goes on":               {"<b>aaaa <i>bbbb cccc</i></b>", 9, []string{"<b>aaaa <i>bbbb</i></b>", "<b><i>cccc</i></b>"}},
		"a link goes on":                   {`<a href="https://a.vn">aaaa bbbb</a>`, 5, []string{`<a href="https://a.vn">aaaa</a>`, `<a href="https://a.vn">bbbb</a>`}},
		"never inside an emoji of parts":   {"aa👩‍💻👩‍💻", 7, []string{"aa👩‍💻", "👩‍💻"}},
		"never between a letter and tones": {"e\u0302\u0323e\u0302\u0323", 4, []string{"e\u0302\u0323", "e\u0302\u0323"}},
		"inside only what cannot fit":      {"a\u0300\u0301\u0302\u0303", 2, []string{"a\u0300", "\u0301\u0302", "\u0303"}},
		"nothing":                          {"", 5, []string{""}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, piece := range parse(t, c.html).Split(c.limit) {
				got = append(got, piece.HTML())
				same(t, piece)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestPiecesAreTheWholeTextAndFit(t *testing.T) {
	var b strings.Builder
	for i := range 400 {
		fmt.Fprintf(&b, "<b>Mục %d.</b> Thông tin <i>thời sự</i> tuần, <a href=\"https://example.vn/%d\">xem thêm</a>.\n", i, i)
		if i%7 == 0 {
			b.WriteString("\n")
		}
	}
	whole := parse(t, b.String())
	var words []string
	for _, piece := range whole.Split(MessageLimit) {
		if piece.Len() > MessageLimit || len(piece.Entities()) > EntityLimit {
			t.Errorf("a piece of %d characters and %d entities", piece.Len(), len(piece.Entities()))
		}
		if piece.Len() < 500 && len(words) == 0 {
			t.Errorf("the first piece has only %d characters", piece.Len())
		}
		words = append(words, strings.Fields(piece.Plain())...)
	}
	if !slices.Equal(words, strings.Fields(whole.Plain())) {
		t.Error("words are lost or in another order")
	}
}

func TestCutKeepsFormattingAndCharactersWhole(t *testing.T) {
	text := parse(t, "ab<b>Đc</b>d")
	for want, at := range map[string][2]int{
		"b<b>Đ</b>":    {1, 4},
		"<b>Đ</b>":     {2, 4},
		"<b>c</b>d":    {4, 99},
		"a":            {-5, 1},
		"ab":           {0, 3},
		"":             {4, 2},
		"ab<b>Đc</b>d": {0, 6},
	} {
		if got := text.Cut(at[0], at[1]).HTML(); got != want {
			t.Errorf("Cut(%d, %d) = %q, want %q", at[0], at[1], got, want)
		}
	}
}

func TestPlainTextIsNeverReadAsFormatting(t *testing.T) {
	text := FromPlain("  <b>An & Bình</b> \xff")
	if text.HTML() != "&lt;b&gt;An &amp; Bình&lt;/b&gt; \uFFFD" || text.Formatted() || text.Empty() || !utf8.ValidString(text.Plain()) {
		t.Errorf("got %q", text.HTML())
	}
}

func BenchmarkParseHTML(b *testing.B) {
	s := strings.Repeat("<b>Tình hình</b> thời sự <i>tuần 47</i>, <a href=\"https://example.vn\">xem thêm</a>.\n", 40)
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		if _, err := ParseHTML(s); err != nil {
			b.Fatal(err)
		}
	}
}
