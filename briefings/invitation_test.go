package briefings

import (
	"errors"
	"testing"
	"time"
)

var (
	zone     = time.FixedZone("ICT", 7*3600)
	start    = time.Date(2026, 12, 3, 14, 0, 0, 0, zone)
	deadline = start.Add(-45 * time.Hour)
	early    = deadline.Add(-time.Hour)
)

// openMeeting is a meeting with two venues that is announced and takes answers at early.
func openMeeting() *Meeting {
	return &Meeting{
		ID: "m1", Title: Text{Vi: "Hội nghị"}, Starts: start, Ends: start.Add(2 * time.Hour), Deadline: deadline,
		Venues:   []Venue{{ID: "v1", Name: Text{Vi: "Hội trường"}, Main: true}, {ID: "v2", Name: Text{Vi: "Xã A"}, Units: []UnitID{"X01"}}},
		Audience: Audience{{Kind: TermAll}}, Deputies: true, Label: Public, Status: MeetingOpen, Revision: 1,
	}
}

// refusedAs fails the test unless err is a refusal with the key; an empty key means no error.
func refusedAs(t *testing.T, err error, key string) {
	t.Helper()
	got := ""
	if r := AsRefusal(err); r != nil {
		got = r.Key
	} else if err != nil {
		got = err.Error()
	}
	if got != key {
		t.Fatalf("got %q, want %q", got, key)
	}
}

func TestAnswersAreTakenUntilTheDeadlineAndNoLonger(t *testing.T) {
	for _, c := range []struct {
		name string
		at   time.Time
		edit func(*Meeting, *Invitation)
		want string
	}{
		{name: "before the deadline", at: early},
		{name: "a second before the deadline", at: deadline.Add(-time.Second)},
		{name: "at the deadline", at: deadline, want: "rsvp.closed"},
		{name: "without a deadline until the start", at: start.Add(-time.Second), edit: func(m *Meeting, _ *Invitation) { m.Deadline = time.Time{} }},
		{name: "without a deadline at the start", at: start, edit: func(m *Meeting, _ *Invitation) { m.Deadline = time.Time{} }, want: "rsvp.closed"},
		{name: "cancelled", at: early, edit: func(m *Meeting, _ *Invitation) { m.Status = MeetingCancelled }, want: "rsvp.cancelled"},
		{name: "closed", at: early, edit: func(m *Meeting, _ *Invitation) { m.Status = MeetingClosed }, want: "rsvp.closed"},
		{name: "already in the hall", at: early, edit: func(_ *Meeting, i *Invitation) { i.CheckIn = &CheckIn{} }, want: "rsvp.already_here"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, i := openMeeting(), &Invitation{Member: "M1"}
			if c.edit != nil {
				c.edit(m, i)
			}
			refusedAs(t, i.Accept(m, c.at), c.want)
			if (i.Answer.Choice == Accepted) != (c.want == "") {
				t.Errorf("answer after %q is %q", c.want, i.Answer.Choice)
			}
		})
	}
}

func TestASecondTapChangesNothingAndAnotherChoiceKeepsTheHistory(t *testing.T) {
	m, i := openMeeting(), &Invitation{Member: "M1"}
	refusedAs(t, i.Accept(m, early), "")
	if err := i.Accept(m, early.Add(time.Minute)); !errors.Is(err, ErrUnchanged) {
		t.Fatalf("second tap: %v", err)
	}
	if len(i.History) != 0 || !i.Answer.At.Equal(early) {
		t.Fatalf("second tap wrote: %+v", i)
	}
	refusedAs(t, i.Decline(m, WorkTrip, "ignored", early.Add(time.Minute)), "")
	if i.Answer.Note != "" {
		t.Errorf("a coded reason keeps no text, got %q", i.Answer.Note)
	}
	if len(i.History) != 1 || i.History[0].Choice != Accepted {
		t.Errorf("history %+v", i.History)
	}
	for n := range HistoryKept + 5 {
		if n%2 == 0 {
			_ = i.Accept(m, early)
		} else {
			_ = i.Decline(m, OnLeave, "", early)
		}
	}
	if len(i.History) != HistoryKept {
		t.Errorf("history grew to %d", len(i.History))
	}
}

func TestAnotherReasonIsShortAndNotEmpty(t *testing.T) {
	m := openMeeting()
	for _, c := range []struct{ note, want string }{
		{"", "rsvp.ask_reason_text"},
		{"   ", "rsvp.ask_reason_text"},
		{"việc nhà", ""},
		{string(make200("ữ")), ""},
		{string(make200("ữ")) + "x", "rsvp.ask_reason_text"},
	} {
		i := &Invitation{Member: "M1"}
		refusedAs(t, i.Decline(m, OtherReason, c.note, early), c.want)
	}
}

