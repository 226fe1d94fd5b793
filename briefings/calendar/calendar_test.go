package calendar

import (
	"bytes"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
	"unicode/utf8"

	"briefbot/briefings"

	ics "github.com/arran4/golang-ical"
)

var stamp = time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

var guest = Guest{ID: "M012", Name: "Lò Thị Ánh", Standing: briefings.Accepted}

func conference(loc *time.Location) (briefings.Meeting, briefings.Venue) {
	return briefings.Meeting{
			ID: "m1", DocType: "Giấy mời", DocNo: "12-GM/TU",
			Title:  briefings.Text{Vi: "Hội nghị báo cáo viên; quý IV, năm 2026", En: "Propagandists' conference"},
			Starts: time.Date(2026, 12, 3, 14, 0, 0, 0, loc), Ends: time.Date(2026, 12, 3, 16, 30, 0, 0, loc),
			Agenda: []string{"Thông tin thời sự", " ", "Trao đổi, thảo luận"}, Note: "Mang theo tài liệu\r\nĐến trước 15 phút",
			Contact: "Văn phòng", Label: briefings.Public, Status: briefings.MeetingOpen, Revision: 2,
		}, briefings.Venue{
			ID: "v1", Name: briefings.Text{Vi: "Hội trường tầng 2", En: "Hall, 2nd floor"}, Address: "số 1 đường Mẫu",
			Link: "https://hop.example/abc?x=1,2",
		}
}

