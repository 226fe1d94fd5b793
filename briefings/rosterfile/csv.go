package rosterfile

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"strings"

	"briefbot/briefings"
)

var byteOrderMark = []byte("\xEF\xBB\xBF")

// csvLines yields the lines of a CSV text, numbered as a spreadsheet would number them: an empty line is a row, a cell of several
// lines is not several.
func csvLines(content []byte) iter.Seq2[line, error] {
	content = bytes.TrimPrefix(content, byteOrderMark)
	skipped := 0
	content, mark := separator(content, &skipped)
	return func(yield func(line, error) bool) {
		r := csv.NewReader(bytes.NewReader(content))
		r.Comma, r.FieldsPerRecord, r.LazyQuotes = mark, -1, true
		number, ended := skipped, 0
		for {
			cells, err := r.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				var bad *csv.ParseError
				if errors.As(err, &bad) {
					yield(line{}, briefings.Refuse("roster.bad_csv", "line", bad.StartLine+skipped))
				} else {
					yield(line{}, err)
				}
				return
			}
			starts, _ := r.FieldPos(0)
			number += starts - ended // the lines between that were empty, and this one
			ended = starts
			for _, c := range cells {
				ended += strings.Count(c, "\n")
			}
			if !yield(line{number, cells}, nil) {
				return
			}
		}
	}
}

// separator finds the mark between cells: the one a first line "sep=;" states, else the one that makes most known headings of the
// first line.
func separator(content []byte, skipped *int) ([]byte, rune) {
	first, rest, _ := bytes.Cut(content, []byte("\n"))
	if mark, ok := strings.CutPrefix(strings.TrimRight(string(first), "\r;,"), "sep="); ok {
		*skipped = 1
		switch {
		case mark == "\t":
			return rest, '\t'
		case bytes.Contains(first, []byte("=,")):
			return rest, ','
		}
		return rest, ';'
	}
	heading, _, _ := strings.Cut(strings.TrimLeft(string(content), "\r\n"), "\n")
	best, most := ',', -1
	for _, mark := range []rune{',', ';', '\t'} {
		cells := strings.Split(heading, string(mark))
		known := len(cells) // without a known heading the commonest mark it is
		for _, cell := range cells {
			if _, ok := columnOf(strings.Trim(cell, "\"\r ")); ok {
				known += 1000
			}
		}
		if known > most {
			best, most = mark, known
		}
	}
	return content, best
}
