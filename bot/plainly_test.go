package bot

import (
	"testing"
	"time"

	"briefbot/bot/internal/view"
	"briefbot/briefings/i18n"
)

func TestALengthOfTimeIsSaidAsPeopleDo(t *testing.T) {
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		d      time.Duration
		vi, en string
	}{
		{time.Minute, "1 phút", "1 minute"},
		{20 * time.Minute, "20 phút", "20 minutes"},
		{time.Hour, "1 giờ", "1 hour"},
		{91 * time.Minute, "1 giờ 31 phút", "1 hour 31 minutes"},
		{2 * time.Hour, "2 giờ", "2 hours"},
	} {
		for lang, want := range map[i18n.Lang]string{i18n.Vi: c.vi, i18n.En: c.en} {
			if got := lasting(view.NewVoice(i18n.Printer{Catalogue: texts, Lang: lang, Location: time.UTC}), c.d); got != want {
				t.Errorf("%s in %s is %q, want %q", c.d, lang, got, want)
			}
		}
	}
}

func TestAComplaintThatStandsAloneBeginsWithACapital(t *testing.T) {
	for said, want := range map[string]string{
		"thứ không khớp ngày": "Thứ không khớp ngày", "ở đây chỉ cần tên": "Ở đây chỉ cần tên", "đã có": "Đã có",
		"“x” là gì": "“x” là gì", "<b>tên</b>": "<b>tên</b>", "": "",
	} {
		if got := capital(said); got != want {
			t.Errorf("%q becomes %q, want %q", said, got, want)
		}
	}
}
