package sandbox

import (
	"encoding/json"
	"strings"
)

type markupKind int

const (
	noMarkup markupKind = iota
	inlineKeyboard
	replyKeyboard
	removeKeyboard
	forceReply
)

// markup is a reply_markup that was read.
type markup struct {
	kind     markupKind
	inline   *inlineMarkup
	keyboard *Keyboard
	hint     string // placeholder of a forced reply
	size     int    // bytes of the JSON
}

type inlineMarkup struct {
	Rows [][]inlineButton `json:"inline_keyboard"`
}

type inlineButton struct {
	Text         string          `json:"text"`
	URL          string          `json:"url,omitempty"`
	Data         string          `json:"callback_data,omitempty"`
	WebApp       json.RawMessage `json:"web_app,omitempty"`
	Login        json.RawMessage `json:"login_url,omitempty"`
	Switch       *string         `json:"switch_inline_query,omitempty"`
	SwitchHere   *string         `json:"switch_inline_query_current_chat,omitempty"`
	SwitchChosen json.RawMessage `json:"switch_inline_query_chosen_chat,omitempty"`
	Copy         json.RawMessage `json:"copy_text,omitempty"`
	Game         json.RawMessage `json:"callback_game,omitempty"`
	Pay          bool            `json:"pay,omitempty"`
	Style        string          `json:"style,omitempty"`
	Emoji        string          `json:"icon_custom_emoji_id,omitempty"`
}

// actions counts what pressing the button would do.
func (b inlineButton) actions() int {
	n := 0
	for _, set := range []bool{
		b.URL != "", b.Data != "", b.WebApp != nil, b.Login != nil, b.Switch != nil,
		b.SwitchHere != nil, b.SwitchChosen != nil, b.Copy != nil, b.Game != nil, b.Pay,
	} {
		if set {
			n++
		}
	}
	return n
}

// kind is what the page needs to know of the button.
func (b inlineButton) kind() string {
	switch {
	case b.URL != "":
		return "url"
	case b.Data != "":
		return "callback"
	}
	return "other"
}

// Keyboard is a reply keyboard as a person sees it.
type Keyboard struct {
	Rows        [][]Key `json:"rows"`
	OneTime     bool    `json:"one_time"`
	Placeholder string  `json:"placeholder"`
}

// Key is one button of a reply keyboard.
type Key struct {
	Text           string `json:"text"`
	RequestContact bool   `json:"request_contact"`
}

// readMarkup reads reply_markup. Its meaning (addresses, sizes) is checked later, by
// checkButtons and checkBackend, because Telegram looks at the chat in between.
func readMarkup(raw string) (markup, *refusal) {
	if raw == "" {
		return markup{}, nil
	}
	if inline := readPlainInline(raw); inline != nil {
		return markup{kind: inlineKeyboard, inline: inline, size: len(raw)}, nil
	}
	return readAnyMarkup(raw)
}

// readAnyMarkup reads a markup piece by piece, so that every mistake has its words.
func readAnyMarkup(raw string) (markup, *refusal) {
	if !json.Valid([]byte(raw)) {
		return markup{}, badRequest("can't parse reply keyboard markup JSON object")
	}
	var object map[string]json.RawMessage
	if json.Unmarshal([]byte(raw), &object) != nil || object == nil {
		return markup{}, badRequest("object expected as reply markup")
	}
	for name := range object {
		if !markupFields[name] {
			return markup{}, badRequestf("unknown field %q in the reply markup", name)
		}
	}
	m := markup{size: len(raw)}
	switch {
	case object["keyboard"] != nil:
		return m, m.readKeyboard(object)
	case object["inline_keyboard"] != nil:
		return m, m.readInline(object["inline_keyboard"])
	case isTrue(object["remove_keyboard"]):
		m.kind = removeKeyboard
	case isTrue(object["force_reply"]):
		m.kind = forceReply
		_ = json.Unmarshal(object["input_field_placeholder"], &m.hint)
	}
	return m, nil
}

var markupFields = fields("keyboard inline_keyboard remove_keyboard force_reply selective " +
	"is_persistent resize_keyboard one_time_keyboard input_field_placeholder")

var inlineFields = fields("text url callback_data web_app login_url switch_inline_query " +
	"switch_inline_query_current_chat switch_inline_query_chosen_chat copy_text callback_game " +
	"pay style icon_custom_emoji_id")

