package scheduler

import (
	"errors"
	"slices"
	"testing"

	"briefbot/briefings"
)

func TestAMeetingIsAnnouncedOnceToEverybodyWithASeat(t *testing.T) {
	o := newOffice(t, "2026-12-01T08:00")
	m := o.summon("2026-12-01T09:00", "2026-12-07T12:00", "2026-12-08T14:00")
	o.tick("2026-12-01T08:59")
	o.wantTold()
	for range 3 {
		o.tick("2026-12-01T09:00")
		o.restart()
	}
	o.wantTold("invitation/m1/1 to 1 2 3 4")
	if seats := o.facts.seats["m1"]; len(seats) != 4 || seats[0].Venue != "v2" || seats[0].Unit != "A" || seats[0].No != 1 {
		t.Errorf("seats %+v", seats)
	}
	if n := o.outbox.mailings["invitation/m1/1"]; !n.Expires.Equal(m.Starts) || !n.Due.Equal(m.Announce) || n.By != "an" {
		t.Errorf("mailing %+v", n)
	}
}

func TestSeatsAreReadAgainOnlyWhenTheMeetingMoved(t *testing.T) {
	o := newOffice(t, "2026-12-01T09:00")
	o.summon("2026-12-01T09:00", "", "2026-12-08T14:00")
	for range 10 {
		o.tick("2026-12-01T09:01")
	}
	if o.facts.reads != 1 {
		t.Errorf("read %d times", o.facts.reads)
	}
	o.accept("an")
	for range 10 {
		o.tick("2026-12-01T09:02")
	}
	if o.facts.reads != 2 || o.outbox.puts != 1 {
		t.Errorf("read %d times, put %d times", o.facts.reads, o.outbox.puts)
	}
}

func TestACrashBetweenSeatsAndInvitationHeals(t *testing.T) {
	o := newOffice(t, "2026-12-01T09:00")
	o.summon("2026-12-01T09:00", "", "2026-12-08T14:00")
	o.outbox.fail = func(briefings.Mailing) error { return errDown }
	if err := o.planner.Tick(t.Context()); !errors.Is(err, errDown) {
		t.Fatalf("tick: %v", err)
	}
	o.outbox.fail = nil
	o.restart()
	o.tick("2026-12-01T21:30")
	o.wantTold() // the night is quiet
	o.tick("2026-12-02T06:00")
	o.wantTold("invitation/m1/1 to 1 2 3 4")
}

func TestANoticeWaitsForTheMorningUnlessThatIsTooLate(t *testing.T) {
	o := newOffice(t, "2026-12-01T22:00")
	o.summon("2026-12-01T22:00", "", "2026-12-02T14:00")
	o.tick("2026-12-01T22:00")
	o.wantTold()
	o.tick("2026-12-02T06:00")
	o.wantTold("invitation/m1/1 to 1 2 3 4")

	o = newOffice(t, "2026-12-01T22:00")
	o.summon("2026-12-01T22:00", "", "2026-12-02T05:00")
	o.tick("2026-12-01T22:00")
	o.wantTold("invitation/m1/1 to 1 2 3 4")
}

func TestANoticeIsOfUseUntilTheStart(t *testing.T) {
	o := newOffice(t, "2026-12-01T08:00")
	o.summon("2026-12-01T09:00", "2026-12-02T12:00", "2026-12-02T14:00")
	o.tick("2026-12-02T14:00")
	o.wantTold()
	if len(o.facts.seats["m1"]) != 0 {
		t.Error("seats were made for a meeting that had begun")
	}

	o = newOffice(t, "2026-12-01T08:00")
	o.summon("2026-12-01T09:00", "2026-12-02T12:00", "2026-12-02T14:00")
	o.tick("2026-12-02T13:00")
	o.wantTold("invitation/m1/1 to 1 2 3 4")
}

func TestAMeetingOfNobodyIsAnnouncedWhenSomebodyIsThere(t *testing.T) {
	o := newOffice(t, "2026-12-01T09:00")
	m := o.summon("2026-12-01T09:00", "", "2026-12-08T14:00")
	m.Audience = briefings.Audience{{Kind: briefings.TermOnly, Name: "root"}}
	o.tick("2026-12-01T09:00")
	o.wantTold()
	m.Audience = briefings.Audience{{Kind: briefings.TermOnly, Name: "B"}}
	o.tick("2026-12-01T09:01")
	o.wantTold("invitation/m1/1 to 5")
}

func TestACancelledMeetingIsToldToEverybodyCalled(t *testing.T) {
	o := newOffice(t, "2026-12-01T09:00")
	m := o.summon("2026-12-01T09:00", "", "2026-12-08T14:00")
	o.tick("2026-12-01T09:00")
	o.delegate("binh", "giang")
	o.reply("binh", "giang", true)
	o.tick("2026-12-01T10:00")
	o.outbox.told = nil
	if err := m.Cancel(briefings.Why{}, o.clock); err != nil {
		t.Fatal(err)
	}
	o.outbox.cancel = errors.New("it is done") // nothing to stop, much to tell
	for range 3 {
		o.tick("2026-12-01T23:00") // urgent: the night does not hold it
		o.restart()
	}
	o.wantTold("cancelled/m1 to 1 2 3 4 5", "corrected/m1/2 to 1 2 3 4")
	if !slices.Contains(o.outbox.cancelled, "invitation/m1/1") {
		t.Errorf("cancelled %v", o.outbox.cancelled)
	}
	if n := o.outbox.mailings["cancelled/m1"]; !n.Expires.Equal(m.Starts) || n.By != "an" {
		t.Errorf("mailing %+v", n)
	}
}

