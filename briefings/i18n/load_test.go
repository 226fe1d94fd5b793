package i18n

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestABadCatalogueIsRefusedByNamingFileAndKey(t *testing.T) {
	good := `"a.b": {"kind": "msg", "vi": "v", "en": "e"}`
	for name, c := range map[string]struct{ a, b, want string }{
		"a key in two files":          {`{` + good + `}`, `{` + good + `}`, "m/b.json: a.b: the key is there already"},
		"a key twice in one file":     {`{` + good + `,` + good + `}`, `{}`, "m/a.json: a.b: the key is there already"},
		"not an object":               {`[]`, `{}`, "not an object"},
		"half a file":                 {`{` + good, `{}`, "m/a.json"},
		"a language missing":          {`{"x.y": {"kind": "msg", "vi": "v"}}`, `{}`, "x.y: en: no text"},
		"an empty text":               {`{"x.y": {"kind": "msg", "vi": "", "en": "e"}}`, `{}`, "x.y: vi: empty text"},
		"an unknown kind":             {`{"x.y": {"kind": "mail", "vi": "v", "en": "e"}}`, `{}`, `unknown kind "mail"`},
		"an unknown field":            {`{"x.y": {"kind": "msg", "vi": "v", "en": "e", "fr": "f"}}`, `{}`, `unknown field "fr"`},
		"an unknown format":           {`{"x.y": {"kind": "msg", "vi": "{t:noon}", "en": "{t}"}}`, `{}`, `unknown format "noon"`},
		"a stray brace":               {`{"x.y": {"kind": "msg", "vi": "{ n }", "en": "e"}}`, `{}`, "stray brace"},
		"an optional part left open":  {`{"x.y": {"kind": "msg", "vi": "a [[{n}", "en": "e"}}`, `{}`, "is not closed"},
		"an optional part in another": {`{"x.y": {"kind": "msg", "vi": "[[a [[{n}]]]]", "en": "e"}}`, `{}`, "[[ out of place"},
		"a closed part never opened":  {`{"x.y": {"kind": "msg", "vi": "a]]", "en": "e"}}`, `{}`, "]] out of place"},
		"forms without a count":       {`{"x.y": {"kind": "msg", "vi": "v", "en": {"one": "e", "other": "es"}}}`, `{}`, "forms without a value"},
		"forms without other":         {`{"x.y": {"kind": "msg", "plural": "n", "vi": "v", "en": {"one": "e"}}}`, `{}`, "no form other"},
		"a form nobody knows":         {`{"x.y": {"kind": "msg", "plural": "n", "vi": "v", "en": {"other": "e", "lots": "e"}}}`, `{}`, `unknown plural form "lots"`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := LoadFS(fstest.MapFS{"m/a.json": {Data: []byte(c.a)}, "m/b.json": {Data: []byte(c.b)}}, "m")
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
	if _, err := LoadFS(fstest.MapFS{}, "m"); err == nil {
		t.Error("an empty folder is a catalogue")
	}
}

func FuzzATemplateIsReadOrRefused(f *testing.F) {
	for _, s := range []string{"a {b:date} c", "[[x {y}]]\n\n{z}", "{{", "]][[", "{a}%"} {
		f.Add(s, "v")
	}
	f.Fuzz(func(t *testing.T, s, v string) {
		read, err := compile(s)
		if err != nil {
			return
		}
		var b strings.Builder
		for _, l := range read {
			l.expand(&b, func(piece) string { return v })
		}
		if want := strings.Count(s, "\n") + 1; len(read) != want {
			t.Errorf("%q has %d lines, want %d", s, len(read), want)
		}
	})
}
