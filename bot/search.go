package bot

import (
	"slices"
	"strings"

	"briefbot/briefings"
	"briefbot/briefings/vietnamese"
)

// search finds members by code, phone or name: exact accents first, then in name order.
func search(roster *briefings.Roster, text string, n int) []briefings.Member {
	type hit struct {
		m    briefings.Member
		rank int
	}
	q := vietnamese.NewQuery(text)
	phone, phoneErr := vietnamese.ParsePhone(text)
	var hits []hit
	for _, m := range roster.Members {
		if m.Status != briefings.Active {
			continue
		}
		rank := q.Rank(m.Name)
		if strings.EqualFold(string(m.ID), text) || phoneErr == nil && m.Phone == phone {
			rank = 1 << 10
		}
		if rank > 0 {
			hits = append(hits, hit{m, rank})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int {
		if a.rank != b.rank {
			return b.rank - a.rank
		}
		return byName(a.m, b.m)
	})
	var out []briefings.Member
	for _, h := range hits[:min(n, len(hits))] {
		out = append(out, h.m)
	}
	return out
}

// byName orders members as Vietnamese lists do: by given name, then family, then the rest.
func byName(a, b briefings.Member) int {
	return strings.Compare(vietnamese.SortKey(a.SortGiven, a.SortFamily, a.Name), vietnamese.SortKey(b.SortGiven, b.SortFamily, b.Name))
}
