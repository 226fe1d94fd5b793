// Package richtext is the formatted text of a briefing: parsed from Telegram's
// subset of HTML or from the entities of a message, measured as Telegram
// measures, cut and split without losing formatting, and written out again.
//
// A Text is a plain string with spans over it. Spans are kept in one form
// whatever they came from: those of one style never overlap, code holds no
// other formatting, quotations and links lie in no other of their sort. So two
// texts that look alike are equal, and
//
//	ParseHTML(t.HTML()) == t
//
// The package knows no Telegram library; Entity has the fields of Telegram's
// MessageEntity.
package richtext
