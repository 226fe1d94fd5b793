package app

import (
	"testing"

	"briefbot/briefings"
)

func TestQuietHoursAreANightAndARestAtNoon(t *testing.T) {
	night, noon := briefings.QuietHours{From: 21 * 60, To: 6 * 60}, briefings.QuietHours{From: 11*60 + 30, To: 13*60 + 30}
	for setting, want := range map[string]briefings.Hours{
		"":                              {},
		" , ":                           {},
		"21:00-06:00":                   {Night: night},
		"11:30-13:30":                   {Night: noon}, // the only span is the quiet one
		"21:00-06:00,11:30-13:30":       {Night: night, Noon: noon},
		"11:30-13:30, 21:00-06:00":      {Night: night, Noon: noon},
		"00:00-23:59":                   {},
		"21:00":                         {},
		"21:00-6":                       {},
		"1:00-2:00,3:00-4:00,5:00-6:00": {},
	} {
		got, err := (&Config{QuietHours: setting}).hours()
		if got != want || (err != nil) != (setting != "" && setting != " , " && want == briefings.Hours{}) {
			t.Errorf("%q is %+v, %v; want %+v", setting, got, err, want)
		}
	}
}
