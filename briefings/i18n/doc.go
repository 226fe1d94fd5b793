// Package i18n holds every sentence the product says, in every language, and
// prints them with dates, numbers and forms of address as the language wants.
//
// The catalogue is the folder messages, one file a subject, each an object of
//
//	"checkin.ok": {
//	  "kind": "msg",
//	  "vi":   "✅ Điểm danh thành công lúc {time:clock}\n📍 {venue}",
//	  "en":   "✅ Checked in at {time:clock}\n📍 {venue}"
//	}
//
// Kinds: msg is a message in Telegram's HTML; toast (160 characters), btn (24)
// and text (file names, commands, documents) are plain.
//
// A template holds {name} or {name:format}, where the format matters to times
// and numbers only; see Lang.Format. [[ … ]] marks a part that goes when all
// its values are empty. A sentence that counts states "plural": "n", the value
// that decides, and gives a language that inflects an object of forms:
//
//	"plural": "n", "vi": "{n} người", "en": {"one": "{n} person", "other": "{n} people"}
//
// Values are inserted once: braces inside a value mean nothing. In a msg every
// value is escaped unless it is of type HTML.
package i18n
