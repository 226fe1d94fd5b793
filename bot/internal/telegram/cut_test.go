package telegram

import (
	"strings"
	"testing"

	"briefbot/briefings/richtext"
)

func TestWhatIsTooLongIsCutAndNotRefused(t *testing.T) {
	long := strings.Repeat("chữ ", 1500)
	tests := map[string]struct{ html, want string }{
		"short":           {"<b>a</b> &amp; b", "<b>a</b> &amp; b"},
		"escapes counted": {strings.Repeat("&amp;", 4096), strings.Repeat("&amp;", 4096)},
		"not HTML":        {"<b>" + long, "<b>" + long},
	}
	for name, c := range tests {
		if got := cut(c.html, richtext.MessageLimit); got != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
	for _, limit := range []int{richtext.MessageLimit, richtext.CaptionLimit} {
		got := cut("<b>"+long+"</b>", limit)
		text, err := richtext.ParseHTML(got)
		if err != nil || text.Len() > limit || text.Len() < limit/2 || !strings.HasPrefix(got, "<b>chữ ") || !strings.HasSuffix(got, "</b>…") {
			t.Errorf("at %d: %d characters, %v", limit, text.Len(), err)
		}
	}
}
