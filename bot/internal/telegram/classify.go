package telegram

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// kind is what an error asks of its reader; an error has exactly one.
type kind int

const (
	kindOther kind = iota
	kindRefused
	kindFlood
	kindUnsent
	kindAmbiguous
	kindContent
	kindNotModified
	kindTooOld
	kindGone
	kindMigrated
	kindUnauthorized
	kindConflict
	kindUnpaid
	kindMistaken
)

// Reasons that the code itself looks at.
const (
	reasonOther     = "other"
	reasonTooBig    = "too_big"
	reasonWebhook   = "webhook"
	reasonStaleFile = "stale_file"
	reasonFile      = "file"
)

// floodDefault is the wait after a 429 that names none.
const floodDefault = 5 * time.Second

// rule says what a description means. Telegram announces that descriptions
// may change, so a rule matches a part of one, in any letter case.
type rule struct {
	code   int // 0: any
	part   string
	kind   kind
	reason string
}

// rules are tried in order; the first match decides. A 403 and a 400 about
// the chat concern one recipient; a 400 about text, keyboard or media comes
// before the chat is even looked at and concerns everybody.
var rules = []rule{
	{403, "bot was blocked", kindRefused, "blocked"},
	{403, "user is deactivated", kindRefused, "deactivated"},
	{0, "INPUT_USER_DEACTIVATED", kindRefused, "deactivated"},
	{403, "can't initiate conversation", kindRefused, "not_started"},
	{403, "can't send messages to", kindRefused, "bot"},
	{403, "was kicked", kindRefused, "kicked"},
	{403, "is not a member", kindRefused, "not_member"},
	{403, "chat was deleted", kindRefused, "deleted"},
	{400, "upgraded to a supergroup", kindMigrated, "migrated"},
	{400, "chat not found", kindRefused, "chat"},
	{400, "PEER_ID_INVALID", kindRefused, "not_started"},
	{400, "chat_id is empty", kindMistaken, "mistake"},
	{400, "have no write access", kindRefused, "rights"},
	{400, "need administrator rights", kindRefused, "rights"},
	{400, "not enough rights", kindRefused, "rights"},
	{400, "CHAT_WRITE_FORBIDDEN", kindRefused, "rights"},
	{400, "CHAT_RESTRICTED", kindRefused, "rights"},
	{400, "TOPIC_CLOSED", kindRefused, "rights"},

	{400, "message is not modified", kindNotModified, "not_modified"},
	{400, "query is too old", kindTooOld, "too_old"},
	{400, "query ID is invalid", kindTooOld, "too_old"},
	{400, "QUERY_ID_INVALID", kindTooOld, "too_old"},
	{400, "message to edit not found", kindGone, "gone"},
	{400, "MESSAGE_ID_INVALID", kindGone, "gone"},
	{400, "message can't be edited", kindGone, "gone"},
	{400, "there is no text in the message to edit", kindGone, "gone"},
	{400, "there is no caption in the message to edit", kindGone, "gone"},
	{400, "message to delete not found", kindGone, "gone"},
	{400, "message can't be deleted", kindGone, "undeletable"},
	{400, "MESSAGE_DELETE_FORBIDDEN", kindGone, "undeletable"},

	{400, "message to copy not found", kindContent, "source"},
	{400, "message to forward not found", kindContent, "source"},
	{400, "message thread not found", kindContent, "thread"},
	{400, "message to be replied not found", kindContent, "reply"},

	{400, "can't parse entities", kindContent, "text"},
	{400, "ENTITIES_TOO_LONG", kindContent, "text"},
	{400, "message text is empty", kindContent, "text"},
	{400, "text must be non-empty", kindContent, "text"},
	{400, "text is too long", kindContent, "text"},
	{400, "message is too long", kindContent, "text"},
	{400, "MESSAGE_TOO_LONG", kindContent, "text"},
	{400, "caption is too long", kindContent, "text"},
	{400, "unsupported parse_mode", kindContent, "text"},

	{400, "BUTTON_", kindContent, "keyboard"},
	{400, "reply markup is too long", kindContent, "keyboard"},
	{400, "REPLY_MARKUP_", kindContent, "keyboard"},
	{400, "can't parse reply keyboard markup", kindContent, "keyboard"},
	{400, "can't parse inline keyboard", kindContent, "keyboard"},
	{400, "button", kindContent, "keyboard"},

	{400, "temporarily unavailable", kindOther, reasonFile},
	{400, "wrong file identifier", kindContent, reasonStaleFile},
	{400, "wrong remote file identifier", kindContent, reasonStaleFile},
	{400, "can't use file of type", kindContent, "media"},
	{400, "failed to get HTTP URL content", kindContent, "media"},
	{400, "wrong type of the web page content", kindContent, "media"},
	{400, "PHOTO_INVALID_DIMENSIONS", kindContent, "media"},
	{400, "IMAGE_PROCESS_FAILED", kindContent, "media"},
	{400, "file must be non-empty", kindContent, "media"},
	{400, "in the request", kindContent, "media"},
	{400, "file is too big", kindContent, reasonTooBig},
	{400, "InputMedia", kindContent, "media"},
	{400, "media JSON object", kindContent, "media"},
	{400, `parameter "media" is required`, kindContent, "media"},
	{400, "there are no messages to send", kindContent, "media"},
	{400, "album", kindContent, "media"},
	{400, "sendMediaGroup", kindContent, "media"},
	{400, "mixed with other media types", kindContent, "media"},

	// Telegram does not document these words; any of them speaks of money.
	{400, "paid broadcast", kindUnpaid, "unpaid"},
	{400, "PAID_BROADCAST", kindUnpaid, "unpaid"},
	{400, "BALANCE_TOO_LOW", kindUnpaid, "unpaid"},
	{400, "not enough stars", kindUnpaid, "unpaid"},

	{401, "", kindUnauthorized, "token"},
	{403, "", kindRefused, "forbidden"},
	{404, "method not found", kindContent, "method"},
	{404, "", kindUnauthorized, "token"},
	{409, "webhook is active", kindConflict, reasonWebhook},
	{409, "", kindConflict, "conflict"},
	{413, "", kindContent, reasonTooBig},
	{421, "", kindUnauthorized, "token"},
	{429, "", kindFlood, "flood"},
}

