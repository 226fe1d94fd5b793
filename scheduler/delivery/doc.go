// Package delivery brings mailings to their audiences: the Outbox keeps them with a ledger of recipients in Redis, the Engine
// empties it.
//
// What holds: nobody is lost. Nobody is told twice, except for the requests that were on the wire when a process died, of which
// nobody can know whether they arrived; there are never more of them than the engine has workers. Under the policy of never twice
// these few are not sent again but listed as unknown. Progress is counted from the ledger, so it cannot drift.
//
// # States
//
//	mailing
//	             the audience        the first         everybody
//	             is stored           claim             is settled
//	  building ─────────────▶ ready ────────▶ running ────────────▶ done ──resend──▶ running
//	     │                      │  pause ╲     │  ▲
//	     │                      │         ▼    ▼  │ resume
//	     │                      │          paused
//	     └──────────────────────┴─── cancel ───┴──────▶ cancelled
//	                                 the text is refused ▶ aborted
//
//	recipient
//	  pending ──▶ intent ──▶ sent │ retry │ unknown │ failed(reason) │ skipped(reason) │ expired
//	                 ▲                │
//	                 └────────────────┘
//
// Intent is written only under never twice, just before a request. A claimer that finds an intent whose owner is gone makes it
// unknown. The marks from unknown on are final; where two processes disagree the higher of these stays:
//
//	unknown < expired < skipped < failed < sent
//
// # Claims are fenced, facts are not
//
// Engines claim chunks of 100 recipients under a lease that they renew: first what an earlier life of the same replica held, then
// leases that ran out, then retries that are due, then the next chunk. What an owner may decide (announce, try again, give a
// chunk up) carries the token of its claim and is refused when somebody else has it. What has happened (sent, failed) is true
// whoever reports it however late, and is merged into the ledger by rank. An owner stops sending a fifth of the lease before it
// runs out, by its own monotonic clock.
//
// # After a failover
//
// A server that takes over, or starts again, may have forgotten the last moments: claims, facts, the cursor. Every engine that meets a
// server it did not know claims nothing for half a second, puts its leases back in place with their tokens, raises the cursor to where
// it was, and tells its facts of the last ten seconds once more; the cursor's chunks that nobody puts back are behind leases that run
// out. So a lagging replica costs nothing as long as the engines live. What is lost when an engine dies in the same moment is what was
// in flight and what the replica lagged behind.
//
// A mailing that the new server does not know at all is put anew by the planner, which forgets what it has put. It is another life of
// the mailing, told apart by when it was created: for two minutes after a failover every engine tells such a mailing who was told
// before, by member and not by place, before anybody claims from it.
//
// # Keys
//
// One hash tag a mailing, so that every script runs on one node of a cluster. Times are milliseconds of Redis' clock.
//
//	<prefix>:{b:<key>}:m      hash    mailing (JSON), state, why, total, chunks, cursor, fence, build, blocks, created, started,
//	                                  finished
//	<prefix>:{b:<key>}:a:<n>  string  audience, block n: 2,000 member numbers of 4 bytes, little endian; never changes once ready
//	<prefix>:{b:<key>}:s      string  ledger: one byte a recipient, the mark in the high 3 bits, in the low 5 the attempts made
//	                                  or the code of the reason
//	<prefix>:{b:<key>}:i:<n>  string  message ids of block n, 4 bytes each, for kinds that may be edited or withdrawn
//	<prefix>:{b:<key>}:l      zset    claimed member (c<chunk>, r<recipient>) → when its lease runs out
//	<prefix>:{b:<key>}:o      hash    claimed member → fence|incarnation|replica, its token
//	<prefix>:{b:<key>}:q      zset    recipient to be tried again → not before
//	<prefix>:{b:<key>}:r      hash    reason → code
//	<prefix>:{b}:live         zset    key of every mailing that is not done → created
//	<prefix>:{b}:all          zset    key of every mailing that is kept → created
//	<prefix>:{b}:notes        stream  that something changed, and by which process
//
// The keys of a finished mailing expire after Outbox.Keep. The lists and the notes are hints: each step that touches them may be repeated,
// and Put and Heal repair them.
//
// # Who goes first
//
// The engine waits for a slot and only then chooses: the highest class with work, but every twentieth slot at least goes to each
// lower class; inside a class the smallest mailing. Until somebody was told, only a canary of a few goes out, and a text that is
// refused then aborts the mailing.
//
// # Errors of the Sender
//
// They are judged by behaviour, looked for with errors.As in this order:
//
//	Moot() bool                  the subject is withdrawn            skipped
//	Content() bool               the text itself is refused          abort by the canary, later failed
//	Permanent() bool             never; Why() string says the cause  failed, and Unreachable is told
//	Mistaken() bool              the request itself is wrong         failed, and the member stays reachable
//	RetryAfter() time.Duration   > 0: later                          retry, not an attempt
//	Halted() bool                the channel serves nobody           retry, not an attempt; the engine stops and probes
//	Missed() bool                its slot was over                   put back, not an attempt
//	Unsent() bool                it provably never left              put back, not an attempt
//	Ambiguous() bool             written, and no answer              retry, or unknown under never twice
//	anything else                                                    retry with growing waits, failed after so many attempts
//
// When request after request fails for reasons that are not the recipient's, the engine slows down instead of using up
// everybody's attempts.
package delivery
