package briefings

import (
	"errors"
	"slices"
	"testing"
	"time"
)

func TestPlacesGoToThoseWhoAskedFirst(t *testing.T) {
	m := openMeeting()
	m.Venue("v1").Capacity = 2
	seats := make([]Invitation, 5)
	for i := range seats {
		seats[i] = Invitation{Member: MemberID(rune('A' + i)), No: MemberNo(i + 1), Venue: "v1"}
	}
	accept := func(i int, after time.Duration) { refusedAs(t, seats[i].Accept(m, early.Add(after)), "") }
	accept(2, 0)
	accept(0, time.Minute)
	accept(1, 2*time.Minute)
	want := func(inside, waiting string) {
		t.Helper()
		in, out := m.Places(seats, "v1")
		join := func(ids []MemberID) (s string) {
			for _, id := range ids {
				s += string(id)
			}
			return s
		}
		if join(in) != inside || join(out) != waiting {
			t.Errorf("inside %v, waiting %v; want %s, %s", in, out, inside, waiting)
		}
	}
	want("CA", "B")
	refusedAs(t, seats[3].Decline(m, WorkTrip, "", early), "")
	want("CA", "B") // who asks leave takes no place
	refusedAs(t, seats[2].Decline(m, WorkTrip, "", early.Add(30*time.Minute)), "")
	want("AB", "")
	m.Venue("v2").Link = "https://meet.example.vn/x"
	m.Venue("v1").Link = "https://meet.example.vn/y"
	refusedAs(t, seats[4].AcceptOnline(m, early), "")
	want("AB", "") // who joins by the link needs no chair
	refusedAs(t, m.OpenDoor("v1", "O", "111111", "s", start), "")
	refusedAs(t, seats[3].Present(m, CheckIn{At: start, Venue: "v1", Method: ByCode}), "")
	want("DA", "B")                 // who is there is there
	for _, i := range []int{0, 1} { // more came than there are chairs: nobody who is there waits for one
		refusedAs(t, seats[i].Present(m, CheckIn{At: start, Venue: "v1", Method: ByCode}), "")
	}
	want("ABD", "")
}

func TestEverybodyInAQueueKnowsTheirPlaceInIt(t *testing.T) {
	m := openMeeting()
	m.Venue("v1").Capacity, m.Venue("v2").Capacity = 1, 1
	var seats []Invitation
	for i, at := range []VenueID{"v1", "v2", "v1", "v2", "v1", "gone"} {
		s := Invitation{Member: MemberID(rune('A' + i)), No: MemberNo(i + 1), Venue: at}
		refusedAs(t, s.Accept(m, early.Add(time.Duration(i)*time.Minute)), "")
		seats = append(seats, s)
	}
	if got := m.Waits(seats); len(got) != 3 || got["C"] != 1 || got["E"] != 2 || got["D"] != 1 {
		t.Errorf("places in the queues: %v", got)
	}
	m.Venue("v1").Capacity, m.Venue("v2").Capacity = 0, 0
	if got := m.Waits(seats); len(got) != 0 {
		t.Errorf("without a limit wait %v", got)
	}
}

func TestADeputySitsOnTheChairThatWasAskedFor(t *testing.T) {
	m := openMeeting()
	m.Deputies = true
	m.Venue("v1").Capacity, m.Venue("v1").Link = 1, "https://meet.example.vn/x"
	seats := []Invitation{{Member: "A", No: 1, Venue: "v1"}, {Member: "B", No: 2, Venue: "v1"}}
	now := early
	at := func() time.Time { now = now.Add(time.Minute); return now }
	has := func(who MemberID, when string) {
		t.Helper()
		if in, out := m.Places(seats, "v1"); !slices.Equal(in, []MemberID{who}) || len(out) != 1 {
			t.Errorf("%s: inside %v, waiting %v; want %s inside", when, in, out, who)
		}
	}
	a := &seats[0]
	refusedAs(t, a.Accept(m, at()), "")
	refusedAs(t, seats[1].Accept(m, at()), "")
	has("A", "asked first")
	refusedAs(t, a.Delegate(m, Deputy{Member: "D", Name: "D"}, at()), "")
	has("A", "a deputy is asked")
	refusedAs(t, a.DeputyAnswers(m, "D", false), "")
	has("A", "the deputy refused")
	refusedAs(t, a.Delegate(m, Deputy{Name: "E"}, at()), "")
	has("A", "another deputy")
	refusedAs(t, a.Accept(m, at()), "")
	has("A", "comes after all")
	refusedAs(t, a.Decline(m, WorkTrip, "", at()), "")
	refusedAs(t, seats[0].Delegate(m, Deputy{Name: "E"}, at()), "")
	has("B", "asked leave in between")
	refusedAs(t, seats[1].AcceptOnline(m, at()), "")
	refusedAs(t, seats[1].Accept(m, at()), "")
	has("A", "joined by the link in between")
	m.Venue("v2").Capacity = 1
	refusedAs(t, a.Switch(m, "v2", at()), "")
	refusedAs(t, a.Switch(m, "v1", at()), "")
	has("B", "chose another venue in between")
}

