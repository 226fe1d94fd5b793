package delivery

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings"
	"briefbot/briefings/failpoint"
)

// DefaultKeep is how long a finished mailing is kept.
const DefaultKeep = 90 * 24 * time.Hour

// silentKeep is how long a finished mailing is kept that told nobody anything: for as long as it might be put again, and a day more.
const silentKeep = 48 * time.Hour

// putBatch is how many blocks of a snapshot travel in one pipeline: about half a megabyte.
const putBatch = 64

// Outbox keeps the mailings that are to be sent, are being sent and were sent, each with its ledger of recipients. Any number of
// processes may use the same Redis under the same prefix.
type Outbox struct {
	// Keep is how long the keys of a finished mailing live. Set it before the first use.
	Keep time.Duration

	redis  redis.UniversalClient
	prefix string
	name   string        // of this process, for the notes on changes
	wake   chan struct{} // buffered by one: something changed, for the engine beside it
}

// NewOutbox returns the outbox under the prefix. It does no I/O.
func NewOutbox(client redis.UniversalClient, prefix string) *Outbox {
	return &Outbox{Keep: DefaultKeep, redis: client, prefix: prefix, name: rand.Text(), wake: make(chan struct{}, 1)}
}

// Put stores the mailing and its audience, and reports whether it was not there before. The audience is read as a stream and only
// when the mailing is new; a number that comes twice counts once. Nobody is written to before the whole audience is stored: a put
// that is interrupted leaves nothing but a mailing in building, and the next put of the same key builds it anew. A mailing to
// nobody is done at once. When another process builds the same key at the same moment the error wraps briefings.ErrConflict.
func (o *Outbox) Put(ctx context.Context, m briefings.Mailing, audience iter.Seq[briefings.MemberNo]) (added bool, err error) {
	if err := m.Check(); err != nil {
		return false, err
	}
	key := m.Key()
	build, state, err := o.begin(ctx, m)
	if err != nil {
		return false, fmt.Errorf("put mailing %s: %w", key, err)
	}
	if state.Final() {
		return false, nil
	}
	failpoint.Hit("put-begun")
	if err := o.enlist(ctx, key); err != nil {
		return false, fmt.Errorf("put mailing %s: %w", key, err)
	}
	if build == 0 {
		return false, nil
	}
	total, err := o.snapshot(ctx, m, build, audience)
	if err != nil {
		return false, fmt.Errorf("put mailing %s: %w", key, err)
	}
	failpoint.Hit("put-ready")
	if total == 0 {
		return true, o.retire(ctx, key)
	}
	o.changed(ctx)
	return true, nil
}

// begin returns the number of the build that this caller may write, or 0 and the state of what is there already.
func (o *Outbox) begin(ctx context.Context, m briefings.Mailing) (build int, state State, err error) {
	text, err := json.Marshal(m)
	if err != nil {
		return 0, "", err
	}
	reply, err := beginScript.Run(ctx, o.redis, []string{o.keys(m.Key()).mailing()}, text).Slice()
	if err != nil {
		return 0, "", err
	}
	word, _ := reply[0].(string)
	n, _ := reply[1].(int64)
	return int(n), State(word), nil
}

// enlist puts the key on the lists. It may be repeated at any time.
func (o *Outbox) enlist(ctx context.Context, key briefings.Key) error {
	created, err := o.redis.HGet(ctx, o.keys(key).mailing(), "created").Float64()
	if err != nil {
		return err
	}
	member := redis.Z{Score: created, Member: string(key)}
	_, err = o.redis.Pipelined(ctx, func(p redis.Pipeliner) error {
		p.ZAddNX(ctx, o.index(), member)
		p.ZAddNX(ctx, o.live(), member)
		return nil
	})
	return err
}

var errOvertaken = fmt.Errorf("another process builds it: %w", briefings.ErrConflict)

