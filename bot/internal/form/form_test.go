package form

import (
	"strings"
	"testing"
	"time"

	"briefbot/briefings"
)

// hanoi is the zone of the tests; a fixed one needs no database of zones.
var hanoi = time.FixedZone("ICT", 7*60*60)

// world is a Monday morning in a small committee: T01 above X01 and X02, one member in each commune.
func world() World {
	always := func(id, parent string) briefings.Unit {
		return briefings.Unit{ID: briefings.UnitID(id), Versions: []briefings.UnitVersion{{Parent: briefings.UnitID(parent), Name: briefings.Text{Vi: id}}}}
	}
	now := time.Date(2026, 11, 23, 9, 30, 0, 0, hanoi)
	roster := briefings.NewRoster(
		[]briefings.Unit{always("T01", ""), always("X01", "T01"), always("X02", "T01"), always("X03", "T01")},
		[]briefings.Member{
			{ID: "M001", No: 1, Name: "Đỗ Mẫu Dũng", Unit: "X01", Status: briefings.Active},
			{ID: "M002", No: 2, Name: "Lò Thị Ánh", Unit: "X02", Status: briefings.Active},
		},
		[]briefings.Group{{ID: "G5", Members: []briefings.MemberID{"M002"}}},
		[]briefings.Topic{{ID: "t1", Slug: "quoc-te", Name: briefings.Text{Vi: "Quốc tế"}}}, now)
	return World{Roster: roster, Zone: hanoi, Now: now}
}

func at(year int, month time.Month, day, hour, minute int) time.Time {
	return time.Date(year, month, day, hour, minute, 0, 0, hanoi)
}

const whole = `Title: Hội nghị thông tin thời sự quý IV
Time: 14:00 03/12/2026
End: 16:30
Deadline: 17:00 01/12/2026
Venue: Hội trường xã A; units X01; officer M001; link https://meet.example.vn/a
Venue: Hội trường Tỉnh ủy; main; capacity 200
Audience: unit:T01, group:G5, -unit:X03
Chair: Ông A
Speaker: Bà B
Speaker: Ông C
Agenda: Tình hình quốc tế
Agenda: Nhiệm vụ: quý I
Deputies: yes
Dress: Lễ phục
Note: Đến trước 15 phút
Period: 2026-Q4, 2026-H2
Label: public`

const wholeVietnamese = `TÊN: Hội nghị thông tin thời sự quý IV
thoi gian: 14 giờ 00, Thứ Năm, ngày 03/12/2026
Kết thúc: 16h30
Hạn xác nhận: 17:00 1/12/2026
Điểm cầu: Hội trường xã A; đơn vị X01; cán bộ M001; liên kết https://meet.example.vn/a
dia diem : Hội trường Tỉnh ủy; chính; sức chứa 200
Thành phần: unit:T01, group:G5, -unit:X03
Chủ trì: Ông A
Báo cáo viên: Bà B
Báo cáo viên: Ông C
Nội dung: Tình hình quốc tế
NOI DUNG: Nhiệm vụ: quý I
Dự thay: có
Trang phục: Lễ phục
Lưu ý: Đến trước 15 phút
Kỳ báo cáo: 2026-Q4, 2026-H2
Mức phổ biến: công khai`

