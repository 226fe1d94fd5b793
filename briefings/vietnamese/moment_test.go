package vietnamese

import (
	"errors"
	"testing"
	"time"
	_ "time/tzdata" // the zone is needed where the system has none
)

func hanoi(t testing.TB) (*time.Location, time.Time) {
	t.Helper()
	loc, err := time.LoadLocation("Asia/Ho_Chi_Minh")
	if err != nil {
		t.Fatal(err)
	}
	return loc, time.Date(2026, 11, 23, 9, 0, 0, 0, loc) // a Monday
}

func TestParseTimeReadsEveryUsualWayOfWritingAMoment(t *testing.T) {
	loc, now := hanoi(t)
	for typed, want := range map[string]string{
		"14:00 03/12/2026":                    "2026-12-03 14:00",
		"03/12/2026 14:00":                    "2026-12-03 14:00",
		"03/12/2026 14h30":                    "2026-12-03 14:30",
		"3/12/26 14g00":                       "2026-12-03 14:00",
		"14h 30/7/2027":                       "2027-07-30 14:00",
		"14 giờ 30/7/2027":                    "2027-07-30 14:00",
		"7h30’ ngày 3/12":                     "2026-12-03 07:30?",
		"07 giờ 00’ 07/7":                     "2027-07-07 07:00?",
		"14 giờ 00, Thứ Năm, ngày 03/12/2026": "2026-12-03 14:00",
		"14 giờ 00, Thứ Năm, ngày 03/12/2026 (01 buổi)":  "2026-12-03 14:00",
		"8 giờ 30 sáng thứ 5, ngày 03 tháng 12 năm 2026": "2026-12-03 08:30",
		"8h30 phút sáng 3 tháng 12":                      "2026-12-03 08:30?",
		"2 giờ chiều 3/12/2026":                          "2026-12-03 14:00",
		"chiều 14:00 3/12/2026":                          "2026-12-03 14:00",
		"7h tối 28-2":                                    "2027-02-28 19:00?",
		"12 giờ trưa 28-2-2027":                          "2027-02-28 12:00",
		"1 giờ trưa 28.2.2027":                           "2027-02-28 13:00",
		"14:00 T5 03/12":                                 "2026-12-03 14:00?",
		"14:00, Thursday, 3 December 2026":               "2026-12-03 14:00",
		"14:00 Thu 3 Dec":                                "2026-12-03 14:00?",
		"2:30 pm 3 Dec 2026":                             "2026-12-03 14:30",
		"2026-12-03 14:00":                               "2026-12-03 14:00",
		"2026-12-03T14:00:00":                            "2026-12-03 14:00",
		"6h45 CN 29/11/2026":                             "2026-11-29 06:45",
		"Chủ nhật 29/11/2026, 6h45":                      "2026-11-29 06:45",
		"14:00 thứ Năm":                                  "2026-11-26 14:00?",
		"08:00 thứ hai":                                  "2026-11-30 08:00?",
		"10:00 T2":                                       "2026-11-23 10:00?",
		"14:00 hôm nay":                                  "2026-11-23 14:00",
		"7h sáng mai":                                    "2026-11-24 07:00",
		"tomorrow at 07:30":                              "2026-11-24 07:30",
		"8:00 23/11":                                     "2027-11-23 08:00?",
		"10:00 23/11":                                    "2026-11-23 10:00?",
		"14:00 29/2":                                     "2028-02-29 14:00?",
		"14:00 28-2":                                     "2027-02-28 14:00?",
		"14:00 – 03/12/2026":                             "2026-12-03 14:00",
		"LÚC 14 GIỜ NGÀY 03/12/2026.":                    "2026-12-03 14:00",
		"0h 1/1/2027":                                    "2027-01-01 00:00",
		"14:00 8/8/2024":                                 "2024-08-08 14:00",
	} {
		m, err := ParseTime(typed, loc, now)
		got := m.Time.Format("2006-01-02 15:04")
		if m.Inferred {
			got += "?"
		}
		if err != nil || got != want || m.Time.Location() != loc {
			t.Errorf("ParseTime(%q) = %s, %v; want %s", typed, got, err, want)
		}
	}
}

