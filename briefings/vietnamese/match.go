package vietnamese

import "strings"

// Query is a search prepared once and asked of many names. The zero value
// matches nothing.
type Query struct {
	folded, exact string
	words, marks  []string
}

// NewQuery prepares what a person typed.
func NewQuery(typed string) Query {
	q := Query{folded: Fold(typed), exact: accented(typed)}
	q.words, q.marks = strings.Fields(q.folded), strings.Fields(q.exact)
	return q
}

// Empty reports a query without a single letter.
func (q Query) Empty() bool { return len(q.words) == 0 }

// Rank says how well name answers the query; 0 is not at all and more is
// better. Every word of the query begins a word of the name of its own, in any order.
// A name whose accents are those that were typed stands before all others,
// then whole names stand before beginnings of names, those before whole words,
// and those before beginnings of words.
func (q Query) Rank(name string) int {
	rank := place(q.folded, q.words, Fold(name))
	if rank == 0 {
		return 0
	}
	if exact := place(q.exact, q.marks, accented(name)); exact > 0 {
		return places + exact
	}
	return rank
}

// Match reports whether name answers the query at all.
func (q Query) Match(name string) bool { return place(q.folded, q.words, Fold(name)) > 0 }

// Rank is NewQuery(query).Rank(name), for a single name.
func Rank(query, name string) int { return NewQuery(query).Rank(name) }

// Match is NewQuery(query).Match(name), for a single name.
func Match(query, name string) bool { return NewQuery(query).Match(name) }

// places is the number of ways in which place tells a match apart.
const places = 4

func place(query string, words []string, name string) int {
	switch {
	case len(words) == 0 || name == "":
		return 0
	case query == name:
		return places
	case strings.HasPrefix(name, query):
		return places - 1
	}
	rest := strings.Fields(name)
	if covers(words, rest, func(word, of string) bool { return word == of }) {
		return places - 2
	}
	if covers(words, rest, func(word, of string) bool { return strings.HasPrefix(of, word) }) {
		return places - 3
	}
	return 0
}

// covers pairs every query word with a name word of its own. It tries other
// pairings when a greedy one fails: "m ma" has to find "Mai Mẫu".
func covers(words, name []string, fits func(word, of string) bool) bool {
	if len(words) > len(name) {
		return false
	}
	if len(name) > 12 {
		// A text of many words is no name; greedy pairing is enough there.
		return coversGreedily(words, name, fits)
	}
	var pair func(i int, used uint) bool
	pair = func(i int, used uint) bool {
		if i == len(words) {
			return true
		}
		for j, of := range name {
			if used&(1<<j) == 0 && fits(words[i], of) && pair(i+1, used|1<<j) {
				return true
			}
		}
		return false
	}
	return pair(0, 0)
}

func coversGreedily(words, name []string, fits func(word, of string) bool) bool {
	used := make([]bool, len(name))
next:
	for _, word := range words {
		for j, of := range name {
			if !used[j] && fits(word, of) {
				used[j] = true
				continue next
			}
		}
		return false
	}
	return true
}
