package briefings

import (
	"testing"
	"time"
)

func TestALinkToTheBoardGoesWithTheMeeting(t *testing.T) {
	m := openMeeting()
	m.Revision = 1
	before := start.Add(-time.Hour)
	l, err := m.Watch("v1", "O", "secret", before)
	if err != nil {
		t.Fatal(err)
	}
	token := m.BoardToken(l)
	to := start.AddDate(0, 0, 5)
	refusedAs(t, m.Reschedule(to, time.Time{}, Why{}, before), "")
	if got, ok := m.BoardLink(token, to); !ok || got.Venue != "v1" {
		t.Error("the address that stands in the hall's browser opens nothing on the new day")
	}
	if _, ok := m.BoardLink(token, to.Add(BoardAfter)); ok {
		t.Error("the address opens the board without end")
	}
	refusedAs(t, m.Unwatch(l.N, before), "")
	refusedAs(t, m.Reschedule(to.AddDate(0, 0, 1), time.Time{}, Why{}, before), "")
	if _, ok := m.BoardLink(token, before); ok {
		t.Error("moving the meeting gives a link back that was taken")
	}
}

func TestLinksThatWereTakenBackAreNoBurdenAndNeverComeBack(t *testing.T) {
	m := openMeeting()
	m.Revision = 1
	before := start.Add(-time.Hour)
	tokens := map[string]bool{}
	for range 5 * BoardLinks {
		l, err := m.Watch("v1", "O", "secret", before)
		if err != nil {
			t.Fatal(err)
		}
		if token := m.BoardToken(l); tokens[token] {
			t.Fatalf("link %d has the address of one that was taken back", l.N)
		} else {
			tokens[token] = true
		}
		refusedAs(t, m.Unwatch(0, before), "")
	}
	if n := len(m.Boards); n > 2*BoardLinks {
		t.Errorf("%d links are remembered", n)
	}
	for token := range tokens {
		if _, ok := m.BoardLink(token, before); ok {
			t.Errorf("%s was taken back and opens the board", token)
		}
	}
}
