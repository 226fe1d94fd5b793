package cli

import (
	"fmt"
	"io"
	"strconv"

	"github.com/xuri/excelize/v2"

	"briefbot/briefings/report"
)

// saveReport writes a periodic report as a workbook: a sheet of meetings, a sheet of activities. Texts are cells of text, so that no
// title can run as a formula.
func saveReport(path string, c *console, r periodic) error {
	book := excelize.NewFile()
	defer book.Close()
	say := c.say()
	first, second := say.T("cli.tab_meetings"), say.T("cli.tab_activities")
	if err := book.SetSheetName("Sheet1", first); err != nil {
		return fmt.Errorf("make report: %w", err)
	}
	if _, err := book.NewSheet(second); err != nil {
		return fmt.Errorf("make report: %w", err)
	}
	if err := fillSheet(book, first, c.title(r), c.meetingTable(r)); err != nil {
		return fmt.Errorf("make report: %w", err)
	}
	if err := fillSheet(book, second, c.title(r), c.activityTable(r)); err != nil {
		return fmt.Errorf("make report: %w", err)
	}
	return save(path, func(w io.Writer) error {
		if _, err := book.WriteTo(w); err != nil {
			return fmt.Errorf("write report: %w", err)
		}
		return nil
	})
}

// fillSheet writes a title, an empty row, then the table; whole numbers are numbers.
func fillSheet(book *excelize.File, sheet, title string, t report.Table) error {
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"}})
	if err != nil {
		return err
	}
	if err := book.SetCellStr(sheet, "A1", title); err != nil {
		return err
	}
	lines := append([][]string{t.Head}, t.Rows...)
	if t.Foot != nil {
		lines = append(lines, t.Foot)
	}
	for n, line := range lines {
		for i, text := range line {
			cell, err := excelize.CoordinatesToCellName(i+1, n+3)
			if err != nil {
				return err
			}
			left := i == 0 || i < len(t.Left) && t.Left[i]
			if number, err := strconv.Atoi(text); err == nil && !left {
				err = book.SetCellInt(sheet, cell, int64(number))
				if err != nil {
					return err
				}
				continue
			}
			if err := book.SetCellStr(sheet, cell, text); err != nil {
				return err
			}
		}
	}
	last, err := excelize.ColumnNumberToName(len(t.Head))
	if err != nil {
		return err
	}
	for _, row := range []string{"1", "3"} {
		if err := book.SetCellStyle(sheet, "A"+row, last+row, bold); err != nil {
			return err
		}
	}
	if err := book.SetCellStyle(sheet, "A1", "A1", 0); err != nil {
		return err
	}
	for i := range t.Head {
		name, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		width := 12.0
		if i == 0 || i < len(t.Left) && t.Left[i] {
			width = 40
		}
		if err := book.SetColWidth(sheet, name, name, width); err != nil {
			return err
		}
	}
	return book.SetPanes(sheet, &excelize.Panes{Freeze: true, YSplit: 3, TopLeftCell: "A4", ActivePane: "bottomLeft"})
}
