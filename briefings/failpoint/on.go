//go:build failpoints && unix

package failpoint

import (
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
)

// target is the place where this process is to end.
var target, left, stop = read(os.Getenv("BRIEFBOT_FAILPOINT"))

func read(text string) (name string, hits *atomic.Int64, stop bool) {
	text, stop = strings.CutSuffix(text, ":stop")
	name, count, _ := strings.Cut(text, "@")
	n, _ := strconv.ParseInt(count, 10, 64)
	hits = &atomic.Int64{}
	hits.Store(max(n, 1))
	return name, hits, stop
}

// Hit ends the process, or suspends it, when this is the place and the time.
func Hit(name string) {
	if name != target || left.Add(-1) != 0 {
		return
	}
	how := syscall.SIGKILL
	if stop {
		how = syscall.SIGSTOP
	}
	_ = syscall.Kill(os.Getpid(), how)
	if !stop {
		select {} // the signal is on its way
	}
}
