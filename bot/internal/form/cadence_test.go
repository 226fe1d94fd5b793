package form_test

import (
	"testing"
	"time"

	"briefbot/bot/internal/form"
	"briefbot/bot/internal/view"
	"briefbot/briefings"
	"briefbot/briefings/i18n"
)

// speakers are the two languages a cadence is said in, and the world it is read in.
func speakers(tb testing.TB) (map[i18n.Lang]view.Voice, form.World) {
	tb.Helper()
	texts, err := i18n.Load()
	if err != nil {
		tb.Fatal(err)
	}
	zone := time.FixedZone("+07", 7*3600)
	voices := map[i18n.Lang]view.Voice{}
	for _, lang := range []i18n.Lang{i18n.Vi, i18n.En} {
		voices[lang] = view.NewVoice(i18n.Printer{
			Catalogue: texts, Lang: lang, Location: zone, Report: func(err error) { tb.Error(err) },
		})
	}
	return voices, form.World{Zone: zone, Now: time.Date(2026, 11, 23, 9, 30, 0, 0, zone)}
}

// sayAndRead says a cadence in both languages and reads it back.
func sayAndRead(t *testing.T, voices map[i18n.Lang]view.Voice, w form.World, c briefings.Cadence) {
	t.Helper()
	for lang, voice := range voices {
		said := view.Cadence(voice, c, w.Now)
		got, err := w.Cadence(said)
		if err != nil {
			t.Fatalf("%s: %q of %+v: %v", lang, said, c, err)
		}
		if !got.At.Equal(c.At) {
			t.Fatalf("%s: %q is at %v, want %v", lang, said, got.At, c.At)
		}
		got.At = c.At
		if got != c {
			t.Fatalf("%s: %q is %+v, want %+v", lang, said, got, c)
		}
	}
}

func TestEveryCadenceIsReadAsItIsSaid(t *testing.T) {
	voices, w := speakers(t)
	var all []briefings.Cadence
	shifts := []briefings.Shift{briefings.Stays, briefings.ToNext, briefings.ToBefore, briefings.LeavesOut}
	for _, clock := range [][2]int{{7, 30}} {
		at := briefings.Cadence{Hour: clock[0], Minute: clock[1]}
		for _, every := range []briefings.Every{briefings.EveryDay, briefings.EveryWorkday} {
			at.Every = every
			all = append(all, at)
		}
		for _, s := range shifts {
			at.Shift = s
			for d := time.Sunday; d <= time.Saturday; d++ {
				c := at
				c.Every, c.Weekday = briefings.Weekly, d
				all = append(all, c)
			}
			for _, c := range inMonth(at) {
				c.Every = briefings.Monthly
				all = append(all, c)
				for c.Every, c.Month = briefings.Quarterly, 1; c.Month <= 3; c.Month++ {
					all = append(all, c)
				}
				for c.Every, c.Month = briefings.Yearly, 1; c.Month <= 12; c.Month++ {
					if c.Day <= briefings.MonthDays(c.Month) {
						all = append(all, c)
					}
				}
			}
		}
	}
	all = append(all, briefings.Cadence{Every: briefings.ByLine, Line: "*/20 7-9 * * mon,wed"},
		briefings.Cadence{Every: briefings.Once, At: time.Date(2026, 12, 3, 14, 0, 0, 0, w.Zone)})
	for _, c := range all {
		if err := c.Check(); err != nil {
			t.Fatalf("%+v: %v", c, err)
		}
		sayAndRead(t, voices, w, c)
	}
	if len(all) < 1500 {
		t.Errorf("%d cadences", len(all))
	}
}

// inMonth lists every day of a month that a cadence can name.
func inMonth(c briefings.Cadence) []briefings.Cadence {
	var all []briefings.Cadence
	for day := 1; day <= 31; day++ {
		c.Day = day
		all = append(all, c)
	}
	c.Day = 0
	for _, c.Nth = range []int{1, 2, 3, 4, briefings.Last} {
		if c.Shift == briefings.Stays {
			c.Of, c.Weekday = briefings.NthWorkday, 0
			all = append(all, c)
		}
		for c.Weekday = time.Sunday; c.Weekday <= time.Saturday; c.Weekday++ {
			c.Of = briefings.NthWeekday
			all = append(all, c)
			if c.Shift == briefings.Stays {
				c.Of = briefings.NthWorked
				all = append(all, c)
			}
		}
	}
	return all
}

func FuzzWhatIsReadOfACadenceIsSaidAndReadAgain(f *testing.F) {
	for _, s := range []string{
		"now", "every weekday 07:00", "thứ hai hằng tuần 07:00", "hằng tháng ngày 5 07:30, trừ ngày nghỉ", "last working Friday of every month 16:00",
		"ngày làm việc thứ 2 tháng giữa mỗi quý lúc 7h", "2 September every year 07:00", "TZ=UTC", "@every -1h", "0-59/70 * * * *", "07:00 31/11/2026",
		"mỗi 30 giây", "*/5 * * * *", "14 giờ 00, Thứ Năm, ngày 03/12/2026",
	} {
		f.Add(s)
	}
	voices, w := speakers(f)
	f.Fuzz(func(t *testing.T, s string) {
		c, err := w.Cadence(s)
		switch {
		case err != nil && briefings.AsRefusal(err) == nil:
			t.Fatalf("%q: %v is no sentence", s, err)
		case err != nil:
			return
		case c.Check() != nil:
			t.Fatalf("%q is read as %+v, which cannot come", s, c)
		case c.Every == briefings.Once && !c.At.After(w.Now.Add(time.Minute)):
			return // now
		}
		sayAndRead(t, voices, w, c)
	})
}
