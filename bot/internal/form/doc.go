// Package form reads a whole draft written in one message: lines of "Key: value", with keys in English or Vietnamese, letter case
// and accents ignored.
//
//	text ── Scan ──▶ Draft (lines, body) ── Meeting / Briefing ──▶ the subject, and a complaint for each line that cannot be read
//	                    ▲
//	later lines ─ Amend ┘   what was read stays; only the line that was refused is sent again
//
// The package is pure: what it needs to know of the world stands in World.
package form
