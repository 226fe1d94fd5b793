package scheduler

import (
	"fmt"
	"testing"
	"time"

	"briefbot/briefings"
)

// elsewhere answers for somebody on another message than their notice, or, with none, without them.
func (o *office) elsewhere(who briefings.MemberID, message int) {
	o.t.Helper()
	o.change(who, func(m *briefings.Meeting, i *briefings.Invitation) error {
		was := *i
		answer := i.Accept
		if i.Standing() == briefings.Accepted {
			answer = func(m *briefings.Meeting, now time.Time) error { return i.Decline(m, briefings.WorkTrip, "", now) }
		}
		if err := answer(m, o.clock); err != nil {
			return err
		}
		i.ChangedAt(m, was, i.CardFor(who, message), 1, o.clock)
		return nil
	})
}

// after lets time pass and makes one tick that must go well.
func (o *office) after(d time.Duration) {
	o.t.Helper()
	o.clock = o.clock.Add(d)
	if err := o.planner.Tick(o.t.Context()); err != nil {
		o.t.Fatalf("tick at %s: %v", o.clock, err)
	}
}

// redrawn is the key under which what is stale since a moment is drawn.
func (o *office) redrawn(since time.Time, to string) string {
	return fmt.Sprintf("redrawn/m1/%d to %s", (&briefings.Stale{Since: since}).Window(), to)
}

func called(t *testing.T) *office {
	o := newOffice(t, "2026-12-01T09:00")
	o.summon("2026-12-01T09:00", "2026-12-07T17:00", "2026-12-08T14:00")
	o.tick("2026-12-01T09:00")
	o.tick("2026-12-01T09:01")
	o.wantTold("invitation/m1/1 to 1 2 3 4")
	return o
}

func TestAnswersFromElsewhereOfAFewSecondsAreOneMailing(t *testing.T) {
	o := called(t)
	since := o.clock
	o.elsewhere("an", 9)
	o.clock = o.clock.Add(3 * time.Second)
	o.elsewhere("binh", 0)
	o.elsewhere("an", 0) // once more: still one
	o.clock = o.clock.Add(4 * time.Second)
	o.elsewhere("chi", 9)
	o.after(0)
	o.wantTold() // the stretch is not over
	o.after(5 * time.Second)
	o.wantTold(o.redrawn(since, "1 2 3"))
	for range 3 { // whatever the planner remembers
		o.after(time.Second)
		o.restart()
	}
	o.wantTold()
	o.after(time.Minute)
	o.wantTold()

	o.elsewhere("an", 9)
	since = o.clock
	o.after(briefings.RedrawEvery + briefings.RedrawAfter)
	o.wantTold(o.redrawn(since, "1"))
}

func TestAnAnswerOnTheNoticeIsDrawnByTheTap(t *testing.T) {
	o := called(t)
	o.change("an", func(m *briefings.Meeting, i *briefings.Invitation) error {
		was := *i
		if err := i.Accept(m, o.clock); err != nil {
			return err
		}
		i.ChangedAt(m, was, i.CardFor("an", 1), 1, o.clock)
		return nil
	})
	o.elsewhere("binh", 9)
	o.change("binh", func(m *briefings.Meeting, i *briefings.Invitation) error { // who then looked at the notice
		i.DrawnAt(m, i.CardFor("binh", 1), 1)
		return nil
	})
	o.after(time.Minute)
	o.wantTold()
}

func TestADeputysCardIsDrawnWithTheSeat(t *testing.T) {
	o := called(t)
	o.delegate("chi", "giang")
	o.change("chi", func(m *briefings.Meeting, i *briefings.Invitation) error {
		was := *i
		if err := i.DeputyAnswers(m, "giang", true); err != nil {
			return err
		}
		i.ChangedAt(m, was, i.CardFor("giang", 4), 0, o.clock)
		return nil
	})
	since := o.clock
	o.after(time.Minute)
	o.wantTold("deputy_reply/m1/chi/2 to 3", o.redrawn(since, "3 5"))
}

func TestWhatIsLongStaleIsLeft(t *testing.T) {
	o := called(t)
	o.elsewhere("an", 9)
	o.clock = o.clock.Add(redrawWithin + time.Minute) // the service was down
	o.after(0)
	o.wantTold()
}

func TestTheCardsOfACancelledMeetingAreCorrectedOnce(t *testing.T) {
	o := called(t)
	o.elsewhere("an", 9)
	if err := o.facts.held["m1"].Cancel(briefings.Why{By: "an"}, o.clock); err != nil {
		t.Fatal(err)
	}
	o.after(time.Minute)
	o.wantTold("cancelled/m1 to 1 2 3 4", "corrected/m1/2 to 1 2 3 4")
}

func TestACorrectionDrawsWhatWasStaleBefore(t *testing.T) {
	o := called(t)
	o.elsewhere("an", 9)
	o.reschedule("2026-12-08T15:00")
	o.clock = o.clock.Add(time.Second)
	o.elsewhere("binh", 9)
	since := o.clock
	o.after(time.Minute)
	o.wantTold("changed/m1/2 to 1 2 3 4", "corrected/m1/2 to 1 2 3 4", o.redrawn(since, "2"))
}
