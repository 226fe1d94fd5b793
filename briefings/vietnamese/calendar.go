package vietnamese

import (
	"fmt"
	"time"
)

// Weekday names a day as Vietnamese does. Monday is the second day, and Sunday
// has no number.
func Weekday(d time.Weekday) string {
	return [...]string{"Chủ Nhật", "Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy"}[d]
}

// ShortWeekday names a day in two letters: T2 … T7, CN.
func ShortWeekday(d time.Weekday) string {
	return [...]string{"CN", "T2", "T3", "T4", "T5", "T6", "T7"}[d]
}

// LongTime prints t in full, in the location it carries:
// 14 giờ 00, Thứ Năm, ngày 03/12/2026.
func LongTime(t time.Time) string {
	return fmt.Sprintf("%02d giờ %02d, %s, ngày %s", t.Hour(), t.Minute(), Weekday(t.Weekday()), Date(t))
}

// ShortTime prints t for a button, without the year: 14:00 T5 03/12.
func ShortTime(t time.Time) string {
	return fmt.Sprintf("%s %s %s", Clock(t), ShortWeekday(t.Weekday()), t.Format("02/01"))
}

// Clock prints the hour of t: 14:00.
func Clock(t time.Time) string { return t.Format("15:04") }

// Date prints the date of t: 03/12/2026.
func Date(t time.Time) string { return t.Format("02/01/2006") }

// DocumentDate prints the date of t as documents write it, with a zero before
// days under 10 and before January and February: ngày 03 tháng 12 năm 2026,
// ngày 05 tháng 3 năm 2026.
func DocumentDate(t time.Time) string {
	month := fmt.Sprint(int(t.Month()))
	if t.Month() <= time.February {
		month = "0" + month
	}
	return fmt.Sprintf("ngày %02d tháng %s năm %d", t.Day(), month, t.Year())
}
