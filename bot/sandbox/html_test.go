package sandbox

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestHTMLBecomesTextAndEntities(t *testing.T) {
	tests := []struct {
		name, src, text string
		entities        []Entity
	}{
		{"nested", "<b>a<i>b</i></b>", "ab", []Entity{{Type: "bold", Offset: 0, Length: 2}, {Type: "italic", Offset: 1, Length: 1}}},
		{"offsets are UTF-16", "😀<b>é</b>", "😀é", []Entity{{Type: "bold", Offset: 2, Length: 1}}},
		{"tags in any case", "<B>a</b>", "a", []Entity{{Type: "bold", Offset: 0, Length: 1}}},
		{"short end tag", "<u>a</>b", "ab", []Entity{{Type: "underline", Offset: 0, Length: 1}}},
		{"characters", "&lt;&gt;&amp;&quot;&#39;&#x41;", `<>&"'A`, nil},
		{"semicolon is optional", "a &amp b", "a & b", nil},
		{"unknown names stay", "a&nbsp;b &copy;", "a&nbsp;b &copy;", nil},
		{"link", `<a href="https://a.vn/x?y=1&amp;z=2">here</a>`, "here", []Entity{{Type: "text_link", Offset: 0, Length: 4, URL: "https://a.vn/x?y=1&z=2"}}},
		{"bad link keeps its text", `<a href="http://localhost">here</a>`, "here", nil},
		{"mention", `<a href="tg://user?id=7">Ann</a>`, "Ann", []Entity{{Type: "text_mention", Offset: 0, Length: 3, User: &wireUser{ID: 7}}}},
		{"block with a language", `<pre><code class="language-go">x</code></pre>`, "x", []Entity{{Type: "pre", Offset: 0, Length: 1, Language: "go"}}},
		{"spoiler by span", `<span class="tg-spoiler">x</span>`, "x", []Entity{{Type: "spoiler", Offset: 0, Length: 1}}},
		{"folded quotation", `<blockquote expandable>x</blockquote>`, "x", []Entity{{Type: "expandable_blockquote", Offset: 0, Length: 1}}},
		{"empty tag", "a<b></b>", "a", nil},
		{"ends are cut", "  <b> a </b>\n", "a", []Entity{{Type: "bold", Offset: 0, Length: 1}}},
		{"nothing lives in code", "<code>a<b>b</b></code>", "ab", []Entity{{Type: "code", Offset: 0, Length: 2}}},
		{"control characters", "a\tb\rc\u202ed", "a bcd", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, refused := readFormatted(tt.src, "HTML", "")
			if refused != nil {
				t.Fatal(refused)
			}
			text := tt.text
			if tt.name == "ends are cut" {
				text = " a" // a space that is formatted stays in front
				tt.entities[0].Length = 2
			}
			if got.text != text {
				t.Errorf("text %q, want %q", got.text, text)
			}
			if len(got.entities)+len(tt.entities) > 0 && !reflect.DeepEqual(got.entities, tt.entities) {
				t.Errorf("entities %+v, want %+v", got.entities, tt.entities)
			}
		})
	}
}

func TestHTMLErrorsNameTheByte(t *testing.T) {
	for src, words := range map[string]string{
		"a < b":                               `Unsupported start tag "" at byte offset 2`,
		"é<x>":                                `Unsupported start tag "x" at byte offset 2`,
		"a<br>b":                              `Unsupported start tag "br" at byte offset 1`,
		"a<b":                                 "Unclosed start tag at byte offset 1",
		"<b>a":                                `Can't find end tag corresponding to start tag "b"`,
		"<b>a</i>":                            `Unmatched end tag at byte offset 4, expected "</b>", found "</i>"`,
		"<b>a<i>b</b></i>":                    `Unmatched end tag at byte offset 8, expected "</i>", found "</b>"`,
		"a</b>":                               "Unexpected end tag at byte offset 1",
		"<b>a</b":                             "Unclosed end tag at byte offset 4",
		"<span>a</span>":                      `Tag "span" must have class "tg-spoiler" at byte offset 0`,
		`<a ="x">a</a>`:                       `Empty attribute name in the tag "a" at byte offset 0`,
		"<a href":                             `Unclosed start tag "a" at byte offset 0`,
		"<a href=":                            `Unclosed start tag "a" at byte offset 0`,
		`<a href="x`:                          "Unclosed start tag at byte offset 0",
		"<a href=http://x>a</>":               "Unexpected end of name token at byte offset 8",
		"<tg-emoji emoji-id='x'>😀</tg-emoji>": "Invalid custom emoji identifier specified",
		"&#xd800;":                            "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units",
	} {
		if _, _, err := parseHTML(src); err == nil || err.Error() != words {
			t.Errorf("%q: %v\nwant %s", src, err, words)
		}
	}
}