func TestAWholeMeetingIsReadInBothLanguages(t *testing.T) {
	for name, text := range map[string]string{"English": whole, "Vietnamese": wholeVietnamese, "with CRLF": strings.ReplaceAll(whole, "\n", "\r\n")} {
		t.Run(name, func(t *testing.T) {
			d := Draft{Lines: Scan(text, MeetingFields)}
			m, complaints := world().Meeting(&d)
			if len(complaints) > 0 {
				t.Fatalf("complaints: %+v", said(complaints))
			}
			if m.Title.Vi != "Hội nghị thông tin thời sự quý IV" || m.Chair != "Ông A" || m.Dress != "Lễ phục" || m.Note != "Đến trước 15 phút" {
				t.Errorf("texts: %+v", m)
			}
			if !m.Starts.Equal(at(2026, 12, 3, 14, 0)) || !m.Ends.Equal(at(2026, 12, 3, 16, 30)) || !m.Deadline.Equal(at(2026, 12, 1, 17, 0)) {
				t.Errorf("times: %s %s %s", m.Starts, m.Ends, m.Deadline)
			}
			if strings.Join(m.Speakers, "|") != "Bà B|Ông C" || strings.Join(m.Agenda, "|") != "Tình hình quốc tế|Nhiệm vụ: quý I" {
				t.Errorf("lists: %q %q", m.Speakers, m.Agenda)
			}
			if !m.Deputies || m.Label != briefings.Public || len(m.Periods) != 2 || m.Audience.String() != "unit:T01, group:G5, -unit:X03" {
				t.Errorf("rest: %+v", m)
			}
			if len(m.Venues) != 2 || m.Venues[0].Main || !m.Venues[1].Main || m.Venues[1].Capacity != 200 {
				t.Fatalf("venues: %+v", m.Venues)
			}
			a := m.Venues[0]
			if a.Name.Vi != "Hội trường xã A" || a.Units[0] != "X01" || a.Officers[0] != "M001" || a.Link != "https://meet.example.vn/a" {
				t.Errorf("venue: %+v", a)
			}
		})
	}
}

func TestTheFirstVenueIsTheMainHallUnlessOneSaysMain(t *testing.T) {
	d := Draft{Lines: Scan(strings.Replace(whole, "; main", "", 1), MeetingFields)}
	m, _ := world().Meeting(&d)
	if len(m.Venues) != 2 || !m.Venues[0].Main || m.Venues[1].Main {
		t.Errorf("venues: %+v", m.Venues)
	}
}

func TestAnHourAloneEndsTheMeetingOnItsDay(t *testing.T) {
	d := Draft{Lines: Scan("End: 16:30\nTime: 14:00 03/12/2026", MeetingFields)} // the order of the lines does not count
	m, _ := world().Meeting(&d)
	if !m.Ends.Equal(at(2026, 12, 3, 16, 30)) {
		t.Errorf("ends %s", m.Ends)
	}
}

// said is what complaints say, for messages of tests: "line: key" or ": key".
func said(list []Complaint) []string {
	var out []string
	for _, c := range list {
		key, _, _ := strings.Cut(c.Text, ":")
		s := key + ": " + c.Why.Key
		if f, ok := c.Why.Args["field"]; ok {
			s += " " + string(f.(briefings.Field))
		}
		out = append(out, s)
	}
	return out
}

func TestEveryLineThatCannotBeReadIsNamedWithItsReason(t *testing.T) {
	tests := []struct{ name, line, want string }{
		{"no title", "Title:", "Title: form.empty"},
		{"a long title", "Title: " + strings.Repeat("ộ", TitleLimit+1), "Title: form.too_long"},
		{"a time without a date", "Time: 14:00", "Time: err.date"},
		{"a time of words", "Time: soon", "Time: err.date"},
		{"a wrong weekday", "Time: 14:00 Thứ Tư 03/12/2026", "Time: form.weekday"},
		{"a day that is not", "Time: 14:00 30/02/2027", "Time: form.no_such_day"},
		{"a time in the past", "Time: 14:00 03/11/2026", "Time: form.past_time"},
		{"an end before the start", "End: 13:00", "End: form.end_before_start"},
		{"an end of words", "End: late", "End: err.date"},
		{"a deadline after the start", "Deadline: 15:00 03/12/2026", "Deadline: form.deadline_after_start"},
		{"a deadline in the past", "Deadline: 15:00 03/11/2026", "Deadline: form.deadline_past"},
		{"a venue without a name", "Venue: ; main", "Venue: form.empty"},
		{"a bad capacity", "Venue: A; capacity many", "Venue: form.bad_capacity"},
		{"no capacity", "Venue: A; sức chứa 0", "Venue: form.bad_capacity"},
		{"an unknown unit of a venue", "Venue: A; units X99", "Venue: audience.unknown"},
		{"no unit of a venue", "Venue: A; units", "Venue: form.empty"},
		{"an unknown officer", "Venue: A; officer M999", "Venue: audience.unknown"},
		{"no officer", "Venue: A; officer", "Venue: form.empty"},
		{"a link that is not https", "Venue: A; link http://a.vn", "Venue: form.bad_link"},
		{"an unknown part of a venue", "Venue: A; tầng 2", "Venue: form.bad_venue_part"},
		{"an empty audience", "Audience: ,", "Audience: audience.empty"},
		{"an audience of another sort", "Audience: xã A", "Audience: audience.bad_term"},
		{"an unknown unit", "Audience: unit:X99", "Audience: audience.unknown"},
		{"an audience of nobody", "Audience: unit:X03", "Audience: audience.nobody"},
		{"an empty chair", "Chair:", "Chair: form.empty"},
		{"deputies perhaps", "Deputies: maybe", "Deputies: form.yes_or_no"},
		{"a period of another shape", "Period: quý 4", "Period: form.bad_period"},
		{"another label", "Label: whatever", "Label: send.ask_label"},
		{"an unknown key", "Colour: red", "Colour: form.unknown_key"},
		{"a key of the other form", "Topic: quoc-te", "Topic: form.unknown_key"},
		{"no key", "hello", "hello: form.no_colon"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := Draft{Lines: Scan(whole, MeetingFields)}
			d.Amend(Scan(test.line, MeetingFields))
			_, complaints := world().Meeting(&d)
			if got := strings.Join(said(complaints), ", "); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if d.Clean() {
				t.Error("the line is not marked")
			}
		})
	}
}

