package telegram

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"briefbot/briefings/failpoint"
)

// Handler handles one update. It is called again with the same update after a
// crash, so it must be idempotent. An error means that the outside failed and
// the update must come again; what is wrong with the update itself is said to
// its sender, not returned.
type Handler func(ctx context.Context, u Update) error

// DeadLetter receives an update that will not be handled, and why. An error
// keeps the update from being confirmed.
type DeadLetter func(ctx context.Context, u Update, why error) error

// markLimit bounds the remembering of a handled update.
const markLimit = 5 * time.Second

// DispatcherConfig is what a Dispatcher needs.
type DispatcherConfig struct {
	// Handle handles one update. Required.
	Handle Handler
	// Seen remembers which updates are in hand and which were handled. Required.
	Seen Seen
	// Hold is how long an update stays in the hand of a process that says no more. Default 5 s.
	Hold time.Duration
	// DeadLetter receives updates that cannot be decoded, or whose handler
	// failed Attempts times; nil: they are only logged, without content.
	DeadLetter DeadLetter
	// Unkept, when set, is told once of an update that cannot be handled now because what remembers does not answer, so that its
	// sender need not wait in silence. The update comes again.
	Unkept func(ctx context.Context, u Update)
	// Workers is how many updates are handled side by side. Default 128: most of an update's time is spent waiting for the Bot API's
	// answer, so that fewer places would bound how fast a hall is answered.
	Workers int
	// Attempts is how often an update may fail in this process before it is
	// put aside. Default 8, which with the poller's back-off is two minutes.
	// While Redis is away nothing is put aside, because that could not be
	// remembered.
	Attempts int
	// Log receives decisions; nil: nothing.
	Log *slog.Logger
}

// Dispatcher handles the updates of different people side by side and those
// of one person in the order they came. It is safe for concurrent use, as by
// several webhook deliveries.
type Dispatcher struct {
	config DispatcherConfig
	slots  chan struct{}

	mu       sync.Mutex
	waiting  map[int64][]task // by person; a present key has a goroutine
	failures map[int]int      // by update
	excused  map[int]bool     // by update: Unkept was told, or it was handled
	inHand   map[int]*hand    // by update: what this process has asked for and is not done with
}

// task is one update of one batch.
type task struct {
	update Update
	batch  *batch
	claim  Claim
}

// batch is one call of Handle.
type batch struct {
	ctx  context.Context
	done sync.WaitGroup

	mu     sync.Mutex
	until  time.Time // when what is in hand would be free for others
	errs   []error
	halted map[int64]bool // people whose update failed: the later ones wait for it
	left   []int          // updates that were not handled
}

