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
// # The people's side
//
// Everything is JSON; what cannot be done is 400 or 404 with {"error": "..."}.
//
//	GET  /sim/stage               title, bot, cast, time
//	GET  /sim/people              everybody, with the last message of each chat
//	POST /sim/people              add one person, or a list
//	POST /sim/people/language     change the language of an account
//	POST /sim/say                 type a text
//	POST /sim/open                follow a t.me/<bot>?start=... link
//	POST /sim/tap                 press a button by its label; waits for the bot's answer
//	POST /sim/contact             share a phone number
//	POST /sim/file, /sim/photo    send a file (multipart)
//	POST /sim/sticker, /location  send what a bot may not expect
//	POST /sim/block, /unblock     block the bot, and take it back
//	POST /sim/deactivate          delete the account
//	POST /sim/read                mark the chat as read
//	GET  /sim/chat                the chat as the person sees it
//	GET  /sim/transcript          the chat as text
//	GET  /sim/events              what happens, as server-sent events
//	GET  /sim/await               wait until the bot says a text
//	GET  /sim/quiet               wait until the bot has nothing left to do
//	GET  /sim/files/<id>          the bytes of a file
//	     /sim/faults              POST adds a fault, GET lists them, DELETE ends them
//	POST /sim/limits              set the flood limits
//	GET  /sim/report              what the sandbox noticed about the bot
//	GET  /sim/sent, /sim/tally    how many messages went to one chat, to each
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
