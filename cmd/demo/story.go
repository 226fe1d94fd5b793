package main

import (
	"context"
	"fmt"
	"time"

	"briefbot/bot/sandbox"
	"briefbot/briefings"
	"briefbot/briefings/redisstore"
	"briefbot/cmd/internal/sample"
)

// The people whose phones the page shows first.
const (
	elder     = briefings.MemberID("M033")
	organizer = briefings.MemberID("M005")
	doorman   = briefings.MemberID("M032")
	admin     = briefings.MemberID("M004")
	usher     = briefings.MemberID("M007") // of the main hall, whose phone is not shown
)

// user is the account of a member of the sample, on Telegram or not yet.
func user(id briefings.MemberID) int64 {
	var n int64
	_, _ = fmt.Sscanf(string(id), "M%d", &n) // the sample's ids are all of this form
	return 900_000_000_000_000 + n
}

// cast says whose phones are shown, and what one could try with each.
func cast() []sandbox.Role {
	role := func(id briefings.MemberID, vi, en, hintVi, hintEn string) sandbox.Role {
		return sandbox.Role{Person: user(id), Label: map[string]string{"vi": vi, "en": en}, Hint: map[string]string{"vi": hintVi, "en": hintEn}}
	}
	return []sandbox.Role{
		role(elder, "Đảng viên cao tuổi", "Elderly member",
			"Chạm “✅ Tham dự” trên thông báo họp, rồi xem số liệu trên máy của cán bộ tổ chức.\n/lichhop – lịch họp\n/bantin – thông tin đã nhận\n/hoi – hỏi báo cáo viên\n/diemdanh – nhập mã điểm danh do cán bộ điểm cầu đọc.",
			"Tap “✅ Tham dự” on the notice, then look at the figures on the organizer’s phone.\n/meetings – your meetings\n/briefings – what you were sent\n/ask – ask the speaker\n/checkin – type the code that the venue officer reads out.\n/language – switch to English."),
		role(organizer, "Cán bộ tổ chức", "Organizer",
			"/thongke – ai dự, ai xin vắng, bảng Excel\n/soanhop – soạn thông báo họp bằng nút, hoặc dán giấy mời\n/suahop – đổi giờ, đổi địa điểm, hoãn, hủy\n/nhac – nhắc người chưa trả lời\n/traloithay – trả lời thay người không có điện thoại\n/cudaibieu – cử đại biểu theo suất\n/xinvang – duyệt xin vắng\n/bangtructiep – bảng trực tiếp cho hội trường\n/cauhoi – câu hỏi gửi báo cáo viên\n/soantin – soạn thông tin, hẹn giờ\n/lichphat – lịch phát\n/hopgui – tiến độ gửi.",
			"/counts – who comes, who asked leave, the spreadsheet\n/newmeeting – a meeting notice by buttons, or paste a letter\n/editmeeting – another hour or venue, postpone, cancel\n/remind – remind the silent\n/answerfor – answer for those without a phone\n/nominate – name delegates for a unit’s places\n/leaves – decide about leave\n/board – the live board for the hall\n/questions – questions to the speaker\n/newbriefing – write and schedule a briefing\n/schedules – what comes when\n/outbox – progress of sending."),
		role(doorman, "Cán bộ điểm cầu", "Venue officer",
			"/modiemdanh – mở điểm danh, nhận mã sáu số và QR. Đọc mã cho đảng viên nhập, hoặc quét QR.\n/diemdanhthay – danh sách tại cửa: bấm tên, khách, danh sách giấy.\n/chot – chốt số người trong phòng và số khách.",
			"/opencheckin – open check-in, get the six-digit code and the QR. Read the code out, or scan the QR with another phone.\n/checkinfor – the list at the door: names, guests, a paper list.\n/closecheckin – close with the headcount and guests."),
		role(admin, "Quản trị", "Administrator",
			"/thongke – số liệu của mọi hội nghị, kể cả hội nghị quý III đã chốt.\n/hoso – hồ sơ\n/trogiup – tất cả lệnh.",
			"/counts – the figures of every meeting, also of the closed one of the third quarter.\n/profile – profile\n/help – every command."),
	}
}

