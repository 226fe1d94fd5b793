// Package sandbox stands in for Telegram's Bot API server.
//
// It has two sides and one [http.Handler]:
//
//	/bot<token>/<method>   Telegram's side: what a bot calls
//	/file/bot<token>/...   Telegram's side: the files a bot downloads
//	/sim/...               the people's side: say, tap, share a contact, block, read
//	/                      a chat page that uses nothing but /sim, so it cannot cheat
//
// Telegram's side is strict on purpose. What Telegram refuses is refused here, in
// Telegram's own words and in Telegram's order: markup is read before the chat is
// looked up, so a broken keyboard sent to a person who blocked the bot is the
// keyboard's error. A method or a parameter that the sandbox does not know is refused
// as well and shows up in the report: a stand-in that answers "ok" to what it does not
// understand hides the mistake it is there to find.
//
// Faults are data (a 429, a lost answer, a slow one), flood limits are a setting, and a
// conversation is text: [ChatView.Text] prints it so that it can be compared.
//
// The wire types are the sandbox's own. A stand-in that shares the client's types
// shares the client's mistakes.
//
// # Locking
//
// One mutex guards all state. What can be done without it (reading the request, parsing
// formatting and keyboards, encoding the answer) is done before or after. Functions that
// need the mutex end in Locked. Stored entities, files and keyboards are never changed
// in place, only replaced, so a copy of a message may be encoded outside the mutex.
//
// # Time
//
// Dates, ages and flood windows follow Config.Now. How long a request is held (a long
// poll, a tap that waits for its answer, a slow fault) is real time.
package sandbox
