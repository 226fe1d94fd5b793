package rosterfile

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"regexp"
	"strconv"
	"unicode/utf8"

	"briefbot/briefings"
	"briefbot/briefings/vietnamese"
)

const (
	// MaxBytes is how large a roster file may be.
	MaxBytes = 20 << 20
	// MaxRows is how many people a roster file may hold.
	MaxRows = 200_000
)

// Read reads a roster file and returns its rows in order, without empty ones. What the file is, is judged by its content; name is
// only for the message when that is neither a workbook nor text. A file that cannot be taken is a *briefings.Refusal.
func Read(r io.Reader, name string) ([]Row, error) {
	lines, err := linesOf(r, name)
	if err != nil {
		return nil, err
	}
	return rows(lines)
}

// linesOf finds out what a file is and how its lines are read.
func linesOf(r io.Reader, name string) (iter.Seq2[line, error], error) {
	content, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read roster file: %w", err)
	}
	if len(content) > MaxBytes {
		return nil, briefings.Refuse("roster.too_large", "megabytes", MaxBytes>>20)
	}
	switch kindOf(content) {
	case workbook:
		return workbookLines(content), nil
	case oldWorkbook:
		return nil, briefings.Refuse("roster.old_workbook")
	case otherEncoding:
		return nil, briefings.Refuse("roster.not_utf8")
	case text:
		return csvLines(content), nil
	}
	return nil, briefings.Refuse("roster.wrong_kind", "file", name)
}

// line is one row of a sheet as it stands there.
type line struct {
	number int
	cells  []string
}

// rows takes the first line that is not empty as the heading and the rest as people.
func rows(lines iter.Seq2[line, error]) ([]Row, error) {
	var out []Row
	var h header
	headed := false
	for l, err := range lines {
		if err != nil {
			return nil, err
		}
		if empty(l.cells) {
			continue
		}
		if !headed {
			if h, err = readHeader(l.cells); err != nil {
				return nil, err
			}
			headed = true
			continue
		}
		if len(out) == MaxRows {
			return nil, briefings.Refuse("roster.too_many_rows", "rows", MaxRows)
		}
		row := Row{Number: l.number, Columns: h.columns & AllColumns}
		for i, cell := range l.cells {
			if i < len(h.places) && h.places[i] != ignored {
				row.Cells[h.places[i]] = vietnamese.Clean(unguard(cell))
			}
		}
		row.Cells[Phone] = whole(row.Cells[Phone])
		row.Cells[Link], row.Cells[State] = "", ""
		if row.Cells != [columns]string{} {
			out = append(out, row)
		}
	}
	switch {
	case !headed:
		return nil, briefings.Refuse("roster.empty")
	case len(out) == 0:
		return nil, briefings.Refuse("roster.no_people")
	}
	return out, nil
}

func empty(cells []string) bool {
	for _, c := range cells {
		if vietnamese.Clean(c) != "" {
			return false
		}
	}
	return true
}

type kind int

const (
	unknown kind = iota
	workbook
	oldWorkbook
	otherEncoding
	text
)

// kindOf judges a file by its first bytes, as names lie: an XLSX sent by a phone may be called anything.
func kindOf(content []byte) kind {
	switch {
	case bytes.HasPrefix(content, []byte("PK\x03\x04")):
		return workbook
	case bytes.HasPrefix(content, []byte("\xD0\xCF\x11\xE0")): // .xls, or an XLSX under a password
		return oldWorkbook
	case bytes.HasPrefix(content, []byte("\xFF\xFE")), bytes.HasPrefix(content, []byte("\xFE\xFF")): // UTF-16
		return otherEncoding
	case bytes.IndexByte(content, 0) >= 0, bytes.HasPrefix(content, []byte("%PDF-")):
		return unknown
	case !utf8.Valid(content):
		for _, b := range content {
			if b < ' ' && b != '\n' && b != '\r' && b != '\t' {
				return unknown
			}
		}
		return otherEncoding
	}
	return text
}

var scientific = regexp.MustCompile(`^\d(\.\d+)?[Ee]\+?(0?[89]|1[0-3])$`)

// whole writes out a telephone number that a sheet took for a number and shows as 9.12345678E+08.
func whole(cell string) string {
	if !scientific.MatchString(cell) {
		return cell
	}
	n, err := strconv.ParseFloat(cell, 64)
	if err != nil {
		return cell
	}
	return strconv.FormatFloat(n, 'f', 0, 64)
}

// Cells reads any sheet as it stands, without asking for headings: the rows of a CSV text or of a workbook's first sheet, the empty
// ones left out. A file that cannot be taken is a *briefings.Refusal.
func Cells(r io.Reader, name string) ([][]string, error) {
	lines, err := linesOf(r, name)
	if err != nil {
		return nil, err
	}
	var out [][]string
	for l, err := range lines {
		if err != nil {
			return nil, err
		}
		if len(out) == MaxRows {
			return nil, briefings.Refuse("roster.too_many_rows", "rows", MaxRows)
		}
		if !empty(l.cells) {
			out = append(out, l.cells)
		}
	}
	return out, nil
}
