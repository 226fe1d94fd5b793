package calendar

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"briefbot/briefings"

	ical "github.com/emersion/go-ical"
)

// opened reads a file with a library that had no part in writing it, strictly: it also writes the file anew, which that library does
// only for a calendar that has everything the standard asks for.
func opened(t *testing.T, file string) *ical.Calendar {
	t.Helper()
	decoder := ical.NewDecoder(strings.NewReader(file))
	cal, err := decoder.Decode()
	if err != nil {
		t.Fatalf("another reader refuses the file: %v\n%s", err, file)
	}
	if rest, err := decoder.Decode(); err == nil {
		t.Errorf("there is a second calendar: %v", rest)
	}
	if err := ical.NewEncoder(new(bytes.Buffer)).Encode(cal); err != nil {
		t.Errorf("another writer finds the calendar incomplete: %v", err)
	}
	return cal
}

func TestAnotherReaderOpensTheFileAndItsChanges(t *testing.T) {
	loc := zone(t, "Asia/Ho_Chi_Minh")
	m, v := conference(loc)
	sequence := func(file string) int {
		n, err := opened(t, file).Events()[0].Props.Get(ical.PropSequence).Int()
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	first := write(t, m, v, briefings.Vietnamese, loc)
	m.Invites = stamp
	if err := m.Reschedule(m.Starts.Add(time.Hour), m.Ends.Add(time.Hour), briefings.Why{}, stamp); err != nil {
		t.Fatal(err)
	}
	moved := write(t, m, v, briefings.Vietnamese, loc)
	if err := m.Cancel(briefings.Why{}, stamp); err != nil {
		t.Fatal(err)
	}
	off := write(t, m, v, briefings.Vietnamese, loc)
	if a, b, c := sequence(first), sequence(moved), sequence(off); a >= b || b >= c {
		t.Errorf("sequences %d, %d, %d do not rise", a, b, c)
	}
	for file, method := range map[string]string{first: "REQUEST", moved: "REQUEST", off: "CANCEL"} {
		cal := opened(t, file)
		if got := cal.Props.Get(ical.PropMethod).Value; got != method {
			t.Errorf("method %s, want %s", got, method)
		}
		events := cal.Events()
		if len(events) != 1 || len(cal.Children) != 2 || cal.Children[0].Name != ical.CompTimezone {
			t.Fatalf("%d events, %d parts", len(events), len(cal.Children))
		}
		starts := events[0].Props.Get(ical.PropDateTimeStart)
		if starts.Params.Get(ical.ParamTimezoneID) != loc.String() {
			t.Errorf("the start is in zone %q", starts.Params.Get(ical.ParamTimezoneID))
		}
		if at, err := events[0].DateTimeStart(loc); err != nil || file != first && !at.Equal(m.Starts) {
			t.Errorf("starts %v, %v", at, err)
		}
		if got, _ := events[0].Props.Text(ical.PropUID); got != UID(m.ID) {
			t.Errorf("uid %q", got)
		}
		who := events[0].Props.Get(ical.PropAttendee)
		if who == nil || who.Params.Get(ical.ParamCommonName) != guest.Name || !strings.HasSuffix(who.Value, nowhere) {
			t.Errorf("attendee %+v", who)
		}
	}
}

func TestAnotherReaderOpensEveryStanding(t *testing.T) {
	loc := zone(t, "Asia/Ho_Chi_Minh")
	m, v := conference(loc)
	for _, standing := range []briefings.Choice{briefings.NoAnswer, briefings.Accepted, briefings.Declined, briefings.Delegated} {
		b, err := Meeting(m, v, Guest{ID: "Mẫu 01", Name: "Đỗ \"Mẫu\"; Dũng, A: B", Standing: standing}, briefings.English, `"Org": x, y`, loc, stamp)
		if err != nil {
			t.Fatal(err)
		}
		unfold(t, string(b))
		opened(t, string(b))
	}
}

func TestWhoeverWaitsForAPlaceHasNotSettledIt(t *testing.T) {
	loc := zone(t, "Asia/Ho_Chi_Minh")
	m, v := conference(loc)
	b, err := Meeting(m, v, Guest{ID: "M012", Name: "Lò Thị Ánh", Standing: briefings.Accepted, Waiting: true}, briefings.English, "", loc, stamp)
	if err != nil {
		t.Fatal(err)
	}
	if file := unfold(t, string(b)); !strings.Contains(strings.Join(file, "\n"), "PARTSTAT=TENTATIVE") {
		t.Errorf("the calendar says that it is settled:\n%s", b)
	}
}
