// Package delivery brings mailings to their audiences: the Outbox keeps them with a ledger of recipients in Redis, the Engine
// empties it.
package delivery