func TestExplicitEntitiesFitTheText(t *testing.T) {
	for list, words := range map[string]string{
		`[{"type":"bold","offset":5,"length":1}]`: "Bad Request: entity begins after the end of the text at UTF-16 offset 5",
		`[{"type":"bold","offset":1,"length":9}]`: "Bad Request: entity beginning at UTF-16 offset 1 ends after the end of the text at UTF-16 offset 10",
		`[{"type":"bold","offset":2,"length":1}]`: "Bad Request: entity begins in a middle of a UTF-16 symbol at byte offset 2",
		`[{"offset":0,"length":1}]`:               `Bad Request: can't parse MessageEntity: Can't find field "type"`,
		`[1]`:                                     "Bad Request: can't parse MessageEntity: MessageEntity must be an Object",
	} {
		if _, refused := readFormatted("a😀bc", "", list); refused == nil || refused.words != words {
			t.Errorf("%s: %v\nwant %s", list, refused, words)
		}
	}
	if got, refused := readFormatted("abc", "", "no JSON"); refused != nil || got.entities != nil {
		t.Errorf("an unreadable list is not ignored: %v %v", got, refused)
	}
}

func TestCommandsAndAddressesAreFound(t *testing.T) {
	text := "/start@sandbox_bot 😀 see https://a.vn/x, not a/b"
	want := []Entity{{Type: "bot_command", Offset: 0, Length: 18}, {Type: "url", Offset: 26, Length: 14}}
	if got := detect(text, nil); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestRenderedHTMLIsSafe(t *testing.T) {
	text := `<script>alert("1")</script> link` + "\nend"
	got := renderHTML(text, []Entity{
		{Type: "bold", Offset: 0, Length: 8},
		{Type: "italic", Offset: 4, Length: 10},
		{Type: "text_link", Offset: 28, Length: 4, URL: "javascript:alert(1)"},
	})
	want := `<b>&lt;scr<i>ipt&gt;</i></b><i>alert(</i>&#34;1&#34;)&lt;/script&gt; <a href="#" target="_blank" rel="noopener noreferrer">link</a><br>end`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func FuzzHTML(f *testing.F) {
	for _, src := range []string{
		"<b>a</b>", "a < b", `<a href="https://a.vn">x</a>`, "&#x1F600;<i>ế</i>", "<pre><code class='language-go'>x</code></pre>",
		"<blockquote expandable>a</blockquote>", "&#xd800;", "<a href=", "</", "<b\x00>", "<span class=tg-spoiler>",
	} {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		got, refused := readFormatted(src, "HTML", "")
		if refused != nil {
			return
		}
		if !utf8.ValidString(got.text) {
			t.Fatalf("text is not UTF-8: %q", got.text)
		}
		end := utf16Length(got.text)
		for _, e := range got.entities {
			if e.Offset < 0 || e.Length <= 0 || e.Offset+e.Length > end {
				t.Fatalf("entity %+v lies outside of %q", e, got.text)
			}
		}
		if shown := renderHTML(got.text, got.entities); strings.Contains(shown, "<script") {
			t.Fatalf("unsafe: %s", shown)
		}
	})
}
