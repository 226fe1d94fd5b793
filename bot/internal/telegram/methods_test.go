package telegram

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

func TestEachMethodSendsWhatItSays(t *testing.T) {
	f := newFake(t, func(w http.ResponseWriter, r request) {
		switch r.method {
		case "sendMessage", "sendDocument", "sendPhoto":
			ok(w, map[string]any{"message_id": 41})
		default:
			ok(w, true)
		}
	})
	d := newDoor(t, f.URL)
	keyboard := tgbotapi.NewInlineKeyboardMarkup(tgbotapi.NewInlineKeyboardRow(tgbotapi.NewInlineKeyboardButtonData("Có mặt", "1rsvp:m1:yes")))
	const keys = `{"inline_keyboard":[[{"text":"Có mặt","callback_data":"1rsvp:m1:yes"}]]}`
	for name, c := range map[string]struct {
		call   func() error
		method string
		want   map[string]string
	}{
		"a text": {func() error {
			n, err := d.SendText(t.Context(), 7, "<b>x</b>", keyboard, Silent(), Protect(), Paid(), With("message_thread_id", "5"))
			if n != 41 {
				t.Errorf("message id %d, want 41", n)
			}
			return err
		}, "sendMessage", map[string]string{
			"chat_id": "7", "text": "<b>x</b>", "parse_mode": "HTML", "reply_markup": keys,
			"link_preview_options": `{"is_disabled":true}`, "disable_notification": "true",
			"protect_content": "true", "allow_paid_broadcast": "true", "message_thread_id": "5",
		}},
		"a text with a preview and a nil keyboard": {func() error {
			_, err := d.SendText(t.Context(), 7, "x", (*tgbotapi.InlineKeyboardMarkup)(nil), Preview())
			return err
		}, "sendMessage", map[string]string{
			"chat_id": "7", "text": "x", "parse_mode": "HTML", "link_preview_options": `{"is_disabled":false}`,
		}},
		"an edit": {func() error { return d.EditText(t.Context(), 7, 41, "y", nil) }, "editMessageText", map[string]string{
			"chat_id": "7", "message_id": "41", "text": "y", "parse_mode": "HTML", "link_preview_options": `{"is_disabled":true}`,
		}},
		"new buttons": {func() error { return d.EditMarkup(t.Context(), 7, 41, &keyboard) }, "editMessageReplyMarkup", map[string]string{
			"chat_id": "7", "message_id": "41", "reply_markup": keys,
		}},
		"a deletion": {func() error { return d.Delete(t.Context(), 7, 41) }, "deleteMessage", map[string]string{
			"chat_id": "7", "message_id": "41",
		}},
		"a quiet answer": {func() error { return d.AnswerCallback(t.Context(), "99", "", false) }, "answerCallbackQuery", map[string]string{
			"callback_query_id": "99",
		}},
		"a loud answer": {func() error { return d.AnswerCallback(t.Context(), "99", "Đã ghi nhận", true) }, "answerCallbackQuery", map[string]string{
			"callback_query_id": "99", "text": "Đã ghi nhận", "show_alert": "true",
		}},
		"everybody's menu": {func() error {
			return d.SetMyCommands(t.Context(), Scope{}, "vi", []tgbotapi.BotCommand{{Command: "trogiup", Description: "Trợ giúp"}})
		}, "setMyCommands", map[string]string{
			"commands": `[{"command":"trogiup","description":"Trợ giúp"}]`, "scope": `{"type":"default"}`, "language_code": "vi",
		}},
		"one person's menu": {func() error {
			return d.SetMyCommands(t.Context(), Scope{Chat: 7}, "", []tgbotapi.BotCommand{{Command: "help", Description: "Help"}})
		}, "setMyCommands", map[string]string{
			"commands": `[{"command":"help","description":"Help"}]`, "scope": `{"type":"chat","chat_id":7}`,
		}},
		"no menu": {func() error { return d.SetMyCommands(t.Context(), Scope{Chat: 7}, "", nil) }, "deleteMyCommands", map[string]string{
			"scope": `{"type":"chat","chat_id":7}`,
		}},
		"an action": {func() error { return d.SendAction(t.Context(), 7, "typing") }, "sendChatAction", map[string]string{
			"chat_id": "7", "action": "typing",
		}},
		"a file sent again": {func() error {
			_, err := d.SendDocument(t.Context(), 7, File{ID: "F1"}, "<i>c</i>", nil)
			return err
		}, "sendDocument", map[string]string{"chat_id": "7", "document": "F1", "caption": "<i>c</i>", "parse_mode": "HTML"}},
		"a webhook": {func() error {
			return d.SetWebhook(t.Context(), Webhook{URL: "https://x.example/t", Secret: NewSecret("s"), Allowed: []string{"message"}, Connections: 40})
		}, "setWebhook", map[string]string{
			"url": "https://x.example/t", "secret_token": "s", "allowed_updates": `["message"]`, "max_connections": "40",
		}},
		"no webhook": {func() error { return d.DeleteWebhook(t.Context()) }, "deleteWebhook", map[string]string{}},
	} {
		if err := c.call(); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := f.last(t)
		if got.method != c.method {
			t.Errorf("%s: called %s, want %s", name, got.method, c.method)
		}
		for key, want := range c.want {
			if got.params.Get(key) != want {
				t.Errorf("%s: %s = %q, want %q", name, key, got.params.Get(key), want)
			}
		}
		if len(got.params) != len(c.want) {
			t.Errorf("%s: parameters %v, want %v", name, got.params, c.want)
		}
	}
}