// furnish fills the store with the sample, moved so that something is under way: a conference that begins within the hour, a meeting
// tomorrow with some answers, a briefing in a minute.
func furnish(ctx context.Context, store *redisstore.Store, s *sample.Sample, now time.Time) error {
	if err := store.ApplyRoster(ctx, s.Roster); err != nil {
		return err
	}
	if err := store.SetHolidays(ctx, s.Holidays); err != nil {
		return err
	}
	for _, a := range s.Activities {
		if err := store.AddActivity(ctx, &a); err != nil {
			return err
		}
	}
	for _, b := range s.Briefings {
		if b.Status == briefings.BriefingActive {
			b.Cadence = briefings.Cadence{Every: briefings.Once, At: now.Add(time.Minute).Truncate(time.Second)}
			b.Planned, b.Created = now, now
			fold(&b)
		}
		if err := store.AddBriefing(ctx, &b); err != nil {
			return err
		}
	}
	weekly := briefings.Briefing{
		ID: "B06", Title: briefings.Text{Vi: "Điểm tin thời sự đầu tuần", En: "The week ahead"}, Topic: "TP1", Label: briefings.Public,
		Body:   briefings.Text{Vi: "<b>Trong nước</b>\nCác xã hoàn thành bản đồ sử dụng đất.\n\n<b>Quốc tế</b>\nLịch đón đoàn tuần này.", En: "<b>At home</b>\nCommunes complete their land-use maps.\n\n<b>Abroad</b>\nThis week’s visits."},
		Author: organizer, Created: now, Status: briefings.BriefingActive, Planned: now,
		Cadence: briefings.Cadence{Every: briefings.Weekly, Weekday: time.Monday, Hour: 7},
	}
	if err := store.AddBriefing(ctx, &weekly); err != nil {
		return err
	}
	tomorrow := time.Date(now.Year(), now.Month(), now.Day()+1, 14, 0, 0, 0, now.Location())
	soon := now.Add(45 * time.Minute).Truncate(5 * time.Minute)
	for _, m := range s.Meetings {
		switch m.ID {
		case "MT2":
			move(&m, tomorrow, now)
			m.Deadline = tomorrow.Add(-2 * time.Hour)
			m.Announce, m.Invites = now, now
			quiet(&m, elder)
		case "MT3":
			move(&m, soon, now)
			m.Deadline, m.Deputies, m.Note = time.Time{}, true, ""
			m.Announce, m.Invites = now, now // called at short notice: nobody is reminded before the notice itself arrives
			m.Title = briefings.Text{Vi: "Hội nghị báo cáo viên, tuyên truyền viên tháng này", En: "This month’s conference of rapporteurs"}
			for i := range m.Seats {
				if m.Seats[i].Member != elder && i%3 != 0 {
					m.Seats[i].Answer = briefings.Answer{Choice: briefings.Accepted, At: now.Add(-time.Duration(i) * time.Hour)}
				}
			}
		}
		seats := m.Seats
		if err := store.AddMeeting(ctx, &m.Meeting); err != nil {
			return err
		}
		if _, err := store.Invite(ctx, m.ID, seats); err != nil {
			return err
		}
	}
	return nil
}

// fold lets a briefing show its first lines and open at a tap, so that it leaves the notice before it in view, and sends it to the
// commune that it speaks of.
func fold(b *briefings.Briefing) {
	const first, last = "<blockquote expandable>", "</blockquote>"
	b.Body = briefings.Text{Vi: first + b.Body.Vi + last, En: first + b.Body.En + last}
	b.Source = ""
	b.Audience = briefings.Audience{{Kind: briefings.TermUnit, Name: "X01"}, {Exclude: true, Kind: briefings.TermMember, Name: string(doorman)}}
}

// move puts a meeting at another time, announced two days ago.
func move(m *sample.Meeting, starts, now time.Time) {
	length := m.Ends.Sub(m.Starts)
	m.Starts, m.Ends = starts, starts.Add(length)
	m.Created, m.Announce, m.Invites = now.AddDate(0, 0, -2), now.AddDate(0, 0, -2), now.AddDate(0, 0, -2)
	m.Opens = 2 * time.Hour
	for i := range m.Seats { // given since, whenever the sample says: an answer of tomorrow would not be asked for again
		if a := &m.Seats[i].Answer; a.At.After(now) {
			a.At = now.Add(-time.Duration(i+1) * time.Minute)
		}
	}
}

// quiet takes a member's answer back, so that there is something to answer on the page.
func quiet(m *sample.Meeting, id briefings.MemberID) {
	for i := range m.Seats {
		if m.Seats[i].Member == id {
			m.Seats[i].Answer = briefings.Answer{}
		}
	}
}

// enter gives everybody of the sample a phone. Those who are linked have opened the chat before; others have not.
func enter(stage *sandbox.Server, s *sample.Sample) error {
	for _, m := range s.Roster.Members {
		stage.AddPerson(sandbox.Person{ID: user(m.ID), FirstName: m.Name, Phone: m.Phone, LanguageCode: string(m.Lang)})
		if m.Joined() && m.Status == briefings.Active {
			if err := stage.Acquaint(user(m.ID)); err != nil {
				return fmt.Errorf("open chat of %s: %w", m.ID, err)
			}
		}
	}
	return nil
}

// act lets those who work on a meeting do what they do first, so that the page opens on the whole story: the notice on the member's
// phone, the figures on the organizer's, the code of the doors on the officer's.
func act(stage *sandbox.Server) error {
	for _, line := range []struct {
		who  briefings.MemberID
		says string
	}{{organizer, "/thongke MT2"}, {doorman, "/modiemdanh"}, {usher, "/modiemdanh"}, {admin, "/thongke MT1"}} {
		if _, err := stage.Say(user(line.who), line.says); err != nil {
			return fmt.Errorf("say %s as %s: %w", line.says, line.who, err)
		}
	}
	return nil
}
