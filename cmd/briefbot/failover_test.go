package main_test

import (
	"cmp"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings"
	"briefbot/briefings/redisstore"
	"briefbot/briefings/redistest"
)

// some takes one of a list, or all of them when more rounds are asked for.
func some[T any](list []T, short int) []T {
	if *crashRounds == 0 {
		return list[short : short+1]
	}
	return list
}

// failover ends the master of Redis in the middle of a sending and judges what came of it.
func (w *ring) failover(key briefings.Key, policy briefings.Policy, end func()) outcome {
	w.Helper()
	enough := len(w.people) / 3
	await(w.T, "some to be told", func() bool { messages, _, _ := w.told(); return messages >= enough })
	end()
	w.blows[killRedis]++
	o := w.settle(key, policy)
	for name, s := range w.alive {
		select {
		case <-s.done:
			w.Errorf("%s ended: %v", name, s.err)
		default:
		}
	}
	return o
}

// answerThrough lets people answer while the master dies, until each of them read that it is recorded, and checks that all of it is
// there afterwards.
func (w *ring) answerThrough(people []int64) {
	w.Helper()
	for left := people; len(left) > 0; {
		p := w.press(left, attendLabel)
		p.all.Wait()
		recorded := map[int64]bool{}
		for _, user := range p.recorded() {
			recorded[user] = true
		}
		var again []int64
		stand, _ := w.accepted()
		for _, user := range left {
			switch {
			case recorded[user] && !stand[user]:
				w.Errorf("%d read that the answer is recorded, and it is not", user)
			case !recorded[user] && !stand[user]:
				again = append(again, user)
			}
		}
		left = again
	}
	if stand, answers := w.accepted(); len(stand) != len(people) || answers != len(people) {
		w.Errorf("%d people come by %d answers; %d tapped", len(stand), answers, len(people))
	}
}

func TestSentinelFailoverLosesNobody(t *testing.T) {
	shorten(t)
	for _, send := range some(sends, 0) {
		t.Run(send.name, func(t *testing.T) {
			group := redistest.StartSentinel(t, 2, redistest.Settings{})
			w := newRing(t, ground{url: group.URL(), mode: "sentinel"}, 200, sendingRate, 2)
			key := send.put(w.town)
			var died time.Time
			o := w.failover(key, send.policy, func() {
				died = time.Now()
				group.Master(t).Kill(t)
			})
			t.Logf("RESULT lost %d, twice %d (at most %d), unknown %d; longest silence %s", o.lost, o.twice, o.bound, o.unknown,
				w.silence(0).Round(time.Millisecond))
			if _, went := w.firstAfter(died.Add(time.Second)); !went {
				t.Error("nothing was sent after the failover")
			}
		})
	}
}

func TestAnswersOutliveASentinelFailover(t *testing.T) {
	shorten(t)
	group := redistest.StartSentinel(t, 2, redistest.Settings{})
	w := &ring{town: newTownOn(t, ground{url: group.URL(), mode: "sentinel"}, 60, 1000), alive: map[string]*service{}, blows: map[blow]int{}}
	w.env = append(w.env, "REDIS_REPLICAS=1")
	s := w.serveAs("r1")
	w.done(w.announce())
	w.slow("editMessageText", 20*time.Millisecond)
	master := group.Master(t)
	time.AfterFunc(40*time.Millisecond, func() { master.Kill(t) })
	w.answerThrough(w.people)
	w.answered()
	select {
	case <-s.done:
		t.Errorf("the service ended: %v", s.err)
	default:
	}
}

func TestClusterFailoverLosesNobody(t *testing.T) {
	shorten(t)
	for _, send := range some(sends, 1) {
		t.Run(send.name, func(t *testing.T) {
			nodes := redistest.StartCluster(t, 3, 3, redistest.Settings{})
			w := newRing(t, ground{url: nodes.URL(), mode: "cluster"}, 200, sendingRate, 2)
			key := send.put(w.town)
			o := w.failover(key, send.policy, func() {
				nodes.Holder(t, w.client.(*redis.ClusterClient), "briefbot:{b:"+string(key)+"}:s").Kill(t)
			})
			t.Logf("RESULT lost %d, twice %d (at most %d), unknown %d; longest silence %s", o.lost, o.twice, o.bound, o.unknown,
				w.silence(0).Round(time.Millisecond))
		})
	}
}

