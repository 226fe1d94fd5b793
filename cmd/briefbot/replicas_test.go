package main_test

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"briefbot/briefings"
	"briefbot/briefings/redistest"
)

// holder asks Redis who has a lease.
func (w *town) holder(lease string) string {
	w.Helper()
	return w.client.HGet(w.Context(), "briefbot:{lease:"+lease+"}", "holder").Val()
}

// Three replicas are replaced one after the other while they send and while people answer: nobody is told twice, nobody is lost, and
// every tap is recorded once and answered.
func TestRollingRestartLeavesNoGapAndDoublesNothing(t *testing.T) {
	shorten(t)
	on := openRedis(t, redistest.Settings{})
	w := newRing(t, on, 150, sendingRate, 3)
	first := w.announce()
	w.done(first)
	key := w.publish()
	for i, name := range w.replicas {
		await(t, "some to be told", func() bool {
			s, err := w.outbox.Mailing(t.Context(), key)
			return err == nil && s.Counts.Sent > 25*(i+1)
		})
		taps := w.press(w.people[40*i:40*(i+1)], attendLabel)
		leaving := w.alive[name]
		code, took := leaving.terminate(t)
		t.Logf("%s stopped in %s", name, took.Round(time.Millisecond))
		if code != 0 {
			t.Errorf("%s ended with %d", name, code)
		}
		w.alive[name] = w.serveAs(name)
		taps.all.Wait()
		if n := len(taps.recorded()); n != 40 {
			t.Errorf("%d of 40 read that their answer is recorded", n)
		}
	}
	status := w.done(key)
	tally := w.stage.Tally()
	for _, user := range w.people {
		if tally[user] != 2 {
			t.Errorf("%d got %d messages, and there were two", user, tally[user])
		}
	}
	if status.Counts.Sent != len(w.people) {
		t.Errorf("the ledger says %+v", status.Counts)
	}
	people, answers := w.accepted()
	if len(people) != 120 || answers != 120 {
		t.Errorf("%d people come by %d answers; 120 tapped", len(people), answers)
	}
	w.answered()
	w.refusals(0)
	t.Logf("RESULT longest silence between two messages of the sending %s", w.silence(len(w.people)).Round(time.Millisecond))
}

// silence is the longest time between two messages after the first n.
func (w *town) silence(n int) (longest time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := n + 1; i < len(w.came); i++ {
		longest = max(longest, w.came[i].Sub(w.came[i-1]))
	}
	return longest
}

// The one that reads updates dies and does not come back: another one reads on when the lease has run out.
func TestAnotherReplicaReadsOnWhenThePollerDies(t *testing.T) {
	shorten(t)
	w := newRing(t, openRedis(t, redistest.Settings{}), 40, 1000, 2)
	w.done(w.announce())
	dead := w.holder("poller")
	w.alive[dead].kill()
	at := time.Now()
	taps := w.press(w.people, attendLabel)
	await(t, "another one to read", func() bool { return w.holder("poller") != dead })
	took := time.Since(at)
	taps.all.Wait()
	if n := len(taps.recorded()); n != len(w.people) {
		t.Errorf("%d of %d read that their answer is recorded", n, len(w.people))
	}
	if people, answers := w.accepted(); len(people) != len(w.people) || answers != len(w.people) {
		t.Errorf("%d people come by %d answers", len(people), answers)
	}
	w.answered()
	w.refusals(1)
	t.Logf("RESULT another replica read updates %s after the kill", took.Round(time.Millisecond))
}

// A schedule comes due while three replicas run, and whoever plans is killed or frozen around that moment: one edition goes out, and
// everybody gets it once.
func TestCrashAtATickMakesItHappenOnce(t *testing.T) {
	shorten(t)
	rounds := cmp.Or(*crashRounds, 1)
	w := newTown(t, 40, 1000)
	now := time.Now().In(w.zone)
	b := briefings.Briefing{
		ID: "b1", Title: briefings.Text{Vi: "Tình hình thời sự"}, Body: briefings.Text{Vi: "Nội dung."}, Label: briefings.Public,
		Audience: briefings.Audience{{Kind: briefings.TermUnit, Name: string(ward)}}, Author: "M0", Created: now, Status: briefings.BriefingDraft,
	}
	if err := b.Activate(briefings.Cadence{Every: briefings.EveryDay, Hour: 7}, now); err != nil {
		t.Fatal(err)
	}
	if err := w.store.AddBriefing(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	replicas := []string{"r1", "r2", "r3"}
	killed := 0
	var doubled, unknown int
	for round := range rounds {
		// The clock of this round's processes stands two seconds before seven, a day further each time.
		day := time.Date(now.Year(), now.Month(), now.Day()+1+round, 7, 0, 0, 0, w.zone)
		offset := time.Until(day.Add(-2 * time.Second))
		clock := "BRIEFBOT_CLOCK_OFFSET=" + offset.String()
		alive := map[string]*service{}
		for _, name := range replicas {
			alive[name] = w.serveAs(name, clock)
		}
		key := briefings.Mailing{Kind: briefings.KindBriefing, Subject: "b1", Occasion: briefings.OccasionAt(day)}.Key()
		before := w.stage.Tally()
		for range 3 {
			left := day.Sub(time.Now().Add(offset)) // until the tick
			time.Sleep(max(0, left-time.Duration(w.dice.Int64N(int64(300*time.Millisecond)))))
			name := w.holder("planner")
			if alive[name] == nil {
				continue
			}
			alive[name].kill()
			killed++
			alive[name] = w.serveAs(name, clock)
		}
		status := w.done(key)
		after := w.stage.Tally()
		for _, user := range w.people {
			if n := after[user] - before[user]; n > 1 {
				doubled += n - 1
			}
		}
		unknown += status.Counts.Unknown
		if status.Counts.Sent+status.Counts.Unknown != len(w.people) {
			t.Errorf("the ledger says %+v", status.Counts)
		}
		for _, s := range alive {
			s.kill()
		}
	}
	list, err := w.outbox.Mailings(t.Context(), 100+rounds)
	if err != nil {
		t.Fatal(err)
	}
	var editions []string
	for _, s := range list {
		if s.Mailing.Kind == briefings.KindBriefing {
			editions = append(editions, string(s.Mailing.Key()))
		}
	}
	slices.Sort(editions)
	if len(editions) != rounds || len(slices.Compact(editions)) != rounds {
		t.Errorf("%d ticks made %v", rounds, editions)
	}
	if doubled > 0 || unknown > killed*w.inFlight() {
		t.Errorf("%d were told twice, %d are unknown after %d kills", doubled, unknown, killed)
	}
	t.Logf("RESULT %d ticks, %d kills of the planner around them: %d editions, twice %d, unknown %d", rounds, killed, len(editions), doubled, unknown)
}
