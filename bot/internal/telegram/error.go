package telegram

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// ErrTooBig means that a file is larger than the server or the caller allows.
// errors.Is finds it in an *Error too.
var ErrTooBig = errors.New("file is too big")

// Error is a call that did not succeed. Its text names the method and the
// reason and never the token, the address or the message.
type Error struct {
	// Method is the Bot API method, or "download" for a file's content.
	Method string
	// Code is the Bot API's error_code, or the HTTP status of an answer that
	// was not the Bot API's; 0: there was no answer.
	Code int
	// Description is Telegram's own wording, or a short one of ours.
	Description string
	// Retry is how long the server asks to wait; 0: it does not ask.
	Retry time.Duration
	// MigrateTo is the id of the supergroup that a group became; 0: none.
	MigrateTo int64

	kind   kind
	reason string
	cause  error
}

// Error implements error.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "call %s: ", e.Method)
	if e.Code != 0 {
		fmt.Fprintf(&b, "%d ", e.Code)
	}
	b.WriteString(e.Description)
	if e.cause != nil {
		fmt.Fprintf(&b, ": %v", e.cause)
	}
	return b.String()
}

// Unwrap returns what the network said, without address and token.
func (e *Error) Unwrap() error { return e.cause }

// Is lets errors.Is find ErrTooBig.
func (e *Error) Is(target error) bool {
	return target == ErrTooBig && e.reason == reasonTooBig
}

// Permanent reports that this chat will never take a message: the bot is
// blocked or removed, the account is gone, there is no such chat.
func (e *Error) Permanent() bool { return e.kind == kindRefused }

// RetryAfter is how long to wait before trying again, always above zero when
// the server said 429; 0 for every other error.
func (e *Error) RetryAfter() time.Duration {
	if e.kind != kindFlood {
		return 0
	}
	return e.Retry
}

// Unsent reports that the request never left as a whole, so that nothing can
// have come of it.
func (e *Error) Unsent() bool { return e.kind == kindUnsent || e.kind == kindUnpaid }

// Ambiguous reports that the request left and nothing says what came of it.
func (e *Error) Ambiguous() bool { return e.kind == kindAmbiguous }

// Content reports that the message itself is refused, whoever gets it.
func (e *Error) Content() bool { return e.kind == kindContent }

// Mistaken reports that the call itself was wrong, which is this program's own fault: trying again changes nothing, and neither the
// recipient nor the message is to blame.
func (e *Error) Mistaken() bool { return e.kind == kindMistaken }

// NotModified reports an edit that would change nothing: it is done already.
func (e *Error) NotModified() bool { return e.kind == kindNotModified }

// TooOld reports a button press that can no longer be answered.
func (e *Error) TooOld() bool { return e.kind == kindTooOld }

// Gone reports that the message to change is not there, or cannot be changed
// any more.
func (e *Error) Gone() bool { return e.kind == kindGone }

// Unauthorized reports that the server does not know the token, or does not
// serve it: nothing will work until somebody changes the configuration.
func (e *Error) Unauthorized() bool { return e.kind == kindUnauthorized }

// Halted reports that nobody can be written to until a person has mended the
// configuration.
func (e *Error) Halted() bool { return e.kind == kindUnauthorized }

// Unpaid reports that the server does not take money for speed. Nothing was
// sent: the same message without the offer is welcome.
func (e *Error) Unpaid() bool { return e.kind == kindUnpaid }

// Conflict reports that somebody else polls, or that a webhook is set.
func (e *Error) Conflict() bool { return e.kind == kindConflict }

// WebhookActive reports a Conflict that lasts until the webhook is deleted.
func (e *Error) WebhookActive() bool {
	return e.kind == kindConflict && e.reason == reasonWebhook
}

// StaleFile reports a Content error that one more upload of the file's bytes
// may cure: the file_id is not known to the server.
func (e *Error) StaleFile() bool {
	return e.kind == kindContent && e.reason == reasonStaleFile
}

// Reason is one word for counters and for the organizer's list: "blocked",
// "deactivated", "chat", "text", … ; "other" when nothing fits.
func (e *Error) Reason() string { return e.reason }
