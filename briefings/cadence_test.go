package briefings

import (
	"testing"
	"time"
)

func TestALineThatIsReadInTwoWaysOrNeverComesIsRefused(t *testing.T) {
	refused := map[string]string{
		"TZ=":                           "cadence.line_zone",
		"TZ=UTC":                        "cadence.line_zone",
		"CRON_TZ=Europe/Rome":           "cadence.line_zone",
		"TZ=Asia/Ho_Chi_Minh 0 7 * * *": "cadence.line_zone",
		"@every -1h":                    "cadence.line_at",
		"@every 0s":                     "cadence.line_at",
		"@every 100ms":                  "cadence.line_at",
		"@daily":                        "cadence.line_at",
		"@reboot":                       "cadence.line_at",
		"":                              "cadence.line_fields",
		"0 7 * *":                       "cadence.line_fields",
		"0 0 7 * * *":                   "cadence.line_fields",
		" 0 7 * * *":                    "cadence.line_fields",
		"1,2,,3 * * * *":                "cadence.line_part",
		"0 7 * * 7":                     "cadence.line_part",
		"0-59/70 7 * * *":               "cadence.line_part",
		"*/0 7 * * *":                   "cadence.line_part",
		"*/-5 7 * * *":                  "cadence.line_part",
		"5/10 7 * * *":                  "cadence.line_part",
		"60 7 * * *":                    "cadence.line_part",
		"0 24 * * *":                    "cadence.line_part",
		"0 7 0 * *":                     "cadence.line_part",
		"0 7 * 13 *":                    "cadence.line_part",
		"0 7 * * fri-mon":               "cadence.line_part",
		"0 7 ? * *":                     "cadence.line_part",
		"0 7 L * *":                     "cadence.line_part",
		"0 0x7 * * *":                   "cadence.line_part",
		"0 +7 * * *":                    "cadence.line_part",
		"* * * * *":                     "cadence.line_often",
		"*/4 * * * *":                   "cadence.line_often",
		"0,3 7 * * *":                   "cadence.line_often",
		"2,58 * * * *":                  "cadence.line_often", // across the hour
		"2,58 0,23 * * *":               "cadence.line_often", // across midnight
		"0 0 13 * 5":                    "cadence.line_either",
		"0 0 31 2 *":                    "cadence.line_never",
		"0 0 30 feb *":                  "cadence.line_never",
		"0 0 31 4,6,9,11 *":             "cadence.line_never",
		"0 0 29 2 *":                    "cadence.line_leap",
		"0 0 29-31 2 *":                 "cadence.line_leap",
		"0 7 * * *\n0 8 * * *":          "cadence.line_fields",
		"99999999999999999999 7 * * *":  "cadence.line_part",
	}
	for line, want := range refused {
		if r := AsRefusal(Cadence{Every: ByLine, Line: line}.Check()); r == nil || r.Key != want {
			t.Errorf("%q: %v, want %s", line, r, want)
		}
	}
	for _, line := range []string{
		"0 7 * * 1-5", "*/5 * * * *", "30 7 5 * *", "0 7 * * mon,wed,fri", "0 0 29,30 2,3 *", "0 8-17/2 * jan-jun *", "2,57 0,23 * * *", "0 7 31 * *",
	} {
		if err := (Cadence{Every: ByLine, Line: line}).Check(); err != nil {
			t.Errorf("%q: %v", line, err)
		}
	}
}

func TestACadenceThatCannotComeIsRefused(t *testing.T) {
	refused := map[string]Cadence{
		"nothing":                        {},
		"an unknown rhythm":              {Every: "fortnight"},
		"once at no time":                {Every: Once},
		"hour 24":                        {Every: EveryDay, Hour: 24},
		"minute 60":                      {Every: EveryDay, Minute: 60},
		"weekday 7":                      {Every: Weekly, Weekday: 7},
		"day 0":                          {Every: Monthly},
		"day 32":                         {Every: Monthly, Day: 32},
		"a day and an Nth":               {Every: Monthly, Day: 5, Nth: 1, Of: NthWeekday},
		"the fifth Friday":               {Every: Monthly, Nth: 5, Of: NthWeekday, Weekday: time.Friday},
		"the last but one":               {Every: Monthly, Nth: -2, Of: NthWorkday},
		"an Nth of nothing":              {Every: Monthly, Nth: 1},
		"a month where none is asked":    {Every: Monthly, Day: 5, Month: 2},
		"no month of the quarter":        {Every: Quarterly, Day: 5},
		"month 4 of the quarter":         {Every: Quarterly, Day: 5, Month: 4},
		"month 13":                       {Every: Yearly, Day: 5, Month: 13},
		"31 February":                    {Every: Yearly, Day: 31, Month: 2},
		"31 April":                       {Every: Yearly, Day: 31, Month: 4},
		"a shift of every day":           {Every: EveryDay, Shift: ToNext},
		"an unknown shift":               {Every: Weekly, Shift: "sideways"},
		"a shift of what is worked":      {Every: Monthly, Nth: Last, Of: NthWorkday, Shift: ToNext},
		"a line with an hour beside it":  {Every: ByLine, Line: "0 7 * * *", Hour: 7},
		"a weekday beyond Saturday, Nth": {Every: Monthly, Nth: 1, Of: NthWeekday, Weekday: 9},
	}
	for name, c := range refused {
		if AsRefusal(c.Check()) == nil {
			t.Errorf("%s is taken", name)
		}
	}
	for _, c := range []Cadence{
		{Every: Quarterly, Day: 31, Month: 3, Shift: ToBefore},
		{Every: Yearly, Day: 29, Month: 2}, // in other years the 28th
		{Every: Monthly, Nth: Last, Of: NthWorked, Weekday: time.Friday},
	} {
		if err := c.Check(); err != nil {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

func FuzzALineIsTakenOrRefusedWithASentence(f *testing.F) {
	for _, line := range []string{"0 7 * * 1-5", "TZ=", "@every -1h", "1,2,,3 * * * *", "0-59/70 * * * *", "0 0 31 2 *", "*/5 * * * *"} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if err := CheckLine(line); err != nil && AsRefusal(err) == nil {
			t.Fatalf("%q: %v", line, err)
		}
	})
}
