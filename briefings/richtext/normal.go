package richtext

import (
	"cmp"
	"slices"
)

// normal brings spans into the one form that Text keeps; see the package.
func normal(plain string, spans []span) Text {
	var quotes, pres, codes, links []span
	var inline [spoiler + 1][]span
	for _, s := range spans {
		switch s.style {
		case quote, expandable:
			quotes = append(quotes, s)
		case pre:
			pres = append(pres, s)
		case code:
			codes = append(codes, s)
		case link:
			links = append(links, s)
		default:
			inline[s.style] = append(inline[s.style], s)
		}
	}
	quotes = apart(quotes)
	for _, q := range quotes {
		var parts []span
		for _, s := range pres {
			parts = append(parts, s.splitAround(q)...)
		}
		pres = parts
	}
	pres = apart(pres)
	codes = apart(without(codes, pres))
	fixed := slices.Concat(pres, codes)
	slices.SortFunc(fixed, byPlace)
	all := slices.Concat(quotes, fixed, apart(without(links, fixed)))
	for _, spans := range inline {
		all = append(all, apart(without(spans, fixed))...)
	}
	slices.SortFunc(all, byPlace)
	if len(all) == 0 {
		all = nil
	}
	return Text{plain: plain, spans: all}
}

// byPlace puts what begins first first, and what holds before what is held.
func byPlace(a, b span) int {
	return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to), cmp.Compare(a.style, b.style))
}

// apart makes spans of one sort disjoint. Spans that say the same join where
// they overlap, and inline ones also where they touch; of two that differ the
// first keeps the ground.
func apart(spans []span) []span {
	slices.SortStableFunc(spans, byPlace)
	var kept []span
	for _, s := range spans {
		if len(kept) > 0 {
			last := &kept[len(kept)-1]
			same := s.style == last.style && s.url == last.url && s.language == last.language
			block := s.style == quote || s.style == expandable || s.style == pre
			if same && (s.from < last.to || s.from == last.to && !block) {
				last.to = max(last.to, s.to)
				continue
			}
			s.from = max(s.from, last.to)
		}
		if s.from < s.to {
			kept = append(kept, s)
		}
	}
	return kept
}

// without takes the ground of others away from spans. Others are sorted and
// disjoint.
func without(spans, others []span) []span {
	var left []span
	for _, s := range spans {
		for _, o := range others {
			if o.to <= s.from || o.from >= s.to {
				continue
			}
			if s.from < o.from {
				before := s
				before.to = o.from
				left = append(left, before)
			}
			s.from = o.to
		}
		if s.from < s.to {
			left = append(left, s)
		}
	}
	return left
}
