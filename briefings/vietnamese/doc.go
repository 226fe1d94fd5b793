// Package vietnamese knows how Vietnamese is typed, searched, sorted and
// printed: cleaning of what people and files bring in, folding for search,
// collation of names, telephone numbers, dates and numbers.
//
// Nothing here fails on strange bytes; what cannot be read is an error of a
// named kind, so that the caller can say in the person's language what is
// missing.
//
//	typed text ── Clean ──▶ stored and shown ── Fold ──▶ search key
//	                                         └─ SortKey ▶ place in a list
package vietnamese
