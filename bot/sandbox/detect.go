package sandbox

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// detect adds the entities that Telegram finds by itself, where no other entity lies:
// bot commands and web addresses.
func detect(text string, entities []Entity) []Entity {
	if !strings.Contains(text, "/") {
		return entities
	}
	var found []Entity
	at := 0 // UTF-16 offset of the byte i
	previous := ' '
	skip := 0
	for i, r := range text {
		if i >= skip {
			kind, length := "", 0
			switch {
			case r == '/' && !isWord(previous) && previous != '/' && previous != '<' && previous != '>':
				kind, length = "bot_command", commandLength(text[i:])
			case r == 'h' && !isWord(previous):
				kind, length = "url", addressLength(text[i:])
			}
			if length > 0 {
				found = append(found, Entity{Type: kind, Offset: at, Length: utf16Length(text[i : i+length])})
				skip = i + length
			}
		}
		previous = r
		at += utf16Width(r)
	}
	found = slices.DeleteFunc(found, func(f Entity) bool {
		return slices.ContainsFunc(entities, func(e Entity) bool {
			exclusive := e.Type == "code" || e.Type == "pre" || e.Type == "text_link" || e.Type == f.Type
			return exclusive && e.Offset < f.Offset+f.Length && f.Offset < e.Offset+e.Length
		})
	})
	if len(found) == 0 {
		return entities
	}
	all := append(slices.Clone(entities), found...)
	slices.SortStableFunc(all, func(a, b Entity) int {
		if a.Offset != b.Offset {
			return a.Offset - b.Offset
		}
		return b.Length - a.Length
	})
	return all
}

// commandLength is the length in bytes of a command at the start of s, its @bot included; 0: none.
func commandLength(s string) int {
	end := 1
	for end < len(s) && (isAlnum(s[end]) || s[end] == '_') {
		end++
	}
	if end == 1 || end > 65 {
		return 0
	}
	if end < len(s) && s[end] == '@' {
		bot := end + 1
		for bot < len(s) && (isAlnum(s[bot]) || s[bot] == '_') {
			bot++
		}
		if bot > end+3 {
			end = bot
		}
	}
	if next, size := utf8.DecodeRuneInString(s[end:]); size > 0 && (isWord(next) || next == '/' || next == '<' || next == '>') {
		return 0
	}
	return end
}

// addressLength is the length in bytes of a web address at the start of s; 0: none.
func addressLength(s string) int {
	if !strings.HasPrefix(s, "http://") && !strings.HasPrefix(s, "https://") {
		return 0
	}
	end := strings.IndexFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("<>\"«»", r) })
	if end < 0 {
		end = len(s)
	}
	end = len(strings.TrimRight(s[:end], ".,:;!?')]"))
	if _, reason := checkLink(s[:end]); reason != "" {
		return 0
	}
	return end
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }
