package rosterfile

import (
	"testing"

	"briefbot/briefings/i18n"
)

// say speaks lang; a key that the catalogue lacks, and a value that is not given, fail the test.
func say(t testing.TB, lang i18n.Lang) i18n.Printer {
	t.Helper()
	c, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	return i18n.Printer{Catalogue: c, Lang: lang, Report: func(err error) { t.Error(err) }}
}
