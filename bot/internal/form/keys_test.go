package form

import (
	"slices"
	"testing"

	"briefbot/briefings"
	"briefbot/briefings/vietnamese"
)

func TestANameMeansOneFieldInAForm(t *testing.T) {
	for form, allowed := range map[string][]briefings.Field{"meeting": MeetingFields, "briefing": BriefingFields} {
		means := map[string]briefings.Field{}
		for _, k := range keys {
			if !slices.Contains(allowed, k.field) {
				continue
			}
			for _, name := range slices.Concat(k.names, k.aliases) {
				if vietnamese.Fold(name) != name {
					t.Errorf("%q is not folded: it is never found", name)
				}
				if other, twice := means[name]; twice {
					t.Errorf("%s: %q means %s and %s", form, name, other, k.field)
				}
				means[name] = k.field
				if got := fieldOf(name, allowed); got != k.field {
					t.Errorf("%s: %q is read as %q", form, name, got)
				}
			}
		}
		for word := range hints {
			if vietnamese.Fold(word) != word {
				t.Errorf("%q is not folded: it is never found", word)
			}
		}
	}
}

func TestEveryFieldOfAFormHasADocumentedKeyInBothLanguages(t *testing.T) {
	names := map[briefings.Field]int{}
	for _, k := range keys {
		names[k.field] = len(k.names)
	}
	for _, f := range slices.Concat(MeetingFields, BriefingFields) {
		if names[f] < 2 {
			t.Errorf("%s has no two names", f)
		}
	}
}

func TestWhatPeopleWriteForAKeyIsTaken(t *testing.T) {
	for key, want := range map[string]briefings.Field{
		"Hạn": briefings.FieldDeadline, "Hạn trả lời": briefings.FieldDeadline, "han tra loi": briefings.FieldDeadline, "Trả lời trước": briefings.FieldDeadline,
		"Mức": briefings.FieldLabel, "MUC": briefings.FieldLabel, "Địa điểm họp": briefings.FieldVenue, "Place": briefings.FieldVenue,
		"Tiêu đề": briefings.FieldTitle, "Chương trình": briefings.FieldAgenda, "Ghi chú": briefings.FieldNote, "Reply by": briefings.FieldDeadline,
		"Thành phần dự họp": briefings.FieldAudience, "Giờ kết thúc": briefings.FieldEnd,
	} {
		if got := fieldOf(key, MeetingFields); got != want {
			t.Errorf("%q is read as %q, not %q", key, got, want)
		}
	}
}

func TestAKeyThatIsASlipIsToldTheNearest(t *testing.T) {
	for key, want := range map[string]briefings.Field{
		"Hẹn xác nhận": briefings.FieldDeadline,
		"Thời gain":    briefings.FieldTime, "Thoi gan": briefings.FieldTime, "Titel": briefings.FieldTitle, "Deadlin": briefings.FieldDeadline,
		"Điểm cẩu số 2": briefings.FieldVenue, "Thành phan mời dự": briefings.FieldAudience, "Giờ": briefings.FieldTime, "Ngày họp": briefings.FieldTime,
		"Audiense": briefings.FieldAudience, "Spekaer": briefings.FieldSpeaker, "Báo cao vên": briefings.FieldSpeaker,
		"xyz": "", "": "", "m0": "", "Kết luận của đồng chí Bí thư": "", "Quốc tế": "",
	} {
		if got := Nearest(key, MeetingFields); got != want {
			t.Errorf("%q: %q, want %q", key, got, want)
		}
	}
	if got := Nearest("Thời gian", BriefingFields); got != briefings.FieldSend {
		t.Errorf("the time of a briefing: %q", got)
	}
}

func TestALineWithoutAKeySaysWhatItLacks(t *testing.T) {
	for text, want := range map[string]string{
		"Thời gian 14:00 03/12/2026": "form.colon_after", "Hạn 17:00 01/12/2026": "form.colon_after", "hội trường lớn tầng hai": "form.colon_after",
		"và các đồng chí khác": "form.no_colon", "xyzzy: 5": "form.unknown_key", "Thoi gain: 5": "form.near_key",
	} {
		d := Draft{Lines: Scan(text, MeetingFields)}
		_, complaints := world().Meeting(&d)
		if complaints[0].Text != text || complaints[0].Why.Key != want {
			t.Errorf("%q: %+v, want %s", text, complaints[0].Why, want)
		}
	}
}

func TestOnlySlipsAreComplainedOfInWhatMayBeSomethingElse(t *testing.T) {
	lines := Scan("Kính gửi đồng chí\nTieu dde: a\nGhi rõ: b", BriefingFields)
	if got := Slips(lines, BriefingFields); len(got) != 1 || got[0].Text != "Tieu dde: a" || got[0].Why.Args["field"] != briefings.FieldTitle {
		t.Errorf("got %+v", got)
	}
}
