package vietnamese

import "testing"

func TestCleanRepairsWhatKeyboardsAndFilesBringIn(t *testing.T) {
	for name, c := range map[string]struct{ typed, want string }{
		"the letter Eth":                        {"Ðảng ta, đối ngoại Ðảng", "Đảng ta, đối ngoại Đảng"},
		"the African letter":                    {"Ɖỗ ɖi ðâu", "Đỗ đi đâu"},
		"decomposed letters":                    {"be\u0323\u0302nh vie\u0302\u0323n", "bệnh viện"},
		"a vowel with a loose tone":             {"b\u00ea\u0323nh", "bệnh"},
		"a no-break space":                      {"Nguyễn\u00a0Mẫu\u202fAn", "Nguyễn Mẫu An"},
		"invisible characters":                  {"\ufeffNguy\u200bễn\u200d \u2060An\u00ad", "Nguyễn An"},
		"an invisible one before the tone":      {"be\u200b\u0302\u0323nh", "bệnh"},
		"curly apostrophes":                     {"H’Mẫu Niê, K‘Brôi, Hʼ", "H'Mẫu Niê, K'Brôi, H'"},
		"spaces everywhere":                     {"  nguyễn \t mẫu\nan ", "nguyễn mẫu an"},
		"an emoji of several parts stays whole": {"👩‍💻 An ✏️", "👩‍💻 An ✏️"},
		"control characters":                    {"An\x00 \x07Bình", "An Bình"},
		"broken bytes":                          {"An\xff", "An\uFFFD"},
		"nothing":                               {" \u200b ", ""},
		"letters without a drawing":             {"\u3164 \u2800\u115f\ufe0f", ""},
		"a style of nothing":                    {"An\ufe0f \ufe0fBình 1\ufe0f\u20e3", "An Bình 1\ufe0f\u20e3"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Clean(c.typed); got != c.want {
				t.Errorf("Clean(%q) = %q, want %q", c.typed, got, c.want)
			}
		})
	}
}

func TestCleanTextKeepsLines(t *testing.T) {
	got := CleanText("\r\n Dòng  một \r\n\n\n\u200b\nDòng\u00a0hai\u2028Dòng ba\n \n")
	if want := "Dòng một\n\nDòng hai\nDòng ba"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func FuzzCleanIsStable(f *testing.F) {
	for _, s := range []string{"Ðỗ\u200d Mẫu", "e\u0302\u200b\u0323", "👩‍💻", "\xff\u0300", "ʼ\u0301", "a\u200b\ufe0f", "a\u0301\ufe0f\u200d", "\u1160\u0301"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := Clean(s)
		if twice := Clean(once); twice != once {
			t.Errorf("Clean(%q) = %q, and cleaned again %q", s, once, twice)
		}
		key := Fold(s)
		if again := Fold(key); again != key {
			t.Errorf("Fold(%q) = %q, and folded again %q", s, key, again)
		}
		if other := Fold(once); other != key {
			t.Errorf("Fold(%q) = %q, but of the cleaned text %q", s, key, other)
		}
	})
}
