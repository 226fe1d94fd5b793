package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// fromWorkbook reads the XLSX: by venue, by unit and by person.
func (w *world) fromWorkbook(name string, raw []byte) (source, error) {
	s := source{name: name, says: figures{}}
	f, err := excelize.OpenReader(bytes.NewReader(raw))
	if err != nil {
		return s, fmt.Errorf("open workbook: %w", err)
	}
	defer func() { _ = f.Close() }()
	say := func(key string) string { return w.text(w.organizer, key) }
	open, queue := false, false
	table := func(tab, scope string, first int, columns string) error {
		rows, err := f.GetRows(say(tab), excelize.Options{RawCellValue: true})
		if err != nil {
			return fmt.Errorf("read sheet: %w", err)
		}
		for _, r := range rows {
			for _, cell := range r {
				open = open || cell == say("sheet.head_pending")
				queue = queue || cell == say("sheet.head_queue")
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
				if name == "pending" && !open || name == "." && !queue {
					continue
				}
				if name == "." { // those who wait for a place: not in the tally
					column++
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
	if err := table("sheet.tab_units", "unit/", 2, seats+"accepted delegated . declined none"); err != nil {
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
		said, _, _ := strings.Cut(r[5], " – ") // behind it the place in a queue
		s.says[key+"answer"], s.says[key+"attendance"] = known(answers, said), known(attendance, r[7])
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
