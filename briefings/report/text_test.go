package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rivo/uniseg"

	"briefbot/briefings/i18n"
)

var update = flag.Bool("update", false, "write the golden files")

func TestTheTextOfAConferenceReadsAsWritten(t *testing.T) {
	for _, lang := range i18n.Languages() {
		for name, closed := range map[string]bool{"closed": true, "open": false} {
			_, roll := counted(t, closed)
			var buf bytes.Buffer
			if err := CountsText(&buf, roll, printer(t, lang)); err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", "counts."+name+"."+string(lang)+".txt")
			if *update {
				if err := os.MkdirAll("testdata", 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(golden, buf.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if buf.String() != string(want) {
				t.Errorf("%s, %s: got\n%s", name, lang, buf.String())
			}
		}
	}
}

func TestColumnsStayStraightUnderAccentsAndWideLetters(t *testing.T) {
	table := Table{Head: []string{"Tên", "Số"}, Rows: [][]string{{"Ượ", "1"}, {"Nguye\u0302\u0303n", "22"}, {"会議", "333"}, {"🎉", "4"}}, Foot: []string{"Cộng", "360"}}
	var buf bytes.Buffer
	if _, err := table.WriteTo(&buf); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimRight(buf.String(), "\n"), "\n")
	for _, l := range lines {
		if got, want := uniseg.StringWidth(l), uniseg.StringWidth(lines[0]); got != want {
			t.Errorf("%q is %d wide, the heading %d", l, got, want)
		}
	}
}
