package bot

import (
	"strings"
	"testing"
	"time"

	"briefbot/bot/internal/view"
	"briefbot/briefings"
	"briefbot/briefings/i18n"
)

// A mailing that does not go on says why and by whose hand, and one that goes on says nothing.
func TestAMailingThatStandsStillSaysWhy(t *testing.T) {
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	roster := briefings.NewRoster(nil, []briefings.Member{{ID: "M1", No: 1, Name: "Lê Mẫu Tổ"}}, nil, nil, time.Time{})
	for _, c := range []struct {
		progress Progress
		vi, en   string
	}{
		{Progress{State: "running", Why: "x"}, "", ""},
		{Progress{State: "done"}, "", ""},
		{Progress{State: "paused", By: "M1"}, "Lê Mẫu Tổ đã tạm dừng", "Lê Mẫu Tổ paused"},
		{Progress{State: "paused", By: "M9"}, "Có người đã tạm dừng", "Somebody paused"},
		{Progress{State: "paused", Why: "strangers"}, "không liên lạc được", "none of the first people"},
		{Progress{State: "cancelled", By: "M1"}, "Lê Mẫu Tổ đã dừng hẳn", "Lê Mẫu Tổ stopped"},
		{Progress{State: "aborted", Why: "text"}, "lời văn", "wording"},
		{Progress{State: "aborted", Why: "keyboard"}, "các nút", "buttons"},
		{Progress{State: "aborted", Why: "stale_file"}, "tệp hoặc ảnh", "file or picture"},
		{Progress{State: "aborted", Why: "other"}, "nội dung này", "its content"},
	} {
		for lang, want := range map[i18n.Lang]string{i18n.Vi: c.vi, i18n.En: c.en} {
			turn := &turn{p: view.NewVoice(i18n.Printer{Catalogue: texts, Lang: lang, Location: time.UTC})}
			got := turn.stopped(c.progress, roster)
			if want == "" && got != "" || !strings.Contains(got, want) {
				t.Errorf("%+v in %s: %q lacks %q", c.progress, lang, got, want)
			}
		}
	}
}

// When those who wait are due is told while somebody waits and the moment lies ahead.
func TestTheNextTryIsToldOnlyWhenItLiesAhead(t *testing.T) {
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	turn := &turn{Bot: &Bot{Config: Config{Now: func() time.Time { return now }, Zone: time.UTC}}}
	for _, c := range []struct {
		progress Progress
		told     bool
	}{
		{Progress{State: "running", Retry: 1, Next: now.Add(time.Hour)}, true},
		{Progress{State: "running", Next: now.Add(time.Hour)}, false},
		{Progress{State: "running", Retry: 1}, false},
		{Progress{State: "cancelled", Retry: 1, Next: now.Add(time.Hour)}, false},
	} {
		if got := turn.nextTry(c.progress); (got != nil) != c.told {
			t.Errorf("%+v: %v", c.progress, got)
		}
	}
}