func TestParseTimeSaysWhatIsMissingOrImpossible(t *testing.T) {
	loc, now := hanoi(t)
	for typed, want := range map[string]error{
		"sáng 8/8":               ErrHourMissing,
		"cả ngày 8/8/2027":       ErrHourMissing,
		"½ ngày 8/8/2027":        ErrHourMissing,
		"Thứ Năm 03/12/2026":     ErrHourMissing,
		"14:00":                  ErrDateMissing,
		"":                       ErrUnreadable,
		"chiều":                  ErrUnreadable,
		"khi nào tiện":           ErrUnreadable,
		"14:00 03/12/2026 họp":   ErrUnreadable,
		"14:00 15:00 3/12/2026":  ErrUnreadable,
		"14:00 3/12 4/12":        ErrUnreadable,
		"14:00 30/02/2027":       ErrNoSuchDay,
		"14:00 30/2":             ErrNoSuchDay,
		"14:00 29/2/2027":        ErrNoSuchDay,
		"14:00 12/13/2026":       ErrNoSuchDay,
		"14:00 00/12/2026":       ErrNoSuchDay,
		"25:00 03/12/2026":       ErrNoSuchHour,
		"14:75 03/12/2026":       ErrNoSuchHour,
		"14:00 sáng 03/12/2026":  ErrNoSuchHour,
		"23 giờ chiều 3/12/2026": ErrNoSuchHour,
		"14:00 mai 3/12/2026":    ErrUnreadable,
	} {
		if m, err := ParseTime(typed, loc, now); !errors.Is(err, want) {
			t.Errorf("ParseTime(%q) = %v, %v; want %v", typed, m.Time, err, want)
		}
	}
}

func TestAWrongWeekdayIsNamedWithTheRightOne(t *testing.T) {
	loc, now := hanoi(t)
	for _, typed := range []string{"14:00 thứ Hai 30/7/2024", "14:00 T2, 30/7/2024", "14:00 Monday 30/7/2024", "Thứ Hai 30/7/2024"} {
		_, err := ParseTime(typed, loc, now)
		var wrong *WeekdayError
		if !errors.As(err, &wrong) {
			t.Errorf("ParseTime(%q): %v", typed, err)
			continue
		}
		if wrong.Written != time.Monday || wrong.Actual != time.Tuesday || Date(wrong.Date) != "30/07/2024" {
			t.Errorf("ParseTime(%q): %v", typed, wrong)
		}
	}
}

func TestParseClockReadsHoursAlone(t *testing.T) {
	for typed, want := range map[string][2]int{
		"07:00": {7, 0}, "7h30": {7, 30}, "14g00": {14, 0}, "7 giờ 30": {7, 30}, "14h": {14, 0}, "7h30’": {7, 30},
		"07 giờ 00’": {7, 0}, "2 giờ chiều": {14, 0}, "8 GIỜ 30 PHÚT": {8, 30}, "0:00": {0, 0}, "lúc 6:45": {6, 45},
	} {
		if hour, minute, err := ParseClock(typed); err != nil || [2]int{hour, minute} != want {
			t.Errorf("ParseClock(%q) = %d, %d, %v; want %v", typed, hour, minute, err, want)
		}
	}
	for typed, want := range map[string]error{
		"": ErrHourMissing, "24:00": ErrNoSuchHour, "7:60": ErrNoSuchHour, "14:00 3/12": ErrUnreadable, "bảy giờ": ErrUnreadable, "7": ErrUnreadable,
	} {
		if _, _, err := ParseClock(typed); !errors.Is(err, want) {
			t.Errorf("ParseClock(%q): %v; want %v", typed, err, want)
		}
	}
}

