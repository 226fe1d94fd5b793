package delivery

import (
	"context"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings"
)

// claimed is the answer to a claim: a chunk, some single recipients, or nothing.
type claimed struct {
	state State
	token string
	chunk int // -1 for single recipients
	open  []claimedOne
	wait  time.Duration // when nothing was claimed: how long until something may be due; negative when nothing is known
}

// claimedOne is a recipient that is not settled yet.
type claimedOne struct {
	idx  int
	fact fact
}

// claim leases the next work of a mailing for this owner (incarnation|replica).
func (o *Outbox) claim(ctx context.Context, key briefings.Key, owner string, lease time.Duration, expired bool, policy briefings.Policy) (claimed, error) {
	reply, err := claimScript.Run(ctx, o.redis, o.keys(key).claim(),
		owner, lease.Milliseconds(), chunkSize, flag(expired), flag(policy == briefings.NeverTwice)).Slice()
	if err != nil {
		return claimed{}, fmt.Errorf("claim from %s: %w", key, err)
	}
	word, _ := reply[0].(string)
	what, _ := reply[1].(string)
	c := claimed{state: State(word), chunk: -1}
	switch what {
	case "c":
		c.token, _ = reply[2].(string)
		n, _ := reply[3].(int64)
		bytes, _ := reply[4].(string)
		c.chunk = int(n)
		for i := range len(bytes) {
			// What waits for another try has a lease or a due time of its own.
			if f := fact(bytes[i]); f.mark() < Retry {
				c.open = append(c.open, claimedOne{idx: c.chunk*chunkSize + i, fact: f})
			}
		}
	case "r":
		c.token, _ = reply[2].(string)
		for i := 3; i+1 < len(reply); i += 2 {
			idx, _ := reply[i].(int64)
			b, _ := reply[i+1].(int64)
			c.open = append(c.open, claimedOne{idx: int(idx), fact: fact(b)})
		}
	default:
		ms, _ := reply[2].(int64)
		c.wait = time.Duration(ms) * time.Millisecond
	}
	return c, nil
}

// held are the leases of a claim.
func (c claimed) held() (list []held) {
	switch {
	case c.token == "":
	case c.chunk >= 0:
		list = []held{heldChunk(c.chunk, c.token)}
	default:
		for _, one := range c.open {
			list = append(list, heldSingle(one.idx, c.token))
		}
	}
	return list
}

func flag(on bool) int {
	if on {
		return 1
	}
	return 0
}

