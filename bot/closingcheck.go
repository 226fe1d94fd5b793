package bot

import (
	"regexp"
	"slices"
	"strings"

	"briefbot/briefings"
	"briefbot/briefings/vietnamese"
)

// counted are the words by which people say what a figure counts.
var counted = strings.Fields("nguoi ng khach moi dai bieu dong chi dc d/c people persons person guests guest heads attendees")

// joined is a figure with its word written onto it, as "60ng".
var joined = regexp.MustCompile(`^([0-9][0-9.,]*)(\pL+)$`)

// figures are the words of a text without those that say what is counted: "60 người, 4 khách" is 60 and 4. A text that is nothing but
// such words stays as it is.
func figures(text string) []string {
	words := strings.Fields(vietnamese.Clean(text))
	unit := func(w string) bool { return slices.Contains(counted, vietnamese.Fold(w)) }
	var out []string
	for _, w := range words {
		w = strings.TrimRight(w, ".,;:")
		if part := joined.FindStringSubmatch(w); part != nil && unit(part[2]) {
			w = strings.TrimRight(part[1], ".,")
		}
		if w != "" && !unit(w) {
			out = append(out, w)
		}
	}
	if len(out) == 0 {
		return words
	}
	return out
}

// example is what may be typed where something else was: the figure that is asked for, or both where the first of two was understood.
func (c closing) example(understood int) string {
	switch {
	case c.Headcount >= 0:
		return "4"
	case understood == 1:
		return "18 4"
	}
	return "18"
}

// closingDoubts is a line on what the figures do not fit: whoever counts the room knows best, and may still have mistyped. Nothing where
// all is as it is expected.
func (t *turn) closingDoubts(m briefings.Meeting, c closing, invited, in int) string {
	var doubts []string
	if own := c.Headcount - c.Guests; own != in {
		doubts = append(doubts, t.p.Plain("close.doubt_people", "own", own, "invited", invited, "n", in))
	}
	if t.Now().Before(m.Starts) {
		doubts = append(doubts, t.p.Plain("close.doubt_early", "starts", m.Starts))
	}
	if len(doubts) == 0 {
		return ""
	}
	return t.p.T("close.doubts", "doubts", strings.Join(doubts, "; "))
}
