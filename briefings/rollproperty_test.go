package briefings

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// conference is a meeting with its seats, and beside them what a store holds over several seats: nobody sits twice.
type conference struct {
	m     *Meeting
	seats []Invitation
	tree  *Tree
	now   time.Time
}

// named are people on the roll who have no seat.
var named = []MemberID{"D1", "D2", "D3"}

func newConference() *conference {
	r := smallRoster()
	c := &conference{m: openMeeting(), tree: r.Tree(), now: early}
	c.m.Venues = append(c.m.Venues, Venue{ID: "v3", Name: Text{Vi: "Xã B"}, Units: []UnitID{"X02"}, Capacity: 2, Link: "https://meet.example.vn/b"})
	for i, unit := range []UnitID{"T01", "X01", "X02", "X02", "X02", "X01C1", "X01C1", "gone"} {
		c.seats = append(c.seats, Invitation{Member: MemberID(fmt.Sprint("M", i)), No: MemberNo(i + 1), Unit: unit, Venue: c.m.VenueFor(unit, c.tree)})
	}
	return c
}

// free reports whether somebody may sit on a seat as its deputy.
func (c *conference) free(deputy MemberID, seat *Invitation) bool {
	for i := range c.seats {
		s := &c.seats[i]
		if s == seat {
			continue
		}
		if d := s.Answer.Deputy; d != nil && d.Member == deputy && d.State != DeputyRefused {
			return false
		}
	}
	return true
}

// act does one thing that people do on such a day; what the rules refuse changes nothing, and that is checked as well.
func (c *conference) act(t *rapid.T) {
	s := &c.seats[rapid.IntRange(0, len(c.seats)-1).Draw(t, "seat")]
	venue := rapid.SampledFrom([]VenueID{"v1", "v2", "v3"}).Draw(t, "venue")
	who := rapid.SampledFrom(named).Draw(t, "who")
	by := rapid.SampledFrom([]Method{ByCode, ByQR, ByPIN, ByOfficer, FromPaper}).Draw(t, "method")
	switch rapid.SampledFrom([]string{
		"accept", "accept", "online", "decline", "delegate", "deputy", "switch", "open", "come", "come", "come", "absent", "walk in", "walk out", "guests",
		"close", "close", "close", "reopen", "later", "cancel",
	}).Draw(t, "act") {
	case "accept":
		_ = s.Accept(c.m, c.now)
	case "online":
		_ = s.AcceptOnline(c.m, c.now)
	case "decline":
		_ = s.Decline(c.m, WorkTrip, "", c.now)
	case "delegate":
		if c.free(who, s) {
			_ = s.Delegate(c.m, Deputy{Member: who, Name: string(who)}, c.now)
		}
	case "deputy":
		_ = s.DeputyAnswers(c.m, who, rapid.Bool().Draw(t, "yes"))
	case "switch":
		_ = s.Switch(c.m, venue, c.now)
	case "open":
		_ = c.m.OpenDoor(venue, "O", "111111", "secret", c.now)
	case "come":
		_ = s.Present(c.m, CheckIn{At: c.now, Venue: venue, Method: by, Deputy: rapid.Bool().Draw(t, "deputy")})
	case "absent":
		_ = s.Absent(c.m, "O", c.now)
	case "walk in":
		if c.free(who, nil) {
			_ = c.m.WalkIn(venue, WalkIn{Member: who, At: c.now, By: "O"})
		}
	case "walk out":
		_ = c.m.WalkOut(venue, who, "O", c.now)
	case "guests":
		_ = c.m.CountGuests(venue, c.m.Venue(venue).Guests, rapid.IntRange(-1, 9).Draw(t, "guests"), "O", c.now)
	case "close":
		_ = c.m.CloseVenue(venue, Closing{Headcount: rapid.IntRange(0, 9).Draw(t, "heads"), Guests: rapid.IntRange(0, 9).Draw(t, "guests"), At: c.now})
	case "reopen":
		_ = c.m.Reopen(venue, "O", rapid.SampledFrom([]string{"", "nhập sót"}).Draw(t, "reason"), c.now)
	case "later":
		c.now = c.now.Add(time.Duration(rapid.IntRange(1, 30).Draw(t, "hours")) * time.Hour)
	case "cancel":
		if rapid.IntRange(0, 30).Draw(t, "cancels") == 0 && c.m.Status == MeetingOpen {
			c.m.Status = MeetingCancelled
		}
	}
}

// Whatever order answers, deputies, switches, check-ins, corrections and closings come in, the equation of the roll holds for the
// whole, every venue and every unit, their sums agree, and a person is counted once.
func TestTheRollHoldsInWhateverOrderThingsHappen(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		c := newConference()
		for range rapid.IntRange(1, 60).Draw(r, "acts") {
			c.act(r)
			roll := Count(c.m, c.seats, c.tree, c.now)
			checkRoll(r, roll, c.m, len(c.seats))
			c.checkOnce(r, roll)
			c.checkWaiting(r, roll)
		}
	})
}

