package app

import "context"

// Tick does one pass of the planner, so that a test need not wait for the next second.
func (a *App) Tick(ctx context.Context) error { return a.planner.Tick(ctx) }
