package form

import (
	"strings"
	"testing"
	"time"

	"briefbot/briefings"
)

// english prints fields by their keys.
func english(f briefings.Field) string { return string(f) }

// office is a world with units and a group that letters name in full.
func office() World {
	unit := func(id, parent, name string) briefings.Unit {
		return briefings.Unit{ID: briefings.UnitID(id), Versions: []briefings.UnitVersion{{Parent: briefings.UnitID(parent), Name: briefings.Text{Vi: name}}}}
	}
	w := world()
	w.Roster = briefings.NewRoster(
		[]briefings.Unit{unit("T01", "", "Tỉnh ủy Minh Giang"), unit("X01", "T01", "Đảng ủy xã Sơn Mẫu"), unit("C01", "X01", "Chi bộ 1, Đảng ủy xã Sơn Mẫu")},
		[]briefings.Member{{ID: "M1", No: 1, Unit: "X01", Status: briefings.Active}, {ID: "M2", No: 2, Unit: "C01", Status: briefings.Active, Groups: []briefings.GroupID{"G1"}}},
		[]briefings.Group{{ID: "G1", Name: briefings.Text{Vi: "Báo cáo viên cấp tỉnh"}}}, nil, w.Now)
	return w
}

func TestLettersAreRead(t *testing.T) {
	tests := map[string]struct {
		text string
		want map[briefings.Field]string
	}{
		"an invitation": {`TỈNH ỦY MINH GIANG
*
Số 27-GM/BTGTU          Minh Giang, ngày 20 tháng 11 năm 2026
GIẤY MỜI
Ban Tuyên giáo trân trọng kính mời: Báo cáo viên cấp tỉnh
Tới dự Hội nghị thông tin thời sự quý IV năm 2026.
- Thời gian: 08 giờ 00, Thứ Năm, ngày 03 tháng 12 năm 2026
- Địa điểm: Hội trường tầng 2; số 1 đường Mẫu
- Thành phần: Báo cáo viên cấp tỉnh; Đảng ủy xã Sơn Mẫu
- Chủ trì: Đồng chí Trưởng Ban
- Trang phục: Lễ phục
Rất mong đồng chí đến dự đầy đủ, đúng thời gian./.`,
			map[briefings.Field]string{
				"doc": "giấy mời", "doc_no": "27-GM/BTGTU", "title": "Hội nghị thông tin thời sự quý IV năm 2026",
				"time": "08 giờ 00, Thứ Năm, ngày 03 tháng 12 năm 2026", "venue": "Hội trường tầng 2, số 1 đường Mẫu; chính",
				"invited": "Báo cáo viên cấp tỉnh; Đảng ủy xã Sơn Mẫu", "audience": "group:G1, unit:X01", "chair": "Đồng chí Trưởng Ban", "dress": "Lễ phục",
			}},
		"a summons": {`THÔNG BÁO
Về việc triệu tập đảng viên
Kính gửi: Các chi bộ
Đảng ủy triệu tập Hội nghị chuyên đề năm 2026, cụ thể như sau:
1. Thời gian: Bắt đầu từ 7h30’ đến 11h00’, ngày 05/12/2026
2. Địa điểm: Hội trường UBND xã
3. Thành phần triệu tập: Chi bộ 1, Đảng ủy xã Sơn Mẫu.
4. Nội dung:
- Kiểm tra quân số;
+ Quán triệt nghị quyết.
5. Lưu ý: Có mặt trước 15 phút
Đề nghị các chi bộ đăng ký danh sách gửi về Văn phòng trước ngày 02/12/2026.`,
			map[briefings.Field]string{
				"doc": "triệu tập", "title": "Hội nghị chuyên đề năm 2026", "time": "7h30' , ngày 05/12/2026", "end": "11h00'",
				"venue": "Hội trường UBND xã; chính", "audience": "unit:C01", "agenda": "Kiểm tra quân số|Quán triệt nghị quyết",
				"note": "Có mặt trước 15 phút", "deadline": "17:00 02/12/2026",
			}},
		"an invitation whose title stands below its heading": {`GIẤY MỜI
Họp Ban Chấp hành Đảng bộ xã tháng 12 năm 2026
Kính gửi:
- Các đồng chí Ủy viên Ban Chấp hành;
- Đảng ủy xã Sơn Mẫu.
Thường trực Đảng ủy trân trọng kính mời.
Thời gian: 8 giờ 00 ngày 05/12/2026
Địa điểm: Hội trường UBND xã`,
			map[briefings.Field]string{
				"title": "Họp Ban Chấp hành Đảng bộ xã tháng 12 năm 2026", "invited": "Các đồng chí Ủy viên Ban Chấp hành; Đảng ủy xã Sơn Mẫu",
				"venue": "Hội trường UBND xã; chính",
			}},
		"an official letter with venues": {`Công văn số 12-CV/TU
V/v tổ chức hội nghị trực tuyến
Kính gửi: Các xã, phường
Thời gian: chiều ngày 03/12/2026
Các điểm cầu:
- Điểm cầu chính: Trung tâm Hội nghị tỉnh
- Đảng ủy xã Sơn Mẫu: Hội trường xã
Nội dung: Thông tin thời sự`,
			map[briefings.Field]string{
				"title": "Hội nghị trực tuyến", "time": "chiều ngày 03/12/2026",
				"venue": "Trung tâm Hội nghị tỉnh; chính|Hội trường xã; đơn vị X01", "agenda": "Thông tin thời sự",
			}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if !IsLetter(test.text) {
				t.Fatal("it is not seen to be a letter")
			}
			d := Draft{Lines: office().Letter(test.text, english)}
			for f, want := range test.want {
				if got := strings.Join(d.Values(f), "|"); got != want {
					t.Errorf("%s is %q, want %q", f, got, want)
				}
			}
		})
	}
}

