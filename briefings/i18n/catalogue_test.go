package i18n

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/unicode/norm"
)

func catalogue(t testing.TB) *Catalogue {
	t.Helper()
	c, err := LoadFS(embedded, "messages") // every sentence, which Load leaves for later
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// each calls check with every text of the catalogue.
func each(t *testing.T, check func(t *testing.T, key string, s sentence, l Lang, form plural.Form, text string)) {
	t.Helper()
	c := catalogue(t)
	for _, key := range c.Keys() {
		s, _ := c.sentence(key)
		for _, l := range Languages() {
			for form, template := range s.forms[l] {
				check(t, key, s, l, form, template.text())
			}
		}
	}
}

// text is the template without values: what is left to count and to read.
func (t template) text() string {
	var lines []string
	for _, l := range t {
		var b strings.Builder
		for _, p := range l.flat() {
			if p.name != "" {
				b.WriteString("{" + p.name + "}")
			}
			b.WriteString(p.text)
		}
		lines = append(lines, b.String())
	}
	return strings.Join(lines, "\n")
}

func TestBothLanguagesTakeTheSameValues(t *testing.T) {
	address := func(name string) bool { return strings.EqualFold(name, "addr") }
	c := catalogue(t)
	for _, key := range c.Keys() {
		vi, en := c.Values(Vi, key), c.Values(En, key)
		if slices.ContainsFunc(en, address) {
			t.Errorf("%s: English has no form of address", key)
		}
		vi = slices.DeleteFunc(vi, address)
		if !slices.Equal(vi, en) {
			t.Errorf("%s: Vietnamese takes %v, English %v", key, vi, en)
		}
		s, _ := c.sentence(key)
		if counts := s.counts; counts != "" && !slices.Contains(vi, counts) {
			t.Errorf("%s: the plural is decided by %q, which the sentence does not take", key, counts)
		}
	}
}

func TestPluralFormsAreThoseOfTheLanguage(t *testing.T) {
	c := catalogue(t)
	want := map[Lang][]plural.Form{Vi: {plural.Other}, En: {plural.Other, plural.One}}
	for _, key := range c.Keys() {
		s, _ := c.sentence(key)
		for l, forms := range s.forms {
			if len(forms) > 1 && len(forms) != len(want[l]) {
				t.Errorf("%s in %s: %d forms, want %d", key, l, len(forms), len(want[l]))
			}
			for form := range forms {
				if !slices.Contains(want[l], form) {
					t.Errorf("%s in %s: a form too many", key, l)
				}
			}
		}
	}
}

func TestTextsAreComposedAndTrimmed(t *testing.T) {
	each(t, func(t *testing.T, key string, _ sentence, l Lang, _ plural.Form, text string) {
		if !norm.NFC.IsNormalString(text) {
			t.Errorf("%s in %s is not NFC", key, l)
		}
		if strings.TrimSpace(text) == "" {
			t.Errorf("%s in %s is empty", key, l)
		}
		if strings.ContainsAny(text, "\u00a0\u200b\u2028ÐðƉ") {
			t.Errorf("%s in %s holds a character that looks like another", key, l)
		}
	})
}

var (
	tags      = regexp.MustCompile(`<(/?)([^<>]*)>`)
	permitted = []string{"b", "i", "s", "u", "code", "blockquote"}
	entity    = regexp.MustCompile(`&(?:lt|gt|amp|quot);`)
)

func TestMessagesHoldBalancedTagsAndOtherKindsNone(t *testing.T) {
	each(t, func(t *testing.T, key string, s sentence, l Lang, _ plural.Form, text string) {
		if s.kind != Message {
			if html.UnescapeString(text) != text || tags.MatchString(text) {
				t.Errorf("%s in %s: a %s is plain text", key, l, s.kind)
			}
			return
		}
		var open []string
		for _, m := range tags.FindAllStringSubmatch(text, -1) {
			switch {
			case !slices.Contains(permitted, m[2]):
				t.Errorf("%s in %s: tag %s", key, l, m[0])
			case m[1] == "":
				open = append(open, m[2])
			case len(open) == 0 || open[len(open)-1] != m[2]:
				t.Errorf("%s in %s: %s closes nothing", key, l, m[0])
			default:
				open = open[:len(open)-1]
			}
		}
		if len(open) > 0 {
			t.Errorf("%s in %s: %v is not closed", key, l, open)
		}
		if strings.ContainsAny(entity.ReplaceAllString(tags.ReplaceAllString(text, ""), ""), "<>&") {
			t.Errorf("%s in %s: an unescaped <, > or &", key, l)
		}
	})
}

// Telegram cuts a toast at 200 characters and a telephone shows about 24 of a
// button; what is inserted needs room as well.
func TestButtonsAndToastsFit(t *testing.T) {
	values := regexp.MustCompile(`\{[A-Za-z_]+\}`)
	each(t, func(t *testing.T, key string, s sentence, l Lang, _ plural.Form, text string) {
		most := map[Kind]int{Button: 24, Toast: 160}[s.kind]
		if n := utf8.RuneCountInString(values.ReplaceAllString(text, "")); most > 0 && n > most {
			t.Errorf("%s in %s: %d characters, at most %d", key, l, n, most)
		}
		if s.kind == Button && strings.Contains(text, "\n") {
			t.Errorf("%s in %s: a button has one line", key, l)
		}
	})
}

func TestThePersonIsAddressedWithRespect(t *testing.T) {
	rude := regexp.MustCompile(`(?i)(?:^|[^\p{L}])(bạn|mày|phải)(?:[^\p{L}]|$)`)
	each(t, func(t *testing.T, key string, _ sentence, l Lang, _ plural.Form, text string) {
		// "Không phải" denies; only alone does the word order people about.
		text = strings.ReplaceAll(text, "không phải", "")
		if m := rude.FindStringSubmatch(text); l == Vi && m != nil {
			t.Errorf("%s says %q", key, m[1])
		}
	})
}

func TestKeysAreASubjectAndAName(t *testing.T) {
	shape := regexp.MustCompile(`^[a-z]+(\.[a-z0-9_-]+)+$`)
	for _, key := range catalogue(t).Keys() {
		if !shape.MatchString(key) {
			t.Errorf("key %q", key)
		}
	}
}
