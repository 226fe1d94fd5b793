package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
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

// row is a line of a list in the chat: its place, whose it is, how many of how many, and a venue's light.
var row = regexp.MustCompile(`^\d+\. (.*): ([\d.]+)/([\d.]+) \([^)]*\) ?(\S*)$`)

// fromChat reads what the bot said to /counts of a meeting. The figures of a single venue and of a single unit are those of the whole, and
// are not said twice.
func (w *world) fromChat(t *tally, text string) source {
	s := source{name: "/counts", says: figures{}}
	// A sentence of the catalogue says by its first words which line is which.
	heads := func(key string, names ...string) map[string][]string {
		out := map[string][]string{}
		lines := strings.Split(w.text(w.organizer, key, "title", "", "invited", gap, "yes", gap, "yes_pct", "", "proxy", gap, "queued", gap, "no", gap, "pending", gap, "unannounced", gap,
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
		heads("counts.rsvp", "", "invited", "accepted", "delegated", "", "declined", "silent"),
	}
	quota := w.opening(w.organizer, "quota.line", "unit", delegates, "named", gap, "n", gap)
	scope := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case line == w.text(w.organizer, "counts.by_venue"):
			scope = "venue/"
		case line == w.text(w.organizer, "counts.by_unit"):
			scope = "unit/"
		case strings.HasPrefix(line, quota):
			if n := numbers(line[len(quota):]); len(n) == 2 {
				s.says["quota/"+delegates+"/named"], s.says["quota/"+delegates+"/places"] = n[0], n[1]
			}
		case scope != "":
			if m := row.FindStringSubmatch(line); m != nil {
				s.says[scope+m[1]+"/shown"], s.says[scope+m[1]+"/invited"] = strings.ReplaceAll(m[2], ".", ""), strings.ReplaceAll(m[3], ".", "")
				if scope == "venue/" {
					s.says[scope+m[1]+"/sign"] = m[4]
				}
			}
		default:
			s.total(line, places)
		}
	}
	_, anybody := s.says["attended"]
	_, closed := s.says["unexcused"]
	whole := words("invited accepted declined delegated silent")
	there := words("attended represented excused")
	s.shows = func(key string) bool {
		scope, _, what := split(key)
		switch {
		case scope == "venue" && len(t.venues) == 1 || scope == "unit" && t.units() == 1:
			return false
		case scope == "venue" || scope == "unit":
			return what == "shown" || what == "invited" || what == "sign" && scope == "venue"
		case scope == "quota":
			return true
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
