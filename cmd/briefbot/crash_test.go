package main_test

import (
	"cmp"
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"briefbot/briefings"
	"briefbot/briefings/redistest"
	"briefbot/scheduler/delivery"
)

// The crash harness. Engines and Redis are processes of their own, ended and suspended at random times and at named places; the
// sandbox outlives them and counts what arrives at whom. A short run is part of the tests; a long one is
//
//	go test ./cmd/briefbot -run Crash -v -timeout 2h -crash.rounds 50
//
// and prints, for every combination, who was lost, who was told twice, and how soon the first message followed a restart.
var (
	crashRounds = flag.Int("crash.rounds", 0, "how many times each combination of the crash harness is hit; 0: a few")
	crashPeople = flag.Int("crash.people", 0, "how many people each combination tells; 0: enough for the rounds")
	crashSeed   = flag.Uint64("crash.seed", 0, "the dice of an earlier run; 0: new ones")
)

// blow is one way to hit the service.
type blow string

const (
	killEngine  blow = "kill an engine"
	freezeOne   blow = "freeze an engine"
	stopEngine  blow = "stop an engine in order"
	killRedis   blow = "kill Redis"
	freezeRedis blow = "freeze Redis"

	spoilNetwork blow = "spoil the network"
)

// longFreeze is how long the longest freeze lasts: longer than a claim's lease, so that others take over.
const longFreeze = 4500 * time.Millisecond

// ring is a town under blows.
type ring struct {
	*town
	replicas []string
	alive    map[string]*service
	blows    map[blow]int
	starts   []time.Time // when a replica was started again after a kill, the only one at work
	took     []time.Duration
}

func newRing(t *testing.T, on ground, people, rate, replicas int) *ring {
	t.Helper()
	w := &ring{town: newTownOn(t, on, people, rate), alive: map[string]*service{}, blows: map[blow]int{}}
	w.slow("sendMessage", sendingLatency)
	for i := range replicas {
		name := fmt.Sprintf("r%d", i+1)
		w.replicas = append(w.replicas, name)
		w.alive[name] = w.serveAs(name)
	}
	return w
}

// strike does one thing to one replica, or to Redis, and returns when everybody is up again.
func (w *ring) strike(what blow) {
	w.Helper()
	w.blows[what]++
	name := w.replicas[w.dice.IntN(len(w.replicas))]
	s := w.alive[name]
	switch what {
	case killEngine:
		s.kill()
		w.again(name)
	case stopEngine:
		if code, _ := s.terminate(w.T); code != 0 {
			w.Errorf("the service ended with %d", code)
		}
		w.again(name)
	case freezeOne:
		freeze(w.T, s)
		w.moment(longFreeze)
		thaw(w.T, s)
	case killRedis:
		w.server.Kill(w.T)
		w.moment(500 * time.Millisecond)
		w.server.Restart(w.T)
	case freezeRedis:
		w.server.Pause(w.T)
		w.moment(1500 * time.Millisecond)
		w.server.Resume(w.T)
	}
}

// again starts a replica that ended and notes how soon a message follows when it is the only one.
func (w *ring) again(name string) {
	w.Helper()
	before := time.Now()
	w.alive[name] = w.serveAs(name)
	if len(w.replicas) == 1 {
		w.starts = append(w.starts, before)
	}
}

// bound is how many requests may have been in flight, or answered and not recorded, at all the blows together. An engine that stops in
// order has none.
func (w *ring) bound() int {
	n := 0
	for what, times := range w.blows {
		switch what {
		case stopEngine:
		case spoilNetwork: // requests pile up behind a silent line, as many as the engine has workers
			n += times * workers
		default:
			n += times * w.inFlight()
		}
	}
	return n
}

// outcome is what a combination came to.
type outcome struct{ messages, lost, twice, unknown, bound int }

// settle waits for the end and judges it: nobody is lost, nobody is told twice beyond what was in flight, and under never-twice nobody
// at all, while everybody who was not told is on the list of the unknown.
func (w *ring) settle(key briefings.Key, policy briefings.Policy) outcome {
	w.Helper()
	status := w.done(key)
	messages, missed, extra := w.told()
	o := outcome{messages, missed, extra, status.Counts.Unknown, w.bound()}
	switch {
	case policy != briefings.NeverTwice && (o.lost > 0 || status.Counts.Sent != len(w.people)):
		w.Errorf("%d people were lost; the ledger says %+v", o.lost, status.Counts)
	case policy != briefings.NeverTwice && o.twice > o.bound:
		w.Errorf("%d messages too many, and at most %d were in flight", o.twice, o.bound)
	case policy == briefings.NeverTwice && o.twice > 0:
		w.Errorf("%d messages too many", o.twice)
	case policy == briefings.NeverTwice && (o.unknown > o.bound || status.Counts.Sent+o.unknown != len(w.people)):
		w.Errorf("%d are unknown, at most %d were in flight; the ledger says %+v", o.unknown, o.bound, status.Counts)
	}
	tally := w.stage.Tally()
	for one, err := range w.outbox.Outcomes(w.Context(), key) {
		if err != nil {
			w.Fatal(err)
		}
		told := tally[firstUser+int64(one.No)-1] > 0
		if !told && one.State != delivery.Unknown || one.State == delivery.Sent && !told {
			w.Errorf("member %d: told is %v, the ledger says %s", one.No, told, one.State)
		}
	}
	if policy == briefings.NeverTwice {
		o.lost = 0 // they are listed
	}
	for _, at := range w.starts {
		if took, ok := w.firstAfter(at); ok {
			w.took = append(w.took, took)
		}
	}
	w.refusals(w.blows[killEngine] + w.blows[killRedis] + w.blows[freezeOne] + w.blows[freezeRedis])
	return o
}

