package report

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"briefbot/briefings/vietnamese"
)

// page is one sheet being written, from the top down. The first error stays and stops everything after it.
type page struct {
	f      *excelize.File
	sheet  string
	styles [looks]int
	widths []float64 // of the columns, in characters
	row    int       // the next one, from 1
	header int       // the last row of the headings
	err    error
}

// column is one column of a table: its heading, under a shared one where over is not empty.
type column struct {
	over, head string
	width      float64
	look       look
	total      look
}

func newPage(f *excelize.File, sheet string, styles [looks]int, columns []column) *page {
	p := &page{f: f, sheet: sheet, styles: styles, row: 1}
	for i, c := range columns {
		p.widths = append(p.widths, c.width)
		name := p.name(i + 1)
		p.do(func() error { return f.SetColWidth(sheet, name, name, c.width) })
	}
	return p
}

func (p *page) do(step func() error) {
	if p.err == nil {
		p.err = step()
	}
}

func (p *page) name(column int) string {
	name, err := excelize.ColumnNumberToName(column)
	p.do(func() error { return err })
	return name
}

func (p *page) cell(column, row int) string { return fmt.Sprintf("%s%d", p.name(column), row) }

// put writes one cell of the current row. Texts are written as texts, never as formulas.
func (p *page) put(column int, l look, value any) {
	at := p.cell(column, p.row)
	p.do(func() error { return p.f.SetCellStyle(p.sheet, at, at, p.styles[l]) })
	p.do(func() error {
		switch v := value.(type) {
		case nil:
			return nil
		case string:
			return p.f.SetCellStr(p.sheet, at, inert(v))
		case time.Time:
			// A sheet knows no zones: it shows the hour of the wall clock.
			return p.f.SetCellValue(p.sheet, at, time.Date(v.Year(), v.Month(), v.Day(), v.Hour(), v.Minute(), 0, 0, time.UTC))
		}
		return p.f.SetCellValue(p.sheet, at, value)
	})
}

// across writes a text over the columns from … to of the current row.
func (p *page) across(from, to int, l look, value string) {
	p.put(from, l, value)
	if from == to {
		return
	}
	first, last := p.cell(from, p.row), p.cell(to, p.row)
	p.do(func() error { return p.f.MergeCell(p.sheet, first, last) })
	p.do(func() error { return p.f.SetCellStyle(p.sheet, first, last, p.styles[l]) })
}

// next goes to the next row and makes the current one so high in points; 0 leaves the height to the program.
func (p *page) next(height float64) {
	row := p.row
	if height > 0 {
		p.do(func() error { return p.f.SetRowHeight(p.sheet, row, height) })
	}
	p.row++
}

// headings writes the heading rows: one, or two where columns share one.
func (p *page) headings(columns []column) {
	top, two := p.row, false
	for _, c := range columns {
		two = two || c.over != ""
	}
	for i := 0; i < len(columns); i++ {
		c := columns[i]
		if c.over == "" {
			p.put(i+1, head, c.head)
			if two {
				p.row++
				p.put(i+1, head, nil)
				p.row = top
				first, last := p.cell(i+1, top), p.cell(i+1, top+1)
				p.do(func() error { return p.f.MergeCell(p.sheet, first, last) })
			}
			continue
		}
		last := i
		for last+1 < len(columns) && columns[last+1].over == c.over {
			last++
		}
		p.across(i+1, last+1, head, c.over)
		p.row++
		for j := i; j <= last; j++ {
			p.put(j+1, head, columns[j].head)
		}
		p.row = top
		i = last
	}
	if two {
		p.next(22)
	}
	p.header = p.row
	height := 30.0
	if two {
		height = 48
	}
	p.next(height)
}

// line writes one row of the table; its height follows the longest text.
func (p *page) line(columns []column, total bool, values ...any) {
	lines := 1
	for i, v := range values {
		l := columns[i].look
		if total {
			l = columns[i].total
		}
		if s, ok := v.(string); ok {
			lines = max(lines, wrapped(s, p.widths[i]))
			if !total && (l == whole || l == tenths || l == moment) {
				l = middle
			} else if total && l != totalText {
				l = totalText
			}
		}
		p.put(i+1, l, v)
	}
	p.next(6 + 15*float64(lines))
}

// wrapped is about how many lines a text takes in a column of a width.
func wrapped(s string, width float64) int {
	lines, room := 1, (width-2)*1.2 // the frame's inset, and letters narrower than digits
	left := room
	for _, word := range strings.Fields(s) {
		n := float64(utf8.RuneCountInString(word) + 1)
		if n > left && left < room {
			lines++
			left = room
		}
		for n > room { // a word longer than the column breaks
			lines++
			n -= room
		}
		left -= n
	}
	return lines
}

// printed sets the sheet up for paper: A4, as wide as the page, with the headings on every page and the page's number below.
func (p *page) printed(landscape bool, pageWord string) {
	orientation, a4, fit, anyHeight := "portrait", 9, 1, 0
	if landscape {
		orientation = "landscape"
	}
	yes := true
	p.do(func() error {
		return p.f.SetPageLayout(p.sheet, &excelize.PageLayoutOptions{Size: &a4, Orientation: &orientation, FitToWidth: &fit, FitToHeight: &anyHeight})
	})
	p.do(func() error { return p.f.SetSheetProps(p.sheet, &excelize.SheetPropsOptions{FitToPage: &yes}) })
	side, edge, below := 0.5, 0.6, 0.3
	p.do(func() error {
		return p.f.SetPageMargins(p.sheet, &excelize.PageLayoutMarginsOptions{
			Left: &side, Right: &side, Top: &edge, Bottom: &edge, Footer: &below, Header: &below, Horizontally: &yes,
		})
	})
	p.do(func() error {
		return p.f.SetHeaderFooter(p.sheet, &excelize.HeaderFooterOptions{OddFooter: "&C&\"" + face + "\"&10" + pageWord + " &P/&N"})
	})
	if p.header == 0 {
		return
	}
	first := p.header
	if p.merged(p.header) {
		first--
	}
	p.do(func() error {
		return p.f.SetDefinedName(&excelize.DefinedName{
			Name: "_xlnm.Print_Titles", Scope: p.sheet, RefersTo: fmt.Sprintf("'%s'!$%d:$%d", p.sheet, first, p.header),
		})
	})
	p.do(func() error {
		return p.f.SetPanes(p.sheet, &excelize.Panes{
			Freeze: true, YSplit: p.header, TopLeftCell: fmt.Sprintf("A%d", p.header+1), ActivePane: "bottomLeft",
		})
	})
}

// merged reports whether a heading cell reaches into the row from above.
func (p *page) merged(row int) bool {
	cells, err := p.f.GetMergeCells(p.sheet)
	p.do(func() error { return err })
	for _, m := range cells {
		_, from, err1 := excelize.CellNameToCoordinates(m.GetStartAxis())
		_, to, err2 := excelize.CellNameToCoordinates(m.GetEndAxis())
		if err1 == nil && err2 == nil && from == row-1 && to == row {
			return true
		}
	}
	return false
}

// inert makes one line of text that stays text even when somebody edits the cell or saves the sheet as CSV: what a spreadsheet would
// run begins with an apostrophe.
func inert(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = vietnamese.Clean(lines[i])
	}
	s = strings.Join(lines, "\n")
	if s != "" && strings.IndexByte("=+-@", s[0]) >= 0 {
		return "'" + s
	}
	return s
}
