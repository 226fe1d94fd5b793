// Package lease lets one replica at a time do a thing, such as reading updates or planning.
//
//	          acquire (free, run out, or one's own former self)
//	waiting ──────────────────────────────────────────────────▶ holding(fence) ──renew at a third of the time──┐
//	   ▲                                                          │   │  ▲                                     │
//	   │     refused, or not renewed in time: the work's context  │   │  └─────────────────────────────────────┘
//	   └──────────────── ends, and the work has returned ─────────┘   └── stop: released for the next at once
//
// The lease is kept by Redis' clock. Its holder keeps it by the monotonic clock of its own machine and stops a fifth of the time
// before Redis would give the lease away, so a holder that is cut off from Redis, or was suspended, stops by itself before
// another one starts.
//
// Every holder gets a fence, a number that only grows. A step that must not be taken by a holder who has not noticed yet that it
// is none any more carries the fence and is refused when a higher one has been seen.
//
// One hash a lease, with the fields holder, incarnation, until (ms) and fence:
//
//	<prefix>:{lease:<name>}
package lease
