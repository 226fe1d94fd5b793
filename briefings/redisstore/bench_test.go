package redisstore

import (
	"os/exec"
	"path/filepath"
	"testing"

	"briefbot/briefings"
)

// benchStore is a store on a real server without a disk, so that the figures are those of the store's own work.
func benchStore(b *testing.B) *Store {
	b.Helper()
	binary, err := exec.LookPath("redis-server")
	if err != nil {
		b.Skip("no redis-server on PATH")
	}
	socket := filepath.Join(b.TempDir(), "s")
	command := exec.Command(binary, "--port", "0", "--unixsocket", socket, "--save", "", "--loglevel", "warning")
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