func TestAWrongWeekdayIsToldTheRightOne(t *testing.T) {
	_, err := world().moment("14:00 thứ ba 24/11/2026")
	if err != nil {
		t.Fatalf("a right weekday is refused: %v", err)
	}
	_, err = world().moment("14:00 thứ ba 23/11/2026")
	r := briefings.AsRefusal(err)
	if r == nil || r.Args["actual"] != time.Monday || !r.Args["date"].(time.Time).Equal(at(2026, 11, 23, 0, 0)) {
		t.Errorf("got %+v", r)
	}
}

func TestAllMissingLinesAreNamedAtOnce(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"nothing", "Note: a", ": form.missing title, : form.missing time, : form.missing venue, : form.missing audience"},
		{"a bad line beside it", "Title: A\nTime: soon\nVenue: B", "Time: err.date, : form.missing audience"},
		{"the label is asked for last", "Title: A\nTime: 14:00 03/12/2026\nVenue: B\nAudience: all", ": send.ask_label"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := Draft{Lines: Scan(test.text, MeetingFields)}
			_, complaints := world().Meeting(&d)
			if got := strings.Join(said(complaints), ", "); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestABriefingIsReadInBothLanguages(t *testing.T) {
	for name, text := range map[string]string{
		"English":    "Title: Tuần 47\nTopic: quoc-te\nAudience: unit:X01\nSend: every weekday 07:00\nLabel: internal",
		"Vietnamese": "Tên: Tuần 47\nChuyên mục: quoc-te\nThành phần: unit:X01\nGửi: ngày làm việc 07:00\nMức phổ biến: phổ biến trong đơn vị",
	} {
		t.Run(name, func(t *testing.T) {
			d := Draft{Lines: Scan(text, BriefingFields), Body: "<b>Tin</b> bảo mật & mật khẩu"}
			b, complaints := world().Briefing(&d)
			if len(complaints) > 0 {
				t.Fatalf("complaints: %v", said(complaints))
			}
			want := briefings.Cadence{Every: briefings.EveryWorkday, Hour: 7}
			if b.Title.Vi != "Tuần 47" || b.Topic != "t1" || b.Audience.String() != "unit:X01" || b.Cadence != want || b.Label != briefings.UnitOnly {
				t.Errorf("got %+v", b)
			}
		})
	}
}

func TestABriefingThatLacksSomethingIsToldAllOfIt(t *testing.T) {
	const good = "Title: A\nTopic: quoc-te\nLabel: public"
	tests := []struct{ name, text, body, want string }{
		{"everything", "", "", ": form.missing title, : form.topic_or_audience, : form.no_body"},
		{"the text", good, "", ": form.no_body"},
		{"a text of formatting only", good, "<b> </b>", ": form.no_body"},
		{"a text within bounds", good, strings.Repeat("ộ", BodyLimit+1), ": form.body_too_long"},
		{"a text that parses", good, "<b>a", ": form.bad_body"},
		{"the label", "Title: A\nTopic: quoc-te", "a", ": send.ask_label"},
		{"a known topic", "Title: A\nTopic: x\nLabel: public", "a", "Topic: form.unknown_topic"},
		{"a slot to come", good + "\nSend: 07:00 01/11/2026", "a", "Send: form.past_time"},
		{"a cadence", good + "\nSend: sometimes", "a", "Send: form.bad_cadence"},
		{"nothing", good, "a", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := Draft{Lines: Scan(test.text, BriefingFields), Body: test.body}
			_, complaints := world().Briefing(&d)
			if got := strings.Join(said(complaints), ", "); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestACadenceIsReadInBothLanguages(t *testing.T) {
	workday := briefings.Cadence{Every: briefings.EveryWorkday, Hour: 7}
	daily := briefings.Cadence{Every: briefings.EveryDay, Hour: 7}
	monday := briefings.Cadence{Every: briefings.Weekly, Weekday: time.Monday, Hour: 7}
	fifth := briefings.Cadence{Every: briefings.Monthly, Day: 5, Hour: 7, Minute: 30}
	lastFriday := briefings.Cadence{Every: briefings.Monthly, Nth: briefings.Last, Of: briefings.NthWorked, Weekday: time.Friday, Hour: 16}
	thirdTuesday := briefings.Cadence{Every: briefings.Monthly, Nth: 3, Of: briefings.NthWeekday, Weekday: time.Tuesday, Hour: 9}
	quarterly := briefings.Cadence{Every: briefings.Quarterly, Month: 1, Day: 5, Hour: 7, Minute: 30}
	national := briefings.Cadence{Every: briefings.Yearly, Month: 9, Day: 2, Hour: 7}
	shift := func(c briefings.Cadence, s briefings.Shift) briefings.Cadence { c.Shift = s; return c }
	tests := map[string]briefings.Cadence{
		"now":                                                      {Every: briefings.Once, At: world().Now},
		"Ngay":                                                     {Every: briefings.Once, At: world().Now},
		"07:00 03/12/2026":                                         {Every: briefings.Once, At: at(2026, 12, 3, 7, 0)},
		"7h ngày mai":                                              {Every: briefings.Once, At: at(2026, 11, 24, 7, 0)},
		"14:00 3/12":                                               {Every: briefings.Once, At: at(2026, 12, 3, 14, 0)},
		"every weekday 07:00":                                      workday,
		"Every working day at 07:00":                               workday,
		"weekdays 07:00":                                           workday,
		"ngày làm việc 07:00":                                      workday,
		"các ngày làm việc lúc 07:00":                              workday,
		"mỗi ngày làm việc 7 giờ":                                  workday,
		"every day 07:00":                                          daily,
		"hằng ngày lúc 07:00":                                      daily,
		"hàng ngày 7h":                                             daily,
		"every Monday 07:00":                                       monday,
		"every monday at 07:00":                                    monday,
		"weekly Monday 07:00":                                      monday,
		"mỗi thứ 2 7:00":                                           monday,
		"thứ hai hằng tuần 07:00":                                  monday,
		"Thứ Hai hằng tuần lúc 07:00":                              monday,
		"hàng tuần vào thứ hai, lúc 07:00":                         monday,
		"Chủ nhật hằng tuần 07:00":                                 {Every: briefings.Weekly, Weekday: time.Sunday, Hour: 7},
		"monthly 5 07:30":                                          fifth,
		"monthly on the 5th at 07:30":                              fifth,
		"hằng tháng ngày 5 07:30":                                  fifth,
		"ngày 5 hằng tháng lúc 07:30":                              fifth,
		"on day 5 of every month at 07:30":                         fifth,
		"HÀNG THÁNG NGÀY 05 7 giờ 30":                              fifth,
		"every month on the 31st at 23:59":                         {Every: briefings.Monthly, Day: 31, Hour: 23, Minute: 59},
		"every Monday 2:00":                                        {Every: briefings.Weekly, Weekday: time.Monday, Hour: 2},
		"07:00 thứ hai hằng tuần":                                  monday,
		"hằng ngày trừ ngày nghỉ 07:00":                            workday,
		"every Monday 07:00, next working day if a holiday":        shift(monday, briefings.ToNext),
		"Thứ Hai hằng tuần lúc 07:00, trừ ngày nghỉ":               shift(monday, briefings.LeavesOut),
		"monthly on the 5th, next working day if a holiday, 07:30": shift(fifth, briefings.ToNext),
		"hằng tháng ngày 5 07:30, nếu là ngày nghỉ thì sang ngày làm việc kế tiếp":           shift(fifth, briefings.ToNext),
		"hằng tháng ngày 5 ngày làm việc tiếp theo 07:30":                                    shift(fifth, briefings.ToNext),
		"monthly 5 07:30 on the working day before if that day is off":                       shift(fifth, briefings.ToBefore),
		"ngày 5 hằng tháng lúc 07:30, gặp ngày nghỉ thì chuyển lên ngày làm việc liền trước": shift(fifth, briefings.ToBefore),
		"last working Friday of every month at 16:00":                                        lastFriday,
		"monthly last working Friday 16:00":                                                  lastFriday,
		"thứ Sáu làm việc cuối cùng hằng tháng 16h":                                          lastFriday,
		"hằng tháng thứ 6 làm việc cuối cùng 16:00":                                          lastFriday,
		"16:00 thứ sáu làm việc cuối cùng hằng tháng":                                        lastFriday,
		"third Tuesday of every month 09:00":                                                 thirdTuesday,
		"Thứ Ba lần thứ 3 hằng tháng lúc 09:00":                                              thirdTuesday,
		"first working day of the month 07:00":                                               {Every: briefings.Monthly, Nth: 1, Of: briefings.NthWorkday, Hour: 7},
		"ngày làm việc đầu tiên hằng tháng 7h":                                               {Every: briefings.Monthly, Nth: 1, Of: briefings.NthWorkday, Hour: 7},
		"ngày làm việc thứ hai hằng tháng 7h":                                                {Every: briefings.Monthly, Nth: 2, Of: briefings.NthWorkday, Hour: 7},
		"ngày cuối tháng hằng tháng 17:00":                                                   {Every: briefings.Monthly, Day: 31, Hour: 17},
		"last day of every month 17:00":                                                      {Every: briefings.Monthly, Day: 31, Hour: 17},
		"quarterly 5 07:30":                                                                  quarterly,
		"hằng quý ngày 5 07:30":                                                              quarterly,
		"ngày 5 tháng đầu mỗi quý lúc 07:30":                                                 quarterly,
		"on day 5 of the first month of every quarter at 07:30":                              quarterly,
		"ngày làm việc cuối cùng tháng cuối mỗi quý lúc 16:00":                               {Every: briefings.Quarterly, Month: 3, Nth: briefings.Last, Of: briefings.NthWorkday, Hour: 16},
		"ngày 2/9 hằng năm lúc 07:00":                                                        national,
		"hằng năm ngày 2 tháng 9 07:00":                                                      national,
		"2 September every year 07:00":                                                       national,
		"yearly 2/9 07:00":                                                                   national,
		"on the last Friday of November every year at 15:00":                                 {Every: briefings.Yearly, Month: 11, Nth: briefings.Last, Of: briefings.NthWeekday, Weekday: time.Friday, Hour: 15},
		"0 7 * * 1-5":                         {Every: briefings.ByLine, Line: "0 7 * * 1-5"},
		"theo lịch cron 0 7 * * MON":          {Every: briefings.ByLine, Line: "0 7 * * mon"},
		"14 giờ 00, Thứ Năm, ngày 03/12/2026": {Every: briefings.Once, At: at(2026, 12, 3, 14, 0)},
	}
	for text, want := range tests {
		t.Run(text, func(t *testing.T) {
			got, err := world().Cadence(text)
			if err != nil {
				t.Fatal(err)
			}
			if !got.At.Equal(want.At) {
				t.Errorf("at %s, want %s", got.At, want.At)
			}
			got.At, want.At = time.Time{}, time.Time{}
			if got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
		})
	}
}

func TestACadenceThatCannotComeIsRefused(t *testing.T) {
	tests := map[string]string{
		"":                                  "form.bad_cadence",
		"sometimes":                         "form.bad_cadence",
		"every 07:00":                       "form.bad_cadence",
		"every weekday":                     "form.bad_cadence",
		"every weekday 25:00":               "form.bad_cadence",
		"every fortnight 07:00":             "form.bad_cadence",
		"monthly 0 07:00":                   "form.bad_cadence",
		"monthly 32 07:00":                  "form.bad_cadence",
		"monthly 5 7:75":                    "form.bad_cadence",
		"TZ=UTC":                            "cadence.line_zone",
		"CRON_TZ=Europe/Rome 0 7 * * *":     "cadence.line_zone",
		"@every -1h":                        "cadence.line_at",
		"@daily":                            "cadence.line_at",
		"1,2,,3 * * * *":                    "cadence.line_part",
		"* * * * 7":                         "cadence.line_part",
		"0 0 13 * 5":                        "cadence.line_either",
		"0 0 31 2 *":                        "cadence.line_never",
		"0 0 29 2 *":                        "cadence.line_leap",
		"* * * * *":                         "cadence.line_often",
		"every minute":                      "cadence.line_often",
		"every 3 minutes":                   "cadence.line_often",
		"mỗi 30 giây":                       "cadence.line_often",
		"cứ 2 phút":                         "cadence.line_often",
		"every 2 hours":                     "form.bad_cadence",
		"hằng năm ngày 31/2 07:00":          "cadence.no_such_day",
		"yearly 31 April 07:00":             "cadence.no_such_day",
		"hằng năm ngày 5/13 07:00":          "form.bad_cadence",
		"hằng tháng 07:30":                  "form.bad_cadence",
		"every month 07:30":                 "form.bad_cadence",
		"fifth Friday of every month 07:30": "form.bad_cadence",
		"every weekday 07:00, next working day if a holiday": "form.bad_cadence",
		"09:29 23/11/2026":          "form.past_time",
		"07:00 31/11/2026":          "form.no_such_day",
		"07:00 Thứ Hai, 24/11/2026": "form.weekday",
	}
	for text, want := range tests {
		t.Run(text, func(t *testing.T) {
			_, err := world().Cadence(text)
			if r := briefings.AsRefusal(err); r == nil || r.Key != want {
				t.Errorf("got %v, want %s", err, want)
			}
		})
	}
}

func TestAVenuesPartsAreReadInBothLanguages(t *testing.T) {
	for _, line := range []string{
		"Venue: Hall; technician M001; chair Mrs Head; address 1 First Street; map 21.0285, 105.8542; link https://meet.example.vn/a",
		"Điểm cầu: Hall; cán bộ kỹ thuật M001; chủ trì Mrs Head; địa chỉ 1 First Street; bản đồ 21.0285 105.8542; liên kết https://meet.example.vn/a",
	} {
		d := Draft{Lines: Scan(line, MeetingFields)}
		m, _ := world().Meeting(&d)
		v := m.Venues[0]
		if len(v.Technicians) != 1 || v.Technicians[0] != "M001" || v.Chair != "Mrs Head" || v.Address != "1 First Street" ||
			v.Map != "https://www.google.com/maps/search/?api=1&query=21.0285%2C105.8542" || v.Link == "" || len(v.Officers) != 0 {
			t.Errorf("%s: %+v", line, v)
		}
	}
	for _, bad := range []string{"map nowhere", "map 91.0, 10", "map http://maps.example.vn", "technician M999"} {
		d := Draft{Lines: Scan("Venue: Hall; "+bad, MeetingFields)}
		if _, complaints := world().Meeting(&d); len(complaints) == 0 || complaints[0].Text == "" {
			t.Errorf("%s is taken", bad)
		}
	}
}

func TestTheMinuteOfBeingLateIsSet(t *testing.T) {
	for line, want := range map[string]time.Duration{"Late: 10": 10 * time.Minute, "Muộn sau: 20 phút": 20 * time.Minute} {
		d := Draft{Lines: Scan(line, MeetingFields)}
		if m, _ := world().Meeting(&d); m.LateAfter != want {
			t.Errorf("%s: %s", line, m.LateAfter)
		}
	}
	for _, bad := range []string{"Late: 0", "Late: soon", "Late: 900"} {
		d := Draft{Lines: Scan(bad, MeetingFields)}
		if _, complaints := world().Meeting(&d); len(complaints) == 0 || complaints[0].Why.Key != "form.bad_minutes" {
			t.Errorf("%s is taken: %v", bad, complaints)
		}
	}
}
