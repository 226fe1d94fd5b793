package main_test

import (
	"flag"
	"testing"
	"time"

	"briefbot/briefings/redistest"
)

var restart = flag.Int("restart", 0, "how many times a sending is killed to measure how soon it goes on; 0: leave it out")

// TestRestartSendsSoon measures from the start of a process, after its former self was killed in the middle of a sending, to its first
// message:
//
//	go test ./cmd/briefbot -run RestartSendsSoon -v -restart 20
func TestRestartSendsSoon(t *testing.T) {
	if *restart == 0 {
		t.Skip("a measurement; -restart N makes it")
	}
	w := newTownOn(t, openRedis(t, redistest.Settings{}), 200**restart, 1000)
	w.announce()
	s := w.serve()
	var took, served figures
	for range *restart {
		w.flows()
		w.moment(50 * time.Millisecond)
		s.kill()
		began := time.Now()
		s = w.serve()
		served = append(served, time.Since(began))
		took = append(took, w.flows().Sub(began))
		if first, ok := w.firstAfter(began); ok {
			took[len(took)-1] = first
		}
	}
	t.Logf("RESULT %d kills: from the start of a process to its first message %s; to reading updates %s", *restart, spread(took), spread(served))
	if testing.Verbose() {
		t.Logf("the last life began at %s\n%s", s.began.Format("05.000"), s.log.String())
	}
}
