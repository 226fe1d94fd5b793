package briefings

import "context"

type goingKey struct{}

// While returns ctx with word of how long what is begun with it is wanted: when going ends, what has not left yet is to be given up at
// once, and what is on its way is waited for until ctx itself ends. So a sending that is stopped need not wait for messages that still
// wait for their turn.
func While(ctx, going context.Context) context.Context {
	return context.WithValue(ctx, goingKey{}, going)
}

// Going returns the context that While was given; else ctx itself.
func Going(ctx context.Context) context.Context {
	if going, ok := ctx.Value(goingKey{}).(context.Context); ok {
		return going
	}
	return ctx
}
