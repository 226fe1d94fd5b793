package sandbox

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func buttons(n int) string {
	rows := make([]string, n)
	for i := range rows {
		rows[i] = `[{"text":"b","callback_data":"d"}]`
	}
	return `{"inline_keyboard":[` + strings.Join(rows, ",") + `]}`
}

func TestTelegramsWordsAndOrder(t *testing.T) {
	const blocked, stranger, gone = "1002", "1003", "1004"
	inline := func(button string) string { return `{"inline_keyboard":[[` + button + `]]}` }
	data := func(n int) string { return inline(`{"text":"a","callback_data":"` + strings.Repeat("x", n) + `"}`) }
	tests := []struct {
		name   string
		method string
		args   []string
		code   int
		words  string
	}{
		{"no text", "sendMessage", []string{"chat_id", "1001"}, 400, "Bad Request: message text is empty"},
		{"no text comes before no chat", "sendMessage", nil, 400, "Bad Request: message text is empty"},
		{"blank text", "sendMessage", []string{"chat_id", "1001", "text", " \n "}, 400, "Bad Request: text must be non-empty"},
		{"4097 letters", "sendMessage", []string{"chat_id", "1001", "text", strings.Repeat("ế", 4097)}, 400, "Bad Request: message is too long"},
		{"32769 bytes", "sendMessage", []string{"chat_id", "1001", "text", strings.Repeat("a", 32769)}, 400, "Bad Request: text is too long"},
		{"not UTF-8", "sendMessage", []string{"chat_id", "1001", "text", "\xff"}, 400, "Bad Request: strings must be encoded in UTF-8"},
		{"parse mode", "sendMessage", []string{"chat_id", "1001", "text", "a", "parse_mode", "XML"}, 400, "Bad Request: unsupported parse_mode"},
		{"markup of a blocked person is the markup's error", "sendMessage", []string{"chat_id", blocked, "text", "<b>", "parse_mode", "HTML"}, 400, `Bad Request: can't parse entities: Can't find end tag corresponding to start tag "b"`},
		{"keyboard of a blocked person is the keyboard's error", "sendMessage", []string{"chat_id", blocked, "text", "a", "reply_markup", "{"}, 400, "Bad Request: can't parse reply keyboard markup JSON object"},
		{"text is read before the keyboard", "sendMessage", []string{"chat_id", blocked, "text", "<x>", "parse_mode", "HTML", "reply_markup", "{"}, 400, `Bad Request: can't parse entities: Unsupported start tag "x" at byte offset 0`},
		{"no chat", "sendMessage", []string{"text", "a"}, 400, "Bad Request: chat_id is empty"},
		{"unknown chat", "sendMessage", []string{"chat_id", "77", "text", "a"}, 400, "Bad Request: chat not found"},
		{"a user's name is no chat", "sendMessage", []string{"chat_id", "@ann", "text", "a"}, 400, "Bad Request: chat not found"},
		{"blocked", "sendMessage", []string{"chat_id", blocked, "text", "a"}, 403, "Forbidden: bot was blocked by the user"},
		{"never started", "sendMessage", []string{"chat_id", stranger, "text", "a"}, 403, "Forbidden: bot can't initiate conversation with a user"},
		{"deactivated", "sendMessage", []string{"chat_id", gone, "text", "a"}, 403, "Forbidden: user is deactivated"},
		{"no message to reply to", "sendMessage", []string{"chat_id", "1001", "text", "a", "reply_to_message_id", "99"}, 400, "Bad Request: message to be replied not found"},
		{"reply parameters", "sendMessage", []string{"chat_id", "1001", "text", "a", "reply_parameters", "["}, 400, "Bad Request: can't parse reply parameters JSON object"},
		{"preview options", "sendMessage", []string{"chat_id", "1001", "text", "a", "link_preview_options", "{"}, 400, "Bad Request: can't parse link preview options JSON object"},
		{"preview options are an object", "sendMessage", []string{"chat_id", "1001", "text", "a", "link_preview_options", "[]"}, 400, "Bad Request: object expected as link preview options"},
		{"topic", "sendMessage", []string{"chat_id", "1001", "text", "a", "message_thread_id", "3"}, 400, "Bad Request: message thread not found"},

		{"markup is no object", "sendMessage", []string{"chat_id", "1001", "text", "a", "reply_markup", "[]"}, 400, "Bad Request: object expected as reply markup"},
		{"null markup", "sendMessage", []string{"chat_id", "1001", "text", "a", "reply_markup", "null"}, 400, "Bad Request: object expected as reply markup"},
		{"rows", "sendMessage", []string{"chat_id", "1001", "text", "a", "reply_markup", `{"inline_keyboard":[{}]}`}, 400, `Bad Request: field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays`},
		{"null rows", "sendMessage", []string{"chat_id", "1001", "text", "a", "reply_markup", `{"inline_keyboard":null}`}, 400, `Bad Request: field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays`},
		{"button is no object", "sendMessage", []string{"chat_id", "1001", "text", "a", "reply_markup", inline(`1`)}, 400, "Bad Request: can't parse inline keyboard button: InlineKeyboardButton must be an Object"},
		{"button without text", "sendMessage", []string{"chat_id", "1001", "text", "a", "reply_markup", inline(`{}`)}, 400, `Bad Request: can't parse inline keyboard button: Can't find field "text"`},
		{"button without action", "sendMessage", []string{"chat_id", "1001", "text", "a", "reply_markup", inline(`{"text":"a"}`)}, 400, "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"},
		{"button with empty data", "sendMessage", []string{"chat_id", "1001", "text", "a", "reply_markup", data(0)}, 400, "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"},
		{"two actions", "sendMessage", []string{"chat_id", "1001", "text", "a", "reply_markup", inline(`{"text":"a","url":"https://a.vn","callback_data":"b"}`)}, 400, "Bad Request: can't parse inline keyboard button: an InlineKeyboardButton must have exactly one action"},
		{"65 bytes of data", "sendMessage", []string{"chat_id", "1001", "text", "a", "reply_markup", data(65)}, 400, "Bad Request: BUTTON_DATA_INVALID"},
		{"address without a dot", "sendMessage", []string{"chat_id", "1001", "text", "a", "reply_markup", inline(`{"text":"a","url":"http://localhost"}`)}, 400, "Bad Request: inline keyboard button URL 'http://localhost' is invalid: Wrong HTTP URL"},
		{"101 buttons", "sendMessage", []string{"chat_id", "1001", "text", "a", "reply_markup", buttons(101)}, 400, "Bad Request: reply markup is too long"},
		{"keyboard rows", "sendMessage", []string{"chat_id", "1001", "text", "a", "reply_markup", `{"keyboard":[1]}`}, 400, `Bad Request: field "keyboard" of the ReplyKeyboardMarkup must be an Array of Arrays`},

		{"edit without text", "editMessageText", []string{"chat_id", "1001", "message_id", "2"}, 400, "Bad Request: message text is empty"},
		{"edit of nothing", "editMessageText", []string{"text", "a"}, 400, "Bad Request: message identifier is not specified"},
		{"edit of a lost message", "editMessageText", []string{"chat_id", "1001", "message_id", "99", "text", "a"}, 400, "Bad Request: message to edit not found"},
		{"edit of a person's message", "editMessageText", []string{"chat_id", "1001", "message_id", "1", "text", "a"}, 400, "Bad Request: message can't be edited"},
		{"edit of a message with a reply keyboard", "editMessageText", []string{"chat_id", "1001", "message_id", "3", "text", "a"}, 400, "Bad Request: message can't be edited"},
		{"edit without a change", "editMessageText", []string{"chat_id", "1001", "message_id", "2", "text", "hello"}, 400, "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message"},
		{"edit to a reply keyboard", "editMessageText", []string{"chat_id", "1001", "message_id", "2", "text", "b", "reply_markup", `{"remove_keyboard":true}`}, 400, "Bad Request: inline keyboard expected"},
		{"no caption to edit", "editMessageCaption", []string{"chat_id", "1001", "message_id", "2", "caption", "a"}, 400, "Bad Request: there is no caption in the message to edit"},
		{"markup not changed", "editMessageReplyMarkup", []string{"chat_id", "1001", "message_id", "2"}, 400, errNotModified.words},
		{"delete of a lost message", "deleteMessage", []string{"chat_id", "1001", "message_id", "99"}, 400, "Bad Request: message to delete not found"},

		{"no list to delete", "deleteMessages", []string{"chat_id", "1001"}, 400, "Bad Request: message identifiers are not specified"},
		{"broken list to delete", "deleteMessages", []string{"chat_id", "1001", "message_ids", "["}, 400, "Bad Request: can't parse message_ids JSON object"},

		{"no photo", "sendPhoto", []string{"chat_id", "1001"}, 400, "Bad Request: there is no photo in the request"},
		{"no document", "sendDocument", []string{"chat_id", "1001"}, 400, "Bad Request: there is no document in the request"},
		{"unknown file", "sendDocument", []string{"chat_id", "1001", "document", "BQAC"}, 400, "Bad Request: wrong file identifier/HTTP URL specified"},
		{"address of a file", "sendDocument", []string{"chat_id", "1001", "document", "https://a.vn/x"}, 400, "Bad Request: failed to get HTTP URL content"},
		{"getFile", "getFile", []string{"file_id", "x"}, 400, "Bad Request: wrong file_id or the file is temporarily unavailable"},
		{"album without media", "sendMediaGroup", []string{"chat_id", "1001"}, 400, `Bad Request: parameter "media" is required`},
		{"album is no JSON", "sendMediaGroup", []string{"chat_id", "1001", "media", "["}, 400, "Bad Request: can't parse media JSON object"},
		{"album is no list", "sendMediaGroup", []string{"chat_id", "1001", "media", "{}"}, 400, "Bad Request: expected an Array of InputMedia"},
		{"empty album", "sendMediaGroup", []string{"chat_id", "1001", "media", "[]"}, 400, "Bad Request: there are no messages to send"},
		{"copy from nowhere", "copyMessage", []string{"chat_id", "1001", "message_id", "1"}, 400, `Bad Request: parameter "from_chat_id" is required`},
		{"copy of a lost message", "copyMessage", []string{"chat_id", "1001", "from_chat_id", "1001", "message_id", "99"}, 400, "Bad Request: message to copy not found"},
		{"forward of a lost message", "forwardMessage", []string{"chat_id", "1001", "from_chat_id", "1001", "message_id", "99"}, 400, "Bad Request: message to forward not found"},
		{"action", "sendChatAction", []string{"chat_id", "1001", "action", "thinking"}, 400, "Bad Request: wrong parameter action in request"},
		{"unknown query", "answerCallbackQuery", []string{"callback_query_id", "1"}, 400, "Bad Request: query is too old and response timeout expired or query ID is invalid"},
		{"long toast", "answerCallbackQuery", []string{"callback_query_id", "1", "text", strings.Repeat("a", 201)}, 400, "Bad Request: MESSAGE_TOO_LONG"},
		{"language", "setMyCommands", []string{"commands", "[]", "language_code", "vie"}, 400, "Bad Request: invalid language code specified"},
		{"commands", "setMyCommands", []string{"commands", "{}"}, 400, "Bad Request: expected an Array of BotCommand"},
		{"no command", "setMyCommands", []string{"commands", "[null]"}, 400, "Bad Request: can't parse BotCommand: expected an Object"},
		{"command without words", "setMyCommands", []string{"commands", `[{"command":"a"}]`}, 400, `Bad Request: can't parse BotCommand: Can't find field "description"`},
		{"scope", "setMyCommands", []string{"commands", "[]", "scope", `{"type":"chat_administrators","chat_id":1001}`}, 400, "Bad Request: can't use specified scope in private chats"},
		{"command", "setMyCommands", []string{"commands", `[{"command":"Hello","description":"d"}]`}, 400, "Bad Request: BOT_COMMAND_INVALID"},

		{"unknown method", "sendSong", nil, 404, "Not Found: method not found"},
		{"unknown parameter", "sendMessage", []string{"chat_id", "1001", "text", "a", "txt", "b"}, 400, `Bad Request: unknown parameter "txt" of the method sendMessage`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := setStage(t, Config{})
			for id := int64(1002); id <= 1004; id++ {
				g.AddPerson(Person{ID: id, FirstName: "P"})
			}
			g.say(1002, "/start")
			if err := g.Block(1002); err != nil {
				t.Fatal(err)
			}
			if err := g.Deactivate(1004); err != nil {
				t.Fatal(err)
			}
			g.send("hello")
			g.send("keyed", "reply_markup", `{"keyboard":[["a"]]}`)
			a := g.call(tt.method, tt.args...)
			if a.OK || a.Code != tt.code || a.status != tt.code || a.Description != tt.words {
				t.Errorf("got %d (HTTP %d) %q\nwant %d %q", a.Code, a.status, a.Description, tt.code, tt.words)
			}
			if report := g.Report(); report.RefusedTotal != 1 || report.Refused[0].Description != tt.words {
				t.Errorf("the report says %+v", report.Refused)
			}
		})
	}
}

