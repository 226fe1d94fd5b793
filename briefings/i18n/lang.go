package i18n

import (
	"strings"

	"golang.org/x/text/language"
)

// Lang is a language the product speaks, by its BCP 47 name, the same as the
// domain stores: Lang(member.Lang) is the language of a member who has chosen.
type Lang string

const (
	Vi Lang = "vi"
	En Lang = "en"
)

// Languages lists the languages in the order in which they are offered.
func Languages() []Lang { return []Lang{Vi, En} }

// ParseLang reads a language's name; regions do not matter (en-US is En).
func ParseLang(s string) (Lang, bool) {
	base, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(s, "_", "-")), "-")
	for _, l := range Languages() {
		if base == string(l) {
			return l, true
		}
	}
	return "", false
}

func (l Lang) tag() language.Tag {
	if l == En {
		return language.English
	}
	return language.Vietnamese
}