// strangers are the rules for an answer that is not the Bot API's JSON: it
// comes from a relay, a proxy or a portal, whose 403 says nothing about a
// person and whose 401 nothing about the token.
var strangers = []rule{
	{413, "", kindContent, reasonTooBig},
	{429, "", kindFlood, "flood"},
}

// reply is the part of an answer that decides what it means.
type reply struct {
	status      int    // HTTP status
	retryHeader string // Retry-After
	foreign     bool   // the body was not the Bot API's
}

// refusal builds the error of an answer that says no.
func (d *Door) refusal(method string, r reply, resp tgbotapi.APIResponse) *Error {
	e := &Error{
		Method:      method,
		Code:        resp.ErrorCode,
		Description: d.token.redact(resp.Description),
	}
	if e.Code == 0 {
		e.Code = r.status
	}
	if resp.Parameters != nil {
		e.Retry = time.Duration(resp.Parameters.RetryAfter) * time.Second
		e.MigrateTo = resp.Parameters.MigrateToChatID
	}
	table := rules
	if r.foreign {
		table = strangers
	}
	e.kind, e.reason = judge(table, e.Code, e.Description)
	switch {
	case e.MigrateTo != 0:
		e.kind, e.reason = kindMigrated, "migrated"
	case e.kind == kindFlood && e.Retry <= 0:
		e.Retry = floodWait(r.retryHeader, e.Description)
	}
	return e
}

// judge finds the rule for a code and a description.
func judge(table []rule, code int, description string) (kind, string) {
	lower := strings.ToLower(description)
	for _, r := range table {
		if (r.code == 0 || r.code == code) && strings.Contains(lower, strings.ToLower(r.part)) {
			return r.kind, r.reason
		}
	}
	// Below 400 and from 500 on, the request was taken in and what became of
	// it is not said.
	if code < 400 || code >= http.StatusInternalServerError {
		return kindAmbiguous, "server"
	}
	return kindOther, reasonOther
}

// floodWait reads the time to wait from the Retry-After header, else from the
// description, else assumes floodDefault.
func floodWait(header, description string) time.Duration {
	if n, err := strconv.Atoi(strings.TrimSpace(header)); err == nil && n > 0 {
		return time.Duration(n) * time.Second
	}
	if _, after, ok := strings.Cut(strings.ToLower(description), "retry after "); ok {
		digits, _, _ := strings.Cut(after, " ")
		if n, err := strconv.Atoi(digits); err == nil && n > 0 {
			return time.Duration(n) * time.Second
		}
	}
	return floodDefault
}
