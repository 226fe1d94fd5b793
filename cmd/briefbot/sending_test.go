package main_test

import (
	"testing"
	"time"

	"briefbot/briefings"
	"briefbot/scheduler/delivery"
)

const (
	sendingPeople  = 300
	sendingRate    = 100 // so that the sending takes three seconds
	sendingKills   = 4
	sendingLatency = 30 * time.Millisecond
)

// shorten skips what takes seconds when time is short.
func shorten(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("kills the built program for seconds")
	}
}

// killDuring starts the service again and again and kills it somewhere in each part of a sending to everybody; it leaves the last
// life running.
func (w *town) killDuring() *service {
	w.Helper()
	s := w.serve()
	for round := range sendingKills {
		enough := len(w.people) * (round + 1) / (sendingKills + 2)
		await(w.T, "some to be told", func() bool { messages, _, _ := w.told(); return messages >= enough })
		w.moment(100 * time.Millisecond)
		s.kill()
		s = w.serve()
	}
	return s
}

func TestKilledDuringAnInvitationLosesNobody(t *testing.T) {
	shorten(t)
	w := newTown(t, sendingPeople, sendingRate)
	w.slow("sendMessage", sendingLatency)
	key := w.announce()
	w.killDuring()
	status := w.done(key)
	messages, missed, extra := w.told()
	bound := sendingKills * w.inFlight()
	t.Logf("%d people, %d kills: %d messages, %d people without one, %d too many, bound %d (%d in flight a kill); ledger %+v",
		len(w.people), sendingKills, messages, missed, extra, bound, w.inFlight(), status.Counts)
	if missed > 0 || status.Counts.Sent != len(w.people) {
		t.Errorf("%d people were lost; the ledger says %+v", missed, status.Counts)
	}
	if extra > bound {
		t.Errorf("%d messages too many; at most %d were in flight at %d kills", extra, bound, sendingKills)
	}
	w.refusals(0)
}

func TestKilledDuringABriefingTellsNobodyTwice(t *testing.T) {
	shorten(t)
	w := newTown(t, sendingPeople, sendingRate)
	w.slow("sendMessage", sendingLatency)
	key := w.publish()
	w.killDuring()
	status := w.done(key)
	messages, missed, extra := w.told()
	bound := sendingKills * w.inFlight()
	t.Logf("%d people, %d kills: %d messages, %d people without one, %d too many; %d unknown, bound %d; ledger %+v",
		len(w.people), sendingKills, messages, missed, extra, status.Counts.Unknown, bound, status.Counts)
	if extra > 0 {
		t.Errorf("%d messages too many", extra)
	}
	if status.Counts.Unknown > bound {
		t.Errorf("%d are unknown; at most %d were in flight at %d kills", status.Counts.Unknown, bound, sendingKills)
	}
	if status.Counts.Sent+status.Counts.Unknown != len(w.people) {
		t.Errorf("sent and unknown are not everybody: %+v", status.Counts)
	}
	// Nobody is lost in silence: whoever got nothing is on the list of the unknown.
	tally := w.stage.Tally()
	for outcome, err := range w.outbox.Outcomes(t.Context(), key) {
		if err != nil {
			t.Fatal(err)
		}
		user := firstUser + int64(outcome.No) - 1
		if told := tally[user] > 0; !told && outcome.State != delivery.Unknown || outcome.State == delivery.Sent && !told {
			t.Errorf("member %d: told is %v, the ledger says %s", outcome.No, told, outcome.State)
		}
	}
	w.refusals(0)
}

func TestStoppedInOrderTellsNobodyTwice(t *testing.T) {
	shorten(t)
	for _, send := range []struct {
		name string
		put  func(*town) briefings.Key
	}{{"invitation", (*town).announce}, {"briefing", (*town).publish}} {
		t.Run(send.name, func(t *testing.T) {
			w := newTown(t, 150, sendingRate)
			w.slow("sendMessage", sendingLatency)
			key := send.put(w)
			s := w.serve()
			for round := range 2 {
				await(t, "some to be told", func() bool { messages, _, _ := w.told(); return messages >= 50*(round+1) })
				w.moment(50 * time.Millisecond)
				code, took := s.terminate(t)
				messages, _, _ := w.told()
				t.Logf("stopped in %s with %d told", took.Round(time.Millisecond), messages)
				if code != 0 || took > 5*time.Second {
					t.Errorf("the service ended with %d after %s", code, took)
				}
				s = w.serve()
			}
			status := w.done(key)
			if messages, missed, extra := w.told(); missed > 0 || extra > 0 || status.Counts.Sent != len(w.people) {
				t.Errorf("%d messages, %d people without one, %d too many; ledger %+v", messages, missed, extra, status.Counts)
			}
			w.refusals(0)
		})
	}
}

func TestRedisKilledDuringASendingIsOutlived(t *testing.T) {
	shorten(t)
	w := newTown(t, sendingPeople, sendingRate)
	if w.server == nil {
		t.Skip("there is no redis-server to kill")
	}
	w.slow("sendMessage", sendingLatency)
	key := w.announce()
	s := w.serve()
	const kills = 2
	for round := range kills {
		await(t, "some to be told", func() bool { messages, _, _ := w.told(); return messages >= 80*(round+1) })
		w.moment(100 * time.Millisecond)
		w.server.Kill(t)
		w.moment(400 * time.Millisecond) // the service looks for it meanwhile
		w.server.Restart(t)
	}
	status := w.done(key)
	messages, missed, extra := w.told()
	t.Logf("%d people, Redis killed %d times: %d messages, %d people without one, %d too many; ledger %+v", len(w.people), kills,
		messages, missed, extra, status.Counts)
	if missed > 0 || status.Counts.Sent != len(w.people) {
		t.Errorf("%d people were lost; the ledger says %+v", missed, status.Counts)
	}
	if bound := kills * w.inFlight(); extra > bound {
		t.Errorf("%d messages too many, more than the %d in flight", extra, bound)
	}
	select {
	case <-s.done:
		t.Errorf("the service ended: %v", s.err)
	default:
	}
	w.refusals(0)
}
