package sandbox

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
)

// BenchmarkSendMessage measures one call without the socket: what a flood of them costs.
func BenchmarkSendMessage(b *testing.B) {
	s := New(Config{})
	const people = 1000
	for id := int64(1); id <= people; id++ {
		s.AddPerson(Person{ID: id, FirstName: "P"})
		if _, err := s.Say(id, "/start"); err != nil {
			b.Fatal(err)
		}
	}
	text := strings.Repeat("Kính mời đồng chí dự <b>hội nghị</b> lúc 14:00. ", 10) + "Hết"
	bodies := make([]string, people)
	for i := range bodies {
		bodies[i] = formOf("chat_id", strconv.Itoa(i+1), "text", text, "parse_mode", "HTML",
			"reply_markup", `{"inline_keyboard":[[{"text":"Có","callback_data":"y"},{"text":"Không","callback_data":"n"}]]}`)
	}
	path := "/bot" + s.Token() + "/sendMessage"
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(bodies[i%people]))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatal(w.Body.String())
		}
	}
}
