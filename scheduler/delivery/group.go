package delivery

import (
	"context"
	"sync"
)

// group gathers what many goroutines want written and writes it in one go: while one write is on its way the next one fills, so
// an idle engine writes at once and a busy one writes in large batches, without a timer.
type group[T any] struct {
	write func(ctx context.Context, batch []T)

	full chan struct{} // buffered by one: something waits

	mu      sync.Mutex
	waiting []T
	written chan struct{} // closed when what waits now has been written
}

func newGroup[T any](write func(ctx context.Context, batch []T)) *group[T] {
	return &group[T]{write: write, full: make(chan struct{}, 1), written: make(chan struct{})}
}

// add queues values and returns a channel that is closed when they have been written.
func (g *group[T]) add(values ...T) <-chan struct{} {
	g.mu.Lock()
	g.waiting = append(g.waiting, values...)
	written := g.written
	g.mu.Unlock()
	select {
	case g.full <- struct{}{}:
	default:
	}
	return written
}

// run writes until the context ends; then it writes what still waits and returns.
func (g *group[T]) run(ctx context.Context) {
	for {
		select {
		case <-g.full:
			g.flush(ctx)
		case <-ctx.Done():
			g.flush(ctx)
			return
		}
	}
}

func (g *group[T]) flush(ctx context.Context) {
	g.mu.Lock()
	batch, written := g.waiting, g.written
	g.waiting, g.written = nil, make(chan struct{})
	g.mu.Unlock()
	if len(batch) > 0 {
		g.write(ctx, batch)
	}
	close(written)
}
