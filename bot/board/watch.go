package board

import (
	"context"
	"fmt"
	"sync"
	"time"

	"briefbot/briefings"
)

const (
	// linger is how long a meeting is looked at after its last screen has gone, so that one that asks again and again costs no more than
	// one that stays.
	linger = 20 * time.Second
	// recount is how often a meeting is counted although nothing was written about it: a unit may have got another name.
	recount = time.Minute
	// patience bounds one look at the store.
	patience = 5 * time.Second
)

// watch looks at one meeting for all its screens.
type watch struct {
	board *Board
	id    briefings.MeetingID

	mu      sync.Mutex
	viewers int
	left    time.Time // when the last screen went
	last    *snapshot
	good    time.Time     // when the store last answered
	turned  chan struct{} // closed when there is a new snapshot, and then replaced
}

// snapshot is a meeting as it stood at one moment. It is not changed any more, but for what it has drawn.
type snapshot struct {
	seq     int64
	version int64
	step    int64 // of the codes on the screens
	counted time.Time
	meeting briefings.Meeting
	roll    briefings.Roll

	mu    sync.Mutex
	drawn map[view][]byte
}

// view is what makes one screen's picture differ from another's.
type view struct {
	venue briefings.VenueID
	lang  briefings.Lang
}

// join makes the caller a viewer of a meeting until leave is called. It is false when the board is closed or has no room.
func (b *Board) join(id briefings.MeetingID) (*watch, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ctx.Err() != nil || b.screens >= b.Most {
		return nil, false
	}
	w := b.watches[id]
	if w == nil {
		w = &watch{board: b, id: id, turned: make(chan struct{})}
		b.watches[id] = w
		b.looking.Go(w.run)
	}
	b.screens++
	w.mu.Lock()
	w.viewers++
	w.mu.Unlock()
	return w, true
}

func (w *watch) leave() {
	w.board.mu.Lock()
	w.board.screens--
	w.board.mu.Unlock()
	w.mu.Lock()
	w.viewers--
	w.left = time.Now()
	w.mu.Unlock()
}

// run looks at the meeting until the board closes or nobody has watched for a while.
func (w *watch) run() {
	b := w.board
	ticker := time.NewTicker(b.Every)
	defer ticker.Stop()
	trouble := ""
	for {
		err := w.look()
		switch {
		case b.ctx.Err() != nil:
			return
		case err == nil:
			trouble = ""
		case err.Error() != trouble: // a lasting trouble is one line, not one a second
			trouble = err.Error()
			b.Log.WarnContext(b.ctx, "board not counted", "meeting", string(w.id), "err", err)
		}
		select {
		case <-b.ctx.Done():
			return
		case <-ticker.C:
		}
		if w.alone() {
			return
		}
	}
}

// alone ends the watch when nobody has watched for a while.
func (w *watch) alone() bool {
	w.board.mu.Lock()
	defer w.board.mu.Unlock()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.viewers > 0 || time.Since(w.left) < linger {
		return false
	}
	delete(w.board.watches, w.id)
	return true
}

// look takes a new snapshot when something was written, or a screen's code has turned over.
func (w *watch) look() error {
	b := w.board
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	version, err := b.Source.Changes(ctx, w.id) // before what it is the version of: what is written meanwhile is seen next time
	if err != nil {
		return fmt.Errorf("look for changes: %w", err)
	}
	w.mu.Lock()
	last := w.last
	w.mu.Unlock()
	now := b.Now().In(b.Zone)
	step := now.Unix() / int64(briefings.CodeStep/time.Second)
	next := &snapshot{seq: 1, version: version, step: step, counted: now, drawn: map[view][]byte{}}
	switch {
	case last == nil, last.version != version, now.Sub(last.counted) >= recount:
		if err := w.count(ctx, next); err != nil {
			return err
		}
	case last.step != step && last.shows(now):
		next.counted, next.meeting, next.roll = last.counted, last.meeting, last.roll
	default:
		w.mu.Lock()
		w.good = time.Now()
		w.mu.Unlock()
		return nil
	}
	if last != nil {
		next.seq = last.seq + 1
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last, w.good = next, time.Now()
	close(w.turned)
	w.turned = make(chan struct{})
	return nil
}

// shows reports whether any venue's screen shows a code.
func (s *snapshot) shows(now time.Time) bool {
	for _, v := range s.meeting.Venues {
		if _, open := s.meeting.Screen(v.ID, now); open {
			return true
		}
	}
	return false
}

func (w *watch) count(ctx context.Context, s *snapshot) error {
	b := w.board
	var err error
	if s.meeting, err = b.Source.Meeting(ctx, w.id); err != nil {
		return fmt.Errorf("read meeting: %w", err)
	}
	seats, err := b.Source.Invitations(ctx, w.id)
	if err != nil {
		return fmt.Errorf("read seats: %w", err)
	}
	roster, err := b.Source.Roster(ctx)
	if err != nil {
		return fmt.Errorf("read roster: %w", err)
	}
	s.roll = briefings.Count(&s.meeting, seats, roster.Tree(), s.counted)
	return nil
}

// await returns the first snapshot after seq, or what there is when wait has passed: fresh tells whether the store still answers.
func (w *watch) await(ctx context.Context, seq int64, wait time.Duration) (s *snapshot, fresh bool) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for {
		w.mu.Lock()
		last, good, turned := w.last, w.good, w.turned
		w.mu.Unlock()
		if last != nil && last.seq > seq {
			return last, true
		}
		select {
		case <-turned:
		case <-timer.C:
			return last, time.Since(good) < wait+2*w.board.Every
		case <-ctx.Done():
			return nil, false
		case <-w.board.ctx.Done():
			return nil, false
		}
	}
}
