package telegram

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// verdict is what an error says by its behaviours.
type verdict string

const (
	refused      verdict = "permanent"
	later        verdict = "later"
	unsent       verdict = "unsent"
	ambiguous    verdict = "ambiguous"
	content      verdict = "content"
	notModified  verdict = "not modified"
	tooOld       verdict = "too old"
	gone         verdict = "gone"
	migrated     verdict = "migrated"
	unauthorized verdict = "unauthorized"
	conflict     verdict = "conflict"
	mistaken     verdict = "mistaken"
	again        verdict = "again"
)

// judged collects every behaviour that holds: never more than one.
func judged(t *testing.T, e *Error) verdict {
	t.Helper()
	var all []verdict
	for v, holds := range map[verdict]bool{
		refused: e.Permanent(), later: e.RetryAfter() > 0, unsent: e.Unsent(), ambiguous: e.Ambiguous(),
		content: e.Content(), notModified: e.NotModified(), tooOld: e.TooOld(), gone: e.Gone(),
		migrated: e.MigrateTo != 0, unauthorized: e.Unauthorized(), conflict: e.Conflict(), mistaken: e.Mistaken(),
	} {
		if holds {
			all = append(all, v)
		}
	}
	switch len(all) {
	case 0:
		return again
	case 1:
		return all[0]
	}
	t.Errorf("%v is %v at once", e, all)
	return ""
}

