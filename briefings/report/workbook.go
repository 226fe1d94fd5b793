package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"briefbot/briefings"
	"briefbot/briefings/i18n"
)

// Sheet is everything the workbook of a meeting's counts is made of.
type Sheet struct {
	Roll    briefings.Roll
	Meeting *briefings.Meeting // chairs and remarks of the venues; nil: none
	Seats   []Seat             // the roll by person; empty: the sheet has its headings only
	Org     string             // the organisation, above the title
	Say     i18n.Printer       // language and, by Location, the zone of all times
}

// CountsXLSX writes the workbook: Biểu 02 by venue, the same by unit, the roll by person in the order of venues and Vietnamese
// names, and what the terms mean. Figures are numbers, not formulas.
func CountsXLSX(w io.Writer, s Sheet) error {
	f := excelize.NewFile()
	defer f.Close() // releases temporary files only
	styles, err := styles(f)
	if err != nil {
		return fmt.Errorf("style workbook: %w", err)
	}
	for i, sheet := range []struct {
		tab  string
		fill func(*excelize.File, string, [looks]int) error
	}{
		{"sheet.form", s.venues}, {"sheet.tab_units", s.units}, {"sheet.tab_roll", s.people}, {"sheet.tab_terms", s.terms},
	} {
		name := s.Say.T(sheet.tab)
		if i == 0 {
			err = f.SetSheetName("Sheet1", name)
		} else {
			_, err = f.NewSheet(name)
		}
		if err != nil {
			return fmt.Errorf("name sheet: %w", err)
		}
		if err := sheet.fill(f, name, styles); err != nil {
			return fmt.Errorf("fill sheet %s: %w", name, err)
		}
	}
	if err := f.SetDocProps(&excelize.DocProperties{Title: inert(s.Roll.Title.In(langOf(s.Say))), Creator: s.Org, Language: string(spoken(s.Say))}); err != nil {
		return fmt.Errorf("describe workbook: %w", err)
	}
	if err := f.Write(w); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	return nil
}

// opening writes the block above a table.
func (s Sheet) opening(p *page, titleKey string, form bool) {
	last := len(p.widths)
	p.across(1, last-2, organ, strings.ToUpper(s.Org))
	if form {
		p.across(last-1, last, formNo, s.Say.T("sheet.form"))
	}
	p.next(20)
	p.next(8)
	p.across(1, last, title, strings.ToUpper(s.Say.T(titleKey)))
	p.next(24)
	total := 0.0
	for _, w := range p.widths {
		total += w
	}
	name := s.Roll.Title.In(langOf(s.Say))
	p.across(1, last, subtitle, name)
	p.next(20 * float64(wrapped(name, total*0.8)))
	p.across(1, last, small, s.Say.T("sheet.time", "time", s.Roll.Starts))
	p.next(18)
	p.across(1, last, small, "("+s.Say.T(stampKey(s.Roll), "time", s.Roll.AsOf)+")")
	p.next(18)
	p.next(8)
}

// venues is Biểu 02.
func (s Sheet) venues(f *excelize.File, name string, styles [looks]int) error {
	columns := append([]column{
		s.column("", "no", 6, middle), s.column("", "venue", 34, text), s.column("", "chair", 30, text),
	}, s.seats()...)
	columns = append(columns, s.column("", "guests", 11, whole), s.column("", "checked_in", 11, whole),
		s.column("", "headcount", 11, whole))
	columns = append(s.queue(columns, "", "queue"), s.column("", "line", 26, text))
	p := newPage(f, name, styles, columns)
	s.opening(p, "sheet.title", true)
	p.headings(columns)
	rows := venueRows(s.Roll, s.Say)
	for i, v := range s.Roll.Venues {
		if s.Meeting == nil {
			continue
		}
		if place := s.Meeting.Venue(v.ID); place != nil {
			rows[i].chair = place.Chair
			rows[i].remark = state(s.Say, place)
		}
	}
	for i, v := range rows {
		p.line(columns, false, append(s.queued(s.row([]any{i + 1, v.name, v.chair}, v.Tally, v.figure(v.guests), v.checkedIn,
			v.figure(v.headcount)), v.Tally), v.remark)...)
	}
	sum := totalOf(s.Roll)
	p.line(columns, true, append(s.queued(s.row([]any{nil, s.Say.T("sheet.total"), nil}, sum.Tally, sum.figure(sum.guests), sum.checkedIn,
		sum.figure(sum.headcount)), sum.Tally), nil)...)
	s.closing(p)
	p.printed(true, s.Say.T("sheet.page"))
	return p.err
}

