package telegram

import "briefbot/briefings/richtext"

// cut shortens html to what Telegram takes. Screens are composed to fit, and what may be long is sent in several messages; but names
// and titles are other people's, and a message that ends too soon is better than one that is refused. What is no HTML of Telegram's
// is left for Telegram to refuse.
func cut(html string, limit int) string {
	if len(html) <= limit { // bytes of HTML are never fewer than the characters that count
		return html
	}
	text, err := richtext.ParseHTML(html)
	if err != nil || text.Len() <= limit {
		return html
	}
	const mark = "…"
	return text.Split(limit - len(mark))[0].HTML() + mark
}