func TestWhatIsNoLetterIsLeftToTheForm(t *testing.T) {
	for _, text := range []string{whole, wholeVietnamese, "", "Thời gian: 14:00 03/12/2026", "Kính gửi: anh An\nmai họp nhé",
		"Nội dung: a\nThời gian: 14:00 03/12/2026\nĐịa điểm: b\nThành phần: unit:X01"} {
		if IsLetter(text) {
			t.Errorf("%q is taken for a letter", text)
		}
	}
}

// Whatever is pasted, its lines can be read or are named; nothing panics.
func FuzzALetterNeverBreaks(f *testing.F) {
	f.Add("GIẤY MỜI\nThời gian: 14h\nĐịa điểm:\n- :\n- Điểm cầu:;\nThành phần: ;;")
	w := office()
	f.Fuzz(func(t *testing.T, text string) {
		d := Draft{Lines: w.Letter(text, english)}
		_, _ = w.Meeting(&d)
		for _, week := range w.Week(text, english) {
			_, _ = w.Meeting(&week)
		}
	})
}

func TestAWeekIsManyDrafts(t *testing.T) {
	w := world()
	drafts := w.Week(`LỊCH CÔNG TÁC TUẦN 49
Thành phần: unit:T01
Địa điểm: Hội trường
Mức phổ biến: công khai
Thứ Hai, ngày 30/11/2026:
Sáng
- 7h30: Giao ban; Địa điểm: Phòng 2; Chủ trì: Ông A
Chiều: 14 giờ 00 Hội nghị: chuyên đề
Thành phần: unit:X01
Thứ Ba 01/12/2026
08:00 Họp Ban Thường vụ`, english)
	var got []string
	for i := range drafts {
		m, complaints := w.Meeting(&drafts[i])
		if len(complaints) > 0 {
			t.Errorf("%d: %v", i, said(complaints))
		}
		got = append(got, m.Starts.Format("02 15:04 ")+m.Title.Vi+" @"+m.Venues[0].Name.Vi+" "+m.Audience.String()+" "+m.Chair)
	}
	want := []string{"30 07:30 Giao ban @Phòng 2 unit:T01 Ông A", "30 14:00 Hội nghị: chuyên đề @Hội trường unit:X01 ", "01 08:00 Họp Ban Thường vụ @Hội trường unit:T01 "}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestAMeetingHeldBeforeIsRepeatedAMonthLater(t *testing.T) {
	w := world()
	d := Draft{Lines: Scan(strings.Replace(strings.Replace(whole, "quý IV", "tháng 12, quý IV năm 2026", 1), "2026-Q4, 2026-H2", "2026-12, 2026-Q4, 2026", 1), MeetingFields)}
	m, complaints := w.Meeting(&d)
	if len(complaints) > 0 {
		t.Fatal(said(complaints))
	}
	w.Now = at(2026, 12, 20, 9, 0)
	// What belongs to the day it was held on stays with it.
	m.Status, m.Revision, m.Invites, m.ClosedAt = briefings.MeetingClosed, 3, w.Now, w.Now
	m.Boards, m.BoardSecret = []briefings.BoardLink{{}}, "secret"
	m.Materials, m.Outcome = []briefings.Material{{Name: "report.pdf"}}, &briefings.Outcome{Text: "done"}
	m.Changes, m.Chases = []briefings.Change{{Revision: 2}}, []briefings.Chase{{At: w.Now}}
	m.Quotas = []briefings.Quota{{Unit: "X01", Seats: 2, Named: []briefings.Naming{{Member: "M001"}}}}
	m.Venues[0].Door, m.Venues[0].Closing, m.Venues[0].Ready = &briefings.Door{}, &briefings.Closing{Headcount: 9}, &briefings.Readiness{}
	m.Venues[0].Guests, m.Venues[0].WalkIns = 4, []briefings.WalkIn{{}}
	words := func(part string) string {
		return map[string]string{"main": "main", "capacity": "capacity", "units": "units", "officer": "officer", "link": "link", "yes": "yes", "label_public": "public"}[part]
	}
	again := w.Again(m, english, words)
	next, complaints := w.Meeting(&again)
	if len(complaints) > 0 {
		t.Fatal(said(complaints))
	}
	if !next.Starts.Equal(at(2027, 1, 7, 14, 0)) || !next.Ends.Equal(at(2027, 1, 7, 16, 30)) || !next.Deadline.Equal(at(2027, 1, 5, 17, 0)) {
		t.Errorf("from %s to %s, until %s", next.Starts, next.Ends, next.Deadline)
	}
	if next.Title.Vi != "Hội nghị thông tin thời sự tháng 1, quý I năm 2027" {
		t.Errorf("title %q", next.Title.Vi)
	}
	if got := again.Value(briefings.FieldPeriod); got != "2027-01, 2027-Q1, 2027" {
		t.Errorf("periods %q", got)
	}
	if len(next.Venues) != 2 || next.Venues[1].Capacity != 200 || !next.Venues[1].Main || next.Venues[0].Officers[0] != "M001" || next.Venues[0].Link != m.Venues[0].Link {
		t.Errorf("venues %+v", next.Venues)
	}
	if next.Audience.String() != m.Audience.String() || !next.Deputies || next.Label != briefings.Public {
		t.Errorf("meeting %+v", next)
	}
	if next.Status != "" || next.Revision != 0 || !next.Invites.IsZero() || !next.ClosedAt.IsZero() || next.Boards != nil || next.BoardSecret != "" ||
		next.Materials != nil || next.Outcome != nil || next.Changes != nil || next.Chases != nil {
		t.Errorf("what belongs to the old day is repeated: %+v", next)
	}
	if len(next.Quotas) != 1 || next.Quotas[0].Unit != "X01" || next.Quotas[0].Seats != 2 || next.Quotas[0].Named != nil {
		t.Errorf("quotas %+v", next.Quotas)
	}
	for _, v := range next.Venues {
		if v.Door != nil || v.Closing != nil || v.Ready != nil || v.Guests != 0 || v.WalkIns != nil {
			t.Errorf("the venue of the old day is repeated: %+v", v)
		}
	}
}

func TestTheSameWeekdayOfAnotherMonth(t *testing.T) {
	for day, want := range map[string]string{"2026-12-03": "2027-01-07", "2026-11-30": "2026-12-28", "2026-10-31": "2026-11-28", "2026-11-01": "2026-12-06"} {
		from, _ := time.Parse(time.DateOnly, day)
		if got := sameWeekday(from, 1).Format(time.DateOnly); got != want {
			t.Errorf("after %s comes %s, want %s", day, got, want)
		}
	}
}

func TestAVenuesLineIsEditedPartByPart(t *testing.T) {
	line := "Hội trường A; main; capacity 200; units X01 X02"
	if v, ok := VenuePart(line, "capacity"); v != "200" || !ok {
		t.Errorf("capacity %q", v)
	}
	if _, ok := VenuePart(line, "link"); ok {
		t.Error("there is a link")
	}
	for _, test := range []struct{ part, words, want string }{
		{"capacity", "sức chứa 50", "Hội trường A; main; units X01 X02; sức chứa 50"},
		{"main", "", "Hội trường A; capacity 200; units X01 X02"},
		{"link", "", line},
	} {
		if got := WithVenuePart(line, test.part, test.words); got != test.want {
			t.Errorf("%s: %q, want %q", test.part, got, test.want)
		}
	}
	if got := WithVenueName(line, "B; C\nD"); got != "B, C D; main; capacity 200; units X01 X02" {
		t.Errorf("renamed %q", got)
	}
}

func TestATermAndItsExclusionDoNotStandSideBySide(t *testing.T) {
	list := WithTerm("", "unit:X01", true)
	list = WithTerm(list, "group:G5", true)
	list = WithTerm(list, "-unit:X01", true)
	if list != "group:G5, -unit:X01" || !HasTerm(list, "-unit:X01") || HasTerm(list, "unit:X01") {
		t.Errorf("list %q", list)
	}
	if list = WithTerm(list, "-unit:X01", false); list != "group:G5" {
		t.Errorf("list %q", list)
	}
}

func TestPlacesAndAgendasAreRead(t *testing.T) {
	w := world()
	was := briefings.Place{Name: briefings.Text{Vi: "Hội trường nhỏ"}, Address: "1 đường Mẫu", Link: "https://hop.example.vn/a",
		Map: "https://map.example.vn/a", Capacity: 2}
	if p, err := w.Place("Nhà văn hóa; địa chỉ 12 đường Mẫu", was); err != nil || p.Name.Vi != "Nhà văn hóa" || p.Address != "12 đường Mẫu" || p.Capacity != 0 || p.Map != "" || p.Link != "" {
		t.Errorf("place %+v, %v", p, err)
	}
	if p, err := w.Place("Nhà văn hóa; sức chứa 5", was); err != nil || p.Capacity != 5 || p.Name.Vi != "Nhà văn hóa" || p.Address != "" {
		t.Errorf("place %+v, %v", p, err)
	}
	for _, s := range []string{"sức chứa 10", "Sức chứa: 10", "Hội trường nhỏ; sức chứa 10", "hội trường nhỏ; capacity 10"} {
		want := was
		want.Capacity = 10
		if p, err := w.Place(s, was); err != nil || p != want || !was.Resizes(p) {
			t.Errorf("%s: %+v, %v", s, p, err)
		}
	}
	if p, err := w.Place("Hội trường nhỏ; địa chỉ 2 đường Mẫu", was); err != nil || p.Capacity != 2 || p.Map != "" || p.Link != "" {
		t.Errorf("place %+v, %v", p, err)
	}
	for _, s := range []string{"Nhà văn hóa; chính", "Nhà văn hóa; sức chứa 0", "sức chứa 0", "Nhà văn hóa; chủ trì A"} {
		if p, err := w.Place(s, was); briefings.AsRefusal(err) == nil {
			t.Errorf("%s is taken: %+v", s, p)
		}
	}
	if a, err := Agenda("1. Một\n- Hai\n\n• Ba"); err != nil || strings.Join(a, "|") != "Một|Hai|Ba" {
		t.Errorf("agenda %q, %v", a, err)
	}
	if _, err := Agenda(" \n - "); briefings.AsRefusal(err) == nil {
		t.Error("an empty agenda is taken")
	}
}
