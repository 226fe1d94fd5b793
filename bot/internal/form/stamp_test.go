package form

import (
	"strings"
	"testing"

	"briefbot/briefings"
)

func TestAStampIsALineOfItsOwn(t *testing.T) {
	tests := map[string]string{
		"MẬT": "MẬT", "Mật": "MẬT", "[TỐI MẬT]": "TỐI MẬT", "  tuyệt   mật.": "TUYỆT MẬT", "— TUYỆT MẬT —": "TUYỆT MẬT",
		"Kế hoạch\nTỐI MẬT\n2026": "TỐI MẬT", "TO\u0302\u0301I MA\u0302\u0323T": "TỐI MẬT", "TOI MAT": "TỐI MẬT", "MAT": "MẬT",
		"Độ mật: Tối mật": "TỐI MẬT", "ĐỘ MẬT: mật": "MẬT", "Mức độ mật: A": "A",
		"Kế hoạch (TUYỆT MẬT)": "TUYỆT MẬT", "Tài liệu MẬT về nhân sự": "MẬT", "KẾ HOẠCH (MẬT)": "MẬT", "Văn bản TOI MAT, số 5": "TỐI MẬT",
		"Gửi kèm: TỐI MẬT": "TỐI MẬT", "[MẬT] Kế hoạch": "MẬT", "Chương trình MẶT TRẬN": "", "Đội MAT họp": "",
		"CÔNG TÁC BẢO VỆ BÍ MẬT NHÀ NƯỚC": "", "Tập huấn về tài liệu mật, tối mật, tuyệt mật": "", "Về BẢO MẬT": "", "Thi viết “MẬT ĐỘ”": "",
		"Độ mật: công khai": "", "ĐỘ MẬT: Nội bộ": "", "Độ mật: phổ biến": "", "Độ mật: phổ biến trong đơn vị": "", "Độ mật: mật": "MẬT", "Độ mật: Tuyệt mật": "TUYỆT MẬT",
		"Độ mật: không": "", "Độ mật: thường": "", "": "",
		"bảo mật": "", "Bảo mật thông tin": "", "mật khẩu": "", "mật độ": "", "thân mật": "", "Gặp mặt thân mật": "", "Mật ong rừng": "",
		"Mất": "", "Mắt": "", "Mát": "", "mat": "", "Công tác bảo vệ bí mật nhà nước": "", "MẬT ĐỘ DÂN SỐ": "", "BẢO MẬT": "", "Bí mật": "",
		"Mật độ: 200 người": "",
	}
	for text, want := range tests {
		if got := Stamp(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestAFilesNameIsStampedInCapitalsBetweenSeparators(t *testing.T) {
	tests := map[string]string{
		"KH_MAT_2026.pdf": "MẬT", "MẬT.docx": "MẬT", "to-trinh.TUYỆT-MẬT.docx": "TUYỆT MẬT", "BC (TOI MAT).pdf": "TỐI MẬT",
		"bao_mat.pdf": "", "BAO_MAT_MANG.pdf": "", "mat_do.xlsx": "", "FORMAT.doc": "", "Bảo mật.pdf": "", "": "",
	}
	for name, want := range tests {
		if got := StampName(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

func TestAStampedDraftIsRefusedWhereverTheStampStands(t *testing.T) {
	refused := func(complaints []Complaint) bool {
		for _, c := range complaints {
			if c.Why.Key == "send.refused_secret" {
				return true
			}
		}
		return false
	}
	for _, line := range []string{"Title: MẬT", "Agenda: Tối mật", "Note: TUYỆT MẬT", "Độ mật: Mật", "MẬT", "Label: Mật", "Mức phổ biến: TỐI MẬT", "Label: secret"} {
		d := Draft{Lines: append(Scan(whole, MeetingFields), Scan(line, MeetingFields)...)}
		if _, complaints := world().Meeting(&d); !refused(complaints) {
			t.Errorf("a meeting with %q is taken", line)
		}
		b := Draft{Lines: Scan("Title: A\nTopic: quoc-te\n"+line, BriefingFields), Body: "a"}
		if _, complaints := world().Briefing(&b); !strings.HasPrefix(line, "Agenda") && !strings.HasPrefix(line, "Note") && !refused(complaints) {
			t.Errorf("a briefing with %q is taken", line)
		}
	}
	b := Draft{Lines: Scan("Title: A\nTopic: quoc-te\nLabel: public", BriefingFields), Body: "<b>TỐI MẬT</b>\nKế hoạch"}
	if _, complaints := world().Briefing(&b); !refused(complaints) {
		t.Error("a briefing with a stamp in its text is taken")
	}
	m := Draft{Lines: Scan(strings.Replace(whole, "Tình hình quốc tế", "Công tác bảo mật; mật khẩu", 1), MeetingFields)}
	if got, complaints := world().Meeting(&m); len(complaints) > 0 || got.Label != briefings.Public {
		t.Errorf("innocent words are refused: %v", said(complaints))
	}
}

// What says how far a text may spread is the label, under whatever name it is written; a stamp under these names is refused as ever.
func TestADegreeThatIsALabelIsTakenForOne(t *testing.T) {
	for line, want := range map[string]briefings.Label{
		"Độ mật: công khai": briefings.Public, "Nhãn: công khai": briefings.Public, "Mức độ mật: nội bộ": briefings.UnitOnly,
	} {
		d := Draft{Lines: append(Scan("Title: A\nTime: 14:00 03/12/2026\nVenue: B\nAudience: all", MeetingFields), Scan(line, MeetingFields)...)}
		if m, complaints := world().Meeting(&d); len(complaints) > 0 || m.Label != want {
			t.Errorf("%s: label %q, %v", line, m.Label, complaints)
		}
	}
}