func make200(s string) []rune {
	out := make([]rune, 0, NoteLimit)
	for range NoteLimit {
		out = append(out, []rune(s)...)
	}
	return out
}

func TestADeputyIsAskedAndANamedOutsiderIsNot(t *testing.T) {
	m, i := openMeeting(), &Invitation{Member: "M1"}
	refusedAs(t, i.Delegate(m, Deputy{Member: "M1", Name: "Tự mình"}, early), "proxy.already_invited")
	refusedAs(t, i.Delegate(m, Deputy{Member: "M2", Name: "Người hai"}, early), "")
	if d := i.Answer.Deputy; d.State != DeputyWaiting || d.Asked != 1 {
		t.Fatalf("asked deputy %+v", d)
	}
	refusedAs(t, i.DeputyAnswers(m, "M3", true), "proxy.no_longer")
	refusedAs(t, i.DeputyAnswers(m, "M2", false), "")
	if i.Standing() != NoAnswer {
		t.Errorf("a refused deputy leaves the seat %q", i.Standing())
	}
	refusedAs(t, i.Delegate(m, Deputy{Member: "M2", Name: "Người hai"}, early), "")
	if d := i.Answer.Deputy; d.State != DeputyWaiting || d.Asked != 2 {
		t.Errorf("asking again is a new request, got %+v", d)
	}
	refusedAs(t, i.Delegate(m, Deputy{Name: "Bà Ngoài"}, early), "")
	if d := i.Answer.Deputy; d.State != DeputyAccepted || i.Standing() != Delegated {
		t.Errorf("outsider %+v", d)
	}
	m.Deputies = false
	refusedAs(t, i.Delegate(m, Deputy{Member: "M4"}, early), "proxy.not_allowed")
}

func TestTheFirstCheckInStandsAndNeedsAnOpenDoor(t *testing.T) {
	m, i := openMeeting(), &Invitation{Member: "M1", Venue: "v1"}
	in := CheckIn{At: start, Venue: "v2", Method: ByCode}
	refusedAs(t, i.Present(m, in), "checkin.not_open")
	refusedAs(t, m.OpenDoor("v2", "M9", "123456", "tok", start.Add(-48*time.Hour)), "checkin.window")
	refusedAs(t, m.OpenDoor("v2", "M9", "123456", "tok", start.Add(-time.Hour)), "")
	if err := m.OpenDoor("v2", "M8", "654321", "tok2", start); !errors.Is(err, ErrUnchanged) || m.Venue("v2").Door.PIN != "123456" {
		t.Fatalf("opening twice changed the code: %v", err)
	}
	refusedAs(t, i.Present(m, CheckIn{At: start, Venue: "v2", Deputy: true}), "proxy.no_longer")
	refusedAs(t, i.Present(m, in), "")
	if i.Venue != "v2" {
		t.Errorf("somebody who came to v2 counts at %q", i.Venue)
	}
	refusedAs(t, i.Present(m, in), "checkin.already")
	refusedAs(t, m.CloseVenue("v1", Closing{Headcount: 1}), "checkin.not_open")
	refusedAs(t, m.CloseVenue("v2", Closing{Headcount: 2, Guests: 3}), "close.bad_numbers")
	refusedAs(t, m.CloseVenue("v2", Closing{Headcount: 5, Guests: 3, At: start}), "")
	if m.Status != MeetingOpen {
		t.Fatal("one venue closed the whole meeting")
	}
	refusedAs(t, (&Invitation{}).Present(m, in), "checkin.venue_closed")
	refusedAs(t, m.OpenDoor("v1", "M9", "111111", "t", start), "")
	refusedAs(t, m.CloseVenue("v1", Closing{Headcount: 1, At: start}), "")
	if m.Status != MeetingClosed || !m.ClosedAt.Equal(start) {
		t.Errorf("all venues closed, meeting is %q", m.Status)
	}
}

func TestOnlyAClosedMeetingHasAbsenceWithoutLeave(t *testing.T) {
	m := openMeeting()
	silent, declined, here, deputised := &Invitation{}, &Invitation{Answer: Answer{Choice: Declined}},
		&Invitation{Answer: Answer{Choice: Declined}, CheckIn: &CheckIn{}}, &Invitation{CheckIn: &CheckIn{Deputy: true}}
	want := func(status MeetingStatus, i *Invitation, a Attendance) {
		t.Helper()
		m.Status = status
		if got := i.Attendance(m); got != a {
			t.Errorf("%s: got %s, want %s", status, got, a)
		}
	}
	want(MeetingOpen, silent, AttendPending)
	want(MeetingClosed, silent, AttendUnexcused)
	want(MeetingOpen, declined, AttendExcused)
	want(MeetingClosed, declined, AttendExcused)
	want(MeetingClosed, here, AttendPresent)
	want(MeetingClosed, deputised, AttendRepresented)
}
