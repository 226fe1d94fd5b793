package delivery

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings"
)

// Status is what can be said of a mailing at a moment. Times are zero for what has not happened.
type Status struct {
	Mailing  briefings.Mailing  `json:"mailing"`
	State    State              `json:"state"`
	Why      string             `json:"why,omitempty"` // of an abort, or of a pause that nobody asked for
	By       briefings.MemberID `json:"by,omitempty"`  // who paused or cancelled it in the chat
	Class    briefings.Class    `json:"class"`
	Policy   briefings.Policy   `json:"policy"`
	Total    int                `json:"total"`
	Created  time.Time          `json:"created"`
	Started  time.Time          `json:"started,omitzero"`
	Finished time.Time          `json:"finished,omitzero"`
	Counts   Progress           `json:"counts"`
	Next     time.Time          `json:"next,omitzero"` // when the first of those who wait for another try is due
}

// WhyStrangers is why a mailing was paused without anybody asking for it: so many in a row were unreachable.
const WhyStrangers = "strangers"

// Outcome is what became of one recipient. Reason is a word for failed and skipped recipients, else empty.
type Outcome struct {
	No     briefings.MemberNo `json:"no"`
	State  Mark               `json:"state"`
	Reason string             `json:"reason,omitempty"`
}

// ledgerPart is how many bytes of a ledger or recipients are read in one go.
const ledgerPart = 512 << 10

// Mailing returns the status of one mailing, or an error that wraps briefings.ErrNotFound.
func (o *Outbox) Mailing(ctx context.Context, key briefings.Key) (Status, error) {
	fields, err := o.redis.HGetAll(ctx, o.keys(key).mailing()).Result()
	if err != nil {
		return Status{}, fmt.Errorf("get mailing %s: %w", key, err)
	}
	if fields["mailing"] == "" {
		return Status{}, fmt.Errorf("get mailing %s: %w", key, briefings.ErrNotFound)
	}
	s, err := readStatus(fields)
	if err != nil {
		return Status{}, fmt.Errorf("get mailing %s: %w", key, err)
	}
	for from := 0; from < s.Total; from += ledgerPart {
		part, err := o.redis.GetRange(ctx, o.keys(key).ledger(), int64(from), int64(from+ledgerPart-1)).Bytes()
		if err != nil {
			return Status{}, fmt.Errorf("get ledger of %s: %w", key, err)
		}
		s.Counts.count(part)
	}
	if s.Counts.Retry > 0 {
		first, err := o.redis.ZRangeWithScores(ctx, o.keys(key).retries(), 0, 0).Result()
		if err != nil {
			return Status{}, fmt.Errorf("get retries of %s: %w", key, err)
		}
		if len(first) > 0 {
			s.Next = time.UnixMilli(int64(first[0].Score))
		}
	}
	return s, nil
}

func readStatus(fields map[string]string) (Status, error) {
	s := Status{State: State(fields["state"]), Why: fields["why"]}
	if who, ok := strings.CutPrefix(s.Why, byMark); ok {
		s.By, s.Why = briefings.MemberID(who), ""
	}
	if err := json.Unmarshal([]byte(fields["mailing"]), &s.Mailing); err != nil {
		return s, fmt.Errorf("read mailing: %w", err)
	}
	s.Class, s.Policy = s.Mailing.Class(), s.Mailing.Kind.Policy()
	s.Total, _ = strconv.Atoi(fields["total"])
	s.Created, s.Started, s.Finished = readMilli(fields["created"]), readMilli(fields["started"]), readMilli(fields["finished"])
	return s, nil
}

func readMilli(text string) time.Time {
	ms, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}

// namesAtOnce is how many names of the index are read in one go.
const namesAtOnce = 500

// Mailings returns the n newest mailings that tell anybody something, newest first.
func (o *Outbox) Mailings(ctx context.Context, n int) ([]Status, error) {
	var names []string
	for from := int64(0); len(names) < n; from += namesAtOnce {
		part, err := o.redis.ZRevRange(ctx, o.index(), from, from+namesAtOnce-1).Result()
		if err != nil {
			return nil, fmt.Errorf("list mailings: %w", err)
		}
		for _, name := range part {
			if !briefings.Key(name).Kind().Silent() && len(names) < n {
				names = append(names, name)
			}
		}
		if len(part) < namesAtOnce {
			break
		}
	}
	return o.statuses(ctx, names, func(Status) bool { return true })
}

// Live returns the mailings that are not done, cancelled or aborted, oldest first.
func (o *Outbox) Live(ctx context.Context) ([]Status, error) {
	names, err := o.redis.ZRange(ctx, o.live(), 0, -1).Result()
	if err != nil {
		return nil, fmt.Errorf("list live mailings: %w", err)
	}
	return o.statuses(ctx, names, func(s Status) bool { return !s.State.Final() })
}

