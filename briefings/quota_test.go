package briefings_test

import (
	"errors"
	"slices"
	"testing"

	"briefbot/briefings"
)

func TestAUnitNamesNoMoreThanItsQuota(t *testing.T) {
	m, _ := sitting(briefings.LeaveFree)
	m.Quotas = []briefings.Quota{{Unit: "C", Seats: 2}}
	refused(t, m.Nominate("X", []briefings.MemberID{"an"}, nil, "xa", called), "quota.none")
	refused(t, m.Nominate("C", []briefings.MemberID{"an", "binh", "chi"}, nil, "xa", called), "quota.too_many")
	if len(m.Quotas[0].Named) != 0 {
		t.Fatalf("a refused naming left %v", m.Quotas[0].Named)
	}
	ok(t, m.Nominate("C", []briefings.MemberID{"an"}, nil, "xa", called))
	if err := m.Nominate("C", []briefings.MemberID{"an"}, nil, "xa", called); !errors.Is(err, briefings.ErrUnchanged) {
		t.Errorf("the same naming again: %v", err)
	}
	ok(t, m.Nominate("C", []briefings.MemberID{"an", "binh"}, nil, "xa", called))
	refused(t, m.Nominate("C", []briefings.MemberID{"chi"}, nil, "xa", called), "quota.too_many")
	ok(t, m.Nominate("C", []briefings.MemberID{"chi"}, []briefings.MemberID{"an"}, "xa", called)) // one of the two asked leave
	refused(t, m.Nominate("C", []briefings.MemberID{"dung"}, []briefings.MemberID{"an", "binh"}, "xa", deadline), "rsvp.closed")
	if !m.Named("chi") || m.Named("dung") {
		t.Errorf("named are %v", m.Quotas[0].Named)
	}
}

func TestAPlaceThatWasGivenAwayIsNotTakenUpAgain(t *testing.T) {
	m, seat := sitting(briefings.LeaveByOrganizer)
	roster := briefings.NewRoster(nil, []briefings.Member{
		{ID: "an", No: 1, Status: briefings.Active}, {ID: "binh", No: 2, Status: briefings.Active}, {ID: "chi", No: 3, Status: briefings.Left},
	}, nil, nil, called)
	m.Quotas = []briefings.Quota{{Unit: "C", Seats: 2}, {Unit: "X", Seats: 1}}
	q := m.Quota("C")
	gone := func() []briefings.MemberID { return q.Gone([]briefings.Invitation{*seat}, roster) }
	ok(t, m.Nominate("C", []briefings.MemberID{"an", "an", "chi"}, nil, "xa", called))
	if len(q.Named) != 2 {
		t.Fatalf("named are %v", q.Named)
	}
	if err := m.Nominate("X", []briefings.MemberID{"an"}, nil, "xa", called); !errors.Is(err, briefings.ErrUnchanged) {
		t.Errorf("named by two units: %v", err)
	}
	ok(t, seat.Decline(m, briefings.WorkTrip, "", called))
	if got := gone(); !slices.Equal(got, []briefings.MemberID{"chi"}) {
		t.Errorf("gone are %q, want who left the roll and not whose leave waits", got)
	}
	ok(t, seat.Decide(m, "org", 1, true, called))
	ok(t, m.Nominate("C", []briefings.MemberID{"binh"}, gone(), "xa", called))
	if left := q.Left(gone()); left != 1 {
		t.Errorf("%d places are left, want the one of who left the roll", left)
	}
	ok(t, seat.Accept(m, called)) // one place is still free
	if left := q.Left(gone()); left != 0 {
		t.Errorf("%d places are left", left)
	}
	q.Named[0].Given = true
	seat.Answer = briefings.Answer{}
	refused(t, seat.Accept(m, called), "quota.given")
	ok(t, seat.Decline(m, briefings.WorkTrip, "", called))
}

func TestNobodysOwnWordIsOverwritten(t *testing.T) {
	m, seat := sitting(briefings.LeaveFree)
	refused(t, seat.InStead(m, "an", true, false, called), "stead.own")
	ok(t, seat.InStead(m, "xa", true, false, called))
	if seat.Standing() != briefings.Accepted || seat.Answer.By != "xa" {
		t.Errorf("stands %+v", seat.Answer)
	}
	refused(t, seat.InStead(m, "xa", false, false, called), "stead.answered")
	ok(t, seat.Decline(m, briefings.WorkTrip, "", called)) // the person themselves may
	if seat.Answer.By != "" {
		t.Errorf("the own word is said to be %q's", seat.Answer.By)
	}
}

func TestLeaveInSteadIsApprovedOnlyByWhoeverMay(t *testing.T) {
	for _, decides := range []bool{false, true} {
		m, seat := sitting(briefings.LeaveByOrganizer)
		ok(t, seat.InStead(m, "xa", false, decides, called))
		if seat.Answer.Excused() != decides || (seat.Request != nil) == decides {
			t.Errorf("decided by whoever answers %t: %+v, request %v", decides, seat.Answer, seat.Request)
		}
	}
}
