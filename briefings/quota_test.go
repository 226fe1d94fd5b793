package briefings_test

import (
	"errors"
	"testing"

	"briefbot/briefings"
)

func TestAUnitNamesNoMoreThanItsQuota(t *testing.T) {
	m, _ := sitting(briefings.LeaveFree)
	m.Quotas = []briefings.Quota{{Unit: "C", Seats: 2}}
	refused(t, m.Nominate("X", []briefings.MemberID{"an"}, 0, "xa", called), "quota.none")
	refused(t, m.Nominate("C", []briefings.MemberID{"an", "binh", "chi"}, 0, "xa", called), "quota.too_many")
	if len(m.Quotas[0].Named) != 0 {
		t.Fatalf("a refused naming left %v", m.Quotas[0].Named)
	}
	ok(t, m.Nominate("C", []briefings.MemberID{"an"}, 0, "xa", called))
	if err := m.Nominate("C", []briefings.MemberID{"an"}, 0, "xa", called); !errors.Is(err, briefings.ErrUnchanged) {
		t.Errorf("the same naming again: %v", err)
	}
	ok(t, m.Nominate("C", []briefings.MemberID{"an", "binh"}, 0, "xa", called))
	refused(t, m.Nominate("C", []briefings.MemberID{"chi"}, 0, "xa", called), "quota.too_many")
	ok(t, m.Nominate("C", []briefings.MemberID{"chi"}, 1, "xa", called)) // one of the two asked leave
	refused(t, m.Nominate("C", []briefings.MemberID{"dung"}, 2, "xa", deadline), "rsvp.closed")
	if !m.Named("chi") || m.Named("dung") {
		t.Errorf("named are %v", m.Quotas[0].Named)
	}
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
