package delivery

import (
	"context"
	"slices"
	"sync"
	"time"

	"briefbot/briefings"
)

// starvation is after how many slots of the higher classes a lower class with work gets one: about five per cent.
const starvation = 20

// classes is how many classes there are.
const classes = int(briefings.ClassBriefing) + 1

// queue is what this replica has claimed and not yet handed out. A slot belongs to no mailing: take decides when its time has
// come.
type queue struct {
	canary int
	stock  chan struct{} // buffered by one: there may be something to take
	refill chan struct{} // buffered by one: something ran low

	mu     sync.Mutex
	works  map[briefings.Key]*work
	passed [classes]int // slots a class with work has watched go by
}

// work is one live mailing as this replica knows it. Its fields are guarded by the queue's lock; mailing, key, total and
// created never change.
type work struct {
	key     briefings.Key
	mailing briefings.Mailing
	class   briefings.Class
	policy  briefings.Policy
	total   int
	created string // tells one life of a mailing from another, should Redis forget it and it be put anew

	state    State
	batches  []*batch
	ready    int       // tasks in all batches
	inFlight int       // tasks handed out and not settled
	proven   bool      // somebody was told, so the text is not what is refused
	strange  int       // unreachable in a row before anybody was told
	claimAt  time.Time // no claim before
	reasons  map[string]uint8
}

// batch is one claim: a chunk, or singles that are tried again.
type batch struct {
	work     *work
	held     []held
	token    string
	chunk    int
	tasks    []task
	open     int // recipients not settled
	inFlight int
	deadline time.Time // by the local monotonic clock: nothing is sent after it
	looked   time.Time // when the recipients were looked up
	leaving  bool      // to be handed back as soon as nothing is in flight
	gone     bool      // lost, handed back or finished

	going context.Context // ends when nothing more may be sent for it: at a pause, a loss, a stop
	end   context.CancelFunc
}

// task is one notice to be sent.
type task struct {
	batch    *batch
	idx      int
	attempts int
	to       briefings.Recipient
}

func (t task) held() held {
	if t.batch.chunk >= 0 {
		return heldChunk(t.batch.chunk, t.batch.token)
	}
	return heldSingle(t.idx, t.batch.token)
}

func newQueue(canary int) *queue {
	return &queue{
		canary: canary, stock: make(chan struct{}, 1), refill: make(chan struct{}, 1),
		works: map[briefings.Key]*work{},
	}
}

// freshness is how old a looked-up recipient may be when its slot comes.
const freshness = 5 * time.Second

// take hands out the task that deserves the slot whose time has come: the highest class with work, but now and then a lower one;
// inside a class the smallest mailing; inside a mailing the oldest claim.
func (q *queue) take(now time.Time) (task, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	var best [classes]*work
	for _, w := range q.works {
		if b := best[w.class]; q.nextLocked(w, now) != nil && (b == nil || w.before(b)) {
			best[w.class] = w
		}
	}
	chosen := -1
	for class, w := range best {
		switch {
		case w == nil:
			q.passed[class] = 0
		case chosen < 0:
			chosen = class
		default:
			q.passed[class]++
		}
	}
	if chosen < 0 {
		return task{}, false
	}
	for class := chosen + 1; class < classes; class++ {
		if q.passed[class] >= starvation {
			chosen = class
			break
		}
	}
	q.passed[chosen] = 0
	w := best[chosen]
	b := q.nextLocked(w, now)
	t := b.tasks[0]
	b.tasks = b.tasks[1:]
	w.ready--
	b.inFlight++
	w.inFlight++
	if w.ready < chunkSize {
		signal(q.refill)
	}
	return t, true
}

// before orders the mailings of one class: small ones finish before large ones.
func (w *work) before(other *work) bool {
	if w.total != other.total {
		return w.total < other.total
	}
	return w.key < other.key
}

// nextLocked returns the batch whose first task may be sent now, or nil.
func (q *queue) nextLocked(w *work, now time.Time) *batch {
	if w.state != Running || w.ready == 0 || !w.proven && w.inFlight >= q.canary {
		return nil
	}
	for _, b := range w.batches {
		if len(b.tasks) > 0 && !b.leaving && now.Before(b.deadline) {
			if now.Sub(b.looked) < freshness {
				return b
			}
			signal(q.refill) // the recipients must be looked up again
		}
	}
	return nil
}

// foremost returns the highest class with something to send, and how much of it there is.
func (q *queue) foremost(now time.Time) (class briefings.Class, ready int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	class = briefings.Class(classes)
	for _, w := range q.works {
		if w.class > class || q.nextLocked(w, now) == nil {
			continue
		}
		if w.class < class {
			class, ready = w.class, 0
		}
		n := w.ready
		if !w.proven {
			n = min(n, q.canary-w.inFlight)
		}
		ready += n
	}
	if ready == 0 {
		return briefings.ClassBriefing, 0
	}
	return class, ready
}

// stocked reports whether take would find something.
func (q *queue) stocked(now time.Time) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, w := range q.works {
		if q.nextLocked(w, now) != nil {
			return true
		}
	}
	return false
}

// add puts a claim in the queue.
func (q *queue) add(b *batch) {
	q.mu.Lock()
	defer q.mu.Unlock()
	b.work.batches = append(b.work.batches, b)
	b.work.ready += len(b.tasks)
	signal(q.stock)
}

// wanting returns the mailings to claim from now: in every class, the smallest ones first, until so many tasks are at hand.
func (q *queue) wanting(now time.Time, depth int) []*work {
	q.mu.Lock()
	defer q.mu.Unlock()
	list := make([]*work, 0, len(q.works))
	for _, w := range q.works {
		list = append(list, w)
	}
	slices.SortFunc(list, func(a, b *work) int {
		switch {
		case a.class != b.class:
			return int(a.class) - int(b.class)
		case a.before(b):
			return -1
		}
		return 1
	})
	var wanting []*work
	var ready [classes]int
	for _, w := range list {
		ready[w.class] += w.ready
		if w.claimableLocked() && ready[w.class] < depth && !now.Before(w.claimAt) {
			wanting = append(wanting, w)
			ready[w.class] += min(chunkSize, w.total)
		}
	}
	return wanting
}

// claimableLocked: an expired mailing is claimed from even in a pause, to settle its recipients.
func (w *work) claimableLocked() bool {
	return w.state == Ready || w.state == Running || w.state == Paused && !w.mailing.Expires.IsZero()
}

// dropLocked forgets a batch that is settled, lost or handed back.
func (q *queue) dropLocked(b *batch) {
	if b.gone {
		return
	}
	b.gone = true
	b.end()
	b.work.ready -= len(b.tasks)
	b.tasks = nil
	b.work.batches = slices.DeleteFunc(b.work.batches, func(other *batch) bool { return other == b })
}

// leaveLocked stops handing out a batch's tasks, and has those given up that are handed out and not on the wire; it is handed back when
// nothing is in flight.
func (q *queue) leaveLocked(b *batch) {
	b.leaving = true
	b.end()
	b.work.ready -= len(b.tasks)
	b.tasks = nil
}

// signal wakes whoever listens, and is not lost when nobody does yet.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
