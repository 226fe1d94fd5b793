package redistest

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// masterName is what the Sentinels of tests call their master.
const masterName = "main"

// Sentinel is a master with replicas, watched by three Sentinels that make a
// replica the master when it dies.
type Sentinel struct {
	Servers   []*Process // the first is the master at the start
	sentinels []*Process
}

// StartSentinel starts them. It skips the test when the machine has no
// redis-server.
func StartSentinel(t *testing.T, replicas int, settings Settings) *Sentinel {
	t.Helper()
	s := &Sentinel{}
	for i := range replicas + 1 {
		own := settings
		own.Port = FreePort(t)
		own.Args = append([]string{"--repl-diskless-sync-delay", "0"}, settings.Args...)
		if i > 0 {
			_, port, _ := net.SplitHostPort(s.Servers[0].Addr())
			own.Args = append(own.Args, "--replicaof", "127.0.0.1", port)
		}
		s.Servers = append(s.Servers, Launch(t, own))
	}
	master := s.Servers[0].Client(t)
	waitFor(t, "the replicas", func(ctx context.Context) bool {
		return strings.Count(master.Info(ctx, "replication").Val(), "state=online") == replicas
	})
	_, port, _ := net.SplitHostPort(s.Servers[0].Addr())
	for range 3 {
		s.sentinels = append(s.sentinels, startSentinel(t, port))
	}
	waitFor(t, "the Sentinels to know each other", func(ctx context.Context) bool {
		for _, one := range s.sentinels {
			c := redis.NewSentinelClient(&redis.Options{Addr: one.Addr(), MaxRetries: -1})
			known, err := c.Master(ctx, masterName).Result()
			_ = c.Close()
			if err != nil || known["num-other-sentinels"] != "2" || known["num-slaves"] != fmt.Sprint(replicas) {
				return false
			}
		}
		return true
	})
	return s
}

func startSentinel(t *testing.T, masterPort string) *Process {
	t.Helper()
	port := FreePort(t)
	p := prepare(t, Settings{Port: port})
	file := filepath.Join(p.dir, "sentinel.conf")
	text := strings.Join([]string{
		"port " + port, "bind 127.0.0.1", "dir " + p.dir, "loglevel warning",
		"sentinel monitor " + masterName + " 127.0.0.1 " + masterPort + " 2",
		"sentinel down-after-milliseconds " + masterName + " 500",
		"sentinel failover-timeout " + masterName + " 3000",
		"sentinel parallel-syncs " + masterName + " 2", "",
	}, "\n")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatalf("write the Sentinel's settings: %v", err)
	}
	p.arguments = func() []string { return []string{file, "--sentinel"} }
	p.start(t)
	return p
}

// URL names all Sentinels, for the mode sentinel.
func (s *Sentinel) URL() string {
	query := url.Values{"master_name": {masterName}}
	for _, other := range s.sentinels[1:] {
		query.Add("addr", other.Addr())
	}
	return "redis://" + s.sentinels[0].Addr() + "/0?" + query.Encode()
}

// Master returns the server that is the master now.
func (s *Sentinel) Master(t *testing.T) *Process {
	t.Helper()
	var found *Process
	waitFor(t, "a master", func(ctx context.Context) bool {
		c := redis.NewSentinelClient(&redis.Options{Addr: s.sentinels[0].Addr(), MaxRetries: -1})
		defer func() { _ = c.Close() }()
		addr, err := c.GetMasterAddrByName(ctx, masterName).Result()
		for _, p := range s.Servers {
			if err == nil && p.Addr() == net.JoinHostPort(addr[0], addr[1]) {
				found = p
			}
		}
		return found != nil
	})
	return found
}

// hashSlots is how many slots a Redis Cluster has.
const hashSlots = 16384

// Cluster is a Redis Cluster.
type Cluster struct{ Nodes []*Process }

// StartCluster starts so many masters that share the slots, and so many
// replicas, one after the other for each master. It skips the test when the
// machine has no redis-server.
func StartCluster(t *testing.T, masters, replicas int, settings Settings) *Cluster {
	t.Helper()
	c := &Cluster{}
	var clients []*redis.Client
	for i := range masters + replicas {
		own := settings
		own.Port = FreePort(t)
		bus := FreePort(t)
		own.Args = append([]string{
			"--cluster-enabled", "yes", "--cluster-port", bus, "--cluster-node-timeout", "1000",
			"--cluster-replica-validity-factor", "0", "--repl-diskless-sync-delay", "0",
		}, settings.Args...)
		node := Launch(t, own)
		client := node.Client(t)
		c.Nodes, clients = append(c.Nodes, node), append(clients, client)
		if i < masters {
			if err := client.ClusterAddSlotsRange(t.Context(), i*hashSlots/masters, (i+1)*hashSlots/masters-1).Err(); err != nil {
				t.Fatalf("share the slots: %v", err)
			}
		}
		if i > 0 {
			_, port, _ := net.SplitHostPort(c.Nodes[0].Addr())
			firstBus := clients[0].ConfigGet(t.Context(), "cluster-port").Val()["cluster-port"]
			if err := client.Do(t.Context(), "cluster", "meet", "127.0.0.1", port, firstBus).Err(); err != nil {
				t.Fatalf("introduce the nodes: %v", err)
			}
		}
	}
	all := fmt.Sprint(masters + replicas)
	for _, client := range clients {
		waitFor(t, "the cluster", func(ctx context.Context) bool {
			state := client.ClusterInfo(ctx).Val()
			return strings.Contains(state, "cluster_state:ok") && strings.Contains(state, "cluster_known_nodes:"+all)
		})
	}
	for i := range replicas {
		of := clients[i%masters].Do(t.Context(), "cluster", "myid").String()
		of = of[strings.LastIndexByte(of, ' ')+1:]
		if err := clients[masters+i].ClusterReplicate(t.Context(), of).Err(); err != nil {
			t.Fatalf("make a replica: %v", err)
		}
	}
	for i := range replicas {
		waitFor(t, "the replicas of the cluster", func(ctx context.Context) bool {
			return strings.Contains(clients[masters+i].Info(ctx, "replication").Val(), "master_link_status:up")
		})
	}
	return c
}

// URL names the nodes, for the mode cluster.
func (c *Cluster) URL() string {
	query := url.Values{}
	for _, node := range c.Nodes[1:] {
		query.Add("addr", node.Addr())
	}
	return "redis://" + c.Nodes[0].Addr() + "?" + query.Encode()
}

// Holder returns the node that is the master of a key now.
func (c *Cluster) Holder(t *testing.T, client *redis.ClusterClient, key string) *Process {
	t.Helper()
	master, err := client.MasterForKey(t.Context(), key)
	if err != nil {
		t.Fatalf("find the master of %s: %v", key, err)
	}
	for _, node := range c.Nodes {
		if node.Addr() == master.Options().Addr {
			return node
		}
	}
	t.Fatalf("no node of the cluster is at %s", master.Options().Addr)
	return nil
}

// waitFor asks again and again until it is so.
func waitFor(t *testing.T, what string, ready func(context.Context) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !ready(ctx) {
		select {
		case <-ctx.Done():
			t.Fatalf("waited in vain for %s", what)
		case <-tick.C:
		}
	}
}