func TestWhatOldClientsSendIsTaken(t *testing.T) {
	g := setStage(t, Config{})
	g.send("a", "entities", "null", "disable_web_page_preview", "true", "reply_to_message_id", "99",
		"allow_sending_without_reply", "true", "parse_mode", "")
	g.updates("allowed_updates", "null")
	if n := g.Report().RefusedTotal; n != 0 {
		t.Errorf("%d calls refused", n)
	}
}

func TestAWrongTokenIsRefused(t *testing.T) {
	g := setStage(t, Config{})
	for token, words := range map[string]string{
		"1:wrong":               "Unauthorized",
		"012:abc":               "Unauthorized: invalid token specified",
		"nocolon":               "Unauthorized: invalid token specified",
		strings.Repeat("1", 81): "Unauthorized: invalid token specified",
	} {
		response, err := http.Get(g.url + "/bot" + token + "/getMe")
		if err != nil {
			t.Fatal(err)
		}
		if a := g.read(response); a.status != 401 || a.Description != words {
			t.Errorf("%s: %d %q", token, a.status, a.Description)
		}
	}
	if response, err := http.Get(g.url + "/bot" + g.Token()); err != nil || g.read(response).Description != "Not Found" {
		t.Error("a path without a method is found", err)
	}
}

func TestAMessageOlderThanTwoDaysStays(t *testing.T) {
	g := setStage(t, Config{})
	id := fmt.Sprint(g.send("a"))
	g.clock.move(49 * time.Hour)
	if a := g.call("deleteMessage", "chat_id", "1001", "message_id", id); a.Description != "Bad Request: message can't be deleted for everyone" {
		t.Error(a.Description)
	}
	g.ok(nil, "editMessageText", "chat_id", "1001", "message_id", id, "text", "b") // edits have no such bound
}

