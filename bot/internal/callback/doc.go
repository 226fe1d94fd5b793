// Package callback writes what a button means into the 64 bytes that Telegram
// carries back when it is pressed, and reads it again.
//
//	1rsvp:m42:yes
//	│└┬─┘ └┬┘ └┬┘
//	│ │    └───┴─ arguments
//	│ └ action
//	└ version of the writing
//
// There is no authority in a button, and so no signature: a client can send
// any bytes it likes as a press, and a message with buttons can be forwarded.
// Who pressed is told by Telegram with every press, and what that person may
// do is looked up by the sender's id, every time. A button only says what is
// wanted.
package callback
