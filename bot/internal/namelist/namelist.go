package namelist

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"briefbot/briefings"
	"briefbot/briefings/vietnamese"
)

// Person is somebody a line may mean.
type Person struct {
	ID    briefings.MemberID
	Name  string
	Where string // unit and position: what tells two people of one name apart
	Phone string // +84…; empty: not known
}

// Line is one line and whom it means.
type Line struct {
	Text   string
	Person briefings.MemberID // empty: see Why
	Why    Why
	Among  []Person // those whom it may mean, where they are several
}

// Why is why a line means nobody.
type Why string

const (
	Unknown Why = "unknown" // nobody is called so
	Several Why = "several" // more than one person is
	Twice   Why = "twice"   // an earlier line meant the same person
)

// Limit is how many lines are read.
const Limit = 2000

// Lines takes a typed text apart: a line a person; a single line may name several, parted by commas or semicolons.
func Lines(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		if line = vietnamese.Clean(line); line != "" {
			out = append(out, line)
		}
	}
	if len(out) == 1 {
		out = nil
		for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' }) {
			if part = vietnamese.Clean(part); part != "" {
				out = append(out, part)
			}
		}
	}
	return out[:min(len(out), Limit)]
}

// Rows joins the cells of a sheet's rows to lines. The first row is dropped when it means nobody: it is the heading.
func Rows(rows [][]string, people []Person) []string {
	var out []string
	for i, row := range rows {
		var cells []string
		for _, cell := range row {
			if cell = vietnamese.Clean(cell); cell != "" {
				cells = append(cells, cell)
			}
		}
		line := strings.Join(cells, "\t")
		if line == "" || i == 0 && Match([]string{line}, people)[0].Why == Unknown {
			continue
		}
		out = append(out, line)
	}
	return out[:min(len(out), Limit)]
}

// mark is what stands before a name on a list: a number, a bullet, a form of address.
var mark = regexp.MustCompile(`^(?:(?:\d{1,4}\s*[.)/:-]+|[-–—•*+])\s*)?(?:(?:đ/c|đc|đồng chí|ông|bà|mr|mrs|ms)[.:]?\s+)?`)

// split parts what follows a name: a unit, a position, a column of a sheet.
var split = regexp.MustCompile(`\s*(?:[\t;,|(]|\s[-–—]\s)\s*`)

// reader holds the people prepared for many lines.
type reader struct {
	people []Person
	codes  map[string]int
	phones map[string]int
	exact  map[string][]int // by the name as it is written, in lower case
	folded map[string][]int
}

// Match says whom each line means. A code anywhere in the line decides, unless it may be the number of a row and somebody else is named; then a telephone number; then the whole name, with its accents before without; then
// words that begin the words of one name alone. Of several people with one name what stands behind it decides.
func Match(lines []string, people []Person) []Line {
	r := reader{people: people, codes: map[string]int{}, phones: map[string]int{}, exact: map[string][]int{}, folded: map[string][]int{}}
	for i, p := range people {
		r.codes[strings.ToLower(string(p.ID))] = i
		if _, taken := r.phones[p.Phone]; p.Phone != "" && !taken {
			r.phones[p.Phone] = i
		}
		name := strings.ToLower(vietnamese.Clean(p.Name))
		r.exact[name] = append(r.exact[name], i)
		r.folded[vietnamese.Fold(name)] = append(r.folded[vietnamese.Fold(name)], i)
	}
	seen := map[briefings.MemberID]bool{}
	out := make([]Line, len(lines))
	for i, text := range lines {
		out[i] = Line{Text: strings.ReplaceAll(text, "\t", " · ")}
		found := r.find(text)
		switch {
		case len(found) == 0:
			out[i].Why = Unknown
		case len(found) > 1:
			out[i].Why = Several
			for _, n := range found {
				out[i].Among = append(out[i].Among, people[n])
			}
		case seen[people[found[0]].ID]:
			out[i].Why = Twice
		default:
			out[i].Person = people[found[0]].ID
			seen[out[i].Person] = true
		}
	}
	return out
}

func (r reader) find(text string) []int {
	text = vietnamese.Clean(strings.ReplaceAll(text, "\t", " | "))
	for _, word := range strings.FieldsFunc(strings.ToLower(text), func(c rune) bool { return strings.ContainsRune(" ,;|()", c) }) {
		i, ok := r.codes[word]
		if ok && rowNumber.MatchString(word) && strings.ContainsFunc(text, unicode.IsLetter) { // whose code, or which row?
			ok = slices.Contains(r.named(text), i)
		}
		if ok {
			return []int{i}
		}
	}
	if i, ok := r.called(text); ok {
		return []int{i}
	}
	return r.named(text)
}

// called finds whose telephone number stands on a line, alone or in a part of its own.
func (r reader) called(text string) (int, bool) {
	if len(r.phones) == 0 {
		return 0, false
	}
	for _, part := range append([]string{text}, split.Split(text, -1)...) {
		if phone, err := vietnamese.ParsePhone(part); err == nil {
			if i, ok := r.phones[phone]; ok {
				return i, true
			}
		}
	}
	return 0, false
}

// rowNumber is a code that may as well be the number of a row on the list, so that the name beside it decides.
var rowNumber = regexp.MustCompile(`^\d{1,4}$`)

// named finds whom the names of a line mean.
func (r reader) named(text string) []int {
	lower := strings.ToLower(text)
	lower = strings.TrimSpace(mark.ReplaceAllString(lower, ""))
	parts := split.Split(lower, -1)
	for i, part := range parts {
		part = strings.Trim(strings.TrimSpace(mark.ReplaceAllString(part, "")), ".)")
		if part == "" {
			continue
		}
		for _, found := range [][]int{r.exact[part], r.folded[vietnamese.Fold(part)]} {
			if len(found) > 0 {
				return r.narrowed(found, append(append([]string(nil), parts[:i]...), parts[i+1:]...))
			}
		}
	}
	words, rest := guessed(parts)
	if words == "" {
		return nil
	}
	q := vietnamese.NewQuery(words)
	var found []int
	for i, p := range r.people {
		if q.Match(p.Name) {
			found = append(found, i)
		}
	}
	return r.narrowed(found, rest)
}

// guessed are the words of a line that may begin the words of a name, and what follows them. The number of a row is none: it would mean
// whoever has a number in the name. Behind a number stands a name of two words or more; one word may be a mark, as "ký".
func guessed(parts []string) (words string, rest []string) {
	if strings.ContainsFunc(parts[0], unicode.IsLetter) {
		return parts[0], parts[1:]
	}
	if len(parts) > 1 && len(strings.Fields(parts[1])) > 1 && strings.ContainsFunc(parts[1], unicode.IsLetter) {
		return parts[1], parts[2:]
	}
	return "", nil
}

// narrowed keeps those of several people of whom the rest of the line speaks.
func (r reader) narrowed(found []int, rest []string) []int {
	if len(found) < 2 {
		return found
	}
	var kept []int
	for _, i := range found {
		where := vietnamese.Fold(r.people[i].Where)
		for _, part := range rest {
			if part = vietnamese.Fold(strings.Trim(part, " .)")); len(part) > 1 && strings.Contains(where, part) {
				kept = append(kept, i)
				break
			}
		}
	}
	if len(kept) > 0 {
		return kept
	}
	return found
}
