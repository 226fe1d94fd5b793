package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"text/tabwriter"
	"time"
)

// measurement is one test or benchmark of the project that prints figures.
type measurement struct {
	what string   // the sentence that stands in the table
	args []string // of go test, run at the root of the project
	env  []string
}

// measurements are all that the project can say of its own speed and size by itself. What is judged by the clock of a minute runs a minute.
var measurements = []measurement{
	{what: "audience written and ready; bytes of Redis with it", args: bench("./scheduler/delivery", "^BenchmarkPut$", "10x")},
	{what: "bytes of Redis of a finished mailing, with message ids", args: bench("./scheduler/delivery", "^BenchmarkRoom$/^invitation$", "1x")},
	{what: "an engine that starts again: to its first request", args: bench("./scheduler/delivery", "^BenchmarkRestart$", "20x")},
	{what: "answers confirmed on disk, the store alone", args: bench("./briefings/redisstore", "^BenchmarkDurableAnswers$", "3s")},
	{what: "answers through the whole service", args: test("./cmd/briefbot", "RushOfAnswers", "-rush", "2000")},
	{
		what: "three replicas, 30 a second, one minute", args: test("./bot/internal/pace", "ThreeReplicasUse"),
		env: []string{"PACE_FOR=1m", "PACE_RATE=30"},
	},
	{
		what: "three replicas, 1,000 a second, one minute", args: test("./bot/internal/pace", "ThreeReplicasUse"),
		env: []string{"PACE_FOR=1m", "PACE_RATE=1000"},
	},
}

func bench(pkg, pattern, runs string) []string {
	return []string{pkg, "-run", "^$", "-bench", pattern, "-benchtime", runs, "-timeout", "10m"}
}

func test(pkg, pattern string, more ...string) []string {
	return append([]string{pkg, "-run", pattern, "-v", "-count", "1", "-timeout", "10m"}, more...)
}

// figures runs the measurements one after the other and prints their figures as a table.
func figures(ctx context.Context, out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintf(w, "\n| \t| measured\t|\n|---\t|---\t|\n")
	for _, m := range measurements {
		fmt.Fprintf(os.Stderr, "%s: go test %s\n", m.what, strings.Join(m.args, " "))
		command := exec.CommandContext(ctx, "go", append([]string{"test"}, m.args...)...)
		command.Dir, command.Env = "../..", append(os.Environ(), m.env...)
		said, err := command.CombinedOutput()
		if err != nil {
			return fmt.Errorf("%s: %w\n%s", m.what, err, said)
		}
		list := read(said)
		if len(list) == 0 {
			return fmt.Errorf("%s: no figure in\n%s", m.what, said)
		}
		for _, f := range list {
			_, _ = fmt.Fprintf(w, "| %s\t| %s\t|\n", m.what, f)
		}
	}
	return w.Flush()
}

var (
	benchLine = regexp.MustCompile(`^Benchmark\w+?(?:/(\S+?))?(?:-\d+)?\s+\d+\s+(.+)$`)
	testLine  = regexp.MustCompile(`^\s+\w+_test\.go:\d+: (.*\d.* .*\d.*)$`) // a figure at least, not a seed alone
	spaces    = regexp.MustCompile(`\s{2,}|\t`)
	perOp     = regexp.MustCompile(`([\d.]+) ns/op`)
)

// read takes the figures from what go test said: the metrics of a benchmark, the log of a test.
func read(said []byte) (list []string) {
	for s := bufio.NewScanner(bytes.NewReader(said)); s.Scan(); {
		if m := benchLine.FindStringSubmatch(s.Text()); m != nil {
			metrics := perOp.ReplaceAllStringFunc(strings.TrimSpace(spaces.ReplaceAllString(m[2], ", ")), inTime)
			if m[1] != "" {
				metrics = m[1] + ": " + metrics
			}
			list = append(list, metrics)
		} else if m := testLine.FindStringSubmatch(s.Text()); m != nil {
			list = append(list, strings.TrimPrefix(m[1], "RESULT "))
		}
	}
	return list
}

// inTime writes nanoseconds as people read them.
func inTime(text string) string {
	if d, err := time.ParseDuration(strings.TrimSuffix(text, " ns/op") + "ns"); err == nil {
		return d.Round(d / 1000).String()
	}
	return text
}