func TestAFileGoesOutUnderACleanName(t *testing.T) {
	f := newFake(t, func(w http.ResponseWriter, r request) {
		if r.method == "sendPhoto" {
			ok(w, map[string]any{"message_id": 2, "photo": []map[string]any{
				{"file_id": "small", "width": 90}, {"file_id": "large", "width": 1280}, {"file_id": "middle", "width": 320},
			}})
			return
		}
		ok(w, map[string]any{"message_id": 1, "document": map[string]any{"file_id": "D"}})
	})
	d := newDoor(t, f.URL)
	for given, want := range map[string]string{
		"diem-danh.xlsx":         "diem-danh.xlsx",
		"/var/lib/điểm danh.ics": "điểm danh.ics",
		`C:\files\a.txt`:         "a.txt",
		"a\r\nb\x00.txt":         "ab.txt",
		"":                       "file",
		"..":                     "file",
	} {
		sent, err := d.SendDocument(t.Context(), 7, File{Name: given, Bytes: []byte("content")}, "", nil)
		if err != nil || sent.ID != 1 || sent.FileID != "D" {
			t.Fatalf("SendDocument = %+v, %v", sent, err)
		}
		if got := f.last(t).files["document"]; got.name != want || got.content != "content" {
			t.Errorf("%q went out as %q with %q, want %q", given, got.name, got.content, want)
		}
	}
	sent, err := d.SendPhoto(t.Context(), 7, File{Name: "a.png", Bytes: []byte("png")}, "", nil)
	if err != nil || sent.FileID != "large" {
		t.Errorf("SendPhoto = %+v, %v; want the largest size", sent, err)
	}
	_, err = d.SendPhoto(t.Context(), 7, File{Name: "a.png"}, "", nil)
	var e *Error
	if !errors.As(err, &e) || !e.Content() {
		t.Errorf("an empty file: %v, want a Content error", err)
	}
	_, err = d.SendText(t.Context(), 7, "x", func() {})
	if !errors.As(err, &e) || !e.Content() {
		t.Errorf("a keyboard that cannot be written: %v, want a Content error", err)
	}
}

func TestWhatIsDoneAlreadyIsNoError(t *testing.T) {
	for description, call := range map[string]func(*Door) error{
		"Bad Request: message is not modified: …": func(d *Door) error {
			return errors.Join(d.EditText(t.Context(), 1, 2, "x", nil), d.EditMarkup(t.Context(), 1, 2, nil))
		},
		"Bad Request: message to delete not found": func(d *Door) error { return d.Delete(t.Context(), 1, 2) },
	} {
		f := newFake(t, func(w http.ResponseWriter, _ request) { refuse(w, 400, description, nil) })
		if err := call(newDoor(t, f.URL)); err != nil {
			t.Errorf("%s: %v", description, err)
		}
	}
	f := newFake(t, func(w http.ResponseWriter, _ request) {
		refuse(w, 400, "Bad Request: message can't be deleted", nil)
	})
	if err := newDoor(t, f.URL).Delete(t.Context(), 1, 2); err == nil {
		t.Error("a message that cannot be deleted counts as deleted")
	}
}

func TestAFileIsFetchedFromTheConfiguredServerUpToTheLimit(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/bot" + token + "/getFile":
			switch id := r.FormValue("file_id"); id {
			case "declared":
				ok(w, map[string]any{"file_path": "documents/a b.txt", "file_size": 1000})
			case "local":
				ok(w, map[string]any{"file_path": "/var/lib/bot/a.txt"})
			case "climbing":
				ok(w, map[string]any{"file_path": "../a.txt"})
			case "gone":
				ok(w, map[string]any{"file_path": "gone.txt"})
			case "refused":
				refuse(w, 400, "Bad Request: file is too big", nil)
			default:
				ok(w, map[string]any{"file_path": "documents/a b.txt"})
			}
		case "/file/bot" + token + "/documents/a b.txt":
			_, _ = io.WriteString(w, "content")
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(server.Close)
	d := newDoor(t, server.URL)
	if got, err := d.FileBytes(t.Context(), "x", 7); err != nil || string(got) != "content" {
		t.Errorf("FileBytes = %q, %v", got, err)
	}
	for file, max := range map[string]int64{"x": 6, "declared": 999, "refused": 100} {
		if _, err := d.FileBytes(t.Context(), file, max); !errors.Is(err, ErrTooBig) {
			t.Errorf("%s: %v, want ErrTooBig", file, err)
		}
	}
	for _, file := range []string{"local", "climbing", "gone"} {
		_, err := d.FileBytes(t.Context(), file, 100)
		if err == nil || strings.Contains(err.Error(), "/var") {
			t.Errorf("%s: %v", file, err)
		}
		assertLeaksNoToken(t, file, err)
	}
}
