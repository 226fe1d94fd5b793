// Package redistest gives tests a Redis: an embedded one always, and a real
// redis-server as well when the machine has one.
//
// It is for tests only. Nothing that ships imports it.
//
// The two servers differ where it matters: the embedded one lets no time pass
// for expiry by itself and has its own Lua, the real one has neither excuse. A
// promise that holds on one of them alone is not a promise, so a test that
// touches Redis runs its body through Each.
package redistest
