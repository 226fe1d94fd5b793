package report

import (
	"fmt"
	"testing"
	"time"

	"briefbot/briefings"
	"briefbot/briefings/i18n"
)

var zone = time.FixedZone("+07", 7*3600)

// quarter is a conference at five venues as it really goes: 53 seats, of which 45 present, 2 represented, 4 excused, 2 absent
// without leave, and rooms with many guests.
func quarter(t testing.TB, closed bool) (*briefings.Meeting, []briefings.Invitation, *briefings.Roster) {
	t.Helper()
	starts := time.Date(2026, 10, 22, 8, 0, 0, 0, zone)
	m := &briefings.Meeting{
		ID: "MT1", Title: briefings.Text{Vi: "Hội nghị thông tin thời sự quý III năm 2026", En: "Current-affairs conference, third quarter 2026"},
		Starts: starts, Ends: starts.Add(3 * time.Hour), Deputies: true, Status: briefings.MeetingOpen,
	}
	units := []briefings.Unit{unit("T01", "", "Tỉnh ủy Minh Giang", 1)}
	var members []briefings.Member
	var seats []briefings.Invitation
	var closings []briefings.Closing
	given := []string{"Ân", "An", "Ánh", "Bảo", "Đào", "Dũng", "Dung", "Châu", "Cường", "Giang", "Hòa", "Linh", "Nhung", "Tâm", "Thúy", "Ơn", "Ong"}
	for n, v := range []struct {
		id, unit, name, hall, chair, remark                       string
		present, represented, excused, unexcused, guests, unasked int
	}{
		{"V11", "T02", "Ban Tuyên giáo và Dân vận Tỉnh ủy", "Điểm cầu chính: Hội trường Tỉnh ủy", "Đ/c Trần Mẫu Ánh, Trưởng Ban Tuyên giáo và Dân vận Tỉnh ủy", "", 13, 1, 2, 0, 4, 0},
		{"V12", "P01", "Đảng ủy phường Bến Mới", "Điểm cầu phường Bến Mới: Hội trường phường", "Đ/c Đinh Mẫu Hòa, Bí thư Đảng ủy phường", "", 9, 0, 1, 1, 12, 0},
		{"V13", "X01", "Đảng ủy xã Đồi Chè", "Điểm cầu xã Đồi Chè: Nhà văn hóa xã", "Đ/c Nông Mẫu Linh, Bí thư Đảng ủy xã", "", 9, 0, 1, 1, 21, 0},
		{"V14", "X02", "Đảng ủy xã Ao Sen", "Điểm cầu xã Ao Sen: Hội trường UBND xã", "Đ/c Trương Mẫu Nhung, Bí thư Đảng ủy xã", "Mất tín hiệu 05 phút lúc 09 giờ 10", 9, 1, 0, 0, 18, 1},
		{"V15", "K01", "Đảng ủy đặc khu Hòn Thử", "Điểm cầu đặc khu Hòn Thử: Phòng họp trực tuyến", "Đ/c Huỳnh Mẫu Tâm, Bí thư Đảng ủy đặc khu", "", 5, 0, 0, 0, 2, 0},
	} {
		units = append(units, unit(v.unit, "T01", v.name, n+2))
		m.Venues = append(m.Venues, briefings.Venue{ID: briefings.VenueID(v.id), Name: briefings.Text{Vi: v.hall}, Main: n == 0, Chair: v.chair,
			Door: &briefings.Door{PIN: "123456"}})
		for i := range v.present + v.represented + v.excused + v.unexcused {
			no := len(members) + 1
			id := briefings.MemberID(fmt.Sprintf("M%03d", no))
			members = append(members, briefings.Member{ID: id, No: briefings.MemberNo(no), Name: "Nguyễn Mẫu " + given[(no*7)%len(given)],
				Position: "Ủy viên Ban Chấp hành", Unit: briefings.UnitID(v.unit), Status: briefings.Active})
			s := briefings.Invitation{Meeting: m.ID, Member: id, No: briefings.MemberNo(no), Unit: briefings.UnitID(v.unit), Venue: briefings.VenueID(v.id)}
			at := starts.Add(time.Duration(i-20) * time.Minute)
			switch {
			case i < v.present:
				s.Answer.Choice = briefings.Accepted
				if i < v.unasked {
					s.Answer.Choice = briefings.NoAnswer
				}
				s.CheckIn = &briefings.CheckIn{At: at, Venue: s.Venue, Method: briefings.ByCode}
			case i < v.present+v.represented:
				s.Answer = briefings.Answer{Choice: briefings.Delegated, Deputy: &briefings.Deputy{Name: "Lê Mẫu Thay", State: briefings.DeputyAccepted}}
				s.CheckIn = &briefings.CheckIn{At: at, Venue: s.Venue, Method: briefings.ByOfficer, Deputy: true}
			case i < v.present+v.represented+v.excused:
				s.Answer = briefings.Answer{Choice: briefings.Declined, Reason: briefings.Reasons[(n+i)%4]}
			}
			seats = append(seats, s)
		}
		closings = append(closings, briefings.Closing{Headcount: v.present + v.represented + v.guests, Guests: v.guests, Remark: v.remark, At: starts.Add(3 * time.Hour)})
	}
	for i, c := range closings {
		if closed {
			if err := m.CloseVenue(m.Venues[i].ID, c); err != nil {
				t.Fatal(err)
			}
		}
	}
	return m, seats, briefings.NewRoster(units, members, nil, nil, starts)
}

func unit(id, parent, name string, order int) briefings.Unit {
	return briefings.Unit{ID: briefings.UnitID(id), Versions: []briefings.UnitVersion{{
		Parent: briefings.UnitID(parent), Name: briefings.Text{Vi: name}, Order: order,
	}}}
}

func counted(t testing.TB, closed bool) (Sheet, briefings.Roll) {
	t.Helper()
	m, seats, roster := quarter(t, closed)
	roll := briefings.Count(m, seats, roster.Tree(), time.Date(2026, 10, 22, 11, 5, 0, 0, zone))
	return Sheet{Roll: roll, Meeting: m, Seats: Seats(m, seats, roster, briefings.Vietnamese),
		Org: "Ban Tuyên giáo và Dân vận Tỉnh ủy Minh Giang", Say: printer(t, i18n.Vi)}, roll
}

// printer speaks lang; a missing sentence or value fails the test.
func printer(t testing.TB, lang i18n.Lang) i18n.Printer {
	t.Helper()
	c, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	return i18n.Printer{Catalogue: c, Lang: lang, Location: zone, Report: func(err error) { t.Error(err) }}
}