// sends are the two policies: a notice is sent again where nobody knows, a briefing is not.
var sends = []struct {
	policy briefings.Policy
	name   string
	put    func(*town) briefings.Key
}{
	{briefings.KindInvitation.Policy(), "again", (*town).announce},
	{briefings.KindBriefing.Policy(), "never twice", (*town).publish},
}

func TestCrashSweep(t *testing.T) {
	shorten(t)
	rounds := cmp.Or(*crashRounds, 3)
	for _, send := range sends {
		for _, at := range []struct {
			replicas int
			fsync    string
		}{{1, "everysec"}, {1, "always"}, {3, "everysec"}, {3, "always"}} {
			if *crashRounds == 0 && ((at.replicas == 1) != (at.fsync == "always") || (at.replicas == 1) != (send.policy != briefings.NeverTwice)) {
				continue // one combination for each policy, unless more are asked for
			}
			t.Run(fmt.Sprintf("%s, %d replicas, %s", send.name, at.replicas, at.fsync), func(t *testing.T) {
				on := openRedis(t, redistest.Settings{Fsync: at.fsync})
				w := newRing(t, on, cmp.Or(*crashPeople, 60+60*rounds), sendingRate, at.replicas)
				blows := []blow{killEngine, killEngine, killEngine, freezeOne, stopEngine}
				if on.server != nil {
					blows = append(blows, killRedis, freezeRedis)
				}
				if *crashRounds == 0 { // the first ones alone are quick
					blows = blows[:1]
				}
				key := send.put(w.town)
				for round := range rounds {
					enough := len(w.people) * (round + 1) / (rounds + 2)
					await(t, "some to be told", func() bool { messages, _, _ := w.told(); return messages >= enough })
					w.moment(100 * time.Millisecond)
					w.strike(blows[w.dice.IntN(len(blows))])
				}
				o := w.settle(key, send.policy)
				t.Logf("RESULT %d people, blows %v: lost %d, twice %d (at most %d), unknown %d; first message after a restart %s",
					len(w.people), w.blows, o.lost, o.twice, o.bound, o.unknown, spread(w.took))
			})
		}
	}
}

// spread says the middle and the end of some durations.
func spread(list []time.Duration) string {
	if len(list) == 0 {
		return "–"
	}
	slices.Sort(list)
	return fmt.Sprintf("median %s, longest %s", list[len(list)/2].Round(time.Millisecond), list[len(list)-1].Round(time.Millisecond))
}

// places are the named places of a sending, and how many hits of each a process lives.
var places = []struct {
	name string
	hits []int
}{
	{"put-begun", []int{1}}, {"put-written", []int{1}}, {"put-ready", []int{1}}, {"claimed", []int{1, 2}},
	{"announced", []int{1, 40}}, {"request", []int{1, 40}}, {"answered", []int{1, 40}}, {"recorded", []int{1, 10}},
}

func TestCrashAtNamedPlaces(t *testing.T) {
	shorten(t)
	path, err := brittle()
	if err != nil {
		t.Fatal(err)
	}
	for _, send := range sends {
		for _, place := range places {
			for _, hit := range place.hits {
				if place.name == "announced" && send.policy != briefings.NeverTwice || hit > 1 && *crashRounds == 0 && place.name == "claimed" {
					continue
				}
				t.Run(fmt.Sprintf("%s, %s %d", send.name, place.name, hit), func(t *testing.T) {
					w := newTown(t, 120, 1000)
					w.slow("sendMessage", 5*time.Millisecond)
					key := send.put(w)
					s := begin(t, path, append(slices.Clone(w.env), fmt.Sprintf("BRIEFBOT_FAILPOINT=%s@%d", place.name, hit)))
					await(t, "the service to die", func() bool {
						select {
						case <-s.done:
							return true
						default:
							return false
						}
					})
					w.serve()
					r := &ring{town: w, blows: map[blow]int{killEngine: 1}}
					o := r.settle(key, send.policy)
					t.Logf("RESULT lost %d, twice %d (at most %d), unknown %d", o.lost, o.twice, o.bound, o.unknown)
					if strings.HasPrefix(place.name, "put-") || place.name == "claimed" {
						if o.twice > 0 || o.unknown > 0 {
							t.Errorf("nothing was in flight: %+v", o)
						}
					}
				})
			}
		}
	}
}

func TestCrashWhileAnswering(t *testing.T) {
	shorten(t)
	path, err := brittle()
	if err != nil {
		t.Fatal(err)
	}
	for _, place := range []string{"answer-stored", "answer-toasted", "update-handled"} {
		t.Run(place, func(t *testing.T) {
			w := newTown(t, 20, 1000)
			key := w.announce()
			s := w.serve()
			w.done(key)
			s.kill()
			s = begin(t, path, append(slices.Clone(w.env), "BRIEFBOT_FAILPOINT="+place+"@7"))
			<-s.log.ready
			p := w.press(w.people, attendLabel)
			<-s.done
			confirmed := p.recorded()
			people, _ := w.accepted()
			for _, user := range confirmed {
				if !people[user] {
					t.Errorf("%d read that the answer is recorded, and it is not", user)
				}
			}
			w.serve()
			p.all.Wait()
			people, answers := w.accepted()
			if len(people) != len(w.people) || answers != len(w.people) {
				t.Errorf("%d people come by %d answers; %d tapped", len(people), answers, len(w.people))
			}
			w.answered()
			w.refusals(1)
		})
	}
}
