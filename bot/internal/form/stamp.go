package form

import (
	"strings"
	"unicode"

	"briefbot/briefings"
	"briefbot/briefings/vietnamese"
)

// stamps are the levels of state secrecy as they stand on a document, and as they are typed without accents. Accents count here:
// "Mất" and "Mắt" are words like any other.
var stamps = map[string]string{
	"mật": "MẬT", "tối mật": "TỐI MẬT", "tuyệt mật": "TUYỆT MẬT",
	"toi mat": "TỐI MẬT", "tuyet mat": "TUYỆT MẬT",
}

// longestStamp is more bytes than any of them has.
const longestStamp = 40

// Stamp finds a stamp of secrecy in a text of any number of lines: a line that is nothing but MẬT, TỐI MẬT or TUYỆT MẬT, one that
// says "Độ mật: …", or a stamp in capitals among other words. It returns the stamp in capitals, "" when there is none. A word that
// holds one, such as "bảo mật", is no stamp.
func Stamp(text string) string {
	for line := range strings.Lines(text) {
		if level := capitals(vietnamese.Clean(line)); level != "" {
			return level
		}
		line = strings.TrimFunc(vietnamese.Clean(line), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		if level, ok := stamps[strings.ToLower(line)]; ok {
			return level
		}
		if line == "MAT" {
			return stamps["mật"]
		}
		if key, level, found := strings.Cut(line, ":"); found && degree(key) {
			level = strings.TrimSpace(level)
			switch vietnamese.Fold(level) {
			case "", "khong", "khong mat", "thuong", "none":
				continue
			}
			if known, ok := stamps[strings.ToLower(level)]; ok {
				return known
			}
			if _, err := label(level); err == nil || vietnamese.Fold(level) == "pho bien" {
				continue // how far it may spread, written under another name
			}
			return strings.ToUpper(level)
		}
	}
	return ""
}

// capitals finds a stamp that stands out of its line by its capitals: "Kế hoạch (TUYỆT MẬT)", "tài liệu MẬT". Capitals that go on
// before or after it are those of a heading, in which it may be part of a word: "BẢO MẬT", "MẬT ĐỘ".
func capitals(line string) string {
	run := ""
	for word := range strings.FieldsSeq(line + " .") {
		bare := strings.TrimFunc(word, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		loud := bare != "" && bare == strings.ToUpper(bare) && bare != strings.ToLower(bare)
		if run != "" && (!loud || !strings.HasPrefix(word, bare)) { // the run ends before this word
			if level, ok := stamps[strings.ToLower(run)]; ok {
				return level
			}
			run = ""
		}
		if !loud {
			continue
		}
		if len(run) <= longestStamp { // a longer run is none, however it goes on
			run = strings.TrimSpace(run + " " + bare)
		}
		if !strings.HasSuffix(word, bare) { // it ends with this word
			if level, ok := stamps[strings.ToLower(run)]; ok {
				return level
			}
			run = ""
		}
	}
	return ""
}

// degree reports the words before a level of secrecy.
func degree(key string) bool {
	switch strings.ToLower(strings.TrimSpace(key)) {
	case "độ mật", "do mat", "mức độ mật", "muc do mat":
		return true
	}
	return false
}

// StampName finds a stamp of secrecy in a file's name, where it stands in capitals between separators: "KH_MAT_2026.pdf",
// "to-trinh.TUYỆT-MẬT.docx". In small letters, and after BẢO, it is a word.
func StampName(name string) string {
	words := strings.FieldsFunc(vietnamese.Clean(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for i, word := range words {
		if word != "MAT" && word != "MẬT" {
			continue
		}
		before := ""
		if i > 0 {
			before = words[i-1]
		}
		switch before {
		case "BAO", "BẢO":
			continue
		case "TOI", "TỐI":
			return stamps["tối mật"]
		case "TUYET", "TUYỆT":
			return stamps["tuyệt mật"]
		}
		return stamps["mật"]
	}
	return ""
}

// stamped refuses a line that carries a stamp, whatever its key is. The label's own line says by itself what it refuses.
func (l Line) stamped() error {
	if l.Field == briefings.FieldLabel {
		return nil
	}
	for _, text := range []string{l.Text, l.Value} {
		if stamp := Stamp(text); stamp != "" {
			return briefings.Refuse("send.refused_secret", "label", stamp)
		}
	}
	return nil
}
