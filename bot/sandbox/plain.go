package sandbox

import (
	"encoding/json"
	"strings"
)

// readPlainInline reads an inline keyboard with nothing remarkable about it in one pass. It
// returns nil for any other, which is then read piece by piece, to find the words for it.
func readPlainInline(raw string) *inlineMarkup {
	if !strings.HasPrefix(raw, `{"inline_keyboard":[`) {
		return nil
	}
	// encoding/json takes a key in any case; Telegram does not.
	if !onlyKeys(raw, inlineFields) {
		return nil
	}
	var m inlineMarkup
	if json.Unmarshal([]byte(raw), &m) != nil || len(m.Rows) == 0 {
		return nil
	}
	for _, row := range m.Rows {
		for _, b := range row {
			if b.Text == "" || b.actions() != 1 {
				return nil
			}
		}
		if len(row) == 0 {
			return nil
		}
	}
	return &m
}

// onlyKeys says whether every key of the JSON text, but for the first, is one of the known.
// A string that a colon follows is a key.
func onlyKeys(raw string, known map[string]bool) bool {
	first := true
	for i := 0; i < len(raw); i++ {
		if raw[i] != '"' {
			continue
		}
		from := i + 1
		for i++; i < len(raw) && raw[i] != '"'; i++ {
			if raw[i] == '\\' {
				i++
			}
		}
		if i >= len(raw) {
			return false
		}
		after := strings.TrimLeft(raw[i+1:], " \t\r\n")
		if !strings.HasPrefix(after, ":") {
			continue
		}
		if !first && !known[raw[from:i]] {
			return false
		}
		first = false
	}
	return true
}
