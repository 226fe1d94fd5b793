package richtext

import (
	"errors"
	"strings"
	"testing"
)

func parse(t testing.TB, s string) Text {
	t.Helper()
	text, err := ParseHTML(s)
	if err != nil {
		t.Fatalf("%q: %v", s, err)
	}
	return text
}

func TestHTMLIsReadAndWrittenInOneForm(t *testing.T) {
	for name, c := range map[string]struct{ in, html, plain string }{
		"plain text":                      {"Kính gửi: A & B", "Kính gửi: A &amp; B", "Kính gửi: A & B"},
		"other names for tags":            {"<STRONG>a</STRONG><em>b</em><ins>c</ins><del>d</del><strike>e</strike>", "<b>a</b><i>b</i><u>c</u><s>de</s>", "abcde"},
		"spoilers":                        {`<span class="tg-spoiler">a</span> <tg-spoiler>b</tg-spoiler>`, "<tg-spoiler>a</tg-spoiler> <tg-spoiler>b</tg-spoiler>", "a b"},
		"entities":                        {"1 &lt; 2 &amp;&amp; 3 &gt; 2 &quot;x&quot; &#272;&#x1EA3;ng &nbsp; &lt", `1 &lt; 2 &amp;&amp; 3 &gt; 2 "x" Đảng &amp;nbsp; &amp;lt`, `1 < 2 && 3 > 2 "x" Đảng &nbsp; &lt`},
		"nested tags":                     {"<b>a<i>b</i></b>", "<b>a<i>b</i></b>", "ab"},
		"a tag in itself":                 {"<b>a<b>b</b></b>", "<b>ab</b>", "ab"},
		"tags that touch":                 {"<b>a</b><b>b</b>", "<b>ab</b>", "ab"},
		"tags around nothing":             {"a<b></b><i><b></b></i>", "a", "a"},
		"a link":                          {`<a href="https://example.vn/?a=1&amp;b=2&copy=3">x</a>`, `<a href="https://example.vn/?a=1&amp;b=2&amp;copy=3">x</a>`, "x"},
		"a link in other quotation marks": {`<a class=x href='https://example.vn/"'>x</a>`, `<a href="https://example.vn/&quot;">x</a>`, "x"},
		"code":                            {"<code>a &lt; b</code>", "<code>a &lt; b</code>", "a < b"},
		"code holds nothing else":         {"<b>a<code>b<i>c</i></code>d</b>", "<b>a</b><code>bc</code><b>d</b>", "abcd"},
		"preformatted with language":      {`<pre><code class="language-go">x</code></pre>`, `<pre><code class="language-go">x</code></pre>`, "x"},
		"preformatted with some code":     {`<pre>a<code>x</code></pre>`, `<pre>ax</pre>`, "ax"},
		"a quotation":                     {"<blockquote>a\nb</blockquote>c", "<blockquote>a\nb</blockquote>c", "a\nbc"},
		"a quotation that opens":          {"<blockquote expandable>a</blockquote>", "<blockquote expandable>a</blockquote>", "a"},
		"a quotation in a quotation":      {"<blockquote>a<blockquote>b</blockquote>c</blockquote>", "<blockquote>abc</blockquote>", "abc"},
		"a link in a link":                {`<a href="http://a.vn">a<a href="http://b.vn">b</a></a>`, `<a href="http://a.vn">ab</a>`, "ab"},
		"white space at the ends":         {" \n<b> a </b>\n", "<b>a</b>", "a"},
		"characters nobody sees":          {"a\r\nb\x00c\u202ed\u2028", "a\nb cd", "a\nb cd"},
		"nothing":                         {"", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			text := parse(t, c.in)
			if text.HTML() != c.html || text.Plain() != c.plain {
				t.Errorf("got  %q, %q\nwant %q, %q", text.HTML(), text.Plain(), c.html, c.plain)
			}
			if again := parse(t, text.HTML()); !again.Equal(text) {
				t.Errorf("read again it is %+v, not %+v", again, text)
			}
		})
	}
}

func TestARefusalNamesTheByte(t *testing.T) {
	for s, want := range map[string]struct {
		offset int
		reason string
	}{
		"Đa < b":                                {4, "begins no tag"},
		"a<br>":                                 {1, "unknown tag <br>"},
		"<p>a</p>":                              {0, "unknown tag <p>"},
		"<b>a":                                  {0, "<b> is not closed"},
		"<b>a<i>b</i>":                          {0, "<b> is not closed"},
		"<b>a<i>b</b></i>":                      {8, "</b> where </i> was expected"},
		"a</b>":                                 {1, "</b> closes nothing"},
		"<b>a</>":                               {4, "begins no tag"},
		"<span>a</span>":                        {0, "without class"},
		"<a>a</a>":                              {0, "usable href"},
		`<a href="javascript:x()">a</a>`:        {0, "usable href"},
		`<a href="tg://user?id=1">a</a>`:        {0, "usable href"},
		`<a href="example.vn">a</a>`:            {0, "usable href"},
		`<a href="https://">a</a>`:              {0, "usable href"},
		"<b":                                    {0, "begins no tag"},
		"Đ\xff":                                 {2, "not UTF-8"},
		`<tg-emoji emoji-id="5">👍</tg-emoji>`:   {0, "unknown tag <tg-emoji>"},
		"<b a='1>x</b>":                         {0, "begins no tag"},
		strings.Repeat("a", 70000) + "<marquee": {70000, "begins no tag"},
	} {
		_, err := ParseHTML(s)
		var e *SyntaxError
		if !errors.As(err, &e) || e.Offset != want.offset || !strings.Contains(e.Reason, want.reason) {
			t.Errorf("ParseHTML(%.40q): %v, want %q at %d", s, err, want.reason, want.offset)
		}
	}
}

func FuzzParseHTML(f *testing.F) {
	for _, s := range []string{
		"<b>a<i>b</i></b>", `<a href="https://e.vn/?a=1&b">x</a>`, `<pre><code class="language-go">x</code></pre>`, "&#272; &lt;",
		"<blockquote>a<pre>b</pre></blockquote>", "<pre>a<blockquote>b</blockquote>c</pre>", "<u><a href=http://a.b>x<s>y</s></a></u>", "<tg-spoiler> 👩‍💻 </tg-spoiler>",
	} {
		f.Add(s, uint8(3), uint8(9))
	}
	f.Fuzz(func(t *testing.T, s string, from, to uint8) {
		text, err := ParseHTML(s)
		if err != nil {
			var e *SyntaxError
			if !errors.As(err, &e) || e.Offset < 0 || e.Offset > len(s) {
				t.Fatalf("%q: %v", s, err)
			}
			return
		}
		same(t, text)
		same(t, text.Cut(int(from), int(to)).Trim())
		for _, piece := range text.Split(1 + int(from)) {
			same(t, piece)
			if piece.Len() > 1+int(from) {
				t.Errorf("%q: a piece of %d, more than %d", s, piece.Len(), 1+from)
			}
		}
	})
}

// same checks that a text comes back from both of its written forms.
func same(t *testing.T, text Text) {
	t.Helper()
	again, err := ParseHTML(text.HTML())
	if err != nil || !again.Equal(text) {
		t.Errorf("%+v is written %q and read %+v, %v", text, text.HTML(), again, err)
	}
	if again := FromEntities(text.Plain(), text.Entities()); !again.Equal(text) {
		t.Errorf("%+v has entities %+v, which are %+v", text, text.Entities(), again)
	}
}
