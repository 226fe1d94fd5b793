package redisstore

import (
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"briefbot/briefings"
)

// benchStore is a store on a real server without a disk, so that the figures are those of the store's own work, unless settings say
// otherwise.
func benchStore(b *testing.B, settings ...string) *Store {
	b.Helper()
	binary, err := exec.LookPath("redis-server")
	if err != nil {
		b.Skip("no redis-server on PATH")
	}
	socket := filepath.Join(b.TempDir(), "s")
	command := exec.Command(binary, append([]string{"--port", "0", "--unixsocket", socket, "--dir", filepath.Dir(socket), "--save", "",
		"--loglevel", "warning"}, settings...)...)
	must(b, command.Start())
	b.Cleanup(func() { _ = command.Process.Kill(); _ = command.Wait() })
	client, err := Connect(Config{URL: "unix://" + socket})
	must(b, err)
	b.Cleanup(func() { _ = client.Close() })
	for client.Ping(b.Context()).Err() != nil {
		must(b, b.Context().Err())
	}
	return newBench(client).Store
}

func BenchmarkRosterLoad1300(b *testing.B) {
	s := benchStore(b)
	fill(b, s, 1300)
	for b.Loop() {
		if _, err := s.readRoster(b.Context(), noon); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRosterCached1300(b *testing.B) {
	s := benchStore(b)
	fill(b, s, 1300)
	for b.Loop() {
		if _, err := s.Roster(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRosterAfterOneJoin1300(b *testing.B) {
	s := benchStore(b)
	fill(b, s, 1300)
	other := New(s.redis, "test", Options{})
	even := true
	for b.Loop() {
		even = !even
		if _, err := other.UpdateMember(b.Context(), "M7", func(m *briefings.Member) error { m.Paused = even; return nil }); err != nil {
			b.Fatal(err)
		}
		if _, err := s.Roster(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkApplyRoster1300(b *testing.B) {
	s := benchStore(b)
	fill(b, s, 1300)
	r, err := s.Roster(b.Context())
	must(b, err)
	even := true
	for b.Loop() {
		change := briefings.RosterChange{Members: append([]briefings.Member(nil), r.Members...)}
		for i := range change.Members {
			change.Members[i].Paused = even
		}
		even = !even
		if err := s.ApplyRoster(b.Context(), change); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkUpdateInvitation(b *testing.B) {
	s := benchStore(b)
	id := gather(b, s, "M1")
	for b.Loop() {
		_, err := s.UpdateInvitation(b.Context(), id, "M1", func(_ *briefings.Meeting, i *briefings.Invitation) error {
			i.Update++
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRecipients100(b *testing.B) {
	s := benchStore(b)
	fill(b, s, 1300)
	ask := make([]briefings.MemberNo, 100)
	for i := range ask {
		ask[i] = briefings.MemberNo(i*13 + 1)
	}
	for b.Loop() {
		if _, err := s.Recipients(b.Context(), ask); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDurableAnswers takes answers side by side as they come in a rush: one in five is said again, a third of the people change their
// mind, and each is confirmed only when the server has it on its disk (appendfsync always). At the end everybody's last word stands.
func BenchmarkDurableAnswers(b *testing.B) {
	const people, sideBySide = 1000, 64
	s := benchStore(b, "--appendonly", "yes", "--appendfsync", "always")
	names := make([]briefings.MemberID, people)
	for i := range names {
		names[i] = briefings.MemberID(fmt.Sprint("M", i))
	}
	id := gather(b, s, names...)
	var next atomic.Int64
	var group sync.WaitGroup
	took := make([][]time.Duration, sideBySide)
	b.ResetTimer()
	for worker := range sideBySide {
		group.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= b.N {
					return
				}
				who := i % people
				times := 1
				if i%5 == 0 {
					times = 2 // the update comes again
				}
				for range times {
					began := time.Now()
					_, err := s.UpdateInvitation(b.Context(), id, names[who], func(m *briefings.Meeting, seat *briefings.Invitation) error {
						if (i/people+who)%3 == 0 {
							return seat.Decline(m, briefings.WorkTrip, "", noon)
						}
						return seat.Accept(m, noon)
					})
					if err != nil && !errors.Is(err, briefings.ErrUnchanged) {
						b.Error(err)
						return
					}
					took[worker] = append(took[worker], time.Since(began))
				}
			}
		})
	}
	group.Wait()
	b.StopTimer()
	all := slices.Sorted(slices.Values(slices.Concat(took...)))
	b.ReportMetric(float64(len(all))/b.Elapsed().Seconds(), "answers/s")
	b.ReportMetric(float64(all[len(all)*99/100].Microseconds())/1000, "p99-ms")
	seats, err := s.Invitations(b.Context(), id)
	must(b, err)
	answered := 0
	for _, seat := range seats {
		if seat.Answer.Choice != briefings.NoAnswer {
			answered++
		}
	}
	if want := min(b.N, people); answered != want {
		b.Fatalf("%d seats are answered, want %d", answered, want)
	}
}