// state is what is known of a venue's line and equipment, and what its officer remarked.
func state(say i18n.Printer, v *briefings.Venue) string {
	var parts []string
	if v.Ready.Light() == briefings.Green {
		parts = append(parts, say.T("sheet.venue_good"))
	}
	if v.Ready != nil {
		for _, bad := range v.Ready.Bad {
			parts = append(parts, say.T("sheet.venue_bad", "part", say.T("part."+string(bad))))
		}
		parts = append(parts, v.Ready.Incident)
	}
	if v.Closing != nil {
		parts = append(parts, v.Closing.Remark)
	}
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), "; ")
}

// figure is a number that the officer gives by closing; guests are counted at the door before that.
func (v venueLine) figure(n int) any {
	if !v.closed && n == 0 {
		return none
	}
	return n
}

// queue adds the column of those who wait for a place, where somebody does.
func (s Sheet) queue(columns []column, over, key string) []column {
	if s.Roll.Total.Waiting == 0 {
		return columns
	}
	return append(columns, s.column(over, key, 10, whole))
}

// queued puts how many wait under that column.
func (s Sheet) queued(cells []any, t briefings.Tally) []any {
	if s.Roll.Total.Waiting == 0 {
		return cells
	}
	return append(cells, t.Waiting)
}

// seats are the columns that every table of figures has.
func (s Sheet) seats() []column {
	attended, absent := s.Say.T("sheet.head_attended"), s.Say.T("sheet.head_absent")
	columns := []column{
		s.column("", "invited", 11, whole),
		s.column(attended, "all", 9, whole), s.column(attended, "present", 10, whole), s.column(attended, "represented", 10, whole),
		s.column(absent, "excused", 9, whole), s.column(absent, "unexcused", 9, whole),
	}
	if !s.Roll.Closed {
		columns = append(columns, s.column("", "pending", 9, whole))
	}
	return append(columns, s.column("", "rate", 11, tenths))
}

func (s Sheet) column(over, key string, width float64, l look) column {
	total := totalText
	switch l {
	case whole:
		total = totalWhole
	case tenths:
		total = totalTenths
	}
	return column{over: over, head: s.Say.T("sheet.head_" + key), width: width, look: l, total: total}
}

// row puts the figures of seats after what names the row.
func (s Sheet) row(first []any, t briefings.Tally, after ...any) []any {
	cells := append(first, t.Invited, t.Attended(), t.Present, t.Represented, t.Excused, t.Unexcused)
	if !s.Roll.Closed {
		cells = append(cells, t.Pending)
	}
	if r := t.Rate(); r >= 0 {
		cells = append(cells, float64(r)/10)
	} else {
		cells = append(cells, none)
	}
	return append(cells, after...)
}

// closing writes the result in words and the places to sign.
func (s Sheet) closing(p *page) {
	last := len(p.widths)
	t := s.Roll.Total
	p.next(6)
	p.across(1, last, sentence, s.Say.T("sheet.summary", "n", t.Attended(), "of", t.Invited,
		"pct", i18n.Percent{N: t.Attended(), Of: t.Invited}, "represented", t.Represented)+".")
	p.next(18)
	p.across(1, last, sentence, s.Say.T("sheet.answers", "accepted", s.Roll.Answers.Accepted, "delegated", s.Roll.Answers.Delegated,
		"declined", s.Roll.Answers.Declined, "none", s.Roll.Answers.None, "waiting", someOf(s.Roll.Total.Waiting))+".")
	p.next(18)
	p.across(1, last, sentence, absences(s.Say, s.Roll)+".")
	p.next(18)
	p.next(8)
	right := last / 2
	p.across(right+1, last, hint, s.Say.T("sheet.sign_date"))
	p.next(18)
	p.across(1, right, signature, s.Say.T("sheet.sign_by"))
	p.across(right+1, last, signature, s.Say.T("sheet.sign_head"))
	p.next(18)
	p.across(1, right, hint, s.Say.T("sheet.sign_hint"))
	p.across(right+1, last, hint, s.Say.T("sheet.sign_hint"))
	p.next(18)
	p.next(60)
	p.across(1, 3, note, s.Say.T("sheet.sign_copies"))
	p.next(16)
	for _, l := range strings.Split(s.Say.T("sheet.sign_file"), "\n") {
		p.across(1, 3, note, l)
		p.next(16)
	}
}

