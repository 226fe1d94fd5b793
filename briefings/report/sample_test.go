package report

import (
	"os"
	"strings"
	"testing"

	"briefbot/briefings/i18n"
)

// TestASampleIsWritten writes the workbooks to the folder that SAMPLES names, for somebody who wants to look at them.
func TestASampleIsWritten(t *testing.T) {
	dir := os.Getenv("SAMPLES")
	if dir == "" {
		t.Skip("SAMPLES names no folder")
	}
	for name, closed := range map[string]bool{"closed": true, "open": false, "closed.en": true} {
		s, _ := counted(t, closed)
		if strings.HasSuffix(name, ".en") {
			s.Say = printer(t, i18n.En)
		}
		f, err := os.Create(dir + "/" + name + ".xlsx")
		if err != nil {
			t.Fatal(err)
		}
		if err := CountsXLSX(f, s); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
