package redisstore

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings"
	"briefbot/briefings/redistest"
)

// slots is how many slots a Redis Cluster has.
const slots = 16384

// The real server refuses a script, a transaction or a command whose keys lie in different slots: one day of everything the store
// does is played on a cluster of three.
func TestStoreWorksOnACluster(t *testing.T) {
	ctx := t.Context()
	b := newBench(cluster(t, 3))
	must(t, b.Ping(ctx))
	must(t, b.CheckSchema(ctx))
	if empty, err := b.Empty(ctx); err != nil || !empty {
		t.Fatalf("empty = %v, %v", empty, err)
	}
	if list, err := CheckServer(ctx, b.client); err != nil || len(list) != 1 || list[0].Setting != "appendonly" {
		t.Fatalf("complaints = %v, %v", list, err)
	}
	fill(t, b.Store, 20)
	_, err := b.UpdateMember(ctx, "M1", func(m *briefings.Member) error { return m.Join(5, "", noon) })
	must(t, err)
	token, err := b.NewLink(ctx, "M3", time.Hour)
	must(t, err)
	_, err = b.ClaimLink(ctx, token, func(briefings.MemberID) error { return nil })
	must(t, err)
	if r, err := b.Roster(ctx); err != nil || len(r.Members) != 20 {
		t.Fatalf("roster: %v", err)
	}
	if to, err := b.Recipients(ctx, []briefings.MemberNo{1, 2}); err != nil || to[0].Chat != 5 {
		t.Fatalf("recipients = %v, %v", to, err)
	}
	for range 5 { // meetings lie on different servers
		id := gather(t, b.Store, "M1", "M2")
		_, err = b.UpdateInvitation(ctx, id, "M1", delegate("M5"))
		must(t, err)
		_, deputy, err := b.SeatOf(ctx, id, "M5")
		if must(t, err); !deputy {
			t.Fatal("no deputy")
		}
		_, err = b.Attempts(ctx, id, 7, time.Minute)
		must(t, err)
		must(t, b.ResetAttempts(ctx, id, 7))
		if seats, err := b.Invitations(ctx, id); err != nil || len(seats) != 2 {
			t.Fatalf("seats = %v, %v", seats, err)
		}
	}
	if list, err := b.OpenMeetings(ctx); err != nil || len(list) != 5 {
		t.Fatalf("%d open meetings, %v", len(list), err)
	}
	must(t, b.AddBriefing(ctx, &briefings.Briefing{Status: briefings.BriefingActive}))
	_, err = b.UpdateBriefing(ctx, "b1", func(x *briefings.Briefing) error { return x.Pause("") })
	must(t, err)
	if list, err := b.ActiveBriefings(ctx); err != nil || len(list) != 0 {
		t.Fatalf("active = %v, %v", list, err)
	}
	must(t, b.AddActivity(ctx, &briefings.Activity{Date: noon}))
	if list, err := b.Activities(ctx, noon, noon.Add(time.Hour)); err != nil || len(list) != 1 {
		t.Fatalf("activities = %v, %v", list, err)
	}
	must(t, b.SetHolidays(ctx, nil))
	_, err = b.Calendar(ctx)
	must(t, err)
}

// cluster starts redis-servers that share the slots, and returns a client of them all. It skips the test where there is no
// redis-server.
func cluster(t *testing.T, nodes int) redis.UniversalClient {
	t.Helper()
	binary := redistest.Binary()
	if binary == "" {
		t.Skipf("no redis-server: none is on PATH, or %s says so", redistest.ServerVariable)
	}
	var all []*redis.Client
	for i := range nodes {
		dir := filepath.Join(t.TempDir(), fmt.Sprint(i))
		must(t, os.Mkdir(dir, 0o755))
		port, bus := redistest.FreePort(t), redistest.FreePort(t)
		command := exec.Command(binary, "--port", port, "--bind", "127.0.0.1", "--cluster-enabled", "yes",
			"--cluster-port", bus, "--dir", dir, "--save", "", "--loglevel", "warning")
		must(t, command.Start())
		t.Cleanup(func() { _ = command.Process.Kill(); _ = command.Wait() })
		node := redis.NewClient(&redis.Options{Addr: "127.0.0.1:" + port, MaxRetries: -1, DialerRetries: 1})
		t.Cleanup(func() { _ = node.Close() })
		all = append(all, node)
		until(t, func(ctx context.Context) bool { return node.Ping(ctx).Err() == nil })
		must(t, node.ClusterAddSlotsRange(t.Context(), i*slots/nodes, (i+1)*slots/nodes-1).Err())
		if i > 0 {
			first := all[0].Options().Addr
			host, firstPort, _ := net.SplitHostPort(first)
			firstBus := all[0].ConfigGet(t.Context(), "cluster-port").Val()["cluster-port"]
			must(t, node.Do(t.Context(), "cluster", "meet", host, firstPort, firstBus).Err())
		}
	}
	for _, node := range all {
		until(t, func(ctx context.Context) bool {
			fields := readFields(node.ClusterInfo(ctx).Val())
			return fields["cluster_state"] == "ok" && fields["cluster_known_nodes"] == fmt.Sprint(nodes)
		})
	}
	client, err := Connect(Config{URL: "redis://" + all[0].Options().Addr, Mode: "cluster"})
	must(t, err)
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// until asks again and again whether a server is ready.
func until(t *testing.T, ready func(context.Context) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !ready(ctx) {
		select {
		case <-ctx.Done():
			t.Fatal("the server did not become ready")
		case <-tick.C:
		}
	}
}