func TestAMeetingCancelledBeforeItsNoticeIsNotToldOf(t *testing.T) {
	o := newOffice(t, "2026-12-01T08:00")
	m := o.summon("2026-12-01T09:00", "", "2026-12-08T14:00")
	if err := m.Cancel(briefings.Why{}, o.clock); err != nil {
		t.Fatal(err)
	}
	o.tick("2026-12-01T09:00")
	o.wantTold()
}

func TestACancellationBetweenSeatsAndInvitationInvitesNobody(t *testing.T) {
	o := newOffice(t, "2026-12-01T09:00")
	m := o.summon("2026-12-01T09:00", "", "2026-12-08T14:00")
	o.outbox.fail = func(briefings.Mailing) error { return errDown }
	_ = o.planner.Tick(t.Context())
	o.outbox.fail = nil
	if err := m.Cancel(briefings.Why{}, o.clock); err != nil {
		t.Fatal(err)
	}
	o.tick("2026-12-01T09:01")
	o.wantTold("cancelled/m1 to 1 2 3 4", "corrected/m1/2 to 1 2 3 4")
}

func TestDeputiesAreAskedAndTheirWordIsBroughtBack(t *testing.T) {
	o := newOffice(t, "2026-12-01T09:00")
	o.summon("2026-12-01T09:00", "", "2026-12-08T14:00")
	o.tick("2026-12-01T09:00")
	o.wantTold("invitation/m1/1 to 1 2 3 4")

	o.delegate("binh", "giang")
	for range 2 {
		o.tick("2026-12-01T10:00")
		o.restart()
	}
	o.wantTold("deputy_asked/m1/binh/1 to 5")
	o.reply("binh", "giang", true)
	o.tick("2026-12-01T10:01")
	o.wantTold("deputy_reply/m1/binh/2 to 2")
	o.reply("binh", "giang", false)
	o.tick("2026-12-01T10:02")
	o.wantTold("deputy_reply/m1/binh/3 to 2")

	o.set("2026-12-01T10:03")
	o.delegate("binh", "giang") // asked again
	o.tick("2026-12-01T10:04")
	o.wantTold("deputy_asked/m1/binh/2 to 5")
	o.accept("binh") // comes after all
	o.tick("2026-12-01T10:05")
	o.wantTold()

	o.set("2026-12-01T10:06")
	o.delegate("binh", "giang")
	o.tick("2026-12-01T10:07")
	o.reply("binh", "giang", true)
	o.tick("2026-12-01T10:08")
	o.wantTold("deputy_asked/m1/binh/3 to 5", "deputy_reply/m1/binh/6 to 2")
	o.set("2026-12-01T10:09")
	o.accept("binh") // comes after all, and the deputy had said yes
	for range 2 {
		o.tick("2026-12-01T10:10")
		o.restart()
	}
	o.wantTold("deputy_freed/m1/binh/3 to 5")
}

func TestADeputyOutsideTheRollIsNotAsked(t *testing.T) {
	o := newOffice(t, "2026-12-01T09:00")
	o.summon("2026-12-01T09:00", "", "2026-12-08T14:00")
	o.tick("2026-12-01T09:00")
	o.outbox.told = nil
	o.delegate("binh", "")
	o.delegate("chi", "somebody-unknown")
	o.tick("2026-12-01T10:00")
	o.wantTold()
}

func TestANameThatMakesNoKeyDoesNotStopTheOthers(t *testing.T) {
	o := newOffice(t, "2026-12-01T09:00")
	o.summon("2026-12-01T09:00", "", "2026-12-08T14:00")
	o.tick("2026-12-01T09:00")
	o.facts.seat("m1", "an").Member = "an/a" // no key can carry it
	o.delegate("an/a", "giang")
	o.delegate("binh", "giang")
	o.outbox.told = nil
	o.tick("2026-12-01T10:00")
	o.wantTold("deputy_asked/m1/binh/1 to 5")
}

func TestPapersFollowTheNotice(t *testing.T) {
	o := newOffice(t, "2026-12-01T09:00")
	m := o.summon("2026-12-01T09:00", "", "2026-12-08T14:00")
	m.Materials = []briefings.Material{{File: "a"}, {File: "b"}}
	o.tick("2026-12-01T09:00")
	o.wantTold("invitation/m1/1 to 1 2 3 4")
	for range 2 {
		o.tick("2026-12-01T09:01")
		o.restart()
	}
	o.wantTold("material/m1/1 to 1 2 3 4")
	o.tick("2026-12-01T09:02")
	o.wantTold("material/m1/2 to 1 2 3 4")
}