// checkOnce holds that no person is counted twice, and that what changed late is logged.
func (c *conference) checkOnce(t *rapid.T, roll Roll) {
	counted := map[MemberID]int{}
	checkedIn, amended := 0, 0
	for i := range c.seats {
		s := &c.seats[i]
		if s.CheckIn != nil {
			checkedIn++
			counted[s.Here()]++
			if s.Venue != s.CheckIn.Venue {
				t.Fatalf("%s is at %s and counted at %s", s.Member, s.CheckIn.Venue, s.Venue)
			}
		}
		amended += len(s.Corrected)
	}
	inVenues, reopened := 0, 0
	for _, v := range roll.Venues {
		inVenues += v.CheckedIn
	}
	for _, v := range c.m.Venues {
		amended += len(v.Amended)
		reopened += len(v.Earlier)
		for _, w := range v.WalkIns {
			if counted[w.Member] == 0 { // somebody who came on a seat after all is no walk-in any more
				counted[w.Member]++
			}
		}
	}
	delete(counted, "")
	for who, n := range counted {
		if n > 1 {
			t.Fatalf("%s is counted %d times", who, n)
		}
	}
	switch {
	case roll.Total.Attended() != checkedIn || inVenues != checkedIn:
		t.Fatalf("%d checked in, of venues %d, attended %d", checkedIn, inVenues, roll.Total.Attended())
	case len(counted) < roll.WalkIns:
		t.Fatalf("%d walk-ins among %d people", roll.WalkIns, len(counted))
	case amended > 0 && reopened == 0:
		t.Fatalf("%d late changes of a roll that was never closed", amended)
	case len(Amendments(c.m, c.seats)) < amended+reopened:
		t.Fatalf("%d late changes and %d reopenings, listed %d", amended, reopened, len(Amendments(c.m, c.seats)))
	}
}

// checkWaiting holds that places are given out to the last one and to nobody twice, that nobody waits who is there, and that those who
// wait are as many in the whole, over the venues, over the units and in the queues themselves.
func (c *conference) checkWaiting(t *rapid.T, roll Roll) {
	waits := c.m.Waits(c.seats)
	for _, v := range roll.Venues {
		capacity := c.m.Venue(v.ID).Capacity
		inside, waiting := c.m.Places(c.seats, v.ID)
		there := 0
		for i := range c.seats {
			if s := &c.seats[i]; s.Venue == v.ID && s.CheckIn != nil {
				there++
				if waits[s.Member] > 0 {
					t.Fatalf("%s is at %s and waits for a place", s.Member, v.ID)
				}
			}
		}
		if capacity > 0 && len(inside) > max(capacity, there) || len(waiting) > 0 && len(inside) < capacity || capacity == 0 && len(waiting) > 0 {
			t.Fatalf("%s has %d places, %d are there: %v inside, %v waiting", v.ID, capacity, there, inside, waiting)
		}
		for i, who := range waiting {
			if waits[who] != i+1 {
				t.Fatalf("%s waits at %s in place %d, and in place %d by the other way of asking", who, v.ID, i+1, waits[who])
			}
		}
		if v.Waiting != len(waiting) || v.Waiting > v.Accepted {
			t.Fatalf("%s: %d wait of %d who come, the queue is %v", v.ID, v.Waiting, v.Accepted, waiting)
		}
	}
	coming := roll.Answers.Accepted + roll.Answers.Delegated
	if roll.Total.Waiting != len(waits) || roll.Total.Waiting > coming {
		t.Fatalf("%d wait of %d who come, in the queues are %v", roll.Total.Waiting, coming, waits)
	}
}

// A roll that was closed moves only by an amendment that says who, when and what.
func TestAfterTheClosingNothingMovesWithoutATrace(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		c := newConference()
		for range rapid.IntRange(10, 40).Draw(r, "acts") {
			c.act(r)
		}
		if c.m.Status == MeetingCancelled {
			return
		}
		c.now = start.Add(3 * time.Hour)
		for _, v := range c.m.Venues {
			_ = c.m.CloseVenue(v.ID, Closing{Headcount: 5, At: c.now})
		}
		if c.m.Status != MeetingClosed {
			r.Fatalf("all venues closed, the meeting is %s", c.m.Status)
		}
		where := map[MemberID]Attendance{}
		for i := range c.seats {
			where[c.seats[i].Member] = c.seats[i].judged(true)
		}
		for range rapid.IntRange(1, 30).Draw(r, "late acts") {
			c.act(r)
		}
		for i := range c.seats {
			s := &c.seats[i]
			if now := s.judged(true); now != where[s.Member] {
				last := Amendment{}
				if n := len(s.Corrected); n > 0 {
					last = s.Corrected[n-1]
				}
				if last.Is != string(now) || last.At.IsZero() {
					r.Fatalf("%s was %s and is %s, the last amendment says %+v", s.Member, where[s.Member], now, last)
				}
			}
		}
	})
}