// numbers reads the member numbers of what was claimed. The snapshot never changes, so this needs no script.
func (o *Outbox) numbers(ctx context.Context, key briefings.Key, c claimed) ([]briefings.MemberNo, error) {
	k := o.keys(key)
	numbers := make([]briefings.MemberNo, len(c.open))
	if c.chunk >= 0 {
		first := c.chunk * chunkSize
		from := int64(first % blockSize * numberSize)
		bytes, err := o.redis.GetRange(ctx, k.block(first/blockSize), from, from+chunkSize*numberSize-1).Bytes()
		if err != nil {
			return nil, fmt.Errorf("read audience of %s: %w", key, err)
		}
		for i, one := range c.open {
			numbers[i] = numberAt(bytes, one.idx-first)
		}
		return numbers, nil
	}
	replies, err := o.redis.Pipelined(ctx, func(p redis.Pipeliner) error {
		for _, one := range c.open {
			from := int64(one.idx % blockSize * numberSize)
			p.GetRange(ctx, k.block(one.idx/blockSize), from, from+numberSize-1)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read audience of %s: %w", key, err)
	}
	for i, r := range replies {
		numbers[i] = numberAt([]byte(r.(*redis.StringCmd).Val()), 0)
	}
	return numbers, nil
}

// held names a lease: a member of the leases and the token it was given.
type held struct{ member, token string }

func heldChunk(n int, token string) held    { return held{"c" + strconv.Itoa(n), token} }
func heldSingle(idx int, token string) held { return held{"r" + strconv.Itoa(idx), token} }

func heldArgs(args []any, list []held) []any {
	for _, h := range list {
		args = append(args, h.member, h.token)
	}
	return args
}

// told is one outcome to be recorded.
type told struct {
	idx     int
	no      briefings.MemberNo // who it is; zero when nobody was written to
	fact    fact
	receipt int32
	from    held          // needed for a retry
	delay   time.Duration // of a retry
}

// otherLife is what record returns of a mailing that was put anew since.
const otherLife State = "?"

// record writes outcomes, receipts where keep is true, and gives up the leases in done. Repeating it does no harm.
func (o *Outbox) record(ctx context.Context, key briefings.Key, life string, keep bool, outcomes []told, done []held) (State, error) {
	k := o.keys(key)
	final, again := split(outcomes)
	runs := runsOf(final)
	args := []any{life, len(runs)}
	for _, r := range runs {
		args = append(args, r.first, r.bytes)
	}
	args = append(args, len(again))
	for _, t := range again {
		args = append(args, t.from.member, t.from.token, t.idx, int(t.fact), t.delay.Milliseconds())
	}
	args = heldArgs(append(args, len(done)), done)
	if !keep {
		state, err := recordScript.Run(ctx, o.redis, k.claim(), args...).Text()
		return State(state), wrap(err, "record outcomes of "+string(key))
	}
	var state *redis.Cmd
	_, err := o.redis.Pipelined(ctx, func(p redis.Pipeliner) error {
		// Receipts go first: whoever reads a sent mark finds its receipt.
		for _, r := range runs {
			for first, ids := range r.receipts() {
				p.SetRange(ctx, k.receipts(first/blockSize), int64(first%blockSize*numberSize), string(ids))
			}
		}
		state = recordScript.Eval(ctx, p, k.claim(), args...)
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("record outcomes of %s: %w", key, err)
	}
	word, err := state.Text()
	return State(word), wrap(err, "record outcomes of "+string(key))
}

func split(outcomes []told) (final, again []told) {
	for _, t := range outcomes {
		if t.fact.mark().Final() {
			final = append(final, t)
		} else {
			again = append(again, t)
		}
	}
	return final, again
}

// run is a stretch of one chunk's ledger: one write instead of many.
type run struct {
	first int
	bytes []byte
	ids   []int32
}

// runsOf folds facts into runs, one a chunk; a zero byte in between says nothing.
func runsOf(final []told) []run {
	type span struct{ low, high int }
	spans := map[int]span{}
	var order []int
	for _, t := range final {
		n := t.idx / chunkSize
		s, ok := spans[n]
		if !ok {
			order = append(order, n)
			s = span{t.idx, t.idx}
		}
		spans[n] = span{min(s.low, t.idx), max(s.high, t.idx)}
	}
	at := make(map[int]int, len(order))
	runs := make([]run, len(order))
	for i, n := range order {
		s := spans[n]
		at[n] = i
		runs[i] = run{first: s.low, bytes: make([]byte, s.high-s.low+1), ids: make([]int32, s.high-s.low+1)}
	}
	for _, t := range final {
		r := &runs[at[t.idx/chunkSize]]
		i := t.idx - r.first
		r.bytes[i] = byte(merge(fact(r.bytes[i]), t.fact))
		if t.receipt != 0 {
			r.ids[i] = t.receipt
		}
	}
	return runs
}

// receipts yields the unbroken stretches of message ids with the recipient they begin at.
func (r run) receipts() func(yield func(int, []byte) bool) {
	return func(yield func(int, []byte) bool) {
		for i := 0; i < len(r.ids); {
			if r.ids[i] == 0 {
				i++
				continue
			}
			first, ids := i, []byte(nil)
			for ; i < len(r.ids) && r.ids[i] != 0; i++ {
				ids = binary.LittleEndian.AppendUint32(ids, uint32(r.ids[i]))
			}
			if !yield(r.first+first, ids) {
				return
			}
		}
	}
}

// leave is the answer to an announced request.
type leave int64

const (
	leaveRefused leave = iota // the lease is lost, or the mailing does not run
	leaveGranted
	leaveSettled // the recipient has a final mark already
)

// intend announces requests under never-twice and returns for each whether it may be written.
func (o *Outbox) intend(ctx context.Context, key briefings.Key, list []told) (State, []leave, error) {
	args := make([]any, 0, 4*len(list))
	for _, t := range list {
		args = append(args, t.from.member, t.from.token, t.idx, int(t.fact))
	}
	reply, err := intentScript.Run(ctx, o.redis, o.keys(key).claim(), args...).Slice()
	if err != nil {
		return "", nil, fmt.Errorf("announce requests of %s: %w", key, err)
	}
	word, _ := reply[0].(string)
	answers := make([]leave, len(list))
	for i := range answers {
		n, _ := reply[i+1].(int64)
		answers[i] = leave(n)
	}
	return State(word), answers, nil
}

// beat keeps leases and returns the members that are lost.
func (o *Outbox) beat(ctx context.Context, key briefings.Key, lease time.Duration, list []held) (State, []string, error) {
	reply, err := beatScript.Run(ctx, o.redis, o.keys(key).claim(), heldArgs([]any{lease.Milliseconds()}, list)...).StringSlice()
	if err != nil {
		return "", nil, fmt.Errorf("keep leases of %s: %w", key, err)
	}
	return State(reply[0]), reply[1:], nil
}

// reassert puts leases back in place and returns the members that are lost.
func (o *Outbox) reassert(ctx context.Context, key briefings.Key, created string, lease, others time.Duration, list []held) (State, []string, error) {
	var highest int64
	for _, h := range list {
		highest = max(highest, fenceOf(h.token))
	}
	args := heldArgs([]any{lease.Milliseconds(), others.Milliseconds(), highest, created}, list)
	reply, err := reassertScript.Run(ctx, o.redis, o.keys(key).claim(), args...).StringSlice()
	if err != nil {
		return "", nil, fmt.Errorf("put back leases of %s: %w", key, err)
	}
	return State(reply[0]), reply[1:], nil
}

// life returns the state of a mailing and what tells its lives apart.
func (o *Outbox) life(ctx context.Context, key briefings.Key) (state State, created string, err error) {
	at, err := o.redis.HMGet(ctx, o.keys(key).mailing(), "state", "created").Result()
	if err != nil {
		return "", "", fmt.Errorf("look at %s: %w", key, err)
	}
	word, _ := at[0].(string)
	created, _ = at[1].(string)
	return State(word), created, nil
}

// places returns where in the audience each member stands.
func (o *Outbox) places(ctx context.Context, key briefings.Key) (map[briefings.MemberNo]int, error) {
	places := map[briefings.MemberNo]int{}
	err := o.blocks(ctx, key, func(numbers, _, _ []byte) bool {
		for i := range len(numbers) / numberSize {
			places[numberAt(numbers, i)] = len(places)
		}
		return true
	})
	return places, err
}

// handBack gives leases up with work left.
func (o *Outbox) handBack(ctx context.Context, key briefings.Key, list []held) error {
	err := returnScript.Run(ctx, o.redis, o.keys(key).claim(), heldArgs(nil, list)...).Err()
	return wrap(err, "hand back leases of "+string(key))
}

// disown lets what earlier incarnations of this owner held run out.
func (o *Outbox) disown(ctx context.Context, key briefings.Key, owner string) error {
	incarnation, replica, _ := strings.Cut(owner, "|")
	err := disownScript.Run(ctx, o.redis, o.keys(key).claim(), incarnation, replica).Err()
	return wrap(err, "disown leases of "+string(key))
}

// reason returns the code of a word in a mailing.
func (o *Outbox) reason(ctx context.Context, key briefings.Key, word string) (uint8, error) {
	n, err := reasonScript.Run(ctx, o.redis, []string{o.keys(key).reasons()}, word).Int()
	return uint8(n), wrap(err, "store reason of "+string(key))
}
