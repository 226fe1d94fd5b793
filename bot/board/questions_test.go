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
