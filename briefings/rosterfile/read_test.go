package rosterfile

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"briefbot/briefings"
	"briefbot/briefings/i18n"
)

func itoa(n int) string { return strconv.Itoa(n) }

func TestAWrongFileIsRefusedInOneSentence(t *testing.T) {
	bomb := excelize.NewFile()
	var broken bytes.Buffer
	if err := bomb.Write(&broken); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct{ content, want string }{
		"nothing":          {"", "roster.empty"},
		"empty lines":      {"\n\n;;;\n", "roster.empty"},
		"heading only":     {"full_name,unit\n", "roster.no_people"},
		"no heading":       {"Nguyễn Mẫu An,T01\n", "roster.no_header"},
		"unknown column":   {"full_name,unit,Ngày sinh\nA,T01,1\n", "roster.unknown_columns"},
		"missing column":   {"full_name,phone\nA,1\n", "roster.missing_columns"},
		"column twice":     {"full_name,Họ và tên,unit\nA,B,C\n", "roster.column_twice"},
		"PDF":              {"%PDF-1.7\n…", "roster.wrong_kind"},
		"PNG":              {"\x89PNG\r\n\x1a\n\x00\x00", "roster.wrong_kind"},
		"old workbook":     {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "roster.old_workbook"},
		"UTF-16":           {"\xFF\xFEf\x00u\x00", "roster.not_utf8"},
		"Windows-1258":     {"full_name,unit\nNguy\xEA\xF2n,T01\n", "roster.not_utf8"},
		"a damaged zip":    {broken.String()[:broken.Len()/2], "roster.bad_workbook"},
		"another zip":      {"PK\x03\x04", "roster.bad_workbook"},
		"an empty sheet":   {broken.String(), "roster.empty"},
		"more than 20 MB":  {strings.Repeat("a", MaxBytes+1), "roster.too_large"},
		"more rows":        {"full_name,unit\n" + strings.Repeat("A,T\n", MaxRows+1), "roster.too_many_rows"},
		"JSON":             {`{"members": []}`, "roster.no_header"},
		"letters, as text": {"\x01\x02\xFF", "roster.wrong_kind"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Read(strings.NewReader(test.content), "tệp")
			r := briefings.AsRefusal(err)
			if r == nil || r.Key != test.want {
				t.Fatalf("got %v, want %s", err, test.want)
			}
			for _, lang := range i18n.Languages() {
				say(t, lang).Refusal(r)
			}
		})
	}
}

func TestTheUnknownColumnIsNamed(t *testing.T) {
	_, err := Read(strings.NewReader("full_name,unit,Ngày sinh,Dân tộc\nA,T01,1,2\n"), "")
	if got := say(t, i18n.Vi).Refusal(briefings.AsRefusal(err)); !strings.Contains(got, "“Ngày sinh”, “Dân tộc”") {
		t.Error(got)
	}
}

func TestEveryUsualTextFileIsRead(t *testing.T) {
	for name, content := range map[string]string{
		"commas":            "full_name,phone,unit\nNguyễn Mẫu An,0100000001,T01\n",
		"semicolons":        "full_name;phone;unit\nNguyễn Mẫu An;0100000001;T01\n",
		"tabs":              "full_name\tphone\tunit\nNguyễn Mẫu An\t0100000001\tT01\n",
		"byte order mark":   "\xEF\xBB\xBFHọ và tên;Số điện thoại;Đơn vị\r\nNguyễn Mẫu An;0100000001;T01\r\n",
		"no accents":        "HO VA TEN,so dien thoai,DON VI\nNguyễn Mẫu An,0100000001,T01\n",
		"decomposed":        "Họ và tên;Số điện thoại;Đơn vị\nNguyễn Mẫu An;0100000001;T01\n",
		"sep":               "sep=;\nfull_name;phone;unit\nNguyễn Mẫu An;0100000001;T01\n",
		"quotes":            "\"full_name\";\"phone\";\"unit\"\n\"Nguyễn Mẫu An\";\"0100000001\";\"T01\"\n",
		"link and state":    "full_name,link,phone,state,unit\nNguyễn Mẫu An,https://t.me/x,0100000001,joined,T01\n",
		"cells beyond":      "full_name,phone,unit,\nNguyễn Mẫu An,0100000001,T01,,,x\n",
		"old Mac line ends": "full_name,phone,unit\n\n\nNguyễn Mẫu An,0100000001,T01",
	} {
		t.Run(name, func(t *testing.T) {
			rows, err := Read(strings.NewReader(content), "x")
			if err != nil {
				t.Fatal(err)
			}
			if len(rows) != 1 || rows[0].Cell(FullName) != "Nguyễn Mẫu An" || rows[0].Cell(Phone) != "0100000001" || rows[0].Cell(Unit) != "T01" ||
				rows[0].Cell(Link) != "" || rows[0].Columns.Has(Link) {
				t.Errorf("%+v", rows)
			}
		})
	}
}

func TestRowNumbersAreThoseOfTheSheet(t *testing.T) {
	rows, err := Read(strings.NewReader("\nfull_name,unit\nA,T01\n\n\"B\nB\",T01\n\nC,T01\n"), "")
	if err != nil {
		t.Fatal(err)
	}
	if rows[0].Number != 3 || rows[1].Number != 5 || rows[2].Number != 7 {
		t.Errorf("%+v", rows)
	}
}

func TestAWorkbookTypedByHandIsRead(t *testing.T) {
	f := excelize.NewFile()
	if err := f.SetSheetRow("Sheet1", "A2", &[]any{"Họ và tên", "Số điện thoại", "Đơn vị", "Mã"}); err != nil {
		t.Fatal(err)
	}
	if err := f.SetSheetRow("Sheet1", "A4", &[]any{"Nguyễn Mẫu An", 84912345678, "T01", 12}); err != nil {
		t.Fatal(err)
	}
	if err := f.SetSheetRow("Sheet1", "A5", &[]any{"Trần Mẫu Ánh", 912345678, "T01", 13}); err != nil {
		t.Fatal(err)
	}
	if _, err := f.NewSheet("Ghi chú"); err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	if err := f.Write(&buf); err != nil {
		t.Fatal(err)
	}
	rows, err := Read(&buf, "danh sach.txt")
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 2 || rows[0].Number != 4 || rows[0].Cell(Phone) != "84912345678" || rows[0].Cell(Code) != "12" || rows[1].Cell(Phone) != "912345678" {
		t.Errorf("%+v", rows)
	}
}

func FuzzReadNeverFailsButByRefusal(f *testing.F) {
	f.Add([]byte("full_name,unit\nA,T01\n"))
	f.Add([]byte("sep=;\nfull_name;unit\n\"A;T01\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		rows, err := Read(bytes.NewReader(content), "x")
		if err != nil && briefings.AsRefusal(err) == nil {
			t.Fatal(err)
		}
		Plan(rows, sample(), Options{Now: now})
	})
}
