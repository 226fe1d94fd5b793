package sandbox

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// refusal is an answer that is not "ok": Telegram's code and Telegram's words.
type refusal struct {
	code       int
	words      string
	retryAfter int   // seconds; sent as parameters.retry_after and as a header
	migrateTo  int64 // sent as parameters.migrate_to_chat_id
	injected   bool  // it comes from a fault, not from a rule
	mute       bool  // status only, empty body, connection closed
}

func (r *refusal) Error() string { return r.words }

// badRequest is a 400 with Telegram's prefix. Telegram lowers the first letter of the
// reason unless the second character shows that the reason is a code (BUTTON_DATA_INVALID).
func badRequest(reason string) *refusal {
	return &refusal{code: http.StatusBadRequest, words: "Bad Request: " + lowerFirst(reason)}
}

func badRequestf(format string, args ...any) *refusal {
	return badRequest(fmt.Sprintf(format, args...))
}

func forbidden(reason string) *refusal {
	return &refusal{code: http.StatusForbidden, words: "Forbidden: " + reason}
}

func conflict(reason string) *refusal {
	return &refusal{code: http.StatusConflict, words: "Conflict: " + reason}
}

func tooMany(retryAfter int) *refusal {
	return &refusal{
		code:       http.StatusTooManyRequests,
		words:      "Too Many Requests: retry after " + strconv.Itoa(retryAfter),
		retryAfter: retryAfter,
	}
}

func lowerFirst(reason string) string {
	first, size := utf8.DecodeRuneInString(reason)
	second, _ := utf8.DecodeRuneInString(reason[size:])
	if second == '_' || ('A' <= second && second <= 'Z') {
		return reason
	}
	return string(unicode.ToLower(first)) + reason[size:]
}

// Refusals that several methods share.
var (
	errUnauthorized  = &refusal{code: http.StatusUnauthorized, words: "Unauthorized"}
	errBadToken      = &refusal{code: http.StatusUnauthorized, words: "Unauthorized: invalid token specified"}
	errNotFound      = &refusal{code: http.StatusNotFound, words: "Not Found"}
	errNoMethod      = &refusal{code: http.StatusNotFound, words: "Not Found: method not found"}
	errCutOff        = &refusal{code: http.StatusBadRequest, words: "the caller went away", mute: true}
	errTooLarge      = &refusal{code: http.StatusRequestEntityTooLarge, words: "Request Entity Too Large", mute: true}
	errChatEmpty     = badRequest("chat_id is empty")
	errChatNotFound  = badRequest("chat not found")
	errUpgraded      = badRequest("group chat was upgraded to a supergroup chat")
	errBlocked       = forbidden("bot was blocked by the user")
	errNeverStarted  = forbidden("bot can't initiate conversation with a user")
	errDeactivated   = forbidden("user is deactivated")
	errTextEmpty     = badRequest("message text is empty")
	errTextTooLong   = badRequest("text is too long")
	errTextBlank     = badRequest("text must be non-empty")
	errMessageLong   = badRequest("message is too long")
	errCaptionLong   = badRequest("message caption is too long")
	errNotUTF8       = badRequest("strings must be encoded in UTF-8")
	errParseMode     = badRequest("unsupported parse_mode")
	errEditMissing   = badRequest("message to edit not found")
	errEditForbidden = badRequest("message can't be edited")
	errEditNoText    = badRequest("there is no text in the message to edit")
	errEditNoCaption = badRequest("there is no caption in the message to edit")
	errEditNoID      = badRequest("message identifier is not specified")
	errNotModified   = badRequest("message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message")
	errInlineOnly    = badRequest("inline keyboard expected")
	errReplyMissing  = badRequest("message to be replied not found")
	errQueryOld      = badRequest("query is too old and response timeout expired or query ID is invalid")
	errButtonData    = badRequest("BUTTON_DATA_INVALID")
	errMarkupLong    = badRequest("reply markup is too long")
	errWrongFile     = badRequest("wrong file identifier/HTTP URL specified")
	errPollStolen    = conflict("terminated by other getUpdates request; make sure that only one bot instance is running")
	errPollWebhook   = conflict("can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
	errPollReplaced  = conflict("terminated by setWebhook request")
)

// plainReason drops the prefix of a 400, so that one refusal may quote another.
func (r *refusal) plainReason() string { return strings.TrimPrefix(r.words, "Bad Request: ") }