// A replica that lags by hundreds of milliseconds becomes the master: the engines tell it what it has not heard.
func TestFailoverToAReplicaThatLags(t *testing.T) {
	shorten(t)
	for _, send := range some(sends, 0) {
		for _, lag := range []time.Duration{300 * time.Millisecond, time.Second} {
			if lag > 300*time.Millisecond && *crashRounds == 0 {
				continue
			}
			t.Run(fmt.Sprintf("%s, %s", send.name, lag), func(t *testing.T) {
				master := redistest.Launch(t, redistest.Settings{Port: redistest.FreePort(t)})
				slow := redistest.NewWire(t, master.Addr())
				replica := redistest.Launch(t, redistest.Settings{Port: redistest.FreePort(t), Args: []string{
					"--repl-diskless-sync-delay", "0", "--replicaof", "127.0.0.1", slow.Port()}})
				behind := replica.Client(t)
				await(t, "the replica", func() bool { return linked(behind.Info(t.Context(), "replication").Val()) })
				front := redistest.NewWire(t, master.Addr())
				w := newRing(t, ground{url: "redis://" + front.Addr()}, 400, 200, 3)
				key := send.put(w.town)
				await(t, "the replica to know what is to be told", func() bool {
					n := behind.Exists(t.Context(), "briefbot:{m:m1}:row", "briefbot:{i}:open", "briefbot:{p}:rows", "briefbot:{p}:active").Val()
					return n == 2
				})
				slow.Delay(0, lag) // from here on it lags: the mailing itself may be among what it never hears of
				o := w.failover(key, send.policy, func() {
					slow.Cut() // what the replica has not heard yet, it never will
					if err := behind.ReplicaOf(t.Context(), "NO", "ONE").Err(); err != nil {
						t.Fatal(err)
					}
					master.Kill(t)
					front.Lead(replica.Addr())
				})
				t.Logf("RESULT lag %s: lost %d, twice %d (at most %d), unknown %d", lag, o.lost, o.twice, o.bound, o.unknown)
			})
		}
	}
}

func linked(replication string) bool { return strings.Contains(replication, "master_link_status:up") }

// The network between the service and Redis, and between the service and Telegram, is slow, silent, deaf and cut at random.
func TestCrashOfTheNetworkLosesNobody(t *testing.T) {
	shorten(t)
	rounds := cmp.Or(*crashRounds, 1)
	for _, send := range some(sends, 1) {
		t.Run(send.name, func(t *testing.T) {
			server := redistest.Server(t)
			wire := redistest.NewWire(t, server.Addr())
			w := &ring{town: newTownOn(t, ground{url: "redis://" + wire.Addr()}, 60+60*rounds, sendingRate), alive: map[string]*service{}, blows: map[blow]int{}}
			w.store = redisstore.New(server.Client(t), "briefbot", redisstore.Options{}) // the test sees through another one
			w.outbox = w.outboxOn(server.Client(t))
			_, port, _ := net.SplitHostPort(w.web)
			out := redistest.NewWire(t, "127.0.0.1:"+port)
			w.env = append(w.env, "TELEGRAM_API_URL=http://"+out.Addr())
			w.slow("sendMessage", sendingLatency)
			key := send.put(w.town)
			w.replicas = []string{"r1"}
			w.alive["r1"] = w.serveAs("r1")
			var faults []string
			for round := range rounds {
				enough := len(w.people) * (round + 1) / (rounds + 2)
				await(t, "some to be told", func() bool { messages, _, _ := w.told(); return messages >= enough })
				one, name := wire, "Redis"
				if w.dice.IntN(2) == 0 {
					one, name = out, "Telegram"
				}
				what := []string{"cut", "slow", "deaf", "silent"}[w.dice.IntN(4)]
				faults = append(faults, name+" "+what)
				switch what {
				case "cut":
					one.Cut()
				case "slow":
					one.Delay(60*time.Millisecond, 60*time.Millisecond)
				case "deaf":
					one.Deafen(true)
				case "silent":
					one.Silence(true)
				}
				w.moment(600 * time.Millisecond)
				one.Heal()
				one.Cut() // the connections that lost something are of no use any more
				w.blows[spoilNetwork] += 2
			}
			o := w.settle(key, send.policy)
			t.Logf("RESULT %v: lost %d, twice %d (at most %d), unknown %d", faults, o.lost, o.twice, o.bound, o.unknown)
		})
	}
}
