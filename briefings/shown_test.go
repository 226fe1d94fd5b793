package briefings

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"
)

func TestACardIsStaleWhereTheChangeDoesNotShow(t *testing.T) {
	const notice, reminder, opened = 5, 9, 12
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	own := func(message int) Shown { return Shown{Message: message} }
	sitter := Shown{Message: notice, To: "deputy"} // numbers of messages are those of a chat
	for _, c := range []struct {
		name   string
		cards  []Shown
		week   WeekID
		at     Shown
		notice int
		stale  bool
		drawn  []Shown
	}{
		{name: "on the notice itself", at: own(notice), notice: notice},
		{name: "on the only message there is", at: own(opened)},
		{name: "on a reminder", at: own(reminder), notice: notice, stale: true, drawn: []Shown{own(reminder)}},
		{name: "by an officer", stale: true},
		{name: "on the notice, while a card was opened", cards: []Shown{own(opened)}, at: own(notice), notice: notice, stale: true, drawn: []Shown{own(notice)}},
		{name: "by a deputy", at: sitter, stale: true, drawn: []Shown{sitter}},
		{name: "on the notice, while a deputy has a card of the same number", cards: []Shown{sitter}, at: own(notice), notice: notice, stale: true, drawn: []Shown{own(notice)}},
		{name: "of a week, by an officer, with no card opened", week: "w1"},
		{name: "of a week, on the opened card", week: "w1", cards: []Shown{own(opened)}, at: own(opened)},
		{name: "of a week, on a reminder, with a card opened", week: "w1", cards: []Shown{own(opened)}, at: own(reminder), stale: true, drawn: []Shown{own(reminder)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, i := &Meeting{Week: c.week}, &Invitation{Member: "an", Cards: c.cards, Stale: &Stale{Since: now.Add(-time.Hour)}}
			was := *i
			i.Answer.Choice = Accepted
			i.ChangedAt(m, was, c.at, c.notice, now)
			switch {
			case (i.Stale != nil) != c.stale:
				t.Errorf("stale %+v", i.Stale)
			case c.stale && (!i.Stale.Since.Equal(now) || !slices.Equal(i.Stale.Drawn, c.drawn)):
				t.Errorf("stale %+v, want drawn %v", i.Stale, c.drawn)
			}
		})
	}
}

func TestTheRequestToADeputyFollowsTheSeat(t *testing.T) {
	m := openMeeting()
	m.Deputies = true
	i := &Invitation{Member: "an", Venue: "v1"}
	refusedAs(t, i.Delegate(m, Deputy{Member: "dao", Name: "D"}, early), "")
	refusedAs(t, i.AskedBy("dao", 7, early), "")
	if i.Stale != nil || i.Withdrawn("dao") {
		t.Fatalf("stale while it is asked: %+v", i.Stale)
	}
	was := *i
	refusedAs(t, i.Accept(m, early.Add(time.Minute)), "")
	i.ChangedAt(m, was, Shown{Message: 5}, 5, early.Add(time.Minute))
	if i.Stale == nil || !slices.Equal(i.CardReaders(), []MemberID{"dao"}) || !i.Withdrawn("dao") {
		t.Errorf("the request goes on asking: %+v, %+v", i.Stale, i.Cards)
	}
	i.Stale = nil
	refusedAs(t, i.AskedBy("dao", 8, early.Add(2*time.Minute)), "") // was on its way when it was withdrawn
	if i.Stale == nil || len(i.Stale.Drawn) != 0 {
		t.Errorf("a request that came too late goes on asking: %+v", i.Stale)
	}
	if !errors.Is(i.AskedBy("dao", 8, early), ErrUnchanged) {
		t.Error("noted twice")
	}
}

func TestACardThatIsDrawnIsStaleNoMore(t *testing.T) {
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	m, i := &Meeting{}, &Invitation{Member: "an"}
	i.DrawnAt(m, Shown{Message: 12}, 5) // opened
	was := *i
	i.Answer.Choice = Accepted
	i.ChangedAt(m, was, Shown{Message: 9}, 5, now)
	if got := i.CardsOf("an"); !slices.Equal(got, []int{12, 9}) {
		t.Fatalf("cards %v", got)
	}
	if !i.DrawnAt(m, Shown{Message: 5}, 5) || i.Stale == nil || !i.Stale.Since.Equal(now) {
		t.Fatalf("with the opened card missing: %+v", i.Stale)
	}
	if i.DrawnAt(m, Shown{Message: 5}, 5) {
		t.Error("drawn twice is news")
	}
	if !i.DrawnAt(m, Shown{Message: 12}, 5) || i.Stale != nil {
		t.Errorf("all drawn: %+v", i.Stale)
	}
	if i.DrawnAt(m, Shown{Message: 12}, 5) || i.DrawnAt(m, Shown{Message: 5}, 5) || i.DrawnAt(m, Shown{}, 5) {
		t.Error("what is known is news")
	}
}

