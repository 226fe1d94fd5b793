package view

import "strings"

// Bar draws n of total as ten blocks.
func Bar(n, total int) string {
	full := 10
	if total > 0 {
		full = min(10, n*10/total)
	}
	return strings.Repeat("▰", full) + strings.Repeat("▱", 10-full)
}
