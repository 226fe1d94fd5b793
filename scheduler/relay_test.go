package scheduler

import (
	"strings"
	"testing"
	"time"

	"briefbot/briefings"
)

func TestWhoRelaysAMeetingIsToldOnceOfEachMoveAndNothingMovesByItself(t *testing.T) {
	o := newOffice(t, "2026-12-01T09:00")
	child := o.summon("2026-12-01T09:00", "2026-12-07T12:00", "2026-12-08T14:00")
	child.Relay = &briefings.Relay{Origin: "Trung tâm", Parent: "m0"}
	parent := &briefings.Meeting{ID: "m0", Status: briefings.MeetingOpen, Starts: child.Starts, Announce: child.Announce, Invites: o.clock, Revision: 1, Author: "org"}
	o.facts.held["m0"] = parent
	o.tick("2026-12-01T09:00")
	told := func() (n int) {
		for _, one := range o.outbox.told {
			if strings.HasPrefix(one, "relayed/m1/") {
				n++
			}
		}
		return n
	}
	if n := told(); n != 0 {
		t.Errorf("told of nothing: %q", o.outbox.told)
	}
	starts := child.Starts
	for i, hour := range []string{"15:00", "16:00"} {
		o.set("2026-12-01T10:0" + string(rune('0'+i)))
		if err := parent.Reschedule(o.at("2026-12-08T"+hour), time.Time{}, briefings.Why{By: "org"}, o.clock); err != nil {
			t.Fatal(err)
		}
		o.facts.version["m0"]++
		for range 3 {
			o.tick("2026-12-01T10:05")
			o.restart()
		}
		if n := told(); n != i+1 {
			t.Errorf("after move %d told %q", i+1, o.outbox.told)
		}
	}
	if !child.Starts.Equal(starts) {
		t.Error("the relaying meeting moved by itself")
	}
}