func TestEveryKnownRefusalIsUnderstood(t *testing.T) {
	for _, c := range []struct {
		code        int
		description string
		want        verdict
		reason      string
	}{
		{403, "Forbidden: bot was blocked by the user", refused, "blocked"},
		{403, "FORBIDDEN: BOT WAS BLOCKED BY THE USER", refused, "blocked"},
		{403, "Forbidden: user is deactivated", refused, "deactivated"},
		{400, "Bad Request: INPUT_USER_DEACTIVATED", refused, "deactivated"},
		{403, "Forbidden: bot can't initiate conversation with a user", refused, "not_started"},
		{400, "Bad Request: PEER_ID_INVALID", refused, "not_started"},
		{403, "Forbidden: the bot can't send messages to the bot", refused, "bot"},
		{403, "Forbidden: bot can't send messages to bots", refused, "bot"},
		{403, "Forbidden: bot was kicked from the group chat", refused, "kicked"},
		{403, "Forbidden: bot was kicked from the supergroup chat", refused, "kicked"},
		{403, "Forbidden: bot was kicked from the channel chat", refused, "kicked"},
		{403, "Forbidden: bot is not a member of the group chat", refused, "not_member"},
		{403, "Forbidden: bot is not a member of the supergroup chat", refused, "not_member"},
		{403, "Forbidden: bot is not a member of the channel chat", refused, "not_member"},
		{403, "Forbidden: the group chat was deleted", refused, "deleted"},
		{403, "Forbidden: something new", refused, "forbidden"},
		{400, "Bad Request: chat not found", refused, "chat"},
		{400, "Bad Request: private chat not found", refused, "chat"},
		{400, "Bad Request: chat_id is empty", mistaken, "mistake"},
		{400, "Bad Request: have no write access to the chat", refused, "rights"},
		{400, "Bad Request: need administrator rights in the channel chat", refused, "rights"},
		{400, "Bad Request: not enough rights to send text messages to the chat", refused, "rights"},
		{400, "Bad Request: not enough rights to send photos to the chat", refused, "rights"},
		{400, "Bad Request: not enough rights to send documents to the chat", refused, "rights"},
		{400, "Bad Request: CHAT_WRITE_FORBIDDEN", refused, "rights"},
		{400, "Bad Request: CHAT_RESTRICTED", refused, "rights"},
		{400, "Bad Request: TOPIC_CLOSED", refused, "rights"},

		{400, "Bad Request: message thread not found", content, "thread"},
		{400, "Bad Request: message to be replied not found", content, "reply"},
		{400, "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message", notModified, "not_modified"},
		{400, "Bad Request: message to edit not found", gone, "gone"},
		{400, "Bad Request: MESSAGE_ID_INVALID", gone, "gone"},
		{400, "Bad Request: message can't be edited", gone, "gone"},
		{400, "Bad Request: there is no text in the message to edit", gone, "gone"},
		{400, "Bad Request: there is no caption in the message to edit", gone, "gone"},
		{400, "Bad Request: message to delete not found", gone, "gone"},
		{400, "Bad Request: message can't be deleted", gone, "undeletable"},
		{400, "Bad Request: MESSAGE_DELETE_FORBIDDEN", gone, "undeletable"},
		{400, "Bad Request: message to copy not found", content, "source"},
		{400, "Bad Request: message to forward not found", content, "source"},
		{400, "Bad Request: query is too old and response timeout expired or query ID is invalid", tooOld, "too_old"},
		{400, "Bad Request: QUERY_ID_INVALID", tooOld, "too_old"},

		{400, `Bad Request: can't parse entities: Unsupported start tag "x" at byte offset 0`, content, "text"},
		{400, "Bad Request: message text is empty", content, "text"},
		{400, "Bad Request: text must be non-empty", content, "text"},
		{400, "Bad Request: text is too long", content, "text"},
		{400, "Bad Request: message is too long", content, "text"},
		{400, "Bad Request: message caption is too long", content, "text"},
		{400, "Bad Request: unsupported parse_mode", content, "text"},
		{400, "Bad Request: ENTITIES_TOO_LONG", content, "text"},
		{400, "Bad Request: BUTTON_DATA_INVALID", content, "keyboard"},
		{400, "Bad Request: BUTTON_URL_INVALID", content, "keyboard"},
		{400, "Bad Request: BUTTON_TYPE_INVALID", content, "keyboard"},
		{400, "Bad Request: reply markup is too long", content, "keyboard"},
		{400, "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard", content, "keyboard"},
		{400, "Bad Request: can't parse keyboard button: Expected an Object", content, "keyboard"},
		{400, "Bad Request: wrong file identifier/HTTP URL specified", content, "stale_file"},
		{400, "Bad Request: wrong remote file identifier specified: Wrong padding in the string", content, "stale_file"},
		{400, "Bad Request: can't use file of type Photo as Document", content, "media"},
		{400, "Bad Request: failed to get HTTP URL content", content, "media"},
		{400, "Bad Request: wrong type of the web page content", content, "media"},
		{400, "Bad Request: PHOTO_INVALID_DIMENSIONS", content, "media"},
		{400, "Bad Request: IMAGE_PROCESS_FAILED", content, "media"},
		{400, "Bad Request: file must be non-empty", content, "media"},
		{400, "Bad Request: there is no photo in the request", content, "media"},
		{400, "Bad Request: there is no document in the request", content, "media"},
		{400, "Bad Request: file is too big", content, "too_big"},
		{400, "Bad Request: wrong file_id or the file is temporarily unavailable", again, "file"},
		{400, `Bad Request: Failed to send message #2 with the error message "PHOTO_INVALID_DIMENSIONS"`, content, "media"},
		{400, `Bad Request: parameter "media" is required`, content, "media"},
		{400, "Bad Request: can't parse media JSON object", content, "media"},
		{400, "Bad Request: expected an Array of InputMedia", content, "media"},
		{400, "Bad Request: can't parse InputMedia: media not found", content, "media"},
		{400, `Bad Request: type "animation" can't be used in sendMediaGroup`, content, "media"},
		{400, "Bad Request: too many messages to send as an album", content, "media"},
		{400, "Bad Request: there are no messages to send", content, "media"},
		{400, "Bad Request: Document can't be mixed with other media types", content, "media"},
		{400, "Bad Request: something new", again, "other"},
		{402, "Payment Required", again, "other"},

		{401, "Unauthorized", unauthorized, "token"},
		{401, "Unauthorized: invalid token specified", unauthorized, "token"},
		{404, "Not Found", unauthorized, "token"},
		{404, "Not Found: method not found", content, "method"},
		{409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running", conflict, "conflict"},
		{409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first", conflict, "webhook"},
		{409, "Conflict: terminated by setWebhook request", conflict, "conflict"},
		{409, "Conflict: terminated by other setWebhook", conflict, "conflict"},
		{413, "Request Entity Too Large", content, "too_big"},
		{421, "Misdirected Request: unallowed token specified", unauthorized, "token"},
		{429, "Too Many Requests: retry after 7", later, "flood"},
		{500, "Internal Server Error: restart", ambiguous, "server"},
		{500, "Internal Server Error: request aborted", ambiguous, "server"},
		{502, "Bad Gateway", ambiguous, "server"},
		{504, "Gateway Timeout", ambiguous, "server"},
	} {
		t.Run(fmt.Sprint(c.code, " ", c.description), func(t *testing.T) {
			f := newFake(t, func(w http.ResponseWriter, _ request) { refuse(w, c.code, c.description, nil) })
			d := newDoor(t, f.URL)
			// An upload is judged like a plain call, although the library drops
			// its code.
			for _, files := range [][]tgbotapi.RequestFile{nil, {{Name: "document", Data: tgbotapi.FileBytes{Name: "a", Bytes: []byte("x")}}}} {
				_, err := d.Call(t.Context(), "sendDocument", Params{"chat_id": "1"}, files...)
				var e *Error
				if !errors.As(err, &e) {
					t.Fatalf("error is %T", err)
				}
				if got := judged(t, e); got != c.want || e.Reason() != c.reason || e.Code != c.code {
					t.Errorf("%d files: %s, reason %q, code %d; want %s, %q, %d", len(files), got, e.Reason(), e.Code, c.want, c.reason, c.code)
				}
			}
		})
	}
}

func TestTheNamedWaitIsTaken(t *testing.T) {
	for name, c := range map[string]struct {
		answer func(w http.ResponseWriter)
		want   time.Duration
	}{
		"from the parameters": {func(w http.ResponseWriter) {
			w.Header().Set("Retry-After", "3")
			refuse(w, 429, "Too Many Requests: retry after 5", map[string]any{"retry_after": 10072})
		}, 10072 * time.Second},
		"else from the header": {func(w http.ResponseWriter) {
			w.Header().Set("Retry-After", "3")
			refuse(w, 429, "Too Many Requests: retry after 5", nil)
		}, 3 * time.Second},
		"else from the description": {func(w http.ResponseWriter) {
			refuse(w, 429, "Too Many Requests: retry after 9", nil)
		}, 9 * time.Second},
		"never nothing": {func(w http.ResponseWriter) {
			refuse(w, 429, "Too Many Requests", map[string]any{"retry_after": 0})
		}, floodDefault},
		"from a relay": {func(w http.ResponseWriter) {
			w.Header().Set("Retry-After", "4")
			http.Error(w, "slow down", http.StatusTooManyRequests)
		}, 4 * time.Second},
	} {
		f := newFake(t, func(w http.ResponseWriter, _ request) { c.answer(w) })
		_, err := newDoor(t, f.URL).SendText(t.Context(), 1, "x", nil)
		var e *Error
		if !errors.As(err, &e) || e.RetryAfter() != c.want {
			t.Errorf("%s: %v, want to wait %s", name, err, c.want)
		}
	}
}

func TestAMigratedGroupTellsItsNewID(t *testing.T) {
	f := newFake(t, func(w http.ResponseWriter, _ request) {
		refuse(w, 400, "Bad Request: group chat was upgraded to a supergroup chat", map[string]any{"migrate_to_chat_id": -1001234567890})
	})
	_, err := newDoor(t, f.URL).SendText(t.Context(), -5, "x", nil)
	var e *Error
	if !errors.As(err, &e) || e.MigrateTo != -1001234567890 || judged(t, e) != migrated {
		t.Fatalf("error = %v", err)
	}
}

func TestTheRareBehavioursHoldWhereTheyShould(t *testing.T) {
	for description, holds := range map[string]func(*Error) bool{
		"Bad Request: file is too big":                                        func(e *Error) bool { return errors.Is(e, ErrTooBig) && !e.StaleFile() },
		"Bad Request: wrong file identifier/HTTP URL specified":               func(e *Error) bool { return e.StaleFile() && !errors.Is(e, ErrTooBig) },
		"Conflict: can't use getUpdates method while webhook is active; use…": func(e *Error) bool { return e.WebhookActive() },
		"Conflict: terminated by other getUpdates request":                    func(e *Error) bool { return !e.WebhookActive() },
	} {
		code := 400
		if description[0] == 'C' {
			code = 409
		}
		f := newFake(t, func(w http.ResponseWriter, _ request) { refuse(w, code, description, nil) })
		_, err := newDoor(t, f.URL).Call(t.Context(), "getFile", nil)
		var e *Error
		if !errors.As(err, &e) || !holds(e) {
			t.Errorf("%s: %v", description, err)
		}
	}
}