// units is the table by unit.
func (s Sheet) units(f *excelize.File, name string, styles [looks]int) error {
	answers := s.Say.T("sheet.head_answers")
	columns := append([]column{s.column("", "no", 6, middle), s.column("", "unit", 44, text)}, s.seats()...)
	columns = append(columns, s.column(answers, "accepted", 9, whole), s.column(answers, "delegated", 9, whole))
	columns = append(s.queue(columns, answers, "waiting"), s.column(answers, "declined", 9, whole), s.column(answers, "none", 9, whole))
	p := newPage(f, name, styles, columns)
	s.opening(p, "sheet.title_units", false)
	p.headings(columns)
	line := func(total bool, first []any, t briefings.Tally, a briefings.AnswerTally) {
		p.line(columns, total, append(s.queued(s.row(first, t, a.Accepted, a.Delegated), t), a.Declined, a.None)...)
	}
	for i, u := range s.Roll.Units {
		line(false, []any{i + 1, u.Name.In(langOf(s.Say))}, u.Tally, u.Answers)
	}
	line(true, []any{nil, s.Say.T("sheet.total")}, s.Roll.Total, s.Roll.Answers)
	p.printed(true, s.Say.T("sheet.page"))
	return p.err
}

// people is the roll by person.
func (s Sheet) people(f *excelize.File, name string, styles [looks]int) error {
	columns := []column{
		s.column("", "no", 6, middle), s.column("", "name", 26, text), s.column("", "position", 26, text), s.column("", "unit", 32, text),
		s.column("", "venue", 34, text), s.column("", "answer", 14, middle), s.column("", "reason", 22, text),
		s.column("", "attendance", 19, middle), s.column("", "time", 18, moment), s.column("", "deputy", 22, text),
	}
	p := newPage(f, name, styles, columns)
	s.opening(p, "sheet.title_roll", false)
	p.headings(columns)
	venue := map[briefings.VenueID]string{}
	for _, v := range s.Roll.Venues {
		venue[v.ID] = v.Name.In(langOf(s.Say))
	}
	for i, seat := range ordered(s.Seats, s.Roll.Venues) {
		var at any
		if !seat.CheckedIn.IsZero() {
			at = s.local(seat.CheckedIn)
		}
		place, ok := venue[seat.Venue]
		if !ok {
			place = s.Say.T("sheet.no_venue")
		}
		p.line(columns, false, i+1, seat.Name, seat.Position, seat.Unit, place, s.answer(seat), s.reason(seat), s.attendance(seat), at, seat.Deputy)
	}
	if last := p.row - 1; last > p.header {
		p.do(func() error { return f.AutoFilter(name, fmt.Sprintf("A%d:J%d", p.header, last), nil) })
	}
	p.printed(true, s.Say.T("sheet.page"))
	return p.err
}

func (s Sheet) local(at time.Time) time.Time {
	if s.Say.Location != nil {
		return at.In(s.Say.Location)
	}
	return at
}

func (s Sheet) answer(seat Seat) string {
	if seat.Answer == briefings.NoAnswer {
		return s.Say.T("sheet.answer_none")
	}
	word := s.Say.T("sheet.answer_" + string(seat.Answer))
	if seat.Place > 0 {
		return s.Say.T("sheet.answer_waiting", "answer", word, "place", seat.Place)
	}
	return word
}

// reason is why somebody asked leave: the code's words, or the person's own.
func (s Sheet) reason(seat Seat) string {
	switch {
	case seat.Answer != briefings.Declined || seat.Reason == "":
		return ""
	case seat.Note != "":
		return seat.Note
	}
	return s.Say.T("sheet.reason_" + string(seat.Reason))
}

func (s Sheet) attendance(seat Seat) string {
	word := s.Say.T("sheet.att_" + string(seat.Attendance))
	if seat.Late {
		return s.Say.T("sheet.att_late", "attendance", word)
	}
	return word
}

// terms says what the words mean, in the order in which a reader meets them.
func (s Sheet) terms(f *excelize.File, name string, styles [looks]int) error {
	columns := []column{s.column("", "no", 6, middle), s.column("", "term", 26, text), s.column("", "meaning", 80, text)}
	p := newPage(f, name, styles, columns)
	p.across(1, 3, title, strings.ToUpper(s.Say.T("sheet.title_terms")))
	p.next(28)
	p.headings(columns)
	for i, term := range [][2]string{
		{"head_invited", "term_invited"}, {"name_present", "term_present"}, {"name_represented", "term_represented"},
		{"head_queue", "term_queue"}, {"head_none", "term_none"}, {"name_excused", "term_excused"}, {"name_unexcused", "term_unexcused"}, {"head_pending", "term_pending"},
		{"name_late", "term_late"}, {"head_guests", "term_guests"}, {"head_headcount", "term_headcount"},
		{"head_checked_in", "term_checked_in"}, {"head_rate", "term_rate"}, {"name_equation", "term_equation"},
	} {
		p.line(columns, false, i+1, s.Say.T("sheet."+term[0]), s.Say.T("sheet."+term[1]))
	}
	p.printed(false, s.Say.T("sheet.page"))
	return p.err
}
