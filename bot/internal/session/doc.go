// Package session keeps where each person is in a dialogue, in Redis, so that
// a restart, another replica or a day's pause loses nothing they typed.
//
// A session has a version. Saving compares it, so of two updates of one
// person that are handled at the same time the second is told that it acted
// on something old, instead of overwriting the first.
package session
