//go:build !race

package scheduler

// years is how many years of Viet Nam's calendar are played.
const years = 10
