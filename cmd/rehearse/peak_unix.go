//go:build unix

package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
)

// peak is the most memory the process has held, in bytes, while it runs. Linux says it in /proc; elsewhere it is known after the end.
func (c *child) peak() int64 {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			n, _ := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
			return n << 10
		}
	}
	return 0
}

// peakAfter is the same of a process that has ended, where peak could not say it.
func (c *child) peakAfter() int64 {
	usage, ok := c.cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" { // bytes there, kilobytes everywhere else
		return int64(usage.Maxrss) //nolint:unconvert // 32 bits on some platforms
	}
	return int64(usage.Maxrss) << 10 //nolint:unconvert // 32 bits on some platforms
}
