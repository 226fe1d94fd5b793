package briefings_test

import (
	"strings"
	"testing"

	"briefbot/briefings"
)

func TestLengthCountsAsTelephonesDo(t *testing.T) {
	for text, want := range map[string]int{
		"": 0, "Hội nghị": 8, "😀": 2, "👩‍💻": 5, "🇻🇳": 4, "e\u0302\u0323": 3, "a\xffb": 3, strings.Repeat("😀", 500): 1000,
	} {
		if got := briefings.Length(text); got != want {
			t.Errorf("%q has %d, want %d", text, got, want)
		}
	}
}
