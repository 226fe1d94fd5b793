package briefings

import (
	"errors"
	"testing"
	"time"
)

func TestAWalkInIsNotedOnceAndTakenBack(t *testing.T) {
	m := openMeeting()
	in := func(v VenueID, at time.Time) error { return m.WalkIn(v, WalkIn{Member: "D1", At: at, By: "O"}) }
	refusedAs(t, in("v1", start.Add(-48*time.Hour)), "checkin.window")
	refusedAs(t, in("v1", start), "") // no door needs to be open
	refusedAs(t, in("v2", start), "walkin.already")
	if m.WalkedIn("D1") != "v1" || m.WalkedIn("D2") != "" {
		t.Error("nobody knows where the walk-in is")
	}
	if err := m.WalkOut("v2", "D1", "O", start); !errors.Is(err, ErrUnchanged) {
		t.Errorf("taken back where it is not: %v", err)
	}
	refusedAs(t, m.WalkOut("v1", "D1", "O", start), "")
	refusedAs(t, in("v2", start), "")
	refusedAs(t, m.CountGuests("v2", 0, -1, "O", start), "close.bad_numbers")
	refusedAs(t, m.CountGuests("v2", 0, 3, "O", start), "")
	roll := Count(m, nil, TreeAt(nil, start), start)
	if roll.WalkIns != 1 || roll.Guests != 4 || roll.Total.Invited != 0 {
		t.Errorf("counted %+v", roll)
	}
}

func TestTwoWhoCountGuestsOverwriteNothing(t *testing.T) {
	m := openMeeting()
	count := func(was, n int, by MemberID) error { return m.CountGuests("v1", was, n, by, start) }
	refusedAs(t, count(0, 1, "A"), "")
	if err := count(0, 1, "A"); !errors.Is(err, ErrUnchanged) {
		t.Errorf("the same press twice: %v", err)
	}
	refusedAs(t, count(0, 1, "B"), "list.guests_moved") // another guest, seen by somebody whose screen is older
	refusedAs(t, count(1, 2, "B"), "")
	refusedAs(t, count(2, 12, "A"), "")
	refusedAs(t, count(2, 1, "B"), "list.guests_moved")
	if n := m.Venue("v1").Guests; n != 12 {
		t.Errorf("%d guests, want 12", n)
	}
}

func TestAPassServesOnePersonForOneDay(t *testing.T) {
	m := openMeeting()
	refusedAs(t, m.Pass("v1", "O", "tok", start.Add(-time.Hour)), "")
	use := func(who MemberID, at time.Time) string {
		_, err := m.UsePass("tok", who, at)
		if r := AsRefusal(err); r != nil {
			return r.Key
		}
		if err != nil && !errors.Is(err, ErrUnchanged) {
			return err.Error()
		}
		return ""
	}
	for _, c := range []struct {
		who  MemberID
		at   time.Time
		want string
	}{{"H1", start, ""}, {"H1", start, ""}, {"H2", start, "pass.used"}, {"H1", start.Add(10 * time.Hour), "pass.over"}} {
		if got := use(c.who, c.at); got != c.want {
			t.Errorf("%s at %s: %q, want %q", c.who, c.at, got, c.want)
		}
	}
	v := m.Venue("v1")
	if !v.Helps("H1", start) || v.Helps("H2", start) || v.Helps("", start) || v.Helps("H1", start.Add(10*time.Hour)) || m.Venue("v2").Helps("H1", start) {
		t.Error("the pass makes the wrong people helpers")
	}
	if _, err := m.UsePass("", "H3", start); AsRefusal(err) == nil {
		t.Error("an empty pass is taken")
	}
	refusedAs(t, m.Pass("v1", "O", "late", start.Add(12*time.Hour)), "checkin.meeting_closed")
	refusedAs(t, m.CloseVenue("v1", Closing{At: start}), "")
	refusedAs(t, m.Pass("v1", "O", "closed", start), "checkin.venue_closed")
	if got := use("H2", start); got != "pass.closed" {
		t.Errorf("a pass of a venue that closed: %q", got)
	}
}

