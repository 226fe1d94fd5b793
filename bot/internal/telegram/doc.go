// Package telegram is the one door to the Bot API.
//
// It keeps the library's types, Params, MakeRequest and UploadFiles, and
// brings what they lack: a context on every call, a time limit by the sort of
// call, a token that cannot be printed, one error type that says what to do
// next, and a poll loop that confirms an update only after it was handled.
//
//	          Call, SendText, …                      Run
//	caller ──────────────────▶ Door ──▶ Bot API ◀──────────── Poller ──▶ Dispatcher ──▶ handler
//	        ◀── *Error ───────                                  ▲             │
//	                                                         Offsets        Seen
//
// What an *Error asks of its reader is said by its behaviours, of which at
// most one of the first five holds:
//
//	Permanent   this chat will never take a message again
//	RetryAfter  later: the server named a time
//	Unsent      the request provably never left as a whole: again
//	Ambiguous   it left, and no answer says what became of it
//	Content     the message itself is refused, for everybody alike
//	(none)      again, with back-off, a bounded number of times
package telegram
