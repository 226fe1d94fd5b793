package briefings

import (
	"math"
	"testing"
	"time"
)

// newMoon is the day, in Viet Nam, of the k-th new moon since 1900, by the series of Meeus.
func newMoon(k int) time.Time {
	const degree = math.Pi / 180
	n := float64(k)
	t := n / 1236.85
	j := 2415020.75933 + 29.53058868*n + 0.0001178*t*t + 0.00033*math.Sin((166.56+132.87*t)*degree)
	m := (359.2242 + 29.10535608*n - 0.0000333*t*t) * degree
	p := (306.0253 + 385.81691806*n + 0.0107306*t*t) * degree
	f := (21.2964 + 390.67050646*n - 0.0016528*t*t) * degree
	j += (0.1734-0.000393*t)*math.Sin(m) + 0.0021*math.Sin(2*m) - 0.4068*math.Sin(p) + 0.0161*math.Sin(2*p) - 0.0004*math.Sin(3*p) +
		0.0104*math.Sin(2*f) - 0.0051*math.Sin(m+p) - 0.0074*math.Sin(m-p) + 0.0004*math.Sin(2*f+m) - 0.0004*math.Sin(2*f-m) -
		0.0006*math.Sin(2*f+p) + 0.0010*math.Sin(2*f-p) + 0.0005*math.Sin(2*p+m)
	j -= -0.000278 + 0.000265*t + 0.000262*t*t
	return time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(math.Floor(j+0.5+7.0/24))-2440588)
}

func TestTheTableOfTheMoonIsThatOfTheSky(t *testing.T) {
	for year, row := range lunar {
		k := int(float64(year-1900)*12.3685) - 2
		for newMoon(k).Before(time.Date(year, 1, 21, 0, 0, 0, 0, time.UTC)) {
			k++
		}
		tet, before := newMoon(k), newMoon(k-1)
		if got := tet.Format("01-02"); got != row.tet {
			t.Errorf("%d: Tết is on %s, the table says %s", year, got, row.tet)
		}
		if long := tet.Sub(before) == 30*24*time.Hour; long != longMonth[year] {
			t.Errorf("%d: the last month has 30 days: %v, the table says %v", year, long, longMonth[year])
		}
		if got := newMoon(k+2).AddDate(0, 0, 9).Format("01-02"); got != row.kings { // the tenth of the third month
			t.Errorf("%d: the Hùng Kings are on %s, the table says %s", year, got, row.kings)
		}
	}
}

func TestTheProposedHolidaysOfAYear(t *testing.T) {
	days, ok := Statutory(2027)
	if !ok {
		t.Fatal("2027 is not proposed")
	}
	want := []string{
		"2027-01-01 off", "2027-02-04 worked still", "2027-02-05 off still", "2027-02-06 off still", "2027-02-07 off still",
		"2027-02-08 off still", "2027-02-09 off still", "2027-02-10 worked still", "2027-04-16 off", "2027-04-30 off", "2027-05-01 off",
		"2027-09-02 off",
	}
	for i, h := range days {
		said := h.Day + " off"
		if h.Working {
			said = h.Day + " worked"
		}
		if h.Still {
			said += " still"
		}
		if i >= len(want) || said != want[i] {
			t.Errorf("day %d is %s", i, said)
		}
	}
	if _, ok := Statutory(2050); ok {
		t.Error("a year beyond the table is proposed")
	}
}

func TestADeclaredDayTakesThePlaceOfItsDate(t *testing.T) {
	today := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	list, err := Declare([]Holiday{{Day: "2026-09-02"}, {Day: "2027-01-01"}}, []Holiday{{Day: "2026-12-31", Working: true}, {Day: "2027-01-01", Still: true}}, today)
	if err != nil || len(list) != 3 || list[1].Day != "2026-12-31" || !list[2].Still {
		t.Fatalf("%+v, %v", list, err)
	}
	if list, err = Revoke(list, "2026-09-02"); err != nil || len(list) != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	if _, err := Revoke(list, "2026-09-02"); err == nil {
		t.Error("a day is revoked twice")
	}
	var many []Holiday
	for d := range HolidaysKept + 100 {
		many = append(many, Holiday{Day: today.AddDate(-3, 0, d).Format(time.DateOnly)})
	}
	if list, err := Declare(nil, many, today); err != nil || len(list) > HolidaysKept {
		t.Errorf("%d days, %v: days long past do not give way", len(list), err)
	}
	for i := range many {
		many[i].Day = today.AddDate(0, 0, i).Format(time.DateOnly)
	}
	if _, err := Declare(nil, many, today); AsRefusal(err) == nil {
		t.Error("any number of days is taken")
	}
}

func TestCalmHoldsBackWhatCanWait(t *testing.T) {
	zone := time.FixedZone("+07", 7*3600)
	at := func(s string) time.Time {
		v, err := time.ParseInLocation("2006-01-02T15:04", s, zone)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	days, _ := Statutory(2027)
	calm := Calm{Hours: Hours{QuietHours{21 * 60, 6 * 60}, QuietHours{11*60 + 30, 13*60 + 30}}, Days: NewCalendar(days)}
	tests := []struct {
		name string
		kind Kind
		at   string
		free string // when it may be sent
	}{
		{"a briefing at noon rests", KindBriefing, "2026-12-01T12:00", "2026-12-01T13:30"},
		{"an invitation at noon rests", KindInvitation, "2026-12-01T11:30", "2026-12-01T13:30"},
		{"a reminder at noon does not", KindRemindSilent, "2026-12-01T12:00", "2026-12-01T12:00"},
		{"a briefing at night waits", KindBriefing, "2026-12-01T22:00", "2026-12-02T06:00"},
		{"a briefing before Tết waits until after it", KindBriefing, "2027-02-04T09:00", "2027-02-11T06:00"},
		{"the silent are left alone at Tết", KindRemindSilent, "2027-02-10T23:59", "2027-02-11T06:00"},
		{"those who come are reminded even then", KindRemindComing, "2027-02-08T09:00", "2027-02-08T09:00"},
		{"a cancellation never waits", KindCancelled, "2027-02-06T00:00", "2027-02-06T00:00"},
	}
	for _, tt := range tests {
		free := calm.End(tt.kind, at(tt.at))
		if !free.Equal(at(tt.free)) || calm.Quiet(tt.kind, free) || calm.Quiet(tt.kind, at(tt.at)) == (tt.at == tt.free) {
			t.Errorf("%s: free at %v", tt.name, free)
		}
	}
	if (Calm{}).Quiet(KindBriefing, at("2026-12-01T03:00")) {
		t.Error("the zero value holds something back")
	}
	for _, bad := range []Hours{
		{Night: QuietHours{-1, 60}}, {Night: QuietHours{0, 24 * 60}}, {Night: QuietHours{0, 23 * 60}}, {QuietHours{18 * 60, 12 * 60}, QuietHours{12 * 60, 17 * 60}},
	} {
		if AsRefusal(bad.Check()) == nil {
			t.Errorf("%+v is taken", bad)
		}
	}
	if err := calm.Check(); err != nil {
		t.Error(err)
	}
}