func TestAButtonIsAnsweredOnceAndInTime(t *testing.T) {
	g := setStage(t, Config{})
	g.send("a", "reply_markup", `{"inline_keyboard":[[{"text":"Go","callback_data":"g"}]]}`)
	press := func() string {
		tapped, err := g.TapOn(t.Context(), Touch{Person: ann, Label: "Go", NoWait: true})
		if err != nil {
			t.Fatal(err)
		}
		return tapped.CallbackID
	}
	first, second, third := press(), press(), press()
	g.ok(nil, "answerCallbackQuery", "callback_query_id", first)
	if a := g.call("answerCallbackQuery", "callback_query_id", first); a.Description != errQueryOld.words {
		t.Error(a.Description)
	}
	g.clock.move(16 * time.Second)
	if a := g.call("answerCallbackQuery", "callback_query_id", second); a.Description != errQueryOld.words {
		t.Error(a.Description)
	}
	_ = third
	want := Presses{Pressed: 3, Answered: 1, Unanswered: 2, Late: 1, Twice: 1}
	if got := g.Report().Callbacks; got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestFloodLimitsAreExact(t *testing.T) {
	g := setStage(t, Config{Limits: Limits{PerSecond: 3, PerChatPerSecond: 2, RetryAfter: 7}})
	bob := g.AddPerson(Person{FirstName: "Bob"})
	g.say(bob.ID, "/start")
	g.clock.move(2 * time.Second)
	g.send("1")
	g.send("2")
	a := g.call("sendMessage", "chat_id", "1001", "text", "3")
	if a.status != 429 || a.Description != "Too Many Requests: retry after 7" || a.Parameters.RetryAfter != 7 {
		t.Fatalf("the third to one chat: %+v", a)
	}
	g.ok(nil, "sendMessage", "chat_id", fmt.Sprint(bob.ID), "text", "1")
	if a := g.call("sendMessage", "chat_id", fmt.Sprint(bob.ID), "text", "2"); a.status != 429 {
		t.Fatalf("the fourth of all: %+v", a)
	}
	g.clock.move(999 * time.Millisecond)
	if a := g.call("sendMessage", "chat_id", "1001", "text", "3"); a.status != 429 {
		t.Fatalf("within the second: %+v", a)
	}
	g.clock.move(time.Millisecond)
	g.send("3")
	report := g.Report()
	if report.TooMany != 3 || report.MaxPerSecond != 3 || report.MaxPerChatSecond != 2 || report.SentTotal != 4 {
		t.Errorf("%+v", report)
	}
}

func TestAGroupTakesItsMessagesOfTheMinuteExactly(t *testing.T) {
	g := setStage(t, Config{Limits: Limits{PerGroupMinute: 20}})
	g.AddPerson(Person{ID: -1009, FirstName: "Ban chấp hành"})
	send := func() answer { return g.call("sendMessage", "chat_id", "-1009", "text", "x") }
	for n := range 20 {
		if a := send(); a.status != 200 {
			t.Fatalf("number %d: %+v", n+1, a)
		}
		g.clock.move(time.Second)
	}
	if a := send(); a.status != 429 || a.Parameters.RetryAfter != 40 {
		t.Fatalf("the 21st: %+v", a)
	}
	g.send("a person is written to all the same")
	g.clock.move(40*time.Second - time.Millisecond)
	if a := send(); a.status != 429 || a.Parameters.RetryAfter != 1 {
		t.Fatalf("a moment before the minute is over: %+v", a)
	}
	g.clock.move(time.Millisecond)
	var m wireMessage
	g.ok(&m, "sendMessage", "chat_id", "-1009", "text", "x")
	if m.Chat.Type != "supergroup" || m.Chat.Title != "Ban chấp hành" {
		t.Errorf("the chat is %+v", m.Chat)
	}
	if a := send(); a.status != 429 {
		t.Fatalf("one more: %+v", a)
	}
	if report := g.Report(); report.TooMany != 3 {
		t.Errorf("%+v", report)
	}
}
