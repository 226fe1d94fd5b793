package rosterfile

import (
	"bytes"
	"iter"

	"github.com/xuri/excelize/v2"

	"briefbot/briefings"
)

const (
	// unzipped is how large a workbook may be inside: 200,000 rows of ordinary text stay well below, a zip bomb does not.
	unzipped = 400 << 20
	// inMemory is how large one sheet may be before it is unpacked into a file instead.
	inMemory = 32 << 20
)

// workbookLines yields the lines of the first sheet.
func workbookLines(content []byte) iter.Seq2[line, error] {
	return func(yield func(line, error) bool) {
		f, err := excelize.OpenReader(bytes.NewReader(content),
			excelize.Options{UnzipSizeLimit: unzipped, UnzipXMLSizeLimit: inMemory})
		if err != nil {
			yield(line{}, briefings.Refuse("roster.bad_workbook"))
			return
		}
		defer f.Close() // removes the files it unpacked; nothing of ours is lost when that fails
		sheets := f.GetSheetList()
		if len(sheets) == 0 {
			yield(line{}, briefings.Refuse("roster.bad_workbook"))
			return
		}
		rows, err := f.Rows(sheets[0])
		if err != nil {
			yield(line{}, briefings.Refuse("roster.bad_workbook"))
			return
		}
		defer rows.Close()
		for number := 1; rows.Next(); number++ {
			cells, err := rows.Columns()
			if err != nil {
				yield(line{}, briefings.Refuse("roster.bad_workbook"))
				return
			}
			if !yield(line{number, cells}, nil) {
				return
			}
		}
		if rows.Error() != nil {
			yield(line{}, briefings.Refuse("roster.bad_workbook"))
		}
	}
}
