package main

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"
)

// table prints the acts and what they cost.
func (d *day) table(r report, took time.Duration) {
	fmt.Fprintln(d.out)
	t := tabwriter.NewWriter(d.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "act\tpeople\tseconds\tmessages\t")
	for _, a := range d.acts {
		people := ""
		if a.people > 0 {
			people = fmt.Sprint(a.people)
		}
		fmt.Fprintf(t, "%s\t%s\t%.1f\t%d\t\n", a.name, people, a.took.Seconds(), a.messages)
	}
	_ = t.Flush() // to the terminal: nobody to tell
	calls := 0
	for method, n := range r.Calls {
		if method != "getUpdates" {
			calls += n
		}
	}
	fmt.Fprintf(d.out, "\nTotal %.1f s. Calls to the Bot API: %d (%d messages), at most %d a second; refused: %d; edits that changed nothing: %d. Presses: %d, unanswered: %d.\n",
		took.Seconds(), calls, r.SentTotal, r.MaxPerSecond, r.RefusedTotal-r.unchanged(), r.unchanged(), r.Callbacks.Pressed, r.Callbacks.Unanswered)
	fmt.Fprintf(d.out, "The service was started %d times; its peak memory was %.1f MiB.\n", d.starts, float64(d.peak)/(1<<20))
}

// blame prints what is wrong.
func (d *day) blame() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.complaints) == 0 {
		return
	}
	fmt.Fprintf(d.out, "\nNot as it must be (%d):\n", len(d.complaints))
	for i, c := range d.complaints {
		if i == enough {
			fmt.Fprintf(d.out, "  … and %d more\n", len(d.complaints)-i)
			return
		}
		fmt.Fprintf(d.out, "  ✗ %s\n", strings.ReplaceAll(c, "\n", "\n    "))
	}
}
