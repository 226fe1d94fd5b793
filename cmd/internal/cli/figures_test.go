package cli_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"briefbot/briefings"
	"briefbot/briefings/redistest"
	"briefbot/scheduler/delivery"
)

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// at looks a figure up by its path in a document.
func at(t *testing.T, doc any, path ...string) string {
	t.Helper()
	for _, name := range path {
		object, ok := doc.(map[string]any)
		if !ok {
			t.Fatalf("there is no %v", path)
		}
		doc = object[name]
	}
	return fmt.Sprint(doc)
}

func TestCountsAreTheSampleFigures(t *testing.T) {
	d := newDesk(t)
	want := d.load().Expected.MT1
	doc := document(t, d.must("counts", "MT1", "--json", "--xlsx", d.file("counts.xlsx")))
	for path, figure := range map[string]int{
		"invited": want.Invited, "answers/accepted": want.Answers.Attending, "answers/none": want.Answers.NoReply,
		"attendance/present": want.Attendance.Present, "attendance/represented": want.Attendance.Represented,
		"attendance/excused": want.Attendance.Excused, "attendance/unexcused": want.Attendance.Unexcused, "attendance/guests": want.Guests,
	} {
		if got := at(t, doc, strings.Split(path, "/")...); got != fmt.Sprint(figure) {
			t.Errorf("%s is %s, want %d", path, got, figure)
		}
	}
	book, err := excelize.OpenFile(d.file("counts.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if text := d.must("counts", "MT1"); !strings.Contains(text, fmt.Sprintf("%d/%d", want.Attended, want.Invited)) {
		t.Errorf("the text says %q", text)
	}
	d.refused("There is no meeting m9", "counts", "m9", "--json")
}

func TestTheListOfMeetingsIsOneDocument(t *testing.T) {
	d := newDesk(t)
	s := d.load()
	list := document(t, d.must("meetings", "--json"))["meetings"].([]any)
	var ids []string
	for _, one := range list {
		row := one.(map[string]any)
		ids = append(ids, at(t, row, "id"))
		if at(t, row, "id") == "MT1" {
			for path, want := range map[string]string{
				"status": "closed", "invited": fmt.Sprint(s.Expected.MT1.Invited), "accepted": fmt.Sprint(s.Expected.MT1.Answers.Attending),
			} {
				if got := at(t, row, path); got != want {
					t.Errorf("%s is %s, want %s", path, got, want)
				}
			}
		}
	}
	slices.Sort(ids)
	if !slices.Equal(ids, []string{"MT1", "MT2", "MT3"}) {
		t.Errorf("meetings %v", ids)
	}
	if text := d.must("meetings"); strings.Count(text, "\n") != 5 {
		t.Errorf("the list is %q", text)
	}
}

func TestAReportKeepsFamiliesApart(t *testing.T) {
	d := newDesk(t)
	s := d.load()
	m := s.Meeting("MT1")
	period := string(m.Periods[0])
	doc := document(t, d.must("report", period, "--json", "--xlsx", d.file("report.xlsx")))
	want := s.Expected.MT1
	for path, figure := range map[string]int{
		"meetings/conferences": 1, "meetings/venues": len(m.Venues), "meetings/invited": want.Invited,
		"meetings/present": want.Attendance.Present, "meetings/represented": want.Attendance.Represented, "meetings/attended": want.Attended,
		"meetings/guests": want.Guests,
	} {
		if got := at(t, doc, strings.Split(path, "/")...); got != fmt.Sprint(figure) {
			t.Errorf("%s is %s, want %d", path, got, figure)
		}
	}
	from, to, err := m.Periods[0].Days(m.Starts.Location())
	if err != nil {
		t.Fatal(err)
	}
	sums := briefings.SumActivities(s.Activities, from, to)
	if got := at(t, doc, "activities", "oral_work", "sessions"); got != fmt.Sprint(sums.OralWork.Sessions) {
		t.Errorf("%s sessions of oral work, want %d", got, sums.OralWork.Sessions)
	}
	for form, sum := range sums.Conferences {
		if got := at(t, doc, "activities", "conferences", string(form), "attendances"); got != fmt.Sprint(sum.Attendances) {
			t.Errorf("%s: %s participations, want %d", form, got, sum.Attendances)
		}
	}
	if _, err := excelize.OpenFile(d.file("report.xlsx")); err != nil {
		t.Error(err)
	}
	year := document(t, d.must("report", period[:4], "--json"))
	if at(t, year, "meetings", "conferences") != "1" {
		t.Error("a year does not hold the conference of its own part")
	}
	for _, other := range []string{"2019", "2019-Q4"} {
		if got := at(t, document(t, d.must("report", other, "--json")), "meetings", "conferences"); got != "0" {
			t.Errorf("%s: %s conferences", other, got)
		}
	}
	d.must("report", period, "--language=vi")
	d.refused("2026-Q4", "report", "autumn")
	d.refused("There is no unit NO", "report", period, "--unit=NO")
}

func TestTheUnitsOfAReportAddUpToTheWhole(t *testing.T) {
	d := newDesk(t)
	s := d.load()
	period := string(s.Meeting("MT1").Periods[0])
	whole := document(t, d.must("report", period, "--json"))
	roster, err := d.store.Roster(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, figure := range []string{"invited", "present", "represented", "excused", "unexcused", "attended"} {
		sum := 0.0
		for _, root := range roster.Tree().Roots() {
			part := document(t, d.must("report", period, "--json", "--unit="+string(root)))
			sum += part["meetings"].(map[string]any)[figure].(float64)
		}
		if want := whole["meetings"].(map[string]any)[figure].(float64); sum != want {
			t.Errorf("%s: the units come to %v, the whole is %v", figure, sum, want)
		}
	}
}

func TestTheOutboxShowsWhatIsDue(t *testing.T) {
	d := newDesk(t)
	d.load()
	if out := d.must("outbox"); !strings.Contains(out, "Nothing") {
		t.Errorf("an empty outbox says %q", out)
	}
	box := delivery.NewOutbox(redistest.Client(t, d.url), "briefbot")
	for _, m := range []briefings.Mailing{
		{Kind: briefings.KindInvitation, Subject: "MT2", Revision: 1, Due: time.Now()},
		{Kind: briefings.KindBriefing, Subject: "gone", Occasion: "2026-11-23T07:00", Due: time.Now()},
	} {
		if _, err := box.Put(t.Context(), m, slices.Values([]briefings.MemberNo{1, 2, 3})); err != nil {
			t.Fatal(err)
		}
	}
	list := document(t, d.must("outbox", "--json"))["mailings"].([]any)
	if len(list) != 2 {
		t.Fatalf("%d mailings, want 2", len(list))
	}
	for _, one := range list {
		if at(t, one, "state") != "ready" || at(t, one, "total") != "3" || at(t, one, "counts", "pending") != "3" {
			t.Errorf("the mailing is %v", one)
		}
	}
	if out := d.must("outbox"); !strings.Contains(out, "waiting") || strings.Contains(out, "[") {
		t.Errorf("the outbox says %q", out)
	}
}