func (o *Outbox) statuses(ctx context.Context, names []string, wanted func(Status) bool) ([]Status, error) {
	var list []Status
	for _, name := range names {
		s, err := o.Mailing(ctx, briefings.Key(name))
		if isNotFound(err) {
			continue // the list is a hint; its keys may have gone
		}
		if err != nil {
			return nil, err
		}
		if wanted(s) {
			list = append(list, s)
		}
	}
	return list, nil
}

// Outcomes yields every recipient with what became of it, in the order of the audience. After an error nothing follows.
func (o *Outbox) Outcomes(ctx context.Context, key briefings.Key) iter.Seq2[Outcome, error] {
	return func(yield func(Outcome, error) bool) {
		words, err := o.words(ctx, key)
		if err != nil {
			yield(Outcome{}, err)
			return
		}
		err = o.blocks(ctx, key, func(numbers, ledger, _ []byte) bool {
			for i, b := range ledger {
				f := fact(b)
				out := Outcome{No: numberAt(numbers, i), State: f.mark()}
				if f.mark().Final() {
					out.Reason = words[f.detail()]
				}
				if !yield(out, nil) {
					return false
				}
			}
			return true
		})
		if err != nil {
			yield(Outcome{}, err)
		}
	}
}

// Receipts returns the message ids of those who were told, for kinds that keep them; for others it is empty.
func (o *Outbox) Receipts(ctx context.Context, key briefings.Key) (map[briefings.MemberNo]briefings.Receipt, error) {
	receipts := map[briefings.MemberNo]briefings.Receipt{}
	err := o.blocks(ctx, key, func(numbers, _, ids []byte) bool {
		for i := range len(ids) / numberSize {
			if id := int32(binary.LittleEndian.Uint32(ids[i*numberSize:])); id != 0 {
				receipts[numberAt(numbers, i)] = briefings.Receipt{Message: id}
			}
		}
		return true
	})
	return receipts, err
}

// Renew keeps another message for somebody who was told: the one that was sent in place of the one that is there no more. A mailing that
// they are not in stays as it is.
func (o *Outbox) Renew(ctx context.Context, key briefings.Key, no briefings.MemberNo, with briefings.Receipt) error {
	at, seen := -1, 0
	err := o.blocks(ctx, key, func(numbers, _, _ []byte) bool {
		for i := range len(numbers) / numberSize {
			if numberAt(numbers, i) == no {
				at = seen + i
			}
		}
		seen += len(numbers) / numberSize
		return at < 0
	})
	if err != nil || at < 0 {
		return err
	}
	id := binary.LittleEndian.AppendUint32(nil, uint32(with.Message))
	err = o.redis.SetRange(ctx, o.keys(key).receipts(at/blockSize), int64(at%blockSize*numberSize), string(id)).Err()
	return wrap(err, "renew receipt in "+string(key))
}

func numberAt(numbers []byte, i int) briefings.MemberNo {
	if (i+1)*numberSize > len(numbers) {
		return 0
	}
	return briefings.MemberNo(binary.LittleEndian.Uint32(numbers[i*numberSize:]))
}

// blocks reads a mailing block by block until visit returns false: member numbers, ledger bytes and message ids side by side.
func (o *Outbox) blocks(ctx context.Context, key briefings.Key, visit func(numbers, ledger, ids []byte) bool) error {
	k := o.keys(key)
	total, err := o.redis.HGet(ctx, k.mailing(), "total").Int()
	if errors.Is(err, redis.Nil) {
		if n, err := o.redis.Exists(ctx, k.mailing()).Result(); err != nil || n > 0 {
			return wrap(err, "read mailing "+string(key)) // in building: nobody yet
		}
		return fmt.Errorf("read mailing %s: %w", key, briefings.ErrNotFound)
	}
	if err != nil {
		return fmt.Errorf("read mailing %s: %w", key, err)
	}
	for n := 0; n*blockSize < total; n++ {
		first := int64(n * blockSize)
		var numbers, ledger, ids *redis.StringCmd
		_, err := o.redis.Pipelined(ctx, func(p redis.Pipeliner) error {
			numbers = p.GetRange(ctx, k.block(n), 0, -1)
			ledger = p.GetRange(ctx, k.ledger(), first, first+blockSize-1)
			ids = p.GetRange(ctx, k.receipts(n), 0, -1)
			return nil
		})
		if err != nil {
			return fmt.Errorf("read block %d of %s: %w", n, key, err)
		}
		if !visit([]byte(numbers.Val()), []byte(ledger.Val()), []byte(ids.Val())) {
			return nil
		}
	}
	return nil
}

// words returns the reasons of a mailing by their code.
func (o *Outbox) words(ctx context.Context, key briefings.Key) (map[uint8]string, error) {
	codes, err := o.redis.HGetAll(ctx, o.keys(key).reasons()).Result()
	if err != nil {
		return nil, fmt.Errorf("get reasons of %s: %w", key, err)
	}
	words := map[uint8]string{detailMax: "other"}
	for word, text := range codes {
		if n, err := strconv.Atoi(text); err == nil && n > 0 && n < detailMax {
			words[uint8(n)] = word
		}
	}
	return words, nil
}
