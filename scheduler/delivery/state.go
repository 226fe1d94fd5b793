package delivery

import "slices"

// State is where a mailing is.
type State string

const (
	Building  State = "building"  // its snapshot is being written; never sent from
	Ready     State = "ready"     // complete, nobody has claimed from it yet
	Running   State = "running"   // being sent
	Paused    State = "paused"    // stopped by a person, goes on when a person says so
	Done      State = "done"      // every recipient has a final mark
	Cancelled State = "cancelled" // stopped for good by a person
	Aborted   State = "aborted"   // stopped for good by the engine: the text itself was refused
)

// Final reports whether the engine has nothing more to do with the mailing.
func (s State) Final() bool { return s == Done || s == Cancelled || s == Aborted }

// moves is the state machine: from where each state may be entered by control. Entering the state one is in changes nothing.
var moves = map[State][]State{
	Paused:    {Ready, Running},
	Running:   {Paused},
	Cancelled: {Building, Ready, Running, Paused},
	Aborted:   {Ready, Running, Paused},
}

func mayMove(from, to State) bool { return from == to || slices.Contains(moves[to], from) }

// Mark is what is known of one recipient. The order of the constants is their rank: where two processes report different marks
// for the same recipient, the higher one stays.
type Mark uint8

const (
	Pending Mark = iota // nobody has tried
	Intent              // a request is about to be written (only kinds that must never be told twice)
	Retry               // tried, will be tried again
	Unknown             // a request was written and nobody knows whether it arrived
	Expired             // its time was over before it could be sent
	Skipped             // not to be told: left, paused, or the subject is withdrawn
	Failed              // will not be tried again without a person
	Sent                // told; absorbs everything else
)

var markNames = [...]string{"pending", "intent", "retry", "unknown", "expired", "skipped", "failed", "sent"}

func (m Mark) String() string {
	if int(m) < len(markNames) {
		return markNames[m]
	}
	return "mark?"
}

// Final reports whether the recipient is settled as far as the engine is concerned.
func (m Mark) Final() bool { return m >= Unknown }

// fact is a recipient's byte in the ledger: the mark in the high three bits, in the low five the attempts made (pending, intent,
// retry) or the code of the reason (the final marks). With the rank on top, merging two facts is taking the larger byte.
type fact byte

const (
	detailBits = 5
	detailMax  = 1<<detailBits - 1
)

func newFact(m Mark, detail uint8) fact { return fact(m)<<detailBits | fact(min(detail, detailMax)) }

func (f fact) mark() Mark { return Mark(f >> detailBits) }

// detail returns the attempts made or the code of the reason, by mark.
func (f fact) detail() uint8 { return uint8(f & detailMax) }

func (f fact) attempts() int {
	if f.mark().Final() {
		return 0
	}
	return int(f.detail())
}

// merge is commutative, associative and idempotent, and nothing beats Sent.
func merge(a, b fact) fact { return max(a, b) }

// Progress counts the recipients of a mailing by mark. It is counted from the ledger each time, so it cannot drift. Pending
// includes those with a request about to be written.
type Progress struct {
	Pending int `json:"pending"`
	Sent    int `json:"sent"`
	Failed  int `json:"failed"`
	Skipped int `json:"skipped"`
	Unknown int `json:"unknown"`
	Retry   int `json:"retry"`
	Expired int `json:"expired"`
}

func (p *Progress) count(ledger []byte) {
	var by [256]int
	for _, b := range ledger {
		by[b]++
	}
	for b, n := range by {
		switch fact(b).mark() {
		case Pending, Intent:
			p.Pending += n
		case Retry:
			p.Retry += n
		case Unknown:
			p.Unknown += n
		case Expired:
			p.Expired += n
		case Skipped:
			p.Skipped += n
		case Failed:
			p.Failed += n
		case Sent:
			p.Sent += n
		}
	}
}
