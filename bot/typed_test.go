package bot

import "testing"

func TestCommandsAreReadAsPeopleTypeThem(t *testing.T) {
	b := &Bot{}
	for _, c := range []struct{ text, name, rest string }{
		{"/lichhop", "meetings", ""},
		{"/lich hop", "meetings", ""},
		{"/LỊCH HỌP", "meetings", ""},
		{"/lịchhọp", "meetings", ""},
		{"/Lịch họp@tin_bot", "meetings", ""},
		{"/điểm danh thay", "checkinfor", ""},
		{"/điểm danh 123456", "checkin", "123456"},
		{"/diemdanh 123456", "checkin", "123456"},
		{"/soạn họp\nTên: Hội nghị", "newmeeting", "\nTên: Hội nghị"},
		{"/newmeeting\nTitle: A  b", "newmeeting", "\nTitle: A  b"},
		{"/start j123", "start", "j123"},
		{"/gì thế", "gì", "thế"},
	} {
		if name, rest, ok := b.spelled(c.text); !ok || name != c.name || rest != c.rest {
			t.Errorf("%q: %q with %q, %v", c.text, name, rest, ok)
		}
	}
	if _, _, ok := b.spelled("lịch họp"); ok {
		t.Error("a command without its slash is one only where nothing else is asked")
	}
	if b.named("Lịch  họp") != "meetings" || b.named("lịch") != "" {
		t.Error("words of a command are not found")
	}
}

func TestAnswersInPlainWordsAreRecognised(t *testing.T) {
	for text, want := range map[string]bool{
		"toi khong di duoc": true, "Tôi sẽ dự họp": true, "Xin vắng, tôi bận việc": true, "I cannot come": true, "xin chào": false, "ok": false,
	} {
		if answers(text) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
}
