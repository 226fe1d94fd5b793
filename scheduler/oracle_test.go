package scheduler

import (
	"testing"
	"time"

	oracle "github.com/netresearch/go-cron"

	"briefbot/briefings"
)

// TestALineComesWhenAnotherCronSaysSo compares with a fork of cron that keeps the rules of ISC cron at changes of the clocks. Around
// a change the two differ on purpose: the other counts in hours from the gap, leaves a midnight out after a change of half an hour,
// and repeats an hour that is shown twice. On every other day they agree to the second.
func TestALineComesWhenAnotherCronSaysSo(t *testing.T) {
	lines := []string{
		"30 7 * * *", "0 7 * * 1-5", "0 7 * * mon", "30 7 5 * *", "0 0 * * *", "30 2 * * *", "15 2 * * *", "45 1 * * *", "59 23 31 * *",
		"0 8-17/3 * * *", "0,30 9 1 jan,jul *", "0 6 29,30 2,3 *", "*/20 10 * * sun",
	}
	const year = 365
	for _, s := range stretches {
		if s.zone == "Pacific/Apia" || s.zone == "America/St_Johns" {
			continue // the other never returns where a whole day is missing, and stands still where a minute past midnight comes twice
		}
		loc := zone(t, s.zone)
		from, _ := time.ParseInLocation(time.DateOnly, s.from, loc)
		changes := map[string]bool{}
		for d := range 2 * year {
			noon := time.Date(from.Year(), from.Month(), from.Day()+d, 12, 0, 0, 0, loc)
			_, before := noon.Add(-24 * time.Hour).Zone()
			_, now := noon.Zone()
			if before != now {
				for _, day := range []time.Time{noon.AddDate(0, 0, -1), noon, noon.AddDate(0, 0, 1)} { // the other errs on the day after, too
					changes[day.Format(time.DateOnly)] = true
				}
			}
		}
		for _, line := range lines {
			theirs, err := oracle.ParseStandard("CRON_TZ=" + s.zone + " " + line)
			if err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			c := briefings.Cadence{Every: briefings.ByLine, Line: line}
			want, got := map[string]bool{}, map[string]bool{}
			end := from.AddDate(0, 0, 2*year)
			for at := theirs.Next(from); at.Before(end); {
				want[at.Format(time.RFC3339)] = true
				next := theirs.Next(at)
				if !next.After(at) {
					t.Fatalf("%s in %s: the other stands still at %s", line, s.zone, at)
				}
				at = next
			}
			for at := from; at.Before(end); at = at.AddDate(0, 0, year/5) { // Due returns a thousand at most
				for _, slot := range Due(c, at, at.AddDate(0, 0, year/5), nil, loc) {
					if slot.At.Before(end) {
						got[slot.At.Format(time.RFC3339)] = true
					}
				}
			}
			if len(want) < 3 {
				t.Fatalf("%s: the other comes %d times", line, len(want))
			}
			for at := range want {
				if !got[at] && !changes[at[:len(time.DateOnly)]] {
					t.Errorf("%s in %s: not at %s, where the other is", line, s.zone, at)
				}
			}
			for at := range got {
				if !want[at] && !changes[at[:len(time.DateOnly)]] {
					t.Errorf("%s in %s: at %s, where the other is not", line, s.zone, at)
				}
			}
		}
	}
}
