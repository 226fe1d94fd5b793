package rosterfile

import (
	"strings"

	"briefbot/briefings"
	"briefbot/briefings/vietnamese"
)

// Column is one of the columns of a roster file.
type Column int

// The columns in the order in which Write puts them. Link and State are written for the reader and ignored by Read.
const (
	Code Column = iota
	FullName
	Phone
	Unit
	Position
	Groups
	Role
	Language
	Address
	Link
	State
	columns
)

// Columns is a set of columns.
type Columns uint16

// Has reports whether the set holds a column.
func (s Columns) Has(c Column) bool { return s&(1<<c) != 0 }

func (s *Columns) add(c Column) { *s |= 1 << c }

// AllColumns are the columns that Read takes.
const AllColumns = Columns(1<<Link - 1)

var headings = [columns]struct {
	en, vi string
	width  float64 // characters, in a sheet
	others []string
}{
	Code:     {"code", "Mã", 10, []string{"id", "mã số", "member code"}},
	FullName: {"full_name", "Họ và tên", 28, []string{"full name", "name", "họ tên", "họ và tên khai sinh"}},
	Phone:    {"phone", "Số điện thoại", 16, []string{"phone number", "mobile", "điện thoại", "sđt", "di động"}},
	Unit:     {"unit", "Đơn vị", 48, []string{"unit id", "mã đơn vị", "đơn vị công tác"}},
	Position: {"position", "Chức vụ", 30, []string{"title", "chức danh"}},
	Groups:   {"groups", "Nhóm", 24, []string{"group", "thành phần"}},
	Role:     {"role", "Vai trò", 18, []string{"roles"}},
	Language: {"language", "Ngôn ngữ", 10, []string{"lang"}},
	Address:  {"address", "Xưng hô", 10, []string{"form of address"}},
	Link:     {"link", "Liên kết mời", 62, []string{"invite link", "liên kết", "link mời"}},
	State:    {"state", "Trạng thái", 18, []string{"status", "tình trạng"}},
}

// Name returns the column's heading in lang.
func (c Column) Name(lang briefings.Lang) string {
	if lang == briefings.English {
		return headings[c].en
	}
	return headings[c].vi
}

// columnOf finds the column a heading means; letter case, accents, and underscores or spaces are one.
func columnOf(heading string) (Column, bool) {
	want := headingKey(heading)
	for c, h := range headings {
		if want == headingKey(h.en) || want == headingKey(h.vi) {
			return Column(c), true
		}
		for _, other := range h.others {
			if want == headingKey(other) {
				return Column(c), true
			}
		}
	}
	return 0, false
}

func headingKey(s string) string {
	s = strings.NewReplacer("_", " ", "*", " ").Replace(vietnamese.Fold(s))
	return strings.Join(strings.Fields(s), " ")
}

// Row is one person's line. Cells are cleaned text; Number is the row as the sheet shows it, the heading being row 1 of a plain file.
type Row struct {
	Number  int
	Cells   [columns]string
	Columns Columns // which columns the file has at all
}

// Cell returns the text of one column.
func (r Row) Cell(c Column) string { return r.Cells[c] }

// header says which place of a line holds which column; -1 for a place that is ignored.
type header struct {
	places  []Column
	columns Columns
}

const ignored Column = -1

// readHeader reads the heading line, or refuses it naming what is wrong.
func readHeader(cells []string) (header, error) {
	var h header
	var unknown []string
	known := 0
	for _, cell := range cells {
		cell = vietnamese.Clean(cell)
		if cell == "" {
			h.places = append(h.places, ignored)
			continue
		}
		c, ok := columnOf(cell)
		switch {
		case !ok:
			unknown = append(unknown, cell)
			continue
		case h.columns.Has(c):
			return h, briefings.Refuse("roster.column_twice", "column", shortList([]string{cell}))
		}
		known++
		h.columns.add(c)
		h.places = append(h.places, c)
	}
	if known == 0 { // some other list, or one without headings
		return h, briefings.Refuse("roster.no_header")
	}
	if len(unknown) > 0 {
		return h, briefings.Refuse("roster.unknown_columns", "n", len(unknown), "columns", shortList(unknown))
	}
	var missing []string
	for _, c := range []Column{FullName, Unit} {
		if !h.columns.Has(c) {
			missing = append(missing, headings[c].vi+" ("+headings[c].en+")")
		}
	}
	if len(missing) > 0 {
		return h, briefings.Refuse("roster.missing_columns", "n", len(missing), "columns", strings.Join(missing, ", "))
	}
	return h, nil
}

// shortList names at most ten things, each of at most forty characters, so that a strange file cannot flood the screen.
func shortList(names []string) string {
	const most, length = 10, 40
	shown := make([]string, 0, most+1)
	for i, n := range names {
		if i == most {
			shown = append(shown, "…")
			break
		}
		if r := []rune(n); len(r) > length {
			n = string(r[:length]) + "…"
		}
		shown = append(shown, "“"+n+"”")
	}
	return strings.Join(shown, ", ")
}
