package rosterfile

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"briefbot/briefings"
	"briefbot/briefings/vietnamese"
)

// say reads this package's own sentences; a key that is not there fails the test, and so does a value without a place.
func say(t testing.TB, lang briefings.Lang) Say {
	t.Helper()
	raw, err := os.ReadFile("../i18n/messages/roster.json")
	if err != nil {
		t.Fatal(err)
	}
	var sentences map[string]map[string]string
	if err := json.Unmarshal(raw, &sentences); err != nil {
		t.Fatal(err)
	}
	mark := byte('.')
	if lang == briefings.English {
		mark = ','
	}
	return func(key string, args briefings.Args) string {
		s, ok := sentences[key][string(lang)]
		if !ok {
			t.Fatalf("no sentence %q in %s", key, lang)
		}
		for name, value := range args {
			if n, ok := value.(int); ok {
				value = vietnamese.Group(n, mark)
			}
			s = strings.ReplaceAll(s, "{"+name+"}", fmt.Sprint(value))
		}
		if at := strings.IndexByte(s, '{'); at >= 0 {
			t.Errorf("%s: a place was not filled: %s", key, s[at:])
		}
		return s
	}
}
