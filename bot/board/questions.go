package board

import (
	"bytes"
	"net/http"
)

// asked is a question as the hall sees it: who asked stands nowhere on the page.
type asked struct {
	N     int
	Text  string
	Venue string
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
	size := "many"
	switch {
	case len(list) <= 2:
		size = "few"
	case len(list) <= 4:
		size = "some"
	}
	p := b.printer(v.lang)
	var out bytes.Buffer
	err = pages.ExecuteTemplate(&out, "questions.html", map[string]any{
		"Lang": string(v.lang), "Page": p.T("board.questions"), "Title": s.meeting.Title.In(v.lang), "List": list, "Size": size,
		"None": p.T("board.no_questions"),
	})
	if err != nil {
		b.Log.ErrorContext(r.Context(), "questions not drawn", "err", err)
		b.closed(w, v.lang, http.StatusInternalServerError, "board.busy")
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(out.Bytes())
}