// NewDispatcher builds a Dispatcher.
func NewDispatcher(c DispatcherConfig) *Dispatcher {
	if c.Workers <= 0 {
		c.Workers = 128
	}
	if c.Attempts <= 0 {
		c.Attempts = 8
	}
	if c.Hold <= 0 {
		c.Hold = 5 * time.Second
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.DeadLetter == nil {
		c.DeadLetter = func(context.Context, Update, error) error { return nil }
	}
	return &Dispatcher{
		config:   c,
		slots:    make(chan struct{}, c.Workers),
		waiting:  map[int64][]task{},
		failures: map[int]int{},
		excused:  map[int]bool{},
		inHand:   map[int]*hand{},
	}
}

// Handle returns when every update of the batch was handled, or with an error
// when at least one was not; those that were are remembered, so giving the
// whole batch again does the rest.
func (d *Dispatcher) Handle(ctx context.Context, updates []Update) error {
	if len(updates) == 0 {
		return nil
	}
	ids := make([]int, len(updates))
	for i, u := range updates {
		ids[i] = u.UpdateID
	}
	d.take(ids)
	asked := time.Now()
	claims, err := d.config.Seen.Claim(ctx, ids, d.config.Hold)
	if err != nil {
		d.leave(ctx, ids, nil)
		d.Excuse(ctx, updates...)
		return fmt.Errorf("handle updates: %w", err)
	}
	b := &batch{ctx: ctx, until: d.until(asked), halted: map[int64]bool{}}
	for i, u := range updates {
		if claims[i] != Done {
			b.done.Add(1)
			d.enqueue(task{update: u, batch: b, claim: claims[i]})
		}
	}
	stop := d.keep(b, ids)
	b.done.Wait()
	stop()
	d.leave(ctx, ids, b.left)
	if len(b.errs) > 0 {
		return fmt.Errorf("handle updates: %w", errors.Join(b.errs...))
	}
	return nil
}

// enqueue puts t behind what its person already has waiting.
func (d *Dispatcher) enqueue(t task) {
	person := t.update.Person()
	d.mu.Lock()
	defer d.mu.Unlock()
	queue, running := d.waiting[person]
	if !running {
		d.waiting[person] = nil
		go d.drain(person, t)
		return
	}
	d.waiting[person] = append(queue, t)
}

// drain handles one person's updates until none is left. Each of them is
// waited for by its batch, and the last is reported only when the queue is
// gone, so no drain outlives the last Handle.
func (d *Dispatcher) drain(person int64, t task) {
	for more := true; more; {
		d.slots <- struct{}{}
		d.run(person, t)
		<-d.slots
		done := t.batch
		t, more = d.next(person)
		done.done.Done()
	}
}

// next takes the person's next update, or ends the queue.
func (d *Dispatcher) next(person int64) (task, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	queue := d.waiting[person]
	if len(queue) == 0 {
		delete(d.waiting, person)
		return task{}, false
	}
	d.waiting[person] = queue[1:]
	return queue[0], true
}

// run handles one update and keeps what failed with its batch.
func (d *Dispatcher) run(person int64, t task) {
	b := t.batch
	b.mu.Lock()
	halted := b.halted[person]
	if halted {
		b.left = append(b.left, t.update.UpdateID)
	}
	b.mu.Unlock()
	if halted {
		return
	}
	err := d.once(b.ctx, t)
	if err == nil {
		return
	}
	if !errors.Is(err, ErrTaken) { // whoever has it answers
		d.Excuse(b.ctx, t.update)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.left = append(b.left, t.update.UpdateID)
	b.errs = append(b.errs, fmt.Errorf("update %d: %w", t.update.UpdateID, err))
	b.halted[person] = true
}

// excusedKept bounds how many updates are remembered as excused.
const excusedKept = 10000

// Excuse tells Unkept of updates that cannot be handled now, once of each, and returns when it was told.
func (d *Dispatcher) Excuse(ctx context.Context, updates ...Update) {
	if d.config.Unkept == nil || ctx.Err() != nil {
		return
	}
	var told sync.WaitGroup
	for _, u := range updates {
		d.mu.Lock()
		known := d.excused[u.UpdateID]
		d.needNoExcuseLocked(u.UpdateID)
		d.mu.Unlock()
		if !known && u.Broken == nil {
			told.Go(func() { d.config.Unkept(ctx, u) })
		}
	}
	told.Wait()
}

// once handles, or puts aside, and marks.
func (d *Dispatcher) once(ctx context.Context, t task) error {
	u := t.update
	if err := ctx.Err(); err != nil {
		return err
	}
	if handled, err := d.settled(ctx, t); handled || err != nil {
		return err
	}
	err := u.Broken
	if err == nil {
		if err = d.protected(ctx, u); err != nil && !d.exhausted(ctx, u.UpdateID) {
			return err
		}
	}
	if err != nil {
		d.config.Log.Error("update put aside", "update", u.UpdateID, "kind", u.Kind(), "err", err)
		if err := d.config.DeadLetter(ctx, u, err); err != nil {
			return fmt.Errorf("put aside: %w", err)
		}
	}
	failpoint.Hit("update-handled")
	// What is done is remembered even when the end was asked for meanwhile.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), markLimit)
	defer cancel()
	if err := d.config.Seen.Mark(ctx, u.UpdateID); err != nil {
		return err
	}
	d.mu.Lock()
	delete(d.failures, u.UpdateID)
	d.needNoExcuseLocked(u.UpdateID) // it may come again, unconfirmed, while what remembers is away
	d.inHand[u.UpdateID].handled = true
	d.mu.Unlock()
	return nil
}

func (d *Dispatcher) needNoExcuseLocked(update int) {
	if len(d.excused) >= excusedKept {
		clear(d.excused)
	}
	d.excused[update] = true
}

// waitingKey is under which a handler's context carries the way to ask for what else waits.
type waitingKey struct{}

// Waiting returns the updates of the same person that wait behind the one whose handler was given ctx. After an outage or a crash it
// shows that the person went on meanwhile, so that an answer to the earlier update would come too late.
func Waiting(ctx context.Context) []Update {
	if ask, ok := ctx.Value(waitingKey{}).(func() []Update); ok {
		return ask()
	}
	return nil
}

// behind lists what waits behind the update that is being handled for a person.
func (d *Dispatcher) behind(person int64) []Update {
	d.mu.Lock()
	defer d.mu.Unlock()
	list := make([]Update, len(d.waiting[person]))
	for i, t := range d.waiting[person] {
		list[i] = t.update
	}
	return list
}

// exhausted counts a failure and reports that it was one too many. A handling
// that was cut short by the end of the program is not counted.
func (d *Dispatcher) exhausted(ctx context.Context, update int) bool {
	if ctx.Err() != nil {
		return false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.failures[update]++
	return d.failures[update] >= d.config.Attempts
}

// protected calls the handler. A panic counts as handled: the same update
// would bring it about again.
func (d *Dispatcher) protected(ctx context.Context, u Update) (err error) {
	defer func() {
		caught := recover()
		if caught == nil {
			return
		}
		// The panic's value may quote what a person wrote; what the runtime
		// says of itself does not.
		reason := fmt.Sprintf("%T", caught)
		if own, ok := caught.(runtime.Error); ok {
			reason = own.Error()
		}
		d.config.Log.Error("handler panicked", "update", u.UpdateID, "kind", u.Kind(),
			"reason", reason, "stack", string(debug.Stack()))
		err = nil
	}()
	person := u.Person()
	return d.config.Handle(context.WithValue(ctx, waitingKey{}, func() []Update { return d.behind(person) }), u)
}
