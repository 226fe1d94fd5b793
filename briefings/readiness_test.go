package briefings

import (
	"errors"
	"testing"
	"time"
)

func TestALightIsRedWhenAnythingIsBad(t *testing.T) {
	m := openMeeting()
	say := func(want Light, parts []Part, good bool) {
		t.Helper()
		if err := m.Report("v1", "M9", parts, good, start); err != nil {
			t.Fatal(err)
		}
		if got := m.Venue("v1").Ready.Light(); got != want {
			t.Errorf("light is %q, must be %q", got, want)
		}
	}
	if m.Venue("v1").Ready.Light() != Dark {
		t.Error("a venue nobody spoke of is lit")
	}
	say(Yellow, []Part{SoundPart}, true)
	say(Red, []Part{LinePart}, false)
	say(Green, Parts, true)
	refusedAs(t, m.ReportIncident("v1", "M9", "  mất điện  ", start), "")
	if r := m.Venue("v1").Ready; r.Light() != Red || r.Incident != "mất điện" {
		t.Errorf("with an incident: %+v", r)
	}
	refusedAs(t, m.ReportIncident("v1", "M9", "", start), "")
	if m.Venue("v1").Ready.Light() != Green || m.Venue("v2").Ready != nil {
		t.Error("the incident is not over, or another venue was spoken of")
	}
	if good, known := m.Venue("v1").Ready.Part(SeatsPart); !good || !known {
		t.Error("the seats are not known to be good")
	}
}

func TestAReportSaidTwiceChangesNothing(t *testing.T) {
	m := openMeeting()
	refusedAs(t, m.Report("v1", "M9", []Part{SoundPart, LinePart}, true, start), "")
	if err := m.Report("v1", "M8", []Part{LinePart}, true, start.Add(time.Minute)); !errors.Is(err, ErrUnchanged) {
		t.Errorf("said again: %v", err)
	}
	refusedAs(t, m.Report("nowhere", "M8", Parts, true, start), "err.expired")
	m.Status = MeetingCancelled
	refusedAs(t, m.Report("v1", "M8", Parts, true, start), "ready.over")
}