func TestAMistakeTakenBackAtOnceMakesNoCardStale(t *testing.T) {
	at := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	m, i := &Meeting{}, &Invitation{Member: "an", Venue: "v1"}
	change := func(to VenueID, message int, after time.Duration) {
		was := *i
		i.Venue = to
		i.ChangedAt(m, was, i.CardFor("an", message), 5, at.Add(after))
	}
	change("v2", 0, 0)
	if i.Stale == nil {
		t.Fatal("a change is not noted")
	}
	change("v1", 0, 3*time.Second)
	if i.Stale != nil {
		t.Errorf("the cards are right: %+v", i.Stale)
	}
	change("v2", 0, 4*time.Second)
	change("v1", 0, 4*time.Second+RedrawEvery) // by then the cards say v2
	if i.Stale == nil {
		t.Error("what was drawn meanwhile is believed to be right")
	}
	change("v2", 0, 10*time.Minute) // by now they are drawn as the seat was
	change("v1", 0, 10*time.Minute+time.Second)
	if i.Stale != nil {
		t.Errorf("the cards are right again: %+v", i.Stale)
	}
	change("v2", 9, time.Minute) // the message on which it was pressed says so already
	change("v1", 0, time.Minute+time.Second)
	if i.Stale == nil {
		t.Error("a card that was pressed is believed to be right")
	}
}

// Whatever a card says of the seat makes the others stale when it changes.
func TestWhatACardSaysIsMissedWhereItChanges(t *testing.T) {
	at := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	deputy := func(s DeputyState) Answer {
		return Answer{Choice: Delegated, Deputy: &Deputy{Member: "giang", Name: "Mẫu", State: s}}
	}
	for name, change := range map[string]func(*Invitation){
		"answer":  func(i *Invitation) { i.Answer.Choice = Declined },
		"online":  func(i *Invitation) { i.Answer.Online = true },
		"leave":   func(i *Invitation) { i.Answer.Leave = LeaveApproved },
		"note":    func(i *Invitation) { i.Answer.Note = "đi thi" },
		"deputy":  func(i *Invitation) { i.Answer = deputy(DeputyRefused) },
		"venue":   func(i *Invitation) { i.Venue = "v2" },
		"present": func(i *Invitation) { i.CheckIn = &CheckIn{At: at, Venue: "v1"} },
		"request": func(i *Invitation) {
			i.Request = &Request{N: 1, State: RequestPending, Answer: Answer{Choice: Declined}}
		},
		"wait": func(i *Invitation) { i.Wait = &Wait{Venue: "v1", At: at, Times: 1} },
	} {
		i := &Invitation{Member: "an", Venue: "v1", Answer: deputy(DeputyWaiting)}
		was := *i
		change(i)
		if i.ChangedAt(&Meeting{}, was, Shown{}, 5, at); i.Stale == nil {
			t.Errorf("%s: nothing is stale", name)
		}
	}
}

func TestASeatRemembersTheNewestCards(t *testing.T) {
	m, i := &Meeting{}, &Invitation{Member: "an"}
	for n := range CardsKept + 3 {
		i.DrawnAt(m, i.CardFor("an", n+10), 5)
	}
	i.DrawnAt(m, i.CardFor("deputy", 7), 0)
	if got := i.CardsOf("an"); !slices.Equal(got, []int{14, 15}) {
		t.Errorf("cards %v", got)
	}
	if got := i.CardsOf("deputy"); !slices.Equal(got, []int{7}) || !slices.Equal(i.CardReaders(), []MemberID{"deputy"}) {
		t.Errorf("the deputy's %v, readers %v", got, i.CardReaders())
	}
}

func TestChangesOfOneStretchAreDrawnTogether(t *testing.T) {
	at := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	window := func(after time.Duration) int { return (&Stale{Since: at.Add(after)}).Window() }
	if a, b := window(0), window(RedrawEvery-1); a != b || !WindowEnds(a).Equal(at.Add(RedrawEvery)) {
		t.Errorf("%d and %d, ends %s", a, b, WindowEnds(a))
	}
	if a, b := window(0), window(RedrawEvery); a+1 != b {
		t.Errorf("%d, then %d", a, b)
	}
}

func TestASeatOfBeforeHasNoCards(t *testing.T) {
	var i Invitation
	if err := json.Unmarshal([]byte(`{"meeting":"m1","member":"an","no":1,"unit":"A","venue":"v1"}`), &i); err != nil {
		t.Fatal(err)
	}
	if i.Stale != nil || i.Cards != nil {
		t.Errorf("%+v", i)
	}
	out, err := json.Marshal(i)
	if want := `{"meeting":"m1","member":"an","no":1,"unit":"A","venue":"v1"}`; err != nil || string(out) != want {
		t.Errorf("%s, %v", out, err)
	}
}