func TestACardFollowsItsPlaceInTheQueueOnceInAWhile(t *testing.T) {
	m := openMeeting()
	s := Invitation{Member: "A", Venue: "v1"}
	refusedAs(t, s.Accept(m, early), "")
	if s.Requeues(1, early.Add(time.Hour)) {
		t.Error("who was told of no queue has no place in it")
	}
	refusedAs(t, s.ToldToWait(3, early), "")
	for _, c := range []struct {
		place int
		after time.Duration
		want  bool
	}{{3, time.Hour, false}, {2, RequeueEvery - time.Second, false}, {0, time.Hour, false}, {RequeueFirst + 1, time.Hour, false}, {2, RequeueEvery, true}} {
		if got := s.Requeues(c.place, early.Add(c.after)); got != c.want {
			t.Errorf("place %d after %s: %v", c.place, c.after, got)
		}
	}
	later := early.Add(RequeueEvery)
	refusedAs(t, s.Requeue(m, 2, later), "")
	if s.Stale == nil || s.Wait.Place != 2 || !s.AwaitsNews() {
		t.Errorf("the card goes on saying 3: %+v, %+v", s.Wait, s.Stale)
	}
	if !errors.Is(s.Requeue(m, 1, later.Add(RequeueEvery-time.Second)), ErrUnchanged) {
		t.Error("drawn twice within a minute")
	}
}

func TestWhoComesBackIntoAQueueIsToldAnew(t *testing.T) {
	m := openMeeting()
	s := Invitation{Member: "A", Venue: "v1"}
	refusedAs(t, s.Accept(m, early), "")
	refusedAs(t, s.ToldToWait(1, early), "")
	if !s.AwaitsNews() || !errors.Is(s.ToldToWait(1, early.Add(time.Minute)), ErrUnchanged) || s.Wait.Times != 1 {
		t.Fatalf("told once: %+v", s.Wait)
	}
	refusedAs(t, s.Decline(m, WorkTrip, "", early.Add(2*time.Minute)), "")
	if s.AwaitsNews() {
		t.Error("who asked leave waits for no place")
	}
	refusedAs(t, s.Accept(m, early.Add(3*time.Minute)), "")
	if s.AwaitsNews() {
		t.Error("whoever came back was not told yet that it is full again")
	}
	refusedAs(t, s.ToldToWait(1, early.Add(3*time.Minute)), "")
	if !s.AwaitsNews() || s.Wait.Times != 2 {
		t.Errorf("told again: %+v", s.Wait)
	}
	refusedAs(t, s.GivePlace(m, early.Add(4*time.Minute)), "")
	if s.Stale == nil || !s.Wait.Given || !errors.Is(s.GivePlace(m, early.Add(5*time.Minute)), ErrUnchanged) {
		t.Errorf("the card goes on saying that the seat waits: %+v, %+v", s.Wait, s.Stale)
	}
}

func TestASwitchMovesBothExpectedCountsAndGoesToTheEndOfTheQueue(t *testing.T) {
	m := openMeeting()
	m.Venue("v2").Capacity = 1
	seats := []Invitation{{Member: "A", No: 1, Venue: "v1"}, {Member: "B", No: 2, Venue: "v2"}}
	refusedAs(t, seats[0].Accept(m, early), "")
	refusedAs(t, seats[1].Accept(m, early.Add(time.Minute)), "")
	refusedAs(t, seats[0].Switch(m, "v2", early.Add(30*time.Minute)), "")
	if err := seats[0].Switch(m, "v2", early); !errors.Is(err, ErrUnchanged) {
		t.Errorf("switched twice: %v", err)
	}
	inside, waiting := m.Places(seats, "v2")
	if !slices.Equal(inside, []MemberID{"B"}) || !slices.Equal(waiting, []MemberID{"A"}) {
		t.Errorf("inside %v, waiting %v", inside, waiting)
	}
	roll := Count(m, seats, TreeAt(nil, start), start)
	if roll.Venues[0].Invited != 0 || roll.Venues[1].Invited != 2 {
		t.Errorf("expected %+v", roll.Venues)
	}
	refusedAs(t, seats[0].Switch(m, "v1", start), "venue.switch_over")
	refusedAs(t, seats[0].Switch(m, "nowhere", early), "err.expired")
}

func TestTheNearestVenueWithRoomServesTheClosestKin(t *testing.T) {
	tree := smallRoster().Tree()
	m := openMeeting()
	m.Venues = append(m.Venues, Venue{ID: "v3", Units: []UnitID{"X02"}}, Venue{ID: "v4", Units: []UnitID{"X01C1"}, Capacity: 1})
	full := []Invitation{{Member: "A", Venue: "v4", CheckIn: &CheckIn{Venue: "v4"}}}
	for _, c := range []struct {
		unit   UnitID
		except VenueID
		seats  []Invitation
		want   VenueID
	}{{"X01C1", "", nil, "v4"}, {"X01C1", "", full, "v2"}, {"X01C1", "v2", full, "v3"}, {"X02", "v3", nil, "v2"}, {"gone", "", nil, "v1"}} {
		if got := m.Nearest(c.seats, c.unit, tree, c.except); got != c.want {
			t.Errorf("nearest to %s but %q: %s, want %s", c.unit, c.except, got, c.want)
		}
	}
}

func TestALinkIsShownInItsHourToThoseWhoJoinByIt(t *testing.T) {
	m := openMeeting()
	m.Venue("v1").Link = "https://meet.example.vn/x"
	online, room := &Invitation{Member: "A", Venue: "v1"}, &Invitation{Member: "B", Venue: "v1"}
	refusedAs(t, online.AcceptOnline(m, early), "")
	refusedAs(t, room.Accept(m, early), "")
	for at, want := range map[time.Time]bool{
		start.Add(-LinkReveals - time.Second): false, start.Add(-LinkReveals): true, start: true, start.Add(5 * time.Hour): false,
	} {
		if m.ShowsLink(online, at) != want || m.ShowsLink(room, at) {
			t.Errorf("at %s the link is shown to those online: %v, in the room: %v", at, m.ShowsLink(online, at), m.ShowsLink(room, at))
		}
	}
	refusedAs(t, online.Switch(m, "v2", early), "rsvp.no_link")
}
