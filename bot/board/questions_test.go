package board

import (
	"strings"
	"testing"

	"briefbot/briefings"
)

func TestTheHallReadsQuestionsAndNoNames(t *testing.T) {
	h, server, _ := convene(t, 3)
	token := h.watchFor(t, "")
	h.mu.Lock()
	h.asked = briefings.Inquiries{List: []briefings.Inquiry{
		{N: 1, Member: "M0_0", Venue: "v0", Text: "Bao giờ <b>sắp xếp</b> xong?", State: briefings.InquiryListed},
		{N: 2, Member: "M1_1", Venue: "v1", Text: "Câu chưa duyệt", State: briefings.InquiryNew},
	}}
	h.mu.Unlock()
	_, _, body := get(t, server.URL+token+"?view=questions&lang=vi")
	for _, want := range []string{"Câu hỏi gửi báo cáo viên", "Bao giờ &lt;b&gt;sắp xếp&lt;/b&gt; xong?", "Điểm cầu 1", `http-equiv="refresh"`} {
		if !strings.Contains(body, want) {
			t.Errorf("%q is missing in\n%s", want, body)
		}
	}
	for _, not := range []string{"M0_0", "M1_1", "Câu chưa duyệt"} {
		if strings.Contains(body, not) {
			t.Errorf("%q is shown in\n%s", not, body)
		}
	}
	if _, _, body := get(t, server.URL+token+"?view=questions&lang=en"); !strings.Contains(body, "Questions to the speaker") {
		t.Errorf("English page: %s", body)
	}
}

func TestAQuestionIsCutOffByNoScreen(t *testing.T) {
	long := strings.Repeat("chữ ", 125)
	fits := func(texts ...string) (string, int) {
		var list []asked
		for _, text := range texts {
			list = append(list, asked{Text: text})
		}
		size, sheets := laid(list)
		for i := 1; i < len(sheets); i++ {
			if d := sheets[i] - sheets[i-1]; d < 0 || d > 1 {
				t.Errorf("sheets are %v", sheets)
			}
		}
		return size.class, sheets[len(sheets)-1] + 1
	}
	for _, c := range []struct {
		texts  []string
		size   string
		sheets int
	}{
		{[]string{"Bao giờ xong?"}, "few", 1},
		{[]string{"Bao giờ xong?", "Ai làm?", "Ở đâu?"}, "few", 1},
		{[]string{long}, "some", 1},
		{[]string{long, long}, "many", 1},
		{[]string{long, long, long, "Ai làm?"}, "many", 2},
		{[]string{strings.Repeat("a\n", 12) + "a", "Ai làm?"}, "many", 1}, // lines of one letter each are high too
	} {
		if size, sheets := fits(c.texts...); size != c.size || sheets != c.sheets {
			t.Errorf("%d questions are set %s on %d sheets, want %s on %d", len(c.texts), size, sheets, c.size, c.sheets)
		}
	}
}

func TestSheetsOfQuestionsTakeTurns(t *testing.T) {
	h, server, _ := convene(t, 3)
	token := h.watchFor(t, "")
	h.mu.Lock()
	for n := 1; n <= 40; n++ {
		h.asked.List = append(h.asked.List, briefings.Inquiry{N: n, Venue: "v0", Text: "\u202eמתי\u200e (" + strings.Repeat("dài ", 30), State: briefings.InquiryListed})
	}
	h.mu.Unlock()
	_, _, body := get(t, server.URL+token+"?view=questions&lang=vi")
	all, off := strings.Count(body, `class="question`), strings.Count(body, `class="question off"`)
	if all != 40 || off == 0 || off >= 40 || !strings.Contains(body, "<s>") {
		t.Errorf("%d of %d questions wait for their turn", off, all)
	}
	if n := strings.Count(body, `<p dir="auto">`); n != 41 {
		t.Errorf("%d texts of 41 run in their own direction", n)
	}
}
