// Package app is the only place where all packages meet: it hands each part what it needs of the others behind the part's own ports.
//
//	New(Config) *App   builds everything, no I/O
//	App.Run(ctx)       serves until ctx ends
//	Open(Config) *App  the store and the outbox alone, for commands
package app
