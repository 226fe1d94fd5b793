package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// hall is a world of two venues with named people, for counting only.
func hall(names ...string) (*world, map[string]*person) {
	w := &world{heads: []string{rootUnit, "Đảng ủy xã Ao Sen"}, venues: []*venue{{name: "A"}, {name: "B", head: 1}}}
	by := map[string]*person{}
	for i, name := range names {
		p := &person{name: name, head: i % 2, venue: i % 2}
		by[name] = p
		w.called = append(w.called, p)
	}
	return w, by
}

// want compares some figures.
func want(t *testing.T, got figures, expected string) {
	t.Helper()
	for _, pair := range strings.Fields(expected) {
		key, value, _ := strings.Cut(pair, "=")
		if key = strings.ReplaceAll(key, "_of_Ao_Sen", ""); got[key] != value {
			t.Errorf("%s is %q, want %s", key, got[key], value)
		}
	}
}

func TestEverySeatIsCountedOnceUnderEveryHeading(t *testing.T) {
	w, by := hall("an", "binh", "chi", "dung", "em", "giang", "hoa", "ich")
	c := newTally(w)
	c.answered(by["an"], accepts)
	c.answered(by["binh"], accepts)
	c.answered(by["chi"], leaves)
	c.answered(by["dung"], sends)
	c.answered(by["em"], sends)
	c.deputyRefused(by["em"])
	c.answered(by["giang"], leaves)
	want(t, c.figures(), "invited=8 accepted=2 declined=2 delegated=1 none=3 excused=2 pending=6 unexcused=0 attended=0 coming=3 shown=3 rate=0.0")

	c.arrived(by["an"], 0, false, false)
	c.arrived(by["dung"], 1, true, true)
	c.arrived(by["giang"], 0, false, false) // asked leave and came, to the other venue
	want(t, c.figures(), "present=2 represented=1 excused=1 pending=4 attended=3 late=1 rate=37.5 shown=3 "+
		"venue/A/invited=5 venue/B/invited=3 venue/A/present=2 venue/B/represented=1 venue/A/shown=2")

	c.close(0, closing{heads: 5, guests: 3})
	want(t, c.figures(), "unexcused=0 headcount=5 guests=3 venue/A/closed=true venue/B/closed=false")
	c.close(1, closing{heads: 1})
	got := c.figures()
	want(t, got, "present=2 represented=1 excused=1 unexcused=4 pending=0 headcount=6 guests=3 person/ich/attendance=unexcused person/em/answer=none")

	for _, scope := range []string{"", "venue/A/", "venue/B/", "unit/" + rootUnit + "/", "unit/Đảng ủy xã Ao Sen/"} {
		sum := 0
		for _, key := range strings.Fields("present represented excused unexcused pending") {
			n := 0
			if _, err := fmt.Sscan(got[scope+key], &n); err != nil {
				t.Fatalf("%s%s: %v", scope, key, err)
			}
			sum += n
		}
		if fmt.Sprint(sum) != got[scope+"invited"] {
			t.Errorf("%sinvited is %s, the outcomes add up to %d", scope, got[scope+"invited"], sum)
		}
	}
}

func TestAnAnswerAfterARefusingDeputyStandsAgain(t *testing.T) {
	w, by := hall("an")
	c := newTally(w)
	c.answered(by["an"], sends)
	c.deputyRefused(by["an"])
	want(t, c.figures(), "none=1 delegated=0")
	c.answered(by["an"], accepts)
	want(t, c.figures(), "none=0 accepted=1")
}

func TestRatesAreRoundedHalfUp(t *testing.T) {
	for of, expected := range map[[2]int]string{
		{0, 0}: "-", {0, 5}: "0.0", {5, 5}: "100.0", {47, 53}: "88.7", {1, 8}: "12.5", {1, 16}: "6.3", {1, 2000}: "0.1", {832, 1300}: "64.0",
	} {
		if got := rate(of[0], of[1]); got != expected {
			t.Errorf("rate of %v is %s, want %s", of, got, expected)
		}
	}
}

