// Package briefings is the product in nouns: who is on the roll, what is published, to what members are called, what they
// answered, who came. It holds the rules and imports nothing but the standard library, so that a stranger can learn the product
// from it and every adapter (Redis, Telegram, the scheduler) can depend on it.
//
// The life of a meeting and of one invitation to it:
//
//	Meeting     draft ──announce──▶ open ──all venues closed──▶ closed
//	              │                  └────────cancel──────────▶ cancelled
//	              └──cancel──▶ cancelled
//
//	Invitation  none ──▶ accepted ⇄ declined(reason) ⇄ delegated(deputy: waiting → accepted | refused)
//	            any answer ──check-in──▶ present, or represented when the deputy came
//
// Every write to an aggregate has one shape, UpdateMeeting(ctx, id, func(*Meeting) error): the rule lives here, the retry after a
// conflict in the store.
//
// The package keeps names, positions, answers and attendance. It has no field for party files, health, beliefs or reading
// behaviour, and refuses material that is marked secret (see Label).
package briefings
