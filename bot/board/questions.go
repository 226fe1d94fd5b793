package board

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode"
)

// asked is a question as the hall sees it: who asked stands nowhere on the page.
type asked struct {
	N     int
	Text  string
	Venue string
	Off   bool // on another sheet than the one that a screen shows now
}

// print is a size in which questions are set: its class in the style, how many characters of it fill a line of a wide screen, and how
// high a line is in hundredths of the screen's height.
type print struct {
	class   string
	letters int
	line    float64
}

// prints are the sizes, from the largest, as questions.css sets them.
var prints = []print{{"few", 52, 7.4}, {"some", 66, 5.8}, {"many", 90, 4.3}}

const (
	// sheetHigh is what a screen has below the heading, and aroundHigh what a question takes beside its lines, in hundredths of the height.
	sheetHigh, aroundHigh = 83, 9.2
	// sheetFor is how long a screen shows one sheet where there are several: long enough to read it aloud. The page loads itself again
	// more often than that.
	sheetFor = 20 * time.Second
)

func (p print) high(text string) float64 {
	lines := 0
	for line := range strings.SplitSeq(text, "\n") {
		lines += max(1, (width(line)+p.letters-1)/p.letters)
	}
	return aroundHigh + float64(lines)*p.line
}

// width is how many small letters a line takes the room of: what is written in capitals is wider.
func width(line string) int {
	n := 0
	for _, r := range line {
		n += 10
		if unicode.IsUpper(r) {
			n += 5
		}
	}
	return (n + 9) / 10
}

// laid chooses the largest size in which everything is seen at once. Where none does, it spreads the questions over sheets of the smallest,
// in their order; it returns on which sheet each stands.
func laid(list []asked) (size print, sheets []int) {
	sheets = make([]int, len(list))
	for _, size = range prints {
		high := 0.0
		for _, one := range list {
			high += size.high(one.Text)
		}
		if high <= sheetHigh {
			return size, sheets
		}
	}
	at, high := 0, 0.0
	for i, one := range list {
		h := size.high(one.Text)
		if high > 0 && high+h > sheetHigh {
			at, high = at+1, 0
		}
		sheets[i], high = at, high+h
	}
	return size, sheets
}

// questions serves the list of questions that the organizer put up for the hall. The page loads itself again, so that it needs nothing
// of a browser.
func (b *Board) questions(w http.ResponseWriter, r *http.Request, s *snapshot, v view) {
	q, err := b.Source.Inquiries(r.Context(), s.meeting.ID)
	if err != nil {
		b.Log.WarnContext(r.Context(), "questions not read", "err", err)
		b.closed(w, v.lang, http.StatusServiceUnavailable, "board.busy")
		return
	}
	var list []asked
	for i, one := range q.Hall() {
		from := ""
		if venue := s.meeting.Venue(one.Venue); venue != nil {
			from = venue.Name.In(v.lang)
		}
		list = append(list, asked{N: i + 1, Text: one.Text, Venue: from})
	}
	size, sheets := laid(list)
	sheet := ""
	if n := len(list); n > 0 && sheets[n-1] > 0 {
		of := sheets[n-1] + 1
		now := int(b.Now().Unix()/int64(sheetFor/time.Second)) % of
		sheet = fmt.Sprintf("%d/%d", now+1, of)
		for i := range list {
			list[i].Off = sheets[i] != now
		}
	}
	p := b.printer(v.lang)
	other, label := otherThan(v.lang)
	var out bytes.Buffer
	err = pages.ExecuteTemplate(&out, "questions.html", map[string]any{
		"Lang": string(v.lang), "Page": p.T("board.questions"), "Title": s.meeting.Title.In(v.lang), "List": list, "Size": size.class,
		"Back": p.T("board.back"), "Other": string(other), "OtherName": label, "None": p.T("board.no_questions"), "Sheet": sheet,
	})
	if err != nil {
		b.Log.ErrorContext(r.Context(), "questions not drawn", "err", err)
		b.closed(w, v.lang, http.StatusInternalServerError, "board.busy")
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(out.Bytes())
}
