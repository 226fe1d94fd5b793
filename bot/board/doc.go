// Package board is the live board of a meeting: a web page for the hall's screen that shows, venue by venue and as a whole, how many are
// expected and how many are there, and the code that its own venue turns over; the same as a picture for a chat.
//
//	GET /board/<token>          the page, whole as it stands, in the language of ?lang
//	GET /board/<token>/events   what changes on it, as server-sent events
//	GET /board/<token>/state    the same once, for browsers without them
//	GET /board/assets/…         its script and its style
//
// A link belongs to one meeting and perhaps to one venue, see briefings.BoardLink: it can be taken back, and the token is only believed
// after its meeting has signed it. Nobody is named.
//
// However many screens watch a meeting, one goroutine looks at it, once a second: it asks the store whether anything was written at all,
// and counts only when something was. Every screen is then handed the same bytes.
package board
