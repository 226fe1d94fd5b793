package briefings_test

import (
	"errors"
	"testing"
	"time"

	"briefbot/briefings"
)

var (
	called   = time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	deadline = time.Date(2026, 12, 7, 12, 0, 0, 0, time.UTC)
	starts   = time.Date(2026, 12, 8, 14, 0, 0, 0, time.UTC)
)

// sitting is a meeting that wants leave approved, and a seat of it.
func sitting(rule briefings.LeaveRule) (*briefings.Meeting, *briefings.Invitation) {
	m := &briefings.Meeting{
		ID: "m1", Status: briefings.MeetingOpen, Revision: 1, Starts: starts, Deadline: deadline, Invites: called, Author: "org", Leave: rule,
		Venues: []briefings.Venue{{ID: "v1", Main: true, Link: "https://meet.example.vn/a"}},
	}
	return m, &briefings.Invitation{Meeting: "m1", Member: "an", Unit: "C", Venue: "v1"}
}

func refused(t *testing.T, err error, key string) {
	t.Helper()
	if r := briefings.AsRefusal(err); r == nil || r.Key != key {
		t.Errorf("refused with %v, want %s", err, key)
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestSilenceIsNoApproval(t *testing.T) {
	m, seat := sitting(briefings.LeaveByOrganizer)
	ok(t, seat.Decline(m, briefings.WorkTrip, "", called))
	if seat.Standing() != briefings.Declined || seat.Attendance(m) != briefings.AttendPending {
		t.Errorf("stands %q, counts as %q while nobody has decided", seat.Standing(), seat.Attendance(m))
	}
	m.Status = briefings.MeetingClosed
	if seat.Attendance(m) != briefings.AttendUnexcused {
		t.Errorf("counts as %q though nobody approved", seat.Attendance(m))
	}
	ok(t, seat.Decide(m, "org", 1, true, starts)) // late, and still of use
	if seat.Attendance(m) != briefings.AttendExcused {
		t.Errorf("counts as %q after the approval", seat.Attendance(m))
	}
}

func TestALeaveIsDecidedOnce(t *testing.T) {
	m, seat := sitting(briefings.LeaveByUnit)
	ok(t, seat.Decline(m, briefings.OnLeave, "", called))
	refused(t, seat.Decide(m, "an", 1, true, called), "request.own")
	refused(t, seat.Decide(m, "org", 2, true, called), "request.gone")
	ok(t, seat.Decide(m, "org", 1, false, called))
	if seat.Standing() != briefings.NoAnswer {
		t.Errorf("a refused leave stands as %q", seat.Standing())
	}
	if err := seat.Decide(m, "org", 1, false, called); !errors.Is(err, briefings.ErrUnchanged) {
		t.Errorf("the same decision again: %v", err)
	}
	refused(t, seat.Decide(m, "org", 1, true, called), "request.decided")

	// The same leave may be asked again, and is a request of its own.
	ok(t, seat.Decline(m, briefings.OnLeave, "", called.Add(time.Hour)))
	if seat.Request.N != 2 || seat.Request.State != briefings.RequestPending {
		t.Errorf("the second request is %+v", *seat.Request)
	}
	// Whoever then says they come has nothing left to be decided.
	ok(t, seat.Accept(m, called.Add(2*time.Hour)))
	refused(t, seat.Decide(m, "org", 2, true, called), "request.gone")
	if seat.Standing() != briefings.Accepted {
		t.Errorf("stands %q", seat.Standing())
	}
}

func TestLockedAnswersChangeByRequest(t *testing.T) {
	m, seat := sitting(briefings.LeaveFree)
	ok(t, seat.Accept(m, called))
	leave, err := briefings.LeaveFor(briefings.WorkTrip, "", deadline.Add(-time.Hour))
	ok(t, err)
	refused(t, seat.AskFor(m, leave), "err.expired")
	leave.At = deadline.Add(time.Hour)
	refused(t, seat.Decline(m, briefings.WorkTrip, "", leave.At), "rsvp.closed")
	ok(t, seat.AskFor(m, leave))
	if seat.Standing() != briefings.Accepted {
		t.Errorf("stands %q before anybody decided", seat.Standing())
	}
	if err := seat.AskFor(m, leave); !errors.Is(err, briefings.ErrUnchanged) {
		t.Errorf("the same request again: %v", err)
	}
	ok(t, seat.Decide(m, "org", 1, true, leave.At))
	if seat.Standing() != briefings.Declined || !seat.Answer.Excused() || len(seat.History) != 1 {
		t.Errorf("after the approval stands %+v, history %v", seat.Answer, seat.History)
	}
	leave.At = starts
	refused(t, seat.AskFor(m, leave), "request.too_late")
}

func TestARequestIsTakenBackByWhoeverAsked(t *testing.T) {
	m, seat := sitting(briefings.LeaveByOrganizer)
	late := deadline.Add(time.Hour)
	refused(t, seat.TakeBack(m, 1, late), "request.gone")
	ok(t, seat.Accept(m, called))
	leave, err := briefings.LeaveFor(briefings.WorkTrip, "", late)
	ok(t, err)
	ok(t, seat.AskFor(m, leave))
	refused(t, seat.TakeBack(m, 2, late), "request.gone")
	ok(t, seat.TakeBack(m, 1, late))
	if err := seat.TakeBack(m, 1, late); !errors.Is(err, briefings.ErrUnchanged) {
		t.Errorf("taken back twice: %v", err)
	}
	refused(t, seat.Decide(m, "org", 1, true, late), "request.gone")
	if seat.Standing() != briefings.Accepted {
		t.Errorf("stands %q", seat.Standing())
	}
	ok(t, seat.AskFor(m, leave)) // and asks once more
	ok(t, seat.Decide(m, "org", 2, false, late))
	refused(t, seat.TakeBack(m, 2, late), "request.decided")

	_, seat = sitting(briefings.LeaveByOrganizer)
	ok(t, seat.Decline(m, briefings.WorkTrip, "", called))
	refused(t, seat.TakeBack(m, 1, starts), "request.too_late")
	ok(t, seat.TakeBack(m, 1, late))
	if seat.Standing() != briefings.NoAnswer || len(seat.History) != 1 {
		t.Errorf("a leave that was taken back stands as %q", seat.Standing())
	}
}

func TestALeaveApprovedAfterTheClosingIsALateCorrection(t *testing.T) {
	for _, late := range []bool{false, true} {
		m, seat := sitting(briefings.LeaveByOrganizer)
		ok(t, seat.Decline(m, briefings.WorkTrip, "", called))
		if late {
			m.Status, m.ClosedAt = briefings.MeetingClosed, starts.Add(time.Hour)
		}
		refused(t, seat.Decide(m, "org", 1, true, starts.Add(briefings.ReopenWithin+time.Hour)), "request.long_ago")
		ok(t, seat.Decide(m, "org", 1, true, starts.Add(2*time.Hour)))
		list := briefings.Amendments(m, []briefings.Invitation{*seat})
		if (len(list) == 1) != late {
			t.Fatalf("closed %t: corrections are %+v", late, list)
		}
		if late && (list[0].Was != string(briefings.AttendUnexcused) || list[0].Is != string(briefings.AttendExcused) || list[0].By != "org") {
			t.Errorf("the correction is %+v", list[0])
		}
	}
}

func TestWhatIsApprovedStandsForTheTimeThatIsKnownThen(t *testing.T) {
	m, seat := sitting(briefings.LeaveFree)
	late := deadline.Add(time.Hour)
	ok(t, seat.AskFor(m, briefings.Answer{Choice: briefings.Accepted, At: late}))
	ok(t, m.Reschedule(starts.AddDate(0, 0, 3), time.Time{}, briefings.Why{}, late.Add(time.Hour)))
	ok(t, seat.Decide(m, "org", 1, true, late.Add(2*time.Hour)))
	if c := m.Moved(); c == nil || c.Asks(seat) {
		t.Error("what was approved after the change is asked again because of it")
	}
}

func TestOnlineIsAnAnswerOfItsOwn(t *testing.T) {
	m, seat := sitting(briefings.LeaveFree)
	ok(t, seat.Accept(m, called))
	ok(t, seat.AcceptOnline(m, called))
	if !seat.Answer.Online || len(seat.History) != 1 {
		t.Errorf("stands %+v, history %v", seat.Answer, seat.History)
	}
	if err := seat.AcceptOnline(m, called); !errors.Is(err, briefings.ErrUnchanged) {
		t.Errorf("the same answer again: %v", err)
	}
	m.Venues[0].Link = ""
	refused(t, seat.AcceptOnline(m, called), "rsvp.no_link")
}

func TestDecidersStandNearestAboveTheInvitee(t *testing.T) {
	unit := func(id, parent briefings.UnitID) briefings.Unit {
		return briefings.Unit{ID: id, Versions: []briefings.UnitVersion{{Type: "x", Parent: parent, Name: briefings.Text{Vi: string(id)}}}}
	}
	units := []briefings.Unit{unit("T", ""), unit("X", "T"), unit("C", "X")}
	member := func(id string, no int, unit briefings.UnitID, roles ...briefings.Grant) briefings.Member {
		return briefings.Member{ID: briefings.MemberID(id), No: briefings.MemberNo(no), Name: id, Unit: unit, Status: briefings.Active, Roles: roles}
	}
	roster := briefings.NewRoster(units, []briefings.Member{
		member("org", 1, "T", briefings.Grant{Role: briefings.RoleOrganizer, Scope: "T"}),
		member("xa", 2, "X", briefings.Grant{Role: briefings.RoleApprover, Scope: "X"}),
		member("an", 3, "C"),
		member("cell", 4, "C", briefings.Grant{Role: briefings.RoleOrganizer, Scope: "C"}),
	}, nil, nil, called)
	names := func(m *briefings.Meeting, seat briefings.Invitation) (s string) {
		for _, d := range roster.Deciders(m, seat) {
			s += string(d.ID) + " "
		}
		return s
	}
	m, seat := sitting(briefings.LeaveByUnit)
	ok(t, seat.Decline(m, briefings.WorkTrip, "", called))
	if got := names(m, *seat); got != "cell " {
		t.Errorf("a member's leave is decided by %q, want the cell's officer", got)
	}
	seat.Member = "cell"
	if got := names(m, *seat); got != "xa " {
		t.Errorf("the officer's own leave is decided by %q, want the commune's approver", got)
	}
	m.Leave = briefings.LeaveByOrganizer
	if got := names(m, *seat); got != "org " {
		t.Errorf("where the organizer decides it is %q", got)
	}
}
