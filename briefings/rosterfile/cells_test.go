package rosterfile

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"briefbot/briefings"
)

func TestAnySheetIsReadAsItStands(t *testing.T) {
	want := [][]string{{"TT", "Họ và tên"}, {"1", "Nguyễn Mẫu An"}, {"2", "Trần Mẫu Bình"}}
	book := excelize.NewFile()
	for i, row := range want {
		at := i + 1
		if i == 2 {
			at = 9 // empty rows between
		}
		for j, cell := range row {
			name, err := excelize.CoordinatesToCellName(j+1, at)
			if err != nil {
				t.Fatal(err)
			}
			if err := book.SetCellStr(book.GetSheetName(0), name, cell); err != nil {
				t.Fatal(err)
			}
		}
	}
	var workbook bytes.Buffer
	if err := book.Write(&workbook); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		"list.xlsx": workbook.Bytes(),
		"list.csv":  []byte("\xEF\xBB\xBFTT;Họ và tên\r\n1;Nguyễn Mẫu An\r\n;\r\n2;Trần Mẫu Bình\r\n"),
	} {
		got, err := Cells(bytes.NewReader(content), name)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if _, err := Cells(strings.NewReader("\x89PNG\x00\x01"), "photo.png"); briefings.AsRefusal(err) == nil {
		t.Errorf("a picture is read as a sheet: %v", err)
	}
}
