//go:build race

package scheduler

// years is how many years of Viet Nam's calendar are played; the race detector makes each of them long.
const years = 2
