package rosterfile

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/xuri/excelize/v2"

	"briefbot/briefings"
	"briefbot/briefings/i18n"
	"briefbot/briefings/vietnamese"
)

// Format is a kind of roster file.
type Format int

const (
	XLSX Format = iota
	CSV
)

// FormatOf takes the format from a file's name: CSV for .csv and .txt, XLSX for everything else.
func FormatOf(name string) Format {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".csv", ".txt":
		return CSV
	}
	return XLSX
}

// Rows writes the roll as the rows of a file, by number: everybody on it, without those who left or still wait to be let in. Links
// are the invite links of those who have one; states are in the language of say.
func Rows(roster *briefings.Roster, links map[briefings.MemberID]string, say i18n.Printer) []Row {
	units, groups := finderOf(roster), newGroupFinder(roster)
	var out []Row
	for _, m := range roster.Members {
		if !onRoll(m) {
			continue
		}
		row := Row{Number: len(out) + 2, Columns: AllColumns}
		row.Cells = [columns]string{
			Code: string(m.ID), FullName: vietnamese.Clean(m.Name), Phone: vietnamese.PrintPhone(m.Phone), Unit: units.cell(m.Unit),
			Position: vietnamese.Clean(m.Position), Groups: groups.names(groups.of(m)), Role: grantsCell(m.Roles),
			Language: string(m.Lang), Address: addressOf(m.Address), Link: links[m.ID], State: say.T(stateKey(m)),
		}
		if row.Cells[Role] == "" {
			row.Cells[Role] = string(briefings.RoleMember)
		}
		out = append(out, row)
	}
	return out
}

// stateKey names the sentence for how a member can be reached.
func stateKey(m briefings.Member) string {
	switch {
	case m.Status == briefings.Withdrawn:
		return "roster.state_withdrawn"
	case m.Channel != "" && m.Channel != briefings.ByTelegram:
		return "roster.state_otherwise"
	case !m.Joined():
		return "roster.state_not_joined"
	case m.Blocked != "":
		return "roster.state_unreachable"
	case m.Paused:
		return "roster.state_paused"
	}
	return "roster.state_joined"
}

// Write writes rows with headings in lang: a workbook with a frozen heading, or CSV as Vietnamese Excel opens it (UTF-8 with a byte
// order mark, semicolons). No cell can run as a formula, and Read gives back what went in.
func Write(w io.Writer, format Format, lang briefings.Lang, rows []Row) error {
	if format == CSV {
		return writeCSV(w, lang, rows)
	}
	return writeWorkbook(w, lang, rows)
}

func writeCSV(w io.Writer, lang briefings.Lang, rows []Row) error {
	var buf bytes.Buffer
	buf.Write(byteOrderMark)
	c := csv.NewWriter(&buf)
	c.Comma, c.UseCRLF = ';', true
	record := make([]string, columns)
	for i := range record {
		record[i] = Column(i).Name(lang)
	}
	_ = c.Write(record) // a buffer takes everything; Flush below reports what it would not
	for _, row := range rows {
		for i, cell := range row.Cells {
			record[i] = guard(cell)
		}
		_ = c.Write(record)
	}
	c.Flush()
	if err := c.Error(); err != nil {
		return fmt.Errorf("write roster: %w", err)
	}
	if _, err := w.Write(buf.Bytes()); err != nil {
		return fmt.Errorf("write roster: %w", err)
	}
	return nil
}

func writeWorkbook(w io.Writer, lang briefings.Lang, rows []Row) error {
	f := excelize.NewFile()
	defer f.Close() // releases temporary files only
	if err := fill(f, lang, rows); err != nil {
		return fmt.Errorf("write roster: %w", err)
	}
	if err := f.Write(w); err != nil {
		return fmt.Errorf("write roster: %w", err)
	}
	return nil
}

func fill(f *excelize.File, lang briefings.Lang, rows []Row) error {
	sheet := "Danh sách"
	if lang == briefings.English {
		sheet = "Roll"
	}
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return err
	}
	line := []excelize.Border{}
	for _, side := range []string{"left", "right", "top", "bottom"} {
		line = append(line, excelize.Border{Type: side, Color: "B0B0B0", Style: 1})
	}
	const asText = 49 // the built-in number format "@": a telephone keeps its zero when somebody edits it
	heading, err := f.NewStyle(&excelize.Style{
		Font: &excelize.Font{Bold: true}, Border: line,
		Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8ECF2"}},
		Alignment: &excelize.Alignment{Vertical: "center", WrapText: true},
	})
	if err != nil {
		return err
	}
	body, err := f.NewStyle(&excelize.Style{NumFmt: asText, Border: line, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}})
	if err != nil {
		return err
	}
	if err := printed(f, sheet); err != nil {
		return err
	}
	s, err := f.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	for c, h := range headings {
		if err := s.SetColWidth(c+1, c+1, h.width); err != nil {
			return err
		}
	}
	if err := s.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	values := make([]any, columns)
	for c := range values {
		values[c] = excelize.Cell{StyleID: heading, Value: Column(c).Name(lang)}
	}
	if err := s.SetRow("A1", values, excelize.RowOpts{Height: 22}); err != nil {
		return err
	}
	for n, row := range rows {
		for c, cell := range row.Cells {
			values[c] = excelize.Cell{StyleID: body, Value: guard(cell)}
		}
		if err := s.SetRow(fmt.Sprintf("A%d", n+2), values); err != nil {
			return err
		}
	}
	return s.Flush()
}

// printed sets the sheet up for paper: A4 across, as wide as the page, the heading on every page.
func printed(f *excelize.File, sheet string) error {
	landscape, a4, wide, tall, fit := "landscape", 9, 1, 0, true
	if err := f.SetPageLayout(sheet, &excelize.PageLayoutOptions{Size: &a4, Orientation: &landscape, FitToWidth: &wide, FitToHeight: &tall}); err != nil {
		return err
	}
	if err := f.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	return f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", Scope: sheet, RefersTo: "'" + sheet + "'!$1:$1"})
}
