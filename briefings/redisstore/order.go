package redisstore

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// compareIDs orders identities as people count: b2 before b10.
func compareIDs(a, b string) int {
	wordA, noA := splitNumber(a)
	wordB, noB := splitNumber(b)
	return cmp.Or(strings.Compare(wordA, wordB), cmp.Compare(noA, noB), strings.Compare(a, b))
}

// splitNumber takes the trailing number off an identity; -1 where there is none.
func splitNumber(id string) (string, int64) {
	word := strings.TrimRight(id, "0123456789")
	n, err := strconv.ParseInt(id[len(word):], 10, 64)
	if err != nil {
		return id, -1
	}
	return word, n
}

func sortByID[T any](list []T, id func(T) string) {
	slices.SortFunc(list, func(a, b T) int { return compareIDs(id(a), id(b)) })
}
