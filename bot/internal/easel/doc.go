// Package easel draws cards anew, outside the handling of updates.
//
//	tap ──▶ recorded ──▶ toast ──▶ Owe ──▶ the update is handled
//	                                │
//	                                ├── Redis: this message is owed a drawing
//	                                └── queue ──▶ a slot ──▶ Draw, from the facts as they stand then ──▶ forgotten
//
// A card is owed, not drawn beforehand: what is owed several times is drawn once, and whatever is drawn last shows the last state. Of
// one chat one card is drawn at a time, and none while its person is being written to (Take).
//
// What is owed stands in Redis until it was drawn, so a process that ends leaves it to the next one (Adopt), and a replica that replaces
// the message with something else withdraws it for all of them (Withdraw).
package easel
