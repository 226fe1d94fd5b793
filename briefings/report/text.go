package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/rivo/uniseg"

	"briefbot/briefings"
	"briefbot/briefings/i18n"
	"briefbot/briefings/vietnamese"
)

// Table writes rows in aligned columns for a terminal: the first column to the left, the rest to the right unless Left says so. Width
// is what a terminal shows, so accents and wide characters keep the columns straight. No line ends in a space.
type Table struct {
	Head []string
	Rows [][]string
	Left []bool // by column; nil: the first one only
	Foot []string
}

// WriteTo writes the table.
func (t Table) WriteTo(w io.Writer) (int64, error) {
	lines := append([][]string{t.Head}, t.Rows...)
	if t.Foot != nil {
		lines = append(lines, t.Foot)
	}
	var widths []int
	for _, cells := range lines {
		for i, cell := range cells {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], uniseg.StringWidth(cell))
		}
	}
	rule := -2 * min(len(widths), 1)
	for _, n := range widths {
		rule += n + 2
	}
	var b strings.Builder
	for n, cells := range lines {
		if n == 1 || t.Foot != nil && n == len(lines)-1 && n > 1 {
			b.WriteString(strings.Repeat("─", max(rule, 0)) + "\n")
		}
		var line strings.Builder
		for i, cell := range cells {
			if i > 0 {
				line.WriteString("  ")
			}
			gap := strings.Repeat(" ", widths[i]-uniseg.StringWidth(cell))
			if i == 0 && t.Left == nil || i < len(t.Left) && t.Left[i] {
				line.WriteString(cell + gap)
			} else {
				line.WriteString(gap + cell)
			}
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	n, err := io.WriteString(w, b.String())
	if err != nil {
		return int64(n), fmt.Errorf("write table: %w", err)
	}
	return int64(n), nil
}

// CountsText writes a roll for a terminal: the totals in words, a table of venues and one of units.
func CountsText(w io.Writer, roll briefings.Roll, say i18n.Printer) error {
	lang := langOf(say)
	t := roll.Total
	lines := []string{
		line(roll.Title.In(lang)),
		say.T("sheet.time", "time", roll.Starts),
		say.T(stampKey(roll), "time", roll.AsOf),
		"",
		say.T("sheet.summary", "n", t.Attended(), "of", t.Invited, "pct", i18n.Percent{N: t.Attended(), Of: t.Invited}, "represented", t.Represented),
		say.T("sheet.answers", "accepted", roll.Answers.Accepted, "delegated", roll.Answers.Delegated, "declined", roll.Answers.Declined,
			"none", roll.Answers.None, "waiting", someOf(roll.Total.Waiting)),
		absences(say, roll),
		"",
	}
	if _, err := io.WriteString(w, strings.Join(lines, "\n")+"\n"); err != nil {
		return fmt.Errorf("write counts: %w", err)
	}
	queue := func(row []string, _ briefings.Tally) []string { return row }
	columns, unitColumns := []string{"guests", "checked_in", "headcount"}, []string(nil)
	if t.Waiting > 0 { // a column more where somebody waits for a place
		columns, unitColumns = append(columns, "waiting"), []string{"waiting"}
		queue = func(row []string, t briefings.Tally) []string { return append(row, spoken(say).Number(t.Waiting)) }
	}
	venues := Table{Head: heads(say, roll.Closed, "venue", columns...)}
	for _, v := range venueRows(roll, say) {
		venues.Rows = append(venues.Rows, queue(v.cells(say, roll.Closed, v.name), v.Tally))
	}
	venues.Foot = queue(totalOf(roll).cells(say, roll.Closed, say.T("sheet.total")), t)
	if _, err := venues.WriteTo(w); err != nil {
		return err
	}
	if _, err := io.WriteString(w, "\n"); err != nil {
		return fmt.Errorf("write counts: %w", err)
	}
	units := Table{Head: heads(say, roll.Closed, "unit", unitColumns...)}
	for _, u := range roll.Units {
		units.Rows = append(units.Rows, queue(tallyCells(say, u.Tally, roll.Closed, line(u.Name.In(lang))), u.Tally))
	}
	units.Foot = queue(tallyCells(say, t, roll.Closed, say.T("sheet.total")), t)
	_, err := units.WriteTo(w)
	return err
}

// someOf is a count that is only spoken of where there is one.
func someOf(n int) any {
	if n == 0 {
		return nil
	}
	return n
}

// absences says who is not there, and of whom it is not known yet while the meeting is open.
func absences(say i18n.Printer, roll briefings.Roll) string {
	var pending any
	if !roll.Closed {
		pending = roll.Total.Pending
	}
	return say.T("sheet.absences", "excused", roll.Total.Excused, "unexcused", roll.Total.Unexcused, "pending", pending, "late", roll.Late)
}

// heads are the short headings of a table in a terminal.
func heads(say i18n.Printer, closed bool, first string, more ...string) []string {
	keys := []string{first, "invited", "present", "represented", "excused", "unexcused"}
	if !closed {
		keys = append(keys, "pending")
	}
	keys = append(append(keys, "rate"), more...)
	for i, k := range keys {
		keys[i] = say.T("sheet.short_" + k)
	}
	return keys
}

func tallyCells(say i18n.Printer, t briefings.Tally, closed bool, name string) []string {
	numbers := []int{t.Invited, t.Present, t.Represented, t.Excused, t.Unexcused}
	if !closed {
		numbers = append(numbers, t.Pending)
	}
	cells := []string{name}
	for _, n := range numbers {
		cells = append(cells, spoken(say).Number(n))
	}
	return append(cells, spoken(say).Percent(t.Attended(), t.Invited))
}

func (v venueLine) cells(say i18n.Printer, closed bool, name string) []string {
	cells := tallyCells(say, v.Tally, closed, name)
	guests, headcount := none, none
	if v.closed {
		headcount = spoken(say).Number(v.headcount)
	}
	if v.closed || v.guests > 0 {
		guests = spoken(say).Number(v.guests)
	}
	return append(cells, guests, spoken(say).Number(v.checkedIn), headcount)
}

// none stands where there is no figure: 0 would be one.
const none = "–"

// line makes one line of plain text of what a person wrote; a control character could move a terminal's cursor.
func line(s string) string { return vietnamese.Clean(s) }

func spoken(say i18n.Printer) i18n.Lang {
	if say.Lang == "" {
		return i18n.Vi
	}
	return say.Lang
}

func langOf(say i18n.Printer) briefings.Lang { return briefings.Lang(spoken(say)) }

// stampKey says of what moment the figures are, and whether they can still change.
func stampKey(roll briefings.Roll) string {
	if roll.Closed {
		return "sheet.as_of_final"
	}
	return "sheet.as_of"
}
