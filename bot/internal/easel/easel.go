package easel

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings"
)

const (
	// hands is how many cards are drawn at once, busyHands while updates pour in: those who tap wait for their answer before anybody's
	// card is drawn.
	hands, busyHands = 16, 1
	// busyFrom is from how many updates at once on they count as pouring in.
	busyFrom = 8
	// busyWait is how long the oldest card waits for updates to ebb before drawing begins in spite of them.
	busyWait = time.Second
	// glance is how often it is looked whether they ebbed.
	glance = 5 * time.Millisecond
	// tries is how often a card is tried in one go.
	tries = 6
	// kept is how many chats wait in memory at most. Those beyond it wait in Redis alone.
	kept = 50_000
)

// Card is what a message shows: a seat of a meeting, to somebody.
type Card struct {
	Chat    int64
	Message int
	Meeting briefings.MeetingID
	Seat    briefings.MemberID // whose seat
	Viewer  briefings.MemberID // who looks at it
}

// Config is what an Easel needs. All fields are required unless they say otherwise.
type Config struct {
	Redis  redis.UniversalClient
	Prefix string // first part of every key
	// Slot waits until one drawing may be sent. It is told how many wait and how many may be sent at once.
	Slot func(ctx context.Context, ready, hands int) error
	// Draw shows a card as it stands now. An error that is worth another try says so by Again.
	Draw func(ctx context.Context, c Card) error
	// Busy is how many updates are being handled; nil: none.
	Busy func() int
	Log  *slog.Logger     // nil: silent
	Now  func() time.Time // the clock of the wall, not one that is moved; nil: time.Now
}

// Again wraps why a card could not be drawn now and can be later.
type Again struct {
	Cause error
	Wait  time.Duration // that was asked for; 0: none
}

func (a Again) Error() string { return "draw the card later: " + a.Cause.Error() }

// Unwrap returns the cause.
func (a Again) Unwrap() error { return a.Cause }

// Easel is the queue of cards to draw. It may be used by any number of goroutines.
type Easel struct {
	config Config
	marks  marks
	// pause is how long a card waits before it is tried again, at first; grace how long is drawn on after the end was asked for. What is
	// left then stands in Redis.
	pause, grace time.Duration

	mu      sync.Mutex
	sheets  map[int64]*sheet // by chat
	order   []*sheet         // those that wait, the oldest first
	working int
	more    chan struct{} // something was put in the queue
	freed   chan struct{} // a hand came free
}

// sheet is what one chat is owed.
type sheet struct {
	chat  int64
	due   []owed
	since time.Time
	tries int
	busy  chan struct{} // closed when the drawing that is under way ends; nil: there is none
	waits bool          // it is in the order
}

// owed is a card with its mark in Redis; 0: it could not be marked.
type owed struct {
	Card
	mark int64
}

// New builds an Easel. It does no I/O.
func New(c Config) *Easel {
	if c.Busy == nil {
		c.Busy = func() int { return 0 }
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Easel{
		config: c, pause: 500 * time.Millisecond, grace: 3 * time.Second, marks: marks{redis: c.Redis, key: c.Prefix + ":owed"}, sheets: map[int64]*sheet{},
		more: make(chan struct{}, 1), freed: make(chan struct{}, 1),
	}
}

// Owe has a card drawn soon. It returns when that is known to Redis, or cannot be: then this process alone knows it.
func (e *Easel) Owe(ctx context.Context, c Card) {
	o := owed{Card: c, mark: e.config.Now().UnixMicro()}
	if err := e.marks.put(ctx, o); err != nil {
		e.config.Log.WarnContext(ctx, "card to draw not noted", "err", err)
		o.mark = 0
	}
	e.add(o)
}

// add puts a card in the queue. One that the message is owed already keeps its place.
func (e *Easel) add(o owed) {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := e.sheets[o.Chat]
	if s == nil {
		if len(e.sheets) >= kept && o.mark != 0 {
			return
		}
		s = &sheet{chat: o.Chat}
		e.sheets[o.Chat] = s
	}
	if s.since.IsZero() {
		s.since = e.config.Now()
	}
	s.put(o)
	s.tries = 0
	e.queueLocked(s)
}

// put keeps the newest of what a message is owed.
func (s *sheet) put(o owed) {
	for i := range s.due {
		if s.due[i].Message == o.Message {
			s.due[i] = o
			return
		}
	}
	s.due = append(s.due, o)
}

// queueLocked has a chat wait for its turn, unless it does or is being drawn.
func (e *Easel) queueLocked(s *sheet) {
	if s.waits || s.busy != nil || len(s.due) == 0 {
		return
	}
	s.waits = true
	e.order = append(e.order, s)
	tell(e.more)
}

// Take returns what a chat is owed, which is the caller's to draw then, before it sends something itself. It waits for a drawing that is
// under way.
func (e *Easel) Take(ctx context.Context, chat int64) ([]Card, error) {
	for {
		e.mu.Lock()
		s := e.sheets[chat]
		if s == nil {
			e.mu.Unlock()
			return nil, nil
		}
		if under := s.busy; under != nil {
			e.mu.Unlock()
			select {
			case <-under:
				continue
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
		cards := make([]Card, len(s.due))
		for i, o := range s.due {
			cards[i] = o.Card
		}
		s.due = nil // it leaves the order when its turn comes
		delete(e.sheets, chat)
		e.mu.Unlock()
		return cards, nil
	}
}

// Withdraw forgets, for all replicas, what a message is owed by now: it was drawn, or shows something else.
func (e *Easel) Withdraw(ctx context.Context, chat int64, message int) {
	if err := e.marks.drop(ctx, owed{Card: Card{Chat: chat, Message: message}, mark: e.config.Now().UnixMicro()}); err != nil {
		e.config.Log.DebugContext(ctx, "drawn card not forgotten", "err", err)
	}
}

// Waiting is how many chats wait for a card.
func (e *Easel) Waiting() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.sheets)
}

// Adopt takes over what processes that ended owe, or replicas that are late, and returns how much it was.
func (e *Easel) Adopt(ctx context.Context) (int, error) {
	left, err := e.marks.left(ctx, e.config.Now())
	n := 0
	for _, o := range left {
		e.mu.Lock()
		_, known := e.sheets[o.Chat]
		room := len(e.sheets) < kept
		e.mu.Unlock()
		if known || !room {
			continue
		}
		e.add(o)
		n++
	}
	return n, err
}

func tell(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// isAgain reports an error that another try may mend.
func isAgain(err error) bool {
	var again Again
	return errors.As(err, &again)
}
