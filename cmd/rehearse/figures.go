package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// source is one place where the service says its figures.
type source struct {
	name string
	says figures
	// shows reports whether the place is one where a figure stands.
	shows func(key string) bool
}

// split takes a figure's name apart: "", "venue" or "unit", whose it is, and what.
func split(key string) (scope, whose, what string) {
	at := strings.LastIndexByte(key, '/')
	if at < 0 {
		return "", "", key
	}
	scope, whose, _ = strings.Cut(key[:at], "/")
	return scope, whose, key[at+1:]
}

// words is a set.
func words(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}

// fromJSON reads counts --json.
func fromJSON(raw []byte) (source, error) {
	type row struct {
		Name        string
		Invited     int
		Present     int
		Represented int
		Excused     int
		Unexcused   int
		Pending     *int
		CheckedIn   int `json:"checked_in"`
		Headcount   int
		Guests      int
		Closed      bool
	}
	var doc struct {
		Invited    int
		Answers    map[string]int
		Attendance map[string]int
		Rate       json.Number
		Venues     []row
		Units      []row
	}
	s := source{name: "counts --json", says: figures{}}
	d := json.NewDecoder(bytes.NewReader(raw))
	if err := d.Decode(&doc); err != nil {
		return s, fmt.Errorf("read counts: %w", err)
	}
	if d.More() {
		return s, fmt.Errorf("read counts: more than one document")
	}
	s.says["invited"], s.says["rate"] = strconv.Itoa(doc.Invited), doc.Rate.String()
	for _, part := range []map[string]int{doc.Answers, doc.Attendance} {
		for key, n := range part {
			s.says[key] = strconv.Itoa(n)
		}
	}
	open := false
	put := func(scope string, r row, venue bool) {
		for key, n := range map[string]int{"invited": r.Invited, "present": r.Present, "represented": r.Represented, "excused": r.Excused, "unexcused": r.Unexcused} {
			s.says[scope+key] = strconv.Itoa(n)
		}
		if r.Pending != nil {
			open = true
			s.says[scope+"pending"] = strconv.Itoa(*r.Pending)
		}
		if venue {
			s.says[scope+"checked_in"], s.says[scope+"headcount"], s.says[scope+"guests"] = strconv.Itoa(r.CheckedIn), strconv.Itoa(r.Headcount), strconv.Itoa(r.Guests)
			s.says[scope+"closed"] = fmt.Sprint(r.Closed)
		}
	}
	for _, v := range doc.Venues {
		put("venue/"+v.Name+"/", v, true)
	}
	for _, u := range doc.Units {
		put("unit/"+u.Name+"/", u, false)
	}
	seats := words("invited present represented excused unexcused")
	whole, venue := words("accepted declined delegated none late guests rate"), words("checked_in headcount guests closed")
	s.shows = func(key string) bool {
		scope, _, what := split(key)
		switch {
		case what == "pending":
			return open && scope != "person"
		case scope == "":
			return seats[what] || whole[what]
		case scope == "venue":
			return seats[what] || venue[what]
		}
		return scope == "unit" && seats[what]
	}
	return s, nil
}

// number finds the numbers of a line as they are printed: 1.300 is one thousand three hundred, 88,7 is a percentage.
var number = regexp.MustCompile(`\d+(?:\.\d{3})*(?:,\d+)?`)

func numbers(line string) []string {
	var out []string
	for _, n := range number.FindAllString(line, -1) {
		out = append(out, strings.ReplaceAll(n, ".", ""))
	}
	return out
}

// row is a line of a list in the chat: its place, whose it is, how many of how many.
var row = regexp.MustCompile(`^\d+\. (.*): ([\d.]+)/([\d.]+) \(`)

// fromChat reads what the bot said to /counts.
func (w *world) fromChat(text string) source {
	s := source{name: "/counts", says: figures{}}
	// A sentence of the catalogue says by its first words which line is which.
	heads := func(key string, names ...string) map[string][]string {
		out := map[string][]string{}
		lines := strings.Split(w.text(w.organizer, key, "title", "", "invited", gap, "yes", gap, "yes_pct", "", "proxy", gap, "no", gap, "pending", gap,
			"attended", gap, "pct", "", "excused", gap, "unexcused", gap, "waiting", gap, "n", gap, "heads", gap, "guests", gap, "time", "", "date", ""), "\n")
		for i, line := range lines {
			if head, _, ok := strings.Cut(line, gap); ok && i < len(names) && names[i] != "" {
				out[head] = strings.Fields(names[i])
			}
		}
		return out
	}
	places := []map[string][]string{
		heads("counts.late", "late"),
		heads("counts.headcount", "headcount guests"),
		heads("counts.so_far", "", "attended invited . represented", "excused", "pending"),
		heads("counts.final", "", "invited", "attended invited . represented", "excused", "unexcused"),
		heads("counts.rsvp", "", "invited", "accepted", "delegated", "declined", "none"),
	}
	scope := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case line == w.text(w.organizer, "counts.by_venue"):
			scope = "venue/"
		case line == w.text(w.organizer, "counts.by_unit"):
			scope = "unit/"
		case scope != "":
			if m := row.FindStringSubmatch(line); m != nil {
				s.says[scope+m[1]+"/shown"], s.says[scope+m[1]+"/invited"] = strings.ReplaceAll(m[2], ".", ""), strings.ReplaceAll(m[3], ".", "")
			}
		default:
			s.total(line, places)
		}
	}
	_, anybody := s.says["attended"]
	_, closed := s.says["unexcused"]
	whole := words("invited accepted declined delegated none")
	there := words("attended represented excused")
	s.shows = func(key string) bool {
		scope, _, what := split(key)
		switch {
		case scope == "venue" || scope == "unit":
			return what == "shown" || what == "invited"
		case scope != "":
			return false
		case what == "unexcused":
			return closed
		case what == "pending":
			return anybody && !closed
		case what == "late" || what == "headcount" || what == "guests": // said when there is something to say
			_, said := s.says[what]
			return said || closed
		}
		return whole[what] || anybody && there[what]
	}
	return s
}

