package rosterfile

import "strings"

// formulaStarts are the characters that make a spreadsheet read a cell of a text file as a formula.
const formulaStarts = "=+-@\t\r"

// guard puts an apostrophe before a text that a spreadsheet would run. A text that already looks guarded gets one more, so that
// unguard gives back exactly what was there.
func guard(cell string) string {
	if runnable(cell) {
		return "'" + cell
	}
	return cell
}

// unguard takes back the one apostrophe of guard.
func unguard(cell string) string {
	if after, ok := strings.CutPrefix(cell, "'"); ok && runnable(after) {
		return after
	}
	return cell
}

func runnable(cell string) bool {
	cell = strings.TrimLeft(cell, "'")
	return cell != "" && strings.IndexByte(formulaStarts, cell[0]) >= 0
}