func TestAPassGoesWithTheMeetingAndIsTakenBack(t *testing.T) {
	m := openMeeting()
	refusedAs(t, m.Pass("v1", "O", "token-of-one", start.Add(-time.Hour)), "")
	if _, err := m.UsePass("token-of-one", "H1", start.Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	for _, to := range []time.Time{start.AddDate(0, 0, 3), start.AddDate(0, 0, 1)} {
		refusedAs(t, m.Reschedule(to, time.Time{}, Why{}, start.Add(-time.Hour)), "")
		v := m.Venue("v1")
		if !v.Helps("H1", to) || v.Helps("H1", to.AddDate(0, 0, 1)) {
			t.Errorf("moved to %s the pass holds until %s", to, v.Helpers[0].Until)
		}
	}
	if v := m.PassFor("token-of-one"); v == nil || v.ID != "v1" || m.PassFor("") != nil || m.PassFor("token-of-two") != nil {
		t.Errorf("the pass is for %v", v)
	}
	mark := m.Venue("v1").Helpers[0].Mark()
	refusedAs(t, m.Unpass("v9", mark), "err.expired")
	refusedAs(t, m.Unpass("v1", mark), "")
	if err := m.Unpass("v1", mark); !errors.Is(err, ErrUnchanged) {
		t.Errorf("taken back twice: %v", err)
	}
	if m.Venue("v1").Helps("H1", start) {
		t.Error("who has no pass any more still helps")
	}
	if _, err := m.UsePass("token-of-one", "H1", start); AsRefusal(err) == nil {
		t.Error("a pass that was taken back is taken")
	}
}

func TestAPhotographIsKeptOnceAndNotWithoutEnd(t *testing.T) {
	m := openMeeting()
	refusedAs(t, m.Keep("v1", Proof{File: "f"}), "")
	if err := m.Keep("v1", Proof{File: "f"}); !errors.Is(err, ErrUnchanged) {
		t.Errorf("kept twice: %v", err)
	}
	for n := range ProofsLimit - 1 {
		refusedAs(t, m.Keep("v1", Proof{File: decimal(n)}), "")
	}
	refusedAs(t, m.Keep("v1", Proof{File: "one more"}), "paper.too_many_photos")
}

func TestWhatIsWrittenDownAfterwardsCountsFromTheStart(t *testing.T) {
	m := openMeeting()
	by := func(how Method, at time.Time) CheckIn {
		return m.ByHand(CheckIn{Venue: "v1", Method: how, By: "O"}, at)
	}
	late := start.Add(40 * time.Minute)
	if c := by(ByOfficer, late); !c.At.Equal(late) || !c.Entered.IsZero() {
		t.Errorf("at the door: %+v", c)
	}
	if c := by(FromPaper, late); !c.At.Equal(start) || !c.Entered.Equal(late) {
		t.Errorf("from paper: %+v", c)
	}
	if c := by(FromPaper, start.Add(-time.Minute)); !c.Entered.IsZero() {
		t.Errorf("from paper before the start: %+v", c)
	}
	next := start.Add(20 * time.Hour)
	if c := by(ByOfficer, next); !c.At.Equal(start) || !c.Entered.Equal(next) {
		t.Errorf("the day after: %+v", c)
	}
}

func TestARollIsOpenedAgainWithAReasonAndInTime(t *testing.T) {
	m, seat := openMeeting(), &Invitation{Member: "M1", Venue: "v2"}
	refusedAs(t, m.Reopen("v1", "O", "why", start), "reopen.not_closed")
	for _, v := range []VenueID{"v1", "v2"} {
		refusedAs(t, m.OpenDoor(v, "O", "111111", "secret", start), "")
		refusedAs(t, m.CloseVenue(v, Closing{Headcount: 4, Guests: 1, At: start.Add(2 * time.Hour)}), "")
	}
	later := start.Add(24 * time.Hour)
	refusedAs(t, m.Reopen("v2", "O", "  ", later), "reopen.ask_reason")
	refusedAs(t, m.Reopen("v2", "O", "sót", m.Held().Add(ReopenWithin+time.Hour)), "reopen.too_late")
	refusedAs(t, m.Reopen("v2", "O", "sót một người", later), "")
	if m.Status != MeetingOpen || !m.ClosedAt.IsZero() || m.Venue("v1").Closing == nil {
		t.Fatalf("the meeting is %s", m.Status)
	}
	if v, _ := m.DoorByCode("111111", "v2", start.Add(2*time.Hour)); v != nil {
		t.Error("a venue that was closed takes codes")
	}
	refusedAs(t, seat.Present(m, m.ByHand(CheckIn{Venue: "v2", Method: ByOfficer, By: "O"}, later)), "")
	refusedAs(t, m.CloseVenue("v2", Closing{Headcount: 5, Guests: 1, By: "O", At: later}), "")
	list := Amendments(m, []Invitation{*seat})
	if len(list) != 3 || list[0].What != AmendedOpen || list[0].Reason != "sót một người" {
		t.Fatalf("listed %+v", list)
	}
	for _, a := range list[1:] {
		seatMoved := a.What == AmendedSeat && a.Was == string(AttendUnexcused) && a.Is == string(AttendPresent) && a.Member == "M1"
		headsMoved := a.What == AmendedHeads && a.Was == "4" && a.Is == "5"
		if a.By != "O" || !a.At.Equal(later) || !seatMoved && !headsMoved {
			t.Errorf("listed %+v", a)
		}
	}
}