// total reads one line of the totals.
func (s *source) total(line string, places []map[string][]string) {
	for _, block := range places {
		for head, names := range block {
			rest, ok := strings.CutPrefix(line, head)
			if !ok {
				continue
			}
			for i, n := range numbers(rest) {
				if i < len(names) && names[i] != "." {
					s.says[names[i]] = n
				}
			}
			return
		}
	}
}

// fromWorkbook reads the XLSX: by venue, by unit and by person.
func (w *world) fromWorkbook(name string, raw []byte) (source, error) {
	s := source{name: name, says: figures{}}
	f, err := excelize.OpenReader(bytes.NewReader(raw))
	if err != nil {
		return s, fmt.Errorf("open workbook: %w", err)
	}
	defer func() { _ = f.Close() }()
	say := func(key string) string { return w.text(w.organizer, key) }
	open := false
	table := func(tab, scope string, first int, columns string) error {
		rows, err := f.GetRows(say(tab), excelize.Options{RawCellValue: true})
		if err != nil {
			return fmt.Errorf("read sheet: %w", err)
		}
		for _, r := range rows {
			for _, cell := range r {
				open = open || cell == say("sheet.head_pending")
			}
		}
		names := strings.Fields(columns)
		for _, r := range rows {
			if len(r) < 2 {
				continue
			}
			at := scope + r[1] + "/"
			if r[1] == say("sheet.total") {
				at = ""
			} else if _, err := strconv.Atoi(r[0]); err != nil {
				continue
			}
			column := first
			for _, name := range names {
				if name == "pending" && !open {
					continue
				}
				if column < len(r) {
					s.says[at+name] = figure(name, r[column])
				}
				column++
			}
		}
		return nil
	}
	seats := "invited attended present represented excused unexcused pending rate "
	if err := table("sheet.form", "venue/", 3, seats+"guests checked_in headcount"); err != nil {
		return s, err
	}
	if err := table("sheet.tab_units", "unit/", 2, seats+"accepted delegated declined none"); err != nil {
		return s, err
	}
	if err := w.roll(f, &s); err != nil {
		return s, err
	}
	of := map[string]map[string]bool{
		"":      words(seats + "guests checked_in headcount accepted delegated declined none"),
		"venue": words(seats + "guests checked_in headcount"),
		"unit":  words(seats + "accepted delegated declined none"), "person": words("answer attendance"),
	}
	s.shows = func(key string) bool {
		scope, _, what := split(key)
		return of[scope][what] && (what != "pending" || open)
	}
	return s, nil
}

// figure is a cell as the tally writes it.
func figure(name, cell string) string {
	if n, err := strconv.ParseFloat(cell, 64); err == nil {
		if name == "rate" {
			return strconv.FormatFloat(n, 'f', 1, 64)
		}
		return strconv.FormatFloat(n, 'f', -1, 64)
	}
	if name == "rate" {
		return "-"
	}
	return "0" // a dash: nothing to say yet
}

// roll reads the list of people: everybody once, with answer and attendance.
func (w *world) roll(f *excelize.File, s *source) error {
	rows, err := f.GetRows(w.text(w.organizer, "sheet.tab_roll"), excelize.Options{RawCellValue: true})
	if err != nil {
		return fmt.Errorf("read roll: %w", err)
	}
	answers, attendance := map[string]string{}, map[string]string{}
	for _, name := range answerNames {
		answers[w.text(w.organizer, "sheet.answer_"+name)] = name
	}
	for _, name := range strings.Fields("present represented excused unexcused pending") {
		word := w.text(w.organizer, "sheet.att_"+name)
		attendance[word] = name
		attendance[w.text(w.organizer, "sheet.att_late", "attendance", word)] = name
	}
	for _, r := range rows {
		if len(r) < 8 {
			continue
		}
		if _, err := strconv.Atoi(r[0]); err != nil {
			continue
		}
		key := "person/" + r[1] + "/"
		if _, twice := s.says[key+"answer"]; twice {
			s.says[key+"answer"] = "twice in the list"
			continue
		}
		s.says[key+"answer"], s.says[key+"attendance"] = known(answers, r[5]), known(attendance, r[7])
	}
	return nil
}

// known is the name for a word, or the word in quotes.
func known(names map[string]string, word string) string {
	if name, ok := names[word]; ok {
		return name
	}
	return strconv.Quote(word)
}

// readBook reads a workbook from a file.
func readBook(w *world, name, path string) (source, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return source{}, fmt.Errorf("read workbook: %w", err)
	}
	return w.fromWorkbook(name, raw)
}

// identities are the ids of the meetings of a document, in its order.
func identities(raw []byte) []string {
	type one struct {
		ID string `json:"id"`
	}
	var list []one
	if json.Unmarshal(raw, &list) != nil {
		var doc struct {
			Meetings []one `json:"meetings"`
		}
		if json.Unmarshal(raw, &doc) != nil {
			return nil
		}
		list = doc.Meetings
	}
	var ids []string
	for _, m := range list {
		ids = append(ids, m.ID)
	}
	return ids
}