// snapshot writes the audience in blocks and makes the mailing ready.
func (o *Outbox) snapshot(ctx context.Context, m briefings.Mailing, build int, audience iter.Seq[briefings.MemberNo]) (total int, err error) {
	k := o.keys(m.Key())
	w := blockWriter{outbox: o, keys: k, build: build, receipts: m.Kind.KeepsReceipts()}
	for no := range audience {
		if err := w.add(ctx, no); err != nil {
			return 0, err
		}
	}
	if err := w.close(ctx); err != nil {
		return 0, err
	}
	failpoint.Hit("put-written")
	chunks := (w.total + chunkSize - 1) / chunkSize
	ready, err := readyScript.Run(ctx, o.redis, []string{k.mailing(), k.ledger()}, build, w.total, chunks).Int()
	if err != nil {
		return 0, err
	}
	if ready == 0 {
		return 0, errOvertaken
	}
	return w.total, nil
}

// blockWriter packs member numbers into blocks and sends them in pipelines.
type blockWriter struct {
	outbox   *Outbox
	keys     keys
	build    int
	receipts bool // room for message ids is taken too
	total    int
	seen     []uint64 // bit set of member numbers
	block    []byte
	blocks   [][]byte
	written  int // blocks already in Redis
}

func (w *blockWriter) add(ctx context.Context, no briefings.MemberNo) error {
	word, bit := int(no/64), uint64(1)<<(no%64)
	for word >= len(w.seen) {
		w.seen = append(w.seen, make([]uint64, max(len(w.seen), word+1-len(w.seen)))...)
	}
	if w.seen[word]&bit != 0 {
		return nil
	}
	w.seen[word] |= bit
	if w.block == nil {
		w.block = make([]byte, 0, blockSize*numberSize)
	}
	w.block = binary.LittleEndian.AppendUint32(w.block, uint32(no))
	w.total++
	if len(w.block) < blockSize*numberSize {
		return nil
	}
	w.blocks, w.block = append(w.blocks, w.block), nil
	if len(w.blocks) < putBatch {
		return nil
	}
	return w.flush(ctx)
}

func (w *blockWriter) close(ctx context.Context) error {
	if len(w.block) > 0 {
		w.blocks, w.block = append(w.blocks, w.block), nil
	}
	return w.flush(ctx)
}

func (w *blockWriter) flush(ctx context.Context) error {
	if len(w.blocks) == 0 {
		return nil
	}
	replies, err := w.outbox.redis.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, block := range w.blocks {
			n := w.written + i
			// The script's text goes along: inside a pipeline nothing falls back when the server does not know its hash.
			keys := []string{w.keys.mailing(), w.keys.block(n)}
			if w.receipts {
				keys = append(keys, w.keys.receipts(n))
			}
			blockScript.Eval(ctx, p, keys, w.build, n, block)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, r := range replies {
		if n, err := r.(*redis.Cmd).Int(); err != nil || n == 0 {
			return errors.Join(errOvertaken, err)
		}
	}
	w.written += len(w.blocks)
	w.blocks = w.blocks[:0]
	return nil
}

// retire takes a finished mailing off the live list and gives its keys a time to go. It may be repeated at any time; a mailing
// that was opened again in between goes back on the list.
func (o *Outbox) retire(ctx context.Context, key briefings.Key) error {
	if err := o.redis.ZRem(ctx, o.live(), string(key)).Err(); err != nil {
		return fmt.Errorf("retire mailing %s: %w", key, err)
	}
	at, err := o.redis.HMGet(ctx, o.keys(key).mailing(), "state", "blocks").Result()
	if err != nil {
		return fmt.Errorf("retire mailing %s: %w", key, err)
	}
	state, _ := at[0].(string)
	if state == "" {
		return nil
	}
	if !State(state).Final() {
		return o.enlist(ctx, key)
	}
	return o.expire(ctx, key, at[1])
}

// expire starts the time that the mailing's keys are kept anew.
func (o *Outbox) expire(ctx context.Context, key briefings.Key, blocks any) error {
	text, _ := blocks.(string)
	n, _ := strconv.Atoi(text)
	keep := o.Keep
	if key.Kind().Silent() {
		keep = min(keep, silentKeep)
	}
	_, err := o.redis.Pipelined(ctx, func(p redis.Pipeliner) error {
		for _, name := range o.keys(key).all(n) {
			p.PExpire(ctx, name, keep)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("expire mailing %s: %w", key, err)
	}
	return nil
}
