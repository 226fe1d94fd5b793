package easel

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Run draws until ctx ends, and for a little while after. What is still owed then stands in Redis.
func (e *Easel) Run(ctx context.Context) {
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	var working sync.WaitGroup
	e.feed(ctx, life, &working, func() bool { return false })
	last, cancel := context.WithTimeout(life, e.grace)
	defer cancel()
	e.feed(last, last, &working, e.empty)
	working.Wait()
}

// feed hands cards out until ctx ends, or nothing is left to do.
func (e *Easel) feed(ctx, life context.Context, working *sync.WaitGroup, over func() bool) {
	for ctx.Err() == nil && !over() {
		if !e.await(ctx, over) {
			continue
		}
		ready, free := e.ready()
		if err := e.config.Slot(ctx, ready, free); err != nil {
			if ctx.Err() == nil {
				e.config.Log.WarnContext(ctx, "no slot for a card", "err", err)
				rest(ctx, e.pause)
			}
			continue
		}
		s := e.next()
		if s == nil {
			continue // its person was written to meanwhile
		}
		working.Go(func() { e.work(life, s) })
	}
}

// await returns true when there is a card to draw and a hand to draw it.
func (e *Easel) await(ctx context.Context, over func() bool) bool {
	e.mu.Lock()
	waits := len(e.order) > 0
	var since time.Time
	if waits {
		since = e.order[0].since
	}
	working := e.working
	e.mu.Unlock()
	pouring := e.config.Busy() >= busyFrom
	limit := hands
	if pouring {
		limit = busyHands
	}
	switch {
	case !waits && working == 0:
		select {
		case <-e.more:
		case <-ctx.Done():
		}
		return false
	case !waits, working >= limit:
		wait := time.NewTimer(glance)
		defer wait.Stop()
		select {
		case <-e.more:
		case <-e.freed:
		case <-wait.C:
		case <-ctx.Done():
		}
		return false
	case pouring && e.config.Now().Sub(since) < busyWait:
		rest(ctx, glance)
		return false
	}
	return ctx.Err() == nil && !over()
}

// ready is how many chats wait and how many could be drawn at once.
func (e *Easel) ready() (ready, free int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.order), hands - e.working
}

func (e *Easel) empty() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.order) == 0 && e.working == 0
}

// next takes the chat that waits longest; nil: there is none any more.
func (e *Easel) next() *sheet {
	e.mu.Lock()
	defer e.mu.Unlock()
	for len(e.order) > 0 {
		s := e.order[0]
		e.order[0] = nil
		e.order = e.order[1:]
		s.waits = false
		if len(s.due) > 0 {
			s.busy = make(chan struct{})
			e.working++
			return s
		}
	}
	return nil
}

// work draws the first of what a chat is owed.
func (e *Easel) work(ctx context.Context, s *sheet) {
	e.mu.Lock()
	o := s.due[0]
	s.due = s.due[1:]
	e.mu.Unlock()
	err := e.draw(ctx, o)
	e.done(ctx, s, o, err)
}

// draw shows a card, unless somebody else did meanwhile or the message shows something else.
func (e *Easel) draw(ctx context.Context, o owed) error {
	if o.mark != 0 {
		now, there, err := e.marks.get(ctx, o)
		if err != nil {
			return Again{Cause: err}
		}
		if !there {
			return nil
		}
		o = now
	}
	if err := e.config.Draw(ctx, o.Card); err != nil {
		if isAgain(err) {
			return err
		}
		e.config.Log.WarnContext(ctx, "card not drawn", "meeting", string(o.Meeting), "member", string(o.Viewer), "err", err)
	}
	if o.mark != 0 {
		if err := e.marks.drop(ctx, o); err != nil { // then it is drawn once more
			e.config.Log.DebugContext(ctx, "drawn card not forgotten", "err", err)
		}
	}
	return nil
}

// done ends the drawing of a chat. What is to be tried again waits at the end of the order, after a pause.
func (e *Easel) done(ctx context.Context, s *sheet, o owed, err error) {
	if err == nil || ctx.Err() != nil {
		e.release(s)
		return
	}
	e.mu.Lock()
	if len(s.due) == 0 || s.due[0].Message != o.Message { // something newer may be owed by now
		s.due = append([]owed{o}, s.due...)
	}
	s.tries++
	wait, last := e.pause<<min(s.tries-1, 4), s.tries >= tries
	if again := (Again{}); errors.As(err, &again) {
		wait = max(wait, again.Wait)
	}
	if last {
		e.config.Log.WarnContext(ctx, "card left for later", "meeting", string(o.Meeting), "member", string(o.Viewer), "err", err)
		s.due = s.due[1:] // it is adopted again
	}
	// The chat is free while it waits: whoever writes to its person draws the card as well.
	close(s.busy)
	s.busy = nil
	e.mu.Unlock()
	if !last {
		rest(ctx, wait)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.working--
	if e.sheets[s.chat] == s {
		e.settleLocked(s)
	}
	tell(e.freed)
}

// release ends the drawing of a chat.
func (e *Easel) release(s *sheet) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.working--
	close(s.busy)
	s.busy, s.since = nil, time.Time{}
	e.settleLocked(s)
	tell(e.freed)
}

// settleLocked has a chat wait for what it is still owed, or forgets it.
func (e *Easel) settleLocked(s *sheet) {
	if s.busy != nil { // another hand has it since
		return
	}
	if len(s.due) == 0 {
		delete(e.sheets, s.chat)
		return
	}
	if s.since.IsZero() {
		s.since = e.config.Now()
	}
	e.queueLocked(s)
}

// rest waits, or until ctx ends.
func rest(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