func TestAnyDifferenceIsFoundBothWays(t *testing.T) {
	own := figures{"invited": "3", "accepted": "2", "late": "0", "venue/A/invited": "3"}
	s := source{name: "chat", shows: func(key string) bool { return key != "late" }}
	for name, c := range map[string]struct {
		says figures
		want []string
	}{
		"the same":             {figures{"invited": "3", "accepted": "2", "venue/A/invited": "3"}, nil},
		"another number":       {figures{"invited": "3", "accepted": "1", "venue/A/invited": "3"}, []string{"accepted"}},
		"nothing said":         {figures{"invited": "3", "accepted": "2"}, []string{"venue/A/invited"}},
		"something unexpected": {figures{"invited": "3", "accepted": "2", "venue/A/invited": "3", "venue/X/invited": "1"}, []string{"venue/X/invited"}},
		"everything lost":      {figures{}, []string{"accepted", "invited", "venue/A/invited"}},
	} {
		t.Run(name, func(t *testing.T) {
			s.says = c.says
			var keys []string
			for _, d := range compare(own, s) {
				keys = append(keys, d.key)
			}
			if !slices.Equal(keys, c.want) {
				t.Errorf("differences at %v, want %v", keys, c.want)
			}
		})
	}
}

func TestNumbersAreReadAsTheyArePrinted(t *testing.T) {
	for line, expected := range map[string]string{
		"Có mặt: 1.234/1.300, đạt 94,9% (trong đó dự thay: 35)": "1234 1300 94,9 35",
		"Triệu tập: 7": "7", "Tham dự: 0 (–%)": "0",
	} {
		if got := strings.Join(numbers(line), " "); got != expected {
			t.Errorf("numbers of %q are %s, want %s", line, got, expected)
		}
	}
}

func TestTheSameSeedMakesTheSameWorld(t *testing.T) {
	tell := func(seed uint64) string {
		w, err := newWorld(100, 5, seed)
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for _, p := range w.people {
			fmt.Fprintln(&b, p.code, p.typed, p.unit, p.phone, p.role, p.wants, p.comes, p.reason, p.late, p.entry)
		}
		return b.String()
	}
	if first, second := tell(7), tell(7); first != second {
		t.Error("two worlds of one seed differ")
	}
	if tell(7) == tell(8) {
		t.Error("two seeds make one world")
	}
}

func TestThePlanHasTheSharesOfAConference(t *testing.T) {
	for _, size := range [][2]int{{20, 2}, {30, 3}, {100, 18}, {1300, 18}, {5000, 40}} {
		w, err := newWorld(size[0], size[1], 1)
		if err != nil {
			t.Fatal(err)
		}
		n, names := map[intent]int{}, map[string]int{}
		for _, p := range w.called {
			n[p.wants]++
			names[p.name]++
		}
		if max(slices.Max(slices.Collect(maps.Values(names))), 1) > 1 {
			t.Errorf("%v: a name is given twice", size)
		}
		if of := size[0]; n[accepts] != of*70/100 || n[leaves] != of*12/100 || n[sends] != max(3, of*5/100) {
			t.Errorf("%v: the answers are %v", size, n)
		}
		for _, v := range w.venues {
			if v.officer == nil {
				t.Errorf("%v: %s has no officer", size, v.name)
			}
		}
	}
}

func TestTheNextMonthHasTheSameWeekdayAtTheSamePlace(t *testing.T) {
	place := func(d time.Time) int { return (d.Day() - 1) / 7 }
	for day := time.Date(2026, 1, 1, 14, 0, 0, 0, time.UTC); day.Year() < 2029; day = day.AddDate(0, 0, 1) {
		next := nextMonth(day)
		last := place(next) < place(day) && next.AddDate(0, 0, 7).Month() != next.Month()
		if next.Weekday() != day.Weekday() || next.Month() != day.Month()%12+1 || place(next) != place(day) && !last {
			t.Errorf("%s is followed by %s", day.Format(time.DateOnly), next.Format(time.DateOnly))
		}
	}
}