var keyFields = fields("text request_contact request_location request_poll request_users " +
	"request_chat request_managed_bot web_app style icon_custom_emoji_id")

// fields makes a set of the words.
func fields(words ...string) map[string]bool {
	set := map[string]bool{}
	for _, list := range words {
		for word := range strings.FieldsSeq(list) {
			set[word] = true
		}
	}
	return set
}

func isTrue(raw json.RawMessage) bool { return string(raw) == "true" }

func readRows(raw json.RawMessage) (rows [][]json.RawMessage, ok bool) {
	var outer []json.RawMessage
	if json.Unmarshal(raw, &outer) != nil || outer == nil {
		return nil, false
	}
	for _, one := range outer {
		var row []json.RawMessage
		if json.Unmarshal(one, &row) != nil || row == nil {
			return nil, false
		}
		rows = append(rows, row)
	}
	return rows, true
}

func (m *markup) readInline(raw json.RawMessage) *refusal {
	m.kind, m.inline = inlineKeyboard, &inlineMarkup{Rows: [][]inlineButton{}}
	rows, ok := readRows(raw)
	if !ok {
		return badRequest(`field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays`)
	}
	for _, row := range rows {
		buttons := make([]inlineButton, 0, len(row))
		for _, one := range row {
			b, reason := readInlineButton(one)
			if reason != "" {
				return badRequest("can't parse inline keyboard button: " + reason)
			}
			buttons = append(buttons, b)
		}
		if len(buttons) > 0 {
			m.inline.Rows = append(m.inline.Rows, buttons)
		}
	}
	if len(m.inline.Rows) == 0 {
		m.kind, m.inline = noMarkup, nil // an empty keyboard is none
	}
	return nil
}

func readInlineButton(raw json.RawMessage) (b inlineButton, reason string) {
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) != nil || object == nil {
		return b, "InlineKeyboardButton must be an Object"
	}
	if object["text"] == nil {
		return b, `Can't find field "text"`
	}
	for name := range object {
		if !inlineFields[name] {
			return b, `unknown field "` + name + `" in the InlineKeyboardButton`
		}
	}
	if err := json.Unmarshal(raw, &b); err != nil {
		return b, "a field of the InlineKeyboardButton has a wrong type"
	}
	switch b.actions() {
	case 0:
		return b, "Text buttons are unallowed in the inline keyboard"
	case 1:
		return b, ""
	}
	// Telegram takes the first in an order of its own; its documentation allows one only.
	return b, "an InlineKeyboardButton must have exactly one action"
}

func (m *markup) readKeyboard(object map[string]json.RawMessage) *refusal {
	m.kind, m.keyboard = replyKeyboard, &Keyboard{Rows: [][]Key{}, OneTime: isTrue(object["one_time_keyboard"])}
	_ = json.Unmarshal(object["input_field_placeholder"], &m.keyboard.Placeholder)
	rows, ok := readRows(object["keyboard"])
	if !ok {
		return badRequest(`field "keyboard" of the ReplyKeyboardMarkup must be an Array of Arrays`)
	}
	for _, row := range rows {
		var keys []Key
		for _, one := range row {
			key, reason := readKey(one)
			if reason != "" {
				return badRequest("can't parse keyboard button: " + reason)
			}
			if key.Text != "" {
				keys = append(keys, key)
			}
		}
		if len(keys) > 0 {
			m.keyboard.Rows = append(m.keyboard.Rows, keys)
		}
	}
	if len(m.keyboard.Rows) == 0 {
		m.kind, m.keyboard = noMarkup, nil
	}
	return nil
}

func readKey(raw json.RawMessage) (k Key, reason string) {
	if json.Unmarshal(raw, &k.Text) == nil {
		return k, ""
	}
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) != nil || object == nil {
		return k, "KeyboardButton must be an Object"
	}
	if object["text"] == nil {
		return k, `Can't find field "text"`
	}
	for name := range object {
		if !keyFields[name] {
			return k, `unknown field "` + name + `" in the KeyboardButton`
		}
	}
	if json.Unmarshal(raw, &k) != nil {
		return k, "a field of the KeyboardButton has a wrong type"
	}
	return k, ""
}