func write(t testing.TB, m briefings.Meeting, v briefings.Venue, lang briefings.Lang, loc *time.Location) string {
	t.Helper()
	b, err := Meeting(m, v, guest, lang, "Tỉnh ủy Minh Giang", loc, stamp)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// unfold checks the shape of the lines and returns them whole: a reader of its own, beside the library's.
func unfold(t testing.TB, file string) []string {
	t.Helper()
	if !strings.HasSuffix(file, "\r\n") {
		t.Fatalf("the file ends with %q", file[max(0, len(file)-4):])
	}
	var lines []string
	for raw := range strings.SplitSeq(strings.TrimSuffix(file, "\r\n"), "\r\n") {
		if len(raw) > 75 {
			t.Errorf("line of %d octets: %q", len(raw), raw)
		}
		if !utf8.ValidString(raw) {
			t.Errorf("a character is cut: %q", raw)
		}
		if strings.ContainsFunc(raw, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			t.Errorf("control character in %q", raw)
		}
		if rest, ok := strings.CutPrefix(raw, " "); ok {
			if len(lines) == 0 {
				t.Fatalf("the file begins with a continuation: %q", raw)
			}
			lines[len(lines)-1] += rest
			continue
		}
		if !strings.Contains(raw, ":") && !strings.Contains(raw, ";") {
			t.Errorf("a line without a name: %q", raw)
		}
		lines = append(lines, raw)
	}
	return lines
}

// text reads back the value of a property of free text.
func text(lines []string, name string) (string, bool) {
	for _, l := range lines {
		v, ok := strings.CutPrefix(l, name+":")
		if !ok {
			continue
		}
		var b strings.Builder
		for i := 0; i < len(v); i++ {
			if v[i] != '\\' || i+1 == len(v) {
				b.WriteByte(v[i])
				continue
			}
			i++
			if v[i] == 'n' || v[i] == 'N' {
				b.WriteByte('\n')
			} else {
				b.WriteByte(v[i])
			}
		}
		return b.String(), true
	}
	return "", false
}

func TestTheFileOfAMeeting(t *testing.T) {
	loc := zone(t, "Asia/Ho_Chi_Minh")
	m, v := conference(loc)
	want := []string{
		"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//briefbot//meetings//VI", "CALSCALE:GREGORIAN", "METHOD:REQUEST",
		"BEGIN:VTIMEZONE", "TZID:Asia/Ho_Chi_Minh",
		"BEGIN:STANDARD", "DTSTART:19750613T000000", "TZOFFSETFROM:+0800", "TZOFFSETTO:+0700", "TZNAME:+07", "END:STANDARD",
		"END:VTIMEZONE",
		"BEGIN:VEVENT", "UID:m1@briefbot", "DTSTAMP:20261123T020000Z",
		"DTSTART;TZID=Asia/Ho_Chi_Minh:20261203T140000", "DTEND;TZID=Asia/Ho_Chi_Minh:20261203T163000",
		"SEQUENCE:2", "STATUS:CONFIRMED",
		"ORGANIZER;CN=Tỉnh ủy Minh Giang:mailto:noreply@briefbot.invalid",
		"ATTENDEE;CN=Lò Thị Ánh;PARTSTAT=ACCEPTED;RSVP=false:mailto:m012@briefbot.invalid",
		`SUMMARY:Hội nghị báo cáo viên\; quý IV\, năm 2026`,
		`LOCATION:Hội trường tầng 2\, số 1 đường Mẫu`,
		`DESCRIPTION:Giấy mời 12-GM/TU\nTỉnh ủy Minh Giang\n– Thông tin thời sự\n– Trao đổi\, thảo luận\n` +
			`https://hop.example/abc?x=1\,2\nMang theo tài liệu\nĐến trước 15 phút\nVăn phòng`,
		"URL:https://hop.example/abc?x=1,2",
		"BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT2H", `DESCRIPTION:Hội nghị báo cáo viên\; quý IV\, năm 2026`, "END:VALARM",
		"END:VEVENT", "END:VCALENDAR",
	}
	got := unfold(t, write(t, m, v, briefings.Vietnamese, loc))
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestTheLibraryReadsTheFileBack(t *testing.T) {
	loc := zone(t, "Asia/Ho_Chi_Minh")
	m, v := conference(loc)
	cal, err := ics.ParseCalendar(strings.NewReader(write(t, m, v, briefings.English, loc)))
	if err != nil {
		t.Fatal(err)
	}
	if len(cal.Events()) != 1 || len(cal.Timezones()) != 1 {
		t.Fatalf("%d events, %d zones", len(cal.Events()), len(cal.Timezones()))
	}
	e := cal.Events()[0]
	starts, err := e.GetStartAt()
	if err != nil || !starts.Equal(m.Starts) {
		t.Errorf("starts %v, %v", starts, err)
	}
	if ends, err := e.GetEndAt(); err != nil || !ends.Equal(m.Ends) {
		t.Errorf("ends %v, %v", ends, err)
	}
	for name, want := range map[ics.ComponentProperty]string{
		ics.ComponentPropertyUniqueId: "m1@briefbot",
		ics.ComponentPropertySummary:  "Propagandists' conference",
		ics.ComponentPropertyLocation: "Hall, 2nd floor, số 1 đường Mẫu",
		ics.ComponentPropertySequence: "2",
	} {
		if p := e.GetProperty(name); p == nil || p.Value != want {
			t.Errorf("%s is %v, want %q", name, p, want)
		}
	}
	if len(e.Alarms()) != 1 {
		t.Errorf("%d alarms", len(e.Alarms()))
	}
}

func TestACancelledMeetingIsTakenAway(t *testing.T) {
	loc := zone(t, "Asia/Ho_Chi_Minh")
	m, v := conference(loc)
	m.Status = briefings.MeetingCancelled
	lines := unfold(t, write(t, m, v, briefings.Vietnamese, loc))
	for _, want := range []string{"METHOD:CANCEL", "STATUS:CANCELLED", "UID:m1@briefbot", "SEQUENCE:3"} {
		if !contains(lines, want) {
			t.Errorf("no %s in %q", want, lines)
		}
	}
	if contains(lines, "BEGIN:VALARM") {
		t.Error("it rings")
	}
}

func contains(lines []string, want string) bool {
	for _, l := range lines {
		if l == want {
			return true
		}
	}
	return false
}

func TestWhatIsNotKnownIsLeftOut(t *testing.T) {
	loc := zone(t, "Asia/Ho_Chi_Minh")
	m := briefings.Meeting{ID: "m9", Title: briefings.Text{Vi: "Họp"}, Starts: stamp, Label: briefings.UnitOnly, Revision: 1}
	b, err := Meeting(m, briefings.Venue{Link: "http://plain.example"}, Guest{}, "", "", loc, stamp)
	if err != nil {
		t.Fatal(err)
	}
	lines := unfold(t, string(b))
	for _, l := range lines {
		for _, name := range []string{"DTEND", "LOCATION", "URL"} {
			if strings.HasPrefix(l, name) {
				t.Errorf("has %q", l)
			}
		}
	}
	if !contains(lines, "CLASS:PRIVATE") {
		t.Error("a text for the unit alone is not private")
	}
	if _, err := Meeting(briefings.Meeting{ID: "m9"}, briefings.Venue{}, Guest{}, "", "", loc, stamp); err == nil {
		t.Error("a meeting without a start has a file")
	}
}

func TestOtherZones(t *testing.T) {
	m, v := conference(time.UTC)
	m.Starts, m.Ends = time.Date(2026, 11, 1, 4, 0, 0, 0, time.UTC), time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)
	tests := []struct {
		zone string
		want []string
	}{
		{"UTC", []string{"DTSTART:20261101T040000Z", "DTEND:20261101T080000Z"}},
		{"America/New_York", []string{ // the clocks change during the meeting
			"DTSTART;TZID=America/New_York:20261101T000000", "DTEND;TZID=America/New_York:20261101T030000",
			"BEGIN:DAYLIGHT", "DTSTART:20260308T020000", "TZOFFSETFROM:-0500", "TZOFFSETTO:-0400",
			"BEGIN:STANDARD", "DTSTART:20261101T020000",
		}},
	}
	for _, tt := range tests {
		lines := unfold(t, write(t, m, v, briefings.Vietnamese, zone(t, tt.zone)))
		for _, want := range tt.want {
			if !contains(lines, want) {
				t.Errorf("%s: no %s in %q", tt.zone, want, lines)
			}
		}
	}
	if got := offsetText(-(5*3600 + 30*60 + 9)); got != "-053009" {
		t.Errorf("offset %s", got)
	}
	if lines := unfold(t, write(t, m, v, briefings.Vietnamese, time.Local)); !contains(lines, "DTSTART:20261101T040000Z") {
		t.Error("a zone without a name is not written in UTC")
	}
}

func FuzzAnyNameIsHeldAndReadBack(f *testing.F) {
	long := strings.Repeat("Đồng chí Nguyễn Thị Ngọc Ánh ", 20)
	for _, s := range []string{
		"Họp", long, strings.ReplaceAll(long, " ", ""), "a\\n;b,c:\"d\"", "x\r\nBEGIN:VEVENT\r\ny", "\xff\xfe", "👨‍👩‍👧‍👦 <b>&amp;</b>",
		"e\u0301\u0300", strings.Repeat(" ", 200) + "x", strings.Repeat("<>", 90), "\x00\x07\u0085\u2028z", "\uFEFF", "a\tb", "\\",
	} {
		f.Add(s, s)
	}
	loc := zone(f, "Asia/Ho_Chi_Minh")
	f.Fuzz(func(t *testing.T, title, note string) {
		m, v := conference(loc)
		m.Title, m.Note = briefings.Text{Vi: title, En: title}, note
		v.Name, v.Address, v.Link = briefings.Text{Vi: note}, "", title
		file := write(t, m, v, briefings.Vietnamese, loc)
		lines := unfold(t, file)
		if got, ok := text(lines, "SUMMARY"); !ok || got != line(title) {
			t.Errorf("summary %q, want %q", got, line(title))
		}
		if got, _ := text(lines, "LOCATION"); got != line(note) {
			t.Errorf("location %q, want %q", got, line(note))
		}
		if got, _ := text(lines, "DESCRIPTION"); !strings.Contains(got, clean(note)) {
			t.Errorf("description %q without %q", got, clean(note))
		}
		events := 0
		for _, l := range lines {
			if l == "BEGIN:VEVENT" {
				events++
			}
		}
		if events != 1 {
			t.Errorf("%d events", events)
		}
		if _, err := ics.ParseCalendar(bytes.NewReader([]byte(file))); err != nil {
			t.Errorf("read back: %v", err)
		}
	})
}
