package callback_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"briefbot/bot/internal/callback"
)

func TestWhatWasEncodedIsDecoded(t *testing.T) {
	for _, c := range []struct {
		text  string
		press callback.Press
	}{
		{"1help", callback.Press{Action: "help"}},
		{"1rsvp:m42:yes", callback.Press{Action: "rsvp", Args: []string{"m42", "yes"}}},
		{"1a:", callback.Press{Action: "a", Args: []string{""}}},
		{"1a::", callback.Press{Action: "a", Args: []string{"", ""}}},
		{"1a:~~~.", callback.Press{Action: "a", Args: []string{"~:"}}},
		{"1a:~~.", callback.Press{Action: "a", Args: []string{"~."}}},
		{"1run:briefing/b7/2026-11-23T07~.00", callback.Press{Action: "run", Args: []string{"briefing/b7/2026-11-23T07:00"}}},
		{"1f:đồng chí", callback.Press{Action: "f", Args: []string{"đồng chí"}}},
	} {
		text, err := callback.Encode(c.press)
		if err != nil || text != c.text {
			t.Errorf("Encode(%v) = %q, %v; want %q", c.press, text, err, c.text)
		}
		press, err := callback.Decode(c.text)
		if err != nil || press.Action != c.press.Action || !slices.Equal(press.Args, c.press.Args) {
			t.Errorf("Decode(%q) = %v, %v; want %v", c.text, press, err, c.press)
		}
	}
}

func TestAButtonFitsInto64BytesOrIsRefused(t *testing.T) {
	fits := callback.Press{Action: "a", Args: []string{strings.Repeat("x", callback.Limit-3)}}
	if text, err := callback.Encode(fits); err != nil || len(text) != callback.Limit {
		t.Fatalf("Encode = %d bytes, %v; want 64", len(text), err)
	}
	for name, arg := range map[string]string{
		"one byte more":    strings.Repeat("x", callback.Limit-2),
		"runes of 3 bytes": strings.Repeat("ồ", 21),
		"escapes count":    strings.Repeat(":", 31),
	} {
		if _, err := callback.Encode(callback.Press{Action: "a", Args: []string{arg}}); !errors.Is(err, callback.ErrTooLong) {
			t.Errorf("%s: %v, want ErrTooLong", name, err)
		}
	}
}

func TestWhatCannotBeWrittenIsRefused(t *testing.T) {
	for name, p := range map[string]callback.Press{
		"no action":       {},
		"upper case":      {Action: "Rsvp"},
		"a digit first":   {Action: "1a"},
		"a long action":   {Action: "abcdefghijklmnopq"},
		"a separator":     {Action: "a:b"},
		"a line":          {Action: "a\n"},
		"a control":       {Action: "a", Args: []string{"x\x00"}},
		"a broken rune":   {Action: "a", Args: []string{"\xff"}},
		"a later control": {Action: "a", Args: []string{"x", "\u0085"}},
	} {
		if text, err := callback.Encode(p); !errors.Is(err, callback.ErrMalformed) {
			t.Errorf("%s: Encode = %q, %v; want ErrMalformed", name, text, err)
		}
	}
}

func TestForeignTextIsRefused(t *testing.T) {
	for _, text := range []string{
		"", "1", "2help", "help", "1Help", "1:", "1a:~", "1a:~x", "1a:x~", "1a:\x00", "1a\n", "1a:\xff",
		"1a:" + strings.Repeat("x", 62),
	} {
		if p, err := callback.Decode(text); !errors.Is(err, callback.ErrMalformed) {
			t.Errorf("Decode(%q) = %v, %v; want ErrMalformed", text, p, err)
		}
	}
}

func TestOnlyRegisteredActionsPass(t *testing.T) {
	verbs, err := callback.Register("rsvp", "ci")
	if err != nil {
		t.Fatal(err)
	}
	text, err := verbs.Encode(callback.Press{Action: "rsvp", Args: []string{"m1"}})
	if err != nil {
		t.Fatal(err)
	}
	if p, err := verbs.Decode(text); err != nil || p.Arg(0) != "m1" || p.Arg(1) != "" || p.Arg(-1) != "" {
		t.Fatalf("Decode = %v, %v", p, err)
	}
	if _, err := verbs.Encode(callback.Press{Action: "drop"}); !errors.Is(err, callback.ErrUnknownAction) {
		t.Errorf("Encode of an unknown action: %v", err)
	}
	if _, err := verbs.Decode("1drop"); !errors.Is(err, callback.ErrUnknownAction) {
		t.Errorf("Decode of an unknown action: %v", err)
	}
	if _, err := verbs.Decode("drop"); !errors.Is(err, callback.ErrMalformed) {
		t.Errorf("Decode of foreign text: %v", err)
	}
	if _, err := callback.Register("a", "a", "B"); err == nil || !strings.Contains(err.Error(), "twice") || !strings.Contains(err.Error(), `"B"`) {
		t.Errorf("Register = %v, want both complaints", err)
	}
}

func FuzzEncodeThenDecodeIsTheSame(f *testing.F) {
	f.Add("rsvp", "m42", "yes", uint8(2))
	f.Add("a", "~:", "", uint8(1))
	f.Add("", "\xff", "\x00", uint8(0))
	f.Fuzz(func(t *testing.T, verb, one, two string, count uint8) {
		p := callback.Press{Action: verb, Args: []string{one, two}[:count%3]}
		text, err := callback.Encode(p)
		if err != nil {
			return
		}
		if len(text) > callback.Limit {
			t.Fatalf("%d bytes", len(text))
		}
		got, err := callback.Decode(text)
		if err != nil || got.Action != p.Action || !slices.Equal(got.Args, p.Args) {
			t.Fatalf("Decode(%q) = %v, %v; want %v", text, got, err, p)
		}
	})
}

func FuzzDecodeThenEncodeIsTheSame(f *testing.F) {
	for _, text := range []string{"1a", "1a:", "1a:~~~.", "1rsvp:m42:yes", "\xff", "1a:~"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := callback.Decode(text)
		if err != nil {
			return
		}
		if again, err := callback.Encode(p); err != nil || again != text {
			t.Fatalf("Encode(Decode(%q)) = %q, %v", text, again, err)
		}
	})
}
