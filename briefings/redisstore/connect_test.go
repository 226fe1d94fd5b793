package redisstore

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings/redistest"
)

func TestConnectReadsEveryMode(t *testing.T) {
	for name, c := range map[string]Config{
		"plain":        {URL: "redis://:word@localhost:6379/3"},
		"tls":          {URL: "rediss://localhost:6380/0", Mode: "single"},
		"socket":       {URL: "unix:///run/redis.sock?db=2"},
		"own timeouts": {URL: "redis://localhost?read_timeout=7s&max_retries=3"},
		"sentinel":     {URL: "redis://one:26379?addr=two:26379&addr=three:26379&master_name=main", Mode: "sentinel"},
		"cluster":      {URL: "redis://one:7000?addr=two:7000&max_retries=3", Mode: "cluster"},
	} {
		t.Run(name, func(t *testing.T) {
			client, err := Connect(c)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = client.Close() }()
			switch c := client.(type) {
			case *redis.Client:
				o := c.Options()
				// The client keeps 0 for "never again" where it was given -1.
				if o.MaxRetries != 0 || !o.ContextTimeoutEnabled || o.PoolSize != poolSize {
					t.Fatalf("retries %d, heeds contexts %v, pool %d", o.MaxRetries, o.ContextTimeoutEnabled, o.PoolSize)
				}
				if want := map[bool]time.Duration{true: 7 * time.Second, false: readTimeout}[name == "own timeouts"]; o.ReadTimeout != want {
					t.Fatalf("read timeout %v; want %v", o.ReadTimeout, want)
				}
			case *redis.ClusterClient:
				if o := c.Options(); len(o.Addrs) != 2 || !o.ContextTimeoutEnabled || o.ReadOnly {
					t.Fatalf("hosts %v", o.Addrs)
				}
			}
		})
	}
}

func TestConnectRefusesWithoutQuotingThePassword(t *testing.T) {
	for name, c := range map[string]Config{
		"scheme":         {URL: "http://:s3cret@localhost"},
		"port":           {URL: "redis://:s3cret@localhost:port"},
		"not a URL":      {URL: "redis://:s3cret@local host\x7f"},
		"escape":         {URL: "redis://:s3cret%zz@localhost"},
		"option":         {URL: "redis://:s3cret@localhost?colour=red"},
		"hosts":          {URL: "redis://:s3cret@localhost?addr=two:6379"},
		"no master":      {URL: "redis://:s3cret@localhost:26379", Mode: "sentinel"},
		"cluster socket": {URL: "unix:///run/s3cret", Mode: "cluster"},
		"mode":           {URL: "redis://:s3cret@localhost", Mode: "double"},
		"empty":          {},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Connect(c)
			if err == nil {
				t.Fatal("taken")
			}
			if strings.Contains(err.Error(), "s3cret") {
				t.Fatalf("the error quotes the password: %v", err)
			}
		})
	}
}

func TestConnectedClientWorks(t *testing.T) {
	redistest.Each(t, func(t *testing.T, c *redis.Client) {
		o := c.Options()
		url := "redis://" + o.Addr
		if o.Network == "unix" {
			url = "unix://" + o.Addr
		}
		client, err := Connect(Config{URL: url})
		must(t, err)
		defer func() { _ = client.Close() }()
		must(t, New(client, "test", Options{}).CheckSchema(t.Context()))
	})
}

func TestServerThatLosesThingsIsComplainedOf(t *testing.T) {
	for name, c := range map[string]struct {
		info string
		want []string
	}{
		"sound":        {"# Server\r\nredis_version:7.0.15\r\n# Persistence\r\naof_enabled:1\r\naof_last_write_status:ok\r\nmaxmemory_policy:noeviction\r\n", nil},
		"silent":       {"# Clients\r\nconnected_clients:1\r\n", nil},
		"empty":        {"", nil},
		"odd version":  {"redis_version:unstable\r\n", nil},
		"every second": {"redis_version:7.0.15\r\naof_enabled:1\r\nappendfsync:everysec\r\n", []string{"appendfsync"}},
		"always":       {"redis_version:7.0.15\r\naof_enabled:1\r\nappendfsync:always\r\n", nil},
		"waited for":   {"redis_version:7.2.0\r\naof_enabled:1\r\nappendfsync:everysec\r\n", nil},
		"lossy": {"redis_version:5.0.7\r\naof_enabled:0\r\naof_last_write_status:err\r\nmaxmemory_policy:allkeys-lru\r\n",
			[]string{"appendonly", "aof_last_write_status", "maxmemory-policy", "redis_version"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := judge(readFields(c.info))
			if len(got) != len(c.want) {
				t.Fatalf("complaints = %v", got)
			}
			for i, complaint := range got {
				if complaint.Setting != c.want[i] || !strings.Contains(complaint.Error(), complaint.Advice) {
					t.Errorf("complaint = %v; want %s", complaint, c.want[i])
				}
			}
		})
	}
}

func TestServersOfTheTestsAreSound(t *testing.T) {
	redistest.Each(t, func(t *testing.T, c *redis.Client) {
		list, err := CheckServer(t.Context(), c)
		if err != nil || slices.ContainsFunc(list, func(c Complaint) bool { return c.Setting != "appendfsync" || c.Grave }) {
			t.Fatalf("complaints = %v, %v", list, err)
		}
		if c.ConfigSet(t.Context(), "appendonly", "no").Err() != nil {
			return // the embedded one has no settings
		}
		must(t, c.ConfigSet(t.Context(), "maxmemory-policy", "allkeys-lru").Err())
		if list, err := CheckServer(t.Context(), c); err != nil || len(list) != 2 {
			t.Fatalf("complaints = %v, %v", list, err)
		}
	})
	dead := redis.NewClient(&redis.Options{Addr: "127.0.0.1:1", MaxRetries: -1, DialerRetries: 1})
	if _, err := CheckServer(t.Context(), dead); err == nil {
		t.Fatal("a server that is not there is sound")
	}
}
