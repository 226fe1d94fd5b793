package sandbox

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// Bounds of keyboards. The backend's, not the documentation's.
const (
	maxButtonData    = 64 // bytes
	maxInlineButtons = 100
	maxButtonsARow   = 8
	maxMarkupBytes   = 10 << 10
)

// checkButtons is the meaning of buttons that Telegram checks before it sends anything.
func (m markup) checkButtons() *refusal {
	if m.inline == nil {
		return nil
	}
	for _, row := range m.inline.Rows {
		for i, b := range row {
			if b.URL == "" {
				continue
			}
			if _, ok := mentionedUser(b.URL); ok {
				continue
			}
			checked, reason := checkLink(b.URL)
			if reason != "" {
				return badRequestf("inline keyboard button URL '%s' is invalid: %s", b.URL, reason)
			}
			row[i].URL = checked
		}
	}
	return nil
}

// checkBackend is what only Telegram's backend refuses, after everything else was accepted.
func (m markup) checkBackend() *refusal {
	if m.kind != inlineKeyboard {
		if m.keyboard != nil && (m.size > maxMarkupBytes || utf8.RuneCountInString(m.keyboard.Placeholder) > 64) {
			return errMarkupLong
		}
		return nil
	}
	count := 0
	for _, row := range m.inline.Rows {
		count += len(row)
		if len(row) > maxButtonsARow {
			return errMarkupLong
		}
		for _, b := range row {
			if len(b.Data) > maxButtonData {
				return errButtonData
			}
			if strings.TrimSpace(b.Text) == "" {
				// Telegram drops the button without a word; here its loss is heard.
				return badRequest("button text must be non-empty")
			}
		}
	}
	if count > maxInlineButtons || m.size > maxMarkupBytes {
		return errMarkupLong
	}
	return nil
}

// sameMarkup compares two inline keyboards; nil is no keyboard.
func sameMarkup(a, b *inlineMarkup) bool {
	if a == nil || b == nil {
		return a == b
	}
	left, _ := json.Marshal(a)
	right, _ := json.Marshal(b)
	return string(left) == string(right)
}
