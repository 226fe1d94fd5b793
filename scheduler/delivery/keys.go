package delivery

import (
	"strconv"

	"briefbot/briefings"
)

const (
	// blockSize is how many member numbers one key of the snapshot holds: 2,000 × 4 bytes fit Redis' 8 KiB allocation class.
	blockSize = 2000
	// chunkSize is how many recipients one claim covers. It divides blockSize, so a chunk never straddles two blocks.
	chunkSize = 100
	// numberSize is the width of a member number and of a message id.
	numberSize = 4
)

// keys are the Redis keys of one mailing. They share one hash tag, so every script runs on one node of a cluster.
type keys struct{ root string }

func (o *Outbox) keys(k briefings.Key) keys { return keys{o.prefix + ":{b:" + string(k) + "}:"} }

func (k keys) mailing() string { return k.root + "m" } // hash: the mailing, its state, cursor and fence
func (k keys) ledger() string  { return k.root + "s" } // string: one byte a recipient
func (k keys) leases() string  { return k.root + "l" } // sorted set: claimed member → expiry, ms of Redis time
func (k keys) owners() string  { return k.root + "o" } // hash: claimed member → fence|incarnation|replica
func (k keys) retries() string { return k.root + "q" } // sorted set: recipient → not before, ms of Redis time
func (k keys) reasons() string { return k.root + "r" } // hash: word → code

// block is the n-th part of the snapshot; receipts is the part of the message ids beside it.
func (k keys) block(n int) string    { return k.root + "a:" + strconv.Itoa(n) }
func (k keys) receipts(n int) string { return k.root + "i:" + strconv.Itoa(n) }

// claim are the keys of every script that moves recipients, in the order the scripts expect.
func (k keys) claim() []string {
	return []string{k.mailing(), k.ledger(), k.leases(), k.owners(), k.retries()}
}

// all lists every key of a mailing with so many blocks.
func (k keys) all(blocks int) []string {
	list := append(k.claim(), k.reasons())
	for n := range blocks {
		list = append(list, k.block(n), k.receipts(n))
	}
	return list
}

// live and index, and the notes in wake.go, are an aggregate of their own: which mailings are not done, and all of them by time of creation. They are
// hints that every reader checks against the mailing and that repeatable steps heal.
func (o *Outbox) live() string  { return o.prefix + ":{b}:live" }
func (o *Outbox) index() string { return o.prefix + ":{b}:all" }
