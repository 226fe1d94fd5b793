package briefings

import "time"

// lunar are the dates that follow the moon over Viet Nam, by year: the first day of Tết and the commemoration of the Hùng Kings.
var lunar = map[int]struct{ tet, kings string }{
	2026: {"02-17", "04-26"}, 2027: {"02-06", "04-16"}, 2028: {"01-26", "04-04"}, 2029: {"02-13", "04-23"}, 2030: {"02-02", "04-12"},
	2031: {"01-23", "04-01"}, 2032: {"02-11", "04-19"}, 2033: {"01-31", "04-09"}, 2034: {"02-19", "04-28"}, 2035: {"02-08", "04-17"},
	2036: {"01-28", "04-06"},
}

// longMonth are the years before whose Tết the last month of the moon has 30 days, so that its 28th is a day further away.
var longMonth = map[int]bool{2033: true, 2034: true, 2035: true, 2036: true}

// Statutory proposes the holidays of a year as the Labour Code names them, for somebody to adopt and correct: the dates that the Prime
// Minister fixes each year (days in lieu, swapped Saturdays, the second day of the National Day) are not among them. From the 28th of
// the last month of the moon to the 5th of Tết only what is urgent is sent. It reports false for a year whose moon is not in the table.
func Statutory(year int) ([]Holiday, bool) {
	moon, ok := lunar[year]
	if !ok {
		return nil, false
	}
	var days []Holiday
	on := func(date time.Time, vi, en string, h Holiday) {
		h.Day, h.Name = date.Format(time.DateOnly), Text{Vi: vi, En: en}
		days = append(days, h)
	}
	at := func(monthDay string) time.Time {
		t, _ := time.Parse(time.DateOnly, time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).Format("2006")+"-"+monthDay) // of the table
		return t
	}
	on(at("01-01"), "Tết Dương lịch", "New Year", Holiday{})
	first := -3 // the 28th, where the month has 29 days its last but one: two days before Tết
	if !longMonth[year] {
		first = -2
	}
	tet := at(moon.tet)
	for d := first; d <= 4; d++ {
		day := tet.AddDate(0, 0, d)
		weekend := day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
		off := d >= -1 && d <= 3 // the eve and four days
		on(day, "Tết Nguyên đán", "Tết", Holiday{Working: !off && !weekend, Still: true})
	}
	on(at(moon.kings), "Giỗ Tổ Hùng Vương", "Hùng Kings’ Day", Holiday{})
	on(at("04-30"), "Ngày Chiến thắng", "Victory Day", Holiday{})
	on(at("05-01"), "Quốc tế Lao động", "Labour Day", Holiday{})
	on(at("09-02"), "Quốc khánh", "National Day", Holiday{})
	return days, true
}
