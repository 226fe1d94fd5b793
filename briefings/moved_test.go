package briefings

import (
	"testing"
	"time"
)

// gathered is a meeting that one came to, and one walked in, when it was moved.
func gathered(t *testing.T) (*Meeting, *Invitation) {
	t.Helper()
	m := openMeeting()
	m.Invites = start.AddDate(0, 0, -3)
	refusedAs(t, m.OpenDoor("v2", "O", "123456", "secret", start.Add(-time.Hour)), "")
	seat := &Invitation{Meeting: "m1", Member: "A", Venue: "v1"}
	refusedAs(t, seat.Accept(m, start.AddDate(0, 0, -2)), "")
	refusedAs(t, seat.Present(m, CheckIn{At: start.Add(-30 * time.Minute), Venue: "v2", Method: ByPIN}), "")
	refusedAs(t, m.WalkIn("v2", WalkIn{Member: "B", At: start.Add(-20 * time.Minute)}), "")
	refusedAs(t, m.CountGuests("v2", 0, 3, "O", start.Add(-20*time.Minute)), "")
	return m, seat
}

func TestNobodyIsPresentAtAMeetingOfAnotherDay(t *testing.T) {
	m, seat := gathered(t)
	moved := start.Add(-10 * time.Minute)
	refusedAs(t, m.Reschedule(start.AddDate(0, 0, 2), time.Time{}, Why{}, moved), "")
	if v, how := m.DoorByCode("123456", "v2", moved); v != nil {
		t.Errorf("two days ahead the door is open by %s", how)
	}
	c := m.Moved()
	if !c.Asks(seat) {
		t.Error("who was there is not asked for the new day")
	}
	refusedAs(t, seat.AskAgain(c), "")
	roll := Count(m, []Invitation{*seat}, TreeAt(nil, start), moved)
	if seat.CheckIn != nil || seat.Venue != "v1" || seat.Standing() != NoAnswer || roll.WalkIns != 0 || roll.Guests != 0 || roll.Total.Present != 0 {
		t.Errorf("the seat is %+v, the roll %+v", seat, roll)
	}
	refusedAs(t, m.OpenDoor("v2", "O", "654321", "other", m.Starts.Add(-time.Hour)), "")
	refusedAs(t, seat.Present(m, CheckIn{At: m.Starts, Venue: "v1", Method: ByOfficer}), "")
	if c.Voids(seat) || c.Asks(seat) {
		t.Error("who came on the new day has to come once more")
	}
}

func TestADelayWithinTheDaySendsNobodyHome(t *testing.T) {
	m, seat := gathered(t)
	refusedAs(t, m.Reschedule(start.Add(4*time.Hour), time.Time{}, Why{}, start.Add(-10*time.Minute)), "")
	if c := m.Moved(); c.Voids(seat) || c.Asks(seat) || m.Venue("v2").Door == nil || m.WalkedIn("B") == "" {
		t.Errorf("%+v shuts the door", c)
	}
}

func TestWhoWasThereBeforeAMeetingWasPutOffComesAnewOnTheNewDay(t *testing.T) {
	m, seat := gathered(t)
	refusedAs(t, m.Postpone(Why{}, start.Add(10*time.Minute)), "")
	next := start.AddDate(0, 0, 1)
	refusedAs(t, m.Reschedule(next, next.Add(2*time.Hour), Why{}, next.Add(-time.Hour)), "") // the window of the new day has begun
	if c := m.Moved(); !c.Voids(seat) || m.Venue("v2").Door != nil || m.WalkedIn("B") != "" || m.Venue("v2").Guests != 0 {
		t.Errorf("%+v takes yesterday's people for today's", c)
	}
}

func TestADelayPastMidnightSendsNobodyHome(t *testing.T) {
	m, seat := gathered(t)
	m.Starts = time.Date(start.Year(), start.Month(), start.Day(), 23, 0, 0, 0, start.Location())
	m.Ends, m.Deadline = time.Time{}, time.Time{}
	refusedAs(t, m.Reschedule(m.Starts.Add(90*time.Minute), time.Time{}, Why{}, m.Starts.Add(-10*time.Minute)), "")
	if c := m.Moved(); c.Voids(seat) || m.Venue("v2").Door == nil {
		t.Errorf("%+v shuts the door", c)
	}
}

func TestWhatTookPlaceIsNotMoved(t *testing.T) {
	m, _ := gathered(t)
	refusedAs(t, m.CloseVenue("v2", Closing{Headcount: 5, Guests: 4, At: start.Add(time.Hour)}), "")
	refusedAs(t, m.Reschedule(start.AddDate(0, 0, 2), time.Time{}, Why{}, start.Add(time.Hour)), "checkin.venue_closed")
	refusedAs(t, m.Reopen("v2", "O", "Một người ký sau", start.Add(2*time.Hour)), "")
	refusedAs(t, m.Reschedule(start.AddDate(0, 0, 2), time.Time{}, Why{}, start.Add(2*time.Hour)), "checkin.venue_closed")
}
