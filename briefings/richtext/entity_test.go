package richtext

import (
	"math"
	"slices"
	"testing"
)

func TestEntitiesKeepWhatWasTyped(t *testing.T) {
	for name, c := range map[string]struct {
		text     string
		entities []Entity
		want     string
	}{
		"after an emoji of two units": {"👍 Đảng", []Entity{{Type: "bold", Offset: 3, Length: 4}}, "👍 <b>Đảng</b>"},
		"one in another":              {"abc", []Entity{{Type: "bold", Length: 3}, {Type: "italic", Offset: 1, Length: 1}}, "<b>a<i>b</i>c</b>"},
		"two that cross":              {"abcd", []Entity{{Type: "bold", Length: 3}, {Type: "italic", Offset: 1, Length: 3}}, "<b>a<i>bc</i></b><i>d</i>"},
		"one across a link":           {"abcd", []Entity{{Type: "bold", Length: 2}, {Type: "text_link", Offset: 1, Length: 3, URL: "https://a.vn"}}, `<b>a</b><a href="https://a.vn"><b>b</b>cd</a>`},
		"one across a quotation":      {"ab\ncd", []Entity{{Type: "italic", Length: 4}, {Type: "blockquote", Offset: 3, Length: 2}}, "<i>ab\n</i><blockquote><i>c</i>d</blockquote>"},
		"no formatting":               {"#tag @an <b>", []Entity{{Type: "hashtag", Length: 4}, {Type: "mention", Offset: 5, Length: 3}}, "#tag @an &lt;b&gt;"},
		"preformatted":                {"x", []Entity{{Type: "pre", Length: 1, Language: "go"}}, `<pre><code class="language-go">x</code></pre>`},
		"a language that is none":     {"x", []Entity{{Type: "pre", Length: 1, Language: `"><b>`}}, `<pre>x</pre>`},
		"a link to an account":        {"An", []Entity{{Type: "text_link", Length: 2, URL: "tg://user?id=1"}}, "An"},
		"beyond the text":             {"ab", []Entity{{Type: "bold", Offset: 1, Length: math.MaxInt}, {Type: "italic", Offset: 9, Length: 1}}, "a<b>b</b>"},
		"before the text":             {"ab", []Entity{{Type: "bold", Offset: -1, Length: 2}, {Type: "italic", Offset: 1, Length: -1}}, "ab"},
		"inside a character":          {"👍a", []Entity{{Type: "bold", Offset: 1, Length: 2}}, "<b>👍a</b>"},
		"spaces at the ends":          {"  ab ", []Entity{{Type: "bold", Offset: 1, Length: 2}}, "<b>a</b>b"},
		"characters that go":          {"a\rb\u202ec", []Entity{{Type: "bold", Offset: 2, Length: 3}}, "a<b>bc</b>"},
		"a line of each":              {"abc", []Entity{{Type: "underline", Length: 1}, {Type: "strikethrough", Offset: 1, Length: 1}, {Type: "spoiler", Offset: 2, Length: 1}}, "<u>a</u><s>b</s><tg-spoiler>c</tg-spoiler>"},
	} {
		t.Run(name, func(t *testing.T) {
			text := FromEntities(c.text, c.entities)
			if got := text.HTML(); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			same(t, text)
		})
	}
}

func TestEntitiesCountInUTF16(t *testing.T) {
	text := parse(t, "👍 <b>Đảng</b> 👍<i>a</i>")
	want := []Entity{{Type: "bold", Offset: 3, Length: 4}, {Type: "italic", Offset: 10, Length: 1}}
	if got := text.Entities(); !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if text.Len() != 9 || text.Units() != 11 {
		t.Errorf("%d characters, %d units", text.Len(), text.Units())
	}
}

func FuzzFromEntities(f *testing.F) {
	f.Add("a👍bc\nd", 0, 3, 1, 4, uint8(2), uint8(0))
	f.Add("👩‍💻 abc", 1, 2, 2, 9, uint8(5), uint8(3))
	f.Fuzz(func(t *testing.T, s string, o1, l1, o2, l2 int, t1, t2 uint8) {
		one, two := types[int(t1)%len(types)], types[int(t2)%len(types)]
		text := FromEntities(s, []Entity{
			{Type: one, Offset: o1, Length: l1, URL: "https://a.vn", Language: "go"},
			{Type: two, Offset: o2, Length: l2, URL: "https://b.vn"},
		})
		same(t, text)
	})
}
