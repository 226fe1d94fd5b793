// Package pace spaces calls to Telegram evenly over all replicas.
//
// Slots in time are reserved in Redis: one script hands out the next free
// times of a lane, and the caller sends at those times by its own monotonic
// clock. So there is no leader, no polling and no burst; a replica that dies
// wastes at most the slots it had reserved, a twentieth of a second of them.
//
//	reserved     │  │  │  │              │    │   │   │  │  │  │
//	time ────────┴──┴──┴──┴──×───────────┴────┴───┴───┴──┴──┴──┴──▶
//	                         429: blocked     ramp      slower for a while
//
// A slot may be used a little late: by what its lane's slots lie further apart
// than the limit asks for. Whoever comes later takes another one, and what got
// away late all the same puts the slots after it off by as much. So a process
// that was held up between its slot and its sending makes no burst.
//
// A slot that is not used is lost: nothing can be saved up. A refusal (429)
// anywhere blocks the lane everywhere for as long as the server asks; after
// it the lane starts at half its pace, and stays a tenth slower until it was
// left in peace for a while. The pace never exceeds 99 % of the configured
// rate: that much room is what the network's jitter needs.
package pace
