package briefings

import (
	"testing"
	"time"
)

// openDoors is a meeting of two venues whose doors are open from an hour before the start.
func openDoors(t *testing.T) *Meeting {
	t.Helper()
	m := openMeeting()
	refusedAs(t, m.OpenDoor("v1", "M9", "111111", "first secret", start.Add(-time.Hour)), "")
	refusedAs(t, m.OpenDoor("v2", "M9", "222222", "second secret", start.Add(-time.Hour)), "")
	return m
}

func TestACodeIsTakenForItsStepAndItsGrace(t *testing.T) {
	m := openDoors(t)
	step := start.Truncate(CodeStep)
	screen, open := m.Screen("v1", step)
	if !open || !screen.Until.Equal(step.Add(CodeStep)) || len(screen.Code) != 6 {
		t.Fatalf("screen %+v, open %v", screen, open)
	}
	for _, c := range []struct {
		at   time.Duration
		want bool
	}{{0, true}, {CodeStep, true}, {CodeStep + CodeGrace - time.Second, true}, {CodeStep + CodeGrace, false}, {-time.Minute, false}, {time.Hour, false}} {
		v, how := m.DoorByCode(screen.Code, "v1", step.Add(c.at))
		if got := v != nil; got != c.want || got && (v.ID != "v1" || how != ByCode) {
			t.Errorf("%s after its step began the code opens: %v", c.at, got)
		}
		if got := m.DoorByToken(screen.Token, step.Add(c.at)) != nil; got != c.want {
			t.Errorf("%s after its step began the QR opens: %v", c.at, got)
		}
	}
}

func TestThePINNeverTurns(t *testing.T) {
	m := openDoors(t)
	for _, after := range []time.Duration{0, time.Minute, time.Hour} {
		if v, how := m.DoorByCode("222222", "v1", start.Add(after)); v == nil || v.ID != "v2" || how != ByPIN {
			t.Errorf("after %s the PIN opens %+v by %s", after, v, how)
		}
	}
}

func TestScreensOfDoorsAndStepsDiffer(t *testing.T) {
	m := openDoors(t)
	seen := map[string]bool{}
	for n := range 40 {
		for _, id := range []VenueID{"v1", "v2"} {
			screen, _ := m.Screen(id, start.Add(time.Duration(n)*CodeStep))
			if seen[screen.Token] {
				t.Fatalf("step %d of %s shows a token again", n, id)
			}
			seen[screen.Token] = true
		}
	}
	other := openDoors(t)
	other.ID = "another"
	mine, _ := m.Screen("v1", start)
	if theirs, _ := other.Screen("v1", start); mine.Token == theirs.Token || other.DoorByToken(mine.Token, start) != nil {
		t.Error("another meeting's door takes the token")
	}
}

func TestNothingOpensADoorThatIsShut(t *testing.T) {
	m := openDoors(t)
	shut := func(why string, at time.Time) {
		t.Helper()
		screen, open := m.Screen("v1", at)
		byPIN, _ := m.DoorByCode("111111", "v1", at)
		if open || screen != (Screen{}) || byPIN != nil {
			t.Errorf("%s, and it opens", why)
		}
	}
	_, until := m.CheckInWindow()
	shut("the window has passed", until.Add(time.Second))
	refusedAs(t, m.CloseVenue("v1", Closing{Headcount: 1, At: start}), "")
	shut("the venue has closed", start)
	if m.DoorByToken("", start) != nil {
		t.Error("an empty token opens a door")
	}
	m = openMeeting()
	shut("nobody opened it", start)
	m.Venue("v1").Door = &Door{PIN: "333333"}
	if v, _ := m.DoorByCode("333333", "v1", start); v == nil {
		t.Error("a door without a secret does not take its PIN")
	}
	if _, open := m.Screen("v1", start); open {
		t.Error("a door without a secret has a screen")
	}
}

func TestATicketIsOnePersonsAtAnOpenDoor(t *testing.T) {
	m := openDoors(t)
	ticket := m.Ticket("v2", "M1", ByQR, start)
	if ticket == "" || !m.Honours(ticket, "v2", "M1", ByQR, start.Add(time.Hour)) {
		t.Fatalf("ticket %q is not honoured", ticket)
	}
	for what, honoured := range map[string]bool{
		"made up":          m.Honours("made up", "v2", "M1", ByQR, start),
		"none":             m.Honours("", "v2", "M1", ByQR, start),
		"somebody else's":  m.Honours(ticket, "v2", "M2", ByQR, start),
		"another venue's":  m.Honours(ticket, "v1", "M1", ByQR, start),
		"of another way":   m.Honours(ticket, "v2", "M1", ByCode, start),
		"no venue's":       m.Honours(ticket, "v9", "M1", ByQR, start),
		"after the window": m.Honours(ticket, "v2", "M1", ByQR, start.Add(48*time.Hour)),
	} {
		if honoured {
			t.Errorf("a ticket %s is honoured", what)
		}
	}
	m.Venue("v2").Door = nil
	if m.Honours("", "v2", "M1", ByQR, start) || m.Honours(ticket, "v2", "M1", ByQR, start) {
		t.Error("a ticket opens a door that is shut")
	}
}

func TestADoorThatClosedIsKnownByItsCodesAndOpensAnew(t *testing.T) {
	m := openDoors(t)
	screen, _ := m.Screen("v1", start)
	if m.ShutByCode("111111", start) != nil {
		t.Error("an open door is taken for one that closed")
	}
	refusedAs(t, m.CloseVenue("v1", Closing{Headcount: 1, At: start}), "")
	known := func(when string) {
		t.Helper()
		for _, shown := range []string{"111111", screen.Code, screen.Token} {
			if v := m.ShutByCode(shown, start); v == nil || v.ID != "v1" {
				t.Errorf("%s %q is of %+v", when, shown, v)
			}
		}
		for _, shown := range []string{"", "222222", "999999"} {
			if v := m.ShutByCode(shown, start); v != nil {
				t.Errorf("%s %q is of %s", when, shown, v.ID)
			}
		}
	}
	known("closed")
	refusedAs(t, m.OpenDoor("v1", "M9", "333333", "third secret", start), "checkin.venue_closed")
	refusedAs(t, m.Reopen("v1", "M9", "too early", start), "")
	known("opened again")
	if v, _ := m.DoorByCode("111111", "v1", start); v != nil {
		t.Error("opening a venue again opens its door with the old code")
	}
	refusedAs(t, m.OpenDoor("v1", "M9", "333333", "third secret", start), "")
	if v, _ := m.DoorByCode("333333", "v1", start); v == nil {
		t.Error("a door that is opened anew takes no code")
	}
	if v, _ := m.DoorByCode("111111", "v1", start); v != nil || m.ShutByCode("111111", start) != nil {
		t.Error("the old code is still good for something")
	}
	i := Invitation{Member: "M1", Venue: "v1"}
	refusedAs(t, i.Present(m, CheckIn{At: start, Venue: "v1", Method: ByPIN}), "")
	if len(i.Corrected) != 1 || i.Corrected[0].By != "M1" {
		t.Errorf("the trace of a check-in after the closing is %+v", i.Corrected)
	}
	_, until := m.CheckInWindow()
	if m.Shut(m.Venue("v1"), start) || m.ShutByCode("111111", until.Add(time.Second)) != nil {
		t.Error("a door is shut that is open, or for longer than its day")
	}
}
