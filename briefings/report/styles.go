package report

import (
	"strings"

	"github.com/xuri/excelize/v2"
)

// Documents of offices are set in this face.
const face = "Times New Roman"

// look is how a cell is set.
type look int

const (
	plain     look = iota // text without a frame
	organ                 // the organisation, above the title
	formNo                // the number of the form
	title                 // of a sheet
	subtitle              // the meeting
	small                 // times and stamps
	sentence              // the result in words
	signature             // who signs
	hint                  // below the signature
	note                  // to the left, below the table
	head                  // of a column
	text                  // framed
	middle                // framed, in the middle
	whole                 // framed, a number with marks between thousands
	tenths                // framed, one decimal
	moment                // framed, an hour and a date
	totalText             // the same in the row of totals
	totalWhole
	totalTenths
	looks
)

const (
	wholeFormat  = "#,##0"
	tenthsFormat = "0.0"
	momentFormat = "hh:mm dd/mm/yyyy"
)

// styles registers every look with a workbook.
func styles(f *excelize.File) ([looks]int, error) {
	frame := make([]excelize.Border, 0, 4)
	for _, side := range []string{"left", "right", "top", "bottom"} {
		frame = append(frame, excelize.Border{Type: side, Color: "000000", Style: 1})
	}
	font := func(size float64, marks string) *excelize.Font {
		return &excelize.Font{Family: face, Size: size, Bold: strings.Contains(marks, "b"), Italic: strings.Contains(marks, "i")}
	}
	at := func(horizontal string) *excelize.Alignment {
		return &excelize.Alignment{Horizontal: horizontal, Vertical: "center", WrapText: true}
	}
	number := func(format string) *string { return &format }
	grey := excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E7E6E6"}}
	set := [looks]excelize.Style{
		plain:       {Font: font(12, ""), Alignment: &excelize.Alignment{Vertical: "center"}},
		organ:       {Font: font(12, "b"), Alignment: &excelize.Alignment{Horizontal: "left", Vertical: "center"}},
		formNo:      {Font: font(12, "b"), Alignment: &excelize.Alignment{Horizontal: "right", Vertical: "center"}},
		title:       {Font: font(14, "b"), Alignment: at("center")},
		subtitle:    {Font: font(13, "b"), Alignment: at("center")},
		small:       {Font: font(12, "i"), Alignment: at("center")},
		sentence:    {Font: font(12, ""), Alignment: at("left")},
		signature:   {Font: font(12, "b"), Alignment: at("center")},
		hint:        {Font: font(12, "i"), Alignment: at("center")},
		note:        {Font: font(11, ""), Alignment: &excelize.Alignment{Horizontal: "left", Vertical: "top", WrapText: true}},
		head:        {Font: font(11, "b"), Alignment: at("center"), Border: frame, Fill: grey},
		text:        {Font: font(11, ""), Alignment: &excelize.Alignment{Horizontal: "left", Vertical: "center", WrapText: true, Indent: 1}, Border: frame},
		middle:      {Font: font(11, ""), Alignment: at("center"), Border: frame},
		whole:       {Font: font(11, ""), Alignment: at("center"), Border: frame, CustomNumFmt: number(wholeFormat)},
		tenths:      {Font: font(11, ""), Alignment: at("center"), Border: frame, CustomNumFmt: number(tenthsFormat)},
		moment:      {Font: font(11, ""), Alignment: at("center"), Border: frame, CustomNumFmt: number(momentFormat)},
		totalText:   {Font: font(11, "b"), Alignment: at("center"), Border: frame, Fill: grey},
		totalWhole:  {Font: font(11, "b"), Alignment: at("center"), Border: frame, Fill: grey, CustomNumFmt: number(wholeFormat)},
		totalTenths: {Font: font(11, "b"), Alignment: at("center"), Border: frame, Fill: grey, CustomNumFmt: number(tenthsFormat)},
	}
	var ids [looks]int
	for i := range set {
		id, err := f.NewStyle(&set[i])
		if err != nil {
			return ids, err
		}
		ids[i] = id
	}
	return ids, nil
}
