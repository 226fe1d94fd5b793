package briefings

import (
	"math/rand/v2"
	"testing"
	"time"
)

// Whatever is answered and done at the doors, the equation of the roll holds for the whole, every venue and every unit, and their
// sums agree.
func TestTheRollBalancesWhateverHappens(t *testing.T) {
	r := smallRoster()
	rng := rand.New(rand.NewPCG(7, 11))
	for range 300 {
		m := openMeeting()
		var seats []Invitation
		for i, unit := range []UnitID{"T01", "X01", "X02", "X01C1", "X01C1", "gone"} {
			seats = append(seats, Invitation{Member: MemberID(rune('A' + i)), Unit: unit, Venue: m.VenueFor(unit, r.Tree())})
		}
		for range 40 {
			s := &seats[rng.IntN(len(seats))]
			now := early.Add(time.Duration(rng.IntN(100)) * time.Hour)
			switch rng.IntN(9) {
			case 0:
				_ = s.Accept(m, now)
			case 1:
				_ = s.Decline(m, WorkTrip, "", now)
			case 2:
				_ = s.Delegate(m, Deputy{Member: "Z", Name: "Z"}, now)
			case 3:
				_ = s.DeputyAnswers(m, "Z", rng.IntN(2) == 0)
			case 4:
				_ = m.OpenDoor(m.Venues[rng.IntN(2)].ID, "O", "1", "2", now)
			case 5:
				_ = s.Present(m, CheckIn{At: now, Venue: m.Venues[rng.IntN(2)].ID, Deputy: rng.IntN(3) == 0})
			case 6:
				_ = s.Absent(m, "O", now)
			case 7:
				_ = m.CloseVenue(m.Venues[rng.IntN(2)].ID, Closing{Headcount: 9, Guests: 2, At: now})
			}
			checkRoll(t, Count(m, seats, r.Tree(), now), m, len(seats))
		}
	}
}

func checkRoll(t fataler, roll Roll, m *Meeting, seats int) {
	t.Helper()
	var venues, units Tally
	var answers AnswerTally
	sum := func(into *Tally, row Tally) {
		if !row.Balanced() {
			t.Fatalf("row out of balance: %+v", row)
		}
		into.Invited += row.Invited
		into.Present += row.Present
		into.Represented += row.Represented
		into.Excused += row.Excused
		into.Unexcused += row.Unexcused
		into.Pending += row.Pending
		into.Waiting += row.Waiting
	}
	guests := 0
	for _, v := range roll.Venues {
		sum(&venues, v.Tally)
		guests += v.Guests
	}
	for _, u := range roll.Units {
		sum(&units, u.Tally)
		answers.Accepted += u.Answers.Accepted
		answers.Declined += u.Answers.Declined
		answers.Delegated += u.Answers.Delegated
		answers.None += u.Answers.None
	}
	switch {
	case !roll.Total.Balanced() || roll.Total.Invited != seats:
		t.Fatalf("total out of balance: %+v", roll.Total)
	case venues != roll.Total || units != roll.Total:
		t.Fatalf("venues %+v, units %+v, total %+v", venues, units, roll.Total)
	case answers != roll.Answers || answers.Accepted+answers.Declined+answers.Delegated+answers.None != seats:
		t.Fatalf("answers %+v, of units %+v", roll.Answers, answers)
	case guests != roll.Guests:
		t.Fatalf("guests %d, of venues %d", roll.Guests, guests)
	case m.Status == MeetingClosed && roll.Total.Pending != 0, m.Status != MeetingClosed && roll.Total.Unexcused != 0:
		t.Fatalf("%s: %+v", m.Status, roll.Total)
	}
}

func TestTheRateIsRoundedHalfUpAndAbsentWithoutInvitations(t *testing.T) {
	for _, c := range []struct{ n, of, want int }{
		{47, 53, 887}, {2909, 3044, 956}, {35599, 35900, 992}, {1, 2000, 1}, {1, 2001, 0}, {0, 5, 0}, {5, 5, 1000}, {0, 0, -1},
	} {
		if got := PerMille(c.n, c.of); got != c.want {
			t.Errorf("%d of %d: %d, want %d", c.n, c.of, got, c.want)
		}
	}
}

func TestLateIsAMatterOfTheMinuteNotOfPresence(t *testing.T) {
	m, r := openMeeting(), smallRoster()
	seats := []Invitation{
		{Unit: "T01", Venue: "v1", CheckIn: &CheckIn{At: m.Late().Add(-time.Second)}},
		{Unit: "T01", Venue: "v1", CheckIn: &CheckIn{At: m.Late()}},
	}
	roll := Count(m, seats, r.Tree(), start)
	if roll.Late != 1 || roll.Total.Present != 2 || roll.Venues[0].Late != 1 {
		t.Errorf("%+v", roll)
	}
}

func TestAPeriodIsItsDays(t *testing.T) {
	for text, want := range map[string][2]string{
		"2026":    {"2026-01-01", "2027-01-01"},
		"2026-H1": {"2026-01-01", "2026-07-01"},
		"2026-H2": {"2026-07-01", "2027-01-01"},
		"2026-Q4": {"2026-10-01", "2027-01-01"},
		"2026-11": {"2026-11-01", "2026-12-01"},
		"Q4/2026": {"2026-10-01", "2027-01-01"},
		"h1/2026": {"2026-01-01", "2026-07-01"},
		"3/2026":  {"2026-03-01", "2026-04-01"},
	} {
		p, err := ParsePeriod(text)
		if err != nil {
			t.Fatal(err)
		}
		from, to, err := p.Days(zone)
		if err != nil || from.Format(time.DateOnly) != want[0] || to.Format(time.DateOnly) != want[1] {
			t.Errorf("%s: %s to %s, %v", text, from, to, err)
		}
	}
	for _, text := range []string{"", "26", "2026-Q5", "2026-13", "2026-H3", "2026-1", "2026-11-23", "Q5/2026", "13/2026", "0/2026"} {
		_, err := ParsePeriod(text)
		refusedAs(t, err, "form.bad_period")
	}
}

func TestQuietHoursSpanMidnight(t *testing.T) {
	q := QuietHours{From: 21 * 60, To: 6 * 60}
	at := func(h, m int) time.Time { return time.Date(2026, 12, 3, h, m, 0, 0, zone) }
	for _, c := range []struct {
		t     time.Time
		quiet bool
		end   time.Time
	}{
		{at(20, 59), false, at(20, 59)},
		{at(21, 0), true, at(30, 0)},
		{at(23, 30), true, at(30, 0)},
		{at(0, 0), true, at(6, 0)},
		{at(5, 59), true, at(6, 0)},
		{at(6, 0), false, at(6, 0)},
	} {
		if q.Quiet(c.t) != c.quiet || !q.End(c.t).Equal(c.end) {
			t.Errorf("%s: quiet %v until %s", c.t, q.Quiet(c.t), q.End(c.t))
		}
	}
	if (QuietHours{}).Quiet(at(0, 0)) {
		t.Error("no quiet hours are quiet")
	}
}

// fataler is a test, of the ordinary sort or a property's.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}
