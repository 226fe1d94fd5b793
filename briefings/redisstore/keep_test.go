package redisstore

import (
	"errors"
	"sync"
	"testing"

	"github.com/alicebob/miniredis/v2/server"

	"briefbot/briefings"
	"briefbot/briefings/redistest"
)

// waiter is an embedded Redis that knows WAITAOF and answers as it is told. The real one of the tests may be older than the command.
type waiter struct {
	mu    sync.Mutex
	local int
	asked int
	error string
}

func (w *waiter) set(local int, complaint string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.local, w.error = local, complaint
}

func (w *waiter) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.asked
}

func newWaiter(t *testing.T) (*waiter, bench) {
	t.Helper()
	w := &waiter{local: 1}
	embedded := redistest.Embedded(t)
	must(t, embedded.Server().Register("WAITAOF", func(c *server.Peer, _ string, _ []string) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.asked++
		if w.error != "" {
			c.WriteError(w.error)
			return
		}
		c.WriteLen(2)
		c.WriteInt(w.local)
		c.WriteInt(0)
	}))
	return w, newBench(redistest.Client(t, "redis://"+embedded.Addr()+"/0"))
}

func TestAnswerIsConfirmedOnlyWhenItIsKept(t *testing.T) {
	w, b := newWaiter(t)
	ctx := t.Context()
	fill(t, b.Store, 5)
	id := gather(t, b.Store, "M1", "M2")
	accept := func(m *briefings.Meeting, i *briefings.Invitation) error { return i.Accept(m, noon) }

	w.set(0, "")
	if _, err := b.UpdateInvitation(ctx, id, "M1", accept); !errors.Is(err, briefings.ErrNotKept) {
		t.Fatalf("an answer that did not reach the disk was confirmed: %v", err)
	}
	// The same tap once more changes nothing, and is not confirmed either until the disk has it.
	if _, err := b.UpdateInvitation(ctx, id, "M1", accept); !errors.Is(err, briefings.ErrNotKept) {
		t.Fatalf("the second tap was confirmed: %v", err)
	}
	w.set(1, "")
	seat, err := b.UpdateInvitation(ctx, id, "M1", accept)
	if err != nil || seat.Answer.Choice != briefings.Accepted || len(seat.History) > 0 {
		t.Fatalf("seat %+v, %v", seat, err)
	}
}

func TestServerThatCannotBeWaitedForIsAskedOnce(t *testing.T) {
	w, b := newWaiter(t)
	ctx := t.Context()
	fill(t, b.Store, 5)
	id := gather(t, b.Store, "M1", "M2", "M3")
	answer := func(member briefings.MemberID) {
		t.Helper()
		_, err := b.UpdateInvitation(ctx, id, member, func(m *briefings.Meeting, i *briefings.Invitation) error { return i.Accept(m, noon) })
		must(t, err)
	}
	answer("M1") // the server knows the script from here on
	w.set(0, "ERR unknown command 'waitaof'")
	before := w.count()
	answer("M2")
	answer("M3")
	if n := w.count() - before; n != 1 {
		t.Errorf("asked %d times", n)
	}
}

func TestReplicasAreWaitedForWhereTheyAreWanted(t *testing.T) {
	c := redistest.Server(t).Client(t) // has none
	b := newBench(c)
	ctx := t.Context()
	fill(t, b.Store, 5)
	id := gather(t, b.Store, "M1")
	b.Store = New(c, "test", Options{Now: b.clock.now, Replicas: 1})
	for range 2 {
		_, err := b.UpdateInvitation(ctx, id, "M1", func(m *briefings.Meeting, i *briefings.Invitation) error { return i.Accept(m, noon) })
		if !errors.Is(err, briefings.ErrNotKept) {
			t.Fatalf("confirmed without the replica: %v", err)
		}
	}
}