func TestParseDateReadsDaysAlone(t *testing.T) {
	loc, now := hanoi(t)
	for typed, want := range map[string]string{
		"30/7/2024": "30/07/2024", "7/2/2020": "07/02/2020", "sáng 8/8": "08/08/2027", "23/11": "23/11/2026", "22/11": "22/11/2027",
		"thứ Sáu": "27/11/2026", "hôm nay": "23/11/2026", "ngày 03 tháng 12 năm 2026": "03/12/2026",
	} {
		if m, err := ParseDate(typed, loc, now); err != nil || Date(m.Time) != want {
			t.Errorf("ParseDate(%q) = %v, %v; want %s", typed, m.Time, err, want)
		}
	}
	if _, err := ParseDate("14:00 3/12", loc, now); !errors.Is(err, ErrUnreadable) {
		t.Errorf("an hour passes: %v", err)
	}
	if _, err := ParseDate("", loc, now); !errors.Is(err, ErrDateMissing) {
		t.Errorf("nothing passes: %v", err)
	}
}

func TestParseWeekdayKnowsBothLanguages(t *testing.T) {
	for typed, want := range map[string]time.Weekday{
		"Thứ Hai": time.Monday, "thứ 2": time.Monday, "T2": time.Monday, "Thứ Tư": time.Wednesday, "thu tu": time.Wednesday, "T7": time.Saturday,
		"CN": time.Sunday, "Chủ nhật": time.Sunday, "chủ Nhật": time.Sunday, "Monday": time.Monday, "Mon": time.Monday, "thu": time.Thursday,
		"Thứ Bảy": time.Saturday, "saturday": time.Saturday, "Sun": time.Sunday,
	} {
		if got, ok := ParseWeekday(typed); !ok || got != want {
			t.Errorf("ParseWeekday(%q) = %v, %v; want %v", typed, got, ok, want)
		}
	}
	for _, typed := range []string{"", "T8", "T1", "thứ tám", "hai", "thứ hai tới"} {
		if got, ok := ParseWeekday(typed); ok {
			t.Errorf("ParseWeekday(%q) = %v", typed, got)
		}
	}
}

func TestWhatIsPrintedIsReadBack(t *testing.T) {
	loc, now := hanoi(t)
	for day := range 400 {
		at := time.Date(2026, 12, 1+day, day%24, day%60, 0, 0, loc)
		if m, err := ParseTime(LongTime(at), loc, now); err != nil || !m.Time.Equal(at) {
			t.Fatalf("%q is read as %v, %v", LongTime(at), m.Time, err)
		}
		if m, err := ParseTime(ShortTime(at), loc, at.AddDate(0, -1, 0)); err != nil || !m.Time.Equal(at) {
			t.Fatalf("%q is read as %v, %v", ShortTime(at), m.Time, err)
		}
		if m, err := ParseDate(DocumentDate(at), loc, now); err != nil || Date(m.Time) != Date(at) {
			t.Fatalf("%q is read as %v, %v", DocumentDate(at), m.Time, err)
		}
	}
}

func TestMomentsPrintAsNoticesWriteThem(t *testing.T) {
	loc, _ := hanoi(t)
	at := time.Date(2026, 12, 3, 14, 0, 0, 0, loc)
	for got, want := range map[string]string{
		LongTime(at):     "14 giờ 00, Thứ Năm, ngày 03/12/2026",
		ShortTime(at):    "14:00 T5 03/12",
		DocumentDate(at): "ngày 03 tháng 12 năm 2026",
		DocumentDate(time.Date(2027, 2, 5, 0, 0, 0, 0, loc)): "ngày 05 tháng 02 năm 2027",
		DocumentDate(time.Date(2027, 3, 5, 0, 0, 0, 0, loc)): "ngày 05 tháng 3 năm 2027",
		Weekday(time.Sunday): "Chủ Nhật",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func FuzzParseTime(f *testing.F) {
	loc, now := hanoi(f)
	for _, s := range []string{"14:00 03/12/2026", "7h30’ ngày 3/12", "sáng 8/8", "T2", "29/2 5h tối", "3 thang 12 nam 2026 1:1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m, err := ParseTime(s, loc, now)
		if err == nil && (m.Time.IsZero() || m.Time.Second() != 0) {
			t.Errorf("ParseTime(%q) = %v", s, m.Time)
		}
		if err == nil && m.Inferred && !m.Time.After(now) {
			t.Errorf("ParseTime(%q) infers the past: %v", s, m.Time)
		}
	})
}
